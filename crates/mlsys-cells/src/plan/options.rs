//! The options of a cell as its page writes them. Source: Quarto, `partition-cell-options.ts`; knitr, "Chunk options".

use super::known;
use super::r_values::r_options;
use crate::document::dedent;
use mlsys_book::{Checked, Code, Diagnostic, Entry, Place, Source, SourceId, Span, Value, ValueKind};
use mlsys_parse::{option_marks, parse_yaml};

/// The options of a cell and where its code begins.
pub(super) struct CellOptions {
    pub options: Value,
    pub option_lines: Span,
    pub code_start: u32,
}

/// Reads the options of a cell: those of the `#|` lines over those in the braces.
pub(super) fn cell_options(
    source: &Source,
    fence: &super::Fence,
    is_knitr: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> CellOptions {
    let mut entries = r_options(source, fence.attributes, true);
    if !is_knitr {
        // Jupyter ignores what the braces say; a known option there can only be meant.
        entries.retain(|entry| known::is_known(&entry.key) && entry.key != "label");
    }
    let lines = OptionLines::read(source, fence);
    let mut is_valid = true;
    let place = source.place(lines.span);
    let written = if lines.is_knitr_form(source) {
        lines.parts.iter().flat_map(|part| r_options(source, *part, false)).collect()
    } else {
        let Checked { value, diagnostics: errors } = lines.parse(source);
        is_valid = errors.is_empty();
        diagnostics.extend(errors);
        match value.kind {
            ValueKind::Map(entries) => entries,
            ValueKind::Null => Vec::new(),
            ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(..)
            | ValueKind::String(_)
            | ValueKind::Seq(_) => {
                let message = "the options of this cell are no `key: value` lines";
                diagnostics.push(Diagnostic::new(Code::InvalidCellOption, place, message));
                Vec::new()
            }
        }
    };
    for mut entry in written {
        entry.key = known::normalized(&entry.key);
        entries.retain(|other: &Entry| other.key != entry.key);
        entries.push(entry);
    }
    // What is left of invalid YAML is not what its author wrote.
    if is_valid {
        known::check(&entries, is_knitr, diagnostics);
    }
    let options = Value { place, kind: ValueKind::Map(entries) };
    CellOptions { options, option_lines: lines.span, code_start: lines.end }
}

/// The option lines at the start of a cell.
struct OptionLines {
    /// The bytes of all lines, without the last line end.
    span: Span,
    /// Where the code begins.
    end: u32,
    /// What stands between the comment marks of each line.
    parts: Vec<Span>,
}

impl OptionLines {
    fn read(source: &Source, fence: &super::Fence) -> Self {
        let (mark, close) = option_marks(&fence.language);
        let start = fence.body.start as usize;
        let mut lines = OptionLines { span: Span::new(start, start), end: start as u32, parts: Vec::new() };
        let mut at = start;
        for line in source.slice(fence.body).split_inclusive('\n') {
            let begin = at;
            at += line.len();
            let written = line.trim_end();
            // Blank lines before the options are ignored.
            if lines.parts.is_empty() && written.is_empty() {
                continue;
            }
            let stripped = dedent(written, fence.indent);
            // TeX takes one per cent sign as well as two.
            let single = mark.strip_suffix('%').filter(|single| !single.is_empty());
            let marked = stripped.strip_prefix(mark).or_else(|| stripped.strip_prefix(single?));
            let Some(rest) = marked.and_then(|rest| rest.trim_start_matches(' ').strip_prefix('|')) else { break };
            let Some(content) = rest.strip_suffix(close) else { break };
            let content = content.strip_prefix(' ').unwrap_or(content);
            let offset = begin + written.len() - rest.len() + (rest.len() - close.len() - content.len());
            let content = content.trim_end();
            lines.parts.push(Span::new(offset, offset + content.len()));
            if lines.parts.len() == 1 {
                lines.span.start = begin as u32;
            }
            lines.span.end = (begin + written.len()) as u32;
            lines.end = at as u32;
        }
        lines
    }

    /// True if the lines are R's `key=value, ...` as in the braces. Source: Quarto, `guess-chunk-options-format.ts`.
    fn is_knitr_form(&self, source: &Source) -> bool {
        let mut lines = self.parts.iter().map(|part| source.slice(*part)).filter(|line| !line.trim().is_empty());
        let unlike_yaml = |line: &str| !line.contains(':') && !line.starts_with([' ', '\t', '-']);
        let like_r = |line: &str| line.trim_end().ends_with(',') || line.contains('=');
        let mut any = false;
        lines.all(|line| {
            any |= unlike_yaml(line);
            like_r(line)
        }) && any
    }

    /// Parses the lines as YAML. Places are those in the page.
    fn parse(&self, source: &Source) -> Checked<Value> {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            starts.push(text.len() as u32);
            text.push_str(source.slice(*part));
            text.push('\n');
        }
        let yaml = Source::new(SourceId(0), "", text);
        let checked = parse_yaml(&yaml, Span::new(0, yaml.text.len()));
        let position = |offset: u32| {
            let line = starts.partition_point(|start| *start <= offset).saturating_sub(1);
            let (Some(start), Some(part)) = (starts.get(line), self.parts.get(line)) else { return self.span.end };
            (part.start + (offset - start)).min(part.end)
        };
        let place = |place: Place| {
            let start = position(place.span.start);
            source.place(Span { start, end: position(place.span.end).max(start) })
        };
        let mut value = checked.value;
        relocate(&mut value, &place);
        let mut diagnostics = checked.diagnostics;
        for diagnostic in &mut diagnostics {
            diagnostic.code = Code::InvalidCellOption;
            diagnostic.severity = Code::InvalidCellOption.severity();
            diagnostic.place = place(diagnostic.place);
            for (related, _) in &mut diagnostic.related {
                *related = place(*related);
            }
        }
        Checked { value, diagnostics }
    }
}

/// Moves a value and all in it to other places.
fn relocate(value: &mut Value, place: &impl Fn(Place) -> Place) {
    value.place = place(value.place);
    match &mut value.kind {
        ValueKind::Seq(items) => items.iter_mut().for_each(|item| relocate(item, place)),
        ValueKind::Map(entries) => {
            for entry in entries {
                entry.key_place = place(entry.key_place);
                relocate(&mut entry.value, place);
            }
        }
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => {}
    }
}
