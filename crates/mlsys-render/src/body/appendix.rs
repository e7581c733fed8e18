//! The end of a page: appendix sections, references, notes, licence and citation. Source: Quarto, "Appendices".

use super::options::NotePlace;
use super::{Body, Medium};
use crate::html::{Elements, Tag};
use mlsys_book::{License, OptionName, copyright_statement, name};

impl Body<'_> {
    /// Writes the end of the page.
    pub(super) fn end_of_page(&mut self) {
        let sections = std::mem::take(&mut self.appendix);
        let references = (self.options.lists_works(self.links) && !self.references_placed).then(|| {
            let tag = Tag::new("section").class("quarto-appendix-contents").attr("role", "doc-bibliography");
            self.captured(|b| {
                b.line(tag.id("quarto-bibliography"), |b| {
                    b.appendix_heading("section-title-references", Some(name!("reference-section-title")));
                    b.references();
                });
            })
        });
        let plain = self.options.appendix_style == "none";
        let notes = (self.options.notes == NotePlace::Document && self.has_waiting_notes()).then(|| {
            let tag = Tag::new("section").id("footnotes").class("footnotes").class("footnotes-end-of-document");
            let tag = tag.when(self.medium == Medium::Epub, |t| t.attr("epub:type", "footnotes"));
            self.captured(|b| {
                b.line(tag.attr("role", "doc-endnotes"), |b| {
                    if plain {
                        b.rule();
                    } else {
                        b.appendix_heading("section-title-footnotes", None);
                    }
                    b.note_list();
                });
            })
        });
        let facts = self.captured(Self::appendix_facts);
        let parts: Vec<String> = sections.into_iter().chain(references).chain(notes).chain(Some(facts)).collect();
        if parts.iter().any(|p| !p.is_empty()) {
            if plain {
                parts.iter().for_each(|p| self.raw(p));
            } else {
                let class = Some("default").filter(|_| self.options.appendix_style != "plain");
                let tag = Tag::new("div").id("quarto-appendix").classes(class).spans_columns();
                self.lines(tag, |b| parts.iter().for_each(|p| b.raw(p)));
            }
        }
        self.lightbox_texts();
        self.definitions_of_terms();
    }

    /// The definitions of glossary terms where a page has no popovers.
    fn definitions_of_terms(&mut self) {
        for (id, definition) in std::mem::take(&mut self.definitions) {
            let tag = Tag::new("aside").id(&id).class("mlsys-definition").attr("role", "doc-footnote");
            self.line(tag.attr("epub:type", "footnote"), |b| b.leaf(Tag::new("p"), &definition));
        }
    }

    fn appendix_heading(&mut self, word: &str, key: Option<OptionName>) {
        let own = key.and_then(|key| self.chapter.meta.text(key));
        let title = own.unwrap_or_else(|| self.words.get(word));
        self.last_level = 2;
        self.leaf(Tag::new("h2").class("anchored").class("quarto-appendix-heading"), &title);
        self.newline();
    }

    /// Licence and copyright.
    fn appendix_facts(&mut self) {
        if self.options.appendix_style == "none" {
            return;
        }
        let meta = &self.chapter.meta;
        if let Some(license) = meta.value(name!("license")) {
            let licenses: Vec<License> = license.items().iter().filter_map(License::new).collect();
            if !licenses.is_empty() {
                self.fact_section("quarto-reuse", "section-title-reuse", |b| {
                    for license in &licenses {
                        b.line(Tag::new("div"), |b| b.license(license));
                    }
                });
            }
        }
        let copyright = meta.value(name!("copyright")).and_then(copyright_statement);
        if let Some(copyright) = copyright {
            self.fact_section("quarto-copyright", "section-title-copyright", |b| {
                b.leaf(Tag::new("div"), &copyright);
                b.newline();
            });
        }
        self.cite_this();
    }

    fn license(&mut self, license: &License) {
        let link = license.url.as_ref().map(|url| Tag::new("a").attr("rel", "license").url("href", url));
        match link {
            Some(link) if license.own_text => {
                let view = self.words.get("appendix-view-license");
                self.text(&license.text);
                self.text(" ");
                self.leaf(link, &format!("({view})"));
            }
            Some(link) => self.leaf(link, &license.text),
            None => self.text(&license.text),
        }
    }

    /// How to cite the page.
    fn cite_this(&mut self) {
        let shown = self.options.cite_as;
        let Some(citation) = self.links.citation.as_ref().filter(|_| shown.bibtex || shown.display) else { return };
        let label = || Tag::new("div").class("quarto-appendix-secondary-label");
        self.line(Tag::new("section").class("quarto-appendix-contents").id("quarto-citation"), |b| {
            b.appendix_heading("section-title-citation", None);
            b.line(Tag::new("div"), |b| {
                if shown.bibtex {
                    b.leaf(label(), &b.words.get("appendix-attribution-bibtex"));
                    b.element(Tag::new("pre").class("sourceCode code-with-copy quarto-appendix-bibtex"), |b| {
                        b.leaf(Tag::new("code").class("sourceCode bibtex"), &citation.bibtex);
                        if b.options.code_copy {
                            b.copy_button();
                        }
                    });
                }
                if !shown.display {
                    return;
                }
                b.leaf(label(), &b.words.get("appendix-attribution-cite-as"));
                let entry = Tag::new("div").id(&format!("ref-{}", citation.entry.key));
                let entry = entry.class("csl-entry").class("quarto-appendix-citeas").spans_columns();
                b.line(entry, |b| b.inlines(&citation.entry.content));
            });
        });
    }

    fn fact_section(&mut self, id: &str, word: &str, write: impl FnOnce(&mut Self)) {
        self.line(Tag::new("section").class("quarto-appendix-contents").id(id), |b| {
            b.appendix_heading(word, None);
            b.lines(Tag::new("div").class("quarto-appendix-contents"), write);
        });
    }

    /// Long descriptions for the lightbox, hidden on the page.
    fn lightbox_texts(&mut self) {
        let descriptions = std::mem::take(&mut self.lightbox_descriptions);
        if descriptions.is_empty() {
            return;
        }
        self.lines(Tag::new("div").class("hidden").attr("aria-hidden", "true"), |b| {
            for (number, text) in descriptions {
                let tag = Tag::new("div").class("glightbox-desc").class(&format!("lightbox-desc-{number}"));
                b.lines(tag, |b| {
                    b.leaf(Tag::new("p"), &text);
                    b.newline();
                });
            }
        });
    }
}
