//! What a page's text needs from the rest of the project: numbers, targets, citations.

use crate::csl::{Citations, Citing, CitingCluster, Style};
use crate::page_citation::page_citation;
use crate::reading::{Event, read};
use crate::references::References;
use crate::targets::Targets;
use crate::words::Words;
use mlsys_book::{
    Assigned, Bibliography, BlockKind, BookRole, Chapter, Checked, Citation, CitationMode, Cite, Cited, Code,
    Definition, DefinitionKind, Diagnostic, Index, Inline, InlineKind, Links, Number, PROOF_KINDS, Place, Project,
    ProjectKind, Refs, SUGGESTIONS, Severity, Span, THEOREM_KINDS, Value, suggest,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a page cites from, and how.
pub struct CitedFrom<'a> {
    /// The works that the page may cite.
    pub bibliography: &'a Bibliography,
    /// The style, for what the page says of itself. Reading one takes time, so it is asked for only there.
    pub style: &'a dyn Fn() -> &'a Style,
    /// What the page's citations say, or what [`crate::csl::cite`] said of the same before. The page's citations lead to the
    /// list that all pages share if the second argument says so.
    pub cite: &'a dyn Fn(&Citing, bool) -> Citations,
}

/// The links of a page.
///
/// `index` is the page's own. Sources: Quarto, "Cross References";
/// Pandoc manual, "Citation rendering".
///
/// Reports unresolved references, citations of unknown works, broken links and anchors, and addresses of odd case.
pub fn link(chapter: &Chapter, index: &Index, refs: &Refs, project: &Project, cited: CitedFrom<'_>) -> Checked<Links> {
    let CitedFrom { bibliography, style, cite } = cited;
    let words = Words::of(&chapter.meta);
    let mut references = References::new(project, index, refs, &words);
    let mut targets = Targets::new(project, index, refs);
    let mut cites: BTreeMap<u32, Cited> = BTreeMap::new();
    let mut linked = BTreeMap::new();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut mixed = Vec::new();
    let mut in_note = false;
    read(chapter, &mut |event| match event {
        Event::EnterNote => in_note = true,
        Event::LeaveNote => in_note = false,
        Event::Enter(_) | Event::Leave | Event::EndOfTitle => {}
        Event::Inline(inline) => match &inline.kind {
            InlineKind::Cite(cite) => {
                let start = inline.span.start;
                let tex = |citation: &Citation| !cite.bracketed && citation.mode == CitationMode::SuppressAuthor;
                let is_label = |citation: &Citation| {
                    tex(citation) || references.is_label(&citation.key, |key| bibliography.get(key).is_some())
                };
                let (labels, works): (Vec<_>, Vec<_>) = cite.citations.iter().cloned().partition(is_label);
                if labels.is_empty() {
                    found.push(Found { start, in_note, cite: Cow::Borrowed(cite), beside_labels: false });
                } else {
                    if !works.is_empty() {
                        if cite.bracketed {
                            mixed.push(inline.span);
                        }
                        let cite = Cite { citations: works, bracketed: true };
                        found.push(Found { start, in_note, cite: Cow::Owned(cite), beside_labels: true });
                    }
                    let all = references.cross_references(&labels, cite.bracketed, inline.span);
                    cites.insert(start, Cited::CrossReferences(all));
                }
            }
            InlineKind::Link(link) => {
                if let Some(target) = targets.target(link) {
                    linked.insert(inline.span.start, target);
                }
            }
            _ => {}
        },
    });
    let is_hidden = |target: &mlsys_book::Target| {
        project.pages.get(target.page.0 as usize).is_some_and(mlsys_book::Page::is_hidden)
    };
    let unlinked = linked.iter().filter(|(_, target)| is_hidden(target)).map(|(start, _)| *start).collect();
    linked.retain(|_, target| !is_hidden(target));
    let to_labels = cites.values_mut().filter_map(|cited| match cited {
        Cited::CrossReferences(all) => Some(all),
        Cited::Citation { .. } | Cited::Text => None,
    });
    for reference in to_labels.flatten() {
        reference.target = reference.target.take().filter(|target| !is_hidden(target));
    }
    let mut diagnostics = references.diagnostics;
    diagnostics.extend(targets.diagnostics);
    for span in mixed {
        let place = Place { source: index.source, span };
        let message = "cross-references and citations stand in one pair of brackets";
        diagnostics
            .push(Diagnostic::new(Code::MalformedCitation, place, message).hint("give each kind brackets of its own"));
    }
    let role = project.pages.get(index.page.0 as usize).and_then(|page| page.role);
    let mut links = Links {
        page: index.page,
        numbers: numbers(index, refs, &words, role == Some(BookRole::Appendix)),
        title_delim: words.title_delim(),
        cites,
        targets: linked,
        unlinked,
        in_book: project.kind == ProjectKind::Book,
        title_heading: title_heading(chapter, project, role),
        citation: page_citation(chapter, index.page, project, style),
        ..Links::default()
    };
    let nocite = nocite(chapter, index, refs);
    if bibliography.is_empty() {
        for found in &found {
            if !found.beside_labels {
                links.cites.insert(found.start, Cited::Text);
            }
            for citation in &found.cite.citations {
                let place = Place { source: index.source, span: citation.span };
                diagnostics.push(no_bibliography(&citation.key, place));
            }
        }
    } else if !found.is_empty() || !nocite.is_empty() {
        let in_margin = chapter.meta.get("citation-location").and_then(Value::as_str) == Some("margin");
        links.references_page = refs.references.filter(|page| *page != index.page && !in_margin);
        let citing = citing(chapter, &found, nocite);
        let citations = cite(&citing, links.references_page.is_some());
        add_citations(chapter, index, bibliography, &found, citations, &mut links, &mut diagnostics);
        if links.references_page.is_some() {
            links.bibliography.clear();
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.place.span.start);
    Checked { value: links, diagnostics }
}

/// The heading that is a chapter's title: of level one, at the beginning of a page of a book whose metadata has no title. The
/// home page has the book's title. Source: Quarto, "Book Structure".
fn title_heading(chapter: &Chapter, project: &Project, role: Option<BookRole>) -> Option<u32> {
    if project.kind != ProjectKind::Book || role == Some(BookRole::Home) || chapter.title.is_some() {
        return None;
    }
    // Comments and definitions show nothing.
    let first = chapter.blocks.iter().find(|block| !matches!(block.kind, BlockKind::RawBlock(..)))?;
    matches!(&first.kind, BlockKind::Header(header) if header.level == 1).then_some(first.span.start)
}

/// The citations of an inline: all of it, or what stands beside cross-references (`@sec-a [@doe2020]`).
struct Found<'a> {
    start: u32,
    in_note: bool,
    cite: Cow<'a, Cite>,
    beside_labels: bool,
}

fn no_bibliography(key: &str, place: Place) -> Diagnostic {
    let message = format!("`@{key}` is neither a label nor, without a bibliography, a citation");
    let mut diagnostic = Diagnostic::new(Code::MissingCitation, place, message)
        .hint(format!("write `\\@{key}` if it is text, or name a file in `bibliography:`"));
    diagnostic.severity = Severity::Warning;
    diagnostic
}

/// Whether the page shows no reference list (`suppress-bibliography`).
fn suppressed(chapter: &Chapter) -> bool {
    chapter.meta.get("suppress-bibliography").and_then(Value::as_bool) == Some(true)
}

fn citing(chapter: &Chapter, found: &[Found<'_>], nocite: Vec<String>) -> Citing {
    let unlinked = chapter.meta.get("link-citations").and_then(Value::as_bool) == Some(false);
    Citing {
        clusters: found.iter().map(|found| CitingCluster::new(&found.cite, found.in_note)).collect(),
        nocite,
        lang: chapter.meta.get("lang").and_then(Value::as_str).unwrap_or("en").to_owned(),
        link_citations: !unlinked && !suppressed(chapter),
    }
}

/// Puts the texts of the citations in their places.
fn add_citations(
    chapter: &Chapter,
    index: &Index,
    bibliography: &Bibliography,
    found: &[Found<'_>],
    citations: Citations,
    links: &mut Links,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (found, text) in found.iter().zip(citations.texts) {
        let (keys, note) = (text.keys.clone(), text.note);
        let content = text.inlines(Span { start: found.start, end: found.start.saturating_add(1) });
        if found.beside_labels {
            if let Some(Cited::CrossReferences(all)) = links.cites.get_mut(&found.start)
                && let Some(last) = all.last_mut()
            {
                let span = Span { start: found.start, end: found.start };
                last.suffix.push(Inline { span, kind: InlineKind::Str(" ".to_owned()) });
                last.suffix.extend(content);
            }
            continue;
        }
        links.cites.insert(found.start, Cited::Citation { keys, content, note });
    }
    links.hanging_indent = citations.hanging_indent;
    if !suppressed(chapter) {
        links.bibliography = citations.references;
    }
    for (count, (cluster, key)) in citations.missing.iter().enumerate() {
        let Some(cite) = found.get(*cluster).map(|found| &found.cite) else { continue };
        let place = Place { source: index.source, span: span_of(cite, key) };
        let mut diagnostic =
            Diagnostic::new(Code::MissingCitation, place, format!("no bibliography holds the key `{key}`"));
        if count < SUGGESTIONS
            && let Some(known) = suggest(key, bibliography.keys_near(key))
        {
            diagnostic = diagnostic.hint(format!("did you mean `@{known}`?"));
        }
        diagnostics.push(diagnostic);
    }
}

fn span_of(cite: &Cite, key: &str) -> Span {
    let citation = cite.citations.iter().find(|citation| citation.key == key).or_else(|| cite.citations.first());
    citation.map_or(Span::new(0, 0), |citation| citation.span)
}

/// The keys of `nocite`. The reference list of a book holds what all its pages cite.
fn nocite(chapter: &Chapter, index: &Index, refs: &Refs) -> Vec<String> {
    let mut keys = Vec::new();
    for value in chapter.meta.get("nocite").map_or(&[][..], Value::items) {
        let text = value.as_str().unwrap_or("");
        for part in text.split('@').skip(1) {
            let end = part.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ']')).unwrap_or(part.len());
            let key = part.get(..end).unwrap_or("").trim_end_matches(['.', ':']);
            if !key.is_empty() {
                keys.push(key.to_owned());
            }
        }
    }
    if refs.references == Some(index.page) {
        keys.extend(refs.cited.iter().cloned());
    }
    keys
}

/// The numbers of the page's own things, with their words.
fn numbers(index: &Index, refs: &Refs, words: &Words<'_>, appendix: bool) -> BTreeMap<u32, Number> {
    let assigned = refs.page(index.page).map_or(&[][..], |page| &page.numbers);
    let pairs = index.definitions.iter().zip(assigned);
    pairs
        .filter_map(|(definition, assigned)| {
            let mut number = own_number(definition, assigned.as_ref(), words)?;
            if appendix && matches!(definition.kind, DefinitionKind::Section { level: 1, .. }) {
                number.label = format!("{} {} —", words.prefix("apx"), number.text);
            }
            Some((definition.start, number))
        })
        .collect()
}

fn own_number(definition: &Definition, assigned: Option<&Assigned>, words: &Words<'_>) -> Option<Number> {
    let (text, label, shown) = match (&definition.kind, assigned) {
        (DefinitionKind::Section { .. }, assigned) => {
            let assigned = assigned?;
            (assigned.text.clone(), assigned.text.clone(), assigned.shown)
        }
        (DefinitionKind::Counted(kind), assigned) => {
            let assigned = assigned?;
            let label = if assigned.parent.is_some() {
                format!("({})", assigned.text)
            } else {
                // Titles of theorems are set in running text, where the gap may break.
                let running = THEOREM_KINDS.contains(&kind.as_str()) || PROOF_KINDS.contains(&kind.as_str());
                let word = words.title(kind);
                let gap = match (word.is_empty(), running) {
                    (true, _) => "",
                    (false, true) => " ",
                    (false, false) => words.gap(kind),
                };
                format!("{word}{gap}{}", assigned.text)
            };
            (assigned.text.clone(), label, assigned.shown)
        }
        (DefinitionKind::Box { label, .. }, Some(assigned)) if assigned.shown => {
            (assigned.text.clone(), format!("{label} {}", assigned.text), true)
        }
        (DefinitionKind::Box { label, .. }, assigned) => {
            (assigned.map_or_else(String::new, |number| number.text.clone()), label.clone(), false)
        }
    };
    let id = assigned.filter(|_| definition.id.is_none()).and_then(|number| number.id.clone());
    Some(Number { text, label, shown, id })
}
