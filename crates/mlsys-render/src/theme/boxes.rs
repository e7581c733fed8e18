//! The colours of numbered boxes.

use crate::html::{Elements, Tag, html};
use mlsys_book::{Value, key, name};

/// The configuration of numbered boxes: in `filter-metadata` under the extension's name, or at the top level, as the extension
/// documents it.
pub fn box_config(meta: &Value) -> Option<&Value> {
    let in_filters = meta.value(name!("filter-metadata")).map(Value::entries).unwrap_or(&[]);
    let named = in_filters.iter().find(|e| e.key.rsplit('/').next() == Some("custom-numbered-blocks"));
    named.map(|e| &e.value).or_else(|| meta.value(name!("custom-numbered-blocks")))
}

/// A `style` element that sets the two colours of each class of boxes as `--color1` and `--color2`, for the theme and the
/// project's style sheets, and its icon; empty without boxes. `icons` are classes and files; `root` is the relative URL of the
/// site's root. Source: the `custom-numbered-blocks` extension, `colors`.
pub(crate) fn box_colors(meta: &Value, icons: &[(String, String)], root: &str) -> String {
    let Some(config) = box_config(meta) else { return String::new() };
    let mut rules = String::new();
    for class in config.value(name!("numbered-blocks", "classes")).map(Value::entries).unwrap_or(&[]) {
        let group = class.value.read(key!("box", "group")).unwrap_or_default();
        let of_group = config
            .value(name!("numbered-blocks", "groups"))
            .and_then(|g| g.get(&group))
            .and_then(|g| g.value(name!("box", "colors")));
        let colors = class.value.value(name!("box", "colors")).or(of_group).map(Value::items).unwrap_or(&[]);
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
        // Skips names with characters that could end the string or the element.
        if !file.contains(['"', '\\', '<', '\n']) {
            rules.push_str(&format!("details.{class}>summary::before{{background-image:url(\"{root}{file}\")}}\n"));
        }
    }
    if rules.is_empty() { rules } else { html(|out| out.lines(Tag::new("style"), |out| out.raw(&rules))) }
}

/// A hexadecimal colour, with or without `#`.
fn hex(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#');
    (matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| digits.to_lowercase())
}
