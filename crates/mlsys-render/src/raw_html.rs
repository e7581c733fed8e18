//! HTML that authors wrote, read by a tokenizer of the HTML standard. HTML of our own is never read: its writers know more.

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, Token};
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

/// The bytes of the values of `href` and `src`, in order, without their quotes.
pub(crate) fn addresses(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    tokens(html, |token| {
        let Token::StartTag(tag) = token else { return };
        let named = tag.attributes.iter().filter(|(name, _)| matches!(&name[..], b"href" | b"src"));
        found.extend(named.filter_map(|(_, value)| value_range(html, value.span.start..value.span.end)));
    });
    found.sort_unstable_by_key(|range| range.start);
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
    fn addresses_have_quotes_of_both_kinds_or_none() {
        let html = r#"<a href="a&amp;b" title='href="no"'>x</a><img src='b.png'><script>"<a href='no'>"</script><a HREF = c.html>"#;
        let found: Vec<&str> = addresses(html).into_iter().map(|range| &html[range]).collect();
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
