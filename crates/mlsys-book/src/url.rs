//! URLs in texts.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The text with `%20` and the like decoded; unchanged where that is not UTF-8.
///
/// ```
/// use mlsys_book::percent_decoded;
///
/// assert_eq!(percent_decoded("a%20b%2Fc"), "a b/c");
/// assert_eq!(percent_decoded("100%"), "100%");
/// assert_eq!(percent_decoded("%ff"), "%ff");
/// ```
pub fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
}

/// The path of a file as part of a URL: what would end or change the path is percent-encoded, other scripts stay readable.
/// Source: WHATWG URL, "path percent-encode set".
///
/// ```
/// use mlsys_book::encoded_path;
///
/// assert_eq!(encoded_path("a b/c#d.html"), "a%20b/c%23d.html");
/// assert_eq!(encoded_path("über.html"), "über.html");
/// ```
pub fn encoded_path(path: &str) -> Cow<'_, str> {
    let is_special =
        |c: char| c.is_ascii_control() || matches!(c, ' ' | '"' | '#' | '%' | '<' | '>' | '?' | '`' | '{' | '}');
    if !path.contains(is_special) {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len() + 8);
    for c in path.chars() {
        match is_special(c) {
            true => out.push_str(&format!("%{:02X}", u32::from(c))),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}
