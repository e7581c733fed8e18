//! Text as Markdown reads it back.

/// Adds text, with a backslash before each character that would be markup.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut before = out.chars().next_back();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let after = text.get(at..).unwrap_or("");
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let escapes = match c {
            '\\' | '`' | '*' | '[' | ']' | '$' | '^' | '~' | '{' | '"' => true,
            // Smart punctuation would turn a straight one.
            '\'' => true,
            '_' => !(is_word(before) && is_word(next)),
            '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '@' => !is_word(before) && next.is_some_and(|next| next.is_alphanumeric() || next == '{' || next == '_'),
            '&' => is_entity(after),
            '!' => next.is_none() || next == Some('['),
            '-' => next == Some('-') || before == Some('-'),
            '.' => next == Some('.') && text.get(at + 2..).is_some_and(|rest| rest.starts_with('.')),
            '#' | '>' | '+' | '|' | ':' | '%' | '=' => before.is_none() || before == Some('\n'),
            _ => false,
        };
        let begins = before.is_none() || before == Some('\n');
        let escapes = escapes || (begins && c == '-' && next.is_none_or(|next| next == ' '));
        if begins && let Some(length) = list_marker(after) {
            let (marker, end) = after.split_at(length);
            out.push_str(marker);
            if end.starts_with([' ']) || end.is_empty() {
                let last = out.pop();
                out.push('\\');
                out.extend(last);
            }
            before = out.chars().next_back();
            for _ in 1..marker.chars().count() {
                rest.next();
            }
            continue;
        }
        if escapes {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// The length of a list's marker at the start of a line, up to its punctuation: `1.`, `(a)`, `iv)`.
fn list_marker(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let is_number = inner[..end].bytes().all(|b| b.is_ascii_digit());
    let is_letter = end == 1 || inner[..end].bytes().all(|b| b"ivxlcdmIVXLCDM".contains(&b));
    let punctuation = inner.as_bytes().get(end)?;
    (end > 0 && end < 10 && (is_number || is_letter) && matches!(punctuation, b'.' | b')'))
        .then_some(text.len() - inner.len() + end + 1)
}

/// True if a text begins with a character reference.
fn is_entity(text: &str) -> bool {
    let name = text.get(1..).unwrap_or("");
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(name.len());
    end > 0 && end < 32 && name.as_bytes().get(end) == Some(&b';')
}

/// The longest run of a byte in a text.
pub(super) fn longest_run(text: &str, wanted: u8) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = if byte == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Code within a line.
pub(super) fn inline_code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let fence = "`".repeat(longest_run(&text, b'`') + 1);
    let is_padded = text.starts_with('`') || text.ends_with('`') || text.trim().is_empty();
    let space = if is_padded && !text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A URL as the destination of a link.
pub(super) fn destination(url: &str) -> String {
    if url.contains([' ', '(', ')', '<', '>', '\\']) || url.is_empty() {
        format!("<{}>", url.replace('\\', "%5C").replace('<', "%3C").replace('>', "%3E").replace('\n', "%20"))
    } else {
        url.replace('\n', "%20")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        push_escaped(&mut out, text);
        out
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escaped("a*b_c_ snake_case [x] $5  1 < 2"), r"a\*b_c\_ snake_case \[x\] \$5  1 < 2");
        assert_eq!(escaped("1. May"), r"1\. May");
        assert_eq!(escaped("(a) x"), r"(a\) x");
        assert_eq!(escaped("1.5 x"), "1.5 x");
        assert_eq!(escaped("# no heading, - no list"), r"\# no heading, - no list");
        assert_eq!(escaped("- no"), r"\- no");
        assert_eq!(escaped("me@x.org @key AT&T &amp;"), r"me@x.org \@key AT&T \&amp;");
        assert_eq!(escaped("a -- b ..."), r"a \-\- b \...");
    }

    #[test]
    fn code_and_urls() {
        assert_eq!(inline_code("a`b"), "``a`b``");
        assert_eq!(inline_code("`"), "`` ` ``");
        assert_eq!(destination("a b.png"), "<a b.png>");
    }
}
