//! The button that shows the source of a page. Source: Quarto, "HTML Code Blocks", code tools.

use crate::code;
use crate::html;
use crate::icons::icon;
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

/// The tools that the metadata asks for: `code-tools: true`, or `source` of it `true` or an address. `text` is the page's source.
pub(crate) fn code_tools(meta: &Value, words: &Words<'_>, text: &str) -> CodeTools {
    let mut tools = CodeTools::default();
    let Some(value) = meta.get("code-tools").filter(|value| value.as_bool() != Some(false)) else { return tools };
    let source = value.get("source");
    let is_shown = match (source, value.entries()) {
        (Some(source), _) => source.as_bool() != Some(false),
        (None, entries) => entries.is_empty(),
    };
    if !is_shown {
        return tools;
    }
    let caption = value.get("caption").and_then(Value::to_text);
    let caption = caption.unwrap_or_else(|| words.get("code-tools-menu-caption"));
    let address = source.and_then(Value::as_str).filter(|source| source.contains(['/', '.']));
    match address {
        Some(address) => {
            tools.button.push_str("<a class=\"btn code-tools-button\" id=\"quarto-code-tools-source\"");
            html::address_attribute(&mut tools.button, "href", address);
        }
        None => {
            tools.button.push_str(&format!(
                "<button type=\"button\" class=\"btn code-tools-button\" id=\"quarto-code-tools-source\" popovertarget=\"{ID}\""
            ));
            tools.source = popover(&words.get("code-tools-source-code"), &words.get("dismiss"), text);
        }
    }
    tools.button.push('>');
    tools.button.push_str(&icon("code-slash", None));
    tools.button.push(' ');
    html::escape_text(&mut tools.button, &caption);
    tools.button.push_str(if address.is_some() { "</a>" } else { "</button>" });
    tools
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
