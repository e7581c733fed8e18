//! What a reader gets from a page, as a list of facts of several kinds: headings, paragraphs, links, images. Markup that carries none
//! of them is ignored, so pages of two programs can be compared.

use std::collections::BTreeMap;

/// The facts of a page or of a site: kind to texts, in the order of the page.
pub type Facts = BTreeMap<String, Vec<String>>;

/// The kinds of facts.
pub const KINDS: [&str; 10] =
    ["caption", "code", "definition", "heading", "image", "item", "link", "paragraph", "row", "summary"];

/// Elements whose text is no fact: scripts, drawings, buttons.
const SKIPPED: [&str; 6] = ["script", "style", "svg", "button", "template", "math"];

/// Elements without an end tag.
const VOID: [&str; 8] = ["img", "br", "hr", "input", "link", "meta", "col", "wbr"];

/// Blocks whose text is not that of the item around them.
const BLOCKS: [&str; 7] = ["p", "ul", "ol", "pre", "table", "div", "figure"];

/// An element that is open, and the fact that its text becomes.
struct Open<'h> {
    name: &'h str,
    kind: Option<&'static str>,
    text: String,
    /// The text without that of blocks inside: what an item of a list says itself.
    item: String,
    is_skipped: bool,
}

/// The facts of the main part of a page, whose path is relative to the site's folder.
pub fn facts(html: &str, page: &str) -> Facts {
    let main = crate::html::select(html, "main").into_iter().next().unwrap_or(html);
    let mut facts = Facts::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut rest = main;
    while let Some(at) = rest.find('<') {
        push_text(&mut open, &rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        rest = &rest[end..];
        if let Some(comment) = tag.strip_prefix("<!--") {
            let skipped = if comment.ends_with("-->") { 0 } else { rest.find("-->").map_or(0, |end| end + 3) };
            rest = &rest[skipped..];
            continue;
        }
        let name = tag.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if tag.starts_with("</") {
            close(&mut open, name, &mut facts);
            continue;
        }
        let is_skipped = SKIPPED.contains(&name) || open.last().is_some_and(|open| open.is_skipped);
        if !is_skipped {
            of_tag(tag, name, page, &mut facts);
        }
        if VOID.contains(&name) || tag.ends_with("/>") {
            push_text(&mut open, " ");
        } else {
            open.push(Open { name, kind: kind(name), text: String::new(), item: String::new(), is_skipped });
        }
    }
    while let Some(name) = open.last().map(|open| open.name) {
        close(&mut open, name, &mut facts);
    }
    facts
}

/// The kind of the fact that an element's text is.
fn kind(name: &str) -> Option<&'static str> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some("heading"),
        "p" => Some("paragraph"),
        "li" => Some("item"),
        "pre" => Some("code"),
        "tr" => Some("row"),
        "figcaption" | "caption" => Some("caption"),
        "dt" | "dd" => Some("definition"),
        "summary" => Some("summary"),
        _ => None,
    }
}

/// The facts of a start tag: images and links.
fn of_tag(tag: &str, name: &str, page: &str, facts: &mut Facts) {
    let attribute = |name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split('"').next().unwrap_or(""));
    let (kind, value) = match name {
        "img" => ("image", attribute("src")),
        "a" => ("link", attribute("href")),
        _ => return,
    };
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        let value = from_root(&decoded(value), page);
        facts.entry(kind.to_owned()).or_default().push(value);
    }
}

/// An address on a page, relative to the site's folder. Those of other hosts stay as they are.
fn from_root(url: &str, page: &str) -> String {
    let (path, anchor) = url.find('#').map_or((url, ""), |at| url.split_at(at));
    if path.starts_with('/') || path.split('/').next().is_some_and(|scheme| scheme.contains(':')) {
        return url.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    if !path.is_empty() {
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
    }
    parts.join("/") + anchor
}

fn push_text(open: &mut [Open<'_>], text: &str) {
    if let Some(open) = open.last_mut().filter(|open| !open.is_skipped) {
        open.text.push_str(text);
        open.item.push_str(text);
    }
}

/// Ends an element, and those in it that have no end tag. Its text is a fact, and part of the text around it.
fn close(open: &mut Vec<Open<'_>>, name: &str, facts: &mut Facts) {
    let Some(at) = open.iter().rposition(|open| open.name == name) else { return };
    for ended in open.split_off(at).into_iter().rev() {
        let text = squeezed(if ended.name == "li" { &ended.item } else { &ended.text });
        if let Some(kind) = ended.kind.filter(|_| !text.is_empty() && !ended.is_skipped) {
            let text = if kind == "heading" { format!("{} {text}", ended.name) } else { text };
            facts.entry(kind.to_owned()).or_default().push(text);
        }
        if let Some(outer) = open.last_mut().filter(|outer| !outer.is_skipped && !ended.is_skipped) {
            let is_cell = matches!(ended.name, "td" | "th");
            let (before, after) = match ended.name {
                "td" | "th" if !outer.text.trim().is_empty() => (" | ", ""),
                "td" | "th" => ("", ""),
                "li" | "div" => (" ", " "),
                _ if ended.kind.is_some() => (" ", " "),
                _ => ("", ""),
            };
            let inner = if is_cell { ended.text.trim() } else { &ended.text };
            outer.text.extend([before, inner, after]);
            if !BLOCKS.contains(&ended.name) {
                outer.item.push_str(&ended.item);
            }
        }
    }
}

/// A text with its entities decoded, plain quotes, and single spaces.
fn squeezed(text: &str) -> String {
    decoded(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decoded(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in [
        ("&nbsp;", " "),
        ("\u{a0}", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("’", "'"),
        ("‘", "'"),
        ("“", "\""),
        ("”", "\""),
    ] {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// How many facts agree, and of how many: twice the common ones, and the sum of both.
pub fn agreement(one: &[String], other: &[String]) -> (usize, usize) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    one.iter().for_each(|fact| *count.entry(fact).or_default() += 1);
    let mut common = 0;
    for fact in other {
        if let Some(left) = count.get_mut(fact.as_str()).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    (2 * common, one.len() + other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_facts() {
        let page = "<nav>x</nav><main><h2 id=\"a\">One <em>a</em></h2><p>It’s <a href=\"./b.html\">b</a><br>c &amp; d<script>x</script></p>\
                    <table><tr><td>1</td><td>2</td></tr></table><img src=\"x.png\"><ul><li>e<ul><li>f</li></ul></li></ul></main>";
        let facts = facts(page, "a/index.html");
        let of = |kind: &str| facts.get(kind).cloned().unwrap_or_default();
        assert_eq!(of("heading"), ["h2 One a"]);
        assert_eq!(of("paragraph"), ["It's b c & d"]);
        assert_eq!(of("row"), ["1 | 2"]);
        assert_eq!(of("item"), ["f", "e"]);
        assert_eq!((of("link"), of("image")), (vec!["a/b.html".to_owned()], vec!["a/x.png".to_owned()]));
    }

    #[test]
    fn agreement_counts_each_fact_once() {
        let list = |facts: &[&str]| facts.iter().map(|fact| (*fact).to_owned()).collect::<Vec<_>>();
        assert_eq!(agreement(&list(&["a", "a", "b"]), &list(&["a", "c"])), (2, 5));
        assert_eq!(agreement(&[], &[]), (0, 0));
    }
}
