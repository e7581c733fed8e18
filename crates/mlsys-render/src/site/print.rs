//! The print page: all pages of a book on one, for printing.

use super::assets::Assets;
use crate::templates::{TemplateError, Templates};
use mlsys_book::{Project, Words};
use serde::Serialize;

/// Input of the print page.
pub struct WholeBook<'a> {
    /// The project.
    pub project: &'a Project,
    /// The pages in reading order: file, and title as HTML.
    pub pages: Vec<(&'a str, &'a str)>,
    /// The site's files.
    pub assets: &'a Assets,
}

#[derive(Serialize)]
struct View<'a> {
    lang: &'a str,
    title: &'a str,
    pages: &'a [(&'a str, &'a str)],
    style: &'a str,
    math_style: Option<&'a str>,
    script: &'a str,
    blocking_script: &'a str,
    print: String,
}

/// Renders the print page, which is at the site's root. It only lists the pages; the script adds their text.
///
/// Fails if a project's own template has an error.
pub fn whole_book(templates: &Templates, book: &WholeBook<'_>) -> Result<String, TemplateError> {
    let words = Words::new(&book.project.meta);
    templates.render(
        "whole-book.html",
        &View {
            lang: words.lang(),
            title: &book.project.site.title,
            pages: &book.pages,
            style: &book.assets.style,
            math_style: book.assets.math_style.as_deref(),
            script: book.assets.whole_book.as_deref().unwrap_or(&book.assets.script),
            blocking_script: &book.assets.blocking_script,
            print: words.get("print"),
        },
    )
}
