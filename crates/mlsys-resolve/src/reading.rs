//! A chapter in reading order.

use mlsys_book::{Block, BlockKind, Chapter, Inline, InlineKind, Note, NoteId, Row, Table};

/// A step of reading.
#[derive(Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A block begins.
    Enter(&'a Block),
    /// The block that began last ends.
    Leave,
    /// An inline; its children follow.
    Inline(&'a Inline),
    /// A note begins; its reference was the last inline or stands in the note before.
    EnterNote,
    /// The note ends.
    LeaveNote,
    /// The title, subtitle and abstract end.
    EndOfTitle,
}

/// Reads a chapter: title, subtitle and abstract, then the text, each note where it is first referred to.
///
/// A note that only another note refers to follows that note, so that no chain of notes makes the reading deep. Notes that
/// nothing refers to are not read: no page shows them.
pub(crate) fn read<'a>(chapter: &'a Chapter, f: &mut impl FnMut(Event<'a>)) {
    let mut reader = Reader { notes: &chapter.notes, seen: vec![false; chapter.notes.len()], waiting: Vec::new(), f };
    reader.inlines(chapter.title.as_deref().unwrap_or(&[]));
    reader.inlines(chapter.subtitle.as_deref().unwrap_or(&[]));
    reader.blocks(&chapter.summary);
    (reader.f)(Event::EndOfTitle);
    reader.blocks(&chapter.blocks);
}

struct Reader<'a, 'f, F> {
    notes: &'a [Note],
    seen: Vec<bool>,
    /// Within a note: the notes that it refers to.
    waiting: Vec<NoteId>,
    f: &'f mut F,
}

impl<'a, F: FnMut(Event<'a>)> Reader<'a, '_, F> {
    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            (self.f)(Event::Enter(block));
            self.block(&block.kind);
            (self.f)(Event::Leave);
        }
    }

    fn block(&mut self, kind: &'a BlockKind) {
        match kind {
            BlockKind::Plain(inlines) | BlockKind::Para(inlines) => self.inlines(inlines),
            BlockKind::Header(header) => self.inlines(&header.content),
            BlockKind::BlockQuote(content) | BlockKind::Div(_, content) => self.blocks(content),
            BlockKind::BulletList(items) => items.iter().for_each(|item| self.blocks(&item.content)),
            BlockKind::OrderedList(list) => list.items.iter().for_each(|item| self.blocks(&item.content)),
            BlockKind::DefinitionList(items) => {
                for item in items {
                    self.inlines(&item.term);
                    item.definitions.iter().for_each(|definition| self.blocks(definition));
                }
            }
            BlockKind::LineBlock(lines) => lines.iter().for_each(|line| self.inlines(line)),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => {
                self.inlines(&figure.content);
                self.inlines(&figure.caption);
            }
            BlockKind::Float(float) => {
                self.blocks(&float.content);
                self.inlines(float.caption.as_ref().map_or(&[], |caption| &caption.content));
            }
            BlockKind::LayoutPanel(panel) => {
                self.blocks(&panel.content);
                self.inlines(panel.caption.as_ref().map_or(&[], |caption| &caption.content));
            }
            BlockKind::Callout(callout) => {
                self.inlines(callout.title.as_deref().unwrap_or(&[]));
                self.blocks(&callout.content);
            }
            BlockKind::Theorem(theorem) => {
                self.inlines(theorem.title.as_deref().unwrap_or(&[]));
                self.blocks(&theorem.content);
            }
            BlockKind::Proof(proof) => {
                self.inlines(proof.title.as_deref().unwrap_or(&[]));
                self.blocks(&proof.content);
            }
            BlockKind::Algorithm(algorithm) => {
                self.inlines(algorithm.caption.as_ref().map_or(&[], |caption| &caption.content));
                for line in &algorithm.lines {
                    self.inlines(&line.content);
                    self.inlines(line.comment.as_deref().unwrap_or(&[]));
                }
            }
            BlockKind::Tabset(tabset) => {
                for tab in &tabset.tabs {
                    self.inlines(&tab.title);
                    self.blocks(&tab.content);
                }
            }
            BlockKind::Cell(cell) => self.inlines(cell.caption.as_deref().unwrap_or(&[])),
            BlockKind::CodeBlock(_) | BlockKind::RawBlock(..) | BlockKind::HorizontalRule | BlockKind::Shortcode(_) => {
            }
        }
    }

    fn table(&mut self, table: &'a Table) {
        self.rows(&table.head);
        for body in &table.bodies {
            self.rows(&body.head);
            self.rows(&body.rows);
        }
        self.rows(&table.foot);
        self.inlines(table.caption.as_ref().map_or(&[], |caption| &caption.content));
    }

    fn rows(&mut self, rows: &'a [Row]) {
        for row in rows {
            row.cells.iter().for_each(|cell| self.blocks(&cell.content));
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            (self.f)(Event::Inline(inline));
            match &inline.kind {
                InlineKind::Emph(content)
                | InlineKind::Strong(content)
                | InlineKind::Strikeout(content)
                | InlineKind::Superscript(content)
                | InlineKind::Subscript(content)
                | InlineKind::Underline(content)
                | InlineKind::SmallCaps(content)
                | InlineKind::Span(_, content) => self.inlines(content),
                InlineKind::Link(link) => self.inlines(&link.content),
                InlineKind::Image(image) => self.inlines(&image.content),
                InlineKind::Cite(cite) => {
                    for citation in &cite.citations {
                        self.inlines(&citation.prefix);
                        self.inlines(&citation.suffix);
                    }
                }
                InlineKind::Note(id) => self.note(*id),
                InlineKind::Str(_)
                | InlineKind::SoftBreak
                | InlineKind::LineBreak
                | InlineKind::Code(..)
                | InlineKind::Math(_)
                | InlineKind::RawInline(..)
                | InlineKind::Shortcode(_)
                | InlineKind::ExampleRef(_)
                | InlineKind::Cell(..) => {}
            }
        }
    }

    /// Reads a note that was not read yet, and the ones that wait for it; within a note, lets it wait.
    fn note(&mut self, id: NoteId) {
        match self.seen.get_mut(id.0 as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => return,
        }
        let within_note = !self.waiting.is_empty();
        self.waiting.push(id);
        if within_note {
            return;
        }
        let mut next = 0;
        while let Some(note) = self.waiting.get(next).and_then(|id| self.notes.get(id.0 as usize)) {
            next += 1;
            (self.f)(Event::EnterNote);
            self.blocks(&note.content);
            (self.f)(Event::LeaveNote);
        }
        self.waiting.clear();
    }
}
