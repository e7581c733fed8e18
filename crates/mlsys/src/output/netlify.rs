//! The deployment of a build: its URL, whether drafts are shown, and configuration files for Netlify.

use mlsys_book::{DraftMode, Value, name};
use mlsys_engine::files::{Content, Files};
use mlsys_engine::project::{Book, unlink_hidden};
use std::fmt::Write;

/// The deployment of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// Its URL, instead of the project's `site-url`.
    pub base_url: Option<String>,
    /// True if drafts are shown.
    pub drafts: bool,
    /// True on Netlify, which reads `_redirects` and `_headers`.
    pub netlify: bool,
}

impl Deployment {
    /// The deployment by the author's options, then by the environment. On Netlify a preview has the URL of its deployment and
    /// shows drafts; the production site has the project's own URL, or else the one from Netlify. Source: Netlify, "Build
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

/// Applies a deployment to the book: sets the URL and removes drafts that are not shown.
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

/// Removes drafts from the navigation and, unless `draft-mode` is `unlinked`, from the site. Source: Quarto, "Website Drafts".
fn hide_drafts(book: &mut Book) {
    let site = &book.project.site;
    let mode = site.raw.as_ref().and_then(|raw| raw.value(name!("website", "draft-mode"))).and_then(Value::to_text);
    let mode = match mode.as_deref() {
        Some("visible") => DraftMode::Visible,
        Some("unlinked") => DraftMode::Unlinked,
        _ => DraftMode::Gone,
    };
    for (page, input) in book.project.pages.iter_mut().zip(&mut book.pages).filter(|(page, _)| page.draft.is_some()) {
        page.draft = Some(mode);
        input.is_selected &= mode != DraftMode::Gone;
    }
    unlink_hidden(&mut book.project);
}

/// The aliases of pages with their current URLs, from the site's root. Source: Quarto, "Website
/// Navigation", `aliases`.
fn aliases(book: &Book) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (page, input) in book.project.pages.iter().zip(&book.pages).filter(|(_, input)| input.is_selected) {
        let folder = page.output.rsplit_once('/').map_or("", |(folder, _)| folder);
        // The fragment is not sent to the host.
        for alias in input.aliases.iter().filter(|alias| !alias.contains('#')) {
            let rooted = if alias.starts_with('/') { alias.clone() } else { format!("{folder}/{alias}") };
            let clean = mlsys_book::clean_path(&rooted);
            if !clean.is_empty() && !clean.starts_with("..") {
                let slash = if alias.ends_with('/') { "/" } else { "" };
                found.push((format!("{clean}{slash}"), page.output.clone()));
            }
        }
    }
    found
}

/// Netlify's configuration files, which a project may also have.
pub const RULES: [&str; 2] = ["_redirects", "_headers"];

/// Adds Netlify's files: `_redirects` from aliases, and `_headers` that let browsers cache fingerprinted files. The author's own
/// rules come first. Sources: Netlify, "Redirects and rewrites", "Custom headers".
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

/// Escapes a path for a rule, where spaces separate fields.
fn in_rule(path: &str) -> String {
    path.replace(' ', "%20")
}

/// True if a file name ends with a fingerprint of eight hexadecimal digits, see [`mlsys_render::fingerprinted`].
fn is_fingerprinted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    path.starts_with("site_libs/")
        && stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
