//! Constructs that begin with `<`: tags, comments, native spans, autolinks.

use super::{Found, Reader};
use crate::entities::decode;
use mlsys_book::{Attr, Id, Inline, InlineKind, Link, Pair};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

impl Reader<'_, '_> {
    /// An autolink, a native span, or a tag or comment as raw HTML.
    ///
    /// Source: Pandoc manual, "Automatic links", "Extension: native_spans" and "raw_html".
    pub(super) fn html(&mut self, at: usize, end: usize) -> Found {
        if let Some(found) = self.autolink(at, end) {
            return Some(found);
        }
        let s = self.s;
        let rest = &s[at..end];
        if !self.cx.options.raw_html {
            let tag = tag(rest).filter(|tag| tag.name.eq_ignore_ascii_case("span") && !tag.closing)?;
            return self.native_span(at, end, &tag);
        }
        let closed = |reader: &mut Self, needle, from| reader.find(needle, at + from, end);
        let close = if rest.starts_with("<!--") {
            closed(self, "-->", 4)? + 3
        } else if rest.starts_with("<![CDATA[") {
            closed(self, "]]>", 9)? + 3
        } else if rest.starts_with("<!") && rest[2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            closed(self, ">", 2)? + 1
        } else if rest.starts_with("<?") {
            closed(self, "?>", 2)? + 2
        } else {
            let tag = tag(rest)?;
            if tag.name.eq_ignore_ascii_case("span")
                && !tag.closing
                && let Some(found) = self.native_span(at, end, &tag)
            {
                return Some(found);
            }
            at + tag.length
        };
        let html = match s[at..].starts_with("<!--") {
            true => s[at..close].to_owned(),
            false => self.expand_verbatim(&s[at..close], at..close),
        };
        Some((close, InlineKind::RawInline("html".to_owned(), html)))
    }

    fn native_span(&mut self, at: usize, end: usize, tag: &Tag<'_>) -> Found {
        let s = self.s;
        let close = *self.spans.get_or_insert_with(|| spans(s)).get(&at)?;
        // An end tag in the value of an attribute closes nothing.
        if close < at + tag.length {
            return None;
        }
        let close_tag = self::tag(s.get(close..end)?)?;
        let attr = self.html_attr(at, tag);
        let attr = self.expanded(attr);
        let content = self.inlines(at + tag.length..close);
        Some((close + close_tag.length, span_kind(attr, content)))
    }

    fn html_attr(&self, at: usize, tag: &Tag<'_>) -> Attr {
        let mut attr = Attr::default();
        let mut keys = BTreeSet::new();
        for (key, value, offset) in &tag.attributes {
            let span = self.text.span(at + offset..at + offset + value.len());
            let value = decode(value);
            match *key {
                "id" => attr.id = Some(Id { name: value, span, automatic: false }),
                "class" => attr.classes.extend(value.split_ascii_whitespace().map(str::to_owned)),
                _ if keys.insert(*key) => attr.pairs.push(Pair { key: (*key).to_owned(), value, value_span: span }),
                _ => {}
            }
        }
        attr
    }

    /// `<http://example.org>`, `<me@example.org>`.
    fn autolink(&mut self, at: usize, end: usize) -> Found {
        let rest = &self.s[at + 1..end];
        // The first byte that cannot be part of a URL ends the search, so a row of `<` costs nothing.
        let length = rest.find(|c: char| c == '<' || c == '>' || c.is_whitespace())?;
        if rest.as_bytes()[length] != b'>' {
            return None;
        }
        let written = &rest[..length];
        let (class, url) = if is_uri(written) {
            ("uri", decode(written))
        } else if is_email(written) {
            ("email", format!("mailto:{written}"))
        } else {
            return None;
        };
        let url_span = self.text.span(at + 1..at + 1 + length);
        let shown = if class == "uri" { url.clone() } else { written.to_owned() };
        let content = vec![Inline { span: url_span, kind: InlineKind::Str(shown) }];
        let mut after = at + length + 2;
        let mut attr = Attr { classes: vec![class.to_owned()], ..Attr::default() };
        if let Some((given, length)) = crate::attr::parse(&self.s[after..end], |i| self.text.offset(after + i)) {
            attr = given;
            after += length;
        }
        if self.in_link {
            return Some((after, InlineKind::Str(written.to_owned())));
        }
        Some((after, InlineKind::Link(Box::new(Link { attr, content, url, url_span, title: String::new() }))))
    }
}

/// A span, or the element that its first class means. Source: Pandoc manual, "Small caps" and "Underline".
pub(super) fn span_kind(mut attr: Attr, content: Vec<Inline>) -> InlineKind {
    let bare = attr.id.is_none() && attr.pairs.is_empty() && attr.classes.len() == 1;
    match attr.classes.first().map(String::as_str) {
        Some("smallcaps") if bare => InlineKind::SmallCaps(content),
        Some("underline" | "ul") if bare => InlineKind::Underline(content),
        _ => {
            // Pandoc's manual calls `style="font-variant: small-caps"` the old form of small capitals.
            let is_caps = |p: &Pair| {
                let style: String = p.value.chars().filter(|c| !c.is_whitespace()).collect();
                p.key == "style" && style.trim_end_matches(';') == "font-variant:small-caps"
            };
            if attr.pairs.iter().any(is_caps) {
                attr.pairs.retain(|p| !is_caps(p));
                let content = InlineKind::SmallCaps(content);
                return content;
            }
            InlineKind::Span(Box::new(attr), content)
        }
    }
}

/// From the offset of each `<span ...>` to that of its `</span>`.
fn spans(s: &str) -> FxHashMap<usize, usize> {
    let mut open = Vec::new();
    let mut closed = FxHashMap::default();
    for at in memchr::memchr_iter(b'<', s.as_bytes()) {
        let rest = s.as_bytes().get(at + 1..(at + 6).min(s.len())).unwrap_or(&[]);
        if rest.len() >= 4 && rest[..4].eq_ignore_ascii_case(b"span") {
            if tag(&s[at..]).is_some_and(|t| t.name.len() == 4) {
                open.push(at);
            }
        } else if rest.eq_ignore_ascii_case(b"/span")
            && let Some(start) = open.pop()
        {
            closed.insert(start, at);
        }
    }
    closed
}

/// A tag of HTML.
pub(super) struct Tag<'s> {
    pub name: &'s str,
    pub closing: bool,
    /// Key, value as written without quotes, and the value's offset in the text.
    pub attributes: Vec<(&'s str, &'s str, usize)>,
    pub length: usize,
}

/// The tag at the start of the text. Source: CommonMark 0.31, "Raw HTML".
pub(super) fn tag(text: &str) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let closing = bytes.get(1) == Some(&b'/');
    let start = 1 + usize::from(closing);
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':');
    let length = bytes.get(start..)?.iter().take_while(|b| is_name(b)).count();
    if length == 0 || !bytes[start].is_ascii_alphabetic() {
        return None;
    }
    let mut tag = Tag { name: &text[start..start + length], closing, attributes: Vec::new(), length: 0 };
    let mut i = start + length;
    let space = |i: usize| bytes[i..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    loop {
        let spaces = space(i);
        i += spaces;
        match bytes.get(i)? {
            b'>' => {
                tag.length = i + 1;
                return Some(tag);
            }
            b'/' if bytes.get(i + 1) == Some(&b'>') && !closing => {
                tag.length = i + 2;
                return Some(tag);
            }
            b if spaces > 0 && !closing && (b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | b'@')) => {
                let key_start = i;
                i += bytes[i..].iter().take_while(|b| is_name(b) || matches!(b, b'_' | b'.' | b'@')).count();
                let key = &text[key_start..i];
                let after = i + space(i);
                if bytes.get(after) != Some(&b'=') {
                    tag.attributes.push((key, "", i));
                    continue;
                }
                i = after + 1;
                i += space(i);
                let (value_start, value_end, next) = match *bytes.get(i)? {
                    quote @ (b'"' | b'\'') => {
                        let close = memchr::memchr(quote, &bytes[i + 1..])? + i + 1;
                        (i + 1, close, close + 1)
                    }
                    _ => {
                        let ends =
                            |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`');
                        let length = bytes[i..].iter().take_while(|b| !ends(b)).count();
                        if length == 0 {
                            return None;
                        }
                        (i, i + length, i + length)
                    }
                };
                tag.attributes.push((key, &text[value_start..value_end], value_start));
                i = next;
            }
            _ => return None,
        }
    }
}

pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let known = matches!(
        scheme.to_ascii_lowercase().as_str(),
        "http"
            | "https"
            | "ftp"
            | "ftps"
            | "sftp"
            | "mailto"
            | "file"
            | "doi"
            | "urn"
            | "tel"
            | "sms"
            | "news"
            | "nntp"
            | "irc"
            | "ircs"
            | "git"
            | "ssh"
            | "svn"
            | "ws"
            | "wss"
            | "data"
            | "geo"
            | "magnet"
            | "ldap"
            | "telnet"
            | "xmpp"
            | "javascript"
            | "about"
            | "gopher"
            | "isbn"
            | "info"
            | "dns"
            | "callto"
            | "facetime"
            | "skype"
            | "spotify"
            | "steam"
            | "view-source"
            | "webcal"
            | "zotero"
            | "vscode"
            | "slack"
    );
    known && !rest.is_empty()
}

pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let is_name = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_{|}~.-`".contains(c);
    let is_label = |l: &str| {
        !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !name.is_empty() && name.chars().all(is_name) && host.split('.').all(is_label)
}
