//! `check --fix`: corrections that are certain, because a diagnostic names what was meant.

use mlsys_book::{Code, Diagnostic, Locator, Source, suggest_within};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A correction within one line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file, relative to the project's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The bytes of the line that are replaced.
    pub range: (usize, usize),
    /// The new text.
    pub text: String,
}

/// The corrections of diagnostics, in the order of files and lines. Of overlapping ones the first remains.
pub fn edits(sources: &[Arc<Source>], diagnostics: &[Diagnostic]) -> Vec<Edit> {
    let locator = Locator::new(sources);
    let mut edits: Vec<Edit> = diagnostics.iter().filter_map(|diagnostic| edit(&locator, diagnostic)).collect();
    edits.sort();
    edits.dedup_by(|next, last| (&next.file, next.line) == (&last.file, last.line) && next.range.0 < last.range.1);
    edits
}

fn edit(locator: &Locator<'_>, diagnostic: &Diagnostic) -> Option<Edit> {
    let at = locator.start(diagnostic.place)?;
    let is_text = [".qmd", ".md", ".yml", ".yaml"].iter().any(|ending| at.path.ends_with(ending));
    let line = at.source_line;
    let length = (diagnostic.place.span.end - diagnostic.place.span.start) as usize;
    let written = line.get(at.offset..(at.offset + length).min(line.len())).filter(|_| is_text)?;
    let (range, text) = correction(diagnostic, written, line.get(at.offset..)?)?;
    let range = (at.offset + range.start, at.offset + range.end);
    Some(Edit { file: at.path.to_owned(), line: at.line, range, text })
}

/// What replaces which bytes of the text that a diagnostic is about; `rest` is the line from there on.
fn correction(diagnostic: &Diagnostic, written: &str, rest: &str) -> Option<(Range<usize>, String)> {
    match diagnostic.code {
        Code::LatexQuotes => {
            let inner = rest.strip_prefix("``").filter(|inner| !inner.starts_with('`'))?;
            let end = inner.find("''")?;
            let quoted = inner.get(..end).filter(|quoted| !quoted.contains(['"', '`']))?;
            Some((0..end + 4, format!("\"{quoted}\"")))
        }
        Code::CaseMangledUrl => {
            let meant = diagnostic.hints.iter().find_map(|hint| hint.strip_prefix("write `")?.strip_suffix('`'))?;
            Some((0..written.len(), meant.to_owned()))
        }
        Code::MalformedAttributes
        | Code::MisspelledAttribute
        | Code::UnknownConfigKey
        | Code::InvalidConfigValue
        | Code::UnknownShortcode
        | Code::UnknownVariable
        | Code::UnknownCellOption
        | Code::UnresolvedReference
        | Code::MissingCitation
        | Code::BrokenAnchor
        | Code::UndefinedFootnote => {
            let meant =
                diagnostic.hints.iter().find_map(|hint| hint.strip_prefix("did you mean `")?.strip_suffix("`?"))?;
            replaced(diagnostic, written, meant)
        }
        _ => None,
    }
}

/// The name in a text that a message puts in backticks, or the whole text, replaced by the one that was meant.
fn replaced(diagnostic: &Diagnostic, written: &str, meant: &str) -> Option<(Range<usize>, String)> {
    if diagnostic.code == Code::MalformedAttributes {
        return Some((0..written.len(), meant.to_owned()));
    }
    let wrong = diagnostic.message.split('`').nth(1)?;
    let at = written.find(wrong).filter(|at| written[at + wrong.len()..].find(wrong).is_none())?;
    // A suggestion may have the mark that is before the name in the text, too.
    let meant = match meant.chars().next() {
        Some(mark @ ('@' | '#' | '.')) if !wrong.starts_with(mark) => &meant[1..],
        Some('[') => meant.strip_prefix("[^")?.strip_suffix(']')?,
        Some(_) | None => meant,
    };
    if !is_certain(wrong, meant) {
        return None;
    }
    Some((at..at + wrong.len(), meant.to_owned()))
}

/// True if a name is another one with a slip of the finger: one edit, no other digit, and not only another last letter, because
/// `knuth1985` and `fig-b` may mean something that is missing.
fn is_certain(wrong: &str, meant: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let stem = |text: &str| text.chars().rev().skip(1).collect::<String>();
    let is_file = wrong.contains('/');
    suggest_within(wrong, 1, [meant]).is_some()
        && digits(wrong) == digits(meant)
        && stem(wrong) != stem(meant)
        && !is_file
}

/// A text with the corrections of its lines.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut by_line: BTreeMap<usize, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_line.entry(edit.line).or_default().push(edit);
    }
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let mut line = line.to_owned();
        for edit in by_line.get(&(at + 1)).into_iter().flatten().rev() {
            if line.get(edit.range.0..edit.range.1).is_some() {
                line.replace_range(edit.range.0..edit.range.1, &edit.text);
            }
        }
        out.push_str(&line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_of_the_finger_are_certain() {
        for (wrong, meant) in [("vidoe", "video"), ("callout-warnin", "callout-warning"), ("fig:steps", "fig-steps")] {
            assert!(is_certain(wrong, meant), "{wrong}");
        }
        for (wrong, meant) in
            [("knuth1985", "knuth1984"), ("fig-b", "fig-a"), ("a/secnd.qmd", "a/second.qmd"), ("methods", "results")]
        {
            assert!(!is_certain(wrong, meant), "{wrong}");
        }
    }

    #[test]
    fn edits_of_one_line_keep_their_places() {
        let edit = |range, text: &str| Edit { file: "a.qmd".into(), line: 2, range, text: text.into() };
        let edits = [edit((0, 1), "aa"), edit((4, 5), "bb")];
        assert_eq!(apply("x\nx y z\nx\n", &edits), "x\naa y bb\nx\n");
    }
}
