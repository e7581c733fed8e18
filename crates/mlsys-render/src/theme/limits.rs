//! An upper bound on the CSS that a Sass file expands to.
//!
//! Nested rules multiply their selectors: thirty levels of two selectors each give a thousand million, and a selector that
//! uses its parent twice doubles it at each level. So does a variable that holds another one twice. The compiler has no limit,
//! so we compute the size first.

use rustc_hash::FxHashMap;

/// The maximum size in bytes of a style sheet's selectors, `@media` conditions and values. Bootstrap's is half a megabyte.
const MOST: usize = 16 << 20;

/// The size of a list of selectors or conditions.
#[derive(Clone, Copy)]
struct List {
    /// The number of items.
    count: usize,
    /// Their total length in bytes.
    length: usize,
}

impl List {
    const EMPTY: List = List { count: 1, length: 0 };

    /// The list of a rule nested in a rule with this one. Source: Sass, "Style Rules", "Nesting" and "Parent Selector".
    fn nested(self, selectors: &str, parts: &[usize]) -> List {
        let mut all = List { count: 0, length: 0 };
        let mut from = 0;
        for end in parts.iter().copied().chain([selectors.len()]) {
            let part = &selectors[from..end];
            // Without `&` the parent precedes the selector.
            let parents = part.matches('&').count().max(1);
            let mut others = 1_usize;
            for _ in 1..parents {
                others = others.saturating_mul(self.count);
                if others > MOST {
                    break;
                }
            }
            let count = others.saturating_mul(self.count);
            let parent_length = parents.saturating_mul(others).saturating_mul(self.length);
            all.count = all.count.saturating_add(count);
            all.length =
                all.length.saturating_add(parent_length).saturating_add(count.saturating_mul(part.trim().len() + 1));
            from = end;
        }
        all
    }
}

/// The line of the rule or declaration that exceeds the limit; `None` if none does. Interpolation in selectors and the results
/// of functions do not count.
pub(crate) fn excessive_line(sass: &str) -> Option<&str> {
    let bytes = sass.as_bytes();
    let mut total = 0_usize;
    let mut variables: FxHashMap<&str, usize> = FxHashMap::default();
    // The open rules, with their selectors and conditions.
    let mut open = vec![(List::EMPTY, List::EMPTY)];
    // The start of a possible rule head, and its commas outside brackets.
    let (mut start, mut commas, mut brackets) = (0, Vec::new(), 0_usize);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let mut next = at + 1;
        match byte {
            b'/' if rest.starts_with(b"//") => next = find(bytes, at, b"\n"),
            b'/' if rest.starts_with(b"/*") => next = find(bytes, at + 2, b"*/"),
            b'\\' => next = at + 2,
            b'"' | b'\'' => next = end_of_string(bytes, at),
            b'#' if rest.starts_with(b"#{") => {
                brackets += 1;
                next = at + 2;
            }
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            b'}' if brackets > 0 => brackets -= 1,
            b',' if brackets == 0 => commas.push(at - start),
            b'{' => {
                let head = &sass[start..at];
                let (selectors, conditions) = open.last().copied().unwrap_or((List::EMPTY, List::EMPTY));
                let within = match head.trim_start().strip_prefix('@') {
                    Some(rule) if rule.starts_with("media") => (selectors, conditions.nested(head, &commas)),
                    Some(_) => (selectors, conditions),
                    None => (selectors.nested(head, &commas), conditions),
                };
                total = total.saturating_add(within.0.length).saturating_add(within.1.length);
                open.push(within);
            }
            b'}' | b';' if brackets == 0 => {
                let (variable, size) = value_size(&sass[start..at], &variables);
                total = total.saturating_add(size);
                if let Some(name) = variable {
                    variables.insert(name, size);
                }
                if *byte == b'}' {
                    open.pop();
                }
            }
            _ => {}
        }
        if total > MOST {
            let begin = at - sass[start..at].trim_start().len();
            let line = sass[..begin].rfind('\n').map_or(0, |end| end + 1);
            return sass[line..].lines().next().map(str::trim);
        }
        at = next.min(bytes.len());
        if brackets == 0 && matches!(byte, b'{' | b'}' | b';') || *byte == b'{' {
            (start, brackets) = (at, 0);
            commas.clear();
        }
    }
    None
}

/// The size of a declaration with its variables expanded, and the variable that it sets, if any.
fn value_size<'s>(declaration: &'s str, variables: &FxHashMap<&str, usize>) -> (Option<&'s str>, usize) {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut pieces = declaration.split('$');
    let before = pieces.next().unwrap_or_default();
    let mut size = declaration.len();
    let mut set = None;
    for (number, piece) in pieces.enumerate() {
        let (name, after) = piece.split_at(piece.find(|c| !is_name(c)).unwrap_or(piece.len()));
        if number == 0 && before.trim().is_empty() && after.trim_start().starts_with(':') {
            set = Some(name);
        } else {
            size = size.saturating_add(variables.get(name).copied().unwrap_or(0));
        }
    }
    (set, size)
}

/// The offset after the next `end`.
fn find(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    rest.windows(end.len()).position(|window| window == end).map_or(bytes.len(), |at| from + at + end.len())
}

/// The offset after a string. An unclosed one ends with its line.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if *byte == bytes[start] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::excessive_line;

    #[test]
    fn selectors_that_multiply() {
        let nested = |head: &str, times: usize| {
            format!("{}color: red;{}", format!("{head} {{\n").repeat(times), "}".repeat(times))
        };
        for (head, times) in
            [("a, b", 30), ("& &", 30), ("&, & + b", 30), (":not(&, &) b", 30), ("@media print, screen", 30)]
        {
            let sass = nested(head, times);
            assert_eq!(excessive_line(&sass), Some(&*format!("{head} {{")), "{head}");
            assert_eq!(excessive_line(&nested(head, 5)), None, "{head}");
        }
        let not_selectors =
            ["a:is(b, c)", "@include some($a, $b)", "// a, b, c\na", "/* a, b */ a", "a[b=\"{,}\"]", "#{$a, $b}"];
        for head in not_selectors {
            assert_eq!(excessive_line(&nested(head, 100)), None, "{head}");
        }
        let doubling: String = (1..30).map(|n| format!("$v{n}: ($v{} $v{});\n", n - 1, n - 1)).collect();
        let line = excessive_line(&doubling).expect("too much");
        assert!(line.starts_with("$v2"), "{line}");
        assert_eq!(excessive_line(&"$v: ($v 1); a { b: $v }".repeat(500)), None);
        let flat = "a, b { color: red; c: { d: e } } ".repeat(10_000);
        assert_eq!(excessive_line(&flat), None);
        let strange = ["}}}", "{{{", "#{", "\"", "\\", "/*", "//", "(((", "a { b: #{c} ; d { e: f } }", "ž, { ž"];
        strange.iter().for_each(|sass| assert_eq!(excessive_line(sass), None, "{sass}"));
    }
}
