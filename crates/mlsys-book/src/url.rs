//! URLs in texts.

use percent_encoding::percent_decode_str;

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
