//! Numbers of chapters and sections.

use mlsys_book::{
    Assigned, BookRole, DefinitionKind, Index, NavItem, NumberFormat, Numbering, PageId, Project, ProjectKind,
    SectionKind,
};
use std::collections::BTreeMap;

use crate::labels::format_number;

/// The counters of chapters and appendices in a book, and of chapters in a site.
pub(crate) struct Chapters {
    book: bool,
    chapters: u32,
    appendices: u32,
    /// The positions of the chapters of a site with parts.
    positions: BTreeMap<PageId, u32>,
}

impl Chapters {
    /// The counters at the start of a project. A book counts chapters page by page. A website has chapters if its sidebar has
    /// sections: the pages in them that begin with a numbered heading of level one, by position.
    pub(crate) fn of(project: &Project, indexes: &[&Index]) -> Chapters {
        let book = project.kind == ProjectKind::Book;
        let mut positions = BTreeMap::new();
        if project.kind == ProjectKind::Website {
            for sidebar in &project.site.sidebars {
                for section in sidebar.contents.iter().filter(|item| item.section) {
                    place_chapters(section, indexes, &mut positions);
                }
            }
        }
        Chapters { book, chapters: 0, appendices: 0, positions }
    }

    /// Counts the next chapter or appendix, and returns its number or letter.
    fn next(&mut self, appendix: bool) -> String {
        if appendix {
            self.appendices += 1;
            format_number(self.appendices, NumberFormat::UpperAlpha)
        } else {
            self.chapters += 1;
            self.chapters.to_string()
        }
    }
}

fn place_chapters(item: &NavItem, indexes: &[&Index], positions: &mut BTreeMap<PageId, u32>) {
    if let Some(page) = item.page {
        let index = indexes.binary_search_by_key(&page, |index| index.page).ok().and_then(|at| indexes.get(at));
        let heading = index.and_then(|index| index.definitions.iter().map(|d| &d.kind).find(|kind| is_section(kind)));
        if let Some(DefinitionKind::Section { level: 1, numbered: true }) = heading {
            let next = positions.len() + 1;
            positions.entry(page).or_insert(u32::try_from(next).unwrap_or(u32::MAX));
        }
    }
    for inner in &item.contents {
        place_chapters(inner, indexes, positions);
    }
}

fn is_section(kind: &DefinitionKind) -> bool {
    matches!(kind, DefinitionKind::Section { .. })
}

/// The counters of one page's headings.
pub(crate) struct Sections<'a> {
    numbering: &'a Numbering,
    /// True if headings show their numbers.
    shown: bool,
    /// The page's role in the book; `None` outside of books.
    role: Option<BookRole>,
    /// The heading level of a number's first part.
    base: u8,
    counters: [u32; 6],
    /// The level of the enclosing unnumbered heading, whose subsections have no numbers.
    unnumbered: Option<u8>,
    /// The number of the chapter, or outside of books of the section of level one.
    chapter: Option<String>,
    /// True if the next heading of level one repeats the number of the page's title.
    title_number: bool,
    /// The page's chapter number.
    page_number: Option<String>,
    /// True before the page's first heading.
    first: bool,
    /// The position of the page among a site's chapters.
    pub position: Option<u32>,
}

impl<'a> Sections<'a> {
    /// Begins a page. In a book, a title in the metadata is the chapter's heading and gets the chapter's number.
    pub(crate) fn begin(chapters: &mut Chapters, role: Option<BookRole>, index: &'a Index) -> Sections<'a> {
        let numbering = &index.numbering;
        let role = if chapters.book { role } else { None };
        let levels = index.definitions.iter().filter_map(|definition| match definition.kind {
            DefinitionKind::Section { level, .. } => Some(level),
            DefinitionKind::Counted(_) | DefinitionKind::Box { .. } => None,
        });
        let shallowest = levels.min().unwrap_or(1);
        let mut sections = Sections {
            numbering,
            shown: numbering.sections.unwrap_or(chapters.book),
            role,
            base: if role.is_some() || !numbering.offset.is_empty() { 1 } else { shallowest },
            counters: [0; 6],
            unnumbered: None,
            chapter: None,
            title_number: false,
            page_number: None,
            first: true,
            position: chapters.positions.get(&index.page).copied(),
        };
        for (counter, offset) in sections.counters.iter_mut().zip(&numbering.offset) {
            *counter = *offset;
        }
        if index.title.is_some() && sections.is_chapter() {
            let number = chapters.next(role == Some(BookRole::Appendix));
            sections.page_number = Some(number.clone());
            sections.chapter = Some(number);
            sections.title_number = true;
        }
        sections
    }

    /// True if the page is a chapter or appendix of a book.
    fn is_chapter(&self) -> bool {
        self.role.is_some_and(|role| role != BookRole::Part)
    }

    /// The prefix of float numbers that count by chapter.
    pub(crate) fn chapter(&self) -> Option<String> {
        self.chapter.clone()
    }

    /// The page's chapter number.
    pub(crate) fn page_number(self) -> Option<String> {
        self.page_number
    }

    /// Counts the next heading. Returns its number and what it is.
    pub(crate) fn heading(
        &mut self,
        chapters: &mut Chapters,
        level: u8,
        numbered: bool,
    ) -> (Option<Assigned>, SectionKind) {
        let level = level.clamp(1, 6);
        let first = std::mem::take(&mut self.first);
        let kind = self.kind(level, first);
        if !numbered {
            if self.unnumbered.is_none_or(|outer| level <= outer) {
                self.unnumbered = Some(level);
            }
            if level == 1 {
                self.chapter = None;
            }
            return (None, kind);
        }
        if self.unnumbered.is_some_and(|outer| level > outer) || self.role == Some(BookRole::Part) {
            return (None, kind);
        }
        self.unnumbered = None;
        let depth = usize::from(level);
        self.counters.iter_mut().skip(depth).for_each(|counter| *counter = 0);
        let text = if level == 1 && self.is_chapter() {
            let number = match (std::mem::take(&mut self.title_number), self.chapter.clone()) {
                (true, Some(number)) => number,
                (true, None) | (false, _) => chapters.next(self.role == Some(BookRole::Appendix)),
            };
            self.page_number.get_or_insert_with(|| number.clone());
            self.counters.iter_mut().for_each(|counter| *counter = 0);
            self.chapter = Some(number.clone());
            number
        } else {
            if let Some(counter) = self.counters.get_mut(depth - 1) {
                *counter += 1;
            }
            self.section_number(level)
        };
        if text.is_empty() {
            return (None, kind);
        }
        if level == 1 && !self.is_chapter() {
            self.chapter = Some(text.clone());
        }
        let shown = self.shown && level <= self.numbering.depth.unwrap_or(6);
        (Some(Assigned { text, parent: None, shown, id: None }), kind)
    }

    fn kind(&self, level: u8, first: bool) -> SectionKind {
        if level > 1 {
            return SectionKind::Section;
        }
        match self.role {
            Some(BookRole::Part) => SectionKind::Part,
            Some(BookRole::Appendix) => SectionKind::Appendix,
            Some(BookRole::Home | BookRole::Chapter | BookRole::References) => SectionKind::Chapter,
            None if self.position.is_some() && first => SectionKind::Chapter,
            None if self.numbering.chapters == Some(true) => SectionKind::Chapter,
            None => SectionKind::Section,
        }
    }

    fn section_number(&self, level: u8) -> String {
        let from = if self.is_chapter() { 1 } else { usize::from(self.base).saturating_sub(1) };
        let mut text = if self.is_chapter() {
            match &self.chapter {
                Some(chapter) => chapter.clone(),
                None => return String::new(),
            }
        } else {
            String::new()
        };
        for counter in self.counters.iter().take(usize::from(level)).skip(from) {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&counter.to_string());
        }
        text
    }
}
