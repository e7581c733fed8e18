//! The Markdown of pages, read again by our parser: it has the words, headings, code, formulas, notes, images and table rows of the
//! page that it is of. For the sample book, and for the book of `MLSYS_BOOK`.
#![allow(clippy::disallowed_methods, reason = "tests read a book")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{
    Block, BlockKind, Chapter, InlineKind, Links, Media, Node, PageId, Place, Scope, Source, SourceId, Span, Value,
    walk,
};
use mlsys_engine::BuildOptions;
use mlsys_engine::site::llms::{Resolved, markdown_of_pages};
use mlsys_render::{Purpose, plain};
use mlsys_tests::served::options;
use std::collections::BTreeMap;

/// What a page has, as counts of texts.
#[derive(Default)]
struct Facts {
    words: BTreeMap<String, i64>,
    code: BTreeMap<String, i64>,
    formulas: BTreeMap<String, i64>,
    images: BTreeMap<String, i64>,
    rows: BTreeMap<String, i64>,
    notes: usize,
}

fn add(counts: &mut BTreeMap<String, i64>, text: String) {
    *counts.entry(text).or_default() += 1;
}

/// Letters and digits alone: marks, quotes and spaces differ.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Facts {
    fn of(chapter: &Chapter, links: &Links, media: &Media) -> Facts {
        let mut facts = Facts::default();
        let text = plain(chapter, links, media, Purpose::Document);
        let sections = text.sections.iter().flat_map(|section| [&section.heading, &section.text]);
        for text in text.title.iter().chain(&text.subtitle).chain([&text.summary]).chain(sections) {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.for_each(|word| add(&mut facts.words, word.to_owned()));
        }
        facts.blocks(&chapter.summary);
        facts.blocks(&chapter.blocks);
        for note in &chapter.notes {
            facts.blocks(&note.content);
        }
        facts.notes = chapter.notes.len();
        facts
    }

    fn blocks(&mut self, blocks: &[Block]) {
        walk(blocks, &mut |node| {
            match node {
                Node::Block(block) => match &block.kind {
                    BlockKind::CodeBlock(code) => add(&mut self.code, letters(&code.text)),
                    BlockKind::Cell(cell) => add(&mut self.code, letters(&cell.text)),
                    BlockKind::Table(table) => {
                        let bodies = table.bodies.iter().flat_map(|body| body.head.iter().chain(&body.rows));
                        for row in table.head.iter().chain(bodies).chain(&table.foot) {
                            add(&mut self.rows, row.cells.len().to_string());
                        }
                    }
                    _ => {}
                },
                Node::Inline(inline) => match &inline.kind {
                    InlineKind::Math(math) => {
                        let tex = math.tex.split("\\tag{").next().unwrap_or("");
                        let tex = tex.replace("\\vert", "|").replace("\\Vert", "|").replace("\\|", "|");
                        add(&mut self.formulas, tex.chars().filter(|c| !c.is_whitespace()).collect());
                    }
                    InlineKind::Image(image) => add(&mut self.images, image.url.clone()),
                    _ => {}
                },
            }
            true
        });
    }
}

/// The tree of a page's Markdown.
fn read_again(text: &str) -> Chapter {
    // Our parser expands shortcodes in code; with three braces it shows them.
    let text = text.replace("`{{<", "`{{{<").replace(">}}`", ">}}}`");
    let source = Source::new(SourceId(0), "page.md", text);
    let place = Place { source: source.id, span: Span::new(0, 0) };
    let empty = || Value::empty(place);
    let scope = Scope {
        format: "html".to_owned(),
        profiles: Vec::new(),
        meta: empty(),
        variables: empty(),
        brand: empty(),
        environment: Default::default(),
        custom_floats: Default::default(),
        language: None,
        box_classes: Default::default(),
    };
    mlsys_parse::parse(&source, &scope).value
}

/// What is in the first and missing in the second.
fn missing(what: &str, of: &BTreeMap<String, i64>, there: &BTreeMap<String, i64>, found: &mut Vec<String>) {
    for (text, count) in of {
        let has = there.get(text).copied().unwrap_or(0);
        if has < *count {
            found.push(format!("{what} `{text}`: {has} of {count}"));
        }
    }
}

/// What the Markdown of a book's pages lacks, and how many facts were compared.
fn compare(root: &Utf8Path) -> (Vec<String>, i64) {
    let book = mlsys_engine::read(&options(root)).expect("a book");
    let linked = mlsys_engine::linked(&book, &mut Vec::new());
    let build = BuildOptions::default();
    let media = mlsys_engine::media_of_pages(&book, &build, &linked, &mut Vec::new());
    let resolved = Resolved { chapters: &linked.chapters, refs: &linked.refs, links: &linked.links };
    let files: BTreeMap<String, String> =
        markdown_of_pages(&book, resolved, &|id| Some((media[id.index()].as_ref()?, &[][..]))).into_iter().collect();
    let (mut found, mut count) = (Vec::new(), 0);
    for (at, page) in book.project.pages.iter().enumerate() {
        let path = page.output.replace(".html", ".llms.md");
        let Some(text) = files.get(&path) else { continue };
        let id = PageId(at as u32);
        let links = linked.links.get(id).expect("links");
        let own = Facts::of(&linked.chapters[id], links, media[at].as_ref().expect("media"));
        let again = read_again(text);
        let written = Facts::of(&again, &Links::default(), &Media::default());
        let mut of_page = Vec::new();
        let kinds = [
            ("word", &own.words, &written.words),
            ("code", &own.code, &written.code),
            ("formula", &own.formulas, &written.formulas),
            ("image", &own.images, &written.images),
            ("row of", &own.rows, &written.rows),
        ];
        for (what, of, there) in kinds {
            missing(what, of, there, &mut of_page);
            count += of.values().sum::<i64>();
        }
        if written.notes < own.notes {
            of_page.push(format!("{} of {} notes", written.notes, own.notes));
        }
        found.extend(of_page.into_iter().map(|text| format!("{path}: {text}")));
    }
    (found, count)
}

#[test]
fn the_markdown_has_what_the_pages_have() {
    let sample = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../quarto").canonicalize_utf8().expect("a path");
    let (found, count) = compare(&sample);
    assert!(found.is_empty(), "{} missing:\n{}", found.len(), found[..found.len().min(60)].join("\n"));
    assert!(count > 3_000, "{count} facts");
}

#[test]
fn the_markdown_of_the_book_has_what_its_pages_have() {
    let Ok(book) = std::env::var("MLSYS_BOOK") else { return };
    let (found, count) = compare(Utf8Path::new(&book));
    eprintln!("{count} facts, {} missing:\n{}", found.len(), found.join("\n"));
    assert!((found.len() as i64) * 1_000 <= count, "more than one of a thousand is missing");
}
