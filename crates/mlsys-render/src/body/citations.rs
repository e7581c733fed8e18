//! Citations, cross-references and the reference list.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Cite, Cited, CrossReference, Inline, InlineKind, Reference, Span, Target};

impl<'a> Body<'a> {
    /// A citation or cross-references, as resolved. `next` is the text after it, because a note mark follows its punctuation.
    pub(super) fn cite(&mut self, cite: &'a Cite, span: Span, next: &str) {
        match self.links.cites.get(&span.start) {
            Some(Cited::CrossReferences(references)) => {
                for (i, reference) in references.iter().enumerate() {
                    if i > 0 {
                        self.text(", ");
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
                let class = if reference.across { "mlsys-xref" } else { "quarto-xref" };
                let href = self.urls.href(target);
                let tag = Tag::new("a").url("href", href.strip_prefix("./").unwrap_or(&href)).class(class);
                self.element(tag, |b| b.flattened(|b| b.inlines(&reference.content)));
            }
            Some(_) => self.element(Tag::new("span").class("quarto-xref"), |b| b.inlines(&reference.content)),
            None if reference.resolved => self.inlines(&reference.content),
            None => self.element(Tag::new("strong").class("mlsys-unresolved"), |b| b.inlines(&reference.content)),
        }
        self.inlines(&reference.suffix);
    }

    fn citation(&mut self, keys: &'a [String], content: &'a [Inline], note: bool, next: &str) {
        // Inside a note, a citation needs no note of its own.
        let note = note && !self.flat && !self.in_note();
        // The author's name, which a note style puts into the text itself.
        let (lead, content) = if let Some((Inline { kind: InlineKind::Span(attr, lead), .. }, rest)) =
            content.split_first()
            && note
            && attr.has_class("csl-lead")
        {
            (Some(lead.as_slice()), rest)
        } else {
            (None, content)
        };
        let written = if note && lead.is_none() { self.punctuation_before_note(next) } else { 0 };
        self.element(Tag::new("span").class("citation").attr("data-cites", keys.join(" ")), |b| {
            b.inlines(lead.unwrap_or(&[]));
            if note {
                b.citation_note(|b| b.cited_inlines(content));
            } else {
                b.cited_inlines(content);
            }
        });
        if self.options.citations_in_margin && !self.flat {
            self.works_in_margin(keys);
        }
        self.written_ahead = written;
    }

    /// A note mark follows the punctuation, without a space. Returns the length of the text that was written ahead. Source:
    /// Pandoc manual, "Citations in note styles".
    fn punctuation_before_note(&mut self, next: &str) -> usize {
        let Some(length) = punctuation(next) else { return 0 };
        self.out.trim_end();
        self.text(next.get(..length).unwrap_or(""));
        length
    }

    /// Adds works to the margin, each at its first citation on the page.
    fn works_in_margin(&mut self, keys: &'a [String]) {
        for key in keys {
            let Some(reference) = self.works.get(key.as_str()).copied() else { continue };
            if !self.placed_works.insert(&reference.key) {
                continue;
            }
            let entry = self.captured(|b| b.reference(reference));
            self.margin.push(entry);
        }
    }

    /// Formatted citation text. Its links to the reference list have the role `doc-biblioref`.
    fn cited_inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            if let InlineKind::Link(link) = &inline.kind
                && !self.flat
                && link.url.starts_with("#ref-")
            {
                let tag = match (self.links.references_page, link.url.strip_prefix('#')) {
                    (Some(page), Some(anchor)) => {
                        let target = Target { page, anchor: Some(anchor.to_owned()) };
                        Tag::new("a").url("href", &self.urls.href(&target))
                    }
                    (Some(_), None) | (None, _) => Tag::new("a").attr("href", &link.url),
                };
                self.element(tag.attr("role", "doc-biblioref"), |b| b.inlines(&link.content));
            } else if let Some((name, content)) = emphasis(&inline.kind) {
                self.element(Tag::new(name), |b| b.cited_inlines(content));
            } else {
                self.inlines(std::slice::from_ref(inline));
            }
        }
    }

    /// An unresolved citation: the author's text.
    fn cite_as_written(&mut self, cite: &'a Cite) {
        let keys: Vec<&str> = cite.citations.iter().map(|c| c.key.as_str()).collect();
        self.element(Tag::new("span").class("citation").attr("data-cites", keys.join(" ")), |b| {
            if cite.bracketed {
                b.text("[");
            }
            for (i, citation) in cite.citations.iter().enumerate() {
                if i > 0 {
                    b.text("; ");
                }
                if !citation.prefix.is_empty() {
                    b.inlines(&citation.prefix);
                    b.text(" ");
                }
                if citation.mode == mlsys_book::CitationMode::SuppressAuthor {
                    b.text("-");
                }
                b.text("@");
                b.text(&citation.key);
                b.inlines(&citation.suffix);
            }
            if cite.bracketed {
                b.text("]");
            }
        });
    }

    /// An entry of the reference list.
    fn reference(&mut self, reference: &'a Reference) {
        // `listitem` needs a list around it; in the margin an entry is alone.
        let role = Some("listitem").filter(|_| !self.options.citations_in_margin);
        let tag = Tag::new("div").id(&format!("ref-{}", reference.key)).class("csl-entry").maybe("role", role);
        self.line(tag, |b| match &reference.label {
            Some(label) => {
                b.newline();
                b.element(Tag::new("div").class("csl-left-margin"), |b| b.inlines(label));
                b.line(Tag::new("div").class("csl-right-inline"), |b| b.inlines(&reference.content));
            }
            None => b.inlines(&reference.content),
        });
    }

    /// The reference list, `div#refs`, at the author's place or at the end of the page.
    pub(super) fn references(&mut self) {
        self.references_placed = true;
        let tag = Tag::new("div").id("refs").class("references csl-bib-body");
        let tag = tag.when(self.links.hanging_indent, |t| t.class("hanging-indent")).attr("role", "list");
        self.lines(tag, |b| {
            if b.options.lists_works(b.links) {
                for reference in &b.links.bibliography {
                    b.reference(reference);
                }
            }
        });
    }
}

/// The element and the content of emphasized text.
fn emphasis(kind: &InlineKind) -> Option<(&'static str, &[Inline])> {
    if let InlineKind::Emph(content) = kind {
        Some(("em", content))
    } else if let InlineKind::Strong(content) = kind {
        Some(("strong", content))
    } else if let InlineKind::Superscript(content) = kind {
        Some(("sup", content))
    } else {
        None
    }
}

/// The length of the punctuation at the start of the text after a note mark; `None` if the text continues the word before the
/// mark.
pub(crate) fn punctuation(next: &str) -> Option<usize> {
    let length = next.find(|c| !matches!(c, '.' | ',' | ';' | ':' | '!' | '?')).unwrap_or(next.len());
    (length > 0 || next.is_empty() || next.starts_with(' ')).then_some(length)
}
