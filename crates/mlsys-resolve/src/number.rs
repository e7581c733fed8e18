//! Numbers for everything in the project, in one fold in book order.

use crate::labels::format_number;
use crate::sections::{Chapters, Sections};
use mlsys_book::{
    Assigned, BookRole, Checked, Code, Definition, DefinitionKind, Diagnostic, Id, Index, Labelled, NumberFormat,
    PageId, PageRefs, Place, Project, ProjectKind, Refs, SectionKind, Severity, Target, label_kind,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Numbers all pages, and resolves what each label names.
///
/// In a book, floats, equations and theorems count by chapter (`2.1`), elsewhere by page, unless `crossref.chapters` says
/// otherwise. Outside numbered chapters one counter runs through the book, so numbers stay unique. The order of `indexes` does not
/// matter. Sources: Quarto, "Cross References", "Book Structure" and "Numbering".
///
/// Reports ids that a page defines twice, and labels that two pages of a book define.
pub fn number<'i>(project: &Project, indexes: impl IntoIterator<Item = &'i Index>) -> Checked<Refs> {
    let mut ordered: Vec<&Index> = indexes.into_iter().collect();
    ordered.sort_by_key(|index| index.page);
    let mut fold = Fold {
        book: project.kind == ProjectKind::Book,
        chapters: Chapters::of(project, &ordered),
        loose: FxHashMap::default(),
        refs: Refs { pages: vec![PageRefs::default(); project.pages.len()].into(), ..Refs::default() },
        diagnostics: Vec::new(),
    };
    for (page, id) in project.pages.iter().zip(0..) {
        fold.refs.files.entry(page.output.clone()).or_insert(PageId(id));
        // The URL of a notebook with a preview leads to the notebook.
        if page.is_preview {
            continue;
        }
        fold.refs.files.insert(page.input.clone(), PageId(id));
        let name = page.input.rsplit('/').next().unwrap_or(&page.input);
        fold.refs.names.entry(name.to_owned()).or_insert(PageId(id));
    }
    for index in &ordered {
        fold.page(project, index);
    }
    if fold.book {
        let uses = ordered.iter().flat_map(|index| &index.uses).map(|used| used.key.as_str());
        let mut seen = FxHashSet::default();
        let first = uses.filter(|key| !fold.refs.labels.contains_key(*key) && seen.insert(*key));
        fold.refs.cited = first.map(str::to_owned).collect();
        fold.refs.references = reference_page(project, &ordered);
    }
    Checked { value: fold.refs, diagnostics: fold.diagnostics }
}

/// The page with the bibliography of a book: that of `book.references`, otherwise the only one with a div `#refs`. If several pages
/// have such a div, each lists its own works.
fn reference_page(project: &Project, ordered: &[&Index]) -> Option<PageId> {
    let role = |index: &Index| project.pages.page(index.page).and_then(|page| page.role);
    let named = ordered.iter().find(|index| role(index) == Some(BookRole::References));
    let mut listing = ordered.iter().filter(|index| index.ids.iter().any(|id| id.name == "refs" && !id.automatic));
    let only = match (listing.next(), listing.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) | (None, _) => None,
    };
    named.or(only).map(|index| index.page)
}

struct Fold {
    book: bool,
    chapters: Chapters,
    /// In books: the counters, by kind, outside numbered chapters.
    loose: FxHashMap<String, u32>,
    refs: Refs,
    diagnostics: Vec<Diagnostic>,
}

impl Fold {
    fn page(&mut self, project: &Project, index: &Index) {
        let role = project.pages.page(index.page).and_then(|page| page.role);
        let mut sections = Sections::begin(&mut self.chapters, role, index);
        let by_chapter = index.numbering.chapters.unwrap_or(self.book);
        let mut counters: FxHashMap<String, u32> = FxHashMap::default();
        let mut boxes = BoxCounters { prefix: Some("0".to_owned()), counts: FxHashMap::default(), headings: 0 };
        let mut parts: FxHashMap<usize, u32> = FxHashMap::default();
        let mut numbers: Vec<Option<Assigned>> = Vec::with_capacity(index.definitions.len());
        let mut kinds: Vec<Option<SectionKind>> = Vec::with_capacity(index.definitions.len());
        for definition in &index.definitions {
            let mut section = None;
            let number = match &definition.kind {
                DefinitionKind::Section { level, numbered } => {
                    let (number, kind) = sections.heading(&mut self.chapters, *level, *numbered);
                    section = Some(kind);
                    if *level == 1 {
                        if by_chapter {
                            counters.clear();
                        }
                        boxes.heading(*numbered, self.book.then(|| sections.chapter()).flatten());
                    }
                    number
                }
                DefinitionKind::Counted(kind) => match definition.parent {
                    Some(parent) => Some(part(index, &numbers, &mut parts, parent)),
                    None => {
                        let chapter = by_chapter.then(|| sections.chapter()).flatten();
                        let loose = self.book && chapter.is_none();
                        let counter = count(if loose { &mut self.loose } else { &mut counters }, kind);
                        let formats = &index.numbering.formats;
                        let counted = match formats.get(kind).or_else(|| formats.get("")) {
                            Some(style) => format_number(counter.saturating_add(style.offset), style.format),
                            None => format_number(counter, NumberFormat::Arabic),
                        };
                        let text = chapter.map_or_else(|| counted.clone(), |chapter| format!("{chapter}.{counted}"));
                        Some(Assigned { text, parent: None, shown: true, id: None })
                    }
                },
                DefinitionKind::Box { class, group, numbered, top, .. } => {
                    top.then(|| boxes.number(class, group, *numbered))
                }
            };
            numbers.push(number);
            kinds.push(section);
        }
        if self.book {
            self.headings(index, role);
        }
        self.duplicates(index);
        for label in &index.hidden {
            let place = Place { source: index.source, span: label.span };
            self.refs.hidden.entry(label.name.clone()).or_insert(place);
        }
        self.offer(index, &numbers, &kinds);
        let mut ids: Vec<String> = index.ids.iter().map(|id| id.name.clone()).collect();
        ids.extend(numbers.iter().flatten().filter_map(|number| number.id.clone()));
        ids.sort_unstable();
        ids.dedup();
        if let Some(page) = self.refs.pages.get_mut(index.page.index()) {
            *page = PageRefs { numbers, position: sections.position, chapter: sections.page_number(), ids };
        }
    }

    /// Records the ids of the page's headings. Source: Quarto, links between the chapters of a book.
    fn headings(&mut self, index: &Index, role: Option<BookRole>) {
        let is_section = |definition: &Definition| match definition.kind {
            DefinitionKind::Section { level, .. } => Some(level),
            DefinitionKind::Counted(_) | DefinitionKind::Box { .. } => None,
        };
        let sections = index.definitions.iter().filter_map(|definition| Some((is_section(definition)?, definition)));
        for (at, (level, definition)) in sections.enumerate() {
            let Some(id) = &definition.id else { continue };
            let is_title = at == 0 && level == 1 && index.title.is_none() && role != Some(BookRole::Home);
            let anchor = (!is_title).then(|| id.name.clone());
            self.refs.headings.entry(id.name.clone()).or_insert(Target { page: index.page, anchor });
        }
    }

    /// Records the page's labels. If the page defines a label twice the first counts, because links go there.
    fn offer(&mut self, index: &Index, numbers: &[Option<Assigned>], kinds: &[Option<SectionKind>]) {
        for ((definition, number), section) in index.definitions.iter().zip(numbers).zip(kinds) {
            let (Some(id), Some(kind)) = (&definition.id, label_of(definition)) else { continue };
            let place = Place { source: index.source, span: id.span };
            let labelled = self.refs.labels.entry(id.name.clone()).or_default();
            if let Some(last) = labelled.last() {
                if last.page == index.page {
                    continue;
                }
                if self.book {
                    let message = format!("the label `{}` is defined on two pages", id.name);
                    self.diagnostics.push(
                        Diagnostic::new(Code::DuplicateLabel, place, message)
                            .hint("references go to the first; rename one of them")
                            .related(last.place, "first defined here"),
                    );
                }
            }
            labelled.push(Labelled {
                page: index.page,
                place,
                kind,
                word: word_of(definition),
                number: number.clone(),
                title: definition.title.clone(),
                section: *section,
            });
        }
    }

    /// Reports ids that the author wrote twice on one page.
    fn duplicates(&mut self, index: &Index) {
        let mut first: FxHashMap<&str, &Id> = FxHashMap::default();
        let labels: FxHashMap<&str, ()> =
            index.definitions.iter().filter_map(|d| Some((d.id.as_ref()?.name.as_str(), ()))).collect();
        for id in index.ids.iter().filter(|id| !id.automatic) {
            let Some(earlier) = first.get(id.name.as_str()) else {
                first.insert(&id.name, id);
                continue;
            };
            if earlier.span == id.span {
                continue;
            }
            let is_label = labels.contains_key(id.name.as_str());
            let what = if is_label { "label" } else { "id" };
            let place = |id: &Id| Place { source: index.source, span: id.span };
            let message = format!("the {what} `{}` is defined twice on this page", id.name);
            let mut diagnostic = Diagnostic::new(Code::DuplicateLabel, place(id), message)
                .hint("links and references go to the first; rename one of them")
                .related(place(earlier), "first defined here");
            if !is_label {
                diagnostic.severity = Severity::Warning;
            }
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The kind of a definition's label; `None` if its id is no label. A heading's label has the prefix `sec`.
fn label_of(definition: &Definition) -> Option<String> {
    match &definition.kind {
        DefinitionKind::Section { .. } => label_kind(&definition.id.as_ref()?.name).filter(|kind| kind == "sec"),
        DefinitionKind::Counted(kind) => Some(kind.clone()),
        DefinitionKind::Box { .. } => definition.id.as_ref().map(|_| "box".to_owned()),
    }
}

/// The word of references to a box.
fn word_of(definition: &Definition) -> Option<String> {
    match &definition.kind {
        DefinitionKind::Box { reference, .. } => Some(reference.clone()),
        DefinitionKind::Section { .. } | DefinitionKind::Counted(_) => None,
    }
}

fn count(counters: &mut FxHashMap<String, u32>, kind: &str) -> u32 {
    match counters.get_mut(kind) {
        Some(counter) => {
            *counter += 1;
            *counter
        }
        None => {
            counters.insert(kind.to_owned(), 1);
            1
        }
    }
}

/// The number of a part of a float: `a`, and the float's number.
fn part(index: &Index, numbers: &[Option<Assigned>], parts: &mut FxHashMap<usize, u32>, parent: usize) -> Assigned {
    let counter = parts.entry(parent).or_insert(0);
    *counter += 1;
    Assigned {
        text: format_number(*counter, index.numbering.parts.unwrap_or(NumberFormat::LowerAlpha)),
        parent: numbers.get(parent).and_then(|number| number.as_ref()).map(|number| number.text.clone()),
        shown: true,
        id: None,
    }
}

/// The counters of numbered boxes: one for each group, and one for all boxes without numbers. They restart at each heading of
/// level one. Source: the behaviour of the Quarto extension "custom-numbered-blocks".
struct BoxCounters {
    /// The prefix of a box's number; `None` below an unnumbered heading.
    prefix: Option<String>,
    counts: FxHashMap<String, u32>,
    headings: u32,
}

impl BoxCounters {
    fn heading(&mut self, numbered: bool, chapter: Option<String>) {
        self.counts.clear();
        self.headings += u32::from(numbered);
        let own = numbered.then(|| self.headings.to_string());
        self.prefix = if numbered { chapter.or(own) } else { None };
    }

    fn number(&mut self, class: &str, group: &str, numbered: bool) -> Assigned {
        let counter = count(&mut self.counts, if numbered { group } else { "unnumbered" });
        let text = self.prefix.as_ref().map_or_else(|| counter.to_string(), |prefix| format!("{prefix}.{counter}"));
        let id = format!("{class}{}-{text}", if numbered { "" } else { "*" });
        Assigned { text, parent: None, shown: numbered, id: Some(id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{BookRole, Page, Scripts, Site, SourceId, Span, Value};

    fn project(kind: ProjectKind, roles: &[Option<BookRole>]) -> Project {
        let place = Place::project();
        let page = |(n, role): (usize, &Option<BookRole>)| {
            let (input, output) = (format!("{n}.qmd"), format!("{n}.html"));
            Page { input, output, role: *role, draft: None, is_preview: false, is_of_other_format: false }
        };
        Project {
            kind,
            output_dir: String::new(),
            pages: roles.iter().enumerate().map(page).collect(),
            resources: Vec::new(),
            meta: Value::empty(place),
            filters: Vec::new(),
            variables: Value::empty(place),
            profiles: Vec::new(),
            scripts: Scripts::default(),
            executes_in_root: false,
            site: Site::default(),
        }
    }

    /// A page from its ids: headings as `## sec-a` (`-` after the marks: unnumbered), anything else by its prefix, parts of
    /// the last float with `+`.
    fn page(number: u32, ids: &[&str]) -> Index {
        let mut definitions: Vec<Definition> = Vec::new();
        let mut float = None;
        for (at, id) in (0..).zip(ids) {
            let level = id.bytes().take_while(|b| *b == b'#').count();
            let name = id.trim_start_matches(['#', '-', '+', ' ']);
            let kind = if level > 0 {
                DefinitionKind::Section { level: level as u8, numbered: !id.contains("#-") }
            } else {
                DefinitionKind::Counted(label_kind(name).unwrap_or_default())
            };
            let span = Span::new(at, at + 1);
            let parent = if id.starts_with('+') { float } else { None };
            if parent.is_none() {
                float = Some(at);
            }
            let id = Some(Id { name: name.to_owned(), span, automatic: false });
            definitions.push(Definition { start: span.start, kind, id, title: Vec::new(), parent });
        }
        let ids = definitions.iter().filter_map(|definition| definition.id.clone()).collect();
        let source = SourceId(number);
        Index {
            page: PageId(number),
            source,
            title: None,
            numbering: Default::default(),
            definitions,
            ids,
            uses: vec![],
            hidden: Vec::new(),
        }
    }

    fn numbers(refs: &Refs, page: u32) -> Vec<&str> {
        let numbers = &refs.pages[page as usize].numbers;
        numbers.iter().map(|number| number.as_ref().map_or("", |number| number.text.as_str())).collect()
    }

    #[test]
    fn a_website_counts_on_every_page() {
        let pages = [
            page(0, &["# sec-a", "fig-a", "## sec-b", "fig-b", "+fig-ba", "+fig-bb", "tbl-a"]),
            page(1, &["#- sec-c", "## sec-d", "fig-c"]),
        ];
        let refs = number(&project(ProjectKind::Website, &[None, None]), &pages).value;
        assert_eq!(numbers(&refs, 0), ["1", "1", "1.1", "2", "a", "b", "1"]);
        assert_eq!(numbers(&refs, 1), ["", "", "1"]);
    }

    #[test]
    fn a_book_counts_by_chapter_and_lets_no_number_come_twice() {
        use BookRole::{Appendix, Chapter, Home};
        let roles = [Some(Home), Some(Chapter), Some(Chapter), Some(Chapter), Some(Appendix)];
        let pages = [
            page(0, &["#- sec-preface", "fig-a"]),
            page(1, &["# sec-one", "fig-b", "## sec-two", "fig-c"]),
            page(2, &["#- sec-between", "fig-d"]),
            page(3, &["# sec-three", "fig-e"]),
            page(4, &["# sec-extra", "## sec-more", "fig-f"]),
        ];
        let project = project(ProjectKind::Book, &roles);
        let refs = number(&project, &pages).value;
        assert_eq!(numbers(&refs, 0), ["", "1"]);
        assert_eq!(numbers(&refs, 1), ["1", "1.1", "1.1", "1.2"]);
        assert_eq!(numbers(&refs, 2), ["", "2"]);
        assert_eq!(numbers(&refs, 3), ["2", "2.1"]);
        assert_eq!(numbers(&refs, 4), ["A", "A.1", "A.1"]);

        let reversed: Vec<Index> = pages.iter().rev().cloned().collect();
        assert_eq!(number(&project, &reversed).value, refs, "the order in which pages were read decides nothing");
    }

    #[test]
    fn reports_both_places_of_a_label() {
        let diagnostics = number(&project(ProjectKind::Website, &[None]), &[page(0, &["fig-a", "fig-a"])]).diagnostics;
        let [diagnostic] = diagnostics.as_slice() else { panic!("one diagnostic: {diagnostics:?}") };
        assert_eq!((diagnostic.code, diagnostic.place.span.start), (Code::DuplicateLabel, 1));
        assert_eq!(diagnostic.related[0].0.span.start, 0);
    }
}
