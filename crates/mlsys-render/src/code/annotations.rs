//! Code annotations: comments such as `# <1>` at the end of a line. Source: Quarto, "Code Annotation".

use std::collections::BTreeMap;

/// Comment delimiters of the languages that Quarto supports: start, and end or empty.
const COMMENTS: &[(&str, &str)] = &[
    ("#", ""),
    ("//", ""),
    ("--", ""),
    ("%%", ""),
    ("%", ""),
    ("⍝", ""),
    (";", ""),
    ("'", ""),
    ("!", ""),
    ("*", ""),
    ("*", ";"),
    ("/*", "*/"),
    ("<!--", "-->"),
    ("(*", "*)"),
];

/// Code without its annotation comments, and the annotated lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Annotated {
    /// The code.
    pub text: String,
    /// The annotation of each annotated line.
    lines: BTreeMap<usize, u32>,
    /// The lines of each annotation.
    places: BTreeMap<u32, Vec<usize>>,
}

impl Annotated {
    /// Removes the annotation comments; `None` if there are none.
    pub fn new(text: &str) -> Option<Annotated> {
        if !text.contains('<') {
            return None;
        }
        let mut found =
            Annotated { text: String::with_capacity(text.len()), lines: BTreeMap::new(), places: BTreeMap::new() };
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                found.text.push('\n');
            }
            match annotation(line) {
                Some((code, number)) => {
                    found.text.push_str(code);
                    found.lines.insert(i, number);
                    found.places.entry(number).or_default().push(i);
                }
                None => found.text.push_str(line),
            }
        }
        (!found.lines.is_empty()).then_some(found)
    }

    /// The code with the number of its annotation before the first line of each.
    pub fn marked(&self) -> String {
        let marked = |(at, line): (usize, &str)| match self.first_at(at) {
            Some(number) => format!("{number}{line}"),
            None => line.to_owned(),
        };
        self.text.split('\n').enumerate().map(marked).collect::<Vec<_>>().join("\n")
    }

    /// The lines of an annotation, from 1: `2,3`.
    pub fn lines_of(&self, number: u32) -> String {
        let lines = self.places.get(&number).map(Vec::as_slice).unwrap_or(&[]);
        lines.iter().map(|i| (i + 1).to_string()).collect::<Vec<_>>().join(",")
    }

    /// The annotation whose first line this is (from 0).
    pub fn first_at(&self, line: usize) -> Option<u32> {
        let number = self.lines.get(&line)?;
        (self.places.get(number)?.first() == Some(&line)).then_some(*number)
    }
}

fn annotation(line: &str) -> Option<(&str, u32)> {
    let line = line.trim_end();
    COMMENTS.iter().find_map(|(start, end)| {
        let inner = line.strip_suffix(end)?.trim_end().strip_suffix('>')?;
        let (before, digits) = inner.rsplit_once('<')?;
        let number = digits.parse().ok()?;
        let code = before.trim_end().strip_suffix(start)?;
        Some((code.trim_end(), number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_several_languages() {
        assert_eq!(annotation("x = 1  # <1>"), Some(("x = 1", 1)));
        assert_eq!(annotation("int x; /* <2> */"), Some(("int x;", 2)));
        assert_eq!(annotation("x * <1>"), Some(("x", 1)));
        assert_eq!(annotation("x * <1>;"), Some(("x", 1)));
        assert_eq!(annotation("a-->b %% <3>"), Some(("a-->b", 3)));
        assert_eq!(annotation("a < 1 > 2"), None);
    }
}
