//! The colours of numbered boxes, from the configuration.

use mlsys_book::Value;

/// A style element that gives each class of numbered boxes its two colours as `--color1` and `--color2`, which the theme and a
/// project's own style sheets read; nothing without such boxes. Source: the `custom-numbered-blocks` extension, `colors`.
pub(crate) fn box_colors(meta: &Value) -> String {
    let filters = meta.get("filter-metadata").map(Value::entries).unwrap_or(&[]);
    let of_filter = filters.iter().find(|e| e.key.rsplit('/').next() == Some("custom-numbered-blocks"));
    let Some(config) = of_filter.map(|e| &e.value).or_else(|| meta.get("custom-numbered-blocks")) else {
        return String::new();
    };
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
    if rules.is_empty() { rules } else { format!("<style>\n{rules}</style>\n") }
}

/// A colour in hexadecimal, with or without its mark.
fn hex(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#');
    (matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| digits.to_lowercase())
}
