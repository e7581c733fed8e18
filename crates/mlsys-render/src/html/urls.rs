//! URLs in HTML that is already rendered.

/// The text before the next `href` or `src` value, up to its opening quote, and the value.
pub(super) fn next_url(html: &str) -> Option<(&str, &str)> {
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

/// The path of a URL within the site; `None` for other hosts, other schemes and anchors.
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

/// The project files that HTML of the configuration refers to by a URL from the root (`/assets/logo.svg`). They are copied
/// with the site.
pub fn root_resources(html: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut rest = html;
    while let Some((before, address)) = next_url(rest) {
        if address.starts_with('/')
            && let Some(path) = site_path(address)
        {
            files.push(path.split(['?', '#']).next().unwrap_or(path).to_owned());
        }
        rest = rest.get(before.len() + address.len()..).unwrap_or("");
    }
    files
}

/// A page's HTML with absolute URLs, for use outside the site; `page` is the page's own absolute URL.
pub fn absolute_html(html: &str, page: &str) -> String {
    let (origin, path) = match page.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?))) {
        Some((scheme, (host, path))) => (format!("{scheme}://{host}"), path),
        None => (page.trim_end_matches('/').to_owned(), ""),
    };
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, address)) = next_url(rest) {
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
