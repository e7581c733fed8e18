//! URLs, drafts, redirects from former URLs, and the files that Netlify reads.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

use camino::Utf8Path;
use mlsys::output::netlify::{Deployment, add_netlify_files, deployed};
use mlsys_engine::BuildOptions;
use mlsys_engine::{Content, Files};

fn environment(set: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

const PREVIEW: &[(&str, &str)] = &[
    ("NETLIFY", "true"),
    ("CONTEXT", "deploy-preview"),
    ("URL", "https://book.example"),
    ("DEPLOY_PRIME_URL", "https://deploy-preview-7--book.example"),
];
const PRODUCTION: &[(&str, &str)] = &[
    ("NETLIFY", "true"),
    ("CONTEXT", "production"),
    ("URL", "https://book.example"),
    ("DEPLOY_PRIME_URL", "https://main--book.example"),
];

#[test]
fn the_environment_says_where_a_build_goes() {
    let own = Some("https://own.example/");
    let preview = Deployment::new(None, false, environment(PREVIEW), own);
    assert_eq!(preview.base_url.as_deref(), Some("https://deploy-preview-7--book.example"));
    assert!(preview.drafts && preview.netlify);
    let live = Deployment::new(None, false, environment(PRODUCTION), None);
    assert_eq!(live.base_url.as_deref(), Some("https://book.example"));
    assert!(!live.drafts && live.netlify);
    assert_eq!(Deployment::new(None, false, environment(PRODUCTION), own).base_url, None, "the project's own stays");
    let asked = Deployment::new(Some("https://asked.example".into()), false, environment(PREVIEW), own);
    assert_eq!(asked.base_url.as_deref(), Some("https://asked.example"));
    let local =
        Deployment::new(None, false, environment(&[("CONTEXT", "production"), ("URL", "https://x.example")]), None);
    assert_eq!(local, Deployment::default(), "outside Netlify its variables mean nothing");
}

const FILES: [(&str, &str); 5] = [
    (
        "_quarto.yml",
        "project:\n  type: website\nwebsite:\n  site-url: https://own.example/book/\n  sidebar:\n    contents: [index.qmd, new.qmd, draft.qmd]\n",
    ),
    ("index.qmd", "# Home\n\nText.\n"),
    ("new.qmd", "---\naliases: [/old.html, /former/, was.html]\n---\n\n# New\n\nText.\n"),
    ("draft.qmd", "---\ndraft: true\n---\n\n# Not yet\n\nText.\n"),
    ("_redirects", "/mine /index.html 302"),
];

fn site(more: &[(&str, &str)], deployment: &Deployment) -> Files {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("a path of UTF-8");
    for (path, text) in FILES.iter().chain(more) {
        std::fs::write(root.join(path), text).expect("a file");
    }
    let options = mlsys_engine::project::ReadOptions {
        request: mlsys_engine::locate(root, None).expect("a project"),
        profiles: Vec::new(),
        output_dir: None,
        format: "html".into(),
        overlay: mlsys_engine::project::Overlay::default(),
    };
    let book = deployed(mlsys_engine::read(&options).expect("a book"), deployment);
    let mut built = mlsys_engine::build(&book, &BuildOptions::default());
    if deployment.netlify {
        add_netlify_files(&book, &mut built.files);
    }
    built.files
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    match files.get(path) {
        Some(Content::Bytes(bytes)) => std::str::from_utf8(bytes).expect("a text"),
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn drafts_are_neither_written_nor_linked_unless_asked_for() {
    let files = site(&[], &Deployment::default());
    assert!(!files.contains_key("draft.html"));
    assert!(!text(&files, "index.html").contains("draft.html"));
    let shown = site(&[], &Deployment { drafts: true, ..Deployment::default() });
    assert!(shown.contains_key("draft.html"));
    assert!(text(&shown, "index.html").contains("draft.html"));
}

#[test]
fn the_base_url_overrides_the_projects_own() {
    let own = site(&[], &Deployment::default());
    assert!(text(&own, "new.html").contains("https://own.example/book/new.html"));
    let asked = Deployment { base_url: Some("https://other.example".into()), ..Deployment::default() };
    let page = site(&[], &asked);
    let page = text(&page, "new.html");
    assert!(page.contains("https://other.example/new.html") && !page.contains("own.example"), "{page}");
}

#[test]
fn former_urls_redirect() {
    let files = site(&[], &Deployment::default());
    assert!(text(&files, "old.html").contains("0; url=./new.html"));
    assert!(text(&files, "was.html").contains("0; url=./new.html"));
    assert!(text(&files, "former/index.html").contains("0; url=../new.html"));
}

#[test]
fn netlify_gets_redirects_and_headers() {
    let files = site(&[], &Deployment { netlify: true, ..Deployment::default() });
    let redirects = "/mine /index.html 302\n/old.html /new.html 301\n/former/ /new.html 301\n/was.html /new.html 301\n";
    assert_eq!(text(&files, "_redirects"), redirects);
    let headers = text(&files, "_headers");
    let rules: Vec<&str> = headers.lines().collect();
    assert!(rules.len() >= 4 && rules.len().is_multiple_of(2), "{headers}");
    for rule in rules.chunks(2) {
        assert!(files.contains_key(rule[0].trim_start_matches('/')), "{rule:?}");
        assert!(rule[0].starts_with("/site_libs/"), "{rule:?}");
        assert_eq!(rule[1], "  Cache-Control: public, max-age=31536000, immutable");
    }
    assert!(!site(&[], &Deployment::default()).contains_key("_headers"));
}
