//! The TeX of a BibTeX field as markup: accents, symbols, font commands, formulas, links, quotation marks and braces.

mod command;
mod symbol;

use super::html;
use mlsys_book::Markup;

/// The maximal nesting depth of groups. Deeper braces are dropped.
const MAX_DEPTH: usize = 60;

/// Reads a field. Braces give [`Markup::NoCase`]. Commands without a meaning in text are dropped, as in Pandoc.
pub(super) fn read(text: &str) -> Vec<Markup> {
    let mut reader = Reader { rest: text.trim(), frames: vec![Frame::new(Kind::Field)], skipped: 0 };
    reader.run();
    while reader.frames.len() > 1 {
        reader.close_top(false);
    }
    reader.frames.pop().map_or_else(Vec::new, Frame::finish)
}

/// The kinds of frames, which decide what closes them.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The field itself.
    Field,
    /// `{...}`
    Group,
    /// `\emph{...}` and its like; closed by `}`.
    Styled(Style),
    /// `{\em ...}`: holds to the end of the group around it.
    Switch(Style),
    /// ` ``...'' `
    DoubleQuote,
    /// `` `...' ``
    SingleQuote,
    /// `<i>...</i>` and its like.
    Tag(&'static str, Style),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Italic,
    Bold,
    SmallCaps,
    Superscript,
    Subscript,
    Quoted,
    /// No visible style: `\mbox{...}`, `<u>...</u>`.
    Plain,
    NoCase,
    /// Dropped with its content.
    Hidden,
}

struct Frame {
    kind: Kind,
    nodes: Vec<Markup>,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Frame { kind, nodes: Vec::new() }
    }

    fn finish(self) -> Vec<Markup> {
        self.nodes
    }
}

struct Reader<'t> {
    rest: &'t str,
    frames: Vec<Frame>,
    /// Braces beyond the depth limit that wait for their end.
    skipped: usize,
}

impl<'t> Reader<'t> {
    fn run(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            let after = &self.rest[c.len_utf8()..];
            match c {
                '\\' => {
                    self.rest = after;
                    self.command();
                    continue;
                }
                '{' => {
                    self.rest = after;
                    self.open(Kind::Group);
                    continue;
                }
                '}' => {
                    self.rest = after;
                    self.close_brace();
                    continue;
                }
                '$' => {
                    if self.formula(after) {
                        continue;
                    }
                    self.push("$");
                }
                '%' => {
                    self.push("%");
                }
                '~' => self.push("\u{a0}"),
                '`' if after.starts_with('`') => {
                    self.rest = &after[1..];
                    self.open(Kind::DoubleQuote);
                    continue;
                }
                '`' => {
                    self.rest = after;
                    self.open(Kind::SingleQuote);
                    continue;
                }
                '\'' if after.starts_with('\'') => {
                    self.rest = &after[1..];
                    if !self.close_quote(Kind::DoubleQuote) {
                        self.push("”");
                    }
                    continue;
                }
                '\'' => {
                    self.rest = after;
                    let inside_word = after.chars().next().is_some_and(char::is_alphanumeric);
                    if inside_word || !self.close_quote(Kind::SingleQuote) {
                        self.push("’");
                    }
                    continue;
                }
                '-' if after.starts_with("--") => {
                    self.rest = &after[2..];
                    self.push("—");
                    continue;
                }
                '-' if after.starts_with('-') => {
                    self.rest = &after[1..];
                    self.push("–");
                    continue;
                }
                '<' => {
                    if self.tag() {
                        continue;
                    }
                    self.push("<");
                }
                '&' => {
                    if self.entity(after) {
                        continue;
                    }
                    self.push("&");
                }
                c if c.is_whitespace() && c != '\u{a0}' => {
                    self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\u{a0}');
                    self.space();
                    continue;
                }
                c => self.push(c.encode_utf8(&mut [0; 4])),
            }
            self.rest = after;
        }
    }

    fn push(&mut self, text: &str) {
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some(Markup::Text(last)) = frame.nodes.last_mut() {
            last.push_str(text);
        } else {
            frame.nodes.push(Markup::Text(text.to_owned()));
        }
    }

    /// One space, whatever white space the source has.
    fn space(&mut self) {
        let last = self.frames.last().and_then(|f| f.nodes.last());
        if !matches!(last, Some(Markup::Text(t)) if t.ends_with(' ')) {
            self.push(" ");
        }
    }

    fn node(&mut self, node: Markup) {
        if let Some(frame) = self.frames.last_mut() {
            frame.nodes.push(node);
        }
    }

    fn open(&mut self, kind: Kind) {
        if self.frames.len() >= MAX_DEPTH {
            if matches!(kind, Kind::Group | Kind::Styled(_)) {
                self.skipped += 1;
            }
            return;
        }
        self.frames.push(Frame::new(kind));
    }

    /// Closes the innermost frame; `matched` is true if its own end was found.
    fn close_top(&mut self, matched: bool) {
        let Some(frame) = self.frames.pop() else { return };
        let kind = frame.kind;
        let nodes = frame.finish();
        match kind {
            Kind::Field => {}
            Kind::Group => self.node(Markup::NoCase(nodes)),
            Kind::DoubleQuote | Kind::SingleQuote if matched => self.node(Markup::Quoted(nodes)),
            Kind::DoubleQuote | Kind::SingleQuote => {
                self.push(if kind == Kind::DoubleQuote { "“" } else { "‘" });
                self.splice(nodes);
            }
            Kind::Styled(style) | Kind::Switch(style) | Kind::Tag(_, style) => match style {
                Style::Italic => self.node(Markup::Italic(nodes)),
                Style::Bold => self.node(Markup::Bold(nodes)),
                Style::SmallCaps => self.node(Markup::SmallCaps(nodes)),
                Style::Superscript => self.node(Markup::Superscript(nodes)),
                Style::Subscript => self.node(Markup::Subscript(nodes)),
                Style::Quoted => self.node(Markup::Quoted(nodes)),
                Style::NoCase => self.node(Markup::NoCase(nodes)),
                Style::Plain => self.splice(nodes),
                Style::Hidden => {}
            },
        }
    }

    fn splice(&mut self, nodes: Vec<Markup>) {
        for node in nodes {
            if let Markup::Text(text) = node {
                self.push(&text);
            } else {
                self.node(node);
            }
        }
    }

    /// `}` closes what was opened by the innermost `{`, and every quotation or switch inside.
    fn close_brace(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(at) = self.frames.iter().rposition(|f| matches!(f.kind, Kind::Group | Kind::Styled(_))) else {
            return;
        };
        while self.frames.len() > at + 1 {
            self.close_top(false);
        }
        self.close_top(true);
    }

    fn close_quote(&mut self, kind: Kind) -> bool {
        if self.frames.last().is_some_and(|f| f.kind == kind) {
            self.close_top(true);
            return true;
        }
        false
    }

    /// `$...$`; false when there is no end.
    fn formula(&mut self, after: &'t str) -> bool {
        let delimiter = if after.starts_with('$') { "$$" } else { "$" };
        let inside = &after[delimiter.len() - 1..];
        let Some(end) = inside.find(delimiter) else { return false };
        self.node(Markup::Math(inside[..end].trim().to_owned()));
        self.rest = &inside[end + delimiter.len()..];
        true
    }

    /// HTML that was left in the field by whoever exported it.
    fn tag(&mut self) -> bool {
        let Some((name, style, closing, length)) = html::tag(self.rest) else { return false };
        if closing {
            let Some(at) = self.frames.iter().rposition(|f| matches!(f.kind, Kind::Tag(n, _) if n == name)) else {
                return false;
            };
            if self.frames[at + 1..].iter().any(|f| matches!(f.kind, Kind::Group | Kind::Styled(_))) {
                return false;
            }
            while self.frames.len() > at + 1 {
                self.close_top(false);
            }
            self.close_top(true);
        } else if self.frames.len() < MAX_DEPTH {
            self.open(Kind::Tag(name, style));
        }
        self.rest = &self.rest[length..];
        true
    }

    /// `&eacute;`, where `after` follows the `&`.
    fn entity(&mut self, after: &'t str) -> bool {
        let Some((text, length)) = html::entity(after) else { return false };
        self.push(&text);
        self.rest = &after[length..];
        true
    }
}

/// A URL in TeX: escapes of special characters are resolved.
pub(super) fn unescape(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut chars = url.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(|n| "_%#&{}~$".contains(*n)) {
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::plain_markup;

    #[test]
    fn characters() {
        for (tex, text) in [
            (
                r#"M{\"u}ller, J\'er{\^o}me, {\O}stberg, \v{S}ibel, Garc{\'\i}a"#,
                "Müller, Jérôme, Østberg, Šibel, García",
            ),
            (r"Tools \& Talk, 50\%, a\_b", "Tools & Talk, 50%, a_b"),
            (r"R \&amp; D, P\&eacute;rez", "R & D, Pérez"),
            (r"\Lukasz and {\L}uk", "Łukasz and Łuk"),
            ("1--2---it's", "1–2—it’s"),
        ] {
            assert_eq!(plain_markup(&read(tex)), text);
        }
    }
}
