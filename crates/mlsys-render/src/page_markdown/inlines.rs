//! Inlines.

use super::Walker;
use super::escape::{destination, inline_code, push_escaped};
use super::output::without_blank_lines;
use crate::body::margin::in_margin;
use crate::html::{Elements, Tag, html};
use mlsys_book::{
    Attr, CitationMode, Cite, Cited, CrossReference, Inline, InlineKind, Link, MARKDOWN_ONLY, Math, PAGE_ONLY,
    PAGE_ONLY_END, Span,
};

impl<'a> Walker<'a> {
    /// Inlines as a paragraph, which may have line ends.
    pub(super) fn text_of(&mut self, inlines: &'a [Inline]) -> String {
        let mut out = String::new();
        self.inlines(&mut out, inlines);
        out.trim_matches([' ', '\n']).to_owned()
    }

    /// Inlines as one line: of a heading, a caption, a cell of a table.
    pub(super) fn line_of(&mut self, inlines: &'a [Inline]) -> String {
        let text = self.text_of(inlines);
        match text.contains('\n') {
            true => {
                text.replace("\\\n", &line_break()).replace("\n$$\n", " $$").replace("\n$$", "$$ ").replace('\n', " ")
            }
            false => text,
        }
    }

    /// Inlines that do not begin a line, so that their first characters are no marker of a block.
    fn within_line(&mut self, inlines: &'a [Inline]) -> String {
        let mut out = "_".to_owned();
        self.inlines(&mut out, inlines);
        out.remove(0);
        out
    }

    /// Text that is not Markdown.
    pub(super) fn escaped(&self, text: &str) -> String {
        // Not the start of a line.
        let mut out = " ".to_owned();
        push_escaped(&mut out, text);
        out.remove(0);
        out
    }

    fn inlines(&mut self, out: &mut String, inlines: &'a [Inline]) {
        // How many parts that only the page has are open.
        let mut page_only = 0;
        for (at, inline) in inlines.iter().enumerate() {
            if let InlineKind::RawInline(format, _) = &inline.kind {
                page_only += i32::from(format == PAGE_ONLY) - i32::from(format == PAGE_ONLY_END);
            }
            if page_only > 0 {
                // Its notes still count, as on the page.
                self.inline(&mut String::new(), inline, None);
                continue;
            }
            let after =
                inlines.get(at + 1).and_then(|next| plain_text_of(&next.kind)).and_then(|text| text.chars().next());
            self.inline(out, inline, after);
        }
    }

    /// An inline; `after` is the character that follows it, if that is known.
    fn inline(&mut self, out: &mut String, inline: &'a Inline, after: Option<char>) {
        match &inline.kind {
            InlineKind::Str(text) => push_escaped(out, text),
            InlineKind::SoftBreak => out.push(' '),
            InlineKind::LineBreak => out.push_str("\\\n"),
            InlineKind::Emph(content) => self.emphasis(out, content, ("*", "em"), after),
            InlineKind::Strong(content) => self.emphasis(out, content, ("**", "strong"), after),
            InlineKind::Strikeout(content) => self.emphasis(out, content, ("~~", "del"), after),
            InlineKind::Superscript(content) => self.element(out, content, "sup"),
            InlineKind::Subscript(content) => self.element(out, content, "sub"),
            InlineKind::Underline(content) => self.element(out, content, "u"),
            InlineKind::SmallCaps(content) => self.inlines(out, content),
            InlineKind::Code(attr, text) => {
                if !crate::plain::is_hidden(attr) {
                    out.push_str(&inline_code(text));
                }
            }
            InlineKind::Math(math) => self.formula(out, math, inline.span),
            InlineKind::RawInline(format, text) if format == MARKDOWN_ONLY => push_escaped(out, text),
            InlineKind::RawInline(format, text) => {
                if matches!(format.as_str(), "html" | "html4" | "html5") && !text.starts_with("<!--") {
                    out.push_str(&self.urls.raw_html(text).replace('\n', " "));
                }
            }
            InlineKind::Link(link) => self.link(out, link, inline.span),
            InlineKind::Image(image) => out.push_str(&self.image(image)),
            InlineKind::Cite(cite) => self.cite(out, cite, inline.span),
            InlineKind::Note(id) => out.push_str(&self.note(*id)),
            InlineKind::Span(attr, content) => self.span(out, attr, content),
            InlineKind::Shortcode(shortcode) => out.push_str(&self.inline_shortcode(shortcode)),
            InlineKind::ExampleRef(number) => out.push_str(&number.to_string()),
            InlineKind::Cell(_, code) => out.push_str(&inline_code(code)),
        }
    }

    /// Emphasis by marks, or by elements where marks would not be read as such.
    fn emphasis(&mut self, out: &mut String, content: &'a [Inline], marks: (&str, &'static str), after: Option<char>) {
        let inner = self.within_line(content);
        let text = inner.trim_matches(' ');
        if text.is_empty() {
            return out.push_str(&inner);
        }
        let (mark, name) = marks;
        if inner.starts_with(' ') {
            out.push(' ');
        }
        let (before, has_space_after) = (out.chars().next_back(), inner.ends_with(' '));
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let ends = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
        let touches = before.is_some_and(|c| mark.starts_with(c)) && !out.ends_with(&format!("\\{mark}"));
        let opens_badly = is_word(before) && ends(text.chars().next());
        let closes_badly = !has_space_after && is_word(after) && ends(text.chars().next_back());
        if touches || opens_badly || closes_badly || text.contains("\\\n") {
            out.push_str(&html(|out| out.element(Tag::new(name), |out| out.raw(text))));
        } else {
            out.push_str(&format!("{mark}{text}{mark}"));
        }
        if has_space_after {
            out.push(' ');
        }
    }

    fn element(&mut self, out: &mut String, content: &'a [Inline], name: &'static str) {
        let inner = self.within_line(content);
        out.push_str(&html(|out| out.element(Tag::new(name), |out| out.raw(&inner))));
    }

    /// A formula between dollar signs. A number is a `\tag`, or follows formulas that set several lines with numbers.
    fn formula(&mut self, out: &mut String, math: &'a Math, span: Span) {
        self.has_math = true;
        let tex = without_blank_lines(math.tex.trim());
        if !math.display {
            return out.push_str(&format!("${}$", tex.replace('\n', " ")));
        }
        let links = self.links;
        let labels = math.labels.iter().filter_map(|label| links.numbers.get(&label.span.start));
        let own = links.numbers.get(&span.start);
        let ids = std::iter::once(math.attr.id()).chain(math.labels.iter().map(|label| label.name.as_str()));
        let anchors: String = ids.map(|id| self.anchor(id)).collect();
        let is_environment = tex.starts_with("\\begin{");
        let (tag, numbers) = match own {
            Some(number) if !is_environment && !tex.contains("\\tag") => {
                (format!(" \\tag{{{}}}", number.text), String::new())
            }
            own => (String::new(), own.into_iter().chain(labels).map(|n| format!(" ({})", n.text)).collect()),
        };
        out.push_str(&anchors);
        let line = if out.trim_matches(' ').is_empty() || out.ends_with('\n') { "" } else { "\n" };
        out.push_str(&format!("{line}$$\n{tex}{tag}\n$${numbers}\n"));
    }

    fn link(&mut self, out: &mut String, link: &'a Link, span: Span) {
        if crate::plain::is_hidden(&link.attr) {
            return;
        }
        if self.flat || self.links.unlinked.contains(&span.start) {
            return self.inlines(out, &link.content);
        }
        let url = match self.links.targets.get(&span.start) {
            Some(target) => self.urls.href(target),
            None => self.urls.resource(&link.url),
        };
        let flat = std::mem::replace(&mut self.flat, true);
        let text = self.within_line(&link.content).trim().to_owned();
        self.flat = flat;
        let title = match link.title.as_str() {
            "" => String::new(),
            title => format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")),
        };
        if url.starts_with("http") && title.is_empty() && link.attr.has_class("uri") && !url.contains(['<', '>', ' ']) {
            return out.push_str(&format!("<{url}>"));
        }
        out.push_str(&format!("{}[{text}]({}{title})", self.anchor(link.attr.id()), destination(&url)));
    }

    fn span(&mut self, out: &mut String, attr: &'a Attr, content: &'a [Inline]) {
        if crate::plain::is_hidden(attr) {
            return;
        }
        if in_margin(attr) && !self.flat {
            let text = self.text_of(content);
            // The space before it is enough.
            while out.ends_with(' ') {
                out.pop();
            }
            return self.margin.push(text);
        }
        out.push_str(&self.anchor(attr.id()));
        self.inlines(out, content);
        // The definition of a term opens on demand.
        if let Some(definition) = attr.get("definition").filter(|_| attr.has_class("glossary-term") && !self.flat) {
            let text = self.escaped(definition);
            self.define(out, &text);
        }
    }

    /// The definition of a term where it is used first.
    fn define(&mut self, out: &mut String, definition: &str) {
        out.push_str(&format!(" ({definition})"));
    }

    /// A citation or cross-references, as the resolver found.
    fn cite(&mut self, out: &mut String, cite: &'a Cite, span: Span) {
        let links = self.links;
        match links.cites.get(&span.start) {
            Some(Cited::CrossReferences(references)) => {
                for (at, reference) in references.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    self.cross_reference(out, reference);
                }
            }
            Some(Cited::Citation { content, note, .. }) => self.citation(out, content, *note),
            Some(Cited::Text) | None => self.cite_as_written(out, cite),
        }
    }

    fn cross_reference(&mut self, out: &mut String, reference: &'a CrossReference) {
        let flat = std::mem::replace(&mut self.flat, true);
        let text = self.text_of(&reference.content);
        self.flat = flat;
        match reference.target.as_ref().filter(|_| !self.flat) {
            Some(target) => out.push_str(&format!("[{text}]({})", destination(&self.urls.href(target)))),
            None => out.push_str(&text),
        }
        self.inlines(out, &reference.suffix);
    }

    /// A citation in the style's words, without links to the list below.
    fn citation(&mut self, out: &mut String, content: &'a [Inline], note: bool) {
        let is_in_note = self.notes.current().is_some();
        let flat = std::mem::replace(&mut self.flat, true);
        if !note || flat || is_in_note {
            self.inlines(out, content);
            self.flat = flat;
            return;
        }
        let mut content = content;
        if let Some((Inline { kind: InlineKind::Span(attr, lead), .. }, rest)) = content.split_first()
            && attr.has_class("csl-lead")
        {
            // What a style of notes says in the text itself: the author's name.
            self.inlines(out, lead);
            content = rest;
        }
        let mark = self.citation_note(content);
        self.flat = flat;
        out.push_str(&mark);
    }

    /// A citation of nothing: the author's text.
    fn cite_as_written(&mut self, out: &mut String, cite: &'a Cite) {
        let mut text = String::new();
        for (at, citation) in cite.citations.iter().enumerate() {
            if at > 0 {
                text.push_str("; ");
            }
            if !citation.prefix.is_empty() {
                self.inlines(&mut text, &citation.prefix);
                text.push(' ');
            }
            text.push_str(match citation.mode {
                CitationMode::SuppressAuthor => "-\\@",
                CitationMode::AuthorInText | CitationMode::Normal => "\\@",
            });
            push_escaped(&mut text, &citation.key);
            self.inlines(&mut text, &citation.suffix);
        }
        out.push_str(&if cite.bracketed { format!("\\[{text}\\]") } else { text });
    }
}

/// The text of an inline that is only text.
fn plain_text_of(kind: &InlineKind) -> Option<&str> {
    if let InlineKind::Str(text) = kind { Some(text) } else { None }
}

/// A line break within a line.
pub(super) fn line_break() -> String {
    html(|out| out.void(Tag::new("br")))
}
