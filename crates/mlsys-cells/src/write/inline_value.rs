//! Inline values as Markdown. Source: Quarto, `jupyter-inline.ts`.

use crate::output::{MimeBundle, MimeData};

/// The Markdown of a value; `None` if it has no representation that a page can show.
pub(super) fn inline_value(data: &MimeBundle) -> Option<String> {
    if let Some(html) = data.text("text/html") {
        return Some(raw_html(html));
    }
    if let Some(markdown) = data.text("text/markdown") {
        return Some(markdown.to_owned());
    }
    if let Some(MimeData::Text(svg)) = data.get("image/svg+xml") {
        return Some(raw_html(svg));
    }
    data.text("text/plain").map(escaped_text)
}

/// HTML as a raw inline. A blank line would end the paragraph.
fn raw_html(html: &str) -> String {
    let lines: Vec<&str> = html.lines().filter(|line| !line.trim().is_empty()).collect();
    let html = lines.join("\n");
    let longest = html.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if html.starts_with('`') || html.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{html}{space}{ticks}{{=html}}")
}

/// A text in quotes, as Python prints it, without its quotes and with the marks of Markdown escaped. Other values stay as they
/// are.
fn escaped_text(text: &str) -> String {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let Some(inner) = quoted('\'').or_else(|| quoted('"')) else { return text.to_owned() };
    let mut out = String::with_capacity(inner.len() + 8);
    for c in inner.chars() {
        if "\\`*_{}[]()>#+,-.!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(mime: &str, text: &str) -> MimeBundle {
        MimeBundle(vec![(mime.to_owned(), MimeData::Text(text.to_owned()))])
    }

    #[test]
    fn quoted_texts_are_escaped() {
        let plain = |text| inline_value(&bundle("text/plain", text));
        assert_eq!(plain("'2,039.4 *raw* _x_'").as_deref(), Some(r"2\,039\.4 \*raw\* \_x\_"));
        assert_eq!(plain("-1.5").as_deref(), Some("-1.5"));
        assert_eq!(plain("[1, 'a']").as_deref(), Some("[1, 'a']"));
    }

    #[test]
    fn html_is_raw() {
        let html = |text| inline_value(&bundle("text/html", text));
        assert_eq!(html("<b>x</b>").as_deref(), Some("`<b>x</b>`{=html}"));
        assert_eq!(html("<b>`</b>").as_deref(), Some("``<b>`</b>``{=html}"));
        assert_eq!(inline_value(&bundle("application/json", "1")), None);
    }
}
