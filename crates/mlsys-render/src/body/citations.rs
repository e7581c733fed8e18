//! Citations, cross-references and the reference list.

use super::Body;
use crate::html;
use mlsys_book::{Cite, Cited, CrossReference, Inline, InlineKind, Reference, Span, Target};

impl<'a> Body<'a> {
    /// A citation or cross-references, as the resolver found. `next` is the text after it, whose punctuation a note follows.
    pub(super) fn cite(&mut self, cite: &'a Cite, span: Span, next: &str) {
        match self.links.cites.get(&span.start) {
            Some(Cited::CrossReferences(references)) => {
                for (i, reference) in references.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.cross_reference(reference);
                }
            }
            Some(Cited::Citation { keys, content, note }) => self.citation(keys, content, *note, next),
            Some(Cited::Text) | None => self.cite_as_written(cite),
        }
    }

    fn cross_reference(&mut self, reference: &'a CrossReference) {
        match &reference.target {
            Some(target) if !self.flat => {
                let url = self.address.href(target);
                self.push("<a");
                html::address_attribute(&mut self.out.text, "href", &url);
                let class = if reference.across { "mlsys-xref" } else { "quarto-xref" };
                self.push(&format!(" class=\"{class}\">"));
                self.flattened(|b| b.inlines(&reference.content));
                self.push("</a>");
            }
            Some(_) => {
                self.push("<span class=\"quarto-xref\">");
                self.inlines(&reference.content);
                self.push("</span>");
            }
            None if reference.resolved => self.inlines(&reference.content),
            None => {
                self.push("<strong class=\"mlsys-unresolved\">");
                self.inlines(&reference.content);
                self.push("</strong>");
            }
        }
        self.inlines(&reference.suffix);
    }

    fn citation(&mut self, keys: &'a [String], content: &'a [Inline], note: bool, next: &str) {
        // A citation in a note needs no note of its own.
        let note = note && !self.flat && !self.in_note();
        let (lead, content) = match content.split_first() {
            // What a style of notes says in the text itself: the author's name.
            Some((Inline { kind: InlineKind::Span(attr, lead), .. }, rest)) if note && attr.has_class("csl-lead") => {
                (Some(lead.as_slice()), rest)
            }
            _ => (None, content),
        };
        let written = if note && lead.is_none() { self.punctuation_before_note(next) } else { 0 };
        self.push("<span class=\"citation\"");
        html::attribute(&mut self.out.text, "data-cites", &keys.join(" "));
        self.push(">");
        self.inlines(lead.unwrap_or(&[]));
        if note {
            let number = self.next_note();
            self.push(&format!(
                "<a href=\"#fn{number}\" class=\"footnote-ref\" id=\"fnref{number}\" role=\"doc-noteref\"><sup>{number}</sup></a>"
            ));
            let text = self.captured(|b| {
                b.push("<p>");
                b.cited_inlines(content);
                b.push("</p>\n");
            });
            self.place_note(number, text, Vec::new());
        } else {
            self.cited_inlines(content);
        }
        self.push("</span>");
        if self.options.citations_in_margin && !self.flat {
            self.works_beside(keys);
        }
        self.written_ahead = written;
    }

    /// A note's mark follows the punctuation and has no space before it. Says how much of the next text that was. Source: Pandoc manual, "Citations in note styles".
    fn punctuation_before_note(&mut self, next: &str) -> usize {
        let length = next.find(|c| !matches!(c, '.' | ',' | ';' | ':' | '!' | '?')).unwrap_or(next.len());
        if length == 0 && !next.is_empty() && !next.starts_with(' ') {
            return 0;
        }
        while self.out.text.ends_with([' ', '\n']) {
            self.out.text.pop();
        }
        self.text(next.get(..length).unwrap_or(""));
        length
    }

    /// Puts the works into the margin that do not stand there yet: each work once, at its first citation.
    fn works_beside(&mut self, keys: &'a [String]) {
        for key in keys {
            let Some(reference) = self.works.get(key.as_str()).copied() else { continue };
            if !self.placed_works.insert(&reference.key) {
                continue;
            }
            let entry = self.captured(|b| b.reference(reference));
            self.margin.push(entry);
        }
    }

    /// Printed inlines whose links to the reference list carry their role.
    fn cited_inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Link(link) if !self.flat && link.url.starts_with("#ref-") => {
                    self.push("<a");
                    match (self.links.references_page, link.url.strip_prefix('#')) {
                        (Some(page), Some(anchor)) => {
                            let target = Target { page, anchor: Some(anchor.to_owned()) };
                            html::address_attribute(&mut self.out.text, "href", &self.address.href(&target));
                        }
                        _ => html::attribute(&mut self.out.text, "href", &link.url),
                    }
                    self.push(" role=\"doc-biblioref\">");
                    self.inlines(&link.content);
                    self.push("</a>");
                }
                InlineKind::Emph(c) => self.cited_element("em", c),
                InlineKind::Strong(c) => self.cited_element("strong", c),
                InlineKind::Superscript(c) => self.cited_element("sup", c),
                _ => self.inlines(std::slice::from_ref(inline)),
            }
        }
    }

    fn cited_element(&mut self, tag: &str, content: &'a [Inline]) {
        self.push(&format!("<{tag}>"));
        self.cited_inlines(content);
        self.push(&format!("</{tag}>"));
    }

    /// What is neither: the author's text.
    fn cite_as_written(&mut self, cite: &'a Cite) {
        let keys: Vec<&str> = cite.citations.iter().map(|c| c.key.as_str()).collect();
        self.push("<span class=\"citation\"");
        html::attribute(&mut self.out.text, "data-cites", &keys.join(" "));
        self.push(">");
        if cite.bracketed {
            self.push("[");
        }
        for (i, citation) in cite.citations.iter().enumerate() {
            if i > 0 {
                self.push("; ");
            }
            if !citation.prefix.is_empty() {
                self.inlines(&citation.prefix);
                self.push(" ");
            }
            if citation.mode == mlsys_book::CitationMode::SuppressAuthor {
                self.push("-");
            }
            self.push("@");
            self.text(&citation.key);
            self.inlines(&citation.suffix);
        }
        if cite.bracketed {
            self.push("]");
        }
        self.push("</span>");
    }

    /// An entry of the reference list.
    fn reference(&mut self, reference: &'a Reference) {
        self.push("<div");
        html::attribute(&mut self.out.text, "id", &format!("ref-{}", reference.key));
        // In the margin an entry stands alone; an item of a list must have its list around it.
        let item = if self.options.citations_in_margin { "" } else { " role=\"listitem\"" };
        self.push(&format!(" class=\"csl-entry\"{item}>"));
        match &reference.label {
            Some(label) => {
                self.push("\n<div class=\"csl-left-margin\">");
                self.inlines(label);
                self.push("</div><div class=\"csl-right-inline\">");
                self.inlines(&reference.content);
                self.push("</div>\n");
            }
            None => self.inlines(&reference.content),
        }
        self.push("</div>\n");
    }

    /// Whether there is a reference list to write.
    pub(super) fn wants_references(&self) -> bool {
        !self.links.bibliography.is_empty() && !self.options.citations_in_margin && !self.options.suppress_bibliography
    }

    /// The reference list, `div#refs`: where the author put it, or at the page's end.
    pub(super) fn references(&mut self) {
        self.references_placed = true;
        let hanging = if self.links.hanging_indent { " hanging-indent" } else { "" };
        self.push(&format!("<div id=\"refs\" class=\"references csl-bib-body{hanging}\" role=\"list\">\n"));
        if self.wants_references() {
            for reference in &self.links.bibliography {
                self.reference(reference);
            }
        }
        self.push("</div>\n");
    }
}
