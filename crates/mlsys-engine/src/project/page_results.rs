//! Results of a page's cells that lie in files: a notebook's outputs, frozen results, notebooks with embedded cells.

use crate::project::overlay::FileText;
use crate::project::page_reads::PageReads;
use mlsys_book::{OptionName, Source, SourceId, Value, name};
use mlsys_cells::{
    EmbedLink, NotebookError, NotebookPage, embeds, frozen_path, is_percent_script, notebook_page, percent_page,
    read_notebook,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files with results of a page.
#[derive(Clone, Debug, Default)]
pub struct PageResults {
    /// The page, if it is a notebook.
    pub notebook: Option<Arc<NotebookPage>>,
    /// The path and the text of its frozen results.
    pub frozen: Option<(String, Arc<FileText>)>,
    /// The notebooks whose cells it embeds, by path.
    pub embedded: BTreeMap<String, Arc<FileText>>,
}

/// The own text of a page, converted to Markdown.
#[derive(Clone, Debug)]
pub(crate) enum PageText {
    /// The file's text.
    Markdown,
    /// A notebook.
    Notebook(Arc<NotebookPage>),
    /// A script in the percent format.
    Script(Arc<Source>),
    /// A notebook that cannot be read.
    Invalid(NotebookError),
}

impl PageText {
    /// Converts a page. `takes_title` is true if a notebook's first heading is its title.
    pub fn new(path: &str, text: &Arc<String>, takes_title: bool) -> PageText {
        let id = SourceId(u32::MAX);
        if path.ends_with(".ipynb") {
            return match read_notebook(text) {
                Ok(notebook) => {
                    PageText::Notebook(Arc::new(notebook_page(&notebook, id, path, text.clone(), takes_title)))
                }
                Err(error) => PageText::Invalid(error),
            };
        }
        match is_percent_script(path, text) {
            true => PageText::Script(Arc::new(percent_page(id, path, text.clone()))),
            false => PageText::Markdown,
        }
    }

    /// The source of the page without includes.
    pub fn source(&self, id: SourceId, path: &str, text: &Arc<String>) -> Source {
        match self {
            PageText::Markdown => Source::sharing(id, path, text.clone()),
            PageText::Notebook(page) => Source { id, ..page.source.clone() },
            PageText::Script(source) => Source { id, ..Source::clone(source) },
            PageText::Invalid(_) => {
                let mut source = Source::sharing(id, path, text.clone());
                source.text = Arc::default();
                source
            }
        }
    }

    /// The text that front matter is read from.
    pub fn markdown<'t>(&'t self, text: &'t str) -> &'t str {
        match self {
            PageText::Markdown => text,
            PageText::Notebook(page) => &page.source.text,
            PageText::Script(source) => &source.text,
            PageText::Invalid(_) => "",
        }
    }
}

impl PageResults {
    /// Reads the files with results of a page. Files that are missing are reported where the results are used.
    pub(crate) fn read(
        reads: &mut PageReads<'_>,
        path: &str,
        folder: &str,
        text: &PageText,
        source: &Source,
    ) -> PageResults {
        let notebook = match text {
            PageText::Notebook(page) => Some(page.clone()),
            PageText::Markdown | PageText::Script(_) | PageText::Invalid(_) => None,
        };
        let frozen = frozen_path(path);
        let frozen = match has_code(source) && reads.is_file(&frozen) {
            true => reads.text(&frozen).ok().map(|text| (frozen, text)),
            false => None,
        };
        let mut embedded = BTreeMap::new();
        for embed in embeds(source, folder).value {
            if embed.path.ends_with(".ipynb") && reads.is_file(&embed.path) {
                embedded.extend(reads.text(&embed.path).ok().map(|text| (embed.path.clone(), text)));
            }
        }
        PageResults { notebook, frozen, embedded }
    }

    /// The notebooks that the page links to beside their embedded cells. `meta` gives the merged value of a key.
    pub(crate) fn linked_notebooks(
        &self,
        source: &Source,
        folder: &str,
        meta: &dyn Fn(OptionName) -> Option<Value>,
    ) -> Vec<String> {
        if self.embedded.is_empty() {
            return Vec::new();
        }
        let (links, view) = (meta(name!("notebook-links")), meta(name!("notebook-view")));
        let is_linked =
            |name: &str| EmbedLink::new(name, links.as_ref(), view.as_ref()).is_some_and(|link| link.is_page);
        let all = embeds(source, folder).value.into_iter();
        all.filter(|embed| self.embedded.contains_key(&embed.path) && is_linked(&embed.name))
            .map(|embed| embed.path)
            .collect()
    }

    /// True if the same files with results exist as when this was read.
    pub(crate) fn has_same_files(&self, reads: &PageReads<'_>, path: &str, folder: &str, source: &Source) -> bool {
        self.frozen.is_some() == (has_code(source) && reads.is_file(&frozen_path(path)))
            && embeds(source, folder).value.iter().all(|embed| {
                self.embedded.contains_key(&embed.path)
                    == (embed.path.ends_with(".ipynb") && reads.is_file(&embed.path))
            })
    }
}

/// True if a text may have cells or inline values.
fn has_code(source: &Source) -> bool {
    source.text.contains("```{") || source.text.contains("`{") || source.text.contains("`r ")
}
