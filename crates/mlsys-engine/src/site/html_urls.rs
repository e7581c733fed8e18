//! URLs in HTML that authors wrote.

/// The attributes whose values are URLs of files or pages.
const ATTRIBUTES: [&str; 4] = ["src", "href", "poster", "data"];

/// The URLs in quoted `src`, `href`, `poster` and `data` attributes, each with its byte offset.
pub fn html_urls(html: &str) -> Vec<(usize, &str)> {
    let mut urls = Vec::new();
    for (at, _) in html.match_indices('=') {
        let before = html[..at].trim_end();
        let ends_with_name = |name: &&str| {
            let start = before.len().checked_sub(name.len()).filter(|start| before.is_char_boundary(*start));
            start.is_some_and(|start| {
                let separates = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '/');
                before[start..].eq_ignore_ascii_case(name) && before[..start].chars().next_back().is_none_or(separates)
            })
        };
        if !ATTRIBUTES.iter().any(ends_with_name) {
            continue;
        }
        let rest = &html[at + 1..];
        let value = rest.trim_start();
        let start = at + 1 + rest.len() - value.len();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        if let Some(end) = value[1..].find(quote) {
            urls.push((start + 1, &value[1..=end]));
        }
    }
    urls
}
