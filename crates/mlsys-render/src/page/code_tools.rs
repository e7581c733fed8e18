//! Code tools: a button that shows the page's source and opens or closes all folded code. Source: Quarto, "HTML Code Blocks",
//! code tools.

use super::context::PageContext;
use crate::code;
use crate::html::{Elements, Tag, Writer, html, write_icon};
use mlsys_book::{OptionName, Value, Words, key, name};

/// The id of the element that holds the source.
const ID: &str = "quarto-embedded-source-code";

/// The code tools of a page. The source is in a popover, which needs no script.
#[derive(Default)]
pub(crate) struct CodeTools {
    /// The button or link.
    pub button: String,
    /// The source that the button shows.
    pub source: String,
}

/// Reads `code-tools`: `true`, or a map with `toggle` and `source`. `source` is `true`, a URL, or `repo` for `repository`, the
/// page's file there. If the page has folded code, the button becomes a menu with items to open and close all folds.
pub(crate) fn code_tools(cx: &PageContext<'_>, words: &Words<'_>, repository: Option<&str>) -> CodeTools {
    let mut tools = CodeTools::default();
    let Some(value) = cx.meta.value(name!("code-tools")).filter(|value| value.as_bool() != Some(false)) else {
        return tools;
    };
    // A map enables only what it names; `true` enables everything.
    let part =
        |key: OptionName| value.value(key).map_or(value.entries().is_empty(), |part| part.as_bool() != Some(false));
    let has_toggle = part(name!("code-tools", "toggle")) && cx.html.has_code_folds;
    let has_source = part(name!("code-tools", "source"));
    if !has_toggle && !has_source {
        return tools;
    }
    let url = match value.value(name!("code-tools", "source")).and_then(Value::as_str) {
        Some("repo") => repository,
        Some(source) => Some(source).filter(|source| source.contains(['/', '.'])),
        None => None,
    };
    if has_source && url.is_none() {
        tools.source = popover(&words.get("code-tools-source-code"), &words.get("dismiss"), cx.source);
    }
    let caption = value.read(key!("code-tools", "caption"));
    let caption = caption.unwrap_or_else(|| words.get("code-tools-menu-caption"));
    if !has_toggle {
        let name = words.get("code-tools-source-code");
        let class = "btn code-tools-button";
        let tag = labelled(control_tag("quarto-code-tools-source", class, url), &caption, &name);
        tools.button = html(|out| out.element(tag, |out| write_label(out, &caption)));
        return tools;
    }
    let menu = Tag::new("button").attr("type", "button").class("btn code-tools-button dropdown-toggle");
    let menu = menu.id("quarto-code-tools-menu").attr("data-bs-toggle", "dropdown").attr("aria-expanded", "false");
    let menu = menu.attr("aria-controls", "quarto-code-tools-items");
    let menu = labelled(menu, &caption, &words.get("code-tools-menu-caption"));
    let items = Tag::new("ul").class("dropdown-menu").id("quarto-code-tools-items");
    let items = items.attr("aria-labelledby", "quarto-code-tools-menu");
    tools.button = html(|out| {
        out.element(Tag::new("div").class("dropdown"), |out| {
            out.element(menu, |out| write_label(out, &caption));
            out.element(items, |out| {
                out.newline();
                write_toggles(out, words);
                if has_source {
                    out.line(needs_script(), |out| out.void(Tag::new("hr").class("dropdown-divider")));
                    let link = control_tag("quarto-view-source", "dropdown-item", url);
                    out.line(Tag::new("li"), |out| out.leaf(link, &words.get("code-tools-view-source")));
                }
            });
        });
    });
    tools
}

/// Menu items that open and close all folds.
fn write_toggles(out: &mut Writer, words: &Words<'_>) {
    for (id, word) in
        [("quarto-show-all-code", "code-tools-show-all-code"), ("quarto-hide-all-code", "code-tools-hide-all-code")]
    {
        let button = Tag::new("button").attr("type", "button").class("dropdown-item").id(id);
        out.line(needs_script(), |out| out.leaf(button, &words.get(word)));
    }
}

fn needs_script() -> Tag {
    Tag::new("li").class("mlsys-needs-script")
}

/// A link to the source, or a button that opens the popover.
fn control_tag(id: &str, class: &str, url: Option<&str>) -> Tag {
    match url {
        Some(url) => Tag::new("a").class(class).id(id).url("href", url),
        None => Tag::new("button").class(class).id(id).attr("type", "button").attr("popovertarget", ID),
    }
}

/// Adds the name as an attribute if the button has no visible caption.
fn labelled(tag: Tag, caption: &str, name: &str) -> Tag {
    tag.when(caption == "none", |t| t.attr("aria-label", name).attr("title", name))
}

/// The button's icon and caption.
fn write_label(out: &mut Writer, caption: &str) {
    write_icon(out, "code-slash", None);
    if caption != "none" {
        out.text(" ");
        out.text(caption);
    }
}

fn popover(title: &str, close: &str, text: &str) -> String {
    let tag = Tag::new("div").id(ID).class("mlsys-source").flag("popover").attr("role", "dialog");
    let button = Tag::new("button").attr("type", "button").class("btn mlsys-source-close").attr("popovertarget", ID);
    let button = button.attr("popovertargetaction", "hide").attr("aria-label", close);
    let pre = Tag::new("pre").class("sourceCode markdown").attr("tabindex", "0");
    html(|out| {
        out.lines(tag.attr("aria-label", title), |out| {
            out.line(Tag::new("div").class("modal-title"), |out| out.text(title));
            out.line(button, |out| write_icon(out, "x-lg", None));
            out.line(Tag::new("div").class("sourceCode"), |out| {
                out.element(pre, |out| {
                    out.element(Tag::new("code").class("sourceCode markdown"), |out| {
                        match code::highlighted("markdown", text) {
                            Some(lines) => out.raw(&lines.join("\n")),
                            None => out.text(text),
                        }
                    });
                });
            });
        });
    })
}
