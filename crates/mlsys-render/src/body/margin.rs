//! Margin content: notes, works, asides.
//!
//! It is queued while its paragraph, or the outermost list, table or callout around it, is written; then it follows in one
//! container. So it stays with its own text and never joins another paragraph's.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Attr, Block, BlockKind};

impl Body<'_> {
    /// Writes the queued margin content, if the current place allows it.
    pub(super) fn flush_margin(&mut self) {
        if self.hold > 0 || self.margin.is_empty() {
            return;
        }
        self.widen();
        let items = std::mem::take(&mut self.margin);
        let tag = Tag::new("div").class("no-row-height column-margin column-container");
        self.lines(tag, |b| items.iter().for_each(|item| b.raw(item)));
    }

    /// Marks the open elements as containing content that leaves the text column.
    pub(super) fn widen(&mut self) {
        self.page_columns = true;
        self.out.mark_open();
    }
}

/// True if a class moves its element into the margin.
pub(super) fn is_margin_class(class: &str) -> bool {
    class == "column-margin" || class == "aside"
}

/// True if a class makes its element wider than the text. Source: Quarto, "Article Layout".
pub(super) fn is_wide_class(class: &str) -> bool {
    class.starts_with("column-body-outset") || class.starts_with("column-page") || class.starts_with("column-screen")
}

/// True if attributes move their element into the margin.
pub(crate) fn in_margin(attr: &Attr) -> bool {
    attr.classes.iter().any(|c| is_margin_class(c))
}

/// True if a block is margin content.
pub(crate) fn is_margin_block(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Div(attr, _) => in_margin(attr),
        BlockKind::Float(float) => in_margin(&float.attr),
        BlockKind::Figure(figure) => {
            in_margin(&figure.attr)
                || super::figures::image_of(&figure.content).is_some_and(|(i, _)| in_margin(&i.attr))
        }
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
        | BlockKind::LayoutPanel(_)
        | BlockKind::Callout(_)
        | BlockKind::Theorem(_)
        | BlockKind::Proof(_)
        | BlockKind::Tabset(_)
        | BlockKind::Algorithm(_)
        | BlockKind::Shortcode(_) => false,
    }
}
