//! The summaries of a book's parts: `\part{key:NAME}` needs an entry in `summaries.yml`.

use super::OrphanFiles;
use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{
    Block, BlockKind, Chapter, Code, Diagnostic, Inline, InlineKind, Node, Place, Source, Span, did_you_mean, near,
    tex_name, walk,
};
use std::collections::BTreeSet;

/// Reports parts without an entry in `summaries.yml`. Without the file there is one diagnostic for all parts.
pub fn check(book: &Book, linked: &Linked, orphans: &OrphanFiles, found: &mut Vec<Diagnostic>) {
    let named = book.pages.iter().zip(&linked.chapters).flat_map(|(page, chapter)| {
        let source = &book.sources[page.source.index()];
        named_parts(chapter, source)
    });
    let Some(parts) = &orphans.part_summaries else {
        found.extend(no_summaries(&named.collect::<Vec<_>>()));
        return;
    };
    let known: BTreeSet<String> = parts.iter().map(|part| plain(part)).collect();
    for (place, key) in named {
        if !known.contains(&plain(key)) {
            let message = format!("`summaries.yml` has no entry for the part `{key}`");
            let mut finding = Diagnostic::new(Code::UnknownPart, place, message);
            let parts = near(parts, |part| part, key).iter().map(String::as_str);
            finding.hints.extend(did_you_mean(key, parts));
            found.push(finding);
        }
    }
}

/// The diagnostic about the parts of a project without `summaries.yml`.
fn no_summaries(named: &[(Place, &str)]) -> Option<Diagnostic> {
    let [(place, key), others @ ..] = named else { return None };
    let message = format!("the part `{key}` has no summary: the project has no `summaries.yml`");
    let finding = Diagnostic::new(Code::UnknownPart, *place, message);
    Some(others.iter().fold(finding, |finding, (place, key)| finding.related(*place, format!("nor does `{key}`"))))
}

/// The parts that begin on a page, with their places.
fn named_parts<'a>(chapter: &Chapter, source: &'a Source) -> Vec<(Place, &'a str)> {
    let mut keys = Vec::new();
    walk(&chapter.blocks, &mut |node| {
        let (Node::Block(Block { kind: BlockKind::RawBlock(_, tex), span })
        | Node::Inline(Inline { kind: InlineKind::RawInline(_, tex), span })) = node
        else {
            return true;
        };
        if tex.contains("\\part{key:") {
            for (at, name) in part_keys(source.slice(*span)) {
                let start = span.start as usize + at;
                keys.push((source.place(Span::new(start, start + name.len())), name));
            }
        }
        true
    });
    keys
}

/// The keys in `\part{key:NAME}`, with their offsets.
fn part_keys(text: &str) -> Vec<(usize, &str)> {
    const PART: &str = "\\part";
    const KEY: &str = "key:";
    let key =
        |at: usize| Some((at + PART.len() + 1 + KEY.len(), tex_name(&text[at + PART.len()..])?.0.strip_prefix(KEY)?));
    text.match_indices(PART).filter_map(|(at, _)| key(at)).collect()
}

/// A key without the differences that matching ignores: case, hyphens, underscores and spaces.
fn plain(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '-' | '_') && !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
