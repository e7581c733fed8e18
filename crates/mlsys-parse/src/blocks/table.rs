//! Tables among blocks.

use super::Parser;
use super::tables;
use crate::draft::DraftKind;

impl<'a> Parser<'_, 'a> {
    /// A table at the current line, its caption included.
    pub(super) fn table(&mut self) -> bool {
        let Some((table, used)) = tables::parse(&self.lines[self.at..], self.cx).filter(|(_, used)| *used > 0) else {
            return false;
        };
        self.push_table(table, used);
        true
    }

    /// Adds a table that takes `used` lines.
    pub(super) fn push_table(&mut self, table: super::TableDraft<'a>, used: usize) {
        let start = self.lines[self.at].start;
        self.at = (self.at + used).min(self.lines.len());
        let span = self.content_span(start);
        self.push(span, DraftKind::Table(Box::new(table)));
    }

    /// True if a caption with its table starts at a line.
    pub(super) fn captioned_table_at(&mut self, index: usize) -> bool {
        self.lines.get(index..).is_some_and(|lines| tables::captioned(lines, self.cx))
    }
}
