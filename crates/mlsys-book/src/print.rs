//! Trees as text: one line per block, with its inlines. `tests/parse` uses this notation.

use crate::attr::Attr;
use crate::block::{Block, BlockKind, Caption, Layout, ListItem};
use crate::chapter::Chapter;
use crate::inline::{Citation, CitationMode, Inline, InlineKind, Shortcode};
use crate::table::{Alignment, Row, Table};
use std::fmt::Write;

/// Prints a chapter: its title, blocks and notes.
pub fn print_chapter(chapter: &Chapter) -> String {
    let mut p = Printer { out: String::new(), indent: 0 };
    if let Some(title) = &chapter.title {
        p.line(&format!("Title {}", inlines(title)));
    }
    if let Some(subtitle) = &chapter.subtitle {
        p.line(&format!("Subtitle {}", inlines(subtitle)));
    }
    if !chapter.summary.is_empty() {
        p.nest("Abstract", &chapter.summary);
    }
    p.blocks(&chapter.blocks);
    for (i, note) in chapter.notes.iter().enumerate() {
        let label = note.label.as_deref().map_or(String::new(), |l| format!(" ^{l}"));
        p.nest(&format!("Note {i}{label}"), &note.content);
    }
    p.out
}

/// Prints inlines on one line.
pub fn print_inlines(content: &[Inline]) -> String {
    inlines(content)
}

struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{}", "  ".repeat(self.indent), text.trim_end());
    }

    fn nest(&mut self, head: &str, blocks: &[Block]) {
        self.line(head);
        self.indent += 1;
        self.blocks(blocks);
        self.indent -= 1;
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|b| self.block(b));
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Plain(c) => self.line(&format!("Plain {}", inlines(c))),
            BlockKind::Para(c) => self.line(&format!("Para {}", inlines(c))),
            BlockKind::Header(h) => self.line(&format!("Header {}{} {}", h.level, attr(&h.attr), inlines(&h.content))),
            BlockKind::CodeBlock(c) => self.line(&format!("CodeBlock{} {:?}", attr(&c.attr), c.text)),
            BlockKind::Cell(c) => {
                self.line(&format!("Cell {}{} {:?}", c.language, attr(&c.attr), c.text));
                self.indent += 1;
                for option in &c.options {
                    self.line(&format!("Option {}={:?}", option.key, option.value));
                }
                if let Some(caption) = &c.caption {
                    self.line(&format!("Caption {}", inlines(caption)));
                }
                self.indent -= 1;
            }
            BlockKind::RawBlock(format, text) => self.line(&format!("RawBlock {format} {text:?}")),
            BlockKind::BlockQuote(c) => self.nest("BlockQuote", c),
            BlockKind::BulletList(items) => self.list("BulletList", items),
            BlockKind::OrderedList(l) => {
                self.list(&format!("OrderedList {} {:?} {:?}", l.start, l.style, l.delim), &l.items);
            }
            BlockKind::DefinitionList(items) => {
                self.line("DefinitionList");
                self.indent += 1;
                for item in items {
                    self.line(&format!("Term {}", inlines(&item.term)));
                    item.definitions.iter().for_each(|d| self.nest("Definition", d));
                }
                self.indent -= 1;
            }
            BlockKind::LineBlock(lines) => {
                self.line("LineBlock");
                self.indent += 1;
                lines.iter().for_each(|l| self.line(&format!("Line {}", inlines(l))));
                self.indent -= 1;
            }
            BlockKind::HorizontalRule => self.line("HorizontalRule"),
            BlockKind::Table(t) => self.table(t),
            BlockKind::Div(a, c) => self.nest(&format!("Div{}", attr(a)), c),
            BlockKind::Figure(f) => {
                self.line(&format!("Figure{} {}", attr(&f.attr), inlines(&f.content)));
                self.indent += 1;
                self.line(&format!("Caption {}", inlines(&f.caption)));
                self.indent -= 1;
            }
            BlockKind::Float(f) => {
                let layout = f.layout.as_ref().map_or(String::new(), print_layout);
                self.nest(&format!("Float {} #{}{}{layout}", f.kind, f.label.name, attr(&f.attr)), &f.content);
                self.caption(f.caption.as_ref());
            }
            BlockKind::LayoutPanel(l) => {
                self.nest(&format!("LayoutPanel{}{}", attr(&l.attr), print_layout(&l.layout)), &l.content);
                self.caption(l.caption.as_ref());
            }
            BlockKind::Callout(c) => {
                self.titled(&format!("Callout {}{}", c.kind.name(), attr(&c.attr)), c.title.as_deref(), &c.content);
            }
            BlockKind::Theorem(t) => {
                let head = format!("Theorem {} #{}{}", t.kind, t.label.name, attr(&t.attr));
                self.titled(&head, t.title.as_deref(), &t.content);
            }
            BlockKind::Proof(p) => {
                let label = p.label.as_ref().map_or(String::new(), |l| format!(" #{}", l.name));
                self.titled(&format!("Proof {}{label}{}", p.kind, attr(&p.attr)), p.title.as_deref(), &p.content);
            }
            BlockKind::Algorithm(a) => {
                let label = a.label.as_ref().map_or(String::new(), |l| format!(" #{}", l.name));
                self.line(&format!("Algorithm{label}"));
                self.caption(a.caption.as_ref());
                self.indent += 1;
                for line in &a.lines {
                    let comment = line.comment.as_ref().map_or(String::new(), |c| format!(" // {}", inlines(c)));
                    self.line(&format!("Line {} {:?} {}{comment}", line.depth, line.kind, inlines(&line.content)));
                }
                self.indent -= 1;
            }
            BlockKind::Tabset(t) => {
                self.line(&format!("Tabset{}", attr(&t.attr)));
                self.indent += 1;
                for tab in &t.tabs {
                    self.nest(&format!("Tab{} {}", attr(&tab.attr), inlines(&tab.title)), &tab.content);
                }
                self.indent -= 1;
            }
            BlockKind::Shortcode(s) => self.line(&shortcode(s)),
        }
    }

    fn list(&mut self, head: &str, items: &[ListItem]) {
        self.line(head);
        self.indent += 1;
        for item in items {
            let head = match item.task {
                None => "Item",
                Some(false) => "Item [ ]",
                Some(true) => "Item [x]",
            };
            self.nest(head, &item.content);
        }
        self.indent -= 1;
    }

    fn titled(&mut self, head: &str, title: Option<&[Inline]>, content: &[Block]) {
        self.line(head);
        self.indent += 1;
        if let Some(title) = title {
            self.line(&format!("Title {}", inlines(title)));
        }
        self.blocks(content);
        self.indent -= 1;
    }

    fn caption(&mut self, caption: Option<&Caption>) {
        if let Some(caption) = caption {
            self.indent += 1;
            self.line(&format!("Caption {}", inlines(&caption.content)));
            self.indent -= 1;
        }
    }

    fn table(&mut self, table: &Table) {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| {
                let width = c.width.map_or(String::new(), |w| format!(" {w:.3}"));
                format!("{}{width}", align(c.align))
            })
            .collect();
        self.line(&format!("Table{} [{}]", attr(&table.attr), columns.join(", ")));
        self.caption(table.caption.as_ref());
        self.indent += 1;
        self.rows("Head", &table.head);
        for body in &table.bodies {
            self.rows("BodyHead", &body.head);
            self.rows("Row", &body.rows);
        }
        self.rows("Foot", &table.foot);
        self.indent -= 1;
    }

    fn rows(&mut self, name: &str, rows: &[Row]) {
        for row in rows {
            self.line(&format!("{name}{}", attr(&row.attr)));
            self.indent += 1;
            for cell in &row.cells {
                let mut head = format!("Cell{}", attr(&cell.attr));
                if cell.align != Alignment::Default {
                    let _ = write!(head, " {}", align(cell.align));
                }
                if cell.row_span != 1 || cell.column_span != 1 {
                    let _ = write!(head, " {}x{}", cell.row_span, cell.column_span);
                }
                match &cell.content[..] {
                    [Block { kind: BlockKind::Plain(c), .. }] => self.line(&format!("{head} {}", inlines(c))),
                    content => self.nest(&head, content),
                }
            }
            self.indent -= 1;
        }
    }
}

fn align(align: Alignment) -> &'static str {
    match align {
        Alignment::Default => "default",
        Alignment::Left => "left",
        Alignment::Center => "center",
        Alignment::Right => "right",
    }
}

fn print_layout(layout: &Layout) -> String {
    let mut out = String::new();
    if !layout.rows.is_empty() {
        let _ = write!(out, " layout={:?}", layout.rows);
    }
    if let Some(n) = layout.columns {
        let _ = write!(out, " columns={n}");
    }
    if let Some(n) = layout.row_count {
        let _ = write!(out, " rows={n}");
    }
    out
}

fn attr(attr: &Attr) -> String {
    let mut out = String::new();
    if let Some(id) = &attr.id {
        let _ = write!(out, " #{}{}", id.name, if id.automatic { "?" } else { "" });
    }
    for class in &attr.classes {
        let _ = write!(out, " .{class}");
    }
    for pair in &attr.pairs {
        let _ = write!(out, " {}={:?}", pair.key, pair.value);
    }
    out
}

fn inlines(content: &[Inline]) -> String {
    content.iter().map(inline).collect::<Vec<_>>().join(" ")
}

fn inline(inline: &Inline) -> String {
    match &inline.kind {
        InlineKind::Str(s) => format!("{s:?}"),
        InlineKind::SoftBreak => "SoftBreak".into(),
        InlineKind::LineBreak => "LineBreak".into(),
        InlineKind::Emph(c) => format!("Emph({})", inlines(c)),
        InlineKind::Strong(c) => format!("Strong({})", inlines(c)),
        InlineKind::Strikeout(c) => format!("Strikeout({})", inlines(c)),
        InlineKind::Superscript(c) => format!("Superscript({})", inlines(c)),
        InlineKind::Subscript(c) => format!("Subscript({})", inlines(c)),
        InlineKind::Underline(c) => format!("Underline({})", inlines(c)),
        InlineKind::SmallCaps(c) => format!("SmallCaps({})", inlines(c)),
        InlineKind::Code(a, s) => format!("Code({}{s:?})", spaced(a)),
        InlineKind::Math(m) => {
            format!("{}({}{:?})", if m.display { "DisplayMath" } else { "Math" }, spaced(&m.attr), m.tex)
        }
        InlineKind::RawInline(format, s) => format!("Raw({format} {s:?})"),
        InlineKind::Link(link) => linked("Link", &link.attr, &link.content, &link.url, &link.title),
        InlineKind::Image(image) => linked("Image", &image.attr, &image.content, &image.url, &image.title),
        InlineKind::Cite(c) => {
            let all: Vec<String> = c.citations.iter().map(citation).collect();
            let (open, close) = if c.bracketed { ("[", "]") } else { ("", "") };
            format!("Cite({open}{}{close})", all.join("; "))
        }
        InlineKind::Note(id) => format!("Note({})", id.0),
        InlineKind::Span(a, c) => format!("Span({}{})", spaced(a), inlines(c)),
        InlineKind::Shortcode(s) => shortcode(s),
        InlineKind::ExampleRef(n) => format!("ExampleRef({n})"),
        InlineKind::Cell(language, code) => format!("Cell({language} {code:?})"),
    }
}

fn spaced(a: &Attr) -> String {
    let text = attr(a);
    if text.is_empty() { text } else { format!("{} ", text.trim_start()) }
}

fn linked(name: &str, attr: &Attr, content: &[Inline], url: &str, title: &str) -> String {
    let title = if title.is_empty() { String::new() } else { format!(" title={title:?}") };
    let content = inlines(content);
    let gap = if content.is_empty() { "" } else { " " };
    format!("{name}({}{url:?}{title}{gap}{content})", spaced(attr))
}

fn citation(citation: &Citation) -> String {
    let mut out = String::new();
    if !citation.prefix.is_empty() {
        let _ = write!(out, "{} ", inlines(&citation.prefix));
    }
    out.push_str(match citation.mode {
        CitationMode::AuthorInText => "@@",
        CitationMode::SuppressAuthor => "-@",
        CitationMode::Normal => "@",
    });
    out.push_str(&citation.key);
    if !citation.suffix.is_empty() {
        let _ = write!(out, " {}", inlines(&citation.suffix));
    }
    out
}

fn shortcode(s: &Shortcode) -> String {
    let mut out = format!("Shortcode({}", s.name);
    for arg in &s.args {
        let _ = write!(out, " {arg:?}");
    }
    for (key, value) in &s.pairs {
        let _ = write!(out, " {key}={value:?}");
    }
    out.push(')');
    out
}
