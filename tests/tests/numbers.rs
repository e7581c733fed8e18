//! Properties of numbers, over books made by chance: they depend on neither threads nor the order in which pages come, and a
//! figure that moves changes the pages that show its number or another that it moves, and no others.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write the books that they build")]

use camino::Utf8Path;
use mlsys_book::{Links, PageId};
use mlsys_engine::BuildOptions;
use mlsys_engine::{Book, Linked};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Numbers by chance, always the same ones.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }
}

/// The parts of a page.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// A labelled figure, table or equation.
    Labelled(&'static str, usize),
    /// A reference to a label.
    Reference(&'static str, usize),
    /// A heading of level two.
    Heading(usize),
}

/// A project as its pages' parts; every page is a chapter.
#[derive(Clone, Debug)]
struct Plan {
    book: bool,
    pages: Vec<Vec<Part>>,
}

const KINDS: [&str; 3] = ["fig", "tbl", "eq"];

impl Plan {
    fn by_chance(chance: &mut Chance) -> Plan {
        let mut pages: Vec<Vec<Part>> = vec![Vec::new(); 2 + chance.below(4)];
        let mut labels = Vec::new();
        for n in 0..4 + chance.below(12) {
            let kind = KINDS[chance.below(KINDS.len())];
            labels.push((kind, n));
            let page = chance.below(pages.len());
            pages[page].push(Part::Labelled(kind, n));
            if chance.below(3) == 0 {
                pages[page].push(Part::Heading(n));
            }
        }
        for _ in 0..3 + chance.below(12) {
            let (kind, n) = labels[chance.below(labels.len())];
            let page = chance.below(pages.len());
            let at = chance.below(pages[page].len() + 1);
            pages[page].insert(at, Part::Reference(kind, n));
        }
        Plan { book: chance.below(2) == 0, pages }
    }

    /// Takes a labelled thing from its place and puts it elsewhere; says which pages' texts changed.
    fn move_one(&mut self, chance: &mut Chance) -> BTreeSet<usize> {
        let places: Vec<(usize, usize)> = self
            .pages
            .iter()
            .enumerate()
            .flat_map(|(page, parts)| (0..parts.len()).map(move |at| (page, at)))
            .filter(|(page, at)| matches!(self.pages[*page][*at], Part::Labelled(..)))
            .collect();
        let before = self.pages.clone();
        let (page, at) = places[chance.below(places.len())];
        let part = self.pages[page].remove(at);
        let to = chance.below(self.pages.len());
        let at = chance.below(self.pages[to].len() + 1);
        self.pages[to].insert(at, part);
        (0..before.len()).filter(|page| before[*page] != self.pages[*page]).collect()
    }

    /// What a reference to each label shows and where it goes, by the rule: each kind counts by page, in a book with the
    /// chapter's number before it.
    fn expected(&self) -> BTreeMap<(&'static str, usize), (usize, String)> {
        let mut expected = BTreeMap::new();
        for (page, parts) in self.pages.iter().enumerate() {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for part in parts {
                if let Part::Labelled(kind, n) = part {
                    let count = counts.entry(kind).or_insert(0);
                    *count += 1;
                    let number = if self.book { format!("{}.{count}", page + 1) } else { count.to_string() };
                    expected.insert((*kind, *n), (page, number));
                }
            }
        }
        expected
    }

    fn cites(&self, page: usize) -> BTreeSet<(&'static str, usize)> {
        let cited = self.pages[page].iter().filter_map(|part| match part {
            Part::Reference(kind, n) => Some((*kind, *n)),
            Part::Labelled(..) | Part::Heading(_) => None,
        });
        cited.collect()
    }

    /// The sources: path and text.
    fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut chapters = String::new();
        for (page, parts) in self.pages.iter().enumerate() {
            let mut text = format!("# Page {page} {{#sec-page-{page}}}\n\n");
            for part in parts {
                let written = match part {
                    Part::Labelled("fig", n) => write!(text, "![Figure]({n}.svg){{#fig-{n} fig-alt=\"a\"}}\n\n"),
                    Part::Labelled("tbl", n) => write!(text, "| x |\n|---|\n| {n} |\n\n: Table {{#tbl-{n}}}\n\n"),
                    Part::Labelled(kind, n) => write!(text, "$$x$$ {{#{kind}-{n}}}\n\n"),
                    Part::Reference(kind, n) => write!(text, "See @{kind}-{n}.\n\n"),
                    Part::Heading(n) => write!(text, "## Heading {n}\n\n"),
                };
                written.expect("text can be written");
            }
            let name = if page == 0 { "index.qmd".to_owned() } else { format!("page{page}.qmd") };
            writeln!(chapters, "    - {name}").expect("text can be written");
            files.push((name, text));
        }
        let config = if self.book {
            format!("project:\n  type: book\nbook:\n  title: Book\n  chapters:\n{chapters}")
        } else {
            "project:\n  type: website\n".to_owned()
        };
        files.push(("_quarto.yml".to_owned(), config));
        files
    }

    fn with_book<T>(&self, run: impl FnOnce(&Book) -> T) -> T {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        for (path, text) in self.files() {
            std::fs::write(root.join(path), text).expect("the file is written");
        }
        let options = mlsys_engine::project::ReadOptions {
            request: mlsys_engine::locate(root, None).expect("a project"),
            profiles: Vec::new(),
            output_dir: Some(root.join("_site")),
            format: "html".into(),
            overlay: mlsys_engine::project::Overlay::default(),
        };
        run(&mlsys_engine::read(&options).expect("a book"))
    }
}

/// The links of all pages, computed with a number of threads.
fn links(book: &Book, threads: usize) -> Vec<Option<Links>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let Linked { links, .. } = pool.install(|| mlsys_engine::linked(book, &mut Vec::new()));
    links.iter().map(Option::<&Links>::cloned).collect()
}

#[test]
fn numbers_do_not_depend_on_threads_or_order() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..25 {
        let plan = Plan::by_chance(&mut chance);
        plan.with_book(|book| {
            let one = links(book, 1);
            assert_eq!(one, links(book, 4), "four threads, {plan:?}");
            let mut found = Vec::new();
            let Linked { chapters, refs, .. } = mlsys_engine::linked(book, &mut found);
            let mut indexes: Vec<_> =
                chapters.iter().zip(0..).map(|(chapter, id)| mlsys_resolve::index(chapter, PageId(id))).collect();
            for _ in 0..5 {
                let (a, b) = (chance.below(indexes.len()), chance.below(indexes.len()));
                indexes.swap(a, b);
                assert_eq!(mlsys_resolve::number(&book.project, &indexes).value, refs, "another order, {plan:?}");
            }
        });
    }
}

#[test]
fn numbers_follow_the_rule() {
    let mut chance = Chance(0xD1B5_4A32_D192_ED03);
    for _ in 0..25 {
        let plan = Plan::by_chance(&mut chance);
        let expected = plan.expected();
        plan.with_book(|book| {
            let Linked { refs, .. } = mlsys_engine::linked(book, &mut Vec::new());
            for ((kind, n), (page, number)) in &expected {
                let labelled = &refs.labels[&format!("{kind}-{n}")][0];
                let found = labelled.number.as_ref().map(|number| number.text.as_str());
                assert_eq!((labelled.page.index(), found), (*page, Some(number.as_str())), "{kind}-{n} of {plan:?}");
            }
        });
    }
}

/// The HTML of each page.
fn pages(book: &Book) -> Vec<String> {
    let mut built = mlsys_engine::build(book, &BuildOptions::default());
    let files = book.project.pages.iter().map(|page| match built.files.remove(&page.output) {
        Some(mlsys_engine::Content::Bytes(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        _ => String::new(),
    });
    // What is around the text may name the headings of other pages.
    files.map(|html| html.split_once("<main").map_or(String::new(), |(_, main)| main.to_owned())).collect()
}

#[test]
fn a_moved_figure_changes_the_pages_that_cite_what_moved() {
    let mut chance = Chance(0xA076_1D64_78BD_642F);
    let (mut untouched, mut touched) = (0, 0);
    for _ in 0..8 {
        let mut plan = Plan::by_chance(&mut chance);
        let before = plan.with_book(pages);
        let old = plan.expected();
        let mut expected = plan.move_one(&mut chance);
        let new = plan.expected();
        let after = plan.with_book(pages);
        for page in 0..plan.pages.len() {
            if plan.cites(page).iter().any(|label| old.get(label) != new.get(label)) {
                expected.insert(page);
            }
        }
        let changed: BTreeSet<usize> = (0..before.len()).filter(|page| before[*page] != after[*page]).collect();
        assert_eq!(changed, expected, "the pages that changed and those that had to, {plan:?}");
        untouched += before.len() - changed.len();
        touched += changed.len();
    }
    assert!(untouched > 0 && touched > 0, "chance made no case that tells anything");
}
