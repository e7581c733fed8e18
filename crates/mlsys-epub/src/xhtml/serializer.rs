//! Writes a tree as XHTML that is valid: elements go where they may, or become others that may.

use super::attributes::{attribute, escape, html_attributes};
use super::foreign;
use super::rules::{Model, Rule, rule};
use super::tree::{Content, Element, NodeId, ROOT, Space, Tree};
use super::{Anchor, Xhtml, document_url};
use crate::paths::{Destination, Paths, relative, xml_id};
use std::borrow::Cow;

/// Elements nested deeper than this are left out; their content stays.
const DEEPEST: u32 = 200;

/// The place of a node: what its parent may contain, and what elements around it rule out.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub model: Model,
    pub depth: u32,
    /// Links do not nest.
    pub in_link: bool,
    /// Terms and header cells have no headings and sections.
    pub is_plain: bool,
    /// Captions of tables have no tables.
    pub in_caption: bool,
}

/// What is to be written next.
pub(super) enum Step {
    Node(NodeId, Place),
    /// A node within SVG or MathML.
    Foreign(NodeId, Place),
    Text(String),
    Close(Cow<'static, str>),
}

/// Writes the tree of a page. It keeps its own stack, because trees may be deep.
pub(super) struct Serializer<'a> {
    pub tree: &'a Tree,
    paths: &'a Paths,
    page: &'a str,
    document: usize,
    /// For each node, true if it or something in it is a block.
    blocks: Vec<bool>,
    pub out: Xhtml,
    pub steps: Vec<Step>,
    /// The open levels of headings: as the author wrote them, and as they are written.
    levels: Vec<(u8, u8)>,
}

impl<'a> Serializer<'a> {
    pub fn new(tree: &'a Tree, paths: &'a Paths, page: &'a str, document: usize) -> Self {
        let blocks = blocks(tree);
        let out = Xhtml { is_described: true, ..Xhtml::default() };
        let (steps, levels) = (Vec::new(), Vec::new());
        Serializer { tree, paths, page, document, blocks, out, steps, levels }
    }

    pub fn written(mut self) -> Xhtml {
        let place = Place { model: Model::Flow, depth: 0, in_link: false, is_plain: false, in_caption: false };
        self.push_children(ROOT, place);
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Node(id, place) => self.node(id, place),
                Step::Foreign(id, place) => foreign::node(&mut self, id, place),
                Step::Text(text) => self.out.content.push_str(&text),
                Step::Close(name) => self.close(&name),
            }
        }
        self.out
    }

    fn close(&mut self, name: &str) {
        self.out.content.push_str("</");
        self.out.content.push_str(name);
        self.out.content.push('>');
    }

    pub fn push_children(&mut self, id: NodeId, place: Place) {
        let children = self.tree.nodes[id].children.iter().rev();
        self.steps.extend(children.map(|child| Step::Node(*child, place)));
    }

    /// The children of a node, with those of the elements that are no elements of a page in their places. White space is left out.
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut stack: Vec<NodeId> = self.tree.nodes[id].children.iter().rev().copied().collect();
        while let Some(child) = stack.pop() {
            let node = &self.tree.nodes[child];
            match &node.content {
                Content::Nothing => {}
                Content::Text(text) if text.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() => {}
                Content::Text(_) => found.push(child),
                Content::Element(element) => match rule_of(element) {
                    Rule::Drop => {}
                    Rule::Unwrap => stack.extend(node.children.iter().rev()),
                    Rule::Block(..) | Rule::Inline(..) | Rule::Part(..) | Rule::Link | Rule::Image | Rule::Control => {
                        found.push(child);
                    }
                },
            }
        }
        found
    }

    pub fn foreign_text(&mut self, id: NodeId) {
        if let Content::Text(text) = &self.tree.nodes[id].content {
            escape(&mut self.out.content, text, false);
        }
    }

    pub fn is(&self, id: NodeId, name: &str) -> bool {
        self.tree.element(id).is_some_and(|element| element.space == Space::Html && &*element.name == name)
    }

    fn node(&mut self, id: NodeId, place: Place) {
        let element = match &self.tree.nodes[id].content {
            Content::Nothing => return,
            Content::Text(text) => return self.text(text, place),
            Content::Element(element) => element,
        };
        if matches!(place.model, Model::Items) {
            return self.item(id, element, place);
        }
        if place.depth > DEEPEST {
            return self.push_children(id, place);
        }
        match element.space {
            Space::Svg | Space::MathMl => foreign::element(self, id, element, place),
            Space::Html => self.html(id, element, place),
        }
    }

    fn text(&mut self, text: &str, place: Place) {
        match place.model {
            Model::Items if text.trim().is_empty() => {}
            Model::Items => {
                self.out.content.push_str("<li>");
                escape(&mut self.out.content, text, false);
                self.out.content.push_str("</li>");
            }
            Model::Flow | Model::Phrasing | Model::Transparent | Model::Figure | Model::Details | Model::Ruby => {
                escape(&mut self.out.content, text, false);
            }
            Model::Empty | Model::Definitions | Model::Table | Model::Columns | Model::Rows | Model::Cells => {}
        }
    }

    /// A child of a list. What is no item becomes the content of one.
    fn item(&mut self, id: NodeId, element: &'a Element, place: Place) {
        let flow = Place { model: Model::Flow, depth: place.depth + 1, ..place };
        match rule_of(element) {
            Rule::Drop => {}
            Rule::Unwrap => self.push_children(id, place),
            Rule::Part("li", _) if place.depth <= DEEPEST => self.open(id, element, "li", flow, ""),
            Rule::Part(..) | Rule::Block(..) | Rule::Inline(..) | Rule::Link | Rule::Image | Rule::Control => {
                self.out.content.push_str("<li>");
                self.steps.push(Step::Close("li".into()));
                self.steps.push(Step::Node(id, flow));
            }
        }
    }

    fn html(&mut self, id: NodeId, element: &'a Element, place: Place) {
        let in_phrase = place.model == Model::Phrasing;
        match rule(&element.name) {
            Rule::Drop => {}
            Rule::Unwrap => self.push_children(id, place),
            Rule::Image => self.image(element, place),
            Rule::Link => self.link_to(id, element, place),
            Rule::Control => {
                let is_box = element.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
                if is_box {
                    self.out.content.push_str(if element.get("checked").is_some() { "☑ " } else { "☐ " });
                }
            }
            Rule::Block("hr", _) if in_phrase => self.out.content.push_str("<br/>"),
            Rule::Block(..) | Rule::Part(..) if in_phrase => {
                // Readers see a line of its own.
                self.open(id, element, "span", self.inside(place, Model::Phrasing), "display: block");
            }
            Rule::Block(name, model) => self.block(id, element, (name, model), place),
            Rule::Part(..) => self.open(id, element, "div", self.inside(place, Model::Flow), ""),
            Rule::Inline(name, model) => self.inline(id, element, (name, model), place),
        }
    }

    pub fn inside(&self, place: Place, model: Model) -> Place {
        Place { model, depth: place.depth + 1, ..place }
    }

    fn block(&mut self, id: NodeId, element: &'a Element, (name, model): (&'static str, Model), place: Place) {
        let inside = self.inside(place, model);
        let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let is_section = matches!(name, "article" | "aside" | "nav" | "section");
        match model {
            _ if place.is_plain && (is_heading || is_section) => {
                let inside = Place { model: if is_heading { Model::Phrasing } else { Model::Flow }, ..inside };
                self.open(id, element, if is_heading { "p" } else { "div" }, inside, "");
            }
            Model::Phrasing if is_heading => {
                let level = self.level(name.as_bytes()[1] - b'0');
                let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level.clamp(1, 6)) - 1];
                self.open(id, element, name, inside, "");
            }
            Model::Phrasing if name == "p" && self.has_block(id) => {
                self.open(id, element, "div", Place { model: Model::Flow, ..inside }, "");
            }
            Model::Definitions => self.definitions(id, element, inside),
            Model::Table if place.in_caption => {
                self.open(id, element, "div", Place { model: Model::Flow, ..inside }, "")
            }
            Model::Table => self.table(id, element, inside),
            Model::Figure => self.figure(id, element, inside),
            Model::Details if place.in_link => {
                self.open(id, element, "div", Place { model: Model::Flow, ..inside }, "")
            }
            Model::Details => self.details(id, element, inside),
            Model::Items if self.children(id).is_empty() => {}
            Model::Flow
            | Model::Phrasing
            | Model::Transparent
            | Model::Empty
            | Model::Items
            | Model::Columns
            | Model::Rows
            | Model::Cells
            | Model::Ruby => self.open(id, element, name, inside, ""),
        }
    }

    fn has_block(&self, id: NodeId) -> bool {
        self.tree.nodes[id].children.iter().any(|child| self.blocks[*child])
    }

    /// The level of a heading, at most one below the heading before it that is around it.
    fn level(&mut self, level: u8) -> u8 {
        while self.levels.pop_if(|(open, _)| *open >= level).is_some() {}
        let written = self.levels.last().map_or(1, |(_, around)| around + 1);
        self.levels.push((level, written));
        written
    }

    fn inline(&mut self, id: NodeId, element: &'a Element, (name, model): (&'static str, Model), place: Place) {
        let has_block = place.model != Model::Phrasing && self.has_block(id);
        match model {
            Model::Empty => {
                self.out.content.push('<');
                self.out.content.push_str(name);
                self.out.content.push_str("/>");
            }
            Model::Transparent if name == "a" => self.anchor(id, element, place),
            Model::Transparent => self.open(id, element, name, self.inside(place, place.model), ""),
            _ if has_block => {
                let style = match name {
                    "b" | "strong" => "font-weight: bold",
                    "cite" | "dfn" | "em" | "i" | "var" => "font-style: italic",
                    "code" | "kbd" | "samp" => "font-family: monospace",
                    _ => "",
                };
                self.open(id, element, "div", self.inside(place, Model::Flow), style);
            }
            Model::Ruby if !self.is_ruby(id) => self.open(id, element, "span", self.inside(place, Model::Phrasing), ""),
            Model::Ruby => {
                self.start(element, "ruby", "");
                self.steps.push(Step::Close("ruby".into()));
                let inside = self.inside(place, Model::Phrasing);
                for child in self.children(id).into_iter().rev() {
                    match self.tree.element(child).filter(|_| self.is(child, "rt")) {
                        Some(_) => {
                            self.steps.push(Step::Text("</rt>".to_owned()));
                            let children = self.tree.nodes[child].children.iter().rev();
                            self.steps.extend(children.map(|child| Step::Node(*child, inside)));
                            self.steps.push(Step::Text("<rt>".to_owned()));
                        }
                        None => self.steps.push(Step::Node(child, inside)),
                    }
                }
            }
            Model::Flow
            | Model::Phrasing
            | Model::Items
            | Model::Definitions
            | Model::Table
            | Model::Columns
            | Model::Rows
            | Model::Cells
            | Model::Figure
            | Model::Details => self.open(id, element, name, self.inside(place, Model::Phrasing), ""),
        }
    }

    /// True if every pronunciation has a text, and the last text has one.
    fn is_ruby(&self, id: NodeId) -> bool {
        let children = self.children(id);
        let is_reading: Vec<bool> = children.iter().map(|child| self.is(*child, "rt")).collect();
        is_reading.first() == Some(&false)
            && is_reading.last() == Some(&true)
            && is_reading.windows(2).all(|pair| pair != [true, true])
    }

    /// Writes an element; its content comes next.
    fn open(&mut self, id: NodeId, element: &Element, name: &'static str, inside: Place, style: &str) {
        self.start(element, name, style);
        if inside.model == Model::Empty {
            self.out.content.truncate(self.out.content.len() - 1);
            return self.out.content.push_str("/>");
        }
        self.steps.push(Step::Close(name.into()));
        self.push_children(id, inside);
    }

    /// Writes a start tag.
    pub fn start(&mut self, element: &Element, name: &str, style: &str) {
        self.out.content.push('<');
        self.out.content.push_str(name);
        self.id(element.get("id"));
        html_attributes(&mut self.out.content, element, name, style);
        if name == "details" {
            attribute(&mut self.out.content, "open", "open");
        }
        self.out.content.push('>');
    }

    /// Writes an id, unless another element has it.
    pub fn id(&mut self, id: Option<&str>) {
        let Some(id) = id.map(str::trim).filter(|id| !id.is_empty()) else { return };
        let id = xml_id(id);
        if self.out.ids.insert(id.clone()) {
            attribute(&mut self.out.content, "id", &id);
        }
    }

    fn anchor(&mut self, id: NodeId, element: &'a Element, place: Place) {
        let inside = self.inside(place, place.model);
        let name = if place.in_link { "span" } else { "a" };
        let inside = if place.in_link && self.has_block(id) { self.inside(place, Model::Phrasing) } else { inside };
        self.out.content.push('<');
        self.out.content.push_str(name);
        self.id(element.get("id").or_else(|| element.get("name")));
        html_attributes(&mut self.out.content, element, name, "");
        if let Some(href) = element.get("href").filter(|_| !place.in_link) {
            let before = self.out.content.len();
            self.href("href", href);
            if self.out.content.len() == before {
                super::drop_role(&mut self.out.content);
            }
        }
        self.out.content.push('>');
        self.steps.push(Step::Close(name.into()));
        self.push_children(id, Place { in_link: true, ..inside });
    }

    /// Writes the URL of a link, if it leads anywhere.
    pub fn href(&mut self, name: &str, url: &str) {
        match self.paths.destination(self.page, self.document, url) {
            Destination::Nowhere => {}
            Destination::Elsewhere(url) => attribute(&mut self.out.content, name, &url),
            Destination::Document(document, anchor) => {
                let own = document == self.document;
                let url = if own { String::new() } else { document_url(self.paths, self.document, document) };
                let Some(anchor) = anchor else {
                    let url = if own { document_url(self.paths, self.document, document) } else { url };
                    return attribute(&mut self.out.content, name, &url);
                };
                let start = self.out.content.len();
                attribute(&mut self.out.content, name, &format!("{url}#{anchor}"));
                let mut otherwise = String::new();
                if !own {
                    attribute(&mut otherwise, name, &url);
                }
                let range = start..self.out.content.len();
                self.out.anchors.push(Anchor { range, document, id: anchor, otherwise });
            }
        }
    }

    /// An image of the package. Any other is a link to itself, with its description for text.
    fn image(&mut self, element: &Element, place: Place) {
        let src = element.get("src").unwrap_or("");
        let Some(path) = self.paths.image(self.page, src) else { return self.lost_image(element, src, place) };
        let path = path.to_owned();
        let url = relative(self.paths.document(self.document), &path);
        self.out.content.push_str("<img");
        self.id(element.get("id"));
        attribute(&mut self.out.content, "src", &url);
        let alt = element.get("alt").unwrap_or("");
        self.out.is_described &= !alt.trim().is_empty();
        attribute(&mut self.out.content, "alt", alt);
        html_attributes(&mut self.out.content, element, "img", "");
        self.out.content.push_str("/>");
        self.out.images.insert(path);
    }

    /// The URL of an image in SVG; `None` for those that are not in the package.
    pub fn image_url(&mut self, url: &str) -> Option<String> {
        let path = self.paths.image(self.page, url)?.to_owned();
        let url = relative(self.paths.document(self.document), &path);
        self.out.images.insert(path);
        Some(url)
    }

    fn lost_image(&mut self, element: &Element, src: &str, place: Place) {
        let alt = element.get("alt").or_else(|| element.get("title")).unwrap_or("").trim();
        let destination = self.paths.destination(self.page, self.document, src);
        self.substitute(element, destination, alt, place);
    }

    /// A link in the place of what a package cannot hold.
    fn link_to(&mut self, id: NodeId, element: &Element, place: Place) {
        let source = || {
            let mut inside = self.tree.descendants(id).filter_map(|child| self.tree.element(child));
            inside.find_map(|child| child.get("src")).map(str::to_owned)
        };
        let url = element.get("src").or_else(|| element.get("data")).map(str::to_owned).or_else(source);
        let label = element.get("title").or_else(|| element.get("aria-label")).unwrap_or("").trim();
        let url = url.unwrap_or_default();
        let destination = self.paths.destination(self.page, self.document, &url);
        let name = url.split(['?', '#']).next().unwrap_or("").trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let label = match (label, &destination) {
            ("", Destination::Elsewhere(url)) if url.contains("//") => url.clone(),
            ("", Destination::Elsewhere(_) | Destination::Document(..) | Destination::Nowhere) => name.to_owned(),
            (label, Destination::Elsewhere(_) | Destination::Document(..) | Destination::Nowhere) => label.to_owned(),
        };
        self.substitute(element, destination, &label, place);
    }

    /// A link, or its text where it leads nowhere.
    fn substitute(&mut self, element: &Element, destination: Destination, label: &str, place: Place) {
        if label.is_empty() {
            return;
        }
        let url = match destination {
            Destination::Elsewhere(url) if !place.in_link => Some(url),
            Destination::Elsewhere(_) | Destination::Document(..) | Destination::Nowhere => None,
        };
        let name = if url.is_some() { "a" } else { "span" };
        self.out.content.push('<');
        self.out.content.push_str(name);
        self.id(element.get("id"));
        attribute(&mut self.out.content, "class", "mlsys-elsewhere");
        if let Some(url) = &url {
            attribute(&mut self.out.content, "href", url);
        }
        self.out.content.push('>');
        escape(&mut self.out.content, label, false);
        self.close(name);
    }
}

/// The rule for an element of any vocabulary.
fn rule_of(element: &Element) -> Rule {
    match element.space {
        Space::Html => rule(&element.name),
        Space::Svg | Space::MathMl => Rule::Inline("span", Model::Phrasing),
    }
}

/// For each node, true if it or something in it is a block.
fn blocks(tree: &Tree) -> Vec<bool> {
    let mut blocks = vec![false; tree.nodes.len()];
    let order: Vec<NodeId> = tree.descendants(ROOT).collect();
    for id in order.into_iter().rev() {
        let Some(element) = tree.element(id).filter(|element| element.space == Space::Html) else { continue };
        blocks[id] = match rule(&element.name) {
            Rule::Block(..) | Rule::Part(..) => true,
            Rule::Inline(..) | Rule::Unwrap => tree.nodes[id].children.iter().any(|child| blocks[*child]),
            Rule::Drop | Rule::Link | Rule::Image | Rule::Control => false,
        };
    }
    blocks
}

/// The text of a tree. A formula's text is its TeX; notes and marks of notes have none.
pub(super) fn plain(tree: &Tree) -> String {
    let mut text = String::new();
    let mut stack = vec![ROOT];
    while let Some(id) = stack.pop() {
        match &tree.nodes[id].content {
            Content::Nothing => {}
            Content::Text(part) => text.push_str(part),
            Content::Element(element) if element.space == Space::MathMl && &*element.name == "math" => {
                text.push_str(element.get("alttext").unwrap_or(""));
                continue;
            }
            Content::Element(element) if &*element.name == "br" => text.push(' '),
            Content::Element(_) => {}
        }
        stack.extend(tree.nodes[id].children.iter().rev());
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
