//! Balanced tags. Start and end tag must be in the same paragraph, list item or div of Markdown.

use super::Reader;
use super::elements::{self, Status};
use super::optional_tags::{ends_paragraph, is_void, may_stay_open};
use mlsys_book::{Block, BlockKind, Inline, InlineKind, Node, Span};

/// The nesting limit: Chromium builds no deeper trees.
const DEPTH: usize = 512;

/// The open elements at a position in a page.
pub struct Nesting {
    /// The enclosing Markdown elements, outermost first; the first is the whole text.
    containers: Vec<Container>,
    /// True if start and end tags may be in different files.
    across_files: bool,
    /// True after the nesting limit: from there on tags are not checked.
    is_lost: bool,
}

/// A Markdown element, with the open HTML elements directly in it.
struct Container {
    span: Span,
    open: Vec<Element>,
    /// True if a heading in it starts a section.
    sections: bool,
    /// Elements that ended before their end tags, and why.
    ended: Vec<(String, Ending)>,
}

impl Container {
    /// Records an element that ended before its end tag. Only the last ones are kept.
    fn end(&mut self, name: String, ending: Ending) {
        if self.ended.len() == DEPTH {
            self.ended.remove(0);
        }
        self.ended.push((name, ending));
    }
}

/// An open HTML element.
struct Element {
    name: String,
    span: Span,
    /// The first heading in it.
    heading: Option<Span>,
}

impl Element {
    /// True if a missing end tag is a problem. Unknown elements are reported already.
    fn must_close(&self) -> bool {
        !may_stay_open(&self.name) && elements::element(&self.name) != Status::Unknown
    }
}

/// Why an element ended before its end tag.
enum Ending {
    /// The end tag of an outer element, which is reported already.
    Crossed,
    /// A block that is not allowed in a paragraph: start of the paragraph, and block.
    Block(Span, Span),
}

impl Default for Nesting {
    fn default() -> Self {
        let text =
            Container { span: Span { start: 0, end: u32::MAX }, open: Vec::new(), sections: true, ended: Vec::new() };
        Nesting { containers: vec![text], across_files: false, is_lost: false }
    }
}

impl Nesting {
    /// For files that may close elements of other files.
    pub fn across_files() -> Self {
        Nesting { across_files: true, ..Nesting::default() }
    }

    /// Leaves the Markdown elements that end before a span.
    pub fn leave_for(&mut self, span: Span, reader: &mut Reader<'_>) {
        while self.containers.len() > 1
            && self.containers.last().is_some_and(|container| !container.span.contains(span))
        {
            self.leave(reader);
        }
    }

    /// Leaves all Markdown elements.
    pub fn end(&mut self, reader: &mut Reader<'_>) {
        while !self.containers.is_empty() {
            self.leave(reader);
        }
    }

    fn leave(&mut self, reader: &mut Reader<'_>) {
        let Some(container) = self.containers.pop() else { return };
        let place = if self.containers.is_empty() { "the text" } else { "the enclosing text" };
        for element in container.open.iter().filter(|element| element.must_close()) {
            let Element { name, span, .. } = element;
            let finding = reader
                .finding(*span, format!("`<{name}>` is not closed before {place} ends"))
                .hint(format!("add `</{name}>`"));
            reader.found.push(finding);
        }
    }

    /// Enters a Markdown element.
    pub fn enter(&mut self, node: &Node<'_>, reader: &mut Reader<'_>) {
        if self.is_lost {
            return;
        }
        let (span, sections) = match node {
            Node::Inline(Inline { kind, span }) => {
                let is_leaf = matches!(
                    kind,
                    InlineKind::Str(_)
                        | InlineKind::SoftBreak
                        | InlineKind::LineBreak
                        | InlineKind::Math(_)
                        | InlineKind::Code(..)
                );
                if is_leaf {
                    return;
                }
                if matches!(kind, InlineKind::Link(_)) {
                    self.link_in_link(*span, "a link", reader);
                }
                (*span, false)
            }
            Node::Block(Block { kind, span }) => {
                if !matches!(kind, BlockKind::Plain(_) | BlockKind::RawBlock(..)) {
                    self.end_paragraph(*span);
                }
                if matches!(kind, BlockKind::Header(_)) {
                    self.heading(*span);
                }
                (*span, matches!(kind, BlockKind::Div(..)))
            }
        };
        self.containers.push(Container { span, open: Vec::new(), sections, ended: Vec::new() });
    }

    /// Handles a start tag.
    pub fn start(&mut self, name: &str, self_closing: bool, span: Span, reader: &mut Reader<'_>) {
        if self.is_lost {
            return;
        }
        let foreign = self.is_foreign();
        if !foreign && ends_paragraph(name) {
            self.end_paragraph(span);
        }
        if name == "a" && !foreign {
            self.link_in_link(span, "`<a>`", reader);
        }
        if is_void(name) && !foreign {
            return;
        }
        if !foreign {
            self.parent(name, span, reader);
        }
        if self_closing {
            if !foreign && !matches!(name, "svg" | "math") {
                let finding = reader
                    .finding(span, format!("`<{name}/>` does not close the element"))
                    .hint(format!("write `<{name}></{name}>`"));
                reader.found.push(finding);
            }
            return;
        }
        if self.containers.iter().map(|container| container.open.len()).sum::<usize>() >= DEPTH {
            let finding = reader
                .finding(span, format!("{DEPTH} elements are open here, which is the limit of browsers"))
                .hint("close them; the rest is not checked");
            reader.found.push(finding);
            self.is_lost = true;
            self.containers.truncate(1);
            self.containers.iter_mut().for_each(|container| container.open.clear());
            return;
        }
        if let Some(container) = self.containers.last_mut() {
            container.open.push(Element { name: name.to_owned(), span, heading: None });
        }
    }

    /// Checks that an item, row or cell is in its parent. First closes the elements that the start tag ends implicitly.
    fn parent(&mut self, name: &str, span: Span, reader: &mut Reader<'_>) {
        let (ends, parents): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "div"]),
            "tr" => (&["td", "th", "tr"], &["table", "thead", "tbody", "tfoot"]),
            "td" | "th" => (&["td", "th"], &["tr"]),
            _ => return,
        };
        let Some(container) = self.containers.last_mut() else { return };
        while container.open.last().is_some_and(|element| ends.contains(&element.name.as_str())) {
            container.open.pop();
        }
        let parent = container.open.last().map(|element| element.name.as_str());
        if !self.across_files && !parent.is_some_and(|parent| parents.contains(&parent) || parent == "template") {
            let message = format!("`<{name}>` is outside of `<{}>`", parents[0]);
            reader.found.push(reader.finding(span, message));
        }
    }

    /// Handles an end tag.
    pub fn finish(&mut self, name: &str, span: Span, reader: &mut Reader<'_>) {
        if self.is_lost {
            return;
        }
        if is_void(name) && !self.is_foreign() {
            let finding = reader
                .finding(span, format!("`</{name}>` closes nothing: `<{name}>` has no content"))
                .hint(format!("write only `<{name}>`"));
            reader.found.push(finding);
            return;
        }
        let Some(container) = self.containers.last_mut() else { return };
        if let Some(at) = container.open.iter().rposition(|element| element.name == name) {
            let closed = container.open.split_off(at);
            for crossed in closed.iter().skip(1).filter(|element| element.must_close()) {
                let inner = &crossed.name;
                let finding = reader
                    .finding(crossed.span, format!("`<{inner}>` is still open at `</{name}>`"))
                    .hint(format!("close it first: `</{inner}></{name}>`"))
                    .related(reader.place(span), format!("`</{name}>`"));
                reader.found.push(finding);
                container.end(inner.clone(), Ending::Crossed);
            }
            if let Some(heading) = closed[0].heading {
                let start = closed[0].span;
                let message = format!("`<{name}>` contains a heading whose section continues after `</{name}>`");
                let finding = reader
                    .finding(start, message)
                    .hint("use a div, `:::`, or write the heading in HTML too")
                    .related(reader.place(heading), "the heading");
                reader.found.push(finding);
            }
            return;
        }
        if let Some(at) = container.ended.iter().rposition(|(ended, _)| ended == name) {
            if let (_, Ending::Block(start, by)) = container.ended.remove(at) {
                let finding = reader
                    .finding(span, format!("`</{name}>` closes nothing: its paragraph has already ended"))
                    .hint("a paragraph cannot contain other blocks: use `<div>`, or remove its tags")
                    .related(reader.place(start), "it began here")
                    .related(reader.place(by), "this ended it");
                reader.found.push(finding);
            }
            return;
        }
        if self.across_files {
            return;
        }
        let outside = self.containers.iter_mut().rev().skip(1).find_map(|container| {
            let at = container.open.iter().rposition(|element| element.name == name)?;
            Some(container.open.remove(at).span)
        });
        let finding = match outside {
            Some(start) => {
                let message = format!("`</{name}>` closes nothing: `<{name}>` is outside of the enclosing text");
                reader.finding(span, message).related(reader.place(start), format!("`<{name}>`"))
            }
            None => reader.finding(span, format!("`</{name}>` closes nothing")),
        };
        reader.found.push(finding.hint(format!("delete it, or add `<{name}>`")));
    }

    /// True inside SVG and MathML, which have their own tags, and after the nesting limit.
    pub fn is_foreign(&self) -> bool {
        let mut open = self.containers.iter().flat_map(|container| &container.open);
        self.is_lost || open.any(|element| matches!(element.name.as_str(), "svg" | "math"))
    }

    /// Ends a `<p>` at a block that is not allowed in it.
    fn end_paragraph(&mut self, by: Span) {
        let Some(container) = self.containers.last_mut() else { return };
        let bounds = ["button", "object", "td", "th", "caption", "table", "template", "svg", "math"];
        let inner =
            container.open.iter().rposition(|element| element.name == "p" || bounds.contains(&element.name.as_str()));
        if let Some(at) = inner.filter(|at| container.open[*at].name == "p") {
            let paragraph = container.open.remove(at);
            container.end(paragraph.name, Ending::Block(paragraph.span, by));
        }
    }

    fn heading(&mut self, heading: Span) {
        if let Some(container) = self.containers.last_mut().filter(|container| container.sections) {
            for element in &mut container.open {
                element.heading.get_or_insert(heading);
            }
        }
    }

    fn link_in_link(&mut self, span: Span, what: &str, reader: &mut Reader<'_>) {
        let open = self.containers.iter().flat_map(|container| &container.open).rfind(|element| element.name == "a");
        if let Some(outer) = open.map(|element| element.span) {
            let finding = reader
                .finding(span, format!("{what} is inside a link"))
                .hint("close the outer one first, with `</a>`")
                .related(reader.place(outer), "the outer link");
            reader.found.push(finding);
        }
    }
}
