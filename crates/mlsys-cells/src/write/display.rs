//! Displayed values as Markdown. Source: Quarto, `display-data.ts` and `mdOutputDisplayData`.

use super::ansi;
use super::head::{JAVASCRIPT, WIDGET_STATE, WIDGET_VIEW};
use super::text::fenced;
use crate::output::{MimeBundle, MimeData, Output};

/// The types that a page shows, the best first.
const PREFERRED: &[&str] = &[
    WIDGET_STATE,
    WIDGET_VIEW,
    JAVASCRIPT,
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "text/plain",
];

/// What is shown of a value.
pub(super) enum Shown<'d> {
    /// The type and bytes of an image.
    Image(&'static str, &'d [u8]),
    /// Markdown.
    Markdown(&'d str),
    /// A block of Markdown that stands for other types.
    Block(String),
}

/// The best representation of a value.
pub(super) fn shown(data: &MimeBundle) -> Shown<'_> {
    let Some((mime, content)) = PREFERRED.iter().find_map(|mime| Some((*mime, best(data, mime)?))) else {
        let types: Vec<&str> = data.0.iter().map(|(mime, _)| mime.as_str()).collect();
        return Shown::Block(fenced("", &format!("Unable to display output for mime type(s): {}", types.join(", "))));
    };
    match (mime, content) {
        ("image/svg+xml" | "image/png" | "image/jpeg" | "image/gif", MimeData::Bytes(bytes)) => {
            Shown::Image(mime, bytes)
        }
        ("image/svg+xml", MimeData::Text(text)) => Shown::Image(mime, text.as_bytes()),
        ("text/markdown", MimeData::Text(text)) => Shown::Markdown(text),
        ("text/html", MimeData::Text(text)) => Shown::Block(fenced("{=html}", text)),
        (WIDGET_STATE | WIDGET_VIEW | JAVASCRIPT, MimeData::Text(text)) => {
            Shown::Block(fenced("{=html}", &format!("<script type=\"{mime}\">\n{text}\n</script>")))
        }
        (_, MimeData::Text(text)) => plain(text),
        (_, MimeData::Bytes(_)) => Shown::Block(fenced("", "Unable to display output")),
    }
}

/// The representation of a type. LaTeX that is a formula counts as Markdown.
fn best<'d>(data: &'d MimeBundle, mime: &str) -> Option<&'d MimeData> {
    data.get(mime).or_else(|| {
        let latex = data.get("text/latex").filter(|_| mime == "text/markdown")?;
        let MimeData::Text(text) = latex else { return None };
        let text = text.trim();
        let is_formula = text.starts_with('$') && text.ends_with('$');
        let last = text.lines().next_back().unwrap_or("");
        (is_formula || (text.starts_with("\\begin{") && last.contains("\\end{"))).then_some(latex)
    })
}

fn plain(text: &str) -> Shown<'_> {
    // pandas gives the HTML of some tables as a quoted text.
    if let Some(table) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))
        && table.starts_with("<table")
        && table.ends_with("</table>")
        && !table.contains('\n')
    {
        return Shown::Markdown(table);
    }
    Shown::Block(terminal(text))
}

/// Text of a terminal: code, or a box of HTML if it has colours.
pub(super) fn terminal(text: &str) -> String {
    if !ansi::has_styles(text) {
        return fenced("", &ansi::plain(text));
    }
    let html = format!("<pre>{}</pre>", ansi::html(text));
    format!("\n::: {{.ansi-escaped-output}}\n{}:::\n", fenced("{=html}", &html))
}

/// True if the output is an image.
pub(super) fn is_image(output: &Output) -> bool {
    matches!(output, Output::Display { data, .. } if matches!(shown(data), Shown::Image(..)))
}

/// True for the text of an expression that only says that it made a picture, such as `<Axes: >` or `Text(0.5, 1.0, 't')`.
pub(super) fn is_discardable(output: &Output, beside_image: bool) -> bool {
    let Output::Display { data, execution_count: Some(_), .. } = output else { return false };
    let [(mime, MimeData::Text(text))] = data.0.as_slice() else { return false };
    if mime != "text/plain" {
        return false;
    }
    if !beside_image {
        return ["[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:"].iter().any(|start| text.starts_with(start));
    }
    if text.trim().contains('\n') {
        return text.lines().any(|line| line.contains("<matplotlib."));
    }
    let line = text.trim();
    let wrapped = line.starts_with(['<', '(', '[']) && line.ends_with(['>', ')', ']']) && line.len() > 1;
    let is_text =
        line.strip_prefix("Text(").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '-'));
    wrapped || is_text || (line.starts_with('{') && line.contains("<matplotlib."))
}
