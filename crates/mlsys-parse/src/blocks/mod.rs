//! The block pass: lines to drafts.

mod draft;

pub(crate) use draft::*;

use crate::context::Context;
use crate::text::Line;

/// Reads the blocks of a container's lines.
pub(crate) fn parse<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    Vec::new()
}

/// Reads the blocks of a table cell or a tight item: a lone paragraph without a blank line after it is `Plain`.
pub(crate) fn parse_cell<'a>(_lines: &[Line], _cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    Vec::new()
}
