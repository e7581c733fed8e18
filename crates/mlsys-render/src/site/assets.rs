//! The files that every page of a site loads.

/// Addresses of the site's own files, relative to its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The module script.
    pub script: String,
    /// KaTeX's style sheet, for pages with formulas; nothing where no page has any.
    pub math_style: Option<String>,
    /// The icons of numbered boxes: class and file.
    pub box_icons: Vec<(String, String)>,
    /// The small script that runs before the first paint.
    pub blocking_script: String,
    /// The module script of the search, and its index, which a page loads when its reader begins to search.
    pub search: Option<(String, String)>,
}
