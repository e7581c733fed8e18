//! `check --external-links` against a test server on the loopback interface.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

use camino::Utf8Path;
use mlsys::links::{LinkOptions, LinkReport};
use mlsys_book::Code;
use mlsys_tests::stand_in::{Recorded, Reply, StandIn};
use std::time::Duration;

fn options() -> LinkOptions {
    LinkOptions { timeout: Duration::from_secs(5), pause: Duration::from_millis(1), ..LinkOptions::default() }
}

/// A project of one page, deleted after the test.
fn check(folder: &Utf8Path, text: &str) -> LinkReport {
    std::fs::write(folder.join("_quarto.yml"), CONFIG).expect("a file");
    std::fs::write(folder.join("index.qmd"), text).expect("a file");
    let options_of_read = mlsys_engine::project::ReadOptions {
        request: mlsys_engine::locate(folder, None).expect("a project"),
        profiles: Vec::new(),
        output_dir: None,
        format: "html".into(),
        overlay: mlsys_engine::project::Overlay::default(),
    };
    let book = mlsys_engine::read(&options_of_read).expect("a book");
    mlsys::links::external_links(&book, &options(), &folder.join("cache"))
}

const CONFIG: &str =
    "project:\n  type: website\nmlsys:\n  check:\n    external-links:\n      ignore: ['*/private/*']\n";

fn answer(request: &Recorded, before: usize) -> Reply {
    let to = |path: &str| vec![format!("Location: {path}")];
    Some(match request.path.as_str() {
        "/good" => ("200 OK", Vec::new()),
        "/no-head" if request.method == "HEAD" => ("405 Method Not Allowed", Vec::new()),
        "/no-head" => ("200 OK", Vec::new()),
        "/moved" => ("301 Moved Permanently", to("/good")),
        "/elsewhere-for-now" => ("302 Found", to("/good")),
        "/moved-to-nothing" => ("301 Moved Permanently", to("/lost")),
        "/circle" => ("301 Moved Permanently", to("/circle")),
        "/busy" if before < 2 => ("429 Too Many Requests", vec!["Retry-After: 0".to_owned()]),
        "/busy" => ("200 OK", Vec::new()),
        "/forbidden" => ("403 Forbidden", Vec::new()),
        "/broken" => ("500 Internal Server Error", Vec::new()),
        "/silent" => return None,
        _ => ("404 Not Found", Vec::new()),
    })
}

/// The diagnostics as code and message, without the URL of the test server.
fn findings(report: &LinkReport, host: &StandIn) -> Vec<(Code, String)> {
    let here = host.url("");
    report.diagnostics.iter().map(|d| (d.code, d.message.replace(&here, ""))).collect()
}

#[test]
fn pages_that_are_gone_are_told_from_pages_that_have_moved() {
    let host = StandIn::new(answer);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path of UTF-8");
    let paths = [
        "/good#part",
        "/no-head",
        "/moved",
        "/elsewhere-for-now",
        "/moved-to-nothing",
        "/circle",
        "/busy",
        "/forbidden",
        "/broken",
        "/gone",
        "/private/x",
    ];
    let text: String = paths.iter().map(|path| format!("[a]({})\n\n", host.url(path))).collect();
    let report = check(folder, &text);
    let expected = [
        (Code::UnreachableLink, "`/broken` returns 500 Internal Server Error"),
        (Code::UnreachableLink, "`/circle` redirects too often"),
        (Code::UnreachableLink, "`/gone` returns 404 Not Found"),
        (Code::RedirectedLink, "`/moved` has moved permanently"),
        (Code::UnreachableLink, "`/moved-to-nothing` returns 404 Not Found"),
    ];
    assert_eq!(findings(&report, &host), expected.map(|(code, message)| (code, message.to_owned())));
    let moved = report.diagnostics.iter().find(|d| d.code == Code::RedirectedLink).expect("a redirect");
    assert_eq!(moved.hints, [format!("link to `{}`", host.url("/good"))]);
    assert_eq!((report.urls, report.cached, report.blocked), (10, 0, 1));
    let count =
        |path: &str, method: &str| host.requests().iter().filter(|r| r.path == path && r.method == method).count();
    assert_eq!(count("/broken", "GET"), 3, "it is report again twice");
    assert_eq!(count("/gone", "GET"), 1, "it is not report again");
    assert_eq!(count("/private/x", "HEAD"), 0, "the project does not want to know");
    assert!(host.requests().iter().all(|r| r.header("user-agent").is_some_and(|agent| agent.starts_with("mlsys/"))));
}

#[test]
fn one_url_is_requested_once_and_good_results_are_cached() {
    let host = StandIn::new(answer);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path of UTF-8");
    let text =
        format!("[a]({0}) [b]({0}#x) <img src=\"{0}\"> [c]({1})\n\n[d]({1})\n", host.url("/good"), host.url("/gone"));
    let first = check(folder, &text);
    assert_eq!(first.diagnostics.len(), 1);
    assert_eq!(first.diagnostics[0].related.len(), 1, "the other place of the same URL");
    let second = check(folder, &text);
    assert_eq!(second.diagnostics, first.diagnostics);
    assert_eq!((second.urls, second.cached), (2, 1));
    assert_eq!(host.requests().iter().filter(|r| r.path == "/good").count(), 1);
}

#[test]
fn a_host_that_closes_the_connection_does_not_answer() {
    let host = StandIn::new(answer);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a path of UTF-8");
    let report = check(folder, &format!("[a]({})\n", host.url("/silent")));
    let found = findings(&report, &host);
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].0, Code::UnreachableLink));
    assert!(found[0].1.starts_with("`/silent` is unreachable: "), "{found:?}");
}
