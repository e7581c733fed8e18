//! Where a build goes: its address on the web, whether drafts are shown, and the files that its host reads.

use mlsys_book::{DraftMode, FooterRegion, NavItem, Page, Value};
use mlsys_engine::files::{Content, Files};
use mlsys_engine::project::Book;
use std::fmt::Write;

/// How a site is put on the web.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// Its address, instead of the project's `site-url`.
    pub base_url: Option<String>,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Whether Netlify serves it, which reads `_redirects` and `_headers`.
    pub netlify: bool,
}

impl Deployment {
    /// What the author asks for, over what the environment says. On Netlify a preview has the address of its deployment and
    /// shows drafts; the site itself has the project's own address, else the one that Netlify gives it. Source: Netlify, "Build
    /// environment variables": `NETLIFY`, `CONTEXT`, `URL`, `DEPLOY_PRIME_URL`.
    pub fn new(
        base_url: Option<String>,
        drafts: bool,
        environment: impl Fn(&str) -> Option<String>,
        site_url: Option<&str>,
    ) -> Self {
        if environment("NETLIFY").as_deref() != Some("true") {
            return Deployment { base_url, drafts, netlify: false };
        }
        let production = environment("CONTEXT").as_deref() == Some("production");
        let of_host = match (production, site_url) {
            (true, Some(_)) => None,
            (true, None) => environment("URL"),
            (false, _) => environment("DEPLOY_PRIME_URL"),
        };
        Deployment { base_url: base_url.or(of_host), drafts: drafts || !production, netlify: true }
    }
}

/// The book as it is put on the web: with the deployment's address, and without drafts where they are not shown.
#[must_use]
pub fn deployed(mut book: Book, deployment: &Deployment) -> Book {
    if let Some(url) = &deployment.base_url {
        let path = url.split_once("://").map_or("", |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
        let path = path.trim_matches('/');
        book.project.site.path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        book.project.site.url = Some(format!("{}/", url.trim_end_matches('/')));
    }
    if !deployment.drafts {
        hide_drafts(&mut book);
    }
    book
}

/// Takes drafts out of the navigation and, unless the project says `unlinked`, out of the site. Source: Quarto, "Website Drafts".
fn hide_drafts(book: &mut Book) {
    let site = &mut book.project.site;
    let mode = site.raw.as_ref().and_then(|raw| raw.get("draft-mode")).and_then(Value::to_text);
    let mode = match mode.as_deref() {
        Some("visible") => DraftMode::Visible,
        Some("unlinked") => DraftMode::Unlinked,
        _ => DraftMode::Gone,
    };
    for (page, input) in book.project.pages.iter_mut().zip(&mut book.pages).filter(|(page, _)| page.draft.is_some()) {
        page.draft = Some(mode);
        input.wanted &= mode != DraftMode::Gone;
    }
    let pages = &book.project.pages;
    if !pages.iter().any(Page::is_hidden) {
        return;
    }
    if let Some(navbar) = &mut site.navbar {
        [&mut navbar.left, &mut navbar.right, &mut navbar.tools].into_iter().for_each(|items| unlink(items, pages));
    }
    for sidebar in &mut site.sidebars {
        unlink(&mut sidebar.contents, pages);
        unlink(&mut sidebar.tools, pages);
    }
    if let Some(footer) = &mut site.footer {
        for region in [&mut footer.left, &mut footer.center, &mut footer.right] {
            if let FooterRegion::Items(items) = region {
                unlink(items, pages);
            }
        }
    }
}

/// Takes hidden drafts out of items. A section whose page is one stays, with its file's name.
fn unlink(items: &mut Vec<NavItem>, pages: &[Page]) {
    let hidden = |item: &NavItem| {
        item.page.and_then(|page| pages.get(page.0 as usize)).filter(|page| page.is_hidden()).map(|page| &page.input)
    };
    items.retain(|item| hidden(item).is_none() || !item.contents.is_empty());
    for item in items {
        if let Some(input) = hidden(item) {
            let name = input.rsplit('/').next().unwrap_or(input);
            item.text.get_or_insert_with(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned());
            (item.page, item.href) = (None, None);
        }
        unlink(&mut item.contents, pages);
    }
}

/// The addresses that pages had before, each with the page's address now, from the site's root. Source: Quarto, "Website
/// Navigation", `aliases`.
fn aliases(book: &Book) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (page, input) in book.project.pages.iter().zip(&book.pages).filter(|(_, input)| input.wanted) {
        let folder = page.output.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Hosts do not see the place on a page.
        for alias in input.aliases.iter().filter(|alias| !alias.contains('#')) {
            let rooted = if alias.starts_with('/') { alias.clone() } else { format!("{folder}/{alias}") };
            let clean = mlsys_parse::clean_path(&rooted);
            if !clean.is_empty() && !clean.starts_with("..") {
                let slash = if alias.ends_with('/') { "/" } else { "" };
                found.push((format!("{clean}{slash}"), page.output.clone()));
            }
        }
    }
    found
}

/// The files of rules that Netlify reads, which a project may have too.
pub const RULES: [&str; 2] = ["_redirects", "_headers"];

/// Adds what Netlify reads: `_redirects` from former addresses, and `_headers` that let browsers keep files whose names change
/// with their content. Rules of the author's own come first. Sources: Netlify, "Redirects and rewrites", "Custom headers".
pub fn add_netlify_files(book: &Book, files: &mut Files) {
    let mut redirects = String::new();
    for (alias, output) in aliases(book) {
        // Writing to a string cannot fail.
        let _ = writeln!(redirects, "/{} /{} 301", in_rule(&alias), in_rule(&output));
    }
    let mut headers = String::new();
    for path in files.keys().filter(|path| is_fingerprinted(path)) {
        let _ = writeln!(headers, "/{}\n  Cache-Control: public, max-age=31536000, immutable", in_rule(path));
    }
    for (name, rules) in RULES.into_iter().zip([redirects, headers]) {
        let own = match files.get(name) {
            Some(Content::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Some(Content::Copy(from)) => std::fs::read_to_string(from).unwrap_or_default(),
            None => std::fs::read_to_string(book.root.join(name)).unwrap_or_default(),
        };
        let gap = if own.is_empty() || own.ends_with('\n') { "" } else { "\n" };
        let text = format!("{own}{gap}{rules}");
        if !text.is_empty() {
            files.insert(name.to_owned(), Content::Bytes(text.into_bytes().into()));
        }
    }
}

/// A path in a rule, where spaces separate fields.
fn in_rule(path: &str) -> String {
    path.replace(' ', "%20")
}

/// Whether a file's name ends in eight hexadecimal digits, as [`mlsys_render::fingerprinted`] makes them.
fn is_fingerprinted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    path.starts_with("site_libs/")
        && stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
