//! A page to plain text: its sections in order, each with its heading and its lines.
//!
//! [`plain`] walks the tree as [`crate::body`] does: numbers and citations come from [`Links`], notes stand at the page's end or in
//! the margin, and margin content follows its paragraph. So the order of the text is that of the page. Search, `search.json` and
//! other formats of text differ in a few marks, which [`Purpose`] names.

mod blocks;
mod boxes;
mod code;
mod end;
mod floats;
mod formula;
mod inlines;
mod lines;
mod lists;
mod notes;

use crate::body::options::Options;
use crate::body::sections::title_heading;
use crate::note_queue::NoteQueue;
use lines::{Event, Lines};
pub(crate) use lists::item_mark;
use mlsys_book::{Attr, Chapter, Inline, Links, Media, Reference, Span, Words};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// What the text of a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Excerpts of the search: formulas as readable text, no marks of notes, no reference list.
    Search,
    /// `search.json`: formulas as TeX, marks of notes, the works in the margin.
    SearchJson,
    /// A document: everything that the page shows, with marks of lists, formulas as TeX and the reference list.
    Document,
}

/// A page as plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainText {
    /// The title, from the metadata or from the heading that serves as title.
    pub title: Option<String>,
    /// The subtitle.
    pub subtitle: Option<String>,
    /// The abstract, a line for each of its blocks.
    pub summary: String,
    /// The sections in order.
    pub sections: Vec<Section>,
}

/// A section of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its id; empty for the text before the first heading.
    pub id: String,
    /// The level of its heading, 1 to 6; 0 before the first heading.
    pub level: u8,
    /// Its heading with its number.
    pub heading: String,
    /// Its text up to the next heading: a line for each block, code with its own lines.
    pub text: String,
}

impl PlainText {
    /// True if the first heading is the page's title: it has level 1, and the page has no title of its own.
    pub(crate) fn titled_by_heading(&self) -> bool {
        let first = self.sections.iter().find(|section| section.level > 0);
        self.title.as_ref().is_none_or(String::is_empty) && first.is_some_and(|section| section.level == 1)
    }
}

/// Reads a page as plain text.
pub fn plain(chapter: &Chapter, links: &Links, media: &Media, purpose: Purpose) -> PlainText {
    let mut walker = Walker::new(chapter, links, media, purpose);
    let (title, subtitle) = walker.titles();
    let summary = walker.captured(|w| w.held(|w| w.blocks(&chapter.summary)));
    let summary: Vec<String> = lines(summary, purpose).into_iter().map(|section| section.text).collect();
    walker.page();
    PlainText { title, subtitle, summary: summary.join("\n"), sections: lines(walker.events, purpose) }
}

/// The title of a page as plain text; `None` without a title.
pub fn plain_title(chapter: &Chapter, links: &Links) -> Option<String> {
    Walker::new(chapter, links, &Media::default(), Purpose::Search).titles().0
}

/// Inlines apart from any page as plain text: titles in navigation, values of metadata.
pub fn plain_inlines(inlines: &[Inline]) -> String {
    let chapter = Chapter::empty();
    let (links, media) = (Links::default(), Media::default());
    let mut walker = Walker::new(&chapter, &links, &media, Purpose::Search);
    walker.flat = true;
    walker.text_of(inlines)
}

fn lines(events: Vec<Event<'_>>, purpose: Purpose) -> Vec<Section> {
    let mut lines = Lines::new(purpose);
    events.into_iter().for_each(|event| lines.event(event));
    lines.finish()
}

/// The state of reading one page.
struct Walker<'a> {
    chapter: &'a Chapter,
    links: &'a Links,
    media: &'a Media,
    purpose: Purpose,
    options: Options,
    words: Words<'a>,
    events: Vec<Event<'a>>,
    notes: NoteQueue<Vec<Event<'a>>>,
    /// Margin content that waits for the end of its block.
    margin: Vec<Vec<Event<'a>>>,
    /// The reference list by key.
    works: FxHashMap<&'a str, &'a Reference>,
    /// The works whose entry is in the margin.
    placed_works: FxHashSet<&'a str>,
    /// How many elements around the current place cannot hold margin content.
    hold: u32,
    /// How many bytes of the next text a note has moved before itself: punctuation.
    moved: usize,
    /// True within a link or a tab's title, where notes are left out.
    flat: bool,
    /// True once the author's place for the reference list was met.
    references_placed: bool,
    /// Sections of the appendix.
    appendix: Vec<Vec<Event<'a>>>,
}

impl<'a> Walker<'a> {
    fn new(chapter: &'a Chapter, links: &'a Links, media: &'a Media, purpose: Purpose) -> Self {
        Walker {
            chapter,
            links,
            media,
            purpose,
            options: Options::new(&chapter.meta, links.in_book),
            words: Words::new(&chapter.meta),
            events: Vec::new(),
            notes: NoteQueue::default(),
            margin: Vec::new(),
            works: links.bibliography.iter().map(|work| (work.key.as_str(), work)).collect(),
            placed_works: FxHashSet::default(),
            hold: 0,
            moved: 0,
            flat: false,
            references_placed: false,
            appendix: Vec::new(),
        }
    }

    /// The title and the subtitle. Their notes come first on the page.
    fn titles(&mut self) -> (Option<String>, Option<String>) {
        let heading = title_heading(self.chapter, self.links).map(|(_, header)| header.content.as_slice());
        let title = self.chapter.title.as_deref().or(heading);
        let title = title.map(|title| self.text_of(title));
        let subtitle = self.chapter.subtitle.as_deref();
        (title, subtitle.map(|subtitle| self.text_of(subtitle)))
    }

    /// Inlines as one line.
    fn text_of(&mut self, inlines: &'a [Inline]) -> String {
        // A mark of a note would become a part of the title.
        let purpose = std::mem::replace(&mut self.purpose, Purpose::Search);
        let events = self.captured(|w| w.inlines(inlines));
        self.purpose = purpose;
        let text = lines(events, self.purpose).into_iter().map(|section| section.text).collect::<Vec<_>>().join("\n");
        text.replace('\n', " ")
    }

    /// The page's text, then what belongs to its end.
    fn page(&mut self) {
        let blocks = self.chapter.blocks.as_slice();
        match title_heading(self.chapter, self.links) {
            Some((at, _)) => {
                self.blocks(blocks.get(..at).unwrap_or(&[]));
                self.sections(blocks.get(at + 1..).unwrap_or(&[]), true);
            }
            None => self.sections(blocks, true),
        }
        self.end_of_page();
    }

    /// Adds text.
    fn text(&mut self, text: impl Into<Cow<'a, str>>) {
        self.events.push(Event::Text(text.into()));
    }

    /// Ends the line.
    fn line(&mut self) {
        self.events.push(Event::Line);
    }

    /// What `read` adds, apart from the page.
    fn captured(&mut self, read: impl FnOnce(&mut Self)) -> Vec<Event<'a>> {
        let outer = std::mem::take(&mut self.events);
        read(self);
        std::mem::replace(&mut self.events, outer)
    }

    /// Runs `read` where margin content waits for the end of the element.
    fn held(&mut self, read: impl FnOnce(&mut Self)) {
        self.hold += 1;
        read(self);
        self.hold -= 1;
    }

    /// Runs `read` without notes.
    fn flattened(&mut self, read: impl FnOnce(&mut Self)) {
        let flat = std::mem::replace(&mut self.flat, true);
        read(self);
        self.flat = flat;
    }

    /// Runs `read` for an element with attributes: hidden where they hide it.
    fn unless_hidden(&mut self, attr: &Attr, read: impl FnOnce(&mut Self)) {
        let hides = is_hidden(attr);
        if hides {
            self.events.push(Event::Hide);
        }
        read(self);
        if hides {
            self.events.push(Event::Show);
        }
    }

    /// The number of a block with its word, as a caption shows it; empty without one.
    fn label(&self, span: Span) -> &'a str {
        self.links.numbers.get(&span.start).map_or("", |number| number.label.as_str())
    }
}

/// True if attributes hide their element from all readers.
pub(crate) fn is_hidden(attr: &Attr) -> bool {
    attr.has_class("hidden") || attr.get("hidden").is_some() || attr.get("aria-hidden") == Some("true")
}
