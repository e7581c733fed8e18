//! HTML that knitr keeps out of the Markdown, behind placeholders: `preserve` of a frozen result.

use crate::fence::{Fence, fence_for};

/// Replaces the placeholders by their HTML: in a block of raw HTML as it is, elsewhere as raw HTML.
pub(crate) fn substitute(markdown: String, preserved: &[(&str, &str)]) -> String {
    let preserved: Vec<_> = preserved.iter().filter(|(key, _)| !key.is_empty() && markdown.contains(key)).collect();
    if preserved.is_empty() {
        return markdown;
    }
    let mut text = String::with_capacity(markdown.len());
    let mut open: Option<(Fence, bool)> = None;
    for line in markdown.split_inclusive('\n') {
        let is_raw = open.as_ref().is_some_and(|(_, is_raw)| *is_raw);
        let fence = Fence::of(line);
        match (&open, fence) {
            (None, Some(fence)) => {
                let is_html = fence.info(line).replace(' ', "").starts_with("{=html");
                open = Some((fence, is_html));
            }
            (Some((opening, _)), Some(fence)) if fence.closes(opening, line) => open = None,
            (Some(_), _) | (None, None) => {}
        }
        text.push_str(&with_html(line, &preserved, is_raw));
    }
    text
}

fn with_html(line: &str, preserved: &[&(&str, &str)], is_raw: bool) -> String {
    let mut line = line.to_owned();
    for (key, html) in preserved {
        let Some(at) = line.find(key) else { continue };
        let html = if is_raw {
            (*html).to_owned()
        } else if line.trim() == *key {
            let ticks = fence_for(html);
            format!("{ticks}{{=html}}\n{}\n{ticks}", html.trim_end())
        } else {
            let ticks = fence_for(html);
            format!("{ticks} {} {ticks}{{=html}}", html.replace('\n', " "))
        };
        line.replace_range(at..at + key.len(), &html);
    }
    line
}
