//! Emoji by short code: `:tada:`.

/// The emoji of the short code at the start of `text`, and the code's length in bytes, colons included.
///
/// Source: Pandoc manual, "Extension: emoji".
pub(crate) fn parse(text: &str) -> Option<(&'static str, usize)> {
    let rest = text.strip_prefix(':')?;
    let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-')).count();
    // The longest short code has 35 letters or so.
    if length == 0 || length > 64 || rest.as_bytes().get(length) != Some(&b':') {
        return None;
    }
    let emoji = emojis::get_by_shortcode(&rest[..length])?;
    Some((emoji.as_str(), length + 2))
}
