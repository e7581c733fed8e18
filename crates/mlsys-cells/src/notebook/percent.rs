//! Scripts in the percent format as pages: `# %%` begins a cell, `# %% [markdown]` a text. Source: Quarto, `percent.ts`; Jupytext,
//! "The percent format".

use crate::fence::fence_for;
use mlsys_book::{File, Source, SourceId};
use mlsys_parse::option_marks;
use std::sync::Arc;

/// The language of a script, by the extension of its file.
fn language(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "py" => Some("python"),
        "r" => Some("r"),
        "jl" => Some("julia"),
        "q" => Some("q"),
        _ => None,
    }
}

/// True if a script is in the percent format and has a text: a line such as `# %% [markdown]`.
pub fn is_percent_script(path: &str, text: &str) -> bool {
    let Some(language) = language(path) else { return false };
    let open = option_marks(language).0;
    text.lines().any(|line| header(line, open).is_some_and(|header| header.kind != Kind::Code && header.has_space))
}

/// The text of a script as that of a page, with cells that are to be run. Its own file is the script.
pub fn percent_page(id: SourceId, path: &str, script: Arc<String>) -> Source {
    let language = language(path).unwrap_or("python");
    let open = option_marks(language).0;
    let file = File { path: path.to_owned(), text: script.clone() };
    let mut source = Source { id, text: Arc::default(), files: vec![file], pieces: Vec::new() };
    let mut at = 0;
    let mut cell: Option<(Header<'_>, Vec<Line<'_>>)> = None;
    for text in script.split_inclusive('\n') {
        let line = Line { text: text.trim_end_matches(['\n', '\r']), start: at };
        at += text.len();
        match header(line.text, open) {
            Some(header) => {
                if let Some((header, lines)) = cell.replace((header, Vec::new())) {
                    append(&mut source, &header, &lines, language);
                }
            }
            None => {
                if let Some((_, lines)) = &mut cell {
                    lines.push(line);
                }
            }
        }
    }
    if let Some((header, lines)) = cell {
        append(&mut source, &header, &lines, language);
    }
    if source.pieces.is_empty() {
        source.append_generated(0, 0, "");
    }
    source
}

#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    /// Its offset in the script.
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Markdown,
    Raw,
}

/// The line that begins a cell.
struct Header<'t> {
    kind: Kind,
    /// `key="value"` pairs.
    attributes: Vec<(&'t str, &'t str)>,
    /// True if white space separates the percent signs from what follows.
    has_space: bool,
}

fn header<'t>(line: &'t str, open: &str) -> Option<Header<'t>> {
    let rest = line.trim_start().strip_prefix(open)?.trim_start();
    let after = rest.strip_prefix("%%")?.trim_start_matches('%');
    let rest = after.trim_start();
    let (kind, rest) = match (rest.strip_prefix("[markdown]"), rest.strip_prefix("[raw]")) {
        (Some(rest), _) => (Kind::Markdown, rest),
        (_, Some(rest)) => (Kind::Raw, rest),
        (None, None) => (Kind::Code, rest),
    };
    Some(Header { kind, attributes: attributes(rest), has_space: after.starts_with(char::is_whitespace) })
}

/// The `key="value"` pairs after a cell's title.
fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let start = rest[..at].rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let (key, value) = (&rest[start..at], &rest[at + 1..]);
        let (value, after) = match value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if !key.is_empty() {
            pairs.push((key, value));
        }
        rest = after;
    }
    pairs
}

fn append(source: &mut Source, header: &Header<'_>, lines: &[Line<'_>], language: &str) {
    let is_blank = |line: &Line<'_>| line.text.trim().is_empty();
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |at| at + 1);
    let lines = &lines[first..last];
    let Some((start, end)) = lines.first().map(|line| line.start).zip(lines.last().map(|line| line.start)) else {
        return;
    };
    let open = option_marks(language).0;
    let fence = || fence_for(&lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n"));
    match header.kind {
        Kind::Code => {
            let fence = fence();
            let options = header
                .attributes
                .iter()
                .map(|(key, value)| format!("{open}| {key}: {}\n", serde_json::Value::String((*value).to_owned())));
            source.append_generated(0, start, &format!("{fence}{{{language}}}\n{}", options.collect::<String>()));
            lines.iter().for_each(|line| append_line(source, *line, line.text));
            source.append_generated(0, end, &format!("{fence}\n\n"));
        }
        Kind::Markdown => {
            content(source, lines, open);
            source.append_generated(0, end, "\n");
        }
        Kind::Raw => {
            let of = |key| header.attributes.iter().find(|(other, _)| *other == key).map(|(_, value)| *value);
            let format = match of("raw_mimetype") {
                Some("text/html") => Some("html"),
                Some("text/latex") => Some("latex"),
                Some("text/restructuredtext" | "text/x-rst") => Some("rst"),
                Some("application/rtf") => Some("rtf"),
                Some(_) | None => of("format"),
            };
            let fence = fence();
            if let Some(format) = format {
                source.append_generated(0, start, &format!("{fence}{{={format}}}\n"));
            }
            content(source, lines, open);
            source.append_generated(0, end, &if format.is_some() { format!("{fence}\n\n") } else { "\n".into() });
        }
    }
}

/// The lines of a text: in a string of three quotes, or as comments.
fn content(source: &mut Source, lines: &[Line<'_>], open: &str) {
    let is_quotes =
        |line: &Line<'_>| line.text.starts_with("\"\"\"") && line.text.trim_end().bytes().all(|byte| byte == b'"');
    match lines {
        [first, inner @ .., last] if !inner.is_empty() && is_quotes(first) && is_quotes(last) => {
            inner.iter().for_each(|line| append_line(source, *line, line.text));
        }
        _ => lines.iter().for_each(|line| {
            let text =
                line.text.strip_prefix(open).map_or(line.text, |rest| rest.strip_prefix([' ', '\t']).unwrap_or(rest));
            append_line(source, *line, text);
        }),
    }
}

/// Appends the end of a line, which is `text`.
fn append_line(source: &mut Source, line: Line<'_>, text: &str) {
    let offset = line.start + line.text.len() - text.len();
    source.append(0, offset, text);
    source.append_generated(0, line.start + line.text.len(), "\n");
}
