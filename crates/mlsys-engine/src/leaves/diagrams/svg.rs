//! Cleans SVG of other programs: no scripts, nothing that loads, a size in CSS pixels, and ids that depend on the drawing alone.
//! Source: SVG 1.1; HTML Standard, "SVG"; XML 1.0, "Characters".

use crate::leaves::images::size::pixels;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Svg {
    /// The text, starting with the root element.
    pub text: String,
    /// The width in CSS pixels.
    pub width: u32,
    /// The height in CSS pixels.
    pub height: u32,
    /// The words in its text elements.
    pub words: String,
}

/// Elements that run scripts, or that do not show inside `img`.
const DROPPED: &[&str] =
    &["script", "foreignObject", "iframe", "object", "embed", "audio", "video", "metadata", "title", "desc"];

/// Elements that are replaced by their content.
const UNWRAPPED: &[&str] = &["a", "switch"];

/// Why a text is not SVG.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SvgError {
    /// It is not well-formed XML.
    #[error("{0}")]
    Xml(String),
    /// The root is another element.
    #[error("it begins with `{0}`")]
    Root(String),
    /// The root has no size.
    #[error("it has no size")]
    NoSize,
    /// There is no element.
    #[error("it is empty")]
    Empty,
}

fn invalid(error: impl std::fmt::Display) -> SvgError {
    SvgError::Xml(error.to_string())
}

/// Cleans a drawing. `rename` replaces its ids, for programs whose ids depend on other drawings.
///
/// # Errors
/// When it is not SVG.
pub fn clean(raw: &str, rename: bool) -> Result<Svg, SvgError> {
    let mut reader = Reader::from_str(raw);
    let mut cleaner = Cleaner { rename, ..Cleaner::default() };
    loop {
        match reader.read_event().map_err(invalid)? {
            Event::Start(element) => cleaner.start(&element, false)?,
            Event::Empty(element) => cleaner.start(&element, true)?,
            Event::End(_) => cleaner.end(),
            Event::Text(text) => cleaner.text(&text.decode().map_err(invalid)?),
            Event::CData(text) => cleaner.text(&text.decode().map_err(invalid)?),
            Event::GeneralRef(name) => {
                let name = name.decode().map_err(invalid)?;
                let resolved = quick_xml::escape::unescape(&format!("&{name};")).map(|t| t.into_owned());
                cleaner.text(&resolved.unwrap_or_default());
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return cleaner.finish(),
        }
    }
}

/// An open element.
enum Open {
    Kept(String),
    Unwrapped,
    Dropped,
}

#[derive(Default)]
struct Cleaner {
    rename: bool,
    out: String,
    open: Vec<Open>,
    /// The number of open elements that are dropped with their content.
    dropped: usize,
    size: Option<(f64, f64)>,
    ids: BTreeMap<String, String>,
    words: String,
}

impl Cleaner {
    fn start(&mut self, element: &BytesStart, empty: bool) -> Result<(), SvgError> {
        let full = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        let name = full.strip_prefix("svg:").unwrap_or(&full).to_owned();
        let mut attributes = Vec::new();
        for attribute in element.attributes().with_checks(false).flatten() {
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = attribute.unescape_value().map_err(invalid)?.into_owned();
            attributes.push((key, value));
        }
        if self.size.is_none() {
            return self.root(&name, attributes, empty);
        }
        let dropped = self.dropped > 0 || DROPPED.contains(&name.as_str());
        let bare = name == "g" && attributes.is_empty();
        if dropped || bare || UNWRAPPED.contains(&name.as_str()) {
            if !empty {
                self.dropped += usize::from(dropped);
                self.open.push(if dropped { Open::Dropped } else { Open::Unwrapped });
            }
            return Ok(());
        }
        self.tag(&name, &attributes, empty);
        Ok(())
    }

    /// The root: converts its size to pixels.
    fn root(&mut self, name: &str, mut attributes: Vec<(String, String)>, empty: bool) -> Result<(), SvgError> {
        if name != "svg" || empty {
            return Err(SvgError::Root(name.to_owned()));
        }
        let get = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let view: Vec<f64> = get("viewBox")
            .unwrap_or("")
            .split([' ', ','])
            .filter_map(|part| part.parse().ok().filter(|n: &f64| n.is_finite()))
            .collect();
        let view = match view[..] {
            [_, _, width, height] => Some((width, height)),
            _ => None,
        };
        let own = get("width").and_then(pixels).zip(get("height").and_then(pixels));
        let (width, height) = own.or(view).filter(|(w, h)| *w > 0.0 && *h > 0.0).ok_or(SvgError::NoSize)?;
        attributes.retain(|(key, _)| !matches!(key.as_str(), "width" | "height" | "style" | "role" | "version"));
        attributes.insert(0, ("width".into(), short(width)));
        attributes.insert(1, ("height".into(), short(height)));
        if !attributes.iter().any(|(key, _)| key == "viewBox") {
            attributes.push(("viewBox".into(), format!("0 0 {} {}", short(width), short(height))));
        }
        attributes.push(("role".into(), "img".into()));
        self.size = Some((width, height));
        self.tag("svg", &attributes, false);
        Ok(())
    }

    fn tag(&mut self, name: &str, attributes: &[(String, String)], empty: bool) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            let local = key.rsplit(':').next().unwrap_or(key);
            let harmful = local.len() > 2 && local.as_bytes()[..2].eq_ignore_ascii_case(b"on");
            if harmful || (local == "href" && !is_inside(value)) || (local == "base") || loads(value) {
                continue;
            }
            let value = if self.rename { self.renamed(local, value) } else { value.clone() };
            self.out.push_str(&format!(" {key}=\""));
            escape(&mut self.out, &value, true);
            self.out.push('"');
        }
        if empty {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            self.open.push(Open::Kept(name.to_owned()));
        }
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Kept(name)) => {
                if name == "text" && !self.words.ends_with(' ') {
                    self.words.push(' ');
                }
                self.out.push_str("</");
                self.out.push_str(&name);
                self.out.push('>');
            }
            Some(Open::Dropped) => self.dropped -= 1,
            Some(Open::Unwrapped) | None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.dropped > 0 {
            return;
        }
        let inside = |name: &str| self.open.iter().any(|o| matches!(o, Open::Kept(n) if n == name));
        if inside("style") {
            // Style sheets that load something are dropped.
            if !loads(text) && !text.to_ascii_lowercase().contains("@import") {
                escape(&mut self.out, text, false);
            }
        } else if inside("text") {
            self.words.extend(text.chars().filter(|c| c.is_whitespace() || !c.is_control()));
            escape(&mut self.out, text, false);
        }
    }

    /// An attribute's value with renamed ids.
    fn renamed(&mut self, key: &str, value: &str) -> String {
        if key == "id" {
            return self.id(value);
        }
        if key == "href"
            && let Some(id) = value.strip_prefix('#')
        {
            return format!("#{}", self.id(id));
        }
        let mut out = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once("url(#") {
            let Some((id, end)) = after.split_once(')') else { break };
            out.push_str(before);
            out.push_str(&format!("url(#{})", self.id(id)));
            rest = end;
        }
        out + rest
    }

    /// The new id for an id of the program: `a`, `b`, ..., `z`, `aa`, ...
    fn id(&mut self, id: &str) -> String {
        let mut number = self.ids.len();
        let new = || {
            let mut name = Vec::new();
            loop {
                name.insert(0, b'a' + (number % 26) as u8);
                if number < 26 {
                    return String::from_utf8_lossy(&name).into_owned();
                }
                number = number / 26 - 1;
            }
        };
        self.ids.entry(id.to_owned()).or_insert_with(new).clone()
    }

    fn finish(mut self) -> Result<Svg, SvgError> {
        let Some((width, height)) = self.size else { return Err(SvgError::Empty) };
        while !self.open.is_empty() {
            self.end();
        }
        self.out.push('\n');
        let words = self.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let whole = |size: f64| (size.round() as u32).max(1);
        Ok(Svg { text: self.out, width: whole(width), height: whole(height), words })
    }
}

/// Adds a title and a description, for readers who open the file by itself.
pub fn titled(svg: &str, title: &str, description: &str) -> String {
    let Some(at) = svg.find('>') else { return svg.to_owned() };
    let (root, rest) = svg.split_at(at + 1);
    let mut out = root.to_owned();
    for (name, text) in [("title", title), ("desc", description)] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            out.push_str(&format!("<{name}>"));
            escape(&mut out, &text, false);
            out.push_str(&format!("</{name}>"));
        }
    }
    out + rest
}

/// True for a URL inside the file.
fn is_inside(url: &str) -> bool {
    let image = ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"];
    url.starts_with('#') || image.iter().any(|start| url.starts_with(start))
}

/// True if a style or presentation attribute loads something.
fn loads(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.match_indices("url(").any(|(at, _)| {
        let url = value[at + 4..].trim_start().trim_start_matches(['"', '\'']);
        !is_inside(url)
    })
}

/// A number with at most two decimals.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Appends text, escaped for XML and without characters that XML forbids.
fn escape(out: &mut String, text: &str, attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(if attribute { ' ' } else { c }),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(content: &str) -> Svg {
        clean(&format!("<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='http://www.w3.org/2000/svg' {content}"), true)
            .expect("a picture")
    }

    #[test]
    fn the_size_is_in_pixels() {
        let picture = svg("width='72pt' height='36.3pt' viewBox='-72 -72 72 36.3'/>".replace("/>", "></svg>").as_str());
        assert_eq!((picture.width, picture.height), (96, 48));
        let text = "<svg width=\"96\" height=\"48.4\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-72 -72 72 36.3\" role=\"img\"></svg>\n";
        assert_eq!(picture.text, text);
        assert_eq!(svg("width='100%' viewBox='0 0 30 20'></svg>").width, 30);
        assert!(clean("<svg></svg>", true).is_err());
        assert!(clean("<html></html>", true).is_err());
        assert!(clean("not a picture", true).is_err());
    }

    #[test]
    fn nothing_runs_or_loads() {
        let picture = svg(
            "width='1' height='1' onload='x()'><script>x()</script><a href='javascript:x()'><path id='p' onclick='x()'/></a>\
             <image href='http://example.org/x.png'/><image xlink:href='file:///x'/><use xlink:href='#p'/>\
             <style>@import 'x'; p{}</style><style>p{fill:red}</style><g style='fill:url(http://example.org/x)'/>\
             <foreignObject><p>x</p></foreignObject><text>a\u{1}b&#x2;&lt;</text></svg>",
        );
        let content = picture.text.split_once('>').map(|(_, rest)| rest);
        let expected = "<path id=\"a\"/><image/><image/><use xlink:href=\"#a\"/><style></style><style>p{fill:red}</style><g/>\
                        <text>ab&lt;</text></svg>\n";
        assert_eq!(content, Some(expected));
        assert!(!picture.text.contains("onload"));
        assert_eq!(picture.words, "ab<");
    }

    #[test]
    fn ids_depend_on_the_picture_alone() {
        let with = |a: &str, b: &str| {
            svg(&format!(
                "width='1' height='1'><g><use href='#{a}' fill='url(#{b})'/></g><path id='{a}'/><path id='{b}'/></svg>"
            ))
        };
        assert_eq!(with("g1-7", "pgf3"), with("g9-7", "pgf512"));
        assert!(with("x", "y").text.contains("<use href=\"#a\" fill=\"url(#b)\"/><path id=\"a\"/><path id=\"b\"/>"));
    }

    #[test]
    fn a_title_comes_first() {
        let picture = titled("<svg><path/></svg>", "A < B\n", "");
        assert_eq!(picture, "<svg><title>A &lt; B</title><path/></svg>");
    }
}
