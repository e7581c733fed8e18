//! The fuzz targets: the passes of a build, in memory, on a project of a few pages.

use jiff::civil::Date;
use mlsys_book::{Chapter, Checked, Diagnostic, Links, PageId, Project, Scope, Source, SourceId, Span, Target, Value};
use mlsys_csl::Style;
use mlsys_parse::{ConfigInput, QuizText, front_matter, parse_yaml};
use mlsys_render::{Assets, Clock, Html, Markdown, PageContext, PageEntry, Purpose, Templates, Urls, plain};
use mlsys_resolve::RelativeDates;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The length of the longest text that is tried. Super-linear time shows in shorter texts.
const LONGEST: usize = 64 << 10;

static STYLE: LazyLock<Style> = LazyLock::new(Style::default);

/// The command's own templates.
const TEMPLATES: [(&str, &str); 10] = [
    ("about.html", include_str!("../../../templates/about.html")),
    ("head.html", include_str!("../../../templates/head.html")),
    ("header.html", include_str!("../../../templates/header.html")),
    ("main.html", include_str!("../../../templates/main.html")),
    ("page-navigation.html", include_str!("../../../templates/page-navigation.html")),
    ("page.html", include_str!("../../../templates/page.html")),
    ("plain.html", include_str!("../../../templates/plain.html")),
    ("title-block.html", include_str!("../../../templates/title-block.html")),
    ("toc.html", include_str!("../../../templates/toc.html")),
    ("whole-book.html", include_str!("../../../templates/whole-book.html")),
];

/// The beginning of the command's theme: enough for variables, functions and rules to meet those of a project.
const FRAMEWORK: &str = "/*-- scss:defaults --*/\n$mode: light !default;\n$primary: #264 !default;\n$body-bg: #fff !default;\n\
    /*-- scss:rules --*/\nbody { background: $body-bg; }\n@media print { a { color: $primary; } }\n";

/// True if a text is short enough to try.
pub fn is_tried(text: &str) -> bool {
    text.len() <= LONGEST
}

/// The files in a text, which lines `%%` separate.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n%%\n").map(|part| part.strip_prefix("%%\n").unwrap_or(part))
}

/// Every finding has a place in its source.
fn check(found: &[Diagnostic], sources: &[&Source]) {
    for finding in found {
        let places = finding.related.iter().map(|(place, _)| *place).chain([finding.place]);
        for place in places {
            let Some(source) = sources.iter().find(|source| source.id == place.source) else {
                panic!("{finding:?} is in no source");
            };
            let (start, end) = (place.span.start as usize, place.span.end as usize);
            let text = &source.text;
            let inside =
                start <= end && end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end);
            assert!(inside, "{finding:?} is not in the text of {} bytes", text.len());
        }
    }
}

/// A configuration: `_quarto.yml`, then `_variables.yml`, then pages.
pub fn config(text: &str) {
    let mut files = parts(text);
    let yaml = |id: u32, name: &str, text: &str| {
        let source = Source::new(SourceId(id), name, text);
        let read = parse_yaml(&source, Span::new(0, source.text.len()));
        (source, read)
    };
    let (source, config) = yaml(0, "_quarto.yml", files.next().unwrap_or(""));
    let (other, variables) = yaml(1, "_variables.yml", files.next().unwrap_or(""));
    check(&config.diagnostics, &[&source]);
    check(&variables.diagnostics, &[&other]);
    let mut pages = vec![("index.qmd".to_owned(), files.next().unwrap_or("# One\n"))];
    pages.extend(files.enumerate().map(|(at, page)| (format!("part/page{at}.qmd"), page)));
    let mut front = BTreeMap::new();
    for (at, (name, text)) in pages.iter().enumerate() {
        let source = Source::new(SourceId(2 + at as u32), name.as_str(), *text);
        let read = front_matter(&source);
        check(&read.diagnostics, &[&source]);
        check(&mlsys_parse::check_metadata_keys(&read.value.meta), &[&source]);
        front.insert(name.clone(), mlsys_parse::lift_format(&read.value.meta, "html"));
    }
    let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
    mlsys_parse::project_inputs(&config.value, &names);
    let input = ConfigInput {
        config: &config.value,
        files: &names,
        front_matter: &front,
        profiles: &mlsys_parse::active_profiles(&config.value, &[]),
        variables: &variables.value,
        format: "html",
    };
    let project = mlsys_parse::parse_config(&input);
    check(&project.diagnostics, &[&source, &other]);
    let project = project.value;
    let summaries: Vec<_> = project.pages.iter().map(|_| summary(None)).collect();
    mlsys_render::chrome(&project, "en", &summaries, Markdown(&inlines), &|_| None);
    let theme = mlsys_render::theme_files(&project.meta);
    assert!(theme.dark.is_none_or(|dark| dark.len() <= text.len()));
    mlsys_render::brand_style(&config.value);
}

/// Inline Markdown of the configuration.
fn inlines(text: &str) -> Vec<mlsys_book::Inline> {
    let source = Source::new(SourceId(0), "", text);
    mlsys_parse::parse_inlines(&source, text, Span::new(0, text.len()), &BOOK.scope).value
}

fn summary(chapter: Option<&Chapter>) -> mlsys_book::PageSummary {
    let title = chapter.and_then(|chapter| chapter.title.clone());
    mlsys_book::PageSummary { title, number: None, description: None, draft: false }
}

/// A page, quizzes and works as one source each, taken through all passes.
struct Book {
    project: Project,
    scope: Scope,
}

impl Book {
    fn new(config: &str) -> Self {
        let source = Source::new(SourceId(0), "_quarto.yml", config);
        let value = parse_yaml(&source, Span::new(0, source.text.len())).value;
        let empty = Value::empty(source.place(Span::new(0, 0)));
        let input = ConfigInput {
            config: &value,
            files: &["index.qmd".to_owned()],
            front_matter: &BTreeMap::new(),
            profiles: &[],
            variables: &empty,
            format: "html",
        };
        let project = mlsys_parse::parse_config(&input).value;
        let scope = Scope {
            format: "html".into(),
            profiles: vec!["advanced".into()],
            meta: project.meta.clone(),
            variables: empty.clone(),
            brand: empty,
            environment: [("CITY".into(), "Zagreb".into())].into(),
            custom_floats: ["vid".into()].into(),
            language: None,
            box_classes: ["callout-definition".into()].into(),
        };
        Book { project, scope }
    }

    /// From a page's text to its tree, its links and its body.
    fn page(&self, source: &Source, quizzes: &QuizText, works: &[Source]) -> (Chapter, Html) {
        let mut sources: Vec<&Source> = works.iter().collect();
        sources.push(source);
        let read: Vec<Vec<Arc<mlsys_book::Work>>> = works
            .iter()
            .map(|works| {
                let Checked { value, diagnostics } = mlsys_parse::parse_bibliography(works, "en");
                check(&diagnostics, &[works]);
                value.into_iter().map(Arc::new).collect()
            })
            .collect();
        let slices: Vec<&[Arc<mlsys_book::Work>]> = read.iter().map(Vec::as_slice).collect();
        let merged = mlsys_parse::merge_bibliographies(&slices);
        check(&merged.diagnostics, &sources);
        let mut bibliography = mlsys_book::Bibliography::default();
        bibliography.extend(&merged.value);
        let mut found = Vec::new();
        let chapter = mlsys_parse::parse_with_quizzes(source, &self.scope, quizzes).take(&mut found);
        check(&found, &[source]);
        let index = mlsys_resolve::index(&chapter, PageId(0));
        let refs = mlsys_resolve::number(&self.project, [&index]).take(&mut found);
        let citing =
            mlsys_resolve::citing(&chapter, &index, &refs, &self.project, &bibliography, &RelativeDates::default());
        let citations = mlsys_resolve::cite(&STYLE, &bibliography, &citing, None);
        let links = mlsys_resolve::link(
            &chapter,
            &index,
            &refs,
            &self.project,
            &bibliography,
            &citations,
            &RelativeDates::default(),
        );
        let links = links.take(&mut found);
        check(&found, &sources);
        let html = body(&chapter, &links, source);
        (chapter, html)
    }
}

struct Near;

impl Urls for Near {
    fn href(&self, target: &Target) -> String {
        target.anchor.as_ref().map_or_else(|| "./index.html".to_owned(), |anchor| format!("#{anchor}"))
    }

    fn resource(&self, url: &str) -> String {
        url.to_owned()
    }
}

fn body(chapter: &Chapter, links: &Links, source: &Source) -> Html {
    let Checked { value, diagnostics } =
        mlsys_render::body(chapter, links, &Default::default(), &Near, &mut Default::default());
    check(&diagnostics, &[source]);
    let entry = PageEntry::default();
    let text = |purpose| plain(chapter, links, &Default::default(), purpose);
    let page = mlsys_render::search_page(text(Purpose::Search), &entry);
    mlsys_render::search_index(&[&page], None);
    mlsys_render::search_json(vec![(text(Purpose::SearchJson), entry)]);
    text(Purpose::Document);
    value
}

/// Numbers, theorems of all kinds and the like, for pages.
const CONFIG: &str = "project:\n  type: website\nwebsite:\n  title: Fruit\n  search: true\n  navbar:\n    left: [index.qmd]\n\
    number-sections: true\ntoc: true\n";

static BOOK: LazyLock<Book> = LazyLock::new(|| Book::new(CONFIG));
static EMPTY: LazyLock<(Chapter, Html)> = LazyLock::new(|| {
    let source = Source::new(SourceId(1), "index.qmd", "---\ntitle: One\n---\n\n## Two\n\nThree\n");
    BOOK.page(&source, &QuizText::new(&source), &[])
});

/// A page: from its text to HTML and the search index.
pub fn markdown(text: &str) {
    let source = Source::new(SourceId(1), "index.qmd", text);
    BOOK.page(&source, &QuizText::new(&source), &[]);
}

/// Bibliography files, and a page that cites all that they hold.
pub fn bibliography(text: &str) {
    let works: Vec<Source> = parts(text)
        .take(3)
        .enumerate()
        .map(|(at, part)| {
            let name = if part.trim_start().starts_with(['[', '{']) { "refs.json" } else { "refs.bib" };
            Source::new(SourceId(2 + at as u32), name, part)
        })
        .collect();
    let page = "---\nnocite: '@*'\n---\n\nSee @a and [-@b, p. 3; @c99 and others].\n\n::: {#refs}\n:::\n";
    let source = Source::new(SourceId(1), "index.qmd", page);
    BOOK.page(&source, &QuizText::new(&source), &works);
}

/// A quiz file, and a page with the sections that quizzes name.
pub fn quiz(text: &str) {
    let (json, page) = text.split_once("\n%%\n").unwrap_or((text, "# One {#sec-one}\n\nText.\n\n## Two {#sec-two}\n"));
    let mut source = Source::new(SourceId(1), "index.qmd", page);
    let mut quizzes = QuizText::new(&source);
    let found = quizzes.add(&mut source, "quiz.json", json.to_owned());
    check(&found, &[&source]);
    BOOK.page(&source, &quizzes, &[]);
}

/// A page with cells, then a notebook, then frozen results.
pub fn cells(text: &str) {
    let mut files = parts(text);
    let source = Source::new(SourceId(1), "index.qmd", files.next().unwrap_or(""));
    let meta = front_matter(&source).value.meta;
    check(&mlsys_cells::embeds(&source, "part").diagnostics, &[&source]);
    let document = mlsys_cells::plan(&source, &meta);
    check(&document.diagnostics, &[&source]);
    written(document.value, &source, &meta, None);
    let json = Arc::new(files.next().unwrap_or("").to_owned());
    if let Ok(notebook) = mlsys_cells::read_notebook(&json) {
        let page = mlsys_cells::notebook_page(&notebook, SourceId(1), "index.ipynb", json, true);
        let meta = front_matter(&page.source).value.meta;
        let document = page.document(&page.source, &meta).value;
        let run = document.as_ref().map(|document| page.run(&page.source, document));
        written(document, &page.source, &meta, run.as_ref());
    }
    let place = source.place(Span::new(0, 0));
    let frozen = mlsys_cells::read_frozen("index.json", files.next().unwrap_or(""), place);
    check(&frozen.diagnostics, &[&source]);
}

fn written(document: Option<mlsys_cells::Document>, source: &Source, meta: &Value, run: Option<&mlsys_cells::PageRun>) {
    let Some(document) = document else { return };
    mlsys_cells::job(&document, source, meta, "index.qmd");
    let settings = mlsys_cells::Settings::new(meta, "index.qmd");
    check(&mlsys_cells::write(&document, source, run, &settings).diagnostics, &[source]);
}

/// A theme: the project's layers, first for light, then for dark. What loops is left out: the command compiles it in a process
/// with a time limit.
pub fn theme(text: &str) {
    let loops = ["@while", "@for", "@each", "@function", "@mixin", "@include", "@extend"];
    if loops.iter().any(|word| text.contains(word)) || text.contains('\\') {
        return;
    }
    let mut layers = parts(text);
    let light: Vec<&str> = layers.next().into_iter().collect();
    let dark: Option<Vec<&str>> = layers.next().map(|first| std::iter::once(first).chain(layers).collect());
    let _ = mlsys_render::style_sheet(&[FRAMEWORK], &light, dark.as_deref());
}

/// A project's own page template.
pub fn template(text: &str) {
    let own = parts(text).zip(["page.html", "toc.html"]).map(|(text, name)| (name, text));
    let Ok(templates) = Templates::new(TEMPLATES, own) else { return };
    let (chapter, html) = &*EMPTY;
    let chrome = mlsys_render::chrome(&BOOK.project, "en", &[summary(Some(chapter))], Markdown(&inlines), &|_| None);
    let day = Date::constant(2026, 1, 2);
    let context = PageContext {
        project: &BOOK.project,
        chrome: &chrome,
        page: PageId(0),
        meta: &chapter.meta,
        number: None,
        title: None,
        html,
        markdown: Markdown(&inlines),
        file: &|_| None,
        missing: &|_| false,
        listing_categories: "",
        listings_after: "",
        feeds: &[],
        preview: None,
        picture_size: None,
        manifest: None,
        assets: &Assets::default(),
        source: "",
        clock: Clock { today: day, modified: day },
    };
    let _ = mlsys_render::page(&templates, &context);
}
