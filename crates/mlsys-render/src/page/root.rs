//! URLs of the site as seen from a page.

use crate::html::site_path;
use mlsys_book::Project;

/// The relative URL of the site's root: `./`, `../../`. An error page can appear at any URL, so it gets the site's absolute
/// path.
pub fn root_of(project: &Project, output: &str) -> String {
    if output == "404.html" {
        let path = project.site.path.trim_matches('/');
        return if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    }
    match output.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// A URL of the configuration, which is relative to the project's root, as seen from the page.
pub(crate) fn from_root_url(url: &str, root: &str) -> String {
    site_path(url).map_or_else(|| url.to_owned(), |path| format!("{root}{path}"))
}
