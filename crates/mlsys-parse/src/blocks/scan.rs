//! Columns and white space of lines. Tabs stop every four columns, counted from the beginning of the source line, as in
//! Pandoc (`--tab-stop=4`).

use crate::text::Line;

const TAB_STOP: usize = 4;

/// The column of a byte in its source line.
fn column_of(source: &str, at: usize) -> usize {
    let start = memchr::memrchr(b'\n', &source.as_bytes()[..at]).map_or(0, |i| i + 1);
    source[start..at].chars().fold(0, |column, c| if c == '\t' { next_stop(column) } else { column + 1 })
}

fn next_stop(column: usize) -> usize {
    column - column % TAB_STOP + TAB_STOP
}

/// The width of a line's leading white space, in columns.
pub(super) fn indent(line: Line, source: &str) -> usize {
    let text = line.text(source).as_bytes();
    let spaces = text.iter().take_while(|b| **b == b' ').count();
    if text.get(spaces) != Some(&b'\t') {
        return line.spaces as usize + spaces;
    }
    let from = column_of(source, line.start as usize);
    let end = text
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .fold(from, |column, b| if *b == b'\t' { next_stop(column) } else { column + 1 });
    line.spaces as usize + end - from
}

/// The line without at most `columns` columns of leading white space.
pub(super) fn strip_up_to(line: Line, columns: usize, source: &str) -> Line {
    let mut left = columns;
    let mut line = line;
    let cut = left.min(line.spaces as usize);
    line.spaces -= cut as u8;
    left -= cut;
    if left == 0 {
        return line;
    }
    let text = line.text(source).as_bytes();
    let mut column = None;
    for byte in text {
        match byte {
            b' ' => {
                left -= 1;
                column = column.map(|c| c + 1);
            }
            b'\t' => {
                let at = column.unwrap_or_else(|| column_of(source, line.start as usize));
                let width = next_stop(at) - at;
                column = Some(at + width);
                line.spaces = width.saturating_sub(left) as u8;
                left = left.saturating_sub(width);
            }
            _ => break,
        }
        line.start += 1;
        if left == 0 {
            break;
        }
    }
    line
}

/// The line without exactly `columns` columns of leading white space; `None` if it has fewer.
pub(super) fn strip(line: Line, columns: usize, source: &str) -> Option<Line> {
    (indent(line, source) >= columns).then(|| strip_up_to(line, columns, source))
}

/// The line without any leading white space.
pub(super) fn trim_start(line: Line, source: &str) -> Line {
    let text = line.text(source);
    let white = text.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    Line { start: line.start + white as u32, end: line.end, spaces: 0 }
}

/// The line without trailing white space.
pub(super) fn trim_end(line: Line, source: &str) -> Line {
    let text = line.text(source);
    let white = text.bytes().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    Line { end: line.end - white as u32, ..line }
}

/// The text of a line that is indented by at most three columns, without its indentation and trailing white space.
pub(super) fn marked(line: Line, source: &str) -> Option<(Line, &str)> {
    if indent(line, source) > 3 {
        return None;
    }
    let line = trim_end(trim_start(line, source), source);
    Some((line, line.text(source)))
}

/// Appends a line with tabs as spaces, as Pandoc shows them in code.
pub(super) fn push_expanded(line: Line, source: &str, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', line.spaces as usize));
    let text = line.text(source);
    if memchr::memchr(b'\t', text.as_bytes()).is_none() {
        out.push_str(text);
        return;
    }
    let mut column = column_of(source, line.start as usize);
    for c in text.chars() {
        if c == '\t' {
            let stop = next_stop(column);
            out.extend(std::iter::repeat_n(' ', stop - column));
            column = stop;
        } else {
            out.push(c);
            column += 1;
        }
    }
}

/// The lines of a stretch of source, without line ends (`\n`, `\r\n`, `\r` before the end).
pub(crate) fn lines_of(source: &str, start: usize, end: usize) -> Vec<Line> {
    let bytes = source.as_bytes();
    let mut lines = Vec::with_capacity((end - start) / 48 + 1);
    let mut at = start;
    while at < end {
        let stop = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |i| at + i);
        let text_end = if stop > at && bytes[stop - 1] == b'\r' { stop - 1 } else { stop };
        lines.push(Line { start: at as u32, end: text_end as u32, spaces: 0 });
        at = stop + 1;
    }
    lines
}
