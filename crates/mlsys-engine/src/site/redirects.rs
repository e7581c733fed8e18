//! Redirect pages at the former URLs of pages, from `aliases`. Source: Quarto, "Website Tools", redirects.

use crate::files::{Content, Files};
use crate::memo::per_page::PerPage;
use crate::project::Book;
use crate::url::relative;
use mlsys_book::clean_path;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Page, PageId, Value, key, name};
use mlsys_render::redirect;
use std::collections::{BTreeMap, BTreeSet};

/// The redirect pages, by output file. `titles` are the pages' titles in navigation.
///
/// Aliases that are output files of pages, and aliases of two pages, are reported.
pub fn redirects(book: &Book, chapters: &PerPage<Chapter>, titles: &[String]) -> Checked<Files> {
    let mut diagnostics = Vec::new();
    let outputs: BTreeSet<&str> = book.project.pages.iter().map(|page| page.output.as_str()).collect();
    let mut targets: BTreeMap<String, BTreeMap<String, PageId>> = BTreeMap::new();
    for (id, page) in book.page_ids().zip(&book.project.pages).filter(|(_, page)| !page.is_hidden()) {
        for alias in chapters[id].meta.list(name!("aliases")) {
            let Some((path, anchor)) = alias_path(page, alias) else { continue };
            let mut report = |message: String| {
                diagnostics.push(Diagnostic::new(Code::InvalidConfigValue, alias.place, message));
            };
            if outputs.contains(path.as_str()) {
                report(format!("alias `{path}` is the URL of a page"));
            } else if *targets.entry(path.clone()).or_default().entry(anchor).or_insert(id) != id {
                report(format!("alias `{path}` already redirects to another page"));
            }
        }
    }
    let redirects = targets.into_iter().map(|(path, targets)| {
        let html = redirect_page(book, chapters, titles, &path, &targets);
        (path, Content::Bytes(html.into_bytes().into()))
    });
    Checked { value: redirects.collect(), diagnostics }
}

/// The redirect page at `path`; `targets` are the pages by the anchor of the former URL.
fn redirect_page(
    book: &Book,
    chapters: &PerPage<Chapter>,
    titles: &[String],
    path: &str,
    targets: &BTreeMap<String, PageId>,
) -> String {
    let output = |id: PageId| book.project.pages[id].output.as_str();
    let urls = targets.iter().map(|(anchor, id)| (anchor.clone(), relative(path, output(*id)))).collect();
    let first = targets.values().next().copied().unwrap_or(PageId(0));
    let url = mlsys_book::without_index(output(first));
    let canonical = book.project.site.url.as_ref().map(|site| format!("{site}{url}"));
    let lang = chapters[first].meta.read(key!("lang")).unwrap_or_else(|| "en".to_owned());
    let title = titles.get(first.index()).map_or("", String::as_str);
    redirect(&urls, canonical.as_deref(), title, &lang)
}

/// The output file of an alias and its anchor. Aliases are relative to the page or start at the root; a folder means its
/// `index.html`.
fn alias_path(page: &Page, alias: &Value) -> Option<(String, String)> {
    let (alias, anchor) = match alias.as_str()?.split_once('#') {
        Some((alias, anchor)) => (alias, anchor),
        None => (alias.as_str()?, ""),
    };
    let folder = page.output.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match alias.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => format!("{folder}/{alias}"),
    };
    let is_folder = path.ends_with('/') || !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let clean = clean_path(&path);
    if clean.is_empty() || clean.starts_with("..") {
        return None;
    }
    Some((if is_folder { format!("{clean}/index.html") } else { clean }, anchor.to_owned()))
}
