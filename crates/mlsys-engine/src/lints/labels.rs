//! Labels without references, floats without captions, and words that a reference repeats.

use super::Page;
use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{
    Block, BlockKind, Cited, Code, DefinitionKind, Diagnostic, Float, Inline, InlineKind, Labelled, Node, SUGGESTIONS,
    Span, near_keys, plain_text, suggest, walk,
};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of labels that need a reference. Sections do not.
const REFERRED_TO: [&str; 4] = ["fig", "tbl", "lst", "eq"];

/// Reports labels of figures, tables, listings and equations that no page refers or links to.
pub fn unreferenced(book: &Book, linked: &Linked, found: &mut Vec<Diagnostic>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (index, chapter) in linked.indexes.iter().zip(&linked.chapters) {
        used.extend(index.uses.iter().map(|used| lower_first(&used.key)));
        // A label that a misspelled reference probably means is not reported as well.
        let labels = &linked.refs.labels;
        let unknown = index.uses.iter().filter(|used| !labels.contains_key(&lower_first(&used.key)));
        used.extend(unknown.take(SUGGESTIONS).filter_map(|used| meant(&used.key, labels)));
        let notes = chapter.notes.iter().map(|note| note.content.as_slice());
        for blocks in std::iter::once(chapter.blocks.as_slice()).chain(notes) {
            walk(blocks, &mut |node| {
                if let Node::Inline(Inline { kind: InlineKind::Link(link), .. }) = node {
                    used.extend(link.url.split_once('#').map(|(_, anchor)| anchor.to_owned()));
                } else if let Node::Inline(Inline { kind: InlineKind::RawInline(_, html), .. })
                | Node::Block(Block { kind: BlockKind::RawBlock(_, html), .. }) = node
                {
                    let anchors =
                        crate::site::html_urls::html_urls(html).into_iter().filter_map(|(_, url)| url.split_once('#'));
                    used.extend(anchors.map(|(_, anchor)| anchor.to_owned()));
                } else if let Node::Inline(Inline { kind: InlineKind::Math(math), .. }) = node {
                    used.extend(
                        math.tex.split("ref{").skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned),
                    );
                }
                true
            });
        }
    }
    for (index, page) in linked.indexes.iter().zip(&book.pages) {
        for definition in index.definitions.iter().filter(|d| d.parent.is_none()) {
            let (DefinitionKind::Counted(kind), Some(id)) = (&definition.kind, &definition.id) else { continue };
            if REFERRED_TO.contains(&kind.as_str()) && !id.automatic && !used.contains(&id.name) {
                let source = &book.sources[page.source.index()];
                let message = format!("nothing refers to `{}`", id.name);
                let finding = Diagnostic::new(Code::UnreferencedLabel, source.place(id.span), message);
                found.push(finding.hint(format!("refer to it in the text as `@{}`, or remove the label", id.name)));
            }
        }
    }
}

/// The label that a misspelled reference probably means.
fn meant(key: &str, labels: &BTreeMap<String, Vec<Labelled>>) -> Option<String> {
    let key = lower_first(key);
    suggest(&key, near_keys(labels, &key)).map(str::to_owned)
}

/// `@Fig-x` refers to `fig-x`.
fn lower_first(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + chars.as_str())
}

/// Reports labelled figures, tables and listings without a caption. Subfigures do not need one.
pub fn captions(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    page.walk(&mut |node| {
        let Node::Block(Block { kind: BlockKind::Float(float), .. }) = node else { return true };
        if float.caption.is_none() {
            let (label, word) = (&float.label.name, word(float));
            let message = format!("{word} `{label}` has no caption");
            let finding = Diagnostic::new(Code::MissingCaption, page.source.place(float.label.span), message);
            found.push(finding.hint("readers see only its number; describe it in a sentence"));
        }
        false
    });
}

fn word(float: &Float) -> &'static str {
    match float.kind.as_str() {
        "fig" => "the figure",
        "tbl" => "the table",
        "lst" => "the listing",
        _ => "the float",
    }
}

/// Reports "Figure @fig-x", which prints "Figure Figure 1".
pub fn doubled_words(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    for (start, cited) in &page.links.cites {
        let Cited::CrossReferences(references) = cited else { continue };
        let Some(reference) = references.first().filter(|reference| reference.resolved) else { continue };
        let printed = plain_text(&reference.content);
        let Some((printed, _)) = printed.split_once(['\u{a0}', ' ']) else { continue };
        let before = &page.source.text[..*start as usize];
        let text = before.trim_end_matches([' ', '\u{a0}']);
        let text = text.strip_suffix('\n').unwrap_or(text);
        if text.len() == before.len() {
            continue;
        }
        let bare = text.strip_suffix('.').unwrap_or(text);
        let word = bare.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        if says_the_same(word, printed) {
            let at = bare.len() - word.len();
            let place = page.source.place(Span::new(at, *start as usize));
            let key = &reference.key;
            let message = format!("`@{key}` already prints the word `{printed}`");
            let finding = Diagnostic::new(Code::DoubledReferenceWord, place, message);
            found.push(finding.hint(format!("remove `{word}`, or write `[-@{key}]` to print only the number")));
        }
    }
}

/// True if a written word is the printed one, its plural or its abbreviation.
fn says_the_same(written: &str, printed: &str) -> bool {
    let written = written.to_lowercase();
    let printed = printed.trim_end_matches('.').to_lowercase();
    let singular = written.strip_suffix('s').unwrap_or(&written);
    let short = singular.len() >= 2 && printed.starts_with(singular) && printed.chars().all(char::is_alphabetic);
    !written.is_empty() && (written == printed || singular == printed || short && singular.len() * 3 >= printed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_abbreviations_are_the_same_word() {
        assert!(
            says_the_same("Figure", "Figure") && says_the_same("figures", "Figure") && says_the_same("Fig", "Figure")
        );
        assert!(!says_the_same("a", "Appendix") && !says_the_same("", "Figure") && !says_the_same("see", "Section"));
    }
}
