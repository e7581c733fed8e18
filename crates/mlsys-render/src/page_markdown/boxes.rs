//! Callouts, numbered boxes, theorems, tabs and algorithms: quotations and lines with a title in bold.

use super::Walker;
use crate::body::theorems::proof_label;
use mlsys_book::{
    Algorithm, AlgorithmLineKind, Attr, Block, BlockKind, Callout, CalloutKind, Inline, Proof, Span, Tabset, Theorem,
};

impl<'a> Walker<'a> {
    /// A quotation with a title.
    fn titled(&mut self, id: &str, title: &str, content: &'a [Block]) {
        let anchor = self.anchor(id);
        self.quoted(|w| {
            if !title.is_empty() || !anchor.is_empty() {
                let title = if title.is_empty() { String::new() } else { format!("**{title}**") };
                w.paragraph(&format!("{anchor}{title}"));
            }
            w.blocks(content);
        });
    }

    pub(super) fn numbered_box(&mut self, attr: &'a Attr, content: &'a [Block], span: Span, class: usize) {
        let number = self.links.numbers.get(&span.start);
        let of_class = self.options.boxes.get(class).map_or("", |class| &class.label).to_owned();
        let label = number.map(|number| number.label.as_str()).or(attr.get("label")).map_or(of_class, str::to_owned);
        let mut title = self.escaped(&label);
        let mut id = attr.id();
        let content = if let Some(own) = attr.get("title") {
            title.push_str(&format!(": {}", self.escaped(own)));
            content
        } else if let Some((Block { kind: BlockKind::Header(header), .. }, rest)) = content.split_first() {
            title.push_str(&format!(": {}", self.line_of(&header.content)));
            id = if id.is_empty() { header.attr.id() } else { id };
            rest
        } else {
            content
        };
        let links = self.links;
        let of_number = || links.numbers.get(&span.start).and_then(|number| number.id.as_deref());
        let id = if id.is_empty() { of_number().unwrap_or("") } else { id };
        self.titled(id, &title, content);
    }

    pub(super) fn callout(&mut self, callout: &'a Callout, span: Span) {
        let word = self.words.get(&format!("callout-{}-title", callout.kind.name()));
        let number = self.links.numbers.get(&span.start).filter(|_| !callout.attr.id().is_empty());
        let label = match number {
            Some(number) => self.escaped(&number.label),
            None if callout.kind == CalloutKind::None => String::new(),
            None => self.escaped(&word),
        };
        let title = callout.title.as_deref().map(|title| self.line_of(title)).unwrap_or_default();
        let colon = if label.is_empty() || title.is_empty() { "" } else { ": " };
        self.titled(callout.attr.id(), &format!("{label}{colon}{title}"), &callout.content);
    }

    pub(super) fn theorem(&mut self, theorem: &'a Theorem, span: Span) {
        let label = self.links.numbers.get(&span.start).map_or("", |number| &number.label).replace('\u{a0}', " ");
        self.statement(&theorem.label.name, &label, theorem.title.as_deref(), "**", &theorem.content);
    }

    pub(super) fn proof(&mut self, proof: &'a Proof, span: Span) {
        let label = proof_label(proof, span, self.links, &self.words);
        let id = proof.label.as_ref().map_or("", |id| &id.name);
        self.statement(id, &label, proof.title.as_deref(), "*", &proof.content);
    }

    /// Blocks with a title at the start of the first paragraph.
    fn statement(&mut self, id: &str, label: &str, title: Option<&'a [Inline]>, marks: &str, content: &'a [Block]) {
        let title = title.map(|title| format!(" ({})", self.line_of(title))).unwrap_or_default();
        let label = self.escaped(label);
        let mut text = format!("{}{marks}{label}{title}.{marks}", self.anchor(id));
        let mut rest = content;
        if let Some((Block { kind: BlockKind::Para(first) | BlockKind::Plain(first), .. }, after)) =
            content.split_first()
        {
            let first = self.text_of(first);
            text.push_str(&format!(" {first}"));
            rest = after;
        }
        self.paragraph(&text);
        self.blocks(rest);
    }

    /// Tabs one after the other, each with its title.
    pub(super) fn tabset(&mut self, tabset: &'a Tabset) {
        for tab in &tabset.tabs {
            let title = self.line_of(&tab.title);
            let anchor = self.anchor(tab.attr.id());
            if !title.is_empty() {
                self.paragraph(&format!("{anchor}**{title}**"));
            }
            self.unless_hidden(&tab.attr, |w| w.blocks(&tab.content));
        }
    }

    /// Pseudocode: a line of Markdown for each line, with its number and its indentation.
    pub(super) fn algorithm(&mut self, algorithm: &'a Algorithm, span: Span) {
        let is = |key: &str, default: bool| algorithm.option(key).map_or(default, |value| value != "false");
        let (is_numbered, no_end) = (is("html-line-number", true), is("html-no-end", false));
        let after_number = algorithm.option("html-line-number-punc").unwrap_or(":");
        let delimiter = algorithm.option("html-comment-delimiter").unwrap_or("//");
        if algorithm.caption.is_some() || algorithm.label.is_some() {
            let number = self.links.numbers.get(&span.start).map_or("", |number| &number.label);
            let (first, rest) = number.split_at(number.chars().next().map_or(0, char::len_utf8));
            let label = first.to_uppercase() + rest;
            let caption = algorithm.caption.as_ref().map_or(&[][..], |caption| &caption.content);
            let id = algorithm.label.as_ref().map_or("", |id| &id.name);
            self.caption(&label, "", caption, id);
        }
        let mut lines = Vec::new();
        let mut count = 0;
        for line in &algorithm.lines {
            let has_number = match line.kind {
                AlgorithmLineKind::End if no_end => continue,
                AlgorithmLineKind::Statement | AlgorithmLineKind::End => is_numbered,
                AlgorithmLineKind::Condition | AlgorithmLineKind::Unnumbered => false,
            };
            let mut text = String::new();
            if has_number {
                count += 1;
                text.push_str(&format!("{count}{after_number} "));
            }
            text.push_str(&"\u{a0}\u{a0}".repeat((line.depth as usize).min(50)));
            text.push_str(&self.line_of(&line.content));
            if let Some(comment) = &line.comment {
                text.push_str(&format!(" {delimiter} {}", self.line_of(comment)));
            }
            lines.push(text);
        }
        self.paragraph(&lines.join("\\\n"));
    }
}
