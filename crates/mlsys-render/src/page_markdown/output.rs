//! Lines of Markdown below the markers of the containers around them.

/// Blocks as text. Each line begins with the prefix of its containers: `> ` of a quotation, spaces of a list.
#[derive(Debug, Default)]
pub(super) struct Output {
    text: String,
    prefix: String,
    /// True once the current container has a block.
    has_block: bool,
}

impl Output {
    /// Begins a block: after an empty line, unless it is the first of its container or `tight`.
    pub fn begin(&mut self, tight: bool) {
        if std::mem::replace(&mut self.has_block, true) {
            if !tight {
                self.end_line();
            }
            self.end_line();
            self.text.push_str(&self.prefix);
        }
    }

    /// Adds text to the current block, with the prefix at each of its lines.
    pub fn lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.end_line();
                self.text.push_str(&self.prefix);
            }
            self.text.push_str(line);
        }
    }

    /// Ends a line; spaces at its end would mean nothing or a break.
    fn end_line(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
        // An empty line has the prefix too, which ends it without spaces.
        if !self.prefix.trim_end().is_empty() && self.text.ends_with("\n\n") {
            self.text.pop();
            self.text.push_str(self.prefix.trim_end());
            self.text.push('\n');
        }
    }

    /// A container: its first line begins with `marker`, the others with `prefix`.
    pub fn open(&mut self, marker: &str, prefix: &str, tight: bool) -> Container {
        self.begin(tight);
        self.text.push_str(marker);
        let outer = self.prefix.len();
        self.prefix.push_str(prefix);
        self.has_block = false;
        Container { outer }
    }

    /// Ends a container.
    pub fn close(&mut self, container: Container) {
        self.prefix.truncate(container.outer);
        self.has_block = true;
    }

    /// Blocks of the same container after these.
    pub fn followed_by(mut self, rest: Output) -> Output {
        if rest.has_block {
            self.begin(false);
            self.lines(&rest.text);
        }
        self
    }

    /// The text, without a line end.
    pub fn finish(self) -> String {
        self.text.trim_end_matches([' ', '\n']).to_owned()
    }
}

/// An open container: the length of the prefix around it.
pub(super) struct Container {
    outer: usize,
}

/// A text without empty lines, which would end its paragraph.
pub(super) fn without_blank_lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
