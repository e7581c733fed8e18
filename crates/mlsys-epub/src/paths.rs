//! The files of the package and the URLs that lead to them.

use std::collections::{BTreeMap, BTreeSet};

/// The name of the page with the contents.
pub const NAVIGATION: &str = "nav.xhtml";

/// The paths of the package's documents and resources, by those of the site.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    documents: Vec<String>,
    by_page: BTreeMap<String, usize>,
    resources: BTreeMap<String, String>,
    site_url: Option<String>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A document of the package, by its index, and an anchor in it.
    Document(usize, Option<String>),
    /// Another place: `https://…`, `mailto:…`.
    Elsewhere(String),
    /// Nowhere: nothing outside a site has this address.
    Nowhere,
}

impl Paths {
    /// Chooses the paths: those of the site, with characters that every reader accepts. `pages` are the site's pages in reading
    /// order, `resources` the files that they show with the paths that are to be theirs, `site_url` is where else they are, with a slash at its end.
    pub fn new<'p>(
        pages: impl IntoIterator<Item = &'p str>,
        resources: impl IntoIterator<Item = (&'p str, &'p str)>,
        site_url: Option<&str>,
    ) -> Self {
        let mut taken: BTreeSet<String> =
            [NAVIGATION, "toc.ncx", "package.opf", "styles", "title.xhtml", "cover.xhtml"]
                .into_iter()
                .map(str::to_owned)
                .collect();
        let mut paths = Paths { site_url: site_url.map(str::to_owned), ..Paths::default() };
        for (index, page) in pages.into_iter().enumerate() {
            let stem = page.strip_suffix(".html").unwrap_or(page);
            paths.documents.push(free(&mut taken, stem, "xhtml"));
            paths.by_page.insert(page.to_owned(), index);
        }
        for (file, wanted) in resources {
            let (stem, extension) = match wanted.rsplit_once('.') {
                Some((stem, extension)) if !extension.contains('/') => (stem, extension),
                Some(_) | None => (wanted, ""),
            };
            let path = free(&mut taken, stem, extension);
            paths.resources.insert(file.to_owned(), path);
        }
        paths
    }

    /// The path of a document.
    pub fn document(&self, index: usize) -> &str {
        self.documents.get(index).map_or("", String::as_str)
    }

    /// The path of a resource, by the file of the site.
    pub fn resource(&self, file: &str) -> Option<&str> {
        self.resources.get(file).map(String::as_str)
    }

    /// Where a link on a page of the site leads; `document` is the page's index.
    pub(crate) fn destination(&self, page: &str, document: usize, url: &str) -> Destination {
        let url = url.trim();
        if let Some(anchor) = url.strip_prefix('#') {
            return Destination::Document(document, anchor_of(anchor));
        }
        if url.is_empty() {
            return Destination::Nowhere;
        }
        if let Some(scheme) = scheme(url) {
            let is_known = ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            let url = encoded(url);
            return if is_known && is_valid(&url) { Destination::Elsewhere(url) } else { Destination::Nowhere };
        }
        if url.starts_with("//") {
            let url = encoded(&format!("https:{url}"));
            return if is_valid(&url) { Destination::Elsewhere(url) } else { Destination::Nowhere };
        }
        let (path, anchor) = url.split_once('#').unwrap_or((url, ""));
        let file = resolved(page, path);
        let index = match file.as_str() {
            "" => "index.html".to_owned(),
            folder if folder.ends_with('/') || path.ends_with('/') => {
                format!("{}/index.html", folder.trim_end_matches('/'))
            }
            file => file.to_owned(),
        };
        if let Some(&document) = self.by_page.get(&index).or_else(|| self.by_page.get(&format!("{file}/index.html"))) {
            return Destination::Document(document, anchor_of(anchor));
        }
        match &self.site_url {
            Some(site) if !file.starts_with("..") => {
                let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
                Destination::Elsewhere(encoded(&format!("{site}{file}{anchor}")))
            }
            Some(_) | None => Destination::Nowhere,
        }
    }

    /// The path in the package of an image on a page of the site.
    pub(crate) fn image(&self, page: &str, url: &str) -> Option<&str> {
        let url = url.trim();
        if scheme(url).is_some() || url.starts_with("//") {
            return None;
        }
        let path = url.split(['#', '?']).next().unwrap_or("");
        self.resource(&resolved(page, path))
    }
}

/// A free path. Letters beyond ASCII, spaces and signs become hyphens, because reading systems unpack to all kinds of file systems.
fn free(taken: &mut BTreeSet<String>, stem: &str, extension: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._-/".contains(c) { c } else { '-' }).collect()
    };
    let (stem, dot) = (plain(stem), if extension.is_empty() { "" } else { "." });
    let extension = plain(extension);
    let stem: String = stem.split('/').map(|part| part.trim_matches('.')).collect::<Vec<_>>().join("/");
    let mut path = format!("{stem}{dot}{extension}");
    let mut number = 1;
    // File systems that ignore case must not see two files of one name.
    while !taken.insert(path.to_ascii_lowercase()) {
        number += 1;
        path = format!("{stem}-{number}{dot}{extension}");
    }
    path
}

fn anchor_of(anchor: &str) -> Option<String> {
    (!anchor.is_empty()).then(|| xml_id(&decoded(anchor)))
}

/// The id that XML accepts for an id of HTML: a name without colons.
pub(crate) fn xml_id(id: &str) -> String {
    let is_start = |c: char| c.is_alphabetic() || c == '_';
    let is_name = |c: char| is_start(c) || c.is_ascii_digit() || c == '-' || c == '.';
    if id.starts_with(is_start) && id.chars().all(|c| is_name(c) && is_in_names(c)) {
        return id.to_owned();
    }
    let mut out = String::from("_");
    for c in id.chars() {
        if is_name(c) && is_in_names(c) { out.push(c) } else { out.push_str(&format!("_{:x}", u32::from(c))) }
    }
    out
}

/// True for characters that names of XML may have, as far as letters go. Source: XML 1.0, production 4.
fn is_in_names(c: char) -> bool {
    !matches!(c, '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{d7}' | '\u{f7}' | '\u{37e}')
        && !('\u{300}'..='\u{36f}').contains(&c)
        && !('\u{2000}'..='\u{206f}').contains(&c)
        && u32::from(c) < 0xf0000
}

/// The scheme of a URL.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    is_scheme.then_some(scheme)
}

/// A relative URL as a path of the site. Paths that lead out start with `..`.
fn resolved(page: &str, path: &str) -> String {
    let path = decoded(path.split('?').next().unwrap_or(""));
    let mut parts: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => page.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect()),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The URL of one file of the package on a page that is another.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let common = from.iter().take(folders).zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(folders - common);
    out.push_str(&to[common..].join("/"));
    out
}

/// Decodes `%20` and the like. Sequences that are not UTF-8 stay.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            Some(_) | None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Percent-encodes what URLs cannot have. Source: RFC 3986, section 2.
fn encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let bytes = url.as_bytes();
    let mut has_anchor = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let is_escape = || bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let is_plain = match byte {
            b'%' => is_escape(),
            b'#' => !std::mem::replace(&mut has_anchor, true),
            b'[' | b']' => false,
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
        };
        if is_plain { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}

/// True for URLs with a host, or with an address after `mailto:` and `tel:`.
fn is_valid(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    if scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("tel") {
        return !rest.is_empty();
    }
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let (host, port) = host.rsplit_once(':').unwrap_or((host, ""));
    !host.is_empty()
        && !host.starts_with('.')
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && port.bytes().all(|b| b.is_ascii_digit())
        && !authority.contains('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_into_the_package_or_to_the_site() {
        let pages = ["index.html", "a/b.html"];
        let paths = Paths::new(pages, [("a/ä b.png", "a/ä b.png")], Some("https://k.org/"));
        let to = |url| paths.destination("a/b.html", 1, url);
        assert_eq!(to("../index.html#sec:a"), Destination::Document(0, Some("_sec_3aa".to_owned())));
        assert_eq!(to("../"), Destination::Document(0, None));
        assert_eq!(to("#x"), Destination::Document(1, Some("x".to_owned())));
        assert_eq!(to("c d.pdf"), Destination::Elsewhere("https://k.org/a/c%20d.pdf".to_owned()));
        assert_eq!(to("javascript:x"), Destination::Nowhere);
        assert_eq!(to("http://"), Destination::Nowhere);
        assert_eq!(paths.image("a/b.html", "%C3%A4%20b.png"), Some("a/--b.png"));
        assert_eq!(relative("a/b.xhtml", "a/--b.png"), "--b.png");
        assert_eq!(relative("a/b.xhtml", "nav.xhtml"), "../nav.xhtml");
    }
}
