//! Texts in JSON, with the place of each character in the file.

use mlsys_book::Source;
use serde_json::value::RawValue;
use std::ops::Range;

/// A text that was decoded from strings of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub text: String,
    runs: Vec<Run>,
}

/// A part of the text that stands in the file as it is, or an escape sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    start: usize,
    /// In the file.
    offset: usize,
    is_escape: bool,
}

impl Text {
    /// Decodes a string or a list of strings, which is a slice of `file`.
    pub fn of(file: &str, raw: &RawValue) -> Text {
        let mut text = Text::default();
        text.strings(file, raw);
        text
    }

    fn strings(&mut self, file: &str, raw: &RawValue) {
        let json = raw.get();
        // A raw value borrows from the text that it was read from.
        let offset = (json.as_ptr() as usize).saturating_sub(file.as_ptr() as usize);
        if json.starts_with('"') {
            self.string(json, offset);
        } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) {
            items.into_iter().filter(|item| item.get().starts_with('"')).for_each(|item| {
                let at = (item.get().as_ptr() as usize).saturating_sub(json.as_ptr() as usize);
                self.string(item.get(), offset + at);
            });
        }
    }

    /// Decodes a string with its quotes.
    fn string(&mut self, json: &str, offset: usize) {
        let inside = json.get(1..json.len().saturating_sub(1)).unwrap_or("");
        let mut rest = inside;
        while !rest.is_empty() {
            let at = inside.len() - rest.len();
            let length = match rest.find('\\') {
                Some(0) => escape_length(rest),
                Some(length) => length,
                None => rest.len(),
            };
            let (run, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let is_escape = run.starts_with('\\');
            self.runs.push(Run { start: self.text.len(), offset: offset + 1 + at, is_escape });
            match is_escape {
                true => self.text.push_str(&serde_json::from_str::<String>(&format!("\"{run}\"")).unwrap_or_default()),
                false => self.text.push_str(run),
            }
            rest = after;
        }
    }

    /// Puts a text in front, which is not in the file.
    pub fn prepend(&mut self, text: &str) {
        let offset = self.start().unwrap_or(0);
        self.runs.iter_mut().for_each(|run| run.start += text.len());
        self.runs.insert(0, Run { start: 0, offset, is_escape: true });
        self.text.insert_str(0, text);
    }

    /// Where the text begins in the file; `None` if it is empty.
    pub fn start(&self) -> Option<usize> {
        self.runs.first().map(|run| run.offset)
    }

    /// The offset in the file of an offset in the text.
    pub fn offset(&self, at: usize) -> usize {
        let index = self.runs.partition_point(|run| run.start <= at).saturating_sub(1);
        self.runs.get(index).map_or(0, |run| if run.is_escape { run.offset } else { run.offset + at - run.start })
    }

    /// Appends a part of the text to a source whose own file is the file.
    pub fn append(&self, range: Range<usize>, source: &mut Source) {
        let first = self.runs.partition_point(|run| run.start <= range.start).saturating_sub(1);
        for (at, run) in self.runs.iter().enumerate().skip(first).take_while(|(_, run)| run.start < range.end) {
            let end = self.runs.get(at + 1).map_or(self.text.len(), |next| next.start);
            let (from, to) = (run.start.max(range.start), end.min(range.end));
            let Some(part) = self.text.get(from..to).filter(|part| !part.is_empty()) else { continue };
            match run.is_escape {
                true => source.append_generated(0, run.offset, part),
                false => source.append(0, run.offset + from - run.start, part),
            };
        }
    }
}

/// The length of the escape sequence at the start of a text; both halves of a surrogate pair are one.
fn escape_length(text: &str) -> usize {
    match text.as_bytes().get(1) {
        Some(b'u') if is_high_surrogate(text) && text.get(6..).is_some_and(|rest| rest.starts_with("\\u")) => {
            12.min(text.len())
        }
        Some(b'u') => 6.min(text.len()),
        Some(_) | None => 2.min(text.len()),
    }
}

fn is_high_surrogate(text: &str) -> bool {
    let code = text.get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    code.is_some_and(|code| (0xd800..0xdc00).contains(&code))
}
