//! The colours of numbered boxes, from the configuration.

use crate::html::{Elements, Tag, html};
use mlsys_book::Value;

/// The configuration of numbered boxes: under `filter-metadata` by the extension's name, or at the top as the extension's own
/// documentation has it.
pub fn box_config(meta: &Value) -> Option<&Value> {
    let in_filters = meta.get("filter-metadata").map(Value::entries).unwrap_or(&[]);
    let named = in_filters.iter().find(|e| e.key.rsplit('/').next() == Some("custom-numbered-blocks"));
    named.map(|e| &e.value).or_else(|| meta.get("custom-numbered-blocks"))
}

/// A style element that gives each class of numbered boxes its two colours as `--color1` and `--color2`, which the theme and a
/// project's own style sheets read, and its icon; nothing without such boxes. `icons` are classes and files, `root` leads to
/// the site's root. Source: the `custom-numbered-blocks` extension, `colors`.
pub(crate) fn box_colors(meta: &Value, icons: &[(String, String)], root: &str) -> String {
    let Some(config) = box_config(meta) else { return String::new() };
    let mut rules = String::new();
    for class in config.get("classes").map(Value::entries).unwrap_or(&[]) {
        let group = class.value.get("group").and_then(Value::to_text).unwrap_or_default();
        let of_group = config.get("groups").and_then(|g| g.get(&group)).and_then(|g| g.get("colors"));
        let colors = class.value.get("colors").or(of_group).map(Value::items).unwrap_or(&[]);
        let colors: Vec<String> = colors.iter().filter_map(Value::to_text).filter_map(|c| hex(&c)).collect();
        if colors.is_empty() || !class.key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            continue;
        }
        let values: Vec<_> = colors.iter().enumerate().map(|(at, c)| format!("--color{}:#{c}", at + 1)).collect();
        rules.push_str(&format!(".{}{{{}}}\n", class.key, values.join(";")));
    }
    if !icons.is_empty() {
        let summaries: Vec<_> = icons.iter().map(|(class, _)| format!("details.{class}>summary::before")).collect();
        rules.push_str(&format!("{}{{content:\"\"}}\n", summaries.join(",")));
    }
    for (class, file) in icons {
        // What could end the string or the element is not in a file's name that a book uses.
        if !file.contains(['"', '\\', '<', '\n']) {
            rules.push_str(&format!("details.{class}>summary::before{{background-image:url(\"{root}{file}\")}}\n"));
        }
    }
    if rules.is_empty() { rules } else { html(|out| out.lines(Tag::new("style"), |out| out.raw(&rules))) }
}

/// A colour in hexadecimal, with or without its mark.
fn hex(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#');
    (matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| digits.to_lowercase())
}
