//! The index of a page: labels, ids and the keys it uses.

use crate::boxes::Boxes;
use crate::reading::{Visit, read};
use mlsys_book::{
    Attr, Block, BlockKind, CALLOUT_KINDS, Chapter, ChildrenMut, Definition, DefinitionKind, FLOAT_KINDS, Id, Index,
    Inline, InlineKind, NumberFormat, NumberStyle, Numbering, PageId, Row, Span, Use, Value, custom_floats, key,
    label_kind, name, tex_references,
};
use std::collections::BTreeSet;

/// Builds the index of a page: what may be numbered, the ids that links may target, and the keys that it uses.
///
/// Sources: Quarto, "Cross References" (what has a label), "Numbering".
pub fn index(chapter: &Chapter, page: PageId) -> Index {
    let mut indexer = Indexer {
        boxes: Boxes::of(&chapter.meta),
        custom: custom_floats(&chapter.meta),
        // Headings in the abstract are no sections of the page.
        closed_to_headings: 1,
        floats: Vec::new(),
        open: Vec::new(),
        definitions: Vec::new(),
        ids: Vec::new(),
        uses: Vec::new(),
    };
    read(chapter, &mut |event| indexer.event(event));
    let Indexer { definitions, ids, uses, .. } = indexer;
    let numbering = numbering(&chapter.meta);
    Index {
        page,
        source: chapter.source,
        title: chapter.title.clone(),
        numbering,
        definitions,
        ids,
        uses,
        hidden: chapter.hidden_labels.clone(),
    }
}

fn numbering(meta: &Value) -> Numbering {
    let crossref = meta.value(name!("crossref"));
    let mut numbering = Numbering {
        sections: meta.read(key!("number-sections")),
        depth: meta.read(key!("number-depth")).and_then(|depth| u8::try_from(depth).ok()),
        offset: meta
            .list(name!("number-offset"))
            .iter()
            .map(|offset| offset.as_int().and_then(|n| u32::try_from(n).ok()).unwrap_or(0))
            .take(6)
            .collect(),
        chapters: crossref.and_then(|options| options.read(key!("crossref", "chapters"))),
        ..Numbering::default()
    };
    for entry in crossref.map_or(&[][..], Value::entries) {
        let style = entry.value.as_str().and_then(number_style);
        match (entry.key.strip_suffix("labels").map(|kind| kind.trim_end_matches('-')), style) {
            (Some("subref"), style) => numbering.parts = style.map(|style| style.format),
            (Some(kind), Some(style)) => {
                numbering.formats.insert(kind.to_owned(), style);
            }
            (Some(_), None) | (None, _) => {}
        }
    }
    numbering
}

/// A number style by its name in `crossref`: `arabic`, `alpha a`, `roman I`. Letters begin at the one that is named.
fn number_style(name: &str) -> Option<NumberStyle> {
    let mut words = name.split_whitespace();
    let kind = words.next()?;
    let start = words.next().and_then(|start| start.chars().next());
    let upper = start.is_some_and(char::is_uppercase);
    let format = match kind {
        "arabic" => NumberFormat::Arabic,
        "alpha" if upper => NumberFormat::UpperAlpha,
        "alpha" => NumberFormat::LowerAlpha,
        "roman" if upper => NumberFormat::UpperRoman,
        "roman" => NumberFormat::LowerRoman,
        _ => return None,
    };
    let letter = start.map(|letter| letter.to_ascii_lowercase()).filter(|letter| letter.is_ascii_lowercase());
    let offset = letter.filter(|_| kind == "alpha").map_or(0, |letter| u32::from(letter) - u32::from('a'));
    Some(NumberStyle { format, offset })
}

struct Indexer {
    boxes: Boxes,
    custom: BTreeSet<String>,
    /// The number of open numbered boxes and notes, in which headings have no numbers.
    closed_to_headings: usize,
    /// The definitions of the open floats.
    floats: Vec<usize>,
    /// What to undo at the end of each open block.
    open: Vec<Opened>,
    definitions: Vec<Definition>,
    ids: Vec<Id>,
    uses: Vec<Use>,
}

/// What a block opens, and its end closes.
#[derive(Clone, Copy, Default)]
struct Opened {
    float: bool,
    closes_headings: bool,
}

impl Indexer {
    fn event(&mut self, event: Visit<'_>) {
        match event {
            Visit::EndOfTitle => self.closed_to_headings = 0,
            Visit::EnterNote => self.closed_to_headings += 1,
            Visit::LeaveNote => self.closed_to_headings = self.closed_to_headings.saturating_sub(1),
            Visit::Enter(block) => {
                let opened = self.block(block);
                self.closed_to_headings += usize::from(opened.closes_headings);
                self.open.push(opened);
            }
            Visit::Leave => {
                let opened = self.open.pop().unwrap_or_default();
                self.closed_to_headings = self.closed_to_headings.saturating_sub(usize::from(opened.closes_headings));
                if opened.float {
                    self.floats.pop();
                }
            }
            Visit::Inline(inline) => self.inline(inline),
        }
    }

    fn block(&mut self, block: &Block) -> Opened {
        let mut opened = Opened::default();
        match &block.kind {
            BlockKind::Header(header) => {
                self.id(header.attr.id.as_ref());
                if self.closed_to_headings == 0 {
                    let kind = DefinitionKind::Section { level: header.level, numbered: header.numbered() };
                    self.define(block, kind, header.attr.id.as_ref(), bare(&header.content));
                }
            }
            BlockKind::Div(attr, content) => {
                self.id(attr.id.as_ref());
                if let Some(class) = self.boxes.of_div(attr) {
                    let label = attr.get("label").unwrap_or(&class.label).to_owned();
                    let reference = attr.get("reflabel").or(attr.get("label")).unwrap_or(&class.reference).to_owned();
                    let kind = DefinitionKind::Box {
                        class: class.class.clone(),
                        label,
                        reference,
                        group: class.group.clone(),
                        numbered: attr.get("numbered").map_or(class.numbered, |value| value != "false"),
                        top: self.open.is_empty(),
                    };
                    // The box takes its title, and its id where it has none, from a heading at its beginning.
                    let heading = content.first().and_then(|block| {
                        if let BlockKind::Header(header) = &block.kind { Some(header) } else { None }
                    });
                    let own = heading.and_then(|header| header.attr.id.as_ref()).filter(|id| !id.automatic);
                    let title = match (attr.get("title"), heading) {
                        (Some(title), _) => vec![Inline { span: block.span, kind: InlineKind::Str(title.to_owned()) }],
                        (None, Some(header)) => bare(&header.content),
                        (None, None) => Vec::new(),
                    };
                    self.define(block, kind, attr.id.as_ref().or(own), title);
                    opened.closes_headings = true;
                }
            }
            BlockKind::LayoutPanel(panel) => {
                self.id(panel.attr.id.as_ref());
            }
            BlockKind::Float(float) => {
                self.id(Some(&float.label));
                self.float(block, &float.kind, &float.label);
                opened.float = true;
            }
            BlockKind::Cell(cell) => {
                if let Some(label) = self.cell_label(block, cell) {
                    self.id(Some(&label));
                    let kind = label_kind(&label.name);
                    if let Some(kind) = kind.filter(|kind| self.is_float_kind(kind)) {
                        self.float(block, &kind, &label);
                        opened.float = true;
                    }
                }
            }
            BlockKind::Callout(callout) => {
                self.id(callout.attr.id.as_ref());
                let kind = label_kind(callout.attr.id()).filter(|kind| CALLOUT_KINDS.contains(&kind.as_str()));
                if let Some(kind) = kind {
                    self.define(block, DefinitionKind::Counted(kind), callout.attr.id.as_ref(), Vec::new());
                }
            }
            BlockKind::Theorem(theorem) => {
                self.id(Some(&theorem.label));
                let kind = DefinitionKind::Counted(theorem.kind.clone());
                self.define(block, kind, Some(&theorem.label), Vec::new());
            }
            BlockKind::Proof(proof) => {
                self.id(proof.label.as_ref());
                if let Some(label) = &proof.label {
                    self.define(block, DefinitionKind::Counted(proof.kind.clone()), Some(label), Vec::new());
                }
            }
            BlockKind::Table(table) => {
                self.id(table.attr.id.as_ref());
                self.rows(&table.head);
                for body in &table.bodies {
                    self.id(body.attr.id.as_ref());
                    self.rows(&body.head);
                    self.rows(&body.rows);
                }
                self.rows(&table.foot);
            }
            BlockKind::Algorithm(algorithm) => {
                self.id(algorithm.label.as_ref());
                let kind = DefinitionKind::Counted("alg".to_owned());
                self.define(block, kind, algorithm.label.as_ref(), Vec::new());
            }
            BlockKind::Tabset(tabset) => {
                self.id(tabset.attr.id.as_ref());
                tabset.tabs.iter().for_each(|tab| self.id(tab.attr.id.as_ref()));
            }
            BlockKind::Figure(figure) => self.id(figure.attr.id.as_ref()),
            BlockKind::CodeBlock(code) => self.id(code.attr.id.as_ref()),
            BlockKind::RawBlock(format, text) => self.raw(format, text, block.span),
            BlockKind::Plain(_)
            | BlockKind::Para(_)
            | BlockKind::BlockQuote(_)
            | BlockKind::BulletList(_)
            | BlockKind::OrderedList(_)
            | BlockKind::DefinitionList(_)
            | BlockKind::LineBlock(_)
            | BlockKind::HorizontalRule
            | BlockKind::Shortcode(_) => {}
        }
        opened
    }

    fn inline(&mut self, inline: &Inline) {
        match &inline.kind {
            InlineKind::Cite(cite) => {
                self.uses.extend(cite.citations.iter().map(|c| Use { key: c.key.clone(), span: c.span }));
            }
            InlineKind::Math(math) => {
                let named = tex_references(&math.tex);
                self.uses.extend(named.map(|(_, name, _)| Use { key: name.to_owned(), span: inline.span }));
                self.id(math.attr.id.as_ref());
                for label in &math.labels {
                    self.id(Some(label));
                    self.definitions.push(Definition {
                        start: label.span.start,
                        kind: DefinitionKind::Counted("eq".to_owned()),
                        id: Some(label.clone()),
                        title: Vec::new(),
                        parent: None,
                    });
                }
                if label_kind(math.attr.id()).as_deref() == Some("eq") {
                    self.definitions.push(Definition {
                        start: inline.span.start,
                        kind: DefinitionKind::Counted("eq".to_owned()),
                        id: math.attr.id.clone(),
                        title: Vec::new(),
                        parent: None,
                    });
                }
            }
            InlineKind::Span(attr, _) | InlineKind::Code(attr, _) => self.id(attr.id.as_ref()),
            InlineKind::Link(link) => self.id(link.attr.id.as_ref()),
            InlineKind::Image(image) => self.id(image.attr.id.as_ref()),
            InlineKind::RawInline(format, text) => self.raw(format, text, inline.span),
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
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        }
    }

    fn define(&mut self, block: &Block, kind: DefinitionKind, id: Option<&Id>, title: Vec<Inline>) {
        let definition = Definition { start: block.span.start, kind, id: id.cloned(), title, parent: None };
        self.definitions.push(definition);
    }

    /// Defines a float. A float inside another is a part of the outermost one.
    fn float(&mut self, block: &Block, kind: &str, label: &Id) {
        self.define(block, DefinitionKind::Counted(kind.to_owned()), Some(label), Vec::new());
        if let Some(definition) = self.definitions.last_mut() {
            definition.parent = self.floats.first().copied();
        }
        self.floats.push(self.definitions.len().saturating_sub(1));
    }

    fn is_float_kind(&self, kind: &str) -> bool {
        FLOAT_KINDS.contains(&kind) || self.custom.contains(kind)
    }

    /// The label of a cell: its id or its option `label`. `None` if the enclosing float has the same label.
    fn cell_label(&self, block: &Block, cell: &mlsys_book::Cell) -> Option<Id> {
        let label = match (&cell.attr.id, cell.options.iter().find(|option| option.key == "label")) {
            (Some(id), _) => id.clone(),
            (None, Some(option)) => Id { name: option.value.clone(), span: option.span, automatic: false },
            (None, None) => Id { name: cell.attr.get("label")?.to_owned(), span: block.span, automatic: false },
        };
        let around = self.floats.last().and_then(|float| self.definitions.get(*float));
        let repeated = around.and_then(|float| float.id.as_ref()).is_some_and(|id| id.name == label.name);
        (!repeated && !label.name.is_empty()).then_some(label)
    }

    fn id(&mut self, id: Option<&Id>) {
        self.ids.extend(id.cloned());
    }

    fn rows(&mut self, rows: &[Row]) {
        for row in rows {
            self.id(row.attr.id.as_ref());
            row.cells.iter().for_each(|cell| self.id(cell.attr.id.as_ref()));
        }
    }

    /// Collects the ids in raw HTML: values of `id`, and of `name`, which old anchors use. They count as automatic, so that a
    /// duplicate is not reported as an error in the Markdown.
    fn raw(&mut self, format: &str, text: &str, span: Span) {
        if !matches!(format, "html" | "html5" | "html4") {
            return;
        }
        for (at, _) in text.match_indices('=') {
            let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
            let name = before.get(before.len().saturating_sub(5)..).unwrap_or("").to_ascii_lowercase();
            if !name.ends_with(['d', 'e']) {
                continue;
            }
            let is_id = ["id", "name"].iter().any(|attribute| {
                name.strip_suffix(attribute).is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_whitespace()))
            });
            if !is_id {
                continue;
            }
            let value = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split([quote, '\n', '<']).next(),
                _ => after.split(|c: char| c.is_whitespace() || c == '>').next(),
            };
            let name = value.unwrap_or("").to_owned();
            if !name.is_empty() {
                self.ids.push(Id { name, span, automatic: true });
            }
        }
    }
}

/// The text of a heading as another place may show it: without notes, citations and shortcodes, links reduced to their
/// text, and nothing that is looked up by its place.
pub(crate) fn bare(inlines: &[Inline]) -> Vec<Inline> {
    strip(inlines.to_vec())
}

fn strip(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out = Vec::with_capacity(inlines.len());
    for mut inline in inlines {
        match &mut inline.kind {
            InlineKind::Link(link) => {
                out.extend(strip(std::mem::take(&mut link.content)));
                continue;
            }
            InlineKind::Cite(_)
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::Image(_)
            | InlineKind::RawInline(..) => continue,
            InlineKind::Span(attr, _) => attr.id = None,
            InlineKind::Math(math) => math.attr = Attr::default(),
            kind @ InlineKind::LineBreak => *kind = InlineKind::SoftBreak,
            InlineKind::Emph(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikeout(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::SmallCaps(_)
            | InlineKind::Str(_)
            | InlineKind::SoftBreak
            | InlineKind::Code(..)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        }
        inline.visit_children_mut(|children| {
            if let ChildrenMut::Inlines(_, content) = children {
                *content = strip(std::mem::take(content));
            }
        });
        out.push(inline);
    }
    out
}
