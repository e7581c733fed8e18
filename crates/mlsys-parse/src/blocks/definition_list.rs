//! Definition lists. Source: Pandoc manual, "Definition lists".

use super::scan::{indent, strip, strip_up_to, trim_end, trim_start};
use super::{Parser, parse_until};
use crate::draft::{Draft, DraftKind};
use crate::text::{Line, Text};

/// A line without the `:` or `~` that begins a definition and the spaces after it.
fn defined(line: Line, source: &str) -> Option<Line> {
    let columns = indent(line, source);
    if columns > 2 {
        return None;
    }
    let inner = trim_start(line, source);
    if !inner.text(source).starts_with([':', '~']) {
        return None;
    }
    let rest = Line { start: inner.start + 1, end: line.end, spaces: 0 };
    match indent(rest, source) {
        0 => None,
        spaces if spaces >= 3 - columns => strip(rest, 3 - columns, source),
        spaces => Some(strip_up_to(rest, spaces, source)),
    }
}

impl<'a> Parser<'_, 'a> {
    /// Terms, each a line, with their definitions.
    pub(super) fn definition_list(&mut self) -> bool {
        if !self.term_at(self.at, true) {
            return false;
        }
        let start = self.lines[self.at].start;
        let mut items = Vec::new();
        let mut end;
        loop {
            let term = trim_end(trim_start(self.lines[self.at], self.source), self.source);
            let text = Text::from_lines(self.source, &[term]);
            self.at += 1;
            let mut definitions = Vec::new();
            while let Some(definition) = self.definition() {
                definitions.push(definition);
            }
            items.push((text, definitions));
            end = self.at;
            while self.peek(0).is_some_and(|l| l.is_blank(self.source)) {
                self.at += 1;
            }
            if self.peek(0).is_none() || !self.term_at(self.at, false) {
                break;
            }
        }
        let at = std::mem::replace(&mut self.at, end);
        let span = self.span_from(start);
        self.at = at;
        self.push(span, DraftKind::DefinitionList(items));
        true
    }

    /// True if a term with a definition is at a line: the definition follows at once or after a blank line. What follows
    /// after a blank line may be a table's caption instead.
    fn term_at(&mut self, index: usize, first: bool) -> bool {
        let is_marker = |p: &Self, i: usize| p.lines.get(i).is_some_and(|l| defined(*l, p.source).is_some());
        if self.blank(index) || self.closes_div(index) || self.closes_element(index) {
            return false;
        }
        if is_marker(self, index + 1) {
            return true;
        }
        if index + 1 >= self.lines.len() || !self.blank(index + 1) || !is_marker(self, index + 2) {
            return false;
        }
        !(first && self.captioned_table_at(index + 2))
    }

    /// A definition, up to the next one or the end of the item.
    fn definition(&mut self) -> Option<Vec<Draft<'a>>> {
        let blank = self.peek(0)?.is_blank(self.source);
        let first = defined(self.peek(usize::from(blank))?, self.source)?;
        self.at += 1 + usize::from(blank);
        let mut lines = vec![first];
        self.definition_lines(&mut lines);
        let mut continued = false;
        loop {
            let blanks = self.lines[self.at..].iter().take_while(|l| l.is_blank(self.source)).count();
            let next = self.peek(blanks).and_then(|l| strip(l, 4, self.source));
            let Some(next) = next else { break };
            lines.extend_from_slice(&self.lines[self.at..self.at + blanks]);
            lines.push(next);
            self.at += blanks + 1;
            continued = true;
            self.definition_lines(&mut lines);
        }
        Some(parse_until(&lines, blank || continued, self.cx))
    }

    /// Lines of a definition up to a blank one: indented by four columns, or lazily not.
    fn definition_lines(&mut self, lines: &mut Vec<Line>) {
        while let Some(line) = self.peek(0) {
            if line.is_blank(self.source) || self.ends_lazy_line(self.at) {
                return;
            }
            match strip(line, 4, self.source) {
                Some(line) => lines.push(line),
                None if defined(line, self.source).is_some() => return,
                None => lines.push(line),
            }
            self.at += 1;
        }
    }
}
