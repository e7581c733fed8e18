//! Reading fixtures: prose files with examples in the CommonMark specification's format.
//!
//! ~~~text
//! ```````` example
//! source
//! .
//! expected
//! ````````
//! ~~~
//!
//! A line `=== path` in the source begins another file of the example; what stands before the first such line is
//! `index.qmd`. A `→` stands for a tab, a `␍` for a carriage return and a `␣` for a space at the end of a line.

pub mod cell_results;
pub mod edits;
pub mod facts;
pub mod fixtures;
pub mod growth;
pub mod html;
pub mod marks;
pub mod random;
pub mod served;
pub mod stand_in;
pub mod text_format;

use std::fmt::Write;

/// An example of a fixture file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line of the opening fence, from 1.
    pub line: usize,
    /// The heading above it.
    pub section: String,
    /// The files: path and text. The first is `index.qmd` unless the example begins with another.
    pub files: Vec<(String, String)>,
    /// What must come out.
    pub expected: String,
}

const FENCE: &str = "````````";

/// The examples of a fixture file's text.
pub fn examples(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut section = String::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            section = heading.trim_start_matches('#').trim().to_owned();
        }
        if line != format!("{FENCE} example") {
            continue;
        }
        let mut source = String::new();
        let mut expected = String::new();
        let mut in_source = true;
        for (_, line) in lines.by_ref() {
            if line == FENCE {
                break;
            } else if in_source && line == "." {
                in_source = false;
            } else if in_source {
                let _ = writeln!(source, "{line}");
            } else {
                let _ = writeln!(expected, "{line}");
            }
        }
        found.push(Example { line: at + 1, section: section.clone(), files: files(&source), expected });
    }
    found
}

fn files(source: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        if let Some(path) = line.strip_prefix("=== ") {
            files.push((path.trim().to_owned(), String::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("index.qmd".to_owned(), String::new()));
        }
        if let Some((_, text)) = files.last_mut() {
            let _ = writeln!(text, "{}", line.replace('→', "\t").replace('␍', "\r").replace('␣', " "));
        }
    }
    files
}

/// The fixture file with the expectations of its examples replaced, in order.
pub fn rewrite(text: &str, outputs: &[String]) -> String {
    let mut out = String::new();
    let mut outputs = outputs.iter();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        if line != format!("{FENCE} example") {
            continue;
        }
        let mut keep = true;
        for line in lines.by_ref() {
            let end = line == FENCE;
            if keep || end {
                let _ = writeln!(out, "{line}");
            }
            if keep && line == "." {
                keep = false;
                out.push_str(outputs.next().map_or("", String::as_str));
            }
            if end {
                break;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_files_and_an_expectation() {
        let text = "# One\n\n```````` example\na→b\n=== x.bib\n@misc{k}\n.\nPara\n````````\n";
        let found = examples(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].files[0], ("index.qmd".into(), "a\tb\n".into()));
        assert_eq!(found[0].files[1].0, "x.bib");
        assert_eq!(found[0].expected, "Para\n");
        assert_eq!(rewrite(text, &["New\n".into()]), text.replace("Para", "New"));
    }
}
