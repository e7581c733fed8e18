//! Files that the configuration names and that lie outside the project's folder, so that they are no part of the site.

use super::clean_path;
use mlsys_book::{Code, Diagnostic, Value};

/// Where the configuration names files that become a part of the site.
const FILES: [&str; 12] = [
    "project.resources",
    "website.favicon",
    "website.image",
    "website.navbar.logo",
    "website.sidebar.logo",
    "website.open-graph.image",
    "website.twitter-card.image",
    "book.favicon",
    "book.image",
    "book.cover-image",
    "book.navbar.logo",
    "book.sidebar.logo",
];

/// Reports files of the site that are outside the project.
pub fn check(config: &Value, diagnostics: &mut Vec<Diagnostic>) {
    for item in FILES.iter().filter_map(|path| config.path(path)).flat_map(Value::items) {
        let Some(name) = item.as_str() else { continue };
        if leads_out(&clean_path(name)) {
            let message = format!("`{name}` is outside the project's folder; it is not copied");
            diagnostics.push(Diagnostic::new(Code::UnreadableFile, item.place, message));
        }
    }
}

/// Whether a clean path leads out of the folder that it is relative to.
pub fn leads_out(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}
