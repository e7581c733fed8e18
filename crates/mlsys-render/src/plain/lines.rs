//! Collects events as sections of lines: a block ends the line, white space collapses, code keeps its line breaks.

use super::{Purpose, Section};
use crate::raw_html;
use html5gum::emitters::default::{StartTag, Token};
use std::borrow::Cow;

/// An event of the walk over a page.
#[derive(Clone, Debug)]
pub(super) enum Event<'a> {
    /// Text whose white space collapses.
    Text(Cow<'a, str>),
    /// Preformatted text.
    Code(Cow<'a, str>),
    /// HTML of the author.
    Raw(&'a str),
    /// A block begins or ends.
    Line,
    /// A prefix of the next text: the number of an item.
    Mark(String),
    /// The next text follows without a space.
    Join,
    /// A section begins.
    Section(Cow<'a, str>, u8),
    /// Its heading begins.
    Heading,
    /// Its heading ends.
    HeadingEnd,
    /// Hidden content begins.
    Hide,
    /// Hidden content ends.
    Show,
}

/// Builds the sections of a page.
pub(super) struct Lines {
    purpose: Purpose,
    sections: Vec<Section>,
    /// True if text belongs to the heading of the last section.
    in_heading: bool,
    /// The number of open `pre` elements of the author.
    pre: u32,
    /// True if a space precedes the next character.
    space: bool,
    /// The prefix of the next text.
    mark: String,
    /// The number of open hidden elements.
    hidden: u32,
    /// An element of the author that is dropped at its end tag.
    skipped: Option<Skipped>,
}

/// An element of the author that is dropped at its end tag, with the state before it. Without an end tag its text stays, so that
/// broken HTML does not hide the text after it.
struct Skipped {
    name: Vec<u8>,
    /// The number of open elements of this name.
    depth: u32,
    sections: usize,
    heading: usize,
    text: usize,
    in_heading: bool,
    pre: u32,
    space: bool,
}

impl Lines {
    /// No lines yet.
    pub fn new(purpose: Purpose) -> Self {
        let sections = vec![Section::default()];
        let mark = String::new();
        Lines { purpose, sections, in_heading: false, pre: 0, space: false, mark, hidden: 0, skipped: None }
    }

    /// The sections with text or an id.
    pub fn finish(mut self) -> Vec<Section> {
        self.sections.iter_mut().for_each(|section| section.text.truncate(section.text.trim_end().len()));
        self.sections.retain(|section| !section.id.is_empty() || !section.text.trim().is_empty());
        self.sections
    }

    /// Handles the next event.
    pub fn event(&mut self, event: Event<'_>) {
        if self.hidden > 0 && !matches!(event, Event::Hide | Event::Show) {
            return;
        }
        match event {
            Event::Hide => self.hidden += 1,
            Event::Show => self.hidden = self.hidden.saturating_sub(1),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.code(&text),
            Event::Raw(html) => self.raw(html),
            Event::Line => self.line(),
            Event::Mark(mark) => self.mark = mark,
            Event::Join => self.space = false,
            Event::Section(id, level) => self.section(id.into_owned(), level),
            Event::Heading => self.heading(),
            Event::HeadingEnd => {
                self.in_heading = false;
                self.line();
            }
        }
    }

    fn section(&mut self, id: String, level: u8) {
        self.line();
        self.sections.push(Section { id, level, ..Section::default() });
        self.space = false;
    }

    /// A heading names its section, unless that has a heading or text already: then it is text.
    fn heading(&mut self) {
        self.line();
        let is_fresh = self.sections.last().is_some_and(|s| s.level > 0 && s.heading.is_empty() && s.text.is_empty());
        self.in_heading = !self.in_heading && is_fresh;
    }

    /// Ends the line, unless it is empty.
    fn line(&mut self) {
        self.space = false;
        if self.in_heading {
            self.space = true;
        } else if let Some(section) = self.sections.last_mut()
            && !section.text.is_empty()
            && !section.text.ends_with('\n')
        {
            section.text.push('\n');
        }
    }

    fn code(&mut self, text: &str) {
        if let Some(section) = self.sections.last_mut() {
            let out = if self.in_heading { &mut section.heading } else { &mut section.text };
            out.push_str(&std::mem::take(&mut self.mark));
            out.push_str(text);
            self.space = false;
        }
    }

    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            return self.code(text);
        }
        let Some(section) = self.sections.last_mut() else { return };
        let out = if self.in_heading { &mut section.heading } else { &mut section.text };
        // No-break spaces stay: they join numbers to their words.
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        for part in text.split_inclusive(is_space) {
            let mut word = part.trim_end_matches(is_space);
            if out.is_empty() || out.ends_with('\n') {
                word = word.trim_start_matches('\u{a0}');
            }
            if !word.is_empty() {
                if self.space && !out.is_empty() && !out.ends_with('\n') {
                    out.push(' ');
                }
                out.push_str(&std::mem::take(&mut self.mark));
                out.push_str(word);
                self.space = false;
            }
            self.space |= part.ends_with(is_space);
        }
    }

    fn raw(&mut self, html: &str) {
        if !html.contains(['<', '&']) {
            return self.text(html);
        }
        raw_html::tokens(html, |token| match token {
            Token::StartTag(tag) => self.open(&tag),
            Token::EndTag(tag) => self.close(&tag.name),
            Token::String(text) => self.text(&String::from_utf8_lossy(&text.value)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        });
    }

    fn open(&mut self, tag: &StartTag<usize>) {
        let name = tag.name.as_slice();
        if let Some(skipped) = &mut self.skipped {
            if skipped.name == name && !tag.self_closing {
                skipped.depth += 1;
            }
        } else if self.skips(tag) {
            if !is_void(name) && !tag.self_closing {
                self.skip(name);
            }
            return;
        }
        if is_block(name) {
            self.line();
        }
        match name {
            b"section" => {
                let level = classes(tag).find_map(|class| class.strip_prefix("level")?.parse().ok());
                let id = attribute(tag, b"id").unwrap_or_default();
                if let Some(level @ 1..=6) = level
                    && !id.is_empty()
                {
                    self.section(id.into_owned(), level);
                }
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.heading(),
            b"pre" => self.pre += 1,
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some(skipped) = self.skipped.as_mut().filter(|skipped| skipped.name == name) {
            skipped.depth -= 1;
            if skipped.depth == 0 {
                return self.leave_out();
            }
        }
        match name {
            b"section" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.in_heading = false,
            b"pre" => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
        if is_block(name) {
            self.line();
        }
    }

    /// True for elements that are not part of the text: scripts, controls, hidden elements.
    fn skips(&self, tag: &StartTag<usize>) -> bool {
        let marks: &[&str] = match self.purpose {
            Purpose::Search => &["hidden", "footnote-back", "footnote-ref", "screen-reader-only", "csl-entry"],
            Purpose::SearchJson => &["hidden", "footnote-back"],
            Purpose::Document => &["hidden", "footnote-back", "screen-reader-only"],
        };
        let never = ["script", "style", "template", "noscript", "svg", "iframe", "button", "select", "textarea"];
        never.iter().any(|name| name.as_bytes() == tag.name.as_slice())
            || classes(tag).any(|class| marks.contains(&class))
            || attribute(tag, b"hidden").is_some()
            || attribute(tag, b"aria-hidden").is_some_and(|value| value == "true")
            || attribute(tag, b"role").is_some_and(|role| role == "doc-bibliography")
    }

    /// Starts to skip an element.
    fn skip(&mut self, name: &[u8]) {
        let last = self.sections.last();
        self.skipped = Some(Skipped {
            name: name.to_vec(),
            depth: 1,
            sections: self.sections.len(),
            heading: last.map_or(0, |section| section.heading.len()),
            text: last.map_or(0, |section| section.text.len()),
            in_heading: self.in_heading,
            pre: self.pre,
            space: self.space,
        });
    }

    /// Restores the state before the skipped element.
    fn leave_out(&mut self) {
        let Some(skipped) = self.skipped.take() else { return };
        self.sections.truncate(skipped.sections);
        if let Some(last) = self.sections.last_mut() {
            last.heading.truncate(skipped.heading);
            last.text.truncate(skipped.text);
        }
        (self.in_heading, self.pre, self.space) = (skipped.in_heading, skipped.pre, skipped.space);
    }
}

fn attribute<'t>(tag: &'t StartTag<usize>, name: &[u8]) -> Option<Cow<'t, str>> {
    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value))
}

fn classes(tag: &StartTag<usize>) -> impl Iterator<Item = &str> {
    let value = tag.attributes.get(&b"class"[..]).and_then(|value| std::str::from_utf8(value).ok());
    value.unwrap_or("").split_whitespace()
}

/// True for void elements.
fn is_void(name: &[u8]) -> bool {
    #[rustfmt::skip]
    const VOID: &[&[u8]] = &[
        b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr",
    ];
    VOID.binary_search(&name).is_ok()
}

/// True for block-level elements: they begin and end a line.
fn is_block(name: &[u8]) -> bool {
    #[rustfmt::skip]
    const BLOCKS: &[&[u8]] = &[
        b"address", b"article", b"aside", b"blockquote", b"br", b"caption", b"dd", b"details", b"div", b"dl", b"dt", b"fieldset",
        b"figcaption", b"figure", b"footer", b"form", b"h1", b"h2", b"h3", b"h4", b"h5", b"h6", b"header", b"hr", b"legend", b"li",
        b"main", b"nav", b"ol", b"p", b"pre", b"section", b"summary", b"table", b"tbody", b"td", b"tfoot", b"th", b"thead", b"tr",
        b"ul",
    ];
    BLOCKS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> Vec<(String, String, String)> {
        let mut lines = Lines::new(Purpose::Search);
        pieces.iter().for_each(|html| lines.event(Event::Raw(html)));
        lines.finish().into_iter().map(|s| (s.id, s.heading, s.text)).collect()
    }

    #[test]
    fn hidden_elements_may_span_pieces() {
        let html = [
            "<p>Seen<script>a < b</script></p><p hidden>no</p>",
            "<div class='x hidden'>",
            "no <div>no</div>",
            "</div>y",
        ];
        assert_eq!(read(&html), [(String::new(), String::new(), "Seen\ny".into())]);
    }

    #[test]
    fn broken_html_loses_no_text_after_it() {
        assert_eq!(read(&["<p>a < b</p><div class=\"hidden\">c"]), [(String::new(), String::new(), "a < b\nc".into())]);
    }

    #[test]
    fn sections_of_the_author_count() {
        let html = "<section id=a class='level2'><h2>A &amp; b</h2><p>x&nbsp;y</p></section>";
        assert_eq!(read(&[html]), [("a".into(), "A & b".into(), "x\u{a0}y".into())]);
    }

    #[test]
    fn the_lists_of_elements_are_in_order() {
        let names = |html: &str| is_block(html.as_bytes());
        assert!(names("address") && names("ul") && names("figcaption") && !names("span"));
        assert!(is_void(b"area") && is_void(b"wbr") && !is_void(b"p"));
    }
}
