//! Labels of cells as ids and file names. Source: Quarto, `labels.ts` and `pandoc-id.ts`.

/// A label as an id: without punctuation, with hyphens for spaces, from its first letter on.
pub(crate) fn html_id(label: &str) -> String {
    let is_letter = |c: char| c.is_alphabetic();
    let id: String = label
        .chars()
        .filter(|c| !"!\"#$%&')*+,/:;<=>?@[\\]^`{|}~".contains(*c))
        .map(|c| if c.is_whitespace() { '-' } else { c })
        .collect();
    id.trim_start_matches(|c| !is_letter(c)).to_owned()
}

/// The part of a file's name that comes of a label.
pub(crate) fn file_stem(label: &str) -> String {
    html_id(&label.replace(':', "-")).to_lowercase()
}

/// The id of a notebook's cell as an attribute: letters, digits, hyphens and underscores, as nbformat has them.
pub(crate) fn cell_id(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}
