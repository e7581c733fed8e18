//! HTML that authors wrote, read by a tokenizer of the HTML standard. HTML of our own is never read: its writers know more.

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, Token};
use std::borrow::Cow;
use std::ops::Range;

/// Twice the stack that the tokenizer takes for a byte of its input: it calls itself for each attribute of a tag.
const STACK_FOR_BYTE: usize = if cfg!(debug_assertions) { 4096 } else { 192 };

/// The longest input, in bytes, that is read on the caller's stack.
const SHORT: usize = (1 << 20) / STACK_FOR_BYTE;

/// Calls `f` for every token. Input with long tags gets a thread with a stack for their length; where the machine refuses that
/// thread there are no tokens.
pub(crate) fn tokens(html: &str, mut f: impl FnMut(Token<usize>) + Send) {
    let mut read = || {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            f(token);
        }
    };
    if html.len() <= SHORT {
        return read();
    }
    std::thread::scope(|scope| {
        let stack = std::thread::Builder::new().stack_size(html.len() * STACK_FOR_BYTE);
        let _ = stack.spawn_scoped(scope, read).map(|reading| reading.join());
    });
}

/// The HTML with the URLs of links, images, videos and scripts replaced by `new`.
pub fn with_urls(html: &str, new: impl Fn(&str) -> String) -> Cow<'_, str> {
    let urls = urls(html);
    if urls.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut from = 0;
    for range in urls {
        out.push_str(html.get(from..range.start).unwrap_or(""));
        out.push_str(&new(html.get(range.clone()).unwrap_or("")));
        from = range.end;
    }
    out.push_str(html.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

/// The ranges of the URLs in HTML, in order, without quotes.
fn urls(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !html.contains('<') {
        return found;
    }
    tokens(html, |token| {
        let Token::StartTag(tag) = token else { return };
        for (name, value) in &tag.attributes {
            let range = || value_range(html, value.span.start..value.span.end);
            match &name[..] {
                b"href" | b"src" | b"poster" => found.extend(range()),
                b"srcset" => found.extend(range().into_iter().flat_map(|range| candidates(html, range))),
                _ => {}
            }
        }
    });
    found.sort_unstable_by_key(|range| range.start);
    found
}

/// The ranges of the URLs in a `srcset`: each before a space or the next comma. Source: HTML, "Srcset attributes".
fn candidates(html: &str, set: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = set.start;
    for candidate in html.get(set).unwrap_or("").split_inclusive(',') {
        let url = candidate.trim_start();
        let from = start + candidate.len() - url.len();
        let end = url.find(|c: char| c == ',' || c.is_ascii_whitespace()).unwrap_or(url.len());
        if end > 0 {
            found.push(from..from + end);
        }
        start += candidate.len();
    }
    found
}

/// The bytes of the value of an attribute, which has the bytes `attribute`, its name included.
fn value_range(html: &str, attribute: Range<usize>) -> Option<Range<usize>> {
    let written = html.get(attribute.clone())?;
    let at = written.find('=')? + 1;
    let value = written[at..].trim_start();
    let start = attribute.start + written.len() - value.len();
    match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let length = value[1..].find(quote)?;
            Some(start + 1..start + 1 + length)
        }
        _ => {
            let length = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
            Some(start..start + length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_quotes_of_both_kinds_or_none() {
        let html = r#"<a href="a&amp;b" title='href="no"'>x</a><img src='b.png'><script>"<a href='no'>"</script><a HREF = c.html>"#;
        let found: Vec<&str> = urls(html).into_iter().map(|range| &html[range]).collect();
        assert_eq!(found, ["a&amp;b", "b.png", "c.html"]);
    }

    #[test]
    fn a_tag_with_many_attributes_does_not_fill_the_stack() {
        let html = format!("<p {}>x</p>", "a=\"\" ".repeat(100_000));
        let mut text = String::new();
        tokens(&html, |token| {
            if let Token::String(string) = token {
                text.push_str(&String::from_utf8_lossy(&string.value));
            }
        });
        assert_eq!(text, "x");
    }
}
