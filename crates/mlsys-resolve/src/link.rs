//! Links: the numbers, targets and citations of a page.

use crate::citing::{Citations, labels_and_works, leaves_citations, nocite, references_page, suppresses_bibliography};
use crate::crossref::Crossref;
use crate::page_citation::{RelativeDates, page_citation};
use crate::reading::{Visit, read};
use crate::references::References;
use crate::rich_text::{class_attr, opaque, reference, to_inlines};
use crate::targets::Targets;
use mlsys_book::{
    Assigned, Bibliography, BlockKind, BookRole, Chapter, Checked, Citation, Cited, Code, Definition, DefinitionKind,
    Diagnostic, Index, Inline, InlineKind, Links, Number, PROOF_KINDS, Place, Project, ProjectKind, Refs, SUGGESTIONS,
    Severity, Span, THEOREM_KINDS, near_keys, suggest, tex_references,
};
use mlsys_csl::{ClusterText, MissingKey};
use std::collections::BTreeMap;

/// The links of a page.
///
/// `index` is the page's, `works` are those that it may cite, and `citations` is the answer of [`crate::cite`] to what
/// [`crate::citing`] collected from the same arguments. Sources: Quarto, "Cross References"; Pandoc manual, "Citation rendering".
///
/// Reports unresolved references, citations of unknown works, broken links and anchors, and URLs of odd case.
pub fn link(
    chapter: &Chapter,
    index: &Index,
    refs: &Refs,
    project: &Project,
    works: &Bibliography,
    citations: &Citations,
    dates: &RelativeDates,
) -> Checked<Links> {
    let crossref = Crossref::new(&chapter.meta);
    let mut references = References::new(project, (chapter, index), refs, &crossref);
    let mut targets = Targets::new(project, index, refs);
    let mut cites: BTreeMap<u32, Cited> = BTreeMap::new();
    let mut linked = BTreeMap::new();
    let mut fragments = BTreeMap::new();
    let mut clusters: Vec<Cluster<'_>> = Vec::new();
    let mut formula_references = BTreeMap::new();
    let mut mixed = Vec::new();
    let mut unbuilt = Vec::new();
    read(chapter, &mut |event| match event {
        Visit::EnterNote | Visit::LeaveNote | Visit::Leave | Visit::EndOfTitle => {}
        Visit::Enter(block) => {
            if let BlockKind::RawBlock(_, html) = &block.kind {
                fragments.extend(targets.fragments(html));
            }
        }
        Visit::Inline(inline) => match &inline.kind {
            InlineKind::Cite(cite) => {
                let start = inline.span.start;
                let (labels, cited) = labels_and_works(cite, &crossref, refs, works);
                let follows_labels = !labels.is_empty();
                if follows_labels && cite.bracketed && !cited.is_empty() {
                    mixed.push(inline.span);
                }
                if !cited.is_empty() {
                    clusters.push(Cluster { start, citations: cited, follows_labels, is_bracketed: cite.bracketed });
                }
                if follows_labels {
                    let all = references.cross_references(&labels, cite.bracketed, inline.span);
                    cites.insert(start, Cited::CrossReferences(all));
                }
            }
            InlineKind::Link(link) => {
                if let Some(target) = targets.target(link) {
                    let page = project.pages.page(target.page).filter(|page| page.is_of_other_format);
                    unbuilt.extend(page.map(|page| (link.url_span, page.input.as_str())));
                    linked.insert(inline.span.start, target);
                }
            }
            InlineKind::RawInline(_, html) => fragments.extend(targets.fragments(html)),
            InlineKind::Math(math) => {
                for (_, name, _) in tex_references(&math.tex) {
                    if !formula_references.contains_key(name) {
                        let shown = references.in_formula(name, inline.span);
                        formula_references.insert(name.to_owned(), shown);
                    }
                }
            }
            InlineKind::Str(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Emph(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikeout(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::SmallCaps(_)
            | InlineKind::Code(..)
            | InlineKind::Image(_)
            | InlineKind::Note(_)
            | InlineKind::Span(..)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        },
    });
    // Nothing lists previews, but the pages that embed their cells link to them.
    let is_hidden = |target: &mlsys_book::Target| {
        project.pages.page(target.page).is_some_and(|page| page.is_hidden() && !page.is_preview)
    };
    let unlinked = linked.iter().filter(|(_, target)| is_hidden(target)).map(|(start, _)| *start).collect();
    linked.retain(|_, target| !is_hidden(target));
    fragments.retain(|_, target| !is_hidden(target));
    let to_labels = cites.values_mut().filter_map(|cited| match cited {
        Cited::CrossReferences(all) => Some(all),
        Cited::Citation { .. } | Cited::Text => None,
    });
    for reference in to_labels.flatten() {
        reference.target = reference.target.take().filter(|target| !is_hidden(target));
    }
    let mut diagnostics = references.diagnostics;
    diagnostics.extend(targets.diagnostics);
    for (span, input) in unbuilt {
        let message = format!("the page `{input}` is not built, because none of its formats is HTML");
        let hint = "link to the URL where another tool publishes it, or add `html` to its `format`";
        let place = Place { source: index.source, span };
        diagnostics.push(Diagnostic::new(Code::BrokenLink, place, message).hint(hint));
    }
    for span in mixed {
        let place = Place { source: index.source, span };
        let message = "cross-references and citations share one pair of brackets";
        diagnostics.push(
            Diagnostic::new(Code::MalformedCitation, place, message).hint("put each kind in brackets of its own"),
        );
    }
    let role = project.pages.page(index.page).and_then(|page| page.role);
    let mut links = Links {
        page: index.page,
        numbers: numbers(index, refs, &crossref, role == Some(BookRole::Appendix)),
        title_delim: crossref.title_delim(),
        cites,
        targets: linked,
        fragments,
        formula_references,
        unlinked,
        in_book: project.kind == ProjectKind::Book,
        site_url: project.site.url.clone(),
        title_heading: title_heading(chapter, project, role),
        citation: page_citation(chapter, index.page, project, dates, citations.page.as_ref()),
        ..Links::default()
    };
    let leaves_citations = leaves_citations(chapter);
    if works.is_empty() || leaves_citations {
        for cluster in &clusters {
            if !cluster.follows_labels {
                links.cites.insert(cluster.start, Cited::Text);
            }
        }
        let cited = clusters.iter().filter(|_| !leaves_citations);
        diagnostics.extend(no_bibliography(cited, index, refs));
    } else {
        let document = &citations.document;
        add_citations(&clusters, document, &mut links);
        diagnostics.extend(missing_works((index, refs), works, &clusters, document));
        links.hanging_indent = document.hanging_indent;
        if !clusters.is_empty() || !nocite(chapter, index, refs).is_empty() {
            links.references_page = references_page(chapter, index, refs);
        }
        if links.references_page.is_none() && !suppresses_bibliography(chapter) {
            links.bibliography = document.entries.iter().cloned().map(reference).collect();
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.place.span.start);
    Checked { value: links, diagnostics }
}

/// The heading that is a chapter's title: of level one, first on a page of a book without a title in its metadata. The home page
/// has the book's title. Source: Quarto, "Book Structure".
fn title_heading(chapter: &Chapter, project: &Project, role: Option<BookRole>) -> Option<u32> {
    if project.kind != ProjectKind::Book || role == Some(BookRole::Home) || chapter.title.is_some() {
        return None;
    }
    // Comments and definitions are invisible.
    let first = chapter.blocks.iter().find(|block| !matches!(block.kind, BlockKind::RawBlock(..)))?;
    matches!(&first.kind, BlockKind::Header(header) if header.level == 1).then_some(first.span.start)
}

/// The citations of works of an inline: all of it, or what follows its cross-references (`@sec-a [@doe2020]`).
struct Cluster<'a> {
    is_bracketed: bool,
    start: u32,
    citations: Vec<&'a Citation>,
    follows_labels: bool,
}

/// Diagnostics for the citations of a page without a bibliography: one for each misspelled label, and one for all others.
fn no_bibliography<'c>(clusters: impl Iterator<Item = &'c Cluster<'c>>, index: &Index, refs: &Refs) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut others = Vec::new();
    // A name after an at sign, as in `@name`, reads well as it is written; a citation in brackets does not.
    let mut severity = Severity::Hint;
    let citations =
        clusters.flat_map(|cluster| cluster.citations.iter().map(|citation| (citation, cluster.is_bracketed)));
    for (count, (citation, is_bracketed)) in citations.enumerate() {
        let place = Place { source: index.source, span: citation.span };
        let label = (count < SUGGESTIONS).then(|| meant_label(&citation.key, index, refs)).flatten();
        match label {
            Some(hint) => {
                let message = format!("no page defines the label `{}`", citation.key);
                diagnostics.push(Diagnostic::new(Code::UnresolvedReference, place, message).hint(hint));
            }
            None => {
                others.push((citation.key.as_str(), place));
                if is_bracketed {
                    severity = Severity::Warning;
                }
            }
        }
    }
    if let [(key, place), rest @ ..] = others.as_slice() {
        let message = match rest.len() {
            0 => format!("`@{key}` is not a label, and the page has no bibliography to cite from"),
            1 => format!("`@{key}` and another citation are not labels, and the page has no bibliography to cite from"),
            n => format!("`@{key}` and {n} others are not labels, and the page has no bibliography to cite from"),
        };
        let hint = format!("for plain text write `\\@{key}`; to cite, name a file in `bibliography:`");
        let diagnostic = Diagnostic::new(Code::MissingCitation, *place, message).hint(hint);
        diagnostics.push(Diagnostic { severity, ..diagnostic });
    }
    diagnostics
}

/// A hint for a citation key that is probably a misspelled label: one without its hyphen, or with another mark in its place.
fn meant_label(key: &str, index: &Index, refs: &Refs) -> Option<String> {
    let has_id = |id: &str| {
        refs.page(index.page).is_some_and(|page| page.ids.binary_search_by(|own| own.as_str().cmp(id)).is_ok())
    };
    let label = hyphenated(key)?;
    if has_id(key) && !refs.labels.contains_key(&label) {
        return Some(format!("labels have a hyphen: write `#{label}` where it is defined, and `@{label}` here"));
    }
    let known = if refs.labels.contains_key(&label) { Some(label.as_str()) } else { None };
    let known = known.or_else(|| suggest(&label, near_keys(&refs.labels, &label)));
    known.map(|label| format!("did you mean `@{label}`?"))
}

/// A key that begins with a kind of label, with the hyphen that is missing: `figx`, `fig:x` or `fig_x` as `fig-x`.
fn hyphenated(key: &str) -> Option<String> {
    let kinds = ["fig", "tbl", "lst", "sec", "eq"].iter().chain(THEOREM_KINDS);
    let (kind, rest) = kinds.filter_map(|kind| Some((kind, key.strip_prefix(kind)?))).next()?;
    let rest = rest.trim_start_matches([':', '_', '.', '-']);
    (!rest.is_empty()).then(|| format!("{kind}-{rest}"))
}

/// Puts the formatted citations in their places.
fn add_citations(clusters: &[Cluster<'_>], citations: &mlsys_csl::Citations, links: &mut Links) {
    for (cluster, text) in clusters.iter().zip(&citations.clusters) {
        let start = cluster.start;
        let content = cluster_inlines(cluster, text);
        if cluster.follows_labels {
            if let Some(Cited::CrossReferences(all)) = links.cites.get_mut(&start)
                && let Some(last) = all.last_mut()
            {
                let span = Span { start, end: start };
                last.suffix.push(Inline { span, kind: InlineKind::Str(" ".to_owned()) });
                last.suffix.extend(content);
            }
            continue;
        }
        let keys = cluster.citations.iter().map(|citation| citation.key.clone()).collect();
        links.cites.insert(start, Cited::Citation { keys, content, note: text.note });
    }
}

/// The inlines of a formatted citation. In a note style, a span of class `csl-lead` holds the author whom the running text names.
fn cluster_inlines(cluster: &Cluster<'_>, text: &ClusterText) -> Vec<Inline> {
    let span = Span { start: cluster.start, end: cluster.start.saturating_add(1) };
    let opaque = opaque(&cluster.citations);
    let mut inlines = Vec::new();
    if let Some(lead) = &text.lead {
        let attr = Box::new(class_attr("csl-lead"));
        inlines.push(Inline { span, kind: InlineKind::Span(attr, to_inlines(lead.clone(), span, &opaque)) });
    }
    inlines.extend(to_inlines(text.content.clone(), span, &opaque));
    inlines
}

/// Diagnostics for the cited keys that no work has.
fn missing_works(
    (index, refs): (&Index, &Refs),
    works: &Bibliography,
    clusters: &[Cluster<'_>],
    citations: &mlsys_csl::Citations,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (count, MissingKey { cluster, key }) in citations.missing.iter().enumerate() {
        let Some(cluster) = clusters.get(*cluster) else { continue };
        let place = Place { source: index.source, span: span_of(&cluster.citations, key) };
        let mut diagnostic = Diagnostic::new(Code::MissingCitation, place, format!("unknown citation key `{key}`"));
        if count < SUGGESTIONS {
            let work = || suggest(key, works.keys_near(key)).map(|similar| format!("did you mean `@{similar}`?"));
            diagnostic.hints.extend(meant_label(key, index, refs).or_else(work));
        }
        diagnostics.push(diagnostic);
    }
    diagnostics
}

fn span_of(citations: &[&Citation], key: &str) -> Span {
    let citation = citations.iter().find(|citation| citation.key == key).or_else(|| citations.first());
    citation.map_or(Span::new(0, 0), |citation| citation.span)
}

/// The numbers of the page's definitions, with their words.
fn numbers(index: &Index, refs: &Refs, crossref: &Crossref<'_>, appendix: bool) -> BTreeMap<u32, Number> {
    let assigned = refs.page(index.page).map_or(&[][..], |page| &page.numbers);
    let pairs = index.definitions.iter().zip(assigned);
    pairs
        .filter_map(|(definition, assigned)| {
            let mut number = labelled_number(definition, assigned.as_ref(), crossref)?;
            if appendix && matches!(definition.kind, DefinitionKind::Section { level: 1, .. }) {
                number.label = format!("{} {}{}", crossref.prefix("apx"), number.text, crossref.appendix_delim());
            }
            Some((definition.start, number))
        })
        .collect()
}

fn labelled_number(definition: &Definition, assigned: Option<&Assigned>, crossref: &Crossref<'_>) -> Option<Number> {
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
                // The label of a theorem begins its text, where a line may break after the word.
                let running = THEOREM_KINDS.contains(&kind.as_str()) || PROOF_KINDS.contains(&kind.as_str());
                let word = crossref.title(kind);
                let gap = match (word.is_empty(), running) {
                    (true, _) => "",
                    (false, true) => " ",
                    (false, false) => crossref.gap(kind),
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
