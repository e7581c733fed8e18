//! HTML that is written once a build and filled in for each page.

use mlsys_book::PageId;

/// HTML whose addresses and marks depend on the page that it stands on.
///
/// The sidebar of a large book is as long as a chapter. Writing it once and copying it with the page's own addresses costs a
/// copy a page instead of a rendering a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// The same on every page.
    Text(String),
    /// The way from the page to the site's root: `./`, `../../`.
    Root,
    /// One text on some pages (in order), another on the others.
    When { pages: Vec<PageId>, then: &'static str, otherwise: &'static str },
}

impl Fragment {
    /// Appends HTML that is the same on every page.
    pub fn text(&mut self, html: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push_str(html),
            _ => self.pieces.push(Piece::Text(html.to_owned())),
        }
    }

    /// Appends HTML as a page at the site's root would have it: addresses of the site are made relative to each page.
    pub fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, address)) = next_address(rest) {
            self.text(before);
            rest = rest.get(before.len()..).unwrap_or("");
            if let Some(path) = site_path(address) {
                self.pieces.push(Piece::Root);
                // What was skipped, `./` or `/`, is what the root stands for.
                rest = rest.get(address.len() - path.len()..).unwrap_or("");
            }
        }
        self.text(rest);
    }

    /// Appends a text that depends on the page.
    pub fn when(&mut self, mut pages: Vec<PageId>, then: &'static str, otherwise: &'static str) {
        pages.sort_unstable();
        if !pages.is_empty() {
            self.pieces.push(Piece::When { pages, then, otherwise });
        } else if !otherwise.is_empty() {
            self.text(otherwise);
        }
    }

    /// The HTML for a page; `root` is the way from it to the site's root.
    pub fn fill(&self, page: PageId, root: &str) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Root => out.push_str(root),
                Piece::When { pages, then, otherwise } => {
                    out.push_str(if pages.binary_search(&page).is_ok() { then } else { otherwise });
                }
            }
        }
        out
    }
}

/// The text before the next `href` or `src` value, up to its opening quote, and the value.
fn next_address(html: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(found) = html.get(from..)?.find("=\"") {
        let value = from + found + 2;
        let name = html.get(..value - 2)?;
        let end = value + html.get(value..)?.find('"')?;
        if [" href", " src"].iter().any(|a| name.len() >= a.len() && name.ends_with(a)) {
            return Some((html.get(..value)?, html.get(value..end)?));
        }
        from = end + 1;
    }
    None
}

/// The path of an address within the site; nothing for other hosts, other schemes and places on the page.
pub(crate) fn site_path(address: &str) -> Option<&str> {
    if address.is_empty() || address.starts_with(['#', '?']) || address.starts_with("//") {
        return None;
    }
    let head = address.split(['/', '?', '#']).next().unwrap_or("");
    if head.contains(':') {
        return None;
    }
    Some(address.strip_prefix("./").or_else(|| address.strip_prefix('/')).unwrap_or(address))
}

/// The files of the project that HTML given in the configuration names with an address from the root (`/assets/logo.svg`), so
/// that they can be copied with the site.
pub fn root_resources(html: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut rest = html;
    while let Some((before, address)) = next_address(rest) {
        if address.starts_with('/')
            && let Some(path) = site_path(address)
        {
            files.push(path.split(['?', '#']).next().unwrap_or(path).to_owned());
        }
        rest = rest.get(before.len() + address.len()..).unwrap_or("");
    }
    files
}

/// The HTML of a page with absolute addresses, for places outside the site; `page` is the page's own absolute address.
pub fn absolute_html(html: &str, page: &str) -> String {
    let (origin, path) = match page.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?))) {
        Some((scheme, (host, path))) => (format!("{scheme}://{host}"), path),
        None => (page.trim_end_matches('/').to_owned(), ""),
    };
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, address)) = next_address(rest) {
        out.push_str(before);
        rest = rest.get(before.len() + address.len()..).unwrap_or("");
        if let Some(anchor) = address.strip_prefix('#') {
            out.push_str(&format!("{page}#{anchor}"));
            continue;
        }
        if site_path(address).is_none() {
            out.push_str(address);
            continue;
        }
        let mut parts: Vec<&str> = match address.starts_with('/') {
            true => Vec::new(),
            false => path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').collect(),
        };
        for part in address.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        parts.retain(|part| !part.is_empty());
        out.push_str(&format!("{origin}/{}", parts.join("/")));
    }
    out.push_str(rest);
    out
}

/// Text for HTML: in content or between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// The text of HTML: tags left out, the common entities decoded. For titles, labels and descriptions.
pub fn text_of(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            continue;
        }
        let entities =
            [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}")];
        match entities.iter().find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, text)) => {
                out.push_str(text);
                rest = &rest[entity.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_page() {
        let html = r##"<a href="./a.html">A</a><img src="/b.png"><a href="https://c.org">C</a><a href="#d">D</a>"##;
        let expected =
            r##"<a href="../a.html">A</a><img src="../b.png"><a href="https://c.org">C</a><a href="#d">D</a>"##;
        let mut fragment = Fragment::default();
        fragment.html(html);
        assert_eq!(fragment.fill(PageId(0), "../"), expected);
        assert_eq!(root_resources(html), ["b.png"]);
    }
}
