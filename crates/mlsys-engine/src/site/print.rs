//! `print.html`: all pages of a book on one page, for printing.

use crate::files::{Content, Files};
use crate::project::Book;
use crate::site::assets::has_print_page;
use crate::site::shell::Shell;
use crate::site::sitemap::public_pages;
use mlsys_book::{Code, Diagnostic, name};
use mlsys_render::{WholeBook, whole_book};

/// Adds `print.html` if `mlsys: print-page` is true. Returns a diagnostic if its template fails.
pub fn add_print_page(book: &Book, shell: &Shell, files: &mut Files) -> Option<Diagnostic> {
    if !has_print_page(book) {
        return None;
    }
    let titles = shell.chrome.titles_html();
    let pages =
        public_pages(book).filter_map(|(id, page)| Some((page.output.as_str(), titles.get(id.index())?.as_str())));
    let page = WholeBook { project: &book.project, pages: pages.collect(), assets: &shell.assets };
    match whole_book(&shell.theme.templates, &page) {
        Ok(html) => {
            files.insert("print.html".to_owned(), Content::Bytes(html.into_bytes().into()));
            None
        }
        Err(error) => {
            let place = book.project.meta.value(name!("mlsys.print-page")).unwrap_or(&book.project.meta).place;
            Some(Diagnostic::new(Code::InvalidTemplate, place, error.to_string()))
        }
    }
}
