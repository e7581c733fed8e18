//! Character references of HTML: `&eacute;`, `&#233;`.

/// The text with its character references decoded. Anything else stays.
pub(crate) fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((decoded, length)) => {
                out.push_str(&decoded);
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

/// The character reference that the text begins with, decoded, and its length. pulldown-cmark has the table of names.
///
/// Source: CommonMark, "Entity and numeric character references".
pub(crate) fn reference(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let length = bytes.iter().skip(1).take(40).position(|b| !b.is_ascii_alphanumeric() && *b != b'#')? + 1;
    if bytes.first() != Some(&b'&') || bytes[length] != b';' || length < 3 {
        return None;
    }
    let written = &text[..=length];
    let mut decoded = String::new();
    for event in pulldown_cmark::Parser::new(written) {
        if let pulldown_cmark::Event::Text(text) = event {
            decoded.push_str(&text);
        }
    }
    (decoded != written).then_some((decoded, length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_decoded() {
        assert_eq!(decode("a &eacute;&#233;&#xE9; &amp;amp; &no; & &;"), "a ééé &amp; &no; & &;");
        assert_eq!(reference("&gt; b"), Some((">".to_owned(), 4)));
        assert_eq!(reference("&gt"), None);
    }
}
