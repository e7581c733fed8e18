//! The body of a page: blocks and inlines with their notes, citations and margin content.

mod algorithms;
pub(crate) mod appendix;
mod attributes;
mod blocks;
mod boxes;
mod callouts;
pub(crate) mod citations;
mod code_blocks;
mod detached;
mod diagrams;
mod divs;
pub(crate) mod figures;
mod floats;
pub(crate) mod images;
mod inlines;
mod layout;
mod lists;
pub(crate) mod margin;
mod notes;
pub(crate) mod options;
pub(crate) mod sections;
pub(crate) mod shortcodes;
pub(crate) mod slots;
mod tables;
mod tabsets;
pub(crate) mod theorems;
mod toc;

use crate::html::{Elements, Syntax, Writer};
use crate::math::Typesetter;
use crate::note_queue::NoteQueue;
use crate::typeset_cache::TypesetCache;
pub(crate) use detached::{flat_inlines_at, inlines_at};
pub use detached::{inlines_html, linked_inlines_html};
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Links, Media, Place, Reference, Span, Target, Words};
use options::Options;
use rustc_hash::{FxHashMap, FxHashSet};
use sections::title_heading;
use serde::{Deserialize, Serialize};
pub use slots::Slot;
use std::borrow::Cow;

/// URLs for one page of one output.
pub trait Urls {
    /// The URL of a page or of an anchor on it, relative to this page.
    fn href(&self, target: &Target) -> String;
    /// The URL of a file that the page refers to: image, video, download. URLs of other hosts stay as they are.
    fn resource(&self, url: &str) -> String;
    /// The author's HTML with the URLs of this output.
    fn raw_html<'h>(&self, html: &'h str) -> Cow<'h, str> {
        Cow::Borrowed(html)
    }
}

/// A rendered body, with what the surrounding page depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Html {
    /// The content of `main` after the title block.
    pub content: String,
    /// The content of the div that an about page names by `about.id`, which is shown apart from the rest.
    pub about: Option<String>,
    /// The slots of the page's listings in the content, in order.
    pub slots: Vec<Slot>,
    /// The level of the last heading; 1 without one.
    pub last_level: u8,
    /// The title, from the metadata or from the first heading.
    pub title: Option<String>,
    /// The id of the heading that is the title.
    pub title_id: Option<String>,
    /// The subtitle from the metadata.
    pub subtitle: Option<String>,
    /// The abstract from the metadata.
    pub summary: Option<String>,
    /// The headings for the table of contents, down to `toc-depth`.
    pub toc: Vec<TocEntry>,
    /// True if content is in the margin or wider than the text, so that `main` needs columns.
    pub page_columns: bool,
    /// True if the page has formulas, which need KaTeX's fonts and style sheet.
    pub has_math: bool,
    /// True if the page has code blocks.
    pub has_code: bool,
    /// True if a code block is folded.
    pub has_code_folds: bool,
}

/// A heading in the table of contents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TocEntry {
    /// Its level, 1 to 6.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text with markup, but without links and notes.
    pub html: String,
    /// Its number, if the page shows it.
    pub number: Option<String>,
    /// The headings below it.
    pub children: Vec<TocEntry>,
}

/// Renders a page's body.
///
/// URLs of other pages and files come from `urls`, everything else outside the chapter from `links` and `media`. Reuses
/// formulas and code in `cache`. Diagnostics: images without alternative text, formulas that cannot be typeset, code languages
/// without a grammar, dropped TeX.
pub fn body(
    chapter: &Chapter,
    links: &Links,
    media: &Media,
    urls: &impl Urls,
    cache: &mut TypesetCache,
) -> Checked<Html> {
    body_in(Syntax::Html, chapter, links, media, urls, cache)
}

fn body_in(
    syntax: Syntax,
    chapter: &Chapter,
    links: &Links,
    media: &Media,
    urls: &impl Urls,
    cache: &mut TypesetCache,
) -> Checked<Html> {
    cache.begin_page();
    let mut body = Body::new(syntax, chapter, links, media, urls, cache);
    let heading = title_heading(chapter, links);
    let title = chapter.title.as_deref().or(heading.map(|(_, header)| header.content.as_slice()));
    let title = title.map(|title| body.captured(|b| b.inlines(title)));
    let title_id = heading.map(|(_, header)| header.attr.id().to_owned()).filter(|id| !id.is_empty());
    let subtitle = chapter.subtitle.as_ref().map(|t| body.captured(|b| b.inlines(t)));
    let summary = (!chapter.summary.is_empty()).then(|| body.captured(|b| b.held(|b| b.blocks(&chapter.summary))));
    body.page();
    let toc = toc::tree(std::mem::take(&mut body.toc));
    let (content, slots) = slots::located(std::mem::take(&mut body.out).finish(), std::mem::take(&mut body.slots));
    let html = Html {
        content,
        about: body.about.take(),
        slots,
        last_level: body.last_level,
        title,
        title_id,
        subtitle,
        summary,
        toc,
        page_columns: body.page_columns,
        has_math: body.math.used(),
        has_code: body.counters.code_blocks > 0,
        has_code_folds: body.counters.code_folds > 0,
    };
    body.cache.end_page();
    Checked { value: html, diagnostics: body.diagnostics }
}

/// Counters of the page so far.
#[derive(Debug, Default)]
struct Counters {
    code_blocks: u32,
    code_folds: u32,
    annotated_cells: u32,
    callouts: u32,
    tabsets: u32,
    images: u32,
    lightboxes: u32,
    videos: u32,
    boxes: u32,
    terms: u32,
    footnote_lists: u32,
}

/// The state of rendering one page.
struct Body<'a> {
    chapter: &'a Chapter,
    links: &'a Links,
    media: &'a Media,
    urls: &'a dyn Urls,
    options: Options,
    words: Words<'a>,
    out: Writer,
    diagnostics: Vec<Diagnostic>,
    math: Typesetter,
    cache: &'a mut TypesetCache,
    counters: Counters,
    toc: Vec<TocEntry>,
    /// The slots of listings so far.
    slots: Vec<Slot>,
    /// The level of the last heading so far; 1 without one.
    last_level: u8,
    notes: NoteQueue<String>,
    /// Queued margin content.
    margin: Vec<String>,
    /// The reference list by key.
    works: FxHashMap<&'a str, &'a Reference>,
    /// The works whose entry is already in the margin.
    placed_works: FxHashSet<&'a str>,
    /// How many open elements cannot contain margin content (lists, tables, callouts, figures).
    hold: u32,
    /// The length of the next text that was written already: punctuation before a note mark.
    written_ahead: usize,
    /// True where links and notes are not allowed: in links, tab titles and the table of contents.
    flat: bool,
    page_columns: bool,
    /// True if the author placed the reference list.
    references_placed: bool,
    /// Sections for the appendix.
    appendix: Vec<String>,
    /// Languages that have been reported as unknown.
    unknown_languages: FxHashSet<String>,
    /// For the image of a diagram in a float: its alternative text, and its title in the lightbox.
    picture: (String, String),
    /// The label and number of the float whose part comes next.
    parent: Option<(String, String)>,
    /// The label and number of the figure whose content is being written, for a layout in it.
    figure: Option<(String, String)>,
    /// The number of open callouts and tabsets, whose headings the table of contents leaves out.
    out_of_contents: usize,
    /// True if the cells of a layout are those of a figure.
    figure_cells: bool,
    /// The content of the about page's div.
    about: Option<String>,
    /// True within the div of a cell: its tables are narrow and striped.
    is_computed: bool,
    /// Descriptions of images in the lightbox: number and text.
    lightbox_descriptions: Vec<(u32, String)>,
}

impl<'a> Body<'a> {
    fn new(
        syntax: Syntax,
        chapter: &'a Chapter,
        links: &'a Links,
        media: &'a Media,
        urls: &'a dyn Urls,
        cache: &'a mut TypesetCache,
    ) -> Self {
        Body {
            chapter,
            links,
            media,
            urls,
            options: Options::new(&chapter.meta, links.in_book),
            words: Words::new(&chapter.meta),
            out: Writer::new(syntax),
            diagnostics: Vec::new(),
            math: Typesetter::default(),
            cache,
            counters: Counters::default(),
            toc: Vec::new(),
            slots: Vec::new(),
            last_level: 1,
            notes: NoteQueue::default(),
            margin: Vec::new(),
            works: links.bibliography.iter().map(|r| (r.key.as_str(), r)).collect(),
            placed_works: FxHashSet::default(),
            hold: 0,
            written_ahead: 0,
            flat: false,
            page_columns: false,
            references_placed: false,
            appendix: Vec::new(),
            unknown_languages: FxHashSet::default(),
            picture: Default::default(),
            parent: None,
            figure: None,
            out_of_contents: 0,
            figure_cells: false,
            about: None,
            is_computed: false,
            lightbox_descriptions: Vec::new(),
        }
    }

    /// Writes the whole page: the text, then the end of the page.
    fn page(&mut self) {
        let chapter = self.chapter;
        self.math.define(&self.media.macros);
        self.math.define_macros(&chapter.blocks);
        match title_heading(chapter, self.links) {
            // Only invisible content can precede the heading, such as raw HTML for the browser.
            Some((at, _)) => {
                self.blocks(&chapter.blocks[..at]);
                self.top_level(&chapter.blocks[at + 1..]);
            }
            None => self.top_level(&chapter.blocks),
        }
        self.end_of_page();
    }

    /// The highlighted lines of code; `None` if the language has no grammar.
    fn highlighted_lines(&mut self, language: &str, text: &str) -> Option<&[String]> {
        self.cache.code(language, text, || crate::code::highlighted(language, text))
    }

    /// Writes into a separate buffer and returns it.
    fn captured(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let inner = Writer::new(self.out.syntax());
        let outer = std::mem::replace(&mut self.out, inner);
        write(self);
        std::mem::replace(&mut self.out, outer).finish()
    }

    /// Runs `write` where margin content is not allowed; it stays queued until the end of the element.
    fn held(&mut self, write: impl FnOnce(&mut Self)) {
        self.hold += 1;
        write(self);
        self.hold -= 1;
    }

    /// Runs `write` without links and notes.
    fn flattened(&mut self, write: impl FnOnce(&mut Self)) {
        let flat = std::mem::replace(&mut self.flat, true);
        write(self);
        self.flat = flat;
    }

    /// Reports a diagnostic at a span of the page.
    fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let place = Place { source: self.chapter.source, span };
        self.diagnostics.push(Diagnostic::new(code, place, message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }
}

impl Elements for Body<'_> {
    fn writer(&mut self) -> &mut Writer {
        &mut self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Scope, Source, SourceId};
    use quick_xml::events::Event;

    struct Here;

    impl Urls for Here {
        fn href(&self, target: &Target) -> String {
            target.anchor.clone().unwrap_or_default()
        }
        fn resource(&self, url: &str) -> String {
            url.to_owned()
        }
    }

    const PAGE: &str = include_str!("xml.qmd");

    fn page(syntax: Syntax) -> String {
        let source = Source::new(SourceId(0), "xml.qmd", PAGE);
        let place = Place { source: source.id, span: Span::new(0, 0) };
        let empty = || mlsys_book::Value::empty(place);
        let scope = Scope {
            format: "html".to_owned(),
            profiles: Vec::new(),
            meta: empty(),
            variables: empty(),
            brand: empty(),
            environment: Default::default(),
            custom_floats: Default::default(),
            language: None,
            box_classes: Default::default(),
        };
        let chapter = mlsys_parse::parse(&source, &scope).value;
        let (links, media) = (Links::default(), Media::default());
        body_in(syntax, &chapter, &links, &media, &Here, &mut TypesetCache::default()).value.content
    }

    #[test]
    fn a_page_is_well_formed_xml() {
        let page = page(Syntax::Xml);
        let mut reader = quick_xml::Reader::from_str(&page);
        let mut elements = Vec::new();
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{error} at {}:\n{page}", reader.error_position()))
            {
                Event::Start(tag) | Event::Empty(tag) => {
                    elements.push(String::from_utf8_lossy(tag.name().as_ref()).into_owned());
                    tag.attributes()
                        .for_each(|attribute| drop(attribute.expect("a value").unescape_value().expect("known")));
                }
                Event::GeneralRef(entity) => {
                    let name = format!("&{};", String::from_utf8_lossy(&entity));
                    quick_xml::escape::unescape(&name).expect("an entity of XML");
                }
                Event::Eof => break,
                _ => {}
            }
        }
        for name in ["br", "hr", "img", "input", "col", "source", "video", "details", "math", "code", "iframe", "svg"] {
            assert!(elements.iter().any(|element| element == name), "no `{name}`:\n{page}");
        }
    }

    #[test]
    fn only_void_elements_depend_on_the_syntax() {
        let xml = page(Syntax::Xml);
        assert_ne!(xml, page(Syntax::Html));
        assert_eq!(xml.replace("/>", ">"), page(Syntax::Html).replace("/>", ">"));
    }
}
