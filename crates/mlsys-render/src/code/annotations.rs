//! Annotations in code: comments of the form `# <1>` at the end of a line. Source: Quarto, "Code Annotation".

/// How comments begin in the languages that Quarto knows; and how the ones that must be closed end.
const COMMENTS: &[(&str, &str)] = &[
    ("#", ""),
    ("//", ""),
    ("--", ""),
    ("%", ""),
    (";", ""),
    ("'", ""),
    ("!", ""),
    ("/*", "*/"),
    ("<!--", "-->"),
    ("(*", "*)"),
];

/// Code without its annotations, and for each line its annotation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Annotated {
    /// The code.
    pub text: String,
    /// The annotation of each line.
    pub lines: Vec<Option<u32>>,
}

impl Annotated {
    /// Takes the annotations out of code; nothing when there is none.
    pub fn new(text: &str) -> Option<Annotated> {
        if !text.contains('<') {
            return None;
        }
        let mut found = Annotated { text: String::with_capacity(text.len()), lines: Vec::new() };
        for (i, line) in text.split('\n').enumerate() {
            let annotation = annotation(line);
            if i > 0 {
                found.text.push('\n');
            }
            found.text.push_str(annotation.map_or(line, |(code, _)| code));
            found.lines.push(annotation.map(|(_, number)| number));
        }
        found.lines.iter().any(Option::is_some).then_some(found)
    }

    /// The lines, from 1, that an annotation stands at: `2,3`.
    pub fn lines_of(&self, number: u32) -> String {
        let lines = self.lines.iter().enumerate().filter(|(_, n)| **n == Some(number));
        lines.map(|(i, _)| (i + 1).to_string()).collect::<Vec<_>>().join(",")
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
        assert_eq!(annotation("a < 1 > 2"), None);
    }
}
