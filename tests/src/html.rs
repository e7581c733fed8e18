//! Elements of the pages that we write, so that a fixture can show the part that it is about.

/// The elements of a page that a selector means, as they stand there: `#id`, `.class` or the name of an element. What stands
/// within a chosen element is not chosen again.
pub fn select<'h>(html: &'h str, selector: &str) -> Vec<&'h str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, name, tag)) = next_tag(html, at) {
        at = start + tag.len();
        if matches!(name, "script" | "style") && selector != name {
            at = html[at..].find(&format!("</{name}")).map_or(html.len(), |end| at + end);
        } else if is_chosen(name, tag, selector) {
            let end = end_of(html, name, at);
            found.push(&html[start..end]);
            at = end;
        }
    }
    found
}

/// The next opening tag: its place, its name and its text.
fn next_tag(html: &str, from: usize) -> Option<(usize, &str, &str)> {
    let mut at = from;
    loop {
        let start = at + html.get(at..)?.find('<')?;
        let tag = &html[start..start + html[start..].find('>')? + 1];
        let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if !name.is_empty() {
            return Some((start, name, tag));
        }
        at = start + 1;
    }
}

fn is_chosen(name: &str, tag: &str, selector: &str) -> bool {
    let attribute = |name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split('"').next().unwrap_or(""));
    match (selector.strip_prefix('#'), selector.strip_prefix('.')) {
        (Some(id), _) => attribute("id") == Some(id),
        (None, Some(class)) => attribute("class").is_some_and(|classes| classes.split(' ').any(|c| c == class)),
        (None, None) => name == selector,
    }
}

/// Where an element ends whose opening tag ends at `from`.
fn end_of(html: &str, name: &str, from: usize) -> usize {
    const VOID: [&str; 5] = ["img", "input", "link", "meta", "hr"];
    if VOID.contains(&name) {
        return from;
    }
    let mut depth = 1;
    let mut at = from;
    while depth > 0 {
        let Some(next) = html[at..].find('<') else { return html.len() };
        at += next + 1;
        let rest = &html[at..];
        let is_name = |rest: &str| {
            rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c: char| !c.is_ascii_alphanumeric()))
        };
        if is_name(rest) {
            depth += 1;
        } else if rest.strip_prefix('/').is_some_and(is_name) {
            depth -= 1;
        }
    }
    at + html[at..].find('>').map_or(0, |end| end + 1)
}

/// The drawings of icons say nothing that a fixture is about.
pub fn without_drawings(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<svg ") {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("</svg>").map_or("", |end| &rest[start + end + "</svg>".len()..]);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_with_what_is_in_them() {
        let html = "<div id=\"a\" class=\"x y\"><div>1</div><img class=\"y\"></div><p class=\"y\">2</p>";
        assert_eq!(select(html, "#a").len(), 1);
        assert_eq!(select(html, ".y"), [&html[..html.len() - "<p class=\"y\">2</p>".len()], "<p class=\"y\">2</p>"]);
        assert_eq!(select(html, "p"), ["<p class=\"y\">2</p>"]);
        assert_eq!(without_drawings("a<svg x>b</svg>c"), "ac");
    }
}
