//! The page's end: appendix sections, references, notes, licence and citation.

use super::lines::Event;
use super::{Purpose, Walker};
use crate::body::options::NotePlace;
use mlsys_book::{License, OptionName, Reference, copyright_statement, name};

impl<'a> Walker<'a> {
    /// Adds what belongs to the page's end.
    pub(super) fn end_of_page(&mut self) {
        let sections = std::mem::take(&mut self.appendix);
        self.events.extend(sections.into_iter().flatten());
        let lists_works = match self.purpose {
            // The works are in the text already.
            Purpose::Search | Purpose::SearchJson => false,
            Purpose::Document => self.options.lists_works(self.links) && !self.references_placed,
        };
        if lists_works {
            self.line();
            self.events.push(Event::Section("quarto-bibliography".into(), 2));
            self.end_heading("section-title-references", Some(name!("reference-section-title")));
            self.references();
        }
        if self.options.notes == NotePlace::Document && self.has_waiting_notes() {
            self.line();
            self.events.push(Event::Section("footnotes".into(), 2));
            if self.options.appendix_style != "none" {
                self.end_heading("section-title-footnotes", None);
            }
            self.note_list();
        }
        if self.options.appendix_style != "none" {
            self.facts();
        }
    }

    fn end_heading(&mut self, word: &str, key: Option<OptionName>) {
        let own = key.and_then(|key| self.chapter.meta.text(key));
        let title = own.unwrap_or_else(|| self.words.get(word));
        self.line();
        self.events.push(Event::Heading);
        self.text(title);
        self.events.push(Event::HeadingEnd);
    }

    /// Licence, copyright, and how to cite the page.
    fn facts(&mut self) {
        let meta = &self.chapter.meta;
        let licenses: Vec<License> = meta.list(name!("license")).iter().filter_map(License::new).collect();
        if !licenses.is_empty() {
            self.end_heading("section-title-reuse", None);
            let view = self.words.get("appendix-view-license");
            for license in licenses {
                let text = match &license.url {
                    Some(_) if license.own_text => format!("{} ({view})", license.text),
                    Some(_) | None => license.text,
                };
                self.in_lines(|w| w.text(text));
            }
        }
        if let Some(copyright) = meta.value(name!("copyright")).and_then(copyright_statement) {
            self.end_heading("section-title-copyright", None);
            self.in_lines(|w| w.text(copyright));
        }
        let shown = self.options.cite_as;
        if let Some(citation) = self.links.citation.as_ref().filter(|_| shown.bibtex || shown.display) {
            self.end_heading("section-title-citation", None);
            if shown.bibtex {
                let label = self.words.get("appendix-attribution-bibtex");
                self.in_lines(|w| w.text(label));
                self.code(citation.bibtex.as_str());
            }
            if !shown.display {
                return;
            }
            let label = self.words.get("appendix-attribution-cite-as");
            self.in_lines(|w| w.text(label));
            match self.purpose {
                Purpose::Search => {}
                Purpose::SearchJson | Purpose::Document => self.in_lines(|w| w.inlines(&citation.entry.content)),
            }
        }
    }

    /// The reference list.
    pub(super) fn references(&mut self) {
        self.references_placed = true;
        self.line();
        let links = self.links;
        for reference in &links.bibliography {
            self.reference(reference);
        }
    }

    /// An entry of the reference list. Excerpts leave it out: the work is in the text already.
    pub(super) fn reference(&mut self, reference: &'a Reference) {
        match self.purpose {
            Purpose::Search => return,
            Purpose::SearchJson | Purpose::Document => {}
        }
        self.line();
        if let Some(label) = &reference.label {
            self.inlines(label);
            match self.purpose {
                Purpose::Search | Purpose::SearchJson => self.line(),
                Purpose::Document => self.text(" "),
            }
        }
        self.inlines(&reference.content);
        self.line();
    }
}
