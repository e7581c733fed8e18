//! The markers of list items. Source: Pandoc manual, "Lists", extensions `fancy_lists`, `startnum`, `example_lists`.

use super::is_rule;
use super::scan::{indent, strip_up_to, trim_start};
use crate::text::Line;
use mlsys_book::{ListNumberDelim, ListNumberStyle, roman};

/// The beginning of a list item.
#[derive(Debug)]
pub(super) struct Marker {
    pub kind: MarkerKind,
    /// Columns from the start of the line to the content: the indentation of continuation lines.
    pub width: usize,
    /// The rest of the line.
    pub rest: Line,
}

/// The kinds of markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MarkerKind {
    Bullet,
    Number {
        start: u32,
        style: ListNumberStyle,
        delim: ListNumberDelim,
        /// The label of an example, with its offset in the line.
        label: Option<String>,
    },
}

/// A parser for numbers in one style at the start of a text: the number and its length.
type NumberReader = fn(&str) -> Option<(u32, usize)>;

impl Marker {
    /// The marker of a line. `list` is the list that the item would continue: its style and delimiter decide between letters and
    /// Roman numerals.
    pub fn read(line: Line, source: &str, list: Option<(ListNumberStyle, ListNumberDelim)>) -> Option<Marker> {
        let columns = indent(line, source);
        if columns > 3 {
            return None;
        }
        let line = trim_start(line, source);
        let text = line.text(source);
        let (kind, len) = match text.as_bytes().first()? {
            b'-' | b'+' | b'*' if list.is_none() => {
                let next = text.as_bytes().get(1);
                if !next.is_none_or(|b| matches!(b, b' ' | b'\t')) || is_rule(text) {
                    return None;
                }
                (MarkerKind::Bullet, 1)
            }
            b'(' | b'#' | b'@' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => read_number(text, list)?,
            _ => return None,
        };
        let after = Line { start: line.start + len as u32, end: line.end, spaces: 0 };
        let blank = after.is_blank(source);
        if !blank && indent(after, source) == 0 {
            return None;
        }
        if blank {
            return Some(Marker { kind, width: columns + len, rest: Line { start: after.end, ..after } });
        }
        // A capital letter with a period may be an initial: it needs two spaces.
        if let MarkerKind::Number { start, style, delim: ListNumberDelim::Period, .. } = &kind {
            let initial = *style == ListNumberStyle::UpperAlpha
                || (*style == ListNumberStyle::UpperRoman && matches!(start, 1 | 5 | 10 | 50 | 100 | 500 | 1000));
            if initial && indent(after, source) < 2 {
                return None;
            }
        }
        // Up to four columns belong to the marker; more are indented code.
        let spaces = indent(after, source);
        let taken = if spaces <= 4 { spaces } else { 1 };
        Some(Marker { kind, width: columns + len + taken, rest: strip_up_to(after, taken, source) })
    }

    /// True for an example.
    pub fn is_example(&self) -> bool {
        matches!(self.kind, MarkerKind::Number { style: ListNumberStyle::Example, .. })
    }

    /// True if the marker is valid without `fancy_lists`: a bullet, a decimal number, or an example.
    pub fn is_plain(&self) -> bool {
        match &self.kind {
            MarkerKind::Bullet => true,
            MarkerKind::Number { style: ListNumberStyle::Example, .. } => true,
            MarkerKind::Number { style, delim, .. } => {
                *style == ListNumberStyle::Decimal && *delim == ListNumberDelim::Period
            }
        }
    }

    /// True if a line of a paragraph looks like a list item.
    pub fn looks_like_list(line: Line, source: &str) -> bool {
        let Some(marker) = Marker::read(line, source, None) else { return false };
        if marker.rest.is_blank(source) {
            return false;
        }
        match marker.kind {
            // A plus sign at the beginning of a line is often arithmetic.
            MarkerKind::Bullet => !trim_start(line, source).text(source).starts_with('+'),
            MarkerKind::Number { start, style, .. } => style == ListNumberStyle::Decimal && start < 100,
        }
    }
}

fn read_number(text: &str, list: Option<(ListNumberStyle, ListNumberDelim)>) -> Option<(MarkerKind, usize)> {
    use ListNumberDelim::{Default, OneParen, Period, TwoParens};
    // `p. 3` is a page number.
    if text.strip_prefix("p. ").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let parens = text.starts_with('(');
    let body = if parens { &text[1..] } else { text };
    let (start, style, len, label) = match list {
        None => any_number(body)?,
        Some((style, _)) => number_of(style, body)?,
    };
    let close = *body.as_bytes().get(len)?;
    let delim = match (parens, close) {
        (true, b')') => TwoParens,
        (false, b')') => OneParen,
        (false, b'.') if style == ListNumberStyle::Default => Default,
        (false, b'.') => Period,
        _ => return None,
    };
    if let Some((_, wanted)) = list {
        let same = wanted == delim || (matches!(wanted, Default | Period) && matches!(delim, Default | Period));
        if !same {
            return None;
        }
    }
    Some((MarkerKind::Number { start, style, delim, label }, len + 1 + usize::from(parens)))
}

type Number = (u32, ListNumberStyle, usize, Option<String>);

fn any_number(text: &str) -> Option<Number> {
    use ListNumberStyle::{Decimal, Default, Example, LowerAlpha, LowerRoman, UpperAlpha, UpperRoman};
    let styles = match text.as_bytes().first()? {
        b'0'..=b'9' => &[Decimal][..],
        b'@' => &[Example],
        b'#' => &[Default],
        b'i' => &[LowerRoman, LowerAlpha],
        b'I' => &[UpperRoman, UpperAlpha],
        b'a'..=b'z' => &[LowerAlpha, LowerRoman],
        b'A'..=b'Z' => &[UpperAlpha, UpperRoman],
        _ => return None,
    };
    // The delimiter decides which reading is the right one: `c.` is a letter, `cd.` a Roman number.
    styles.iter().find_map(|style| {
        let number = number_of(*style, text)?;
        matches!(text.as_bytes().get(number.2), Some(b'.' | b')')).then_some(number)
    })
}

fn number_of(style: ListNumberStyle, text: &str) -> Option<Number> {
    use ListNumberStyle::{Decimal, Default, Example, LowerAlpha, LowerRoman, UpperAlpha, UpperRoman};
    if text.starts_with('#') {
        return Some((1, Default, 1, None));
    }
    if style == Example {
        let label = text.strip_prefix('@')?;
        let len = label.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
        let name = &label[..len];
        return Some((1, Example, len + 1, (!name.is_empty()).then(|| name.to_string())));
    }
    let reader: NumberReader = match style {
        Decimal | Default | Example => decimal,
        LowerAlpha => |t| alpha(t, b'a'),
        UpperAlpha => |t| alpha(t, b'A'),
        LowerRoman => |t| roman_numeral(t, false),
        UpperRoman => |t| roman_numeral(t, true),
    };
    let (number, len) = reader(text)?;
    let style = if style == Default { Decimal } else { style };
    Some((number, style, len, None))
}

fn decimal(text: &str) -> Option<(u32, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text[..len].parse().ok()?, len))
}

fn alpha(text: &str, first: u8) -> Option<(u32, usize)> {
    let byte = *text.as_bytes().first()?;
    (first..first + 26).contains(&byte).then(|| (u32::from(byte - first) + 1, 1))
}

fn roman_numeral(text: &str, upper: bool) -> Option<(u32, usize)> {
    let value = |b: u8| {
        let b = if upper { b.to_ascii_lowercase() } else { b };
        match b {
            b'i' => Some(1),
            b'v' => Some(5),
            b'x' => Some(10),
            b'l' => Some(50),
            b'c' => Some(100),
            b'd' => Some(500),
            b'm' => Some(1000),
            _ => None,
        }
    };
    let digits: Vec<u32> =
        text.bytes().take(16).take_while(|b| b.is_ascii_uppercase() == upper).map_while(value).collect();
    let mut total = 0;
    for (i, digit) in digits.iter().enumerate() {
        let subtract = digits.get(i + 1).is_some_and(|next| next > digit);
        total = if subtract { total - *digit as i32 } else { total + *digit as i32 };
    }
    let number = u32::try_from(total).ok().filter(|n| *n > 0)?;
    (roman(number) == text[..digits.len()].to_ascii_lowercase()).then_some((number, digits.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<(u32, ListNumberStyle)> {
        let line = Line { start: 0, end: text.len() as u32, spaces: 0 };
        match Marker::read(line, text, None)?.kind {
            MarkerKind::Number { start, style, .. } => Some((start, style)),
            MarkerKind::Bullet => None,
        }
    }

    #[test]
    fn letters_and_roman_numbers() {
        assert_eq!(kind("iv. x"), Some((4, ListNumberStyle::LowerRoman)));
        assert_eq!(kind("i) x"), Some((1, ListNumberStyle::LowerRoman)));
        assert_eq!(kind("v) x"), Some((22, ListNumberStyle::LowerAlpha)));
        assert_eq!(kind("(C) x"), Some((3, ListNumberStyle::UpperAlpha)));
        // An initial is no marker; with two spaces it is.
        assert_eq!(kind("B. Russell"), None);
        assert_eq!(kind("B.  Russell"), Some((2, ListNumberStyle::UpperAlpha)));
        assert_eq!(kind("p. 7"), None);
        assert_eq!(kind("2019.5 x"), None);
    }
}
