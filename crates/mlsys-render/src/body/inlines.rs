//! Inline elements.

use super::margin::is_margin_class;
use super::options::ExternalIcon;
use super::{Body, Medium};
use crate::html::{Elements, Open, Tag};
use crate::raw_html::with_urls;
use mlsys_book::{Attr, Code, Inline, InlineKind, Link, Math, Span, tex_references};
use std::borrow::Cow;
use std::collections::BTreeMap;

impl<'a> Body<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) {
        for (i, inline) in inlines.iter().enumerate() {
            if let InlineKind::Str(s) = &inline.kind
                && self.written_ahead > 0
            {
                let rest = s.get(self.written_ahead..).unwrap_or("");
                self.written_ahead = 0;
                self.text(rest);
            } else if let InlineKind::Cite(cite) = &inline.kind {
                let next = inlines.get(i + 1).map(|next| &next.kind);
                let next = if let Some(InlineKind::Str(s)) = next { s.as_str() } else { "" };
                self.cite(cite, inline.span, next);
            } else {
                self.inline(inline);
            }
        }
    }

    /// Inlines that are not the page's own, such as formatted citations: without notes, figures and numbers.
    pub(super) fn flat_inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Str(s) => self.text(s),
                InlineKind::SoftBreak => self.newline(),
                InlineKind::LineBreak => self.line_break(),
                InlineKind::Emph(c) => self.element(Tag::new("em"), |b| b.flat_inlines(c)),
                InlineKind::Strong(c) => self.element(Tag::new("strong"), |b| b.flat_inlines(c)),
                InlineKind::Strikeout(c) => self.element(Tag::new("del"), |b| b.flat_inlines(c)),
                InlineKind::Superscript(c) => self.element(Tag::new("sup"), |b| b.flat_inlines(c)),
                InlineKind::Subscript(c) => self.element(Tag::new("sub"), |b| b.flat_inlines(c)),
                InlineKind::Underline(c) => self.element(Tag::new("u"), |b| b.flat_inlines(c)),
                InlineKind::SmallCaps(c) => self.element(small_caps(), |b| b.flat_inlines(c)),
                InlineKind::Span(attr, c) => {
                    self.element(Tag::new("span").author(attr, &[]), |b| b.flat_inlines(c));
                }
                InlineKind::Link(link) => self.flat_inlines(&link.content),
                InlineKind::Code(attr, text) => self.inline_code(attr, text),
                InlineKind::Math(math) => self.formula(math, inline.span, None),
                InlineKind::RawInline(format, text) => self.raw_inline(format, text, inline.span),
                InlineKind::Image(image) => self.image_with(image, inline.span, &[], None),
                InlineKind::Cite(_) => self.text(&mlsys_book::plain_text(std::slice::from_ref(inline))),
                InlineKind::ExampleRef(number) => self.text(&number.to_string()),
                InlineKind::Cell(_, code) => self.inline_code(&Attr::default(), code),
                InlineKind::Note(_) | InlineKind::Shortcode(_) => {}
            }
        }
    }

    pub(super) fn line_break(&mut self) {
        self.void(Tag::new("br"));
        self.newline();
    }

    fn inline(&mut self, inline: &'a Inline) {
        match &inline.kind {
            InlineKind::Str(s) => self.text(s),
            InlineKind::SoftBreak => self.newline(),
            InlineKind::LineBreak => self.line_break(),
            InlineKind::Emph(c) => self.element(Tag::new("em"), |b| b.inlines(c)),
            InlineKind::Strong(c) => self.element(Tag::new("strong"), |b| b.inlines(c)),
            InlineKind::Strikeout(c) => self.element(Tag::new("del"), |b| b.inlines(c)),
            InlineKind::Superscript(c) => self.element(Tag::new("sup"), |b| b.inlines(c)),
            InlineKind::Subscript(c) => self.element(Tag::new("sub"), |b| b.inlines(c)),
            InlineKind::Underline(c) => self.element(Tag::new("u"), |b| b.inlines(c)),
            InlineKind::SmallCaps(c) => self.element(small_caps(), |b| b.inlines(c)),
            InlineKind::Code(attr, text) => self.inline_code(attr, text),
            InlineKind::Math(math) => {
                let number = self.links.numbers.get(&inline.span.start);
                self.formula(math, inline.span, number.map(|n| n.text.as_str()));
            }
            InlineKind::RawInline(format, text) => self.raw_inline(format, text, inline.span),
            InlineKind::Link(link) => self.link(link, inline.span),
            InlineKind::Image(image) => self.inline_image(image, inline.span),
            InlineKind::Cite(cite) => self.cite(cite, inline.span, ""),
            InlineKind::Note(id) => self.note(*id),
            InlineKind::Span(attr, content) => self.span(attr, content),
            InlineKind::Shortcode(shortcode) => self.inline_shortcode(shortcode),
            InlineKind::ExampleRef(number) => self.text(&number.to_string()),
            InlineKind::Cell(_, code) => self.inline_code(&Attr::default(), code),
        }
    }

    fn inline_code(&mut self, attr: &Attr, text: &str) {
        let language = attr.classes.first().map(String::as_str);
        let lines = language.and_then(|language| self.highlighted_lines(language, text)).map(|lines| lines.join("\n"));
        let mut tag = Tag::new("code").id(attr.id());
        let mut classes = attr.classes.iter().map(String::as_str);
        if lines.is_some() {
            tag = tag.class("sourceCode").classes(classes.next().map(crate::code::language_class));
        }
        self.element(tag.classes(classes).pairs(attr, &["shortcodes"]), |b| match &lines {
            Some(lines) => b.raw(lines),
            None => b.text(text),
        });
    }

    /// A formula. A labelled one is a link target and shows its number.
    fn formula(&mut self, math: &Math, span: Span, number: Option<&str>) {
        let own = Some(math.attr.id()).filter(|id| !id.is_empty() && math.display);
        let ids: Vec<&str> = own.into_iter().chain(math.labels.iter().map(|label| label.name.as_str())).collect();
        let targets: Vec<Open> = ids.into_iter().map(|id| self.open(Tag::new("span").attr("id", id))).collect();
        let numbers = &self.links.numbers;
        let labels: Vec<&str> =
            math.labels.iter().map(|l| numbers.get(&l.span.start).map_or("", |n| n.text.as_str())).collect();
        let tex = with_references(&math.tex, &self.links.formula_references);
        let set = self.math.set(self.cache, (&tex, math.display), number, &labels);
        if let Some(error) = set.error {
            self.report(Code::MathError, span, error);
        }
        match self.medium {
            Medium::Html => self.raw(&set.html),
            Medium::Epub => {
                let formula = crate::math::mathml(&set.html, math.tex.trim());
                // A long formula scrolls, with the keyboard too: formulas do not wrap.
                let class = if math.display { "mlsys-formula" } else { "mlsys-inline-formula" };
                match math.tex.len() > LONG_FORMULA {
                    true => self.element(Tag::new("span").class(class).attr("tabindex", "0"), |b| b.raw(&formula)),
                    false => self.raw(&formula),
                }
            }
        }
        targets.into_iter().rev().for_each(|target| self.close(target));
    }

    pub(super) fn raw_inline(&mut self, format: &str, text: &str, span: Span) {
        match format {
            "html" | "html4" | "html5" if self.options.strip_comments && is_comment(text) => {}
            "html" | "html4" | "html5" => {
                let html = self.urls.raw_html(text);
                if self.links.fragments.is_empty() {
                    return self.raw(&html);
                }
                let linked = with_urls(&html, |url| {
                    let target = url.strip_prefix('#').and_then(|id| self.links.fragments.get(id));
                    target.map_or_else(|| url.to_owned(), |target| self.urls.href(target))
                });
                self.raw(&linked);
            }
            "tex" | "latex" => self.lost_tex(text, span),
            _ => {}
        }
    }

    /// Reports dropped TeX that has content for readers. Layout commands are dropped silently.
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
                let message = format!("`\\{first}` outside a formula was dropped");
                self.report(Code::MathError, span, message).hints.push("put the formula between `$` signs".into());
            } else {
                self.report(Code::LostRawTex, span, format!("`\\{first}` is not supported in HTML and was dropped"));
            }
        }
    }

    fn link(&mut self, link: &'a Link, span: Span) {
        if self.flat || self.links.unlinked.contains(&span.start) {
            self.inlines(&link.content);
            return;
        }
        let url = match self.links.targets.get(&span.start) {
            Some(target) => self.urls.href(target),
            None if is_local(&link.url) => self.urls.resource(&link.url),
            None => link.url.clone(),
        };
        let tag = Tag::new("a").url("href", &url).unless_empty("title", &link.title);
        let is_external = !link.attr.has_class("no-external") && self.is_external(&url);
        let tag = if is_external { self.external(tag, &link.attr) } else { tag };
        self.element(tag.author(&link.attr, &["href", "title"]), |b| b.flattened(|b| b.inlines(&link.content)));
        if let (true, ExternalIcon::Named(name)) = (is_external, &self.options.external_icon) {
            let icon = crate::html::icon(name, None);
            self.out.raw(&icon);
        }
    }

    /// True for the URL of another site: one that `link-external-filter` does not match, or without it one below another URL than the site's.
    fn is_external(&self, url: &str) -> bool {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        let is_own = match &self.options.own_urls {
            Some(filter) => filter.is_match(url),
            None => {
                let site = self.links.site_url.as_deref();
                site.is_some_and(|site| url.starts_with(site) || url == site.trim_end_matches('/'))
            }
        };
        is_web && !is_own
    }

    /// Marks a link to another site as the page's options ask for. Source: Quarto, "HTML Options", links.
    fn external(&self, tag: Tag, attr: &Attr) -> Tag {
        let new_window = self.options.external_new_window;
        let has = |name: &str| attr.get(name).is_some();
        let tag = tag.when(self.options.external_icon == ExternalIcon::OfTheme && !attr.has_class("external"), |t| {
            t.class("external")
        });
        let tag = tag.when(new_window && !has("target"), |t| t.attr("target", "_blank"));
        tag.when(new_window && !has("rel"), |t| t.attr("rel", "noopener"))
    }

    /// A glossary term with its definition as a popover, which browsers open and close without a script, also by keyboard.
    /// Source: HTML standard, "The popover attribute".
    fn glossary_term(&mut self, definition: &str, content: &'a [Inline]) {
        if self.flat {
            return self.inlines(content);
        }
        self.counters.terms += 1;
        let id = format!("mlsys-term-{}", self.counters.terms);
        if self.medium == Medium::Epub {
            let tag = Tag::new("a").attr("href", format!("#{id}")).class("glossary-term").attr("role", "doc-noteref");
            self.element(tag.attr("epub:type", "noteref"), |b| b.flattened(|b| b.inlines(content)));
            self.definitions.push((id, definition.to_owned()));
            return;
        }
        let term = Tag::new("button").attr("type", "button").class("glossary-term").attr("popovertarget", &id);
        self.element(term, |b| b.flattened(|b| b.inlines(content)));
        let popover = Tag::new("span").id(&id).class("mlsys-definition").flag("popover").flag("data-pagefind-ignore");
        self.leaf(popover, definition);
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
                    let tag = Tag::new("span").id(attr.id()).when(attr.has_class("aside"), |t| t.class("margin-aside"));
                    let classes = attr.classes.iter().map(String::as_str).filter(|c| !is_margin_class(c));
                    b.line(tag.classes(classes).pairs(attr, &[]), |b| b.inlines(content));
                });
            });
            self.margin.push(text);
            return;
        }
        let own_element = |class: &String| ["mark", "kbd", "dfn"].into_iter().find(|name| class == name);
        let name = attr.classes.iter().find_map(own_element).unwrap_or("span");
        let classes = attr.classes.iter().map(String::as_str).filter(|class| *class != name || name == "span");
        self.element(Tag::new(name).id(attr.id()).classes(classes).pairs(attr, &[]), |b| b.inlines(content));
    }
}

/// The length of TeX, in bytes, from which a formula may be wider than the page of a phone.
const LONG_FORMULA: usize = 30;

fn small_caps() -> Tag {
    Tag::new("span").class("smallcaps")
}

/// True if a URL is a file of the project: no scheme, no host, not only an anchor.
pub(super) fn is_local(url: &str) -> bool {
    if url.is_empty() || url.starts_with('#') || url.starts_with("//") {
        return false;
    }
    match url.split_once(':') {
        Some((scheme, _)) => !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')),
        None => true,
    }
}

/// TeX with the numbers of what it refers to.
fn with_references<'t>(tex: &'t str, numbers: &BTreeMap<String, String>) -> Cow<'t, str> {
    let mut out = String::new();
    let mut end = 0;
    for (range, name, in_parentheses) in tex_references(tex) {
        let Some(number) = numbers.get(name) else { continue };
        let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '?' | '@' | '(' | ')');
        let number: String = number.chars().filter(is_plain).collect();
        out.push_str(&tex[end..range.start]);
        out.push_str(&if in_parentheses { format!("\\text{{({number})}}") } else { format!("\\text{{{number}}}") });
        end = range.end;
    }
    if end == 0 {
        return Cow::Borrowed(tex);
    }
    out.push_str(&tex[end..]);
    Cow::Owned(out)
}

/// True if an HTML text is one comment.
fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.find("-->").is_some_and(|end| end + 3 == html.len())
}
