//! The page's end: appendix sections, references, licence, citation and notes.

use super::Walker;
use mlsys_book::{License, OptionName, Reference, copyright_statement, name};

impl<'a> Walker<'a> {
    pub(super) fn end_of_page(&mut self) {
        self.listings(None);
        for (header, span, content) in std::mem::take(&mut self.appendix) {
            self.heading(header, span);
            self.blocks(content);
        }
        if self.options.lists_works(self.links) && !self.references_placed {
            self.end_heading("section-title-references", Some(name!("reference-section-title")));
            self.references();
        }
        if self.options.appendix_style != "none" {
            self.facts();
        }
        self.note_list();
    }

    fn end_heading(&mut self, word: &str, key: Option<OptionName>) {
        let own = key.and_then(|key| self.chapter.meta.text(key));
        let title = own.unwrap_or_else(|| self.words.get(word));
        let title = self.escaped(&title);
        self.paragraph(&format!("## {title}"));
    }

    /// Licence, copyright, and how to cite the page.
    fn facts(&mut self) {
        let meta = &self.chapter.meta;
        let licenses: Vec<License> = meta.list(name!("license")).iter().filter_map(License::new).collect();
        if !licenses.is_empty() {
            self.end_heading("section-title-reuse", None);
            for license in licenses {
                let text = self.escaped(&license.text);
                self.paragraph(&match &license.url {
                    Some(url) => format!("[{text}]({})", super::escape::destination(url)),
                    None => text,
                });
            }
        }
        if let Some(copyright) = meta.value(name!("copyright")).and_then(copyright_statement) {
            self.end_heading("section-title-copyright", None);
            let text = self.escaped(&copyright);
            self.paragraph(&text);
        }
        let shown = self.options.cite_as;
        let links = self.links;
        if let Some(citation) = links.citation.as_ref().filter(|_| shown.bibtex || shown.display) {
            self.end_heading("section-title-citation", None);
            if shown.bibtex {
                self.fenced("bibtex", &citation.bibtex);
            }
            if shown.display {
                let text = self.line_of(&citation.entry.content);
                self.paragraph(&text);
            }
        }
    }

    /// The reference list.
    pub(super) fn references(&mut self) {
        self.references_placed = true;
        let links = self.links;
        for (at, reference) in links.bibliography.iter().enumerate() {
            let container = self.out.open("- ", "  ", at > 0);
            let text = self.entry(reference);
            self.paragraph(&text);
            self.out.close(container);
        }
    }

    fn entry(&mut self, reference: &'a Reference) -> String {
        let label = reference.label.as_deref().map(|label| self.line_of(label)).filter(|label| !label.is_empty());
        let text = self.line_of(&reference.content);
        match label {
            Some(label) => format!("{label} {text}"),
            None => text,
        }
    }
}
