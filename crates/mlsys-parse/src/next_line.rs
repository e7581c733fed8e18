//! Cached searches for lines.

use crate::text::Line;
use rustc_hash::FxHashMap;

/// A cached search for the next line of a kind, so that many unclosed starts cost one search.
#[derive(Debug, Default)]
pub(crate) struct NextLine {
    /// By the last line of a container: the start of the first line searched, and of the line found (or the container's end).
    known: FxHashMap<(u32, u32), (u32, u32)>,
}

impl NextLine {
    /// The first line of the kind, from `from` on. The kind must be the same in every call.
    pub(super) fn find(&mut self, lines: &[Line], from: usize, is: impl Fn(usize) -> bool) -> Option<usize> {
        let (first, last) = (lines.get(from)?, lines.last()?);
        let key = (last.start, last.end);
        if let Some(&(searched, found)) = self.known.get(&key)
            && searched <= first.start
            && first.start <= found
        {
            let at = lines.partition_point(|line| line.start < found);
            if lines.get(at).is_none_or(|line| line.start == found) {
                return (at < lines.len() && is(at)).then_some(at);
            }
        }
        let found = (from..lines.len()).find(|&at| is(at));
        self.known.insert(key, (first.start, found.map_or(last.end + 1, |at| lines[at].start)));
        found
    }
}
