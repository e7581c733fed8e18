//! A page's HTML to the texts of its sections.

use super::formula::plain_formula;
use crate::html::escape;

/// A section of a page as the search knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// The id that leads to it; empty for what stands before the first heading.
    pub id: String,
    /// The level of its heading, 1 to 6; 0 before the first heading.
    pub level: u8,
    /// Its heading as plain text, with its number.
    pub heading: String,
    /// Its text up to the next heading: one line a block, code with its own line breaks.
    pub text: String,
}

/// How formulas and the entries of reference lists come into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As a reader sees them, for excerpts; entries in the margin are left out, because the work stands in the text already.
    Shown,
    /// As `search.json` has them: formulas as TeX, entries in the margin included.
    Quarto,
}

/// The sections of a page's body in order. Sections of class `hidden`, and what is hidden from every reader, are left out.
///
/// The HTML is the body's own, whose elements nest; raw HTML of the author that does not costs at most text, never the page.
pub(super) fn sections(html: &str, reading: Reading) -> Vec<Section> {
    let mut scan = Scan {
        rest: html,
        reading,
        sections: vec![Section::default()],
        open: Vec::new(),
        heading: None,
        pre: 0,
        pending: false,
        unclosed: Vec::new(),
    };
    scan.run();
    let empty = |s: &Section| s.id.is_empty() && s.text.trim().is_empty();
    scan.sections.iter_mut().for_each(|s| s.text.truncate(s.text.trim_end().len()));
    scan.sections.retain(|s| !empty(s));
    scan.sections
}

struct Scan<'a> {
    rest: &'a str,
    reading: Reading,
    sections: Vec<Section>,
    /// The open `section` elements; those that are sections of the page, with where their text goes.
    open: Vec<Option<usize>>,
    /// The tag of the heading that is being read.
    heading: Option<&'a str>,
    /// How many `pre` are open.
    pre: u32,
    /// Whether a space is due before the next character.
    pending: bool,
    /// Elements whose end was looked for in vain; looking once more for each of them would take quadratic time.
    unclosed: Vec<&'a str>,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        // What stands after the last `>` holds no tag.
        let last = self.rest.rfind('>').map_or(0, |at| self.rest.len() - at);
        while let Some(at) = self.rest.find('<').filter(|at| self.rest.len() - at > last) {
            let (text, tag) = self.rest.split_at(at);
            self.text(text);
            let Some(end) = tag_end(tag) else {
                // A bare `<` in raw HTML.
                self.text("<");
                self.rest = &tag[1..];
                continue;
            };
            self.rest = &tag[end..];
            let inside = &tag[1..end - 1];
            match inside.strip_prefix('/') {
                Some(name) => self.close(name.trim_end()),
                None if inside.starts_with(['!', '?']) => {
                    if inside.starts_with("!--") {
                        self.rest = tag.split_once("-->").map_or("", |(_, rest)| rest);
                    }
                }
                None => self.open(Tag::new(inside)),
            }
        }
        let rest = std::mem::take(&mut self.rest);
        self.text(rest);
    }

    fn open(&mut self, tag: Tag<'a>) {
        if tag.name == "span" && tag.has_class("math") {
            return self.formula(&tag);
        }
        if self.skips(&tag) {
            return self.skip(&tag);
        }
        if is_block(tag.name) {
            self.line();
        }
        match tag.name {
            "section" => self.section(&tag),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let fresh =
                    self.sections.last().is_some_and(|s| s.level > 0 && s.heading.is_empty() && s.text.is_empty());
                self.heading = (self.heading.is_none() && fresh).then_some(tag.name);
            }
            "pre" => self.pre += 1,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "section" => {
                self.line();
                if self.open.pop().flatten().is_some() {
                    // What follows a section inside its parent belongs to no heading of its own; it stays with the last text.
                    self.heading = None;
                }
            }
            "pre" => self.pre = self.pre.saturating_sub(1),
            _ if self.heading == Some(name) => self.heading = None,
            _ => {}
        }
        if is_block(name) {
            self.line();
        }
    }

    fn section(&mut self, tag: &Tag<'a>) {
        let level = tag.classes().find_map(|c| c.strip_prefix("level")?.parse().ok());
        // The notes at a page's end are a section with a heading, too.
        let level = level.or(tag.has_class("footnotes").then_some(2)).filter(|level| (1..=6).contains(level));
        let id = tag.attribute("id").map(|id| decoded(&id)).filter(|id| !id.is_empty());
        let (Some(level), Some(id)) = (level, id) else { return self.open.push(None) };
        self.open.push(Some(self.sections.len()));
        self.sections.push(Section { id, level, ..Section::default() });
        self.pending = false;
    }

    /// Whether nothing of an element is for readers who search.
    fn skips(&self, tag: &Tag<'a>) -> bool {
        match tag.name {
            "script" | "style" | "template" | "noscript" | "svg" | "iframe" | "button" | "select" | "textarea" => true,
            _ => {
                ["hidden", "footnote-back", "mlsys-diagram-source"].iter().any(|class| tag.has_class(class))
                    || (self.reading == Reading::Shown && self.is_mark(tag))
                    || tag.attribute("hidden").is_some()
                    || tag.attribute("aria-hidden").is_some_and(|v| v == "true")
                    || tag.attribute("role").is_some_and(|role| role == "doc-bibliography")
                    || (self.reading == Reading::Shown && tag.has_class("csl-entry"))
            }
        }
    }

    /// Whether an element is a mark that would become a part of the word beside it: the number of a note in the text and before
    /// the note, the word that says what kind of callout it is.
    fn is_mark(&self, tag: &Tag<'a>) -> bool {
        let begins_line = || self.sections.last().is_some_and(|s| s.text.is_empty() || s.text.ends_with('\n'));
        tag.has_class("footnote-ref") || tag.has_class("screen-reader-only") || (tag.name == "sup" && begins_line())
    }

    /// Leaves out an element with its content.
    fn skip(&mut self, tag: &Tag<'a>) {
        if !tag.is_empty() {
            self.content(tag.name);
        }
    }

    /// Takes the content of an element whose start tag was just read, with its end tag; nothing where that is missing.
    fn content(&mut self, name: &'a str) -> &'a str {
        let found = (!self.unclosed.contains(&name)).then(|| element(self.rest, name)).flatten();
        let Some((content, rest)) = found else {
            self.unclosed.push(name);
            return "";
        };
        self.rest = rest;
        content
    }

    /// A formula: its TeX, or as much of it as reads as text.
    fn formula(&mut self, tag: &Tag<'a>) {
        let content = self.content("span");
        let display = tag.has_class("display");
        let tex = match content.split_once("<annotation encoding=\"application/x-tex\">") {
            Some((_, tex)) => decoded(tex.split_once("</annotation>").map_or(tex, |(tex, _)| tex)),
            None => {
                let text = crate::html::text_of(content);
                text.trim_matches(|c: char| c.is_whitespace()).trim_start_matches(['\\', '(', '[']).to_owned()
            }
        };
        let written = match (self.reading, display) {
            (Reading::Shown, _) => plain_formula(&tex),
            (Reading::Quarto, true) => format!("\\[{tex}\\]"),
            (Reading::Quarto, false) => format!("\\({tex}\\)"),
        };
        // A formula can neither hold markup nor lose its spaces.
        self.text(&escape(&written));
    }

    /// Ends the line, unless nothing stands on it.
    fn line(&mut self) {
        self.pending = false;
        if self.heading.is_some() {
            self.pending = true;
        } else if let Some(section) = self.sections.last_mut()
            && !section.text.is_empty()
            && !section.text.ends_with('\n')
        {
            section.text.push('\n');
        }
    }

    fn text(&mut self, raw: &str) {
        let text = decoded(raw);
        let Some(section) = self.sections.last_mut() else { return };
        let out = if self.heading.is_some() { &mut section.heading } else { &mut section.text };
        if self.pre > 0 {
            out.push_str(&text);
            self.pending = false;
            return;
        }
        // No-break spaces are kept: they join numbers to their words.
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        for part in text.split_inclusive(is_space) {
            let mut word = part.trim_end_matches(is_space);
            if out.is_empty() || out.ends_with('\n') {
                word = word.trim_start_matches('\u{a0}');
            }
            if !word.is_empty() {
                if self.pending && !out.is_empty() && !out.ends_with('\n') {
                    out.push(' ');
                }
                out.push_str(word);
                self.pending = false;
            }
            self.pending |= word.len() < part.len();
        }
    }
}

/// A start tag.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    fn new(inside: &'a str) -> Self {
        let end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        Tag { name, attributes }
    }

    /// The value of an attribute as written; empty where it has none.
    fn attribute(&self, name: &str) -> Option<std::borrow::Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            let (found, after) = rest.split_at(end.max(1));
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(after) => match after.chars().next() {
                    Some(quote @ ('"' | '\'')) => {
                        let after = &after[1..];
                        after.split_once(quote).unwrap_or((after, ""))
                    }
                    _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
                },
            };
            if found.eq_ignore_ascii_case(name) {
                return Some(value.into());
            }
            rest = after;
        }
    }

    fn classes(&self) -> impl Iterator<Item = String> {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    fn has_class(&self, name: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|c| c == name))
    }

    /// Whether the element can have no content.
    fn is_empty(&self) -> bool {
        matches!(self.name, "br" | "hr" | "img" | "input" | "wbr" | "source" | "track" | "embed" | "area" | "col")
    }
}

/// The content of an element whose start tag was just read, and what follows its end tag.
fn element<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut depth = 1;
    let mut from = 0;
    while let Some(at) = text[from..].find('<').map(|at| from + at) {
        let tag = &text[at + 1..];
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let named =
            tag.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'));
        if named {
            depth += if closes { -1 } else { 1 };
            if depth == 0 {
                let rest = text[at..].split_once('>').map_or("", |(_, rest)| rest);
                return Some((&text[..at], rest));
            }
        }
        from = at + 1;
    }
    None
}

/// Where the `>` is that ends the tag at the beginning of a text, and one more; nothing if it is no tag.
fn tag_end(text: &str) -> Option<usize> {
    let begins = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b'>', None) => return begins.then_some(at + 1),
            _ => {}
        }
    }
    None
}

/// Whether an element stands on lines of its own.
fn is_block(name: &str) -> bool {
    #[rustfmt::skip]
    const BLOCKS: &[&str] = &[
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p",
        "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ];
    BLOCKS.binary_search(&name).is_ok()
}

/// Text with its character references resolved: the ones that the body writes, numbers, and the common names.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character that a reference at the beginning of a text stands for, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "times" => '×',
        "copy" => '©',
        "rarr" => '→',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(String, String, String)> {
        sections(html, Reading::Shown).into_iter().map(|s| (s.id, s.heading, s.text)).collect()
    }

    #[test]
    fn sections_have_their_own_text() {
        let html = "<p>Before</p><section id=\"a\" class=\"level2\"><h2><span class=\"header-section-number\">1</span> A \
                    <em>b</em></h2>\n<p>One &amp; <code>two</code>.</p><section id=\"c\" class=\"level3\"><h3>C</h3><p>Three</p>\
                    </section></section>";
        assert_eq!(
            read(html),
            [
                (String::new(), String::new(), "Before".into()),
                ("a".into(), "1 A b".into(), "One & two.".into()),
                ("c".into(), "C".into(), "Three".into()),
            ]
        );
    }

    #[test]
    fn what_is_hidden_is_left_out() {
        let html = "<p>Seen<script>a < b</script></p><section id=\"h\" class=\"level2 hidden\"><h2>No</h2><section \
                    class=\"level3\" id=\"i\">no</section></section><p hidden>no</p><div>x <!-- no > --> y</div>";
        assert_eq!(read(html), [(String::new(), String::new(), "Seen\nx y".into())]);
    }

    #[test]
    fn broken_raw_html_loses_no_text_after_it() {
        assert_eq!(read("<p>a < b</p><div class=\"hidden\">c"), [(String::new(), String::new(), "a < b\nc".into())]);
    }
}
