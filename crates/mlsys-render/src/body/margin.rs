//! The margin: notes, works, asides and whatever else stands beside the text.
//!
//! Margin content waits while its paragraph, or the outermost list, table or callout that holds it, is written; then it follows
//! in one container. So it stays beside its own text and is never joined to another paragraph's.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Attr, Block, BlockKind};

impl Body<'_> {
    /// Writes the waiting margin content, if it can stand here.
    pub(super) fn flush_margin(&mut self) {
        if self.hold > 0 || self.margin.is_empty() {
            return;
        }
        self.widen();
        let items = std::mem::take(&mut self.margin);
        let tag = Tag::new("div").class("no-row-height column-margin column-container");
        self.lines(tag, |b| items.iter().for_each(|item| b.raw(item)));
    }

    /// Tells the elements around the current place that something in them leaves the text's column.
    pub(super) fn widen(&mut self) {
        self.page_columns = true;
        self.out.mark_open();
    }
}

/// Whether a class puts its element into the margin.
pub(super) fn is_margin_class(class: &str) -> bool {
    class == "column-margin" || class == "aside"
}

/// Whether a class makes its element wider than the text. Source: Quarto, "Article Layout".
pub(super) fn is_wide_class(class: &str) -> bool {
    class.starts_with("column-body-outset") || class.starts_with("column-page") || class.starts_with("column-screen")
}

/// Whether attributes put their element into the margin.
pub(super) fn in_margin(attr: &Attr) -> bool {
    attr.classes.iter().any(|c| is_margin_class(c))
}

/// Whether a block stands in the margin by itself.
pub(super) fn is_margin_block(block: &Block) -> bool {
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
