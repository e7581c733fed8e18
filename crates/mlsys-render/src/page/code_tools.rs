//! The button that shows the source of a page and opens its folds of code. Source: Quarto, "HTML Code Blocks", code tools.

use crate::code;
use crate::html::{self, icon};
use crate::words::Words;
use mlsys_book::Value;

/// The id of the element that holds the source.
const ID: &str = "quarto-embedded-source-code";

/// What a page with `code-tools` has more. The source stands in a popover, so that it needs no script.
#[derive(Default)]
pub(crate) struct CodeTools {
    /// The button or link.
    pub button: String,
    /// The source that the button shows.
    pub source: String,
}

/// The tools that the metadata asks for: `code-tools: true`, or of it `toggle`, and `source` as `true`, an address or `repo`, which
/// stands for `repository`, the page's file there. `text` is the page's source. Where `body` has folds of code, the button opens a menu
/// that opens and closes them all.
pub(crate) fn code_tools(
    meta: &Value,
    words: &Words<'_>,
    text: &str,
    body: &str,
    repository: Option<&str>,
) -> CodeTools {
    let mut tools = CodeTools::default();
    let Some(value) = meta.get("code-tools").filter(|value| value.as_bool() != Some(false)) else { return tools };
    // A map asks for what it names; `true` for everything.
    let part = |key: &str| value.get(key).map_or(value.entries().is_empty(), |part| part.as_bool() != Some(false));
    let has_toggle = part("toggle") && body.contains("<details class=\"code-fold\"");
    let has_source = part("source");
    if !has_toggle && !has_source {
        return tools;
    }
    let address = match value.get("source").and_then(Value::as_str) {
        Some("repo") => repository,
        Some(source) => Some(source).filter(|source| source.contains(['/', '.'])),
        None => None,
    };
    if has_source && address.is_none() {
        tools.source = popover(&words.get("code-tools-source-code"), &words.get("dismiss"), text);
    }
    let caption = value.get("caption").and_then(Value::to_text);
    let caption = caption.unwrap_or_else(|| words.get("code-tools-menu-caption"));
    let out = &mut tools.button;
    if !has_toggle {
        let label = |out: &mut String| write_label(out, &caption, &words.get("code-tools-source-code"));
        control(out, "quarto-code-tools-source", "btn code-tools-button", address, label);
        return tools;
    }
    out.push_str(
        "<div class=\"dropdown\"><button type=\"button\" class=\"btn code-tools-button dropdown-toggle\" \
         id=\"quarto-code-tools-menu\" data-bs-toggle=\"dropdown\" aria-expanded=\"false\" \
         aria-controls=\"quarto-code-tools-items\"",
    );
    write_label(out, &caption, &words.get("code-tools-menu-caption"));
    out.push_str(
        "</button><ul class=\"dropdown-menu\" id=\"quarto-code-tools-items\" aria-labelledby=\"quarto-code-tools-menu\">\n",
    );
    for (id, word) in
        [("quarto-show-all-code", "code-tools-show-all-code"), ("quarto-hide-all-code", "code-tools-hide-all-code")]
    {
        out.push_str(&format!(
            "<li class=\"mlsys-needs-script\"><button type=\"button\" class=\"dropdown-item\" id=\"{id}\">"
        ));
        html::escape_text(out, &words.get(word));
        out.push_str("</button></li>\n");
    }
    if has_source {
        out.push_str("<li class=\"mlsys-needs-script\"><hr class=\"dropdown-divider\"></li>\n<li>");
        let label = |out: &mut String| {
            out.push('>');
            html::escape_text(out, &words.get("code-tools-view-source"));
        };
        control(out, "quarto-view-source", "dropdown-item", address, label);
        out.push_str("</li>\n");
    }
    out.push_str("</ul></div>");
    tools
}

/// A link to the source, or a button that opens the popover with it. `label` ends the opening tag.
fn control(out: &mut String, id: &str, class: &str, address: Option<&str>, label: impl Fn(&mut String)) {
    let name = if address.is_some() { "a" } else { "button" };
    out.push_str(&format!("<{name} class=\"{class}\" id=\"{id}\""));
    match address {
        Some(address) => html::address_attribute(out, "href", address),
        None => out.push_str(&format!(" type=\"button\" popovertarget=\"{ID}\"")),
    }
    label(out);
    out.push_str(&format!("</{name}>"));
}

/// The icon and caption of the button; with the caption `none` its name is for screen readers only. Ends the opening tag.
fn write_label(out: &mut String, caption: &str, name: &str) {
    if caption == "none" {
        html::attribute(out, "aria-label", name);
        html::attribute(out, "title", name);
    }
    out.push('>');
    out.push_str(&icon("code-slash", None));
    if caption != "none" {
        out.push(' ');
        html::escape_text(out, caption);
    }
}

fn popover(title: &str, close: &str, text: &str) -> String {
    let mut out = format!("<div id=\"{ID}\" class=\"mlsys-source\" popover role=\"dialog\"");
    html::attribute(&mut out, "aria-label", title);
    out.push_str(&format!(
        ">\n<button type=\"button\" class=\"btn mlsys-source-close\" popovertarget=\"{ID}\" popovertargetaction=\"hide\""
    ));
    html::attribute(&mut out, "aria-label", close);
    out.push_str(&format!(">{}</button>\n", icon("x-lg", None)));
    out.push_str("<div class=\"sourceCode\"><pre class=\"sourceCode markdown\" tabindex=\"0\"><code class=\"sourceCode markdown\">");
    match code::highlighted("markdown", text) {
        Some(lines) => out.push_str(&lines.join("\n")),
        None => html::escape_text(&mut out, text),
    }
    out.push_str("</code></pre></div>\n</div>\n");
    out
}
