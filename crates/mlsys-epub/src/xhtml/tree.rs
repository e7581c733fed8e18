//! The tree of a page, as a browser builds it from HTML of any quality.

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The parser gets its input in pieces of about this many bytes, and the tree is measured after each.
const PIECE: usize = 4 << 10;

/// Elements nested deeper than this end the tree: what follows starts at the top again.
const DEEPEST: u32 = 1024;

/// The index of a node in its tree.
pub(super) type NodeId = usize;

/// The node that contains all others.
pub(super) const ROOT: NodeId = 0;

/// A page's nodes. Comments are left out.
pub(super) struct Tree {
    pub nodes: Vec<Node>,
}

/// A node with its place in the tree.
pub(super) struct Node {
    parent: Option<NodeId>,
    depth: u32,
    pub children: Vec<NodeId>,
    pub content: Content,
}

/// What a node is.
pub(super) enum Content {
    /// The root, or a node without meaning for readers.
    Nothing,
    Text(String),
    Element(Element),
}

/// An element.
pub(super) struct Element {
    pub space: Space,
    pub name: LocalName,
    pub attributes: Vec<Attribute>,
}

/// The vocabulary of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Html,
    Svg,
    MathMl,
}

impl Element {
    /// The value of an attribute without a namespace.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name.ns == ns!() && &*a.name.local == name).map(|a| &*a.value)
    }
}

impl Tree {
    /// The tree of the content of `body`.
    ///
    /// HTML can ask for more elements than it has bytes: every paragraph repeats the formatting elements that are still open. A
    /// tree that grows so, or gets too deep, is closed, and the rest of the page follows at the top. So the time is linear.
    pub fn new(html: &str) -> Tree {
        let sink = Sink::new();
        let mut rest = html;
        loop {
            let read = parse(&sink, rest);
            rest = &rest[read..];
            if rest.is_empty() {
                return Tree { nodes: sink.nodes.into_inner() };
            }
        }
    }

    /// The element of a node.
    pub fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes.get(id)?.content {
            Content::Element(element) => Some(element),
            Content::Nothing | Content::Text(_) => None,
        }
    }

    /// The node that a node is in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.get(id)?.parent
    }

    /// The nodes below a node in document order.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut stack: Vec<NodeId> = self.nodes[id].children.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(self.nodes[next].children.iter().rev());
            Some(next)
        })
    }

    /// The text below a node.
    pub fn text(&self, id: NodeId) -> String {
        let mut text = String::new();
        for node in self.descendants(id) {
            if let Content::Text(part) = &self.nodes[node].content {
                text.push_str(part);
            }
        }
        text
    }
}

/// Parses until the end, or until the tree outgrows its input. Returns the number of bytes read.
fn parse(sink: &Sink, html: &str) -> usize {
    sink.is_too_deep.set(false);
    let start = sink.nodes.borrow().len();
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let mut parser = parse_fragment(Part { sink }, ParseOpts::default(), body, Vec::new(), false);
    let mut read = 0;
    while read < html.len() {
        let next = html[read..].char_indices().skip_while(|(at, c)| *at < PIECE || *c != '<').map(|(at, _)| at).next();
        let end = next.map_or(html.len(), |next| read + next);
        parser.process(StrTendril::from_slice(&html[read..end]));
        read = end;
        let grown = sink.nodes.borrow().len() - start;
        if sink.is_too_deep.get() || grown > read + PIECE {
            break;
        }
    }
    parser.finish();
    read
}

/// Collects the nodes of all parts of a page.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    is_too_deep: Cell<bool>,
}

impl Sink {
    fn new() -> Self {
        let root = Node { parent: None, depth: 0, children: Vec::new(), content: Content::Nothing };
        Sink { nodes: RefCell::new(vec![root]), is_too_deep: Cell::new(false) }
    }

    fn push(&self, content: Content) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, depth: 0, children: Vec::new(), content });
        nodes.len() - 1
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take()
            && let Some(at) = nodes[parent].children.iter().rposition(|child| *child == id)
        {
            nodes[parent].children.remove(at);
        }
    }

    /// Inserts a child before the child at `at`.
    fn insert(&self, parent: NodeId, at: usize, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.detach(child.id);
                let mut nodes = self.nodes.borrow_mut();
                let at = at.min(nodes[parent].children.len());
                let depth = nodes[parent].depth + 1;
                nodes[child.id].parent = Some(parent);
                nodes[child.id].depth = depth;
                nodes[parent].children.insert(at, child.id);
                if depth > DEEPEST {
                    self.is_too_deep.set(true);
                }
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).and_then(|before| nodes[parent].children.get(before)).copied();
                if let Some(before) = before
                    && let Content::Text(written) = &mut nodes[before].content
                {
                    return written.push_str(&text);
                }
                let depth = nodes[parent].depth + 1;
                let content = Content::Text(text.into());
                nodes.push(Node { parent: Some(parent), depth, children: Vec::new(), content });
                let id = nodes.len() - 1;
                nodes[parent].children.insert(at, id);
            }
        }
    }

    fn append(&self, parent: NodeId, child: NodeOrText<Handle>) {
        let end = self.nodes.borrow()[parent].children.len();
        self.insert(parent, end, child);
    }

    fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.borrow()[id].parent
    }
}

/// A node for the parser.
#[derive(Clone)]
struct Handle {
    id: NodeId,
    name: Rc<QualName>,
}

/// One run of the parser.
struct Part<'s> {
    sink: &'s Sink,
}

impl Part<'_> {
    fn nameless(id: NodeId) -> Handle {
        Handle { id, name: Rc::new(QualName::new(None, ns!(), local_name!(""))) }
    }
}

impl TreeSink for Part<'_> {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a>
        = ExpandedName<'a>
    where
        Self: 'a;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Part::nameless(ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let space = match name.ns {
            ns!(svg) => Space::Svg,
            ns!(mathml) => Space::MathMl,
            _ => Space::Html,
        };
        let id = self.sink.push(Content::Element(Element { space, name: name.local.clone(), attributes }));
        Handle { id, name: Rc::new(name) }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Part::nameless(self.sink.push(Content::Nothing))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Part::nameless(self.sink.push(Content::Nothing))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.sink.append(parent.id, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        match self.sink.parent(element.id) {
            Some(_) => self.append_before_sibling(element, child),
            None => self.sink.append(previous.id, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, _: &Handle) -> Handle {
        // What a template holds is not shown.
        Part::nameless(self.sink.push(Content::Nothing))
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        let Some(parent) = self.sink.parent(sibling.id) else { return };
        if let NodeOrText::AppendNode(node) = &node {
            self.sink.detach(node.id);
        }
        let at = self.sink.nodes.borrow()[parent].children.iter().rposition(|child| *child == sibling.id);
        self.sink.insert(parent, at.unwrap_or(usize::MAX), node);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let Content::Element(element) = &mut self.sink.nodes.borrow_mut()[target.id].content {
            for attribute in attributes {
                if element.attributes.iter().all(|known| known.name != attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.sink.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let children = std::mem::take(&mut self.sink.nodes.borrow_mut()[node.id].children);
        let mut nodes = self.sink.nodes.borrow_mut();
        for child in &children {
            nodes[*child].parent = Some(new_parent.id);
        }
        nodes[new_parent.id].children.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_repeats_itself_is_cut() {
        let bold: String = (0..4000).map(|i| format!("<b id=\"{i}\">")).collect();
        let tree = Tree::new(&(bold + &"<p>x".repeat(4000)));
        assert!(tree.nodes.len() < 4_000_000, "{}", tree.nodes.len());
        assert_eq!(tree.text(ROOT).len(), 4000);
        let tree = Tree::new(&("<div>".repeat(100_000) + "x"));
        assert!(tree.nodes.iter().all(|node| node.depth < 4000));
    }
}
