//! Glossaries: terms kept in a JSON file beside a chapter, marked where the text first uses them in a section.
//!
//! A book switches them on with a filter named `inject_glossary`; a page names its file with `glossary:`.

use mlsys_book::{Attr, Block, BlockKind, Chapter, Code, Diagnostic, File, Inline, InlineKind, Pair, Source, Span};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The class of a marked term; its key `definition` holds what it means.
const CLASS: &str = "glossary-term";

/// The terms of a page's glossary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GlossaryText {
    /// The definitions, one a term, as plain text.
    definitions: Vec<String>,
    /// The terms by the first word of each of their names, names in small letters.
    by_word: BTreeMap<String, Vec<(String, usize)>>,
}

#[derive(Deserialize)]
struct FileText {
    terms: Vec<TermText>,
}

#[derive(Deserialize)]
struct TermText {
    term: String,
    definition: String,
    #[serde(default)]
    aliases: Vec<String>,
}

impl GlossaryText {
    /// Reads a glossary. `path` is relative to the project's folder; the file becomes one of the page's source, so that a
    /// mistake in it has a place.
    ///
    /// The file is `{"terms": [{"term": "..", "definition": "..", "aliases": ["..]}]}`; other keys are ignored. A file that
    /// cannot be read gives `invalid-data-file`, and the page goes without it.
    pub fn add(&mut self, source: &mut Source, path: &str, json: impl Into<Arc<String>>) -> Vec<Diagnostic> {
        let number = source.files.len() as u32;
        let json = json.into();
        source.files.push(File { path: path.to_owned(), text: json.clone() });
        let file: FileText = match serde_json::from_str(&json) {
            Ok(file) => file,
            Err(error) => {
                let line: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                let text = json[line..].lines().next().unwrap_or("");
                let span = source.append(number, line, text);
                source.append(number, line, "\n");
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or("");
                let message = format!("the glossary cannot be read: {message}");
                return vec![Diagnostic::new(Code::InvalidDataFile, source.place(span), message)];
            }
        };
        for term in file.terms {
            let index = self.definitions.len();
            for name in std::iter::once(&term.term).chain(&term.aliases) {
                let name = name.trim().to_lowercase();
                let Some(word) = words(&name).next() else { continue };
                self.by_word.entry(name[word].to_owned()).or_default().push((name.clone(), index));
            }
            self.definitions.push(term.definition);
        }
        // The longest name comes first, so that it wins.
        for names in self.by_word.values_mut() {
            names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        Vec::new()
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    /// The first term in a text that is still to be marked: its place and its number.
    fn find(&self, text: &str, used: &FxHashSet<usize>) -> Option<(std::ops::Range<usize>, usize)> {
        let lower = text.to_lowercase();
        // Letters whose small form has another length would shift the places.
        if lower.len() != text.len() {
            return None;
        }
        words(&lower).find_map(|word| {
            let names = self.by_word.get(&lower[word.clone()]).or_else(|| {
                let singular = lower[word.clone()].strip_suffix('s')?;
                self.by_word.get(singular)
            })?;
            names.iter().filter(|(_, index)| !used.contains(index)).find_map(|(name, index)| {
                let rest = lower[word.start..].strip_prefix(name.as_str())?;
                let plural = usize::from(rest.starts_with('s'));
                let ends = !rest[plural..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                ends.then(|| (word.start..word.start + name.len() + plural, *index))
            })
        })
    }
}

/// The words of a text: letters and digits together.
fn words(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(is_word)?;
        let length = text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
        let word = at..at + length;
        at = word.end;
        Some(word)
    })
}

/// Marks terms at their first use in each section of level 2, and before the first of those. Headings, captions, links, code
/// and formulas stay as they are.
pub fn mark_terms(mut chapter: Chapter, glossary: &GlossaryText) -> Chapter {
    if glossary.is_empty() {
        return chapter;
    }
    let mut used = FxHashSet::default();
    for block in &mut chapter.blocks {
        if matches!(&block.kind, BlockKind::Header(header) if header.level <= 2) {
            used.clear();
        }
        mark_block(block, glossary, &mut used);
    }
    chapter
}

fn mark_blocks(blocks: &mut [Block], glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    blocks.iter_mut().for_each(|block| mark_block(block, glossary, used));
}

fn mark_block(block: &mut Block, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    match &mut block.kind {
        BlockKind::Para(content) | BlockKind::Plain(content) => mark_inlines(content, glossary, used),
        // Answering a question is not the place to look its words up.
        BlockKind::Div(attr, _) if attr.id().starts_with("quiz-") => {}
        BlockKind::Div(_, content) | BlockKind::BlockQuote(content) => mark_blocks(content, glossary, used),
        BlockKind::Callout(callout) => mark_blocks(&mut callout.content, glossary, used),
        BlockKind::BulletList(items) => {
            items.iter_mut().for_each(|item| mark_blocks(&mut item.content, glossary, used));
        }
        BlockKind::OrderedList(list) => {
            list.items.iter_mut().for_each(|item| mark_blocks(&mut item.content, glossary, used));
        }
        _ => {}
    }
}

fn mark_inlines(content: &mut Vec<Inline>, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    let mut at = 0;
    while at < content.len() {
        match &mut content[at].kind {
            InlineKind::Str(text) => {
                if let Some((range, index)) = glossary.find(text, used) {
                    used.insert(index);
                    let pieces = split(&content[at], range, &glossary.definitions[index]);
                    let count = pieces.len();
                    // What follows the term is looked at next.
                    let rest = count - usize::from(matches!(pieces.last().map(|p| &p.kind), Some(InlineKind::Str(_))));
                    content.splice(at..=at, pieces);
                    at += rest;
                    continue;
                }
            }
            InlineKind::Emph(inner) | InlineKind::Strong(inner) => mark_inlines(inner, glossary, used),
            _ => {}
        }
        at += 1;
    }
}

/// A text as what stands before a term, the term, and what stands after it.
fn split(inline: &Inline, range: std::ops::Range<usize>, definition: &str) -> Vec<Inline> {
    let InlineKind::Str(text) = &inline.kind else { return vec![inline.clone()] };
    let span = inline.span;
    let exact = (span.end - span.start) as usize == text.len();
    // Where typography has changed the text, the whole span stands for every part of it.
    let part = |range: std::ops::Range<usize>| match exact {
        true => Span::new(span.start as usize + range.start, span.start as usize + range.end),
        false => span,
    };
    let string = |range: std::ops::Range<usize>| Inline {
        span: part(range.clone()),
        kind: InlineKind::Str(text[range].to_owned()),
    };
    let mut pieces = Vec::with_capacity(3);
    if range.start > 0 {
        pieces.push(string(0..range.start));
    }
    let marked = string(range.clone());
    let pair = Pair { key: "definition".to_owned(), value: definition.to_owned(), value_span: marked.span };
    let attr = Attr { id: None, classes: vec![CLASS.to_owned()], pairs: vec![pair] };
    pieces.push(Inline { span: marked.span, kind: InlineKind::Span(Box::new(attr), vec![marked]) });
    if range.end < text.len() {
        pieces.push(string(range.end..text.len()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::SourceId;

    #[test]
    fn the_longest_term_wins_and_plurals_count() {
        let mut source = Source::new(SourceId(0), "a.qmd", "");
        let mut glossary = GlossaryText::default();
        let json = r#"{"terms": [{"term": "net", "definition": "A."}, {"term": "Net weight", "definition": "B."}]}"#;
        assert!(glossary.add(&mut source, "g.json", json.to_owned()).is_empty());
        let none = FxHashSet::default();
        let found = |text: &str| glossary.find(text, &none).map(|(range, index)| (text[range].to_owned(), index));
        assert_eq!(found("The net weights"), Some(("net weights".to_owned(), 1)));
        assert_eq!(found("Nets, netting"), Some(("Nets".to_owned(), 0)));
        assert_eq!(found("netting"), None);
    }
}
