//! Inlines and shortcodes.

use super::formula::plain_formula;
use super::lines::Event;
use super::{Purpose, Walker};
use crate::body::citations::punctuation;
use crate::body::images::is_video;
use crate::body::shortcodes::{filler, key_text, written};
use crate::math::only_defines;
use mlsys_book::{
    Attr, CitationMode, Cite, Cited, CrossReference, Image, Inline, InlineKind, Math, Shortcode, Span, plain_text,
};

impl<'a> Walker<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) {
        for (at, inline) in inlines.iter().enumerate() {
            match &inline.kind {
                InlineKind::Str(text) => {
                    let moved = std::mem::take(&mut self.moved);
                    self.text(text.get(moved..).unwrap_or(""));
                }
                InlineKind::SoftBreak => self.text(" "),
                InlineKind::LineBreak => self.line(),
                InlineKind::Emph(content)
                | InlineKind::Strong(content)
                | InlineKind::Strikeout(content)
                | InlineKind::Superscript(content)
                | InlineKind::Subscript(content)
                | InlineKind::Underline(content)
                | InlineKind::SmallCaps(content) => self.inlines(content),
                InlineKind::Code(attr, text) => self.unless_hidden(attr, |w| w.text(text.as_str())),
                InlineKind::Math(math) => {
                    let number = self.links.numbers.get(&inline.span.start).map(|number| number.text.as_str());
                    self.formula(math, number);
                }
                InlineKind::RawInline(format, text) => self.raw(format, text),
                InlineKind::Link(link) => {
                    self.unless_hidden(&link.attr, |w| w.flattened(|w| w.inlines(&link.content)));
                }
                InlineKind::Image(image) => self.image(image),
                InlineKind::Cite(cite) => self.cite(cite, inline.span, inlines.get(at + 1)),
                InlineKind::Note(id) => self.note(*id),
                InlineKind::Span(attr, content) => self.span(attr, content),
                InlineKind::Shortcode(shortcode) => self.inline_shortcode(shortcode),
                InlineKind::ExampleRef(number) => self.text(number.to_string()),
                InlineKind::Cell(_, code) => self.text(code.as_str()),
            }
        }
    }

    /// Text for a format; only HTML is part of the page.
    pub(super) fn raw(&mut self, format: &str, text: &'a str) {
        if is_html(format) {
            self.events.push(Event::Raw(text));
        }
    }

    fn formula(&mut self, math: &'a Math, number: Option<&'a str>) {
        if only_defines(&math.tex) {
            return;
        }
        let tex = math.tex.trim();
        match (self.purpose, math.display) {
            (Purpose::Search, _) => self.text(plain_formula(tex)),
            (Purpose::SearchJson, true) => self.text(format!("\\[{tex}\\]")),
            (Purpose::SearchJson, false) => self.text(format!("\\({tex}\\)")),
            (Purpose::Document, true) => {
                let labels = math.labels.iter().filter_map(|label| self.links.numbers.get(&label.span.start));
                let numbers = number.into_iter().chain(labels.map(|number| number.text.as_str()));
                let numbers: String = numbers.map(|number| format!(" ({number})")).collect();
                self.text(format!("$${tex}$${numbers}"));
            }
            (Purpose::Document, false) => self.text(format!("${tex}$")),
        }
    }

    /// An image; only a document says something of it.
    fn image(&mut self, image: &'a Image) {
        match self.purpose {
            Purpose::Search => {}
            Purpose::SearchJson => {
                // What a browser without films shows.
                if is_video(&image.url) {
                    self.text("Video");
                }
            }
            Purpose::Document => {
                let own = image.attr.get("fig-alt").or_else(|| image.attr.get("alt"));
                let alt = own.map_or_else(|| plain_text(&image.content), str::to_owned);
                if !alt.is_empty() {
                    self.text(format!("[{alt}]"));
                }
            }
        }
    }

    fn span(&mut self, attr: &'a Attr, content: &'a [Inline]) {
        // The definition of a term opens on demand.
        if attr.has_class("glossary-term") && attr.get("definition").is_some() {
            return self.flattened(|w| w.inlines(content));
        }
        let in_margin = attr.has_class("column-margin") || attr.has_class("aside");
        self.in_margin_or_here(in_margin && !self.flat, |w| {
            w.unless_hidden(attr, |w| w.inlines(content));
            if in_margin {
                w.text(" ");
            }
        });
    }

    /// A citation or cross-references, as the resolver found. `next` is the inline after it.
    fn cite(&mut self, cite: &'a Cite, span: Span, next: Option<&'a Inline>) {
        match self.links.cites.get(&span.start) {
            Some(Cited::CrossReferences(references)) => {
                for (at, reference) in references.iter().enumerate() {
                    if at > 0 {
                        self.text(", ");
                    }
                    self.cross_reference(reference);
                }
            }
            Some(Cited::Citation { keys, content, note }) => {
                self.citation(content, *note, next);
                if self.options.citations_in_margin && !self.flat {
                    self.works_in_margin(keys);
                }
            }
            Some(Cited::Text) | None => self.cite_as_written(cite),
        }
    }

    fn cross_reference(&mut self, reference: &'a CrossReference) {
        if reference.target.is_some() {
            self.flattened(|w| w.inlines(&reference.content));
        } else {
            self.inlines(&reference.content);
        }
        self.inlines(&reference.suffix);
    }

    fn citation(&mut self, content: &'a [Inline], note: bool, next: Option<&'a Inline>) {
        // A citation in a note needs no note of its own.
        if !note || self.flat || self.in_note() {
            return self.inlines(content);
        }
        let mut content = content;
        let mut moved = 0;
        if let Some((Inline { kind: InlineKind::Span(attr, lead), .. }, rest)) = content.split_first()
            && attr.has_class("csl-lead")
        {
            // What a style of notes says in the text itself: the author's name.
            self.inlines(lead);
            content = rest;
        } else {
            moved = self.punctuation_before_note(next);
        }
        let number = self.notes.next_number();
        self.note_mark(number);
        let text = self.captured(|w| w.in_lines(|w| w.inlines(content)));
        self.place_note(number, text, Vec::new());
        self.moved = moved;
    }

    /// A note's mark follows the punctuation and has no space before it. Returns the length of the punctuation.
    fn punctuation_before_note(&mut self, next: Option<&'a Inline>) -> usize {
        let next = if let Some(Inline { kind: InlineKind::Str(text), .. }) = next { text.as_str() } else { "" };
        let Some(length) = punctuation(next) else { return 0 };
        self.events.push(Event::Join);
        self.text(next.get(..length).unwrap_or(""));
        length
    }

    /// Puts the entries of works into the margin: each at its first citation on the page.
    fn works_in_margin(&mut self, keys: &'a [String]) {
        for key in keys {
            let Some(reference) = self.works.get(key.as_str()).copied() else { continue };
            if self.placed_works.insert(&reference.key) {
                let entry = self.captured(|w| w.reference(reference));
                self.margin.push(entry);
            }
        }
    }

    /// A citation of nothing: the author's text.
    fn cite_as_written(&mut self, cite: &'a Cite) {
        if cite.bracketed {
            self.text("[");
        }
        for (at, citation) in cite.citations.iter().enumerate() {
            if at > 0 {
                self.text("; ");
            }
            if !citation.prefix.is_empty() {
                self.inlines(&citation.prefix);
                self.text(" ");
            }
            match citation.mode {
                CitationMode::SuppressAuthor => self.text("-@"),
                CitationMode::AuthorInText | CitationMode::Normal => self.text("@"),
            }
            self.text(citation.key.as_str());
            self.inlines(&citation.suffix);
        }
        if cite.bracketed {
            self.text("]");
        }
    }

    /// A shortcode alone in its paragraph.
    pub(super) fn block_shortcode(&mut self, shortcode: &'a Shortcode) {
        self.line();
        if shortcode.name == "lipsum" {
            filler(shortcode).for_each(|paragraph| self.in_lines(|w| w.text(paragraph)));
        } else {
            self.inline_shortcode(shortcode);
        }
        self.line();
    }

    /// A shortcode within a line.
    fn inline_shortcode(&mut self, shortcode: &'a Shortcode) {
        match shortcode.name.as_str() {
            "kbd" => self.text(key_text(shortcode)),
            "version" => self.text(env!("CARGO_PKG_VERSION")),
            "margin-video" if !self.flat => {
                let Some(url) = shortcode.args.first() else { return };
                let title = shortcode.args.get(1).unwrap_or(url);
                let author = shortcode.args.get(2).map(|author| format!(" {author}")).unwrap_or_default();
                let text = format!("{title}{author}");
                let content = self.captured(|w| w.in_lines(|w| w.text(text)));
                self.margin.push(content);
            }
            "pagebreak" | "margin-video" | "lipsum" | "video" | "placeholder" => {}
            _ => self.text(written(shortcode)),
        }
    }
}

fn is_html(format: &str) -> bool {
    matches!(format, "html" | "html4" | "html5")
}
