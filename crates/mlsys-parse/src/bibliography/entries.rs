//! The structure of a BibTeX file: entries, fields, `@string`s. Fields stay TeX here.

use mlsys_book::{Code, Diagnostic, Source, Span};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// An entry: `@kind{key, name = value, ...}`.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The type in lower case.
    pub kind: String,
    pub key: String,
    /// From `@` to the closing brace.
    pub span: Span,
    /// The values as TeX, by field name in lower case; a repeated field keeps its last value.
    pub fields: BTreeMap<String, String>,
}

/// A limit on the bytes that a file's `@string`s expand to: a factor of the file's length, plus a constant. Strings may consist of
/// strings, so twenty lines that each double the one before make a million letters of one.
const INSERTED: usize = 16;

/// See [`INSERTED`].
const MOST_INSERTED: usize = 64 << 10;

/// A reading position in the file.
struct Reader<'s> {
    text: &'s str,
    at: usize,
    strings: FxHashMap<String, String>,
    /// The bytes that strings have expanded to so far.
    inserted: usize,
}

/// The reason why an entry cannot be read, and its place.
struct Broken {
    at: usize,
    message: &'static str,
}

/// The entries of a file. Text between entries is a comment. After a broken entry, reading continues at the next line that starts
/// with `@`.
pub(super) fn read(source: &Source) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut reader = Reader { text: &source.text, at: 0, strings: FxHashMap::default(), inserted: 0 };
    let mut entries = Vec::new();
    let mut diagnostics = Vec::new();
    while let Some(offset) = source.text[reader.at..].find('@') {
        let start = reader.at + offset;
        reader.at = start + 1;
        match reader.item(start) {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => {}
            Err(broken) => {
                let end = source.text[start + 1..].find("\n@").map_or(source.text.len(), |i| start + 1 + i + 1);
                let head = source.text[start..end].find('\n').map_or(end, |i| start + i);
                diagnostics.push(
                    Diagnostic::new(
                        Code::MalformedBibliographyEntry,
                        source.place(Span::new(start, head)),
                        format!("cannot read this entry: {}", broken.message),
                    )
                    .related(
                        source.place(Span::new(broken.at.min(source.text.len()), broken.at)),
                        "reading stops here",
                    ),
                );
                reader.at = end;
            }
        }
    }
    (entries, diagnostics)
}

impl<'s> Reader<'s> {
    /// What follows `@`: an entry, or nothing for `@comment`, `@preamble`, `@string` and a lone `@`.
    fn item(&mut self, start: usize) -> Result<Option<Entry>, Broken> {
        let kind = self.word(char::is_alphabetic).to_lowercase();
        self.space();
        match kind.as_str() {
            "" => return Ok(None),
            "comment" => {
                if self.peek() == Some('{') {
                    self.braced()?;
                }
                return Ok(None);
            }
            "preamble" => {
                self.braced()?;
                return Ok(None);
            }
            _ => {}
        }
        if !matches!(self.peek(), Some('{' | '(')) {
            // A URL in a comment, such as me@example.org.
            return Ok(None);
        }
        let close = if self.peek() == Some('(') { ')' } else { '}' };
        self.at += 1;
        self.space();
        if kind == "string" {
            let (name, value) = self.field()?;
            self.strings.insert(name, value);
            self.expect(close, "`@string` has no end")?;
            return Ok(None);
        }
        let key =
            self.word(|c| !c.is_whitespace() && !matches!(c, ',' | '{' | '}' | '"' | '\\' | '#' | '%')).to_owned();
        if key.is_empty() {
            return Err(self.broken("it has no key"));
        }
        self.space();
        let mut fields = BTreeMap::new();
        while self.peek() == Some(',') {
            self.at += 1;
            self.space();
            if self.peek() == Some(close) {
                break;
            }
            let (name, value) = self.field()?;
            fields.insert(name, value);
        }
        self.expect(close, "a comma or the closing brace is missing")?;
        Ok(Some(Entry { kind, key, span: Span::new(start, self.at), fields }))
    }

    /// `name = value # value`.
    fn field(&mut self) -> Result<(String, String), Broken> {
        let name = self.word(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '+' | '.')).to_lowercase();
        if name.is_empty() {
            return Err(self.broken("a field has no name"));
        }
        self.space();
        self.expect('=', "a field has no `=`")?;
        let mut value = String::new();
        loop {
            self.space();
            match self.peek() {
                Some('{') => value.push_str(self.braced()?),
                Some('"') => value.push_str(self.quoted()?),
                _ => {
                    let word = self.word(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '+' | '.' | '/'));
                    if word.is_empty() {
                        return Err(self.broken("a field has no value"));
                    }
                    let known = self.strings.get(&word.to_lowercase());
                    let inserted = self.inserted + known.map_or(0, String::len);
                    if inserted > MOST_INSERTED + INSERTED * self.text.len() {
                        return Err(self.broken("the file's strings expand to too much text"));
                    }
                    self.inserted = inserted;
                    value.push_str(known.map_or(word, String::as_str));
                }
            }
            self.space();
            if self.peek() != Some('#') {
                break;
            }
            self.at += 1;
        }
        let name = match name.as_str() {
            "archiveprefix" => "eprinttype".to_owned(),
            "primaryclass" => "eprintclass".to_owned(),
            _ => name,
        };
        Ok((name, value))
    }

    /// The inside of `{...}`; a backslash takes the next character with it.
    fn braced(&mut self) -> Result<&'s str, Broken> {
        let open = self.at;
        let mut depth = 0usize;
        let bytes = self.text.as_bytes();
        let mut at = open;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'{' => depth += 1,
                b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at = at + 1;
                        return Ok(&self.text[open + 1..at]);
                    }
                }
                // A line that begins like an entry ends this one: a brace was forgotten.
                b'\n' if bytes.get(at + 1) == Some(&b'@') && looks_like_entry(&self.text[at + 1..]) => break,
                _ => {}
            }
            at += 1;
        }
        Err(Broken { at: open, message: "a brace is not closed" })
    }

    /// The inside of `"..."`; quotation marks within braces do not end it.
    fn quoted(&mut self) -> Result<&'s str, Broken> {
        let open = self.at;
        let mut depth = 0usize;
        let bytes = self.text.as_bytes();
        let mut at = open + 1;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => {
                    self.at = at + 1;
                    return Ok(&self.text[open + 1..at]);
                }
                b'\n' if bytes.get(at + 1) == Some(&b'@') && looks_like_entry(&self.text[at + 1..]) => break,
                _ => {}
            }
            at += 1;
        }
        Err(Broken { at: open, message: "a quotation mark is not closed" })
    }

    fn word(&mut self, accept: impl Fn(char) -> bool) -> &'s str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn space(&mut self) {
        self.word(char::is_whitespace);
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn expect(&mut self, wanted: char, message: &'static str) -> Result<(), Broken> {
        if self.peek() != Some(wanted) {
            return Err(self.broken(message));
        }
        self.at += wanted.len_utf8();
        Ok(())
    }

    fn broken(&self, message: &'static str) -> Broken {
        Broken { at: self.at, message }
    }
}

/// True if the text begins with `@word{`.
fn looks_like_entry(text: &str) -> bool {
    let rest = text.trim_start_matches('@');
    let word = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    word > 0 && rest[word..].starts_with('{')
}
