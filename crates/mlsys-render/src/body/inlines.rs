//! Inline elements.

use super::Body;
use super::attributes::class_attribute;
use crate::html;
use mlsys_book::{Attr, Code, Inline, InlineKind, Link, Math, Span};

impl<'a> Body<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) {
        for (i, inline) in inlines.iter().enumerate() {
            match &inline.kind {
                InlineKind::Str(s) if self.written_ahead > 0 => {
                    let rest = s.get(self.written_ahead..).unwrap_or("");
                    self.written_ahead = 0;
                    self.text(rest);
                }
                InlineKind::Cite(cite) => {
                    let next = match inlines.get(i + 1).map(|n| &n.kind) {
                        Some(InlineKind::Str(s)) => s.as_str(),
                        _ => "",
                    };
                    self.cite(cite, inline.span, next);
                }
                _ => self.inline(inline),
            }
        }
    }

    /// Inlines of another tree than the page's, such as printed citations: without notes, figures and numbers of their own.
    pub(super) fn flat_inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Str(s) => self.text(s),
                InlineKind::SoftBreak => self.push("\n"),
                InlineKind::LineBreak => self.push("<br>\n"),
                InlineKind::Emph(c) => self.flat_element("em", c),
                InlineKind::Strong(c) => self.flat_element("strong", c),
                InlineKind::Strikeout(c) => self.flat_element("del", c),
                InlineKind::Superscript(c) => self.flat_element("sup", c),
                InlineKind::Subscript(c) => self.flat_element("sub", c),
                InlineKind::Underline(c) => self.flat_element("u", c),
                InlineKind::SmallCaps(c) => {
                    self.push("<span class=\"smallcaps\">");
                    self.flat_inlines(c);
                    self.push("</span>");
                }
                InlineKind::Span(attr, c) => {
                    self.push("<span");
                    self.attr(attr, &[], &[], &[]);
                    self.push(">");
                    self.flat_inlines(c);
                    self.push("</span>");
                }
                InlineKind::Link(link) => self.flat_inlines(&link.content),
                InlineKind::Code(attr, text) => self.inline_code(attr, text),
                InlineKind::Math(math) => self.formula(math, inline.span, None),
                InlineKind::RawInline(format, text) => self.raw_inline(format, text, inline.span),
                InlineKind::Image(image) => self.image_with(image, inline.span, &[], None),
                InlineKind::Cite(_) => self.text(&mlsys_book::plain_text(std::slice::from_ref(inline))),
                InlineKind::ExampleRef(number) => self.push(&number.to_string()),
                InlineKind::Cell(_, code) => self.inline_code(&Attr::default(), code),
                InlineKind::Note(_) | InlineKind::Shortcode(_) => {}
            }
        }
    }

    fn flat_element(&mut self, tag: &str, content: &[Inline]) {
        self.push("<");
        self.push(tag);
        self.push(">");
        self.flat_inlines(content);
        self.push("</");
        self.push(tag);
        self.push(">");
    }

    fn element(&mut self, tag: &str, content: &'a [Inline]) {
        self.push("<");
        self.push(tag);
        self.push(">");
        self.inlines(content);
        self.push("</");
        self.push(tag);
        self.push(">");
    }

    fn inline(&mut self, inline: &'a Inline) {
        match &inline.kind {
            InlineKind::Str(s) => self.text(s),
            InlineKind::SoftBreak => self.push("\n"),
            InlineKind::LineBreak => self.push("<br>\n"),
            InlineKind::Emph(c) => self.element("em", c),
            InlineKind::Strong(c) => self.element("strong", c),
            InlineKind::Strikeout(c) => self.element("del", c),
            InlineKind::Superscript(c) => self.element("sup", c),
            InlineKind::Subscript(c) => self.element("sub", c),
            InlineKind::Underline(c) => self.element("u", c),
            InlineKind::SmallCaps(c) => {
                self.push("<span class=\"smallcaps\">");
                self.inlines(c);
                self.push("</span>");
            }
            InlineKind::Code(attr, text) => self.inline_code(attr, text),
            InlineKind::Math(math) => {
                let number = self.links.numbers.get(&inline.span.start);
                self.formula(math, inline.span, number.map(|n| n.text.as_str()));
            }
            InlineKind::RawInline(format, text) => self.raw_inline(format, text, inline.span),
            InlineKind::Link(link) => self.link(link, inline.span),
            InlineKind::Image(image) => self.image_with(image, inline.span, &["img-fluid"], None),
            InlineKind::Cite(cite) => self.cite(cite, inline.span, ""),
            InlineKind::Note(id) => self.note(*id),
            InlineKind::Span(attr, content) => self.span(attr, content),
            InlineKind::Shortcode(shortcode) => self.inline_shortcode(shortcode),
            InlineKind::ExampleRef(number) => self.push(&number.to_string()),
            InlineKind::Cell(_, code) => self.inline_code(&Attr::default(), code),
        }
    }

    fn inline_code(&mut self, attr: &Attr, text: &str) {
        let language = attr.classes.first().map(String::as_str);
        let lines = language.and_then(|language| self.highlighted_lines(language, text)).map(|lines| lines.join("\n"));
        self.push("<code");
        let mut attr = attr.clone();
        let mut before: &[&str] = &[];
        if let (Some(_), Some(language)) = (&lines, attr.classes.first_mut()) {
            before = &["sourceCode"];
            *language = crate::code::language_class(language).to_owned();
        }
        self.attr(&attr, before, &[], &["shortcodes"]);
        self.push(">");
        match lines {
            Some(lines) => self.push(&lines),
            None => self.text(text),
        }
        self.push("</code>");
    }

    /// A formula; a labelled one is a target and shows its number.
    fn formula(&mut self, math: &Math, span: Span, number: Option<&str>) {
        let own = Some(math.attr.id()).filter(|id| !id.is_empty() && math.display);
        let ids: Vec<&str> = own.into_iter().chain(math.labels.iter().map(|label| label.name.as_str())).collect();
        for id in &ids {
            self.push("<span");
            html::attribute(&mut self.out.text, "id", id);
            self.push(">");
        }
        let numbers = &self.links.numbers;
        let labels: Vec<&str> =
            math.labels.iter().map(|l| numbers.get(&l.span.start).map_or("", |n| n.text.as_str())).collect();
        let set = self.math.set(&mut self.setting, (&math.tex, math.display), number, &labels);
        if let Some(error) = set.error {
            self.report(Code::MathError, span, error);
        }
        self.push(&set.html);
        for _ in &ids {
            self.push("</span>");
        }
    }

    pub(super) fn raw_inline(&mut self, format: &str, text: &str, span: Span) {
        match format {
            "html" | "html4" | "html5" => self.push(text),
            "tex" | "latex" => self.lost_tex(text, span),
            _ => {}
        }
    }

    /// Reports TeX that says something to the reader; layout commands are dropped in silence.
    pub(super) fn lost_tex(&mut self, tex: &str, span: Span) {
        const SILENT: &[&str] = &[
            "noindent",
            "indent",
            "medskip",
            "smallskip",
            "bigskip",
            "newline",
            "linebreak",
            "newpage",
            "clearpage",
            "cleardoublepage",
            "pagebreak",
            "vspace",
            "hspace",
            "needspace",
            "label",
            "index",
            "part",
            "chapter",
            "centering",
            "raggedright",
            "raggedbottom",
            "small",
            "footnotesize",
            "normalsize",
            "large",
            "setcounter",
            "addtocounter",
            "setlength",
            "phantomsection",
            "addcontentsline",
            "pagestyle",
            "thispagestyle",
            "pagenumbering",
            "frontmatter",
            "mainmatter",
            "backmatter",
            "appendix",
            "newcommand",
            "renewcommand",
            "providecommand",
            "def",
            "let",
            "DeclareMathOperator",
            "usepackage",
            "vfill",
            "hfill",
            "protect",
            "relax",
            "par",
            "null",
            "tableofcontents",
            "listoffigures",
            "listoftables",
            "printindex",
            "bibliography",
            "begingroup",
            "endgroup",
            "columnbreak",
        ];
        let mut commands = tex.split('\\').skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            &rest[..end]
        });
        let Some(first) = commands.next() else { return };
        if first.is_empty() || SILENT.contains(&first) {
            return;
        }
        let has_argument = tex.contains('{');
        if has_argument || tex.bytes().any(|b| b.is_ascii_digit()) || crate::math::is_math_command(first) {
            if crate::math::is_math_command(first) {
                let message = format!("`\\{first}` is left out: it stands outside of a formula");
                self.report(Code::MathError, span, message).hints.push("write `$` before and after the formula".into());
            } else {
                self.report(Code::LostRawTex, span, format!("`\\{first}` has no meaning in HTML and is left out"));
            }
        }
    }

    fn link(&mut self, link: &'a Link, span: Span) {
        if self.flat || self.links.unlinked.contains(&span.start) {
            self.inlines(&link.content);
            return;
        }
        self.push("<a");
        let url = match self.links.targets.get(&span.start) {
            Some(target) => self.address.href(target),
            None if is_local(&link.url) => self.address.resource(&link.url),
            None => link.url.clone(),
        };
        html::address_attribute(&mut self.out.text, "href", &url);
        if !link.title.is_empty() {
            html::attribute(&mut self.out.text, "title", &link.title);
        }
        self.attr(&link.attr, &[], &[], &["href", "title"]);
        self.push(">");
        self.flattened(|b| b.inlines(&link.content));
        self.push("</a>");
    }

    /// A term and its definition, which opens beside it on demand: a popover, which browsers open and close by themselves, with
    /// the keyboard too. Source: HTML standard, "The popover attribute".
    fn glossary_term(&mut self, definition: &str, content: &'a [Inline]) {
        if self.flat {
            return self.inlines(content);
        }
        self.counters.terms += 1;
        let id = format!("mlsys-term-{}", self.counters.terms);
        self.push(&format!("<button type=\"button\" class=\"glossary-term\" popovertarget=\"{id}\">"));
        self.flattened(|b| b.inlines(content));
        self.push(&format!(
            "</button><span id=\"{id}\" class=\"mlsys-definition\" popover=\"\" data-pagefind-ignore=\"\">"
        ));
        self.text(definition);
        self.push("</span>");
    }

    fn span(&mut self, attr: &'a Attr, content: &'a [Inline]) {
        if attr.has_class("glossary-term")
            && let Some(definition) = attr.get("definition")
        {
            return self.glossary_term(definition, content);
        }
        let margin = attr.has_class("column-margin") || attr.has_class("aside");
        if margin && !self.flat {
            let text = self.captured(|b| {
                b.held(|b| {
                    b.push("<span");
                    let mut attr = attr.clone();
                    let aside = attr.has_class("aside");
                    attr.classes.retain(|c| c != "column-margin" && c != "aside");
                    b.attr(&attr, if aside { &["margin-aside"] } else { &[] }, &[], &[]);
                    b.push(">");
                    b.inlines(content);
                    b.push("</span>\n");
                });
            });
            self.margin.push(text);
            return;
        }
        let tag = match attr.classes.iter().find(|c| matches!(c.as_str(), "mark" | "kbd" | "dfn")) {
            Some(class) => class.as_str(),
            None => "span",
        };
        self.push("<");
        self.push(tag);
        if tag == "span" {
            self.attr(attr, &[], &[], &[]);
        } else {
            let mut rest = attr.clone();
            rest.classes.retain(|c| c != tag);
            self.attr(&rest, &[], &[], &[]);
        }
        self.push(">");
        self.inlines(content);
        self.push("</");
        self.push(tag);
        self.push(">");
    }

    /// Writes the class attribute alone: `before`, the author's classes, `after`.
    pub(super) fn classes_of(&mut self, attr: &Attr, before: &[&str], after: &[&str]) {
        class_attribute(&mut self.out.text, attr, before, after);
    }
}

/// Whether an address names a file of the project: no scheme, no host, not only an id.
pub(super) fn is_local(url: &str) -> bool {
    if url.is_empty() || url.starts_with('#') || url.starts_with("//") {
        return false;
    }
    match url.split_once(':') {
        Some((scheme, _)) => !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')),
        None => true,
    }
}
