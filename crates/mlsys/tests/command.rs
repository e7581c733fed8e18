//! The command line: output, written files and exit codes. The expected outputs are in `tests/command/`; `UPDATE=1` rewrites
//! them.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use mlsys_tests::stand_in::StandIn;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is deleted after the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        for (path, text) in files {
            let path = folder.path(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    /// Makes the sources a minute old: a build with newer sources is not recorded as up to date.
    fn age(&self) {
        let files = std::fs::read_dir(self.0.path()).expect("the folder").flatten().map(|entry| entry.path());
        files.filter(|path| path.is_file()).for_each(|path| age(&path));
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    /// Runs the command in the folder, with a clean environment.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlsys"));
        command.args(arguments).current_dir(self.0.path());
        for name in
            ["NETLIFY", "CONTEXT", "URL", "MLSYS_BUILD_HOOK", "MLSYS_BASE_URL", "MLSYS_CACHE_DIR", "QUARTO_PROFILE"]
        {
            command.env_remove(name);
        }
        command.envs(environment.iter().copied());
        Run(command.output().expect("it starts"))
    }
}

/// Makes a file a minute old.
fn age(path: &Path) {
    let moment = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    let file = std::fs::File::options().append(true).open(path).expect("a file");
    file.set_modified(moment).expect("a time");
}

struct Run(Output);

impl Run {
    fn status(&self) -> i32 {
        self.0.status.code().expect("a status")
    }

    fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

const CONFIG: (&str, &str) = ("_quarto.yml", "project:\n  type: website\n");

/// A project with a diagnostic of each severity, one of them with a hint and a related place.
fn flawed() -> Folder {
    let page = "# Größe {#sec-a}\n\nSee @fig-lop and `é` @fig-loop.\n\n### B {#sec-a}\n\n![Loop](a.svg){#fig-loop fig-alt=\"x\"}\n\n\
                Called ``Ada''.\n";
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"2\"/>";
    Folder::new(&[CONFIG, ("index.qmd", page), ("a.svg", picture)])
}

/// Compares an output with the expected file.
fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/command").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, found).expect("a file");
    }
    assert_eq!(found, std::fs::read_to_string(&path).expect("an expectation"), "{name}");
}

#[test]
fn findings_are_written_for_people_and_programs() {
    let folder = flawed();
    let human = folder.run(&["check", "-q"]);
    compare("findings.txt", &human.err());
    assert_eq!((human.status(), human.out()), (1, String::new()));
    for (format, file) in [("json", "findings.json"), ("github", "findings.github"), ("sarif", "findings.sarif")] {
        let run = folder.run(&["check", "--format", format, "-q"]);
        compare(file, &run.out());
        assert_eq!((run.status(), run.err()), (1, String::new()), "{format}");
    }
}

#[test]
fn a_build_for_which_nothing_has_changed_is_known() {
    let folder = flawed();
    folder.age();
    // Ignore the time of the build.
    let said = |run: Run| {
        let text = run.err();
        let (findings, summary) = text.trim_end().rsplit_once('\n').expect("findings and a summary");
        (run.status(), findings.to_owned(), summary.contains("(unchanged)"))
    };
    let first = said(folder.run(&["build"]));
    assert_eq!((first.0, first.2), (1, false));
    assert_eq!(said(folder.run(&["build"])), (1, first.1.clone(), true), "the same findings again");
    assert!(!said(folder.run(&["build", "--drafts"])).2, "another wish");
    assert!(!said(folder.run_with(&["build"], &[("NAME", "value")])).2, "another environment");

    let page = folder.path("_site/index.html");
    let whole = std::fs::read(&page).expect("a page");
    std::fs::write(&page, "cut off").expect("a file");
    assert!(!said(folder.run(&["build"])).2, "a page was changed by others");
    assert_eq!(std::fs::read(&page).expect("a page"), whole);
    assert!(said(folder.run(&["build"])).2);

    std::fs::write(folder.path("more.qmd"), "# More\n").expect("a file");
    folder.age();
    assert!(!said(folder.run(&["build"])).2, "a page more");
    assert!(said(folder.run(&["build"])).2);
    std::fs::write(folder.path("more.qmd"), "# Else\n").expect("a file");
    assert!(!said(folder.run(&["build"])).2, "an edit");
    assert!(!said(folder.run(&["build"])).2, "so new that the same moment may bring another edit");
    std::fs::remove_file(folder.path("a.svg")).expect("a file");
    folder.age();
    assert!(!said(folder.run(&["build"])).2, "a picture less");
}

#[test]
fn the_status_says_how_it_went() {
    let clean = Folder::new(&[CONFIG, ("index.qmd", "# A\n\nText.\n")]);
    assert_eq!(clean.run(&["check"]).status(), 0);
    assert_eq!(clean.run(&["build"]).status(), 0);
    let warned = Folder::new(&[CONFIG, ("index.qmd", "# A\n\n[a](none.qmd)\n")]);
    assert_eq!(warned.run(&["build"]).status(), 0);
    assert_eq!(warned.run(&["build", "--strict"]).status(), 1);
    assert_eq!(flawed().run(&["build"]).status(), 1);
    let empty = Folder::new(&[]);
    for arguments in
        [&["build"][..], &["build", "nowhere.qmd"], &["check", "--no-such-option"], &["no-such-command"], &[]]
    {
        let run = empty.run(arguments);
        assert_eq!(run.status(), 2, "{arguments:?}");
        assert!(run.err().len() > 20, "{arguments:?} says why");
    }
    assert_eq!(empty.run(&["--help"]).status(), 0);
    assert_eq!(empty.run(&["--version"]).out(), format!("mlsys {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn known_findings_are_not_reported_again() {
    let folder = flawed();
    let lost = folder.run(&["check", "--baseline", "known.json"]);
    assert!(lost.status() == 2 && lost.err().contains("--update-baseline"), "{}", lost.err());
    assert_eq!(folder.run(&["check", "--baseline", "known.json", "--update-baseline"]).status(), 0);
    compare("baseline.json", &std::fs::read_to_string(folder.path("known.json")).expect("a baseline"));
    let text = std::fs::read_to_string(folder.path("index.qmd")).expect("a page");
    let text = format!("A new line moves all.\n\n{}\nSee @fig-new.\n", text.replace("Called ``Ada''.", "Called Ada."));
    std::fs::write(folder.path("index.qmd"), text).expect("a file");
    let run = folder.run(&["check", "--baseline", "known.json"]);
    assert_eq!(run.status(), 1);
    assert!(run.err().contains("fig-new") && !run.err().contains("fig-lop"), "{}", run.err());
    assert!(run.err().contains("1 of the baseline are fixed"), "{}", run.err());
}

#[test]
fn a_new_book_builds_without_a_finding() {
    let folder = Folder::new(&[]);
    let run = folder.run(&["new", "book", "--title", "A \"fine\" book"]);
    assert_eq!(run.status(), 0, "{}", run.err());
    let check = folder.run(&["check", "book"]);
    assert!(check.status() == 0 && check.err().contains("no findings"), "{}", check.err());
    assert_eq!(folder.run(&["build", "book", "--strict"]).status(), 0);
    let page = std::fs::read_to_string(folder.path("book/_book/index.html")).expect("the first page");
    assert!(
        page.contains("A &quot;fine&quot; book") || page.contains("A \"fine\" book") || page.contains("A “fine” book")
    );
    assert!(folder.path("book/.gitignore").exists());
    let again = folder.run(&["new", "book"]);
    assert!(again.status() == 2 && again.err().contains("is not empty"), "{}", again.err());
}

const CHAPTERS: [(&str, &str); 5] = [
    (
        "_quarto.yml",
        "project:\n  type: website\nwebsite:\n  title: T\n  sidebar:\n    contents: [index.qmd, core/introduction.qmd, core/ml_systems.qmd]\n",
    ),
    ("index.qmd", "# Home\n"),
    ("core/introduction.qmd", "# Introduction\n"),
    ("core/ml_systems.qmd", "---\ntitle: ML *Systems*\n---\n\nText.\n"),
    ("old/introduction.qmd", "# Former introduction\n"),
];

#[test]
fn chapters_have_short_names() {
    let folder = Folder::new(&CHAPTERS);
    compare("list.txt", &folder.run(&["list"]).out());
    let pages = || {
        ["index", "core/introduction", "core/ml_systems", "old/introduction"].map(|page| {
            folder.path(&format!("_site/{page}.html")).exists() || folder.path(&format!("_site/{page}.html")).exists()
        })
    };
    let run = folder.run(&["build", "intro,ML-Systems"]);
    assert_eq!(run.status(), 0, "{}", run.err());
    assert_eq!(pages(), [false, true, true, false]);
    assert_eq!(folder.run(&["build", "core/introduction.qmd"]).status(), 0);
    let wrong = folder.run(&["build", "introductoin"]);
    assert!(wrong.status() == 2 && wrong.err().contains("did you mean `introduction`?"), "{}", wrong.err());
    folder.run(&["build"]);
    assert_eq!(pages(), [true; 4]);
    let status = folder.run(&["status"]);
    assert!(status.out().contains("pages          4\n") && status.out().contains("website"), "{}", status.out());
    let clean = folder.run(&["clean"]);
    assert!(clean.status() == 0 && clean.err().contains("removed"), "{}", clean.err());
    assert_eq!(pages(), [false; 4]);
    assert!(folder.run(&["status"]).out().contains("not built yet"));
}

#[test]
fn the_doctor_names_what_the_book_needs() {
    let folder = Folder::new(&[CONFIG, ("index.qmd", "# A\n\n```{.dot}\ndigraph {a -> b}\n```\n")]);
    let ill = folder.run_with(&["doctor"], &[("PATH", "")]);
    assert_eq!(ill.status(), 1, "{}", ill.out());
    assert!(ill.out().contains("dot            not found (draws graphs; 1 page needs it)"), "{}", ill.out());
    assert!(ill.out().contains("Rscript        not found (runs R cells; this book does not need it)"), "{}", ill.out());
    let plain = Folder::new(&[CONFIG, ("index.qmd", "# A\n")]);
    let well = plain.run_with(&["doctor"], &[("PATH", "")]);
    assert!(well.status() == 0 && well.out().contains("Everything this book needs is installed"), "{}", well.out());
}

const SECRET: &str = "5f0c1d2e3b4a";

#[test]
fn publishing_posts_to_the_hook_and_keeps_its_secret() {
    let host = StandIn::new(|request, before| match before {
        0 if request.path.contains("again") => Some(("503 Service Unavailable", Vec::new())),
        _ if request.path.contains("deleted") => Some(("404 Not Found", Vec::new())),
        _ if request.path.contains("elsewhere") => Some(("302 Found", vec!["Location: /other".to_owned()])),
        _ => Some(("200 OK", Vec::new())),
    });
    let folder = Folder::new(&[]);
    let hook = host.url(&format!("/build_hooks/{SECRET}"));
    let mut runs = vec![folder.run(&["publish", "--hook", &hook, "--branch", "main", "--title", "Two words"])];
    assert_eq!(runs[0].status(), 0, "{}", runs[0].err());
    let request = &host.requests()[0];
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, format!("/build_hooks/{SECRET}?trigger_branch=main&trigger_title=Two%20words"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("user-agent"), Some(concat!("mlsys/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.body, "{}");

    let again = host.url(&format!("/again/{SECRET}"));
    runs.push(folder.run_with(&["publish"], &[("MLSYS_BUILD_HOOK", &again)]));
    assert_eq!(runs[1].status(), 0, "the second try is taken: {}", runs[1].err());
    assert_eq!(host.requests().iter().filter(|r| r.path.contains("again")).count(), 2);

    for (path, sentence) in [("deleted", "does not know this build hook"), ("elsewhere", "redirects to another URL")] {
        let run = folder.run(&["publish", "--hook", &host.url(&format!("/{path}/{SECRET}"))]);
        assert!(run.status() == 2 && run.err().contains(sentence), "{}", run.err());
        assert_eq!(host.requests().iter().filter(|r| r.path.contains(path)).count(), 1, "it is not tried again");
        runs.push(run);
    }
    assert!(host.requests().iter().all(|r| r.path != "/other"), "the secret goes to no other address");

    let before = host.requests().len();
    let dry = folder.run_with(&["publish", "--dry-run"], &[("MLSYS_BUILD_HOOK", &hook)]);
    assert_eq!((dry.status(), host.requests().len()), (0, before));
    let shown = dry.out().replace(&host.url(""), "http://HOST");
    compare("publish-dry-run.txt", &shown);
    runs.push(dry);
    runs.push(folder.run_with(&["publish", "--help"], &[("MLSYS_BUILD_HOOK", &hook)]));
    runs.push(folder.run(&["publish", "--hook", &format!("htps://x/{SECRET}")]));
    runs.push(folder.run(&["publish", "--hook", &format!("http://192.0.2.1/{SECRET}")]));
    let closed = format!("http://127.0.0.1:9/{SECRET}");
    let unanswered = folder.run(&["publish", "--hook", &closed]);
    assert!(unanswered.status() == 2 && unanswered.err().contains("is unreachable"), "{}", unanswered.err());
    runs.push(unanswered);
    for run in &runs {
        assert!(!run.out().contains(SECRET) && !run.err().contains(SECRET), "{}{}", run.out(), run.err());
    }
    let none = folder.run(&["publish"]);
    assert!(none.status() == 2 && none.err().contains("MLSYS_BUILD_HOOK"), "{}", none.err());
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]).out();
        assert!(script.contains("external-links") && script.contains("publish"), "{shell}");
    }
    assert!(folder.run(&["man"]).out().contains(".TH mlsys"));
    assert_eq!(folder.run(&["man", "--output-dir", "man"]).status(), 0);
    let page = std::fs::read_to_string(folder.path("man/mlsys-check.1")).expect("a page a command");
    assert!(page.contains("update\\-baseline"));
}

#[test]
fn on_netlify_a_build_writes_its_rules_and_keeps_its_cache() {
    let folder = Folder::new(&[CONFIG, ("index.qmd", "---\naliases: [/old.html]\n---\n\nText.\n")]);
    let base = folder.path(".netlify").display().to_string();
    let environment = [
        ("NETLIFY", "true"),
        ("CONTEXT", "production"),
        ("URL", "https://x.example"),
        ("NETLIFY_BUILD_BASE", base.as_str()),
    ];
    let run = folder.run_with(&["build", "--output-dir", "out"], &environment);
    assert_eq!(run.status(), 0, "{}", run.err());
    let redirects = std::fs::read_to_string(folder.path("out/_redirects")).expect("redirects");
    assert_eq!(redirects, "/old.html /index.html 301\n");
    assert!(folder.path("out/_headers").exists());
    let status = folder.run_with(&["status"], &environment);
    assert!(status.out().contains(&format!("{base}/cache/mlsys")), "{}", status.out());

    // The project's own rules are an input of the build, although they are not pages.
    folder.age();
    for rule in ["/a /b\n", "/c /d\n"] {
        std::fs::write(folder.path("_redirects"), rule).expect("a file");
        age(&folder.path("_redirects"));
        folder.run_with(&["build", "--output-dir", "out"], &environment);
        let redirects = std::fs::read_to_string(folder.path("out/_redirects")).expect("redirects");
        assert_eq!(redirects, format!("{rule}/old.html /index.html 301\n"));
    }
}

#[test]
fn a_build_that_is_killed_leaves_whole_pages() {
    let pages = 60;
    let folder = Folder::new(&[CONFIG]);
    let fill = |word: &str| {
        for page in 0..pages {
            let text = format!("# Page {page}\n\n{}\n", format!("{word} ").repeat(4000));
            std::fs::write(folder.path(&format!("page{page}.qmd")), text).expect("a page");
        }
    };
    let words = ["ante", "post"];
    fill(words[0]);
    let start = std::time::Instant::now();
    assert_eq!(folder.run(&["build", "--output-dir", "out"]).status(), 0);
    let whole = start.elapsed();
    let mut killed = 0;
    for round in 1..=12_u32 {
        fill(words[round as usize % 2]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlsys"));
        command.args(["build", "-q", "--output-dir", "out"]).current_dir(folder.0.path());
        let mut child = command.spawn().expect("it starts");
        std::thread::sleep(whole * round / 12);
        killed += usize::from(child.try_wait().expect("a state").is_none());
        let _ = child.kill();
        let _ = child.wait();
        for page in 0..pages {
            let html =
                std::fs::read_to_string(folder.path(&format!("out/page{page}.html"))).expect("every page is there");
            let counts = words.map(|word| html.matches(&format!("{word} ")).count());
            assert!(counts.iter().max() >= Some(&3999) && counts.iter().min() < Some(&10), "page {page}: {counts:?}");
            assert!(html.trim_end().ends_with("</html>"));
        }
    }
    assert!(killed > 0, "no build was killed");
    assert_eq!(folder.run(&["build", "--output-dir", "out"]).status(), 0);
    assert!(!folder.path("out/.mlsys-new").exists(), "what was left is tidied up");
}

#[test]
fn a_format_may_stand_where_a_path_does() {
    let folder = Folder::new(&[CONFIG, ("index.qmd", "Here.\n"), ("other.qmd", "There.\n")]);
    let built = folder.run(&["build", "html"]);
    assert_eq!(built.status(), 0, "{}", built.err());
    assert!(folder.path("_site/other.html").exists(), "{}", built.err());
    assert_eq!(folder.run(&["build", "epub"]).status(), 0);
    assert_ne!(folder.run(&["build", "docx"]).status(), 0);
    // A folder with this name takes precedence.
    let folder =
        Folder::new(&[("html/_quarto.yml", CONFIG.1), ("html/page.qmd", "Inside.\n"), ("outside.qmd", "Out.\n")]);
    assert_eq!(folder.run(&["build", "html"]).status(), 0);
    assert!(folder.path("html/_site/page.html").exists() && !folder.path("_build").exists());
}

/// The site and the EPUB of a book, for a profile: the site's download is the file that was written.
#[test]
fn the_download_of_a_site_is_its_epub() {
    let config = "project: {type: book, output-dir: out}\nbook:\n  title: Two Forms\n  downloads: [epub]\n  \
                  chapters: [index.qmd]\nformat:\n  html: {toc: true}\n  epub: {toc-title: Inside}\n";
    let page = "# Start\n\n::: {.content-visible when-profile=\"teacher\"}\nAnswers.\n:::\n";
    let folder = Folder::new(&[
        ("_quarto.yml", config),
        ("_quarto-teacher.yml", "book:\n  output-file: For teachers\n"),
        ("index.qmd", page),
    ]);
    let plain = folder.run(&["build", "--to", "html,epub", "--strict"]);
    assert_eq!(plain.status(), 0, "{}", plain.err());
    let site = std::fs::read_to_string(folder.path("out/index.html")).expect("a page");
    assert!(site.contains("href=\"./Two-Forms.epub\"") && !site.contains("Answers."), "{site}");
    assert!(folder.path("out/Two-Forms.epub").is_file(), "{}", plain.err());

    let teacher = folder.run(&["build", "--to", "html,epub", "--profile", "teacher", "--strict"]);
    assert_eq!(teacher.status(), 0, "{}", teacher.err());
    let site = std::fs::read_to_string(folder.path("out/index.html")).expect("a page");
    assert!(site.contains("href=\"./For-teachers.epub\"") && site.contains("Answers."), "{site}");
    assert!(folder.path("out/For-teachers.epub").is_file(), "{}", teacher.err());
}

/// Sass that does not finish is stopped, and the site has the built-in theme.
#[test]
fn themes_that_do_not_end_are_ended() {
    let config = "project:\n  type: website\ntheme: style.scss\n";
    for sass in ["a {} @while true { $a: 1; }", "@function f($a) { @return f($a + 1); } a { width: f(1); }"] {
        let folder = Folder::new(&[("_quarto.yml", config), ("index.qmd", "Text.\n"), ("style.scss", sass)]);
        let run = folder.run(&["build"]);
        assert_eq!(run.0.status.code(), Some(1));
        let said = String::from_utf8_lossy(&run.0.stderr).into_owned() + &String::from_utf8_lossy(&run.0.stdout);
        assert!(
            said.contains("error[invalid-theme]: the theme's Sass did not finish within the limits of time and memory"),
            "{said}"
        );
        assert!(folder.path("_site/index.html").is_file());
    }
}

/// Sass compiles to the same style sheet in a separate process.
#[test]
fn themes_are_compiled_with_limits() {
    let config = "project:\n  type: website\ntheme: style.scss\n";
    let folder = Folder::new(&[
        ("_quarto.yml", config),
        ("index.qmd", "Text.\n"),
        ("style.scss", "/*-- scss:rules --*/\n.orchard { color: mix(#000, #fff); }\n"),
    ]);
    assert_eq!(folder.run(&["build"]).0.status.code(), Some(0));
    let styles = std::fs::read_dir(folder.path("_site/site_libs/mlsys")).expect("the folder").flatten();
    let texts = styles.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect::<String>();
    assert!(texts.contains(".orchard"));
}

#[test]
fn a_repository_names_the_folder_of_its_book() {
    let repository = Folder::new(&[
        ("README.md", "# A repository\n"),
        ("docs/book/_quarto.yml", "project: {type: book}\nbook: {title: X, chapters: [index.qmd]}\n"),
        ("docs/book/index.qmd", "# Preface\n"),
    ]);
    for arguments in [&["build", "."][..], &["build"], &["check", "."]] {
        let run = repository.run(arguments);
        assert_eq!(run.0.status.code(), Some(2));
        let message = String::from_utf8_lossy(&run.0.stderr).into_owned();
        assert!(message.contains("its project is in `docs/book`"), "{message}");
    }
    assert!(!repository.path("README.html").exists());
    let empty = Folder::new(&[]).run(&["serve"]);
    assert!(String::from_utf8_lossy(&empty.0.stderr).contains("mlsys new"));
}

#[test]
fn clean_removes_pages_beside_their_sources() {
    let folder = Folder::new(&[("one.qmd", "# One\n"), ("notes.md", "# Notes\n"), ("mine.html", "<p>Mine</p>\n")]);
    assert_eq!(folder.run(&["build", "."]).0.status.code(), Some(0));
    assert!(folder.path("one.html").exists() && folder.path("site_libs").exists());
    std::fs::write(folder.path("notes.html"), "changed by the author").expect("written");
    assert_eq!(folder.run(&["clean", "."]).0.status.code(), Some(0));
    assert!(!folder.path("one.html").exists() && !folder.path("site_libs").exists());
    assert!(folder.path("notes.html").exists() && folder.path("mine.html").exists(), "the author's files stay");
}

#[test]
fn a_check_is_about_its_chapter_and_has_formats() {
    let folder = Folder::new(&[
        ("_quarto.yml", "project: {type: website}\ntocc: true\n"),
        ("index.qmd", "[a](lost.html) [b](lost.html)\n"),
        ("other.qmd", "[c](gone.html)\n"),
    ]);
    let run = folder.run(&["check", "other", "--format", "concise", "-q"]);
    assert_eq!(
        String::from_utf8_lossy(&run.0.stdout),
        "other.qmd:1:5: warning[broken-link] file `gone.html` does not exist\n"
    );
    let run = folder.run(&["check", "--statistics", "-q", "--severity", "unknown-config-key=off"]);
    assert_eq!(String::from_utf8_lossy(&run.0.stdout), "     3  warning  broken-link\n");
    let run = folder.run(&["check", "--severity", "broken-link=error", "-q"]);
    assert_eq!(run.0.status.code(), Some(1));
    let text = String::from_utf8_lossy(&run.0.stderr).into_owned();
    assert!(text.contains("also at index.qmd:1:20") && !text.contains('\u{1b}'), "{text}");
    let coloured = folder.run_with(&["check"], &[("CLICOLOR_FORCE", "1")]);
    assert!(String::from_utf8_lossy(&coloured.0.stderr).contains('\u{1b}'));
    let coloured = folder.run(&["check", "--color", "always"]);
    assert!(String::from_utf8_lossy(&coloured.0.stderr).contains('\u{1b}'));
    let explained = folder.run(&["explain", "broken-link"]);
    assert!(String::from_utf8_lossy(&explained.0.stdout).contains("warning[broken-link]"));
}

#[test]
fn every_starter_has_no_findings() {
    let folder = Folder::new(&[]);
    for (template, page) in
        [("book", "_book/chapters/first/first.html"), ("website", "_site/about.html"), ("article", "_site/index.html")]
    {
        let run =
            folder.run(&["new", template, "--template", template, "--title", "Fruit: a \"test\"", "--author", "Ada"]);
        assert_eq!(run.0.status.code(), Some(0), "{template}");
        let check = folder.run(&["check", template]);
        assert!(String::from_utf8_lossy(&check.0.stderr).contains("no findings"), "{template}");
        assert_eq!(folder.run(&["build", template]).0.status.code(), Some(0), "{template}");
        let html = std::fs::read_to_string(folder.path(&format!("{template}/{page}"))).expect("a page");
        assert!(html.contains("Fruit: a"), "{template}");
        let output = page.split('/').next().unwrap_or("");
        let version = env!("CARGO_PKG_VERSION");
        for (file, part) in [
            (".github/workflows/site.yml", format!("with: {{path: {output}}}")),
            (".github/workflows/site.yml", format!("mlsys/.github/actions/mlsys@v{version}\n")),
            ("netlify.toml", format!("publish = \"{output}\"")),
            ("requirements.txt", format!("mlsys-cli=={version}\n")),
            (".pre-commit-config.yaml", format!("[mlsys-cli=={version}]")),
        ] {
            let text = std::fs::read_to_string(folder.path(&format!("{template}/{file}"))).expect("a file");
            assert!(text.contains(&part), "{template}/{file}: {text}");
        }
    }
}

#[test]
fn a_build_into_another_folder_leaves_the_sources_alone() {
    let folder = Folder::new(&[("book/_quarto.yml", "project: {type: website}\n"), ("book/index.qmd", "# Home\n")]);
    let caches = folder.path("caches").display().to_string();
    let run = folder.run_with(&["build", "book", "--output-dir", "site"], &[("XDG_CACHE_HOME", &caches)]);
    assert_eq!(run.0.status.code(), Some(0));
    assert!(folder.path("site/index.html").exists() && folder.path("caches/mlsys").exists());
    let names: Vec<String> = std::fs::read_dir(folder.path("book"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn check_corrects_what_is_certain_only() {
    let page =
        "# One {#sec-one}\n\nSee @sec-oen, ``this'' and {{< vidoe a >}}, @sec-two1.\n\n::: {.callout-tip\nx\n:::\n";
    let folder = Folder::new(&[("_quarto.yml", "project: {type: website}\ntocc: true\n"), ("index.qmd", page)]);
    let before = folder.run(&["check", "-q"]);
    assert_eq!(std::fs::read_to_string(folder.path("index.qmd")).expect("a page"), page, "{:?}", before.0.status);
    let run = folder.run(&["check", "--fix"]);
    let shown = String::from_utf8_lossy(&run.0.stderr).into_owned();
    assert!(shown.contains("_quarto.yml:2\n- tocc: true\n+ toc: true\n") && shown.contains("5 corrected"), "{shown}");
    let fixed = std::fs::read_to_string(folder.path("index.qmd")).expect("a page");
    let expected =
        "# One {#sec-one}\n\nSee @sec-one, \"this\" and {{< video a >}}, @sec-two1.\n\n::: {.callout-tip}\nx\n:::\n";
    assert_eq!(fixed, expected);
    let again = folder.run(&["check", "--fix"]);
    assert!(String::from_utf8_lossy(&again.0.stderr).contains("nothing to correct"));
    assert_eq!(std::fs::read_to_string(folder.path("index.qmd")).expect("a page"), expected);
}
