//! Depth-first walks over a tree, parents before children, in source order.

use crate::block::Block;
use crate::children::{Children, ChildrenMut};
use crate::inline::Inline;

/// One node of a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node<'a> {
    /// A block.
    Block(&'a Block),
    /// An inline.
    Inline(&'a Inline),
}

/// One node of a tree, to be changed in place.
#[derive(Debug, PartialEq)]
pub enum NodeMut<'a> {
    /// A block.
    Block(&'a mut Block),
    /// An inline.
    Inline(&'a mut Inline),
}

/// Walks over `blocks` and everything below them. Where `f` returns false, the node's children are skipped.
///
/// Titles come before the content that they belong to, captions after it. Notes are not entered: they belong to the chapter.
///
/// ```
/// use mlsys_book::{Block, BlockKind, Inline, InlineKind, Node, Span, walk};
///
/// let span = Span::new(0, 0);
/// let text = Inline { span, kind: InlineKind::Str("Hello".into()) };
/// let quote = BlockKind::BlockQuote(vec![Block { span, kind: BlockKind::Para(vec![text.clone()]) }]);
///
/// let mut words = Vec::new();
/// walk(&[Block { span, kind: quote }], &mut |node| {
///     if let Node::Inline(Inline { kind: InlineKind::Str(text), .. }) = node {
///         words.push(text.clone());
///     }
///     true
/// });
/// assert_eq!(words, ["Hello"]);
/// ```
pub fn walk<'a>(blocks: &'a [Block], f: &mut impl FnMut(Node<'a>) -> bool) {
    for block in blocks {
        if f(Node::Block(block)) {
            block.visit_children(|children| walk_children(children, f));
        }
    }
}

/// Walks over `inlines` and everything below them; see [`walk`].
pub fn walk_inlines<'a>(inlines: &'a [Inline], f: &mut impl FnMut(Node<'a>) -> bool) {
    for inline in inlines {
        if f(Node::Inline(inline)) {
            inline.visit_children(|children| walk_children(children, f));
        }
    }
}

fn walk_children<'a>(children: Children<'a>, f: &mut impl FnMut(Node<'a>) -> bool) {
    match children {
        Children::Blocks(blocks) => walk(blocks, f),
        Children::Inlines(_, inlines) => walk_inlines(inlines, f),
    }
}

/// As [`walk`], to change nodes in place. The children of a node are visited after `f` has changed it.
pub fn walk_mut(blocks: &mut [Block], f: &mut impl FnMut(NodeMut<'_>) -> bool) {
    for block in blocks {
        if f(NodeMut::Block(block)) {
            block.visit_children_mut(|children| walk_children_mut(children, f));
        }
    }
}

/// As [`walk_inlines`], to change nodes in place.
///
/// ```
/// use mlsys_book::{Inline, InlineKind, NodeMut, Span, plain_text, walk_inlines_mut};
///
/// let span = Span::new(0, 0);
/// let text = Inline { span, kind: InlineKind::Str("quiet".into()) };
/// let mut inlines = vec![Inline { span, kind: InlineKind::Strikeout(vec![text]) }];
/// walk_inlines_mut(&mut inlines, &mut |node| {
///     if let NodeMut::Inline(Inline { kind: InlineKind::Str(text), .. }) = node {
///         *text = text.to_uppercase();
///     }
///     true
/// });
/// assert_eq!(plain_text(&inlines), "QUIET");
/// ```
pub fn walk_inlines_mut(inlines: &mut [Inline], f: &mut impl FnMut(NodeMut<'_>) -> bool) {
    for inline in inlines {
        if f(NodeMut::Inline(inline)) {
            inline.visit_children_mut(|children| walk_children_mut(children, f));
        }
    }
}

fn walk_children_mut(children: ChildrenMut<'_>, f: &mut impl FnMut(NodeMut<'_>) -> bool) {
    match children {
        ChildrenMut::Blocks(blocks) => walk_mut(blocks, f),
        ChildrenMut::Inlines(_, inlines) => walk_inlines_mut(inlines, f),
    }
}
