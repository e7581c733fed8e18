//! The files that pages use besides their text: images with their sizes, and what has to be copied.

use crate::files::{Content, Files};
use crate::leaves::images::responsive::forms;
use crate::leaves::images::size::image_size;
use crate::memo::store::Store;
use crate::project::Book;
use crate::project::vfs::{Fingerprint, Vfs};
use crate::site::listings::preview_image;
use crate::site::shell::ASSETS;
use crate::url::{has_scheme, local_file};
use camino::Utf8PathBuf;
use mlsys_book::{
    Block, BlockKind, Chapter, Checked, Code, Diagnostic, FooterRegion, InlineKind, Media, NavItem, Node, Page, PageId,
    Place, Source, Span, Value, did_you_mean, near, walk,
};
use mlsys_parse::Globs;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a page uses. Two are equal when they say the same of the files, whenever they were asked.
#[derive(Clone, Debug, Default)]
pub struct PageMedia {
    /// Sizes of its images.
    pub media: Media,
    /// The files of the project that it shows or links to.
    pub files: BTreeSet<String>,
    /// Width and height of the picture that stands for the page, else of the site's.
    pub picture: Option<(u32, u32)>,
    /// The files of smaller forms of its images: path and content.
    smaller: Vec<(String, Arc<[u8]>)>,
    /// What was at each path that was asked for.
    asked: BTreeMap<Utf8PathBuf, Option<Fingerprint>>,
}

impl PartialEq for PageMedia {
    fn eq(&self, other: &Self) -> bool {
        (&self.media, &self.files, self.picture, &self.smaller)
            == (&other.media, &other.files, other.picture, &other.smaller)
    }
}

impl PageMedia {
    /// The paths that were asked for.
    pub fn asked(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.asked.keys()
    }

    /// Gives its images smaller forms.
    pub fn resize(&mut self, book: &Book, page: PageId, cache: &Store) {
        let input = &book.project.pages[page.0 as usize].input;
        let file = |url: &String| Some((url.clone(), local_file(input, url)?));
        let made = forms(&book.vfs, cache, ASSETS, self.media.images.keys().filter_map(file).collect());
        self.media.forms = made.forms.into_iter().collect();
        self.smaller = made.files;
    }

    /// The files of smaller forms of its images, for the site.
    pub fn smaller(&self) -> impl Iterator<Item = (String, Content)> {
        self.smaller.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes.clone())))
    }

    /// Whether the files are certainly still as they were found.
    pub fn is_current(&self, vfs: &Vfs) -> bool {
        self.asked.iter().all(|(path, then)| match (then, vfs.fingerprint(path)) {
            (None, None) => true,
            (Some(then), Some(now)) => then.is_still(&now),
            _ => false,
        })
    }
}

/// Finds the files that a page uses. Images that are not there, and links to files that are not there, are reported.
pub fn page_media(book: &Book, page: PageId, chapter: &Chapter) -> Checked<PageMedia> {
    let mut collector = Collector {
        book,
        page: &book.project.pages[page.0 as usize],
        source: book.source(page),
        found: PageMedia::default(),
        diagnostics: Vec::new(),
    };
    collector.blocks(&chapter.summary);
    collector.blocks(&chapter.blocks);
    chapter.notes.iter().for_each(|note| collector.blocks(&note.content));
    collector.metadata(&chapter.meta);
    collector.picture(chapter);
    collector.found.media.macros = macros(&chapter.meta, &book.pages[page.0 as usize].included);
    Checked { value: collector.found, diagnostics: collector.diagnostics }
}

/// The macros for formulas in the texts that the metadata puts into the page's head and body, as TeX. `files` are the texts of
/// the files among them. Source: Quarto, "HTML Options", includes.
fn macros(meta: &Value, files: &BTreeMap<String, String>) -> String {
    let mut tex = String::new();
    for key in ["header-includes", "include-in-header", "include-before", "include-before-body"] {
        for item in meta.get(key).map_or(&[][..], Value::items) {
            let file = item.get("file").unwrap_or(item).to_text().and_then(|name| files.get(&name).cloned());
            if let Some(text) = file.or_else(|| item.get("text").unwrap_or(item).to_text()) {
                tex.push_str(&mlsys_render::included_macros(&text));
            }
        }
    }
    tex
}

struct Collector<'a> {
    book: &'a Book,
    page: &'a Page,
    source: &'a Source,
    found: PageMedia,
    diagnostics: Vec<Diagnostic>,
}

impl Collector<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        walk(blocks, &mut |node| {
            match node {
                Node::Block(block) => match &block.kind {
                    BlockKind::RawBlock(format, html) if format.starts_with("html") => self.html(html, block.span),
                    BlockKind::Shortcode(shortcode) => self.shortcode(shortcode),
                    BlockKind::Plain(_)
                    | BlockKind::Para(_)
                    | BlockKind::Header(_)
                    | BlockKind::CodeBlock(_)
                    | BlockKind::Cell(_)
                    | BlockKind::RawBlock(..)
                    | BlockKind::BlockQuote(_)
                    | BlockKind::BulletList(_)
                    | BlockKind::OrderedList(_)
                    | BlockKind::DefinitionList(_)
                    | BlockKind::LineBlock(_)
                    | BlockKind::HorizontalRule
                    | BlockKind::Table(_)
                    | BlockKind::Div(..)
                    | BlockKind::Figure(_)
                    | BlockKind::Float(_)
                    | BlockKind::LayoutPanel(_)
                    | BlockKind::Callout(_)
                    | BlockKind::Theorem(_)
                    | BlockKind::Proof(_)
                    | BlockKind::Algorithm(_)
                    | BlockKind::Tabset(_) => {}
                },
                Node::Inline(inline) => match &inline.kind {
                    InlineKind::Image(image) => self.image(&image.url, image.url_span),
                    InlineKind::Link(link) => self.link(&link.url, link.url_span),
                    InlineKind::RawInline(format, html) if format.starts_with("html") => self.html(html, inline.span),
                    InlineKind::Shortcode(shortcode) => self.shortcode(shortcode),
                    InlineKind::Str(_)
                    | InlineKind::SoftBreak
                    | InlineKind::LineBreak
                    | InlineKind::Emph(_)
                    | InlineKind::Strong(_)
                    | InlineKind::Strikeout(_)
                    | InlineKind::Superscript(_)
                    | InlineKind::Subscript(_)
                    | InlineKind::Underline(_)
                    | InlineKind::SmallCaps(_)
                    | InlineKind::Code(..)
                    | InlineKind::Math(_)
                    | InlineKind::RawInline(..)
                    | InlineKind::Cite(_)
                    | InlineKind::Note(_)
                    | InlineKind::Span(..)
                    | InlineKind::ExampleRef(_)
                    | InlineKind::Cell(..) => {}
                },
            }
            true
        });
    }

    /// A file for a video.
    fn shortcode(&mut self, shortcode: &mlsys_book::Shortcode) {
        if shortcode.name == "video"
            && let Some(url) = shortcode.args.first()
            && let Some(file) = self.existing(url)
        {
            self.found.files.insert(file);
        }
    }

    fn image(&mut self, url: &str, span: Span) {
        if self.found.media.images.contains_key(url) || has_scheme(url) || url.starts_with("//") {
            return;
        }
        let Some(file) = self.existing(url) else {
            let (message, hint) = match self.leads_out(url) {
                true => ("is outside the project's folder", Some("put it into the folder".to_owned())),
                false => ("does not exist", self.similar(url)),
            };
            let message = format!("image `{url}` {message}");
            let mut finding = Diagnostic::new(Code::MissingImage, self.source.place(span), message);
            finding.hints.extend(hint);
            return self.diagnostics.push(finding);
        };
        if let Some(size) = image_size(&self.book.vfs, &file) {
            self.found.media.images.insert(url.to_owned(), size);
        }
        self.found.files.insert(file);
    }

    /// A link: a file that is not a page is copied. Links to pages belong to the resolver.
    fn link(&mut self, url: &str, span: Span) {
        self.linked(url, self.source.place(span));
    }

    fn linked(&mut self, url: &str, place: Place) {
        let Some(file) = local_file(&self.page.input, url) else { return };
        let path = url.split(['#', '?']).next().unwrap_or("");
        let is_page = |p: &Page| p.input == file || p.output == file;
        if path.ends_with('/') || path.ends_with(".qmd") || self.book.project.pages.iter().any(is_page) {
            return;
        }
        let stamp = self.stamp(&file);
        if stamp.is_some_and(|stamp| stamp.is_file()) {
            self.found.files.insert(file);
        } else if stamp.is_none() {
            let (message, hint) = match self.leads_out(url) {
                true => ("is outside the project's folder and no part of the site", None),
                false => ("does not exist", self.similar(url)),
            };
            let mut finding = Diagnostic::new(Code::BrokenLink, place, format!("file `{url}` {message}"));
            finding.hints.extend(hint);
            self.diagnostics.push(finding);
        }
    }

    /// The addresses in raw HTML.
    fn html(&mut self, html: &str, span: Span) {
        let exact = self.source.slice(span).find(html);
        for (at, url) in addresses(html) {
            let place = match exact {
                Some(start) => {
                    let start = span.start as usize + start + at;
                    self.source.place(Span::new(start, start + url.len()))
                }
                None => self.source.place(span),
            };
            self.linked(url, place);
        }
    }

    /// Files that the metadata names: style sheets, pictures and what text for the page's head refers to.
    fn metadata(&mut self, meta: &Value) {
        for key in ["css", "image", "title-block-banner", "resources"] {
            for item in meta.get(key).map_or(&[][..], Value::items) {
                let url = item.as_str().unwrap_or("");
                let base = self.base(item.place).to_owned();
                match local_file(&base, url) {
                    Some(file) if self.exists(&file) => {
                        self.found.files.insert(file);
                    }
                    _ if leads_out(self.book, &base, url) => {
                        let message = format!("`{url}` is outside the project's folder; it is not copied");
                        self.diagnostics.push(Diagnostic::new(Code::UnreadableFile, item.place, message));
                    }
                    _ => {}
                }
            }
        }
    }

    /// The size of the picture for the cards of social networks.
    fn picture(&mut self, chapter: &Chapter) {
        let own = chapter.meta.get("image").and_then(|value| Some((value.to_text()?, value.place)));
        let own = own.map(|(url, place)| (url, self.base(place).to_owned()));
        let own = own.or_else(|| Some((preview_image(chapter)?, self.page.input.clone())));
        let raw = self.book.project.site.raw.as_ref();
        let of_site = || Some((raw?.get("image").or_else(|| raw?.get("cover-image"))?.to_text()?, String::new()));
        let Some(file) = own.or_else(of_site).and_then(|(url, base)| local_file(&base, &url)) else { return };
        if self.exists(&file) {
            self.found.picture = image_size(&self.book.vfs, &file);
        }
    }

    /// A file in the folder that an address at this place is relative to.
    fn base(&self, place: Place) -> &str {
        if place.source == self.source.id { &self.page.input } else { "" }
    }

    /// The file that an address names, if it is there.
    fn existing(&mut self, url: &str) -> Option<String> {
        local_file(&self.page.input, url).filter(|file| self.exists(file))
    }

    fn exists(&mut self, file: &str) -> bool {
        self.stamp(file).is_some_and(|stamp| stamp.is_file())
    }

    /// What is at a path of the project. It is asked once, and remembered.
    fn stamp(&mut self, file: &str) -> Option<Fingerprint> {
        let path = self.book.root.join(file);
        let is_known = self.book.files.binary_search_by(|known| known.as_str().cmp(file)).is_ok();
        let is_inside = || is_known || !self.book.vfs.leads_out(file);
        let vfs = &self.book.vfs;
        *self.found.asked.entry(path).or_insert_with_key(|path| vfs.fingerprint(path).filter(|_| is_inside()))
    }

    /// Whether an address on the page leads out of the project.
    fn leads_out(&self, url: &str) -> bool {
        leads_out(self.book, &self.page.input, url)
    }

    /// A hint with the file that was probably meant.
    fn similar(&self, url: &str) -> Option<String> {
        let file = local_file(&self.page.input, url)?;
        let name = file.rsplit('/').next().unwrap_or(&file);
        if let Some(elsewhere) = self.book.names.get(name).and_then(|at| self.book.files.get(*at)) {
            return Some(format!("there is `{elsewhere}`"));
        }
        did_you_mean(&file, near(&self.book.files, |known| known, &file).iter().map(String::as_str))
    }
}

/// Whether an address that is relative to the file `input` names a file outside the project.
fn leads_out(book: &Book, input: &str, url: &str) -> bool {
    let path = url.split(['#', '?']).next().unwrap_or("");
    if path.is_empty() || url.starts_with("//") || has_scheme(url) {
        return false;
    }
    match local_file(input, url) {
        Some(file) => book.vfs.leads_out(&file),
        None => path.split('/').any(|part| part == ".."),
    }
}

/// The addresses in `src`, `href`, `poster` and `data` attributes, each with its position.
pub fn addresses(html: &str) -> Vec<(usize, &str)> {
    const NAMES: [&str; 4] = ["src", "href", "poster", "data"];
    let mut found = Vec::new();
    for (at, _) in html.match_indices('=') {
        let before = html[..at].trim_end();
        let is_last = |name: &&str| {
            let start = before.len().checked_sub(name.len()).filter(|start| before.is_char_boundary(*start));
            start.is_some_and(|start| {
                let begins = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '/');
                before[start..].eq_ignore_ascii_case(name) && before[..start].chars().next_back().is_none_or(begins)
            })
        };
        if !NAMES.iter().any(is_last) {
            continue;
        }
        let rest = &html[at + 1..];
        let value = rest.trim_start();
        let start = at + 1 + rest.len() - value.len();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        if let Some(end) = value[1..].find(quote) {
            found.push((start + 1, &value[1..=end]));
        }
    }
    found
}

/// The metadata that puts texts into every page.
pub const INCLUDES: [&str; 4] = ["include-in-header", "include-before-body", "include-after-body", "header-includes"];

/// The file of the site's web application manifest, by its usual names. Source: W3C, "Web Application Manifest".
pub fn manifest(files: &[String]) -> Option<&str> {
    let names = ["manifest.webmanifest", "site.webmanifest"];
    files.iter().map(String::as_str).find(|file| names.contains(file))
}

/// The files that the site itself uses: navigation, logos, pictures for sharing, texts for every page's head, and the
/// project's resources.
pub fn site_files(book: &Book) -> BTreeSet<String> {
    let mut urls: Vec<String> = Vec::new();
    let site = &book.project.site;
    urls.extend(site.favicon.clone());
    urls.extend(manifest(&book.files).map(str::to_owned));
    if let Some(navbar) = &site.navbar {
        urls.extend(navbar.logo.clone());
        [&navbar.left, &navbar.right, &navbar.tools].into_iter().for_each(|items| nav_urls(items, &mut urls));
    }
    for sidebar in &site.sidebars {
        urls.extend(sidebar.logo.clone());
        nav_urls(&sidebar.contents, &mut urls);
        nav_urls(&sidebar.tools, &mut urls);
    }
    for region in site.footer.iter().flat_map(|f| [&f.left, &f.center, &f.right]) {
        match region {
            FooterRegion::Empty => {}
            FooterRegion::Text(text) => urls.extend(addresses(text).into_iter().map(|(_, url)| url.to_owned())),
            FooterRegion::Items(items) => nav_urls(items, &mut urls),
        }
    }
    for key in [
        "open-graph.image",
        "twitter-card.image",
        "image",
        "cover-image",
        "navbar.logo.dark",
        "navbar.logo.dark.path",
        "sidebar.logo.dark",
        "sidebar.logo.dark.path",
    ] {
        urls.extend(site.raw.as_ref().and_then(|raw| raw.path(key)).and_then(Value::to_text));
    }
    for key in INCLUDES {
        for text in included_texts(book.project.meta.get(key)) {
            urls.extend(addresses(&text).into_iter().map(|(_, url)| url.to_owned()));
        }
    }
    urls.extend(crate::site::shell::box_icons(book).into_iter().map(|(_, file)| file));
    let mut files: BTreeSet<String> =
        urls.iter().filter_map(|url| local_file("", url)).filter(|file| book.vfs.is_file(file)).collect();
    files.retain(|file| !book.vfs.leads_out(file));
    let is_folder = |name: &str| book.vfs.is_folder(name);
    let globs = Globs::new(book.project.resources.iter().map(String::as_str), is_folder);
    files.extend(globs.select(&book.files).into_iter().map(str::to_owned));
    let is_page = |file: &String| book.project.pages.iter().any(|p| p.input == *file);
    files.retain(|file| !is_page(file));
    files
}

/// The texts that the author wrote into the configuration itself.
fn included_texts(value: Option<&Value>) -> Vec<String> {
    let items = value.map_or(&[][..], Value::items);
    items.iter().filter_map(|item| item.get("text").unwrap_or(item).to_text()).collect()
}

fn nav_urls(items: &[NavItem], urls: &mut Vec<String>) {
    for item in items {
        urls.extend(item.href.clone().filter(|_| item.page.is_none()));
        nav_urls(&item.contents, urls);
    }
}

/// Adds the files to a site, as copies.
pub fn add_copies<'n>(book: &Book, names: impl IntoIterator<Item = &'n String>, files: &mut Files) {
    for name in names {
        let from = book.root.join(name);
        // Pages that stand beside their sources use the files where they are.
        if from != book.output.join(name) {
            let content = || match book.vfs.unsaved(name) {
                Some(text) => Content::Bytes(text.text.as_bytes().into()),
                None => Content::Copy(from),
            };
            files.entry(name.clone()).or_insert_with(content);
        }
    }
}
