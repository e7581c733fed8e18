//! Which elements are open. A tag and its other half stand in one paragraph, list item or div of the Markdown around them.

use super::Reader;
use super::elements::{self, Standing, ends_paragraph, is_void, may_stay_open};
use mlsys_book::{Block, BlockKind, Inline, InlineKind, Node, Span};

/// How many elements may be open: the depth of the tree that Chromium builds from a page.
const DEPTH: usize = 512;

/// The elements that are open while a page's text is read.
pub struct Nesting {
    /// The elements of Markdown around the place, outermost first; the first is the text as a whole.
    around: Vec<Container>,
    /// Whether a tag may stand without its other half.
    halves: bool,
    /// Whether there were too many of them: from there on nothing is said of tags.
    is_lost: bool,
}

/// An element of Markdown and the elements of HTML that are open directly in it.
struct Container {
    span: Span,
    open: Vec<Element>,
    /// Whether a heading in it begins a section.
    sections: bool,
    /// Elements that something has ended before their end tags, and what that was.
    ended: Vec<(String, Ending)>,
}

impl Container {
    /// Remembers an element that has ended before its end tag; of many the last ones.
    fn end(&mut self, name: String, ending: Ending) {
        if self.ended.len() == DEPTH {
            self.ended.remove(0);
        }
        self.ended.push((name, ending));
    }
}

/// An open element of HTML.
struct Element {
    name: String,
    span: Span,
    /// The first heading in it.
    heading: Option<Span>,
}

impl Element {
    /// Whether a missing end tag is a mistake of its own: of what is no element it is none.
    fn must_close(&self) -> bool {
        !may_stay_open(&self.name) && elements::element(&self.name) != Standing::Unknown
    }
}

/// What ended an element before its end tag.
enum Ending {
    /// The end tag of an element around it, which was reported.
    Crossed,
    /// What cannot stand in a paragraph.
    Block(Span, Span),
}

impl Default for Nesting {
    fn default() -> Self {
        let text =
            Container { span: Span { start: 0, end: u32::MAX }, open: Vec::new(), sections: true, ended: Vec::new() };
        Nesting { around: vec![text], halves: false, is_lost: false }
    }
}

impl Nesting {
    /// For a file that may open what another one closes.
    pub fn across_files() -> Self {
        Nesting { halves: true, ..Nesting::default() }
    }

    /// Leaves the elements of Markdown that end before a place.
    pub fn leave_for(&mut self, span: Span, reader: &mut Reader<'_>) {
        while self.around.len() > 1 && self.around.last().is_some_and(|container| !container.span.contains(span)) {
            self.leave(reader);
        }
    }

    /// Leaves all of them.
    pub fn end(&mut self, reader: &mut Reader<'_>) {
        while !self.around.is_empty() {
            self.leave(reader);
        }
    }

    fn leave(&mut self, reader: &mut Reader<'_>) {
        let Some(container) = self.around.pop() else { return };
        let place = if self.around.is_empty() { "the text" } else { "the text around it" };
        for element in container.open.iter().filter(|element| element.must_close()) {
            let Element { name, span, .. } = element;
            let finding = reader
                .finding(*span, format!("`<{name}>` is not closed before {place} ends"))
                .hint(format!("write `</{name}>` where it ends"));
            reader.found.push(finding);
        }
    }

    /// Enters an element of Markdown.
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
                match kind {
                    BlockKind::Plain(_) | BlockKind::RawBlock(..) => {}
                    BlockKind::Header(_) => {
                        self.end_paragraph(*span);
                        self.heading(*span);
                    }
                    _ => self.end_paragraph(*span),
                }
                (*span, matches!(kind, BlockKind::Div(..)))
            }
        };
        self.around.push(Container { span, open: Vec::new(), sections, ended: Vec::new() });
    }

    /// A start tag.
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
        if self.around.iter().map(|container| container.open.len()).sum::<usize>() >= DEPTH {
            let finding = reader
                .finding(span, format!("{DEPTH} elements are open here, and browsers nest no deeper"))
                .hint("close them where they end; what follows is not checked");
            reader.found.push(finding);
            self.is_lost = true;
            self.around.truncate(1);
            self.around.iter_mut().for_each(|container| container.open.clear());
            return;
        }
        if let Some(container) = self.around.last_mut() {
            container.open.push(Element { name: name.to_owned(), span, heading: None });
        }
    }

    /// Whether an item, row or cell stands in what it belongs to. What the start tag ends without an end tag is left first.
    fn parent(&mut self, name: &str, span: Span, reader: &mut Reader<'_>) {
        let (ends, parents): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "div"]),
            "tr" => (&["td", "th", "tr"], &["table", "thead", "tbody", "tfoot"]),
            "td" | "th" => (&["td", "th"], &["tr"]),
            _ => return,
        };
        let Some(container) = self.around.last_mut() else { return };
        while container.open.last().is_some_and(|element| ends.contains(&element.name.as_str())) {
            container.open.pop();
        }
        let parent = container.open.last().map(|element| element.name.as_str());
        if !self.halves && !parent.is_some_and(|parent| parents.contains(&parent) || parent == "template") {
            let message = format!("`<{name}>` stands outside of `<{}>`", parents[0]);
            reader.found.push(reader.finding(span, message));
        }
    }

    /// An end tag.
    pub fn finish(&mut self, name: &str, span: Span, reader: &mut Reader<'_>) {
        if self.is_lost {
            return;
        }
        if is_void(name) && !self.is_foreign() {
            let finding = reader
                .finding(span, format!("`</{name}>` closes nothing: `<{name}>` has no content"))
                .hint(format!("write `<{name}>` alone"));
            reader.found.push(finding);
            return;
        }
        let Some(container) = self.around.last_mut() else { return };
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
                let message = format!("`<{name}>` holds a heading, whose section goes on behind `</{name}>`");
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
                    .finding(span, format!("`</{name}>` closes nothing: its paragraph has ended before"))
                    .hint("a paragraph holds no other blocks: use `<div>`, or leave its tags out")
                    .related(reader.place(start), "it began here")
                    .related(reader.place(by), "this ended it");
                reader.found.push(finding);
            }
            return;
        }
        if self.halves {
            return;
        }
        let outside = self.around.iter_mut().rev().skip(1).find_map(|container| {
            let at = container.open.iter().rposition(|element| element.name == name)?;
            Some(container.open.remove(at).span)
        });
        let finding = match outside {
            Some(start) => {
                let message = format!("`</{name}>` closes nothing: `<{name}>` stands outside of the text around it");
                reader.finding(span, message).related(reader.place(start), format!("`<{name}>`"))
            }
            None => reader.finding(span, format!("`</{name}>` closes nothing")),
        };
        reader.found.push(finding.hint(format!("delete it, or write `<{name}>` where it begins")));
    }

    /// Whether the place is within a drawing or a formula, which have tags of their own, or nothing is known of it.
    pub fn is_foreign(&self) -> bool {
        let mut open = self.around.iter().flat_map(|container| &container.open);
        self.is_lost || open.any(|element| matches!(element.name.as_str(), "svg" | "math"))
    }

    /// Ends a `<p>` at what cannot stand in one.
    fn end_paragraph(&mut self, by: Span) {
        let Some(container) = self.around.last_mut() else { return };
        let bounds = ["button", "object", "td", "th", "caption", "table", "template", "svg", "math"];
        let inner =
            container.open.iter().rposition(|element| element.name == "p" || bounds.contains(&element.name.as_str()));
        if let Some(at) = inner.filter(|at| container.open[*at].name == "p") {
            let paragraph = container.open.remove(at);
            container.end(paragraph.name, Ending::Block(paragraph.span, by));
        }
    }

    fn heading(&mut self, heading: Span) {
        if let Some(container) = self.around.last_mut().filter(|container| container.sections) {
            for element in &mut container.open {
                element.heading.get_or_insert(heading);
            }
        }
    }

    fn link_in_link(&mut self, span: Span, what: &str, reader: &mut Reader<'_>) {
        let open = self.around.iter().flat_map(|container| &container.open).rfind(|element| element.name == "a");
        if let Some(outer) = open.map(|element| element.span) {
            let finding = reader
                .finding(span, format!("{what} stands within a link"))
                .hint("close the outer one first, with `</a>`")
                .related(reader.place(outer), "the outer link");
            reader.found.push(finding);
        }
    }
}
