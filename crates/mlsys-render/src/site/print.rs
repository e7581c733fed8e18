//! A page that gathers all pages of a book, to print it.

use super::Assets;
use crate::templates::{TemplateError, Templates};
use crate::words::Words;
use mlsys_book::Project;
use serde::Serialize;

/// What the page is made of.
pub struct WholeBook<'a> {
    /// The project.
    pub project: &'a Project,
    /// The pages in their order: file and title as HTML.
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

/// Renders the page; it lies at the site's root. The list of pages is all that it holds, the script puts their texts after it.
/// Fails where a project's own template asks for something that is not there; the message is Tera's.
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
            script: &book.assets.script,
            blocking_script: &book.assets.blocking_script,
            print: words.get("print"),
        },
    )
}
