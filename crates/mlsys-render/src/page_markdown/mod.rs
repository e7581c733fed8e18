//! A page as Markdown for machines: what readers see, not what the author wrote.
//!
//! [`page_markdown`] walks the tree as [`crate::body`] does. Numbers, references and citations come from [`Links`], shortcodes and
//! values are expanded, notes have the numbers of the page. The dialect is CommonMark with the tables of GitHub, formulas between
//! dollar signs and notes as `[^1]`. Boxes are quotations with a title in bold; what references lead to gets an `a` with its id.

mod blocks;
mod boxes;
mod end;
mod escape;
mod floats;
mod inlines;
mod lists;
mod notes;
mod output;
mod shortcodes;
mod tables;

use crate::body::Urls;
use crate::body::options::Options;
use crate::body::sections::title_heading;
use crate::html::{Elements, Tag, html};
use crate::listing::ListedItem;
use crate::note_queue::NoteQueue;
use mlsys_book::{Attr, Block, BlockKind, Chapter, Header, Inline, InlineKind, Links, Media, Node, Span, Words, walk};
use output::Output;
use std::collections::BTreeSet;

/// The items of a listing on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownListing {
    /// The id of the div that it replaces; without one it follows the text.
    pub id: Option<String>,
    /// The items in order.
    pub items: Vec<ListedItem>,
}

/// The Markdown of a page. `urls` are those of its links; `targets` are the ids on it that other pages link to.
pub fn page_markdown(
    chapter: &Chapter,
    links: &Links,
    (media, listings): (&Media, &[MarkdownListing]),
    number: Option<&str>,
    urls: &impl Urls,
    targets: &BTreeSet<&str>,
) -> String {
    let mut walker = Walker {
        chapter,
        links,
        media,
        listings,
        urls,
        targets: targets.clone(),
        options: Options::new(&chapter.meta, links.in_book).without_screen(),
        words: Words::new(&chapter.meta),
        out: Output::default(),
        notes: NoteQueue::default(),
        margin: Vec::new(),
        flat: false,
        has_math: false,
        references_placed: false,
        appendix: Vec::new(),
    };
    walker.own_targets();
    walker.title(number);
    let title = std::mem::take(&mut walker.out);
    walker.page();
    let body = std::mem::take(&mut walker.out);
    if walker.has_math && !media.macros.trim().is_empty() {
        walker.out = title;
        walker.paragraph(&format!("$$\n{}\n$$", output::without_blank_lines(media.macros.trim())));
        return walker.out.followed_by(body).finish();
    }
    title.followed_by(body).finish()
}

/// The state of writing one page.
struct Walker<'a> {
    chapter: &'a Chapter,
    links: &'a Links,
    media: &'a Media,
    listings: &'a [MarkdownListing],
    urls: &'a dyn Urls,
    /// The ids that links lead to.
    targets: BTreeSet<&'a str>,
    options: Options,
    words: Words<'a>,
    out: Output,
    notes: NoteQueue<String>,
    /// Margin content within a line, which follows its block.
    margin: Vec<String>,
    /// True within a link, where links and notes are left out.
    flat: bool,
    /// True once the page has a formula.
    has_math: bool,
    /// True once the author's place for the reference list was met.
    references_placed: bool,
    /// Sections of the appendix: heading and content.
    appendix: Vec<(&'a Header, Span, &'a [Block])>,
}

impl<'a> Walker<'a> {
    /// Adds the ids that the page itself links to.
    fn own_targets(&mut self) {
        let links = self.links;
        let mut targets = std::mem::take(&mut self.targets);
        let mut look = |blocks: &'a [Block]| {
            walk(blocks, &mut |node| {
                match node {
                    Node::Inline(Inline { kind: InlineKind::Link(link), .. }) => {
                        targets.extend(link.url.strip_prefix('#'));
                    }
                    Node::Inline(Inline { kind: InlineKind::RawInline(_, html), .. })
                    | Node::Block(Block { kind: BlockKind::RawBlock(_, html), .. }) => {
                        let ids = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
                        targets.extend(ids);
                    }
                    Node::Inline(_) | Node::Block(_) => {}
                }
                true
            });
        };
        look(&self.chapter.blocks);
        self.chapter.notes.iter().for_each(|note| look(&note.content));
        let references = links.cites.values().flat_map(|cited| match cited {
            mlsys_book::Cited::CrossReferences(references) => references.as_slice(),
            mlsys_book::Cited::Citation { .. } | mlsys_book::Cited::Text => &[],
        });
        let of_references = references.filter_map(|reference| reference.target.as_ref());
        let of_page = of_references.chain(links.targets.values()).filter(|target| target.page == links.page);
        targets.extend(of_page.filter_map(|target| target.anchor.as_deref()));
        self.targets = targets;
    }

    /// The title, the subtitle and the abstract.
    fn title(&mut self, number: Option<&str>) {
        let heading = title_heading(self.chapter, self.links).map(|(_, header)| header);
        let inlines = self.chapter.title.as_deref().or(heading.map(|header| header.content.as_slice()));
        if let Some(inlines) = inlines {
            let mut text = String::new();
            if let Some(number) = number {
                text.push_str(&format!("{number} "));
            }
            text.push_str(&self.line_of(inlines));
            let anchor = heading.map(|header| self.anchor(header.attr.id())).unwrap_or_default();
            if !text.trim().is_empty() {
                self.paragraph(&format!("# {}{anchor}", text.trim()));
            }
        }
        if let Some(subtitle) = self.chapter.subtitle.as_deref() {
            let text = self.line_of(subtitle);
            if !text.is_empty() {
                self.paragraph(&format!("**{text}**"));
            }
        }
        self.blocks(&self.chapter.summary);
    }

    /// The page's text, then what belongs to its end.
    fn page(&mut self) {
        let blocks = self.chapter.blocks.as_slice();
        match title_heading(self.chapter, self.links) {
            Some((at, _)) => {
                self.blocks(blocks.get(..at).unwrap_or(&[]));
                self.top_level(blocks.get(at + 1..).unwrap_or(&[]));
            }
            None => self.top_level(blocks),
        }
        self.end_of_page();
    }

    /// A block of lines.
    fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.out.begin(false);
            self.out.lines(text);
        }
    }

    /// What `write` adds, apart from the page.
    fn captured(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.out);
        write(self);
        std::mem::replace(&mut self.out, outer).finish()
    }

    /// Runs `write`, and drops what it adds if attributes hide their element. Its notes still count, as on the page.
    fn unless_hidden(&mut self, attr: &Attr, write: impl FnOnce(&mut Self)) {
        if crate::plain::is_hidden(attr) {
            self.captured(write);
        } else {
            write(self);
        }
    }

    /// An empty element with an id, if a link leads to it.
    fn anchor(&self, id: &str) -> String {
        match self.targets.contains(id) && !id.is_empty() {
            true => html(|out| out.leaf(Tag::new("a").id(id), "")),
            false => String::new(),
        }
    }
}
