//! The files that every page of a site loads.

/// URLs of the site's own files, relative to its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The module script.
    pub script: String,
    /// KaTeX's style sheet, for pages with formulas; `None` if no page has any.
    pub math_style: Option<String>,
    /// The style sheets of the font services that the brand names.
    pub font_urls: Vec<String>,
    /// The icons of numbered boxes: class and file.
    pub box_icons: Vec<(String, String)>,
    /// The small blocking script, which runs before the first paint.
    pub blocking_script: String,
    /// The script of services of other hosts, if a page has any.
    pub services: Option<String>,
    /// The module script of the print page, if the site has one.
    pub whole_book: Option<String>,
    /// The search script and the search index. A page loads them when the reader opens the search.
    pub search: Option<(String, String)>,
}
