//! The children of a block or an inline: the one place that knows what each kind of element contains.

use crate::block::{Block, BlockKind};
use crate::inline::{Inline, InlineKind};

/// A run of sibling nodes below a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Children<'a> {
    /// Blocks: the content of a container, of one list item, of one table cell.
    Blocks(&'a [Block]),
    /// Inlines, and what they are to their parent.
    Inlines(Role, &'a [Inline]),
}

/// As [`Children`], to be changed in place.
#[derive(Debug, PartialEq)]
pub enum ChildrenMut<'a> {
    /// Blocks.
    Blocks(&'a mut Vec<Block>),
    /// Inlines, and what they are to their parent.
    Inlines(Role, &'a mut Vec<Inline>),
}

/// What a run of inlines is to the element that contains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text: a paragraph, a line, the content of emphasis, of a span or of a link.
    Text,
    /// The term of a definition list.
    Term,
    /// The text of a heading, or the title of a callout, a theorem, a proof or a tab.
    Title,
    /// The caption of a figure, table, listing, algorithm or cell, or the description of an image.
    Caption,
    /// A line of pseudocode, or its comment.
    Code,
    /// The text before or after the key of a citation.
    Affix,
}

/// Calls `$f` with every run of children of a block. Shared and mutable visits expand the same list, so they cannot drift apart.
macro_rules! block_children {
    ($block:ident, $f:ident, $Children:ident $(, $mut:tt)?) => {
        match &$($mut)? $block.kind {
            BlockKind::Plain(content) | BlockKind::Para(content) => $f($Children::Inlines(Role::Text, content)),
            BlockKind::Header(header) => $f($Children::Inlines(Role::Title, &$($mut)? header.content)),
            BlockKind::BlockQuote(content) | BlockKind::Div(_, content) => $f($Children::Blocks(content)),
            BlockKind::BulletList(items) => {
                for item in items {
                    $f($Children::Blocks(&$($mut)? item.content));
                }
            }
            BlockKind::OrderedList(list) => {
                for item in &$($mut)? list.items {
                    $f($Children::Blocks(&$($mut)? item.content));
                }
            }
            BlockKind::DefinitionList(items) => {
                for item in items {
                    $f($Children::Inlines(Role::Term, &$($mut)? item.term));
                    for definition in &$($mut)? item.definitions {
                        $f($Children::Blocks(definition));
                    }
                }
            }
            BlockKind::LineBlock(lines) => {
                for line in lines {
                    $f($Children::Inlines(Role::Text, line));
                }
            }
            BlockKind::Table(table) => {
                block_children!(@rows &$($mut)? table.head, $f, $Children $(, $mut)?);
                for body in &$($mut)? table.bodies {
                    block_children!(@rows &$($mut)? body.head, $f, $Children $(, $mut)?);
                    block_children!(@rows &$($mut)? body.rows, $f, $Children $(, $mut)?);
                }
                block_children!(@rows &$($mut)? table.foot, $f, $Children $(, $mut)?);
                if let Some(caption) = &$($mut)? table.caption {
                    $f($Children::Inlines(Role::Caption, &$($mut)? caption.content));
                }
            }
            BlockKind::Figure(figure) => {
                $f($Children::Inlines(Role::Text, &$($mut)? figure.content));
                $f($Children::Inlines(Role::Caption, &$($mut)? figure.caption));
            }
            BlockKind::Float(float) => {
                $f($Children::Blocks(&$($mut)? float.content));
                if let Some(caption) = &$($mut)? float.caption {
                    $f($Children::Inlines(Role::Caption, &$($mut)? caption.content));
                }
            }
            BlockKind::LayoutPanel(panel) => {
                $f($Children::Blocks(&$($mut)? panel.content));
                if let Some(caption) = &$($mut)? panel.caption {
                    $f($Children::Inlines(Role::Caption, &$($mut)? caption.content));
                }
            }
            BlockKind::Callout(callout) => {
                if let Some(title) = &$($mut)? callout.title {
                    $f($Children::Inlines(Role::Title, title));
                }
                $f($Children::Blocks(&$($mut)? callout.content));
            }
            BlockKind::Theorem(theorem) => {
                if let Some(title) = &$($mut)? theorem.title {
                    $f($Children::Inlines(Role::Title, title));
                }
                $f($Children::Blocks(&$($mut)? theorem.content));
            }
            BlockKind::Proof(proof) => {
                if let Some(title) = &$($mut)? proof.title {
                    $f($Children::Inlines(Role::Title, title));
                }
                $f($Children::Blocks(&$($mut)? proof.content));
            }
            BlockKind::Algorithm(algorithm) => {
                if let Some(caption) = &$($mut)? algorithm.caption {
                    $f($Children::Inlines(Role::Caption, &$($mut)? caption.content));
                }
                for line in &$($mut)? algorithm.lines {
                    $f($Children::Inlines(Role::Code, &$($mut)? line.content));
                    if let Some(comment) = &$($mut)? line.comment {
                        $f($Children::Inlines(Role::Code, comment));
                    }
                }
            }
            BlockKind::Tabset(tabset) => {
                for tab in &$($mut)? tabset.tabs {
                    $f($Children::Inlines(Role::Title, &$($mut)? tab.title));
                    $f($Children::Blocks(&$($mut)? tab.content));
                }
            }
            BlockKind::Cell(cell) => {
                if let Some(caption) = &$($mut)? cell.caption {
                    $f($Children::Inlines(Role::Caption, caption));
                }
            }
            BlockKind::CodeBlock(_)
            | BlockKind::RawBlock(..)
            | BlockKind::HorizontalRule
            | BlockKind::Shortcode(_) => {}
        }
    };
    (@rows $rows:expr, $f:ident, $Children:ident $(, $mut:tt)?) => {
        for row in $rows {
            for cell in &$($mut)? row.cells {
                $f($Children::Blocks(&$($mut)? cell.content));
            }
        }
    };
}

/// Calls `$f` with every run of children of an inline.
macro_rules! inline_children {
    ($inline:ident, $f:ident, $Children:ident $(, $mut:tt)?) => {
        match &$($mut)? $inline.kind {
            InlineKind::Emph(content)
            | InlineKind::Strong(content)
            | InlineKind::Strikeout(content)
            | InlineKind::Superscript(content)
            | InlineKind::Subscript(content)
            | InlineKind::Underline(content)
            | InlineKind::SmallCaps(content)
            | InlineKind::Span(_, content) => $f($Children::Inlines(Role::Text, content)),
            InlineKind::Link(link) => $f($Children::Inlines(Role::Text, &$($mut)? link.content)),
            InlineKind::Image(image) => $f($Children::Inlines(Role::Caption, &$($mut)? image.content)),
            InlineKind::Cite(cite) => {
                for citation in &$($mut)? cite.citations {
                    $f($Children::Inlines(Role::Affix, &$($mut)? citation.prefix));
                    $f($Children::Inlines(Role::Affix, &$($mut)? citation.suffix));
                }
            }
            InlineKind::Str(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Code(..)
            | InlineKind::Math(_)
            | InlineKind::RawInline(..)
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        }
    };
}

impl Block {
    /// Calls `f` with every run of children, in source order: titles before the content, captions after it.
    ///
    /// Children are direct ones; [`crate::walk`] goes all the way down.
    ///
    /// ```
    /// use mlsys_book::{Block, BlockKind, Children, Inline, InlineKind, ListItem, Span};
    ///
    /// let span = Span::new(0, 0);
    /// let text = |text: &str| vec![Inline { span, kind: InlineKind::Str(text.into()) }];
    /// let item = |t: &str| ListItem { task: None, content: vec![Block { span, kind: BlockKind::Plain(text(t)) }] };
    /// let list = Block { span, kind: BlockKind::BulletList(vec![item("one"), item("two")]) };
    ///
    /// let mut items = 0;
    /// list.visit_children(|children| items += usize::from(matches!(children, Children::Blocks(_))));
    /// assert_eq!(items, 2);
    /// ```
    pub fn visit_children<'a>(&'a self, mut f: impl FnMut(Children<'a>)) {
        block_children!(self, f, Children);
    }

    /// As [`Block::visit_children`], to change the children in place.
    pub fn visit_children_mut(&mut self, mut f: impl FnMut(ChildrenMut<'_>)) {
        block_children!(self, f, ChildrenMut, mut);
    }
}

impl Inline {
    /// Calls `f` with every run of children. A citation's prefixes and suffixes are its children; a note's text is not: it
    /// belongs to the chapter.
    ///
    /// ```
    /// use mlsys_book::{Children, Inline, InlineKind, Role, Span};
    ///
    /// let span = Span::new(0, 0);
    /// let text = vec![Inline { span, kind: InlineKind::Str("loud".into()) }];
    /// let strong = Inline { span, kind: InlineKind::Strong(text.clone()) };
    /// strong.visit_children(|children| assert_eq!(children, Children::Inlines(Role::Text, &text)));
    /// ```
    pub fn visit_children<'a>(&'a self, mut f: impl FnMut(Children<'a>)) {
        inline_children!(self, f, Children);
    }

    /// As [`Inline::visit_children`], to change the children in place.
    pub fn visit_children_mut(&mut self, mut f: impl FnMut(ChildrenMut<'_>)) {
        inline_children!(self, f, ChildrenMut, mut);
    }
}
