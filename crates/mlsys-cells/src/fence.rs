//! Code fences in lines of Markdown.

/// The marker of a code fence: three or more backticks or tildes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    mark: u8,
    length: usize,
    /// The bytes before it.
    indent: usize,
}

impl Fence {
    /// The marker at the start of a line.
    pub fn of(line: &str) -> Option<Fence> {
        let indent = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
        let rest = &line.as_bytes()[indent..];
        let mark = *rest.first().filter(|byte| matches!(byte, b'`' | b'~'))?;
        let length = rest.iter().take_while(|byte| **byte == mark).count();
        (length >= 3).then_some(Fence { mark, length, indent })
    }

    /// What follows the marker on its line.
    pub fn info<'l>(&self, line: &'l str) -> &'l str {
        line.get(self.indent + self.length..).unwrap_or("").trim()
    }

    /// True if this marker, at the start of `line`, closes an opening one.
    pub fn closes(&self, opening: &Fence, line: &str) -> bool {
        self.mark == opening.mark && self.length >= opening.length && self.info(line).is_empty()
    }
}

/// Backticks for a fence around a text: three, or one more than the longest run in it.
pub(crate) fn fence_for(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}
