//! A YAML parser whose values have places.
//!
//! Like Quarto, it follows the core schema of YAML 1.2: only `true` and `false` (in three spellings each) are booleans, so `yes`,
//! `no`, `on` and the country code `NO` are text, and so are dates. Merge keys (`<<`) are supported, because authors use them with
//! anchors.

mod scalar;

use crate::context::MAX_DEPTH;
use mlsys_book::{Checked, Code, Diagnostic, Entry, Place, Source, Span, Value, ValueKind};
use rustc_hash::FxHashMap;
use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Tag, options};

/// The maximal number of values that the aliases of a document expand to. Nested aliases multiply, so a few lines could fill the
/// memory.
const MAX_ALIASED_VALUES: usize = 100_000;

/// Parses the YAML in `span` of a configuration file. Places are absolute in the source.
///
/// A syntax error is reported as [`Code::InvalidConfig`]; the value is what precedes it. An empty text is [`ValueKind::Null`].
///
/// ```
/// use mlsys_book::{Source, SourceId, Span};
///
/// let source = Source::new(SourceId(0), "_quarto.yml", "project: {type: book}");
/// let config = mlsys_parse::parse_yaml(&source, Span::new(0, source.text.len()));
/// assert_eq!(config.value.path("project.type").and_then(|kind| kind.as_str()), Some("book"));
/// assert!(config.diagnostics.is_empty());
/// ```
pub fn parse_yaml(source: &Source, span: Span) -> Checked<Value> {
    parse_yaml_as(source, span, Code::InvalidConfig)
}

/// Parses the YAML in `span`, and reports errors with a code.
pub(crate) fn parse_yaml_as(source: &Source, span: Span, code: Code) -> Checked<Value> {
    let mut builder = Builder {
        source,
        span,
        code,
        open: Vec::new(),
        root: None,
        anchors: FxHashMap::default(),
        aliased: 0,
        diagnostics: Vec::new(),
    };
    builder.read();
    Checked { value: builder.finish(), diagnostics: builder.diagnostics }
}

/// An open list or map.
struct Open {
    start: u32,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Seq(Vec<Value>),
    Map {
        entries: Vec<Entry>,
        /// The index of each key in `entries`, and true if a merge put it there.
        seen: Seen,
        key: Option<(String, Place)>,
    },
}

type Seen = FxHashMap<String, (usize, bool)>;

/// Builds values from the parser's events, with a stack of open lists and maps instead of recursion.
struct Builder<'a> {
    source: &'a Source,
    span: Span,
    code: Code,
    open: Vec<Open>,
    root: Option<Value>,
    /// The values of anchors, each with the number of values in it.
    anchors: FxHashMap<usize, (usize, Value)>,
    /// The number of values that aliases have expanded to so far.
    aliased: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn read(&mut self) {
        let source = self.source;
        let options = options! {
            emit_comments: false,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH as usize,
            block_nesting_limit: MAX_DEPTH as usize,
        };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(source.slice(self.span), options) {
            let (event, at) = match event {
                Ok(event) => event,
                Err(error) => return self.scan_error(&error),
            };
            let range = at.byte_range().unwrap_or(0..0);
            let place = self.place(range.start, range.end);
            match event {
                // The parser bounds brackets and indentation, but not the maps that each `:` of a list in brackets begins.
                Event::SequenceStart(..) | Event::MappingStart(..) if self.open.len() >= MAX_DEPTH as usize => {
                    self.report(place, format!("lists and maps are nested more than {MAX_DEPTH} deep"));
                    return;
                }
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        self.report(place, "a second YAML document starts here and is ignored");
                        return;
                    }
                }
                Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), place),
                Event::SequenceStart(_, anchor, _) => self.begin(place, anchor, OpenKind::Seq(Vec::new())),
                Event::MappingStart(_, anchor, _) => {
                    let seen = Seen::default();
                    self.begin(place, anchor, OpenKind::Map { entries: Vec::new(), seen, key: None });
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(place.span.start),
                Event::Alias(anchor) => self.alias(anchor, place),
                Event::UnresolvedAlias(name) => {
                    self.report(place, format!("undefined anchor `&{name}`"));
                    self.put(Value { place, kind: ValueKind::Null });
                }
                _ => {}
            }
        }
    }

    /// The value. Lists and maps that an error left open are closed.
    fn finish(&mut self) -> Value {
        while !self.open.is_empty() {
            self.end(self.span.end);
        }
        let place = self.source.place(self.span);
        self.root.take().unwrap_or(Value { place, kind: ValueKind::Null })
    }

    /// The place of a byte range of the YAML text.
    fn place(&self, start: usize, end: usize) -> Place {
        let base = self.span.start as usize;
        self.source.place(Span::new(base + start, base + end))
    }

    fn report(&mut self, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(self.code, place, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn scan_error(&mut self, error: &serde_yaml::granit_parser::ScanError) {
        let text = self.source.slice(self.span);
        let mut start = error.marker().byte_offset().unwrap_or(0).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let end = start + text[start..].chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
        let place = self.place(start, end);
        let message = error.info();
        let diagnostic = self.report(place, format!("invalid YAML: {}", message.trim_end_matches('.')));
        if message.contains("mapping values are not allowed") {
            diagnostic.hints.push("quote text that contains `: `".to_owned());
        } else if text[start..].starts_with('\t') {
            diagnostic.hints.push("indent with spaces, not tabs".to_owned());
        }
    }

    fn begin(&mut self, place: Place, anchor: usize, kind: OpenKind) {
        self.open.push(Open { start: place.span.start, anchor, kind });
    }

    /// Closes the innermost list or map.
    fn end(&mut self, end: u32) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.kind {
            OpenKind::Seq(items) => ValueKind::Seq(items),
            OpenKind::Map { mut entries, key, .. } => {
                if let Some((key, key_place)) = key {
                    let value = Value { place: key_place, kind: ValueKind::Null };
                    entries.push(Entry { key, key_place, value });
                }
                ValueKind::Map(entries)
            }
        };
        let span = self.trimmed(Span { start: open.start, end: end.max(open.start) });
        let value = Value { place: self.source.place(span), kind };
        self.remember(open.anchor, &value);
        self.put(value);
    }

    /// A span without trailing white space: a block value extends to the next token, which may be lines later.
    fn trimmed(&self, span: Span) -> Span {
        let length = self.source.slice(span).trim_end().len() as u32;
        Span { start: span.start, end: span.start + length }
    }

    fn remember(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            self.anchors.insert(anchor, (count(value), value.clone()));
        }
    }

    fn alias(&mut self, anchor: usize, place: Place) {
        let Some((size, value)) = self.anchors.get(&anchor) else {
            self.report(place, "this alias is inside the value that it refers to");
            return self.put(Value { place, kind: ValueKind::Null });
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED_VALUES {
            if self.aliased - size <= MAX_ALIASED_VALUES {
                self.report(place, format!("aliases expand to more than {MAX_ALIASED_VALUES} values"));
            }
            return self.put(Value { place, kind: ValueKind::Null });
        }
        self.put(value.clone());
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, place: Place) {
        // The span of a quoted text without escapes excludes the quotes, so that places inside it are exact.
        let place = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if place.span.end >= place.span.start + 2 => {
                let inner = Span { start: place.span.start + 1, end: place.span.end - 1 };
                if self.source.slice(inner) == text { self.source.place(inner) } else { place }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => self.source.place(self.trimmed(place.span)),
            _ => place,
        };
        let forced = tag.and_then(Tag::core_suffix);
        let kind = match (forced, style) {
            (Some("str"), _) => ValueKind::String(text.to_owned()),
            (None, ScalarStyle::Plain) if tag.is_none() => scalar::plain(text),
            (Some("int" | "float" | "bool" | "null"), _) => scalar::plain(text),
            _ => ValueKind::String(text.to_owned()),
        };
        let value = Value { place, kind };
        self.remember(anchor, &value);
        if self.wants_key() {
            self.key(text.to_owned(), place);
        } else {
            self.put(value);
        }
    }

    /// True if the next value is a key of a map.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: String, place: Place) {
        if let Some(Open { kind: OpenKind::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some((text, place));
        }
    }

    /// Adds a finished value to the innermost list or map.
    fn put(&mut self, value: Value) {
        if self.wants_key() {
            let text = value.to_text();
            if text.is_none() {
                self.report(value.place, "a key must be a string, not a list or a map");
            }
            return self.key(text.unwrap_or_default(), value.place);
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open { kind: OpenKind::Seq(items), .. }) => items.push(value),
            Some(Open { kind: OpenKind::Map { entries, seen, key }, .. }) => {
                let Some((key, key_place)) = key.take() else { return };
                if key == "<<" && is_mergeable(&value) {
                    return merge_keys(entries, seen, &value);
                }
                let entry = Entry { key, key_place, value };
                let Some((first, inherited)) = seen.insert(entry.key.clone(), (entries.len(), false)) else {
                    return entries.push(entry);
                };
                seen.insert(entry.key.clone(), (first, false));
                let message = format!("duplicate key `{}`; the last value is used", entry.key);
                let first_place = std::mem::replace(&mut entries[first], entry).key_place;
                if !inherited {
                    self.report(key_place, message).related.push((first_place, "first defined here".to_owned()));
                }
            }
        }
    }
}

/// True if a value can be merged with `<<`: a map, or a list of maps.
fn is_mergeable(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Map(_) => true,
        ValueKind::Seq(items) => items.iter().all(|i| matches!(i.kind, ValueKind::Map(_))),
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => false,
    }
}

/// Adds the entries of merged maps whose keys are missing.
fn merge_keys(entries: &mut Vec<Entry>, seen: &mut Seen, value: &Value) {
    for map in value.items() {
        for entry in map.entries() {
            if !seen.contains_key(&entry.key) {
                seen.insert(entry.key.clone(), (entries.len(), true));
                entries.push(entry.clone());
            }
        }
    }
}

/// The number of values in a value.
fn count(value: &Value) -> usize {
    1 + match &value.kind {
        ValueKind::Seq(items) => items.iter().map(count).sum(),
        ValueKind::Map(entries) => entries.iter().map(|e| count(&e.value)).sum(),
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::SourceId;

    fn read(text: &str) -> Checked<Value> {
        parse_yaml(&Source::new(SourceId(0), "_quarto.yml", text), Span::new(0, text.len()))
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let value = read("a: yes\nb: true\nc: 0.10\nd: 12\ne: 2024-01-02\nf:\ng: '7'\nh: 1e3\ni: 1.2.3\n").value;
        assert_eq!(value.get("a").and_then(Value::as_str), Some("yes"));
        assert_eq!(value.get("b").and_then(Value::as_bool), Some(true));
        assert_eq!(value.get("c").and_then(Value::to_text).as_deref(), Some("0.10"));
        assert_eq!(value.get("d").and_then(Value::as_int), Some(12));
        assert_eq!(value.get("e").and_then(Value::as_str), Some("2024-01-02"));
        assert_eq!(value.get("f").map(|v| &v.kind), Some(&ValueKind::Null));
        assert_eq!(value.get("g").and_then(Value::as_str), Some("7"));
        assert!(matches!(value.get("h").map(|v| &v.kind), Some(ValueKind::Float(..))));
        assert_eq!(value.get("i").and_then(Value::as_str), Some("1.2.3"));
    }

    #[test]
    fn places_are_exact() {
        let text = "é: 1\ntitle: \"A b\"\nlist:\n  - x\n  - yé\n\nmore: |\n  t\n  u\n";
        let source = Source::new(SourceId(0), "_quarto.yml", text);
        let value = parse_yaml(&source, Span::new(0, text.len())).value;
        let slice = |path: &str| value.path(path).map(|v| source.slice(v.place.span));
        assert_eq!(slice("title"), Some("A b"));
        assert_eq!(slice("list"), Some("- x\n  - yé"));
        assert_eq!(value.path("list").map(|v| source.slice(v.items()[1].place.span)), Some("yé"));
        assert_eq!(value.get("more").and_then(Value::as_str), Some("t\nu\n"));
        assert!(value.entries().iter().all(|e| source.slice(e.key_place.span) == e.key));
    }

    #[test]
    fn mistakes_are_reported_with_what_stands_before_them() {
        let checked = read("a: 1\nb: [1, 2\nc: d: e\n");
        assert_eq!(checked.diagnostics.len(), 1);
        assert_eq!(checked.value.get("a").and_then(Value::as_int), Some(1));
        assert_eq!(read("a: 1\nb: 2\na: 3\n").diagnostics.len(), 1);
        assert!(read(&"[".repeat(100_000)).diagnostics.len() == 1);
        let bomb: String = (1..30).map(|i| format!("x{i}: &x{i} [*x{0}, *x{0}, *x{0}]\n", i - 1)).collect();
        assert!(!read(&format!("x0: &x0 [a, a, a]\n{bomb}")).diagnostics.is_empty());
        assert_eq!(read("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n").diagnostics, []);
    }
}
