//! What each step depends on. From these structs come both equality with the previous build and the keys on disk.

use super::library::{Library, language_of};
use super::linked::{Linked, Shared};
use super::outputs::{Previous, is_same};
use crate::leaves::diagrams::PageDiagrams;
use crate::leaves::images::responsive::Images;
use crate::memo::Memo;
use crate::memo::per_page::{Identity, Output, PerPage, PerSelectedPage};
use crate::memo::store::Key;
use crate::project::{Book, PageInput};
use crate::site::listings::PageListings;
use crate::site::media::PageMedia;
use crate::site::search::page_entry;
use crate::site::shell::{Shell, chapter_number};
use jiff::civil::Date;
use mlsys_book::{Chapter, Links, PageId, Project, Refs, Scope, Source, SourceId, Value};
use mlsys_parse::{GlossaryText, QuizText};
use mlsys_render::{Html, PageEntry, SearchPage};
use mlsys_resolve::RelativeDates;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The identity of the inputs that all trees share: metadata, variables, profiles.
pub(super) fn scope(book: &Book, memo: &Memo<'_>, previous: Option<&Previous>) -> Identity {
    let Scope { format, profiles, meta, variables, brand, language: _, environment: _, custom_floats, box_classes } =
        &book.scope;
    let parts = (format, profiles, meta, variables, brand, custom_floats, box_classes);
    let is_same =
        previous.is_some_and(|previous| {
            let Scope {
                format,
                profiles,
                meta,
                variables,
                brand,
                language: _,
                environment: _,
                custom_floats,
                box_classes,
            } = &previous.book.scope;
            parts == (format, profiles, meta, variables, brand, custom_floats, box_classes)
        });
    Identity::new(previous.map(|previous| &previous.outputs.linked.shared.scope), is_same, memo.key(&parts))
}

/// The identity of the project as configured. Filters do their work before the pipeline starts.
pub(super) fn project(book: &Book, memo: &Memo<'_>, previous: Option<&Previous>) -> Identity {
    let Project {
        kind,
        output_dir,
        pages,
        resources,
        meta,
        filters: _,
        variables,
        profiles,
        scripts: _,
        executes_in_root: _,
        site,
    } = &book.project;
    let parts = (kind, output_dir, pages, resources, meta, variables, profiles, site);
    let is_same = previous.is_some_and(|previous| {
        let Project {
            kind,
            output_dir,
            pages,
            resources,
            meta,
            filters: _,
            variables,
            profiles,
            scripts: _,
            executes_in_root: _,
            site,
        } = &previous.book.project;
        parts == (kind, output_dir, pages, resources, meta, variables, profiles, site)
    });
    Identity::new(previous.map(|previous| &previous.outputs.linked.shared.project), is_same, memo.key(&parts))
}

/// The identity of the numbers of the whole book.
pub(super) fn numbers(refs: &Refs, memo: &Memo<'_>, previous: Option<&Previous>) -> Identity {
    let is_same = previous.is_some_and(|previous| refs.same_but_places(&previous.outputs.linked.refs));
    let previous = previous.map(|previous| &previous.outputs.linked.shared.numbers);
    Identity::new(previous, is_same, memo.key(&refs.without_places()))
}

/// The identities of what all pages share of their site.
pub(super) struct SiteIdentities {
    /// The folders that hold files: links of a page may name them.
    pub folders: Identity,
    /// The project's files.
    pub files: Identity,
}

impl SiteIdentities {
    pub fn new(book: &Book, memo: &Memo<'_>, previous: Option<&Previous>) -> Self {
        let here = folders(book);
        let then = previous.map(|previous| &previous.outputs.site);
        let same_files = previous.is_some_and(|previous| previous.book.files == book.files);
        let same_folders = previous.is_some_and(|previous| same_files || folders(&previous.book) == here);
        SiteIdentities {
            folders: Identity::new(then.map(|then| &then.folders), same_folders, memo.key(&here)),
            files: Identity::new(then.map(|then| &then.files), same_files, None),
        }
    }
}

/// The identity of the shell.
pub(super) fn shell(shell: &Shell, previous: Option<&Previous>) -> Identity {
    let is_same = previous.is_some_and(|previous| shell.is_same(&previous.outputs.shell));
    Identity::new(previous.map(|previous| &previous.outputs.shell_identity), is_same, None)
}

/// The folders that hold files, in ascending order.
fn folders(book: &Book) -> Vec<&str> {
    let folder = |file: &'_ String| file.rsplit_once('/').map_or(0, |(folder, _)| folder.len());
    let mut folders: Vec<&str> = book.files.iter().map(|file| &file[..folder(file)]).collect();
    folders.dedup();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// The text of a source. Two are equal if they are composed of the same files in the same way.
#[derive(Clone, Copy)]
pub(super) struct SourceText<'a>(&'a Arc<Source>);

impl PartialEq for SourceText<'_> {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.0, other.0)
    }
}

impl Serialize for SourceText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.text.serialize(serializer)
    }
}

/// The environment, which differs from shell to shell: only a page with its shortcode depends on it.
#[derive(Clone, Copy)]
pub(super) struct Environment<'a> {
    text: &'a str,
    variables: &'a BTreeMap<String, String>,
}

impl Environment<'_> {
    fn is_used(&self) -> bool {
        let mut shortcodes = memchr::memmem::find_iter(self.text.as_bytes(), "{{<");
        shortcodes.any(|at| self.text[at + 3..].trim_start().starts_with("env"))
    }
}

impl PartialEq for Environment<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.variables == other.variables || !self.is_used() && !other.is_used()
    }
}

impl Serialize for Environment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.is_used().then_some(self.variables).serialize(serializer)
    }
}

/// Inputs of a page's tree.
#[derive(PartialEq, Serialize)]
pub(super) struct TreeInputs<'a> {
    page: (PageId, SourceId),
    text: SourceText<'a>,
    scope: &'a Identity,
    folder_meta: &'a Value,
    brand: Option<&'a Value>,
    language: Option<&'a Value>,
    quizzes: &'a QuizText,
    glossary: &'a GlossaryText,
    environment: Environment<'a>,
}

impl<'a> TreeInputs<'a> {
    pub fn new(book: &'a Book, scope: &'a Identity, id: PageId) -> Self {
        let PageInput { source, folder_meta, quizzes, glossary, brand, language, .. } = &book.pages[id];
        let text = &book.sources[source.index()];
        let environment = Environment { text: &text.text, variables: &book.scope.environment };
        let (page, text) = ((id, *source), SourceText(text));
        let (brand, language) = (brand.as_ref(), language.as_ref());
        TreeInputs { page, text, scope, folder_meta, brand, language, quizzes, glossary, environment }
    }
}

/// Inputs of the library: the files that pages cite from, and their styles.
#[derive(PartialEq)]
pub(super) struct LibraryInputs<'a> {
    pages: Vec<(&'a [SourceId], Option<&'a str>)>,
    files: Vec<(SourceText<'a>, &'a str)>,
    styles: &'a BTreeMap<String, String>,
}

impl<'a> LibraryInputs<'a> {
    pub fn new(book: &'a Book) -> Self {
        let mut files: Vec<SourceId> = book.pages.iter().flat_map(|page| page.bibliographies.iter().copied()).collect();
        files.sort_unstable();
        files.dedup();
        LibraryInputs {
            pages: book.pages.iter().map(|page| (page.bibliographies.as_slice(), page.style.as_deref())).collect(),
            files: files.into_iter().map(|id| (SourceText(&book.sources[id.index()]), language_of(book, id))).collect(),
            styles: &book.styles,
        }
    }
}

/// Inputs of a page's links.
#[derive(PartialEq, Serialize)]
pub(super) struct LinkInputs<'a> {
    chapter: &'a Output<Chapter>,
    numbers: &'a Identity,
    project: &'a Identity,
    style: &'a str,
    works: Vec<Key>,
    /// The dates that the page's citation depends on.
    dates: Option<RelativeDates>,
}

impl<'a> LinkInputs<'a> {
    pub fn new(
        book: &'a Book,
        chapters: &'a PerPage<Chapter>,
        refs: &Refs,
        library: &Library,
        shared: &'a Shared,
        id: PageId,
    ) -> Self {
        let page = &book.pages[id];
        // Where pages share a reference list, each page's citations depend on the works of all.
        let files = refs.references.is_none().then_some(page.bibliographies.as_slice());
        let works = library.keys(files).copied().collect();
        let Shared { numbers, project, scope: _ } = shared;
        let dates = mlsys_resolve::has_relative_date(&chapters[id].meta).then(|| page.relative_dates(book.today));
        LinkInputs { chapter: chapters.output(id), numbers, project, style: book.style(page), works, dates }
    }
}

/// Inputs of a page's media. What the files themselves hold is asked by their times and sizes.
#[derive(PartialEq)]
pub(super) struct MediaInputs<'a> {
    chapter: &'a Output<Chapter>,
    diagrams: &'a Output<PageDiagrams>,
    included: &'a BTreeMap<String, String>,
    project: &'a Identity,
    images: Images,
}

impl<'a> MediaInputs<'a> {
    pub fn new(
        book: &'a Book,
        linked: &'a Linked,
        diagrams: &'a PerPage<PageDiagrams>,
        images: Images,
        id: PageId,
    ) -> Self {
        MediaInputs {
            chapter: linked.chapters.output(id),
            diagrams: diagrams.output(id),
            included: &book.pages[id].included,
            project: &linked.shared.project,
            images,
        }
    }
}

/// The media of a page: compared by identity, hashed by what the body sees.
#[derive(PartialEq)]
pub(super) struct MediaOf<'a>(Option<&'a Output<PageMedia>>);

impl Serialize for MediaOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.map(|output| &output.checked.value.media).serialize(serializer)
    }
}

/// Inputs of a page's text in any format.
#[derive(PartialEq, Serialize)]
pub(super) struct TextInputs<'a> {
    chapter: &'a Output<Chapter>,
    links: Option<&'a Output<Links>>,
    media: MediaOf<'a>,
}

impl<'a> TextInputs<'a> {
    pub fn new(linked: &'a Linked, media: &'a PerSelectedPage<PageMedia>, id: PageId) -> Self {
        TextInputs {
            chapter: linked.chapters.output(id),
            links: linked.links.output(id),
            media: MediaOf(media.output(id)),
        }
    }
}

/// Inputs of a page's body as HTML.
#[derive(PartialEq, Serialize)]
pub(super) struct BodyInputs<'a> {
    text: TextInputs<'a>,
    /// Folders and the site's path decide URLs.
    folders: &'a Identity,
    site_path: &'a str,
}

impl<'a> BodyInputs<'a> {
    pub fn new(
        book: &'a Book,
        linked: &'a Linked,
        media: &'a PerSelectedPage<PageMedia>,
        folders: &'a Identity,
        id: PageId,
    ) -> Self {
        BodyInputs { text: TextInputs::new(linked, media, id), folders, site_path: &book.project.site.path }
    }
}

/// Inputs of a page's entry in the search index.
#[derive(PartialEq, Serialize)]
pub(super) struct SearchInputs<'a> {
    text: TextInputs<'a>,
    entry: Option<PageEntry>,
}

impl<'a> SearchInputs<'a> {
    pub fn new(
        book: &Book,
        linked: &'a Linked,
        media: &'a PerSelectedPage<PageMedia>,
        shell: &Shell,
        is_shown: bool,
        id: PageId,
    ) -> Self {
        let entry = page_entry(book, (&linked.chapters, &linked.refs), shell, id).filter(|_| is_shown);
        SearchInputs { text: TextInputs::new(linked, media, id), entry }
    }
}

/// True if the files of the search depend on what they did in the previous build.
pub(super) fn same_search(
    book: &Book,
    linked: &Linked,
    media: &PerSelectedPage<PageMedia>,
    searched: &PerSelectedPage<Option<SearchPage>>,
    previous: &Previous,
) -> bool {
    let then = &previous.outputs;
    *searched == then.searched
        && linked.shared.project == then.linked.shared.project
        && book
            .page_ids()
            .all(|id| TextInputs::new(linked, media, id) == TextInputs::new(&then.linked, &then.media, id))
}

/// Inputs of a page: its body with the site around it.
#[derive(PartialEq)]
pub(super) struct PageInputs<'a> {
    shell: &'a Identity,
    project: &'a Identity,
    scope: &'a Identity,
    files: &'a Identity,
    text: TextInputs<'a>,
    body: Option<&'a Output<Html>>,
    listings: Option<&'a Output<Option<PageListings>>>,
    number: Option<&'a str>,
    source: SourceText<'a>,
    included: &'a BTreeMap<String, String>,
    modified: Date,
    today: Date,
}

impl<'a> PageInputs<'a> {
    pub fn new(
        book: &'a Book,
        linked: &'a Linked,
        media: &'a PerSelectedPage<PageMedia>,
        bodies: &'a PerSelectedPage<Html>,
        listings: &'a PerSelectedPage<Option<PageListings>>,
        (shell, site): (&'a Identity, &'a SiteIdentities),
        id: PageId,
    ) -> Self {
        let PageInput { source, included, modified, .. } = &book.pages[id];
        PageInputs {
            shell,
            project: &linked.shared.project,
            scope: &linked.shared.scope,
            files: &site.files,
            text: TextInputs::new(linked, media, id),
            body: bodies.output(id),
            listings: listings.output(id),
            number: chapter_number(&book.project, &linked.refs, id, &linked.chapters[id]),
            source: SourceText(&book.sources[source.index()]),
            included,
            modified: *modified,
            today: book.today,
        }
    }
}
