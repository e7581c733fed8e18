//! Stands in for the table parsers until they land.

use crate::blocks::TableDraft;
use crate::context::Context;
use crate::text::{Line, Text};
use mlsys_book::{Attr, Span};

type Found<'a> = Option<(TableDraft<'a>, usize)>;

/// A grid table at the start of `lines`: the table and how many lines it takes.
pub(crate) fn parse_grid<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Found<'a> {
    None
}

/// A pipe table at the start of `lines`.
pub(crate) fn parse_pipe<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Found<'a> {
    None
}

/// A simple table at the start of `lines`.
pub(crate) fn parse_simple<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Found<'a> {
    None
}

/// A multiline table at the start of `lines`.
pub(crate) fn parse_multiline<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Found<'a> {
    None
}

/// An HTML table: `lines` begin with `<table`; the table ends with the last line used, after `</table>`.
pub(crate) fn parse_html<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Found<'a> {
    None
}

/// A caption (`: text`, `Table: text`) at the start of `lines`, up to a blank line: its span, text, attributes, lines used.
pub(crate) fn parse_caption<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Option<(Span, Text<'a>, Attr, usize)> {
    None
}
