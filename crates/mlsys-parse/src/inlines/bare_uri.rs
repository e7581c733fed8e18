//! Addresses in running text that are links without angle brackets. Source: Pandoc manual, "Extension: autolink_bare_uris".

use super::html::{is_email, is_uri};
use super::{Found, Reader};
use mlsys_book::{Attr, Inline, InlineKind, Link};
use std::ops::Range;

impl Reader<'_, '_> {
    /// True if an address begins here: after no letter or digit.
    pub(super) fn begins_bare_uri(&self, at: usize, level: &Range<usize>) -> bool {
        !self.in_link && !self.after_word(at, level) && self.bare_address(at, level.end).is_some()
    }

    /// The address that begins here, as a link.
    pub(super) fn bare_uri(&mut self, at: usize, end: usize) -> Found {
        let (length, is_email) = self.bare_address(at, end)?;
        let (span, shown) = (self.text.span(at..at + length), &self.s[at..at + length]);
        let (class, url) = if is_email { ("email", format!("mailto:{shown}")) } else { ("uri", shown.to_owned()) };
        let attr = Attr { classes: vec![class.to_owned()], ..Attr::default() };
        let content = vec![Inline { span, kind: InlineKind::Str(shown.to_owned()) }];
        let link = Link { attr, content, url, url_span: span, title: String::new() };
        Some((at + length, InlineKind::Link(Box::new(link))))
    }

    /// The length of the address here, and whether it is an e-mail address.
    fn bare_address(&self, at: usize, end: usize) -> Option<(usize, bool)> {
        let rest = &self.s[at..end];
        let is_of_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+');
        let word = rest.bytes().take(MOST_OF_NAME).position(|b| !is_of_name(&b))?;
        match rest.as_bytes()[word] {
            b':' if is_uri(&format!("{}:x", &rest[..word])) => {
                let length = extent(rest, usize::MAX);
                (length > word + 1).then_some((length, false))
            }
            b'@' => {
                let length = extent(rest, MOST_OF_EMAIL);
                let is_known = is_email(&rest[..length]) && rest[word..length].contains('.');
                is_known.then_some((length, true))
            }
            _ => None,
        }
    }
}

/// The maximal lengths of the name before `@` and of an e-mail address. Source: RFC 5321, "Size Limits and Minimums".
const MOST_OF_NAME: usize = 65;
const MOST_OF_EMAIL: usize = 254;

/// The length of the address at the start of a text: up to white space or a closing parenthesis that it does not open, without the
/// punctuation at its end.
fn extent(text: &str, most: usize) -> usize {
    let mut depth = 0usize;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match c {
            _ if at >= most => {
                end = at;
                break;
            }
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' | '<' | '>' | '"' | '`' | '[' | ']' | '\\' | '|' => {
                end = at;
                break;
            }
            c if c.is_whitespace() => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']).len()
}
