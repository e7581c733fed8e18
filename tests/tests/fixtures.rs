//! Runs the fixtures: every example of every file in `parse/`, `cells/`, `check/`, `resolve/`, `render/`, `site/`,
//! `search/` and `epub/`.
//!
//! `UPDATE=1 cargo test -p mlsys-tests --test fixtures` rewrites the expectations.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::Utf8Path;
use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_book::{Cited, Diagnostic, Inline, Target, print_chapter, print_inlines};
use mlsys_engine::BuildOptions;
use mlsys_engine::{Book, Linked};
use mlsys_tests::fixtures::{compare, fixture_files, parse_example};
use mlsys_tests::served::{options, read};
use mlsys_tests::{Example, html};
use std::fmt::Write;
use std::path::Path;

/// The result of a stage for an example.
type Run = fn(&Example) -> Result<String, Failed>;

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    let stages: [(&str, Run); 8] = [
        ("parse", parse),
        ("cells", mlsys_tests::cell_results::written),
        ("check", check),
        ("resolve", resolve),
        ("render", render),
        ("site", site),
        ("search", search),
        ("epub", epub),
    ];
    for (stage, run) in stages {
        for file in fixture_files(&root.join(stage)) {
            let name = format!("{stage}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            trials.push(Trial::test(name, move || compare(&file, run)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The tree of `index.qmd`, then the diagnostics.
fn parse(example: &Example) -> Result<String, Failed> {
    let (source, checked) = parse_example(example);
    let mut out = print_chapter(&checked.value);
    for diagnostic in &checked.diagnostics {
        let at = source.locate(diagnostic.place.span.start);
        let Diagnostic { severity, code, message, .. } = diagnostic;
        writeln!(out, "{}:{} {severity}[{code}] {message}", at.line, at.column)?;
    }
    Ok(out)
}

/// The diagnostics of a check, with hints and related places. They include those of a build.
fn check(example: &Example) -> Result<String, Failed> {
    with_book(example, |mut book| {
        let built = mlsys_engine::build(&book, &BuildOptions::default()).diagnostics;
        let mut found = mlsys_engine::check(&mut book, &BuildOptions::default());
        if let Some(lost) = built.iter().find(|finding| !found.contains(finding)) {
            return Err(format!("only a build finds this: {lost:?}").into());
        }
        mlsys_engine::report::sort(&book, &mut found);
        let locator = mlsys_book::Locator::new(&book.sources);
        let at = |place| locator.start(place).map(|at| at.to_string()).unwrap_or_default();
        let mut out = String::new();
        for diagnostic in &found {
            let Diagnostic { severity, code, message, place, hints, related } = diagnostic;
            writeln!(out, "{} {severity}[{code}] {message}", at(*place))?;
            for (place, label) in related {
                writeln!(out, "  {} {label}", at(*place))?;
            }
            for hint in hints {
                writeln!(out, "  hint: {hint}")?;
            }
        }
        Ok(out)
    })
}

/// The numbers of each page, then its references and citations in order, then its reference list.
fn resolve(example: &Example) -> Result<String, Failed> {
    with_book(example, |book| {
        let book = &book;
        let mut found = Vec::new();
        let Linked { links, .. } = mlsys_engine::linked(book, &mut found);
        let mut out = String::new();
        for links in links.values() {
            let page = &book.project.pages[links.page];
            writeln!(out, "{}", page.input)?;
            for number in links.numbers.values() {
                writeln!(
                    out,
                    "  number {} {:?}{}",
                    number.text,
                    number.label,
                    if number.shown { "" } else { " hidden" }
                )?;
            }
            for cited in links.cites.values() {
                writeln!(out, "  {}", cited_line(book, cited))?;
            }
            for reference in &links.bibliography {
                writeln!(out, "  reference {} {}", reference.key, plain(&reference.content))?;
            }
        }
        Ok(out)
    })
}

fn cited_line(book: &Book, cited: &Cited) -> String {
    match cited {
        Cited::CrossReferences(references) => {
            let one = |r: &mlsys_book::CrossReference| {
                let target = r.target.as_ref().map_or("nowhere".into(), |t| target(book, t));
                format!("{} → {target}", plain(&r.content))
            };
            format!("see {}", references.iter().map(one).collect::<Vec<_>>().join("; "))
        }
        Cited::Citation { keys, content, .. } => format!("cite {} {}", keys.join(" "), plain(content)),
        Cited::Text => "text".into(),
    }
}

fn target(book: &Book, target: &Target) -> String {
    let page = &book.project.pages[target.page].output;
    target.anchor.as_ref().map_or(page.clone(), |anchor| format!("{page}#{anchor}"))
}

fn plain(content: &[Inline]) -> String {
    print_inlines(content)
}

/// The HTML inside `<main>` of each page, after the title block.
fn render(example: &Example) -> Result<String, Failed> {
    with_book(example, |book| {
        let built = mlsys_engine::build(&book, &BuildOptions::default());
        let mut out = String::new();
        for page in &book.project.pages {
            let Some(mlsys_engine::Content::Bytes(bytes)) = built.files.get(&page.output) else { continue };
            let html = String::from_utf8_lossy(bytes);
            let main = html.split("<main").nth(1).and_then(|m| m.split("</main>").next()).unwrap_or("");
            let main = main.split_once('>').map_or("", |(_, m)| m);
            let main = main.rsplit_once("</header>").map_or(main, |(_, m)| m);
            writeln!(out, "{}", main.trim())?;
        }
        Ok(out)
    })
}

/// What the lines of the example's first file, `show`, ask for: `files` for the names of the site's files, `PATH` for a file,
/// `PATH head` for what a page's head says about it, `PATH SELECTOR` for elements of a page, `css TEXT` for
/// the declarations of the style sheet that hold a text.
fn site(example: &Example) -> Result<String, Failed> {
    let (shows, files) = example.files.split_first().ok_or("the example has no file")?;
    if shows.0 != "show" {
        return Err(format!("line {}: the first file of the example must be `show`", example.line).into());
    }
    with_book(&Example { files: files.to_vec(), ..example.clone() }, |book| {
        let book = mlsys::output::netlify::deployed(book, &mlsys::output::netlify::Deployment::default());
        let built = mlsys_engine::build(&book, &BuildOptions::default()).files;
        let mut out = String::new();
        for line in shows.1.lines() {
            writeln!(out, "--- {line}")?;
            if line == "files" {
                let names = built.keys().filter(|name| !name.starts_with("site_libs/"));
                names.for_each(|name| out.push_str(&format!("{name}\n")));
                continue;
            }
            let (path, selector) = line.split_once(' ').unwrap_or((line, ""));
            if path == "css" {
                // In order of their text: the names of style sheets change with every line of the theme.
                declarations(&built, selector).iter().for_each(|d| out.push_str(&format!("{d}\n")));
                continue;
            }
            let Some(mlsys_engine::Content::Bytes(bytes)) = built.get(path) else {
                out.push_str("(no such file)\n");
                continue;
            };
            let text = String::from_utf8_lossy(bytes);
            match selector {
                "" => writeln!(out, "{}", text.trim_end())?,
                "head" => head_facts(&text, &mut out)?,
                selector => {
                    for element in html::select(&text, selector) {
                        writeln!(out, "{}", html::without_drawings(element))?;
                    }
                }
            }
        }
        Ok(out)
    })
}

/// The files of the EPUB that the lines of the example's first file, `show`, name: of pages what is inside `<body>`, of the package
/// document its metadata. `files` stands for the names of all, `diagnostics` for what the build finds.
fn epub(example: &Example) -> Result<String, Failed> {
    let (shows, files) = example.files.split_first().ok_or("the example has no file")?;
    if shows.0 != "show" {
        return Err(format!("line {}: the first file of the example must be `show`", example.line).into());
    }
    let example = Example { files: files.to_vec(), ..example.clone() };
    with_book_of("epub", &example, |book| {
        let (files, mut found) = mlsys_engine::build::epub::package_files(&book, &BuildOptions::default());
        mlsys_engine::report::sort(&book, &mut found);
        let locator = mlsys_book::Locator::new(&book.sources);
        let mut out = String::new();
        for line in shows.1.lines() {
            writeln!(out, "--- {line}")?;
            match line {
                "files" => files.iter().try_for_each(|(path, _)| writeln!(out, "{path}"))?,
                "diagnostics" => {
                    for Diagnostic { severity, code, message, place, .. } in &found {
                        let at = locator.start(*place).map(|at| at.to_string()).unwrap_or_default();
                        writeln!(out, "{at} {severity}[{code}] {message}")?;
                    }
                }
                path => {
                    let file = files.iter().find(|(name, _)| *name == format!("EPUB/{path}"));
                    let text = file.map_or("(no such file)".into(), |(_, bytes)| String::from_utf8_lossy(bytes));
                    let inside =
                        |start: &str, end: &str| text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside);
                    let shown =
                        inside("<body>", "</body>").or_else(|| inside("<metadata", "</metadata>")).unwrap_or(&text);
                    // The day of the last change is that of the test.
                    let mut lines = shown.trim().lines().filter(|line| !line.contains("dcterms:modified"));
                    lines.try_for_each(|line| writeln!(out, "{line}"))?;
                }
            }
        }
        Ok(out)
    })
}

/// The declarations of the site's style sheets that hold a text, each once.
fn declarations(files: &mlsys_engine::Files, text: &str) -> std::collections::BTreeSet<String> {
    let sheets = files.iter().filter(|(name, _)| name.ends_with(".css"));
    let texts = sheets.filter_map(|(_, content)| match content {
        mlsys_engine::Content::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        mlsys_engine::Content::Copy(_) => None,
    });
    let split = |sheet: String| -> Vec<String> { sheet.split(['{', '}', ';']).map(|d| d.trim().to_owned()).collect() };
    texts.flat_map(split).filter(|declaration| declaration.contains(text)).collect()
}

/// The parts of a head that speak of the page; style sheets and scripts are the site's own affair.
fn head_facts(page: &str, out: &mut String) -> Result<(), Failed> {
    let head = page.split("</head>").next().unwrap_or("");
    for name in ["title", "meta", "link"] {
        for element in html::select(head, name) {
            let other =
                ["charset=", "\"viewport\"", "\"generator\"", "\"stylesheet\"", "\"color-scheme\"", "quarto:offset"];
            if !other.iter().any(|part| element.contains(part)) {
                writeln!(out, "{element}")?;
            }
        }
    }
    for script in html::select(head, "script").iter().filter(|script| script.contains("ld+json")) {
        writeln!(out, "{script}")?;
    }
    Ok(())
}

/// `search.json` where the example asks for it, else the search index: the sections with their texts, then the words, each with
/// the number of its stem and, for each section by its number, how often it stands there.
fn search(example: &Example) -> Result<String, Failed> {
    with_book(example, |book| {
        let book = mlsys::output::netlify::deployed(book, &mlsys::output::netlify::Deployment::default());
        let files = mlsys_engine::build(&book, &BuildOptions::default()).files;
        let text = |path: &str| match files.get(path) {
            Some(mlsys_engine::Content::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        };
        if let Some(records) = text("search.json") {
            return Ok(records + "\n");
        }
        let read = |name: &serde_json::Value| -> Result<serde_json::Value, Failed> {
            let path = format!("site_libs/mlsys/search/{}", name.as_str().unwrap_or_default());
            Ok(serde_json::from_str(&text(&path).ok_or(format!("no file {path}"))?)?)
        };
        if text("site_libs/mlsys/search/index.json").is_none() {
            return Ok("no index\n".into());
        }
        let index = read(&"index.json".into())?;
        let mut out = String::new();
        let mut number = 0;
        for page in read(&index["sections"])?.as_array().into_iter().flatten() {
            let crumbs: Vec<&str> =
                page["crumbs"].as_array().into_iter().flatten().filter_map(|c| c.as_str()).collect();
            writeln!(out, "{} {} [{}]", page["href"].as_str().unwrap_or(""), page["title"], crumbs.join(" › "))?;
            let mut texts = Vec::new();
            for part in page["texts"].as_array().into_iter().flatten() {
                texts.extend(read(&part[1])?.as_array().cloned().unwrap_or_default());
            }
            for (at, text) in texts.iter().enumerate() {
                let (id, heading) = (&page["ids"][at], &page["headings"][at]);
                writeln!(out, "  {number} #{} {heading} {text}", id.as_str().unwrap_or(""))?;
                number += 1;
            }
        }
        for range in index["words"].as_array().into_iter().flatten() {
            let part = read(&range[1])?;
            for (at, word) in part["words"].as_array().into_iter().flatten().enumerate() {
                let places = places(part["postings"][at].as_str().unwrap_or(""));
                writeln!(out, "{} /{} {places}", word.as_str().unwrap_or(""), part["stems"][at])?;
            }
        }
        Ok(out)
    })
}

/// Postings as numbers of sections, with how often where that is more than once.
fn places(postings: &str) -> String {
    let digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    let mut postings = postings.chars().filter_map(|c| digits.find(c));
    let mut places = Vec::new();
    let mut section = 0;
    while let Some(mut digit) = postings.next() {
        let (mut number, mut shift) = (0, 0);
        while digit >= 32 {
            number |= (digit & 31) << shift;
            shift += 5;
            digit = postings.next().unwrap_or(0);
        }
        number |= digit << shift;
        section += number >> 1;
        places.push(match number & 1 {
            1 => format!("{section}×{}", postings.next().unwrap_or(0) + 2),
            _ => section.to_string(),
        });
        section += 1;
    }
    places.join(" ")
}

/// Writes the example's files to a temporary folder and reads them as a project.
fn with_book(example: &Example, run: impl FnOnce(Book) -> Result<String, Failed>) -> Result<String, Failed> {
    with_book_of("html", example, run)
}

/// Does the same for a format.
fn with_book_of(
    format: &str,
    example: &Example,
    run: impl FnOnce(Book) -> Result<String, Failed>,
) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    let root = Utf8Path::from_path(folder.path()).ok_or("the folder's path is not UTF-8")?;
    for (path, text) in &example.files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    if !root.join("_quarto.yml").exists() {
        std::fs::write(root.join("_quarto.yml"), "project:\n  type: website\n")?;
    }
    match format {
        "html" => run(read(root)?),
        format => run(mlsys_engine::read(&mlsys_engine::ReadOptions { format: format.into(), ..options(root) })?),
    }
}
