//! Files in the configuration that are outside the project's folder, and so no part of the site.

use mlsys_book::{Code, Diagnostic, Value, clean_path};

/// The keys whose values are files of the site.
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

/// True if a clean path is outside the folder that it is relative to.
pub fn leads_out(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}
