//! Punctuation: marks that meet collapse, full stops and commas move into quotations.

use crate::rich::{self, Rich, first_char, last_char, trim_end, trim_start};

/// Which of two marks that meet remain.
enum Keep {
    First,
    Second,
    Both,
}

/// Decides which of two marks remain. The table is that of citeproc-js, which styles are written for.
fn keep(end: char, start: char) -> Keep {
    match (end, start) {
        ('!', '.' | ':' | '!')
        | ('?', '.' | ':' | '?')
        | (':', '.' | ':')
        | (';', ':' | '.' | ';')
        | ('.', '.')
        | (',', ',') => Keep::First,
        (':' | ';', '!' | '?') | (' ', ' ' | ',' | '.') => Keep::Second,
        _ => Keep::Both,
    }
}

/// Collapses the marks where pieces meet.
pub(crate) fn fix(pieces: Vec<Vec<Rich>>) -> Vec<Vec<Rich>> {
    let mut out: Vec<Vec<Rich>> = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        if let Some(last) = out.last_mut()
            && let (Some(end), Some(start)) = (mark_before_quote(last, first_char(&piece)), first_char(&piece))
        {
            match keep(end, start) {
                Keep::First => {
                    trim_start(&mut piece, &|c| c == start);
                }
                Keep::Second => {
                    trim_end(last, &|c| c == end);
                }
                Keep::Both => {}
            }
        }
        if rich::is_blank(&piece) && !piece.is_empty() {
            continue;
        }
        out.push(piece);
    }
    out
}

/// The last character. Before a full stop, closing quotation marks are skipped, so that `“Why?”.` loses the stop.
fn mark_before_quote(runs: &[Rich], next: Option<char>) -> Option<char> {
    let last = last_char(runs)?;
    if next == Some('.') && matches!(last, '”' | '’' | '"' | '\'' | '»') {
        let text = rich::plain(runs);
        let before = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '”' | '’' | '"' | '\'' | '»'));
        return before.chars().next_back().or(Some(last));
    }
    Some(last)
}

/// Inserts the delimiter between pieces, except before one that begins with punctuation.
pub(crate) fn with_delimiter(pieces: Vec<Vec<Rich>>, delimiter: &str) -> Vec<Vec<Rich>> {
    let mut out = Vec::with_capacity(pieces.len() * 2);
    for piece in pieces {
        if !out.is_empty() && !matches!(first_char(&piece), Some(',' | ';' | '.')) {
            out.push(rich::text(delimiter));
        }
        out.push(piece);
    }
    out
}

/// Moves full stops and commas that follow a quotation into it. Source: CSL 1.0.2, "Locale options",
/// `punctuation-in-quote`.
pub(crate) fn move_into_quotes(runs: Vec<Rich>) -> Vec<Rich> {
    let mut out: Vec<Rich> = Vec::with_capacity(runs.len());
    for run in runs {
        let mut run = match run {
            Rich::Styled(face, c) => Rich::Styled(face, move_into_quotes(c)),
            Rich::Quoted(c) => Rich::Quoted(move_into_quotes(c)),
            Rich::NoCase(c) => Rich::NoCase(move_into_quotes(c)),
            Rich::Link(url, c) => Rich::Link(url, move_into_quotes(c)),
            leaf @ (Rich::Text(_) | Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_)) => leaf,
        };
        if let (Some(Rich::Quoted(quoted)), Rich::Text(text)) = (out.last_mut(), &mut run)
            && text.starts_with(['.', ','])
        {
            let mark = text.remove(0);
            if !matches!(last_char(quoted), None | Some('.' | ',' | ';' | ':' | '!' | '?')) {
                quoted.push(Rich::Text(mark.to_string()));
            }
            if text.is_empty() {
                continue;
            }
        }
        out.push(run);
    }
    out
}

/// Adds the quotation marks, alternating outer and inner ones.
pub(crate) fn put_quotes(runs: Vec<Rich>, outer: (&str, &str), inner: (&str, &str)) -> Vec<Rich> {
    runs.into_iter()
        .map(|run| match run {
            Rich::Quoted(c) => {
                let mut quoted = rich::text(outer.0);
                quoted.extend(put_quotes(c, inner, outer));
                quoted.extend(rich::text(outer.1));
                Rich::Quoted(quoted)
            }
            Rich::Styled(face, c) => Rich::Styled(face, put_quotes(c, outer, inner)),
            Rich::NoCase(c) => Rich::NoCase(put_quotes(c, outer, inner)),
            Rich::Link(url, c) => Rich::Link(url, put_quotes(c, outer, inner)),
            leaf @ (Rich::Text(_) | Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_)) => leaf,
        })
        .collect()
}
