//! Glossaries: terms of a JSON file, marked where a section first uses them.
//!
//! A filter named `inject_glossary` switches them on; `glossary:` in a page's front matter names the file.

use mlsys_book::{
    Attr, Block, BlockKind, Chapter, ChildrenMut, Code, Diagnostic, File, Inline, InlineKind, Pair, Role, Source, Span,
};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The class of a marked term; its attribute `definition` is the definition.
const CLASS: &str = "glossary-term";

/// The terms of a page's glossary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GlossaryText {
    /// The definition of each term, as plain text.
    definitions: Vec<String>,
    /// The names in lower case and the indexes of their terms, by the first word of the name.
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
    /// Parses a glossary. `path` is relative to the project's folder; the file is added to the page's source, so that mistakes in
    /// it have places.
    ///
    /// The file is `{"terms": [{"term": "..", "definition": "..", "aliases": ["..]}]}`; other keys are ignored. An
    /// invalid file is reported as `invalid-data-file` and ignored.
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
                let message = format!("cannot read the glossary: {message}");
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

    /// True if there are no terms.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    /// The term with which a text in lower case begins, unless it is used already: its length, plural included, and its index.
    /// `word` is the first word of the text.
    fn term(&self, text: &str, word: &str, used: &FxHashSet<usize>) -> Option<(usize, usize)> {
        let names = self.by_word.get(word).or_else(|| self.by_word.get(word.strip_suffix('s')?))?;
        names.iter().filter(|(_, index)| !used.contains(index)).find_map(|(name, index)| {
            let rest = text.strip_prefix(name.as_str())?;
            let plural = usize::from(rest.starts_with('s'));
            let ends = !rest[plural..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
            ends.then(|| (name.len() + plural, *index))
        })
    }
}

/// The words of a text: letters and digits together.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
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

/// Marks terms at their first use in each section of level 2, and before the first of those.
///
/// Running text is marked in every container. Headings, titles, captions, links, citations, code and formulas stay as they are,
/// and so do quizzes and notes: a note is read apart from the text around it, so it must not use up a term's first mention.
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

fn mark_block(block: &mut Block, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    // Answering a question is not the place to look its words up.
    let is_quiz = matches!(&block.kind, BlockKind::Div(attr, _) if attr.id().starts_with("quiz-"));
    if !is_quiz {
        block.visit_children_mut(|children| mark_children(children, glossary, used));
    }
}

fn mark_children(children: ChildrenMut<'_>, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    match children {
        ChildrenMut::Blocks(blocks) => blocks.iter_mut().for_each(|block| mark_block(block, glossary, used)),
        ChildrenMut::Inlines(Role::Text | Role::Term, inlines) => mark_inlines(inlines, glossary, used),
        ChildrenMut::Inlines(Role::Title | Role::Caption | Role::Code | Role::Affix, _) => {}
    }
}

fn mark_inlines(content: &mut Vec<Inline>, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    let mut marked = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        if let InlineKind::Str(text) = &inline.kind {
            push_marked(text, inline.span, &mut marked, glossary, used);
            continue;
        }
        let is_term = matches!(&inline.kind, InlineKind::Span(attr, _) if attr.has_class(CLASS));
        if !is_term && !matches!(inline.kind, InlineKind::Link(_)) {
            inline.visit_children_mut(|children| mark_children(children, glossary, used));
        }
        marked.push(inline);
    }
    *content = marked;
}

/// Writes a run of text with its terms as spans. Every term is marked once.
fn push_marked(text: &str, span: Span, out: &mut Vec<Inline>, glossary: &GlossaryText, used: &mut FxHashSet<usize>) {
    let exact = (span.end - span.start) as usize == text.len();
    // Where smart punctuation or an entity has changed the text, every part has the span of the whole.
    let part = |range: Range<usize>| Inline {
        span: match exact {
            true => Span::new(span.start as usize + range.start, span.start as usize + range.end),
            false => span,
        },
        kind: InlineKind::Str(text[range].to_owned()),
    };
    let lower = text.to_lowercase();
    let mut end = 0;
    // Letters whose lower case has another length would shift the offsets.
    let words = words(&lower).filter(|_| lower.len() == text.len());
    for word in words {
        if word.start < end {
            continue;
        }
        let Some((length, index)) = glossary.term(&lower[word.start..], &lower[word.clone()], used) else { continue };
        used.insert(index);
        if end < word.start {
            out.push(part(end..word.start));
        }
        end = word.start + length;
        out.push(marked(part(word.start..end), &glossary.definitions[index]));
    }
    if end < text.len() || text.is_empty() {
        out.push(part(end..text.len()));
    }
}

/// A term with its definition.
fn marked(term: Inline, definition: &str) -> Inline {
    let span = term.span;
    let pair = Pair { key: "definition".to_owned(), value: definition.to_owned(), value_span: span };
    let attr = Attr { id: None, classes: vec![CLASS.to_owned()], pairs: vec![pair] };
    Inline { span, kind: InlineKind::Span(Box::new(attr), vec![term]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{SourceId, print_inlines};

    #[test]
    fn the_longest_term_wins_and_plurals_count() {
        let mut source = Source::new(SourceId(0), "a.qmd", "");
        let mut glossary = GlossaryText::default();
        let json = r#"{"terms": [{"term": "net", "definition": "A."}, {"term": "Net weight", "definition": "B."}]}"#;
        assert!(glossary.add(&mut source, "g.json", json.to_owned()).is_empty());
        let marked = |text: &str| {
            let mut out = Vec::new();
            push_marked(text, Span::new(0, text.len()), &mut out, &glossary, &mut FxHashSet::default());
            print_inlines(&out)
        };
        let term = |text: &str, definition: &str| format!("Span(.{CLASS} definition={definition:?} {text:?})");
        assert_eq!(marked("The net weights"), format!("\"The \" {}", term("net weights", "B.")));
        assert_eq!(marked("Nets, netting"), format!("{} \", netting\"", term("Nets", "A.")));
        assert_eq!(
            marked("net net weight net"),
            format!("{} \" \" {} \" net\"", term("net", "A."), term("net weight", "B."))
        );
        assert_eq!(marked("netting"), "\"netting\"");
    }
}
