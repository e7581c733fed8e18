//! URLs of the site.

use crate::raw_html::with_urls;

/// The path of a URL within the site; `None` for other hosts, other schemes and anchors.
pub(crate) fn site_path(url: &str) -> Option<&str> {
    if url.is_empty() || url.starts_with(['#', '?']) || url.starts_with("//") {
        return None;
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or("");
    if head.contains(':') {
        return None;
    }
    Some(url.strip_prefix("./").or_else(|| url.strip_prefix('/')).unwrap_or(url))
}

/// A page's HTML with absolute URLs, for use outside the site; `page` is the page's own absolute URL.
pub fn absolute_html(html: &str, page: &str) -> String {
    let (origin, path) = match page.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?))) {
        Some((scheme, (host, path))) => (format!("{scheme}://{host}"), path),
        None => (page.trim_end_matches('/').to_owned(), ""),
    };
    let absolute = |url: &str| {
        if url.starts_with('#') {
            return format!("{page}{url}");
        }
        if site_path(url).is_none() {
            return url.to_owned();
        }
        let mut parts: Vec<&str> = match url.starts_with('/') {
            true => Vec::new(),
            false => path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').collect(),
        };
        for part in url.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        parts.retain(|part| !part.is_empty());
        format!("{origin}/{}", parts.join("/"))
    };
    with_urls(html, absolute).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_have_absolute_urls() {
        let html = "<a href=\"#x\">x</a><img src='../i.png'><a href=y.html>y</a><code>href=\"z\"</code>";
        let expected = "<a href=\"https://k.org/a/p.html#x\">x</a><img src='https://k.org/i.png'>\
                        <a href=https://k.org/a/y.html>y</a><code>href=\"z\"</code>";
        assert_eq!(absolute_html(html, "https://k.org/a/p.html"), expected);
    }
}
