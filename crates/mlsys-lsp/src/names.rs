//! Labels and works of a book: where they are defined and used.

use crate::cursor::{NameKind, Named};
use crate::findings::Places;
use crate::project::Built;
use crate::protocol::Location;
use crate::uri;
use camino::Utf8Path;
use mlsys_book::{
    BlockKind, Chapter, DefinitionKind, Inline, InlineKind, Labelled, Node, PageId, Place, Span, Work, plain_text, walk,
};
use std::collections::BTreeSet;
use std::sync::Arc;

impl<'p> Built<'p> {
    /// The first definition of a label.
    pub fn label(&self, name: &str) -> Option<&'p Labelled> {
        self.linked.refs.labels.get(name)?.first()
    }

    /// The work with a key that a page may cite; without a page, of any bibliography.
    pub fn work(&self, key: &str, page: Option<PageId>) -> Option<Arc<Work>> {
        let library = &self.linked.library.value;
        let of_page = page.and_then(|page| {
            library.bibliography(&self.book.pages[page], &self.linked.chapters[page].meta).get(key).cloned()
        });
        of_page.or_else(|| library.works.values().flatten().find(|work| work.key == key).cloned())
    }

    /// The label before a definition's number and its number: `Figure 2.1`.
    pub fn numbered(&self, name: &str) -> Option<String> {
        let labelled = self.label(name)?;
        let index = &self.linked.indexes[labelled.page];
        let definition =
            index.definitions.iter().find(|definition| definition.id.as_ref().is_some_and(|id| id.name == name))?;
        let number = self.linked.links.get(labelled.page)?.numbers.get(&definition.start)?;
        let label = number.label.replace('\u{a0}', " ");
        Some(match (&definition.kind, label.is_empty()) {
            (DefinitionKind::Section { .. }, false) => format!("Section {label}"),
            (DefinitionKind::Section { .. }, true) => "Section".to_owned(),
            (DefinitionKind::Counted(_) | DefinitionKind::Box { .. }, _) => label,
        })
    }

    /// The text of what a label names: a heading, a caption, a title; the TeX of a formula.
    pub fn text_of(&self, name: &str) -> Option<String> {
        let labelled = self.label(name)?;
        if !labelled.title.is_empty() {
            return Some(plain_text(&labelled.title));
        }
        described(&self.linked.chapters[labelled.page], name)
    }

    /// The page's title, or its file.
    pub fn title_of(&self, page: PageId) -> String {
        let chapter = &self.linked.chapters[page];
        let heading = || chapter.first_heading().map(|heading| plain_text(&heading.content));
        let title = chapter.title.as_deref().map(plain_text).or_else(heading);
        title.unwrap_or_else(|| self.book.project.pages[page].input.clone())
    }

    /// Where a name is defined.
    pub fn definitions(&self, named: &Named<'_>, file: &str) -> Vec<Location> {
        let places = Places::new(self.book, self.encoding);
        match named.kind {
            NameKind::Reference | NameKind::Label | NameKind::Entry => {
                let labels = self.linked.refs.labels.get(named.name).into_iter().flatten();
                let labels = labels.filter_map(|label| places.location(self.exact(label.place, named.name)));
                let mut found: Vec<Location> = labels.collect();
                if found.is_empty() {
                    let work = self.work(named.name, self.page_of(file));
                    found.extend(work.and_then(|work| places.location(self.exact(work.place, named.name))));
                }
                found
            }
            NameKind::File => {
                let target = self.book.root.join(resolved(file, named.name));
                let location = Location { uri: uri::of_path(&target), range: Default::default() };
                target.is_file().then_some(location).into_iter().collect()
            }
            NameKind::Shortcode | NameKind::CellOption | NameKind::Class => Vec::new(),
        }
    }

    /// All places of a name: its uses, and with `definition` where it is defined. In the order of files and lines.
    pub fn places_of(&self, name: &str, definition: bool) -> BTreeSet<Location> {
        let places = Places::new(self.book, self.encoding);
        let mut found = BTreeSet::new();
        let mut add = |place: Place| found.extend(places.location(self.exact(place, name)));
        for id in self.book.page_ids() {
            let (index, source) = (&self.linked.indexes[id], self.book.source(id));
            index.uses.iter().filter(|used| used.key == name).for_each(|used| add(source.place(used.span)));
            self.links_to(id, name).into_iter().for_each(|span| add(source.place(span)));
        }
        if definition {
            self.linked.refs.labels.get(name).into_iter().flatten().for_each(|label| add(label.place));
            if self.label(name).is_none() {
                let works = self.linked.library.value.works.values().flatten().filter(|work| work.key == name);
                works.for_each(|work| add(work.place));
            }
        }
        found
    }

    /// The fragments of the links of a page that lead to a label: `#sec-x`, `other.qmd#sec-x`.
    fn links_to(&self, page: PageId, name: &str) -> Vec<Span> {
        let Some(labelled) = self.label(name) else { return Vec::new() };
        let targets = self.linked.links.get(page).map(|links| &links.targets);
        let mut found = Vec::new();
        let mut visit = |inline: &Inline| {
            let InlineKind::Link(link) = &inline.kind else { return };
            let Some((file, fragment)) = link.url.split_once('#') else { return };
            let target = targets.and_then(|targets| targets.get(&inline.span.start));
            let page = target.map_or(page, |target| target.page);
            if fragment == name && page == labelled.page && (file.is_empty() || target.is_some()) {
                found.push(link.url_span);
            }
        };
        let chapter = &self.linked.chapters[page];
        for blocks in std::iter::once(&chapter.blocks).chain(chapter.notes.iter().map(|note| &note.content)) {
            walk(blocks, &mut |node| {
                if let Node::Inline(inline) = node {
                    visit(inline);
                }
                true
            });
        }
        found
    }

    /// The bytes of a name within a place that holds more: `@fig-a`, a whole entry of a bibliography.
    fn exact(&self, place: Place, name: &str) -> Place {
        let Some(source) = self.book.sources.get(place.source.index()) else { return place };
        let text = source.slice(place.span);
        match whole_word(text, name) {
            Some(at) => {
                let start = place.span.start as usize + at;
                Place { span: Span::new(start, start + name.len()), ..place }
            }
            None => place,
        }
    }
}

/// The place of a name in a text where it is not a part of a longer one.
fn whole_word(text: &str, name: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || "_-".contains(c);
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        !text[..*at].chars().next_back().is_some_and(is_part)
            && !text[at + name.len()..].chars().next().is_some_and(is_part)
    })
}

/// A path as written on a page, relative to the project's folder.
pub fn resolved(file: &str, path: &str) -> String {
    let path = path.split('#').next().unwrap_or(path);
    match path.strip_prefix('/') {
        Some(from_root) => from_root.to_owned(),
        None => Utf8Path::new(file).parent().unwrap_or(Utf8Path::new("")).join(path).into_string(),
    }
}

/// The caption, title or formula of a labelled element of a page.
fn described(chapter: &Chapter, name: &str) -> Option<String> {
    let mut found = None;
    walk(&chapter.blocks, &mut |node| {
        match node {
            Node::Block(block) => {
                if let BlockKind::Float(float) = &block.kind
                    && float.label.name == name
                {
                    found = float.caption.as_ref().map(|caption| plain_text(&caption.content));
                } else if let BlockKind::Theorem(theorem) = &block.kind
                    && theorem.label.name == name
                {
                    found = theorem.title.as_deref().map(plain_text);
                } else if let BlockKind::Callout(callout) = &block.kind
                    && callout.attr.id.as_ref().is_some_and(|id| id.name == name)
                {
                    found = callout.title.as_deref().map(plain_text);
                }
            }
            Node::Inline(inline) => {
                if let InlineKind::Math(math) = &inline.kind
                    && math.attr.id.iter().chain(&math.labels).any(|id| id.name == name)
                {
                    found = Some(format!("$${}$$", math.tex));
                }
            }
        }
        found.is_none()
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_words() {
        assert_eq!(whole_word("fig-ab @fig-a.", "fig-a"), Some(8));
        assert_eq!(whole_word("xfig-a", "fig-a"), None);
    }
}
