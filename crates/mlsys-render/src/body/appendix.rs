//! The page's end: appendix sections, references, notes, licence and citation. Source: Quarto, "Appendices".

use super::Body;
use super::options::NotePlace;
use crate::html;
use mlsys_book::Value;

impl Body<'_> {
    /// What belongs to the page's end.
    pub(super) fn end_of_page(&mut self) {
        let sections = std::mem::take(&mut self.appendix);
        let references = (self.wants_references() && !self.references_placed).then(|| {
            self.captured(|b| {
                b.push(
                    "<section class=\"quarto-appendix-contents\" role=\"doc-bibliography\" id=\"quarto-bibliography\">",
                );
                b.appendix_heading("section-title-references", Some("reference-section-title"));
                b.references();
                b.push("</section>\n");
            })
        });
        let plain = self.options.appendix_style == "none";
        let notes = (self.options.notes == NotePlace::Document && self.has_waiting_notes()).then(|| {
            self.captured(|b| {
                b.push(
                    "<section id=\"footnotes\" class=\"footnotes footnotes-end-of-document\" role=\"doc-endnotes\">",
                );
                if plain {
                    b.push("<hr>\n");
                } else {
                    b.appendix_heading("section-title-footnotes", None);
                }
                let (_, items) = b.note_items();
                b.push("<ol>\n");
                b.push(&items);
                b.push("</ol>\n</section>\n");
            })
        });
        let facts = self.captured(Self::appendix_facts);
        let parts: Vec<String> = sections.into_iter().chain(references).chain(notes).chain(Some(facts)).collect();
        if parts.iter().any(|p| !p.is_empty()) {
            if plain {
                parts.iter().for_each(|p| self.push(p));
            } else {
                let classes: &[&str] = if self.options.appendix_style == "plain" { &[] } else { &["default"] };
                self.out.open("div", "quarto-appendix", classes, |_| {});
                self.push("\n");
                parts.iter().for_each(|p| self.push(p));
                self.out.close("div");
            }
        }
        self.lightbox_texts();
    }

    fn appendix_heading(&mut self, word: &str, key: Option<&str>) {
        let own = key.and_then(|key| self.chapter.meta.get(key)).and_then(Value::to_text);
        let title = own.unwrap_or_else(|| self.words.get(word));
        self.last_level = 2;
        self.push("<h2 class=\"anchored quarto-appendix-heading\">");
        self.text(&title);
        self.push("</h2>\n");
    }

    /// Licence and copyright.
    fn appendix_facts(&mut self) {
        if self.options.appendix_style == "none" {
            return;
        }
        let meta = &self.chapter.meta;
        if let Some(license) = meta.get("license") {
            let licenses: Vec<License> = license.items().iter().filter_map(License::new).collect();
            if !licenses.is_empty() {
                self.fact_section("quarto-reuse", "section-title-reuse", |b| {
                    for license in &licenses {
                        b.push("<div>");
                        let view = b.words.get("appendix-view-license");
                        match &license.url {
                            Some(url) if license.own_text => {
                                b.text(&license.text);
                                b.push(" <a rel=\"license\"");
                                html::address_attribute(&mut b.out.text, "href", url);
                                b.push(">(");
                                b.text(&view);
                                b.push(")</a>");
                            }
                            Some(url) => {
                                b.push("<a rel=\"license\"");
                                html::address_attribute(&mut b.out.text, "href", url);
                                b.push(">");
                                b.text(&license.text);
                                b.push("</a>");
                            }
                            None => b.text(&license.text),
                        }
                        b.push("</div>\n");
                    }
                });
            }
        }
        let copyright = meta.get("copyright").and_then(copyright);
        if let Some(copyright) = copyright {
            self.fact_section("quarto-copyright", "section-title-copyright", |b| {
                b.push("<div>");
                b.text(&copyright);
                b.push("</div>\n");
            });
        }
        self.cite_this();
    }

    /// How to cite the page.
    fn cite_this(&mut self) {
        let Some(citation) = &self.links.citation else { return };
        self.push("<section class=\"quarto-appendix-contents\" id=\"quarto-citation\">");
        self.appendix_heading("section-title-citation", None);
        self.push("<div><div class=\"quarto-appendix-secondary-label\">");
        self.text(&self.words.get("appendix-attribution-bibtex"));
        self.push(
            "</div><pre class=\"sourceCode code-with-copy quarto-appendix-bibtex\"><code class=\"sourceCode bibtex\">",
        );
        self.text(&citation.bibtex);
        self.push("</code>");
        if self.options.code_copy {
            let label = self.words.get("copy-button-tooltip");
            self.push("<button");
            html::attribute(&mut self.out.text, "title", &label);
            self.push(" class=\"code-copy-button\"><i class=\"bi\"></i></button>");
        }
        self.push("</pre><div class=\"quarto-appendix-secondary-label\">");
        self.text(&self.words.get("appendix-attribution-cite-as"));
        self.push("</div>");
        self.out.open("div", &format!("ref-{}", citation.entry.key), &["csl-entry", "quarto-appendix-citeas"], |_| {});
        self.inlines(&citation.entry.content);
        self.out.close("div");
        self.push("</div>\n</section>\n");
    }

    fn fact_section(&mut self, id: &str, word: &str, write: impl FnOnce(&mut Self)) {
        self.push("<section class=\"quarto-appendix-contents\"");
        html::attribute(&mut self.out.text, "id", id);
        self.push(">");
        self.appendix_heading(word, None);
        self.push("<div class=\"quarto-appendix-contents\">\n");
        write(self);
        self.push("</div>\n</section>\n");
    }

    /// Longer descriptions for the lightbox, unseen on the page.
    fn lightbox_texts(&mut self) {
        let descriptions = std::mem::take(&mut self.lightbox_descriptions);
        if descriptions.is_empty() {
            return;
        }
        self.push("<div class=\"hidden\" aria-hidden=\"true\">\n");
        for (number, text) in descriptions {
            self.push(&format!("<div class=\"glightbox-desc lightbox-desc-{number}\">\n<p>"));
            self.text(&text);
            self.push("</p>\n</div>\n");
        }
        self.push("</div>\n");
    }
}

/// `copyright`: a statement, or a holder with years. Source: Quarto, "Appendices", copyright.
pub(crate) fn copyright(value: &Value) -> Option<String> {
    let statement = value.to_text().or_else(|| value.get("statement")?.to_text());
    statement.or_else(|| {
        let holder = value.get("holder")?.to_text()?;
        let years: Vec<String> =
            value.get("year").map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect();
        Some(format!("Copyright {}, {holder}", years.join(", ")).replace(" ,", ""))
    })
}

/// A licence as the appendix shows it.
pub(crate) struct License {
    /// Its name, or the author's text.
    pub text: String,
    /// Whether the text is the author's own rather than the licence's name, so that it is not the link itself.
    pub own_text: bool,
    /// Its address.
    pub url: Option<String>,
}

impl License {
    pub fn new(value: &Value) -> Option<License> {
        let Some(name) = value.to_text() else {
            let text = value.get("text").or_else(|| value.get("type"))?.to_text()?;
            let own_text = value.get("text").is_some();
            return Some(License { text, own_text, url: value.get("url").and_then(Value::to_text) });
        };
        // Creative Commons by their short names. Source: Quarto, "Appendices", licence.
        let upper = name.to_uppercase();
        if upper == "CC0" {
            let url = "https://creativecommons.org/publicdomain/zero/1.0/".to_owned();
            return Some(License { text: "CC0 1.0".to_owned(), own_text: false, url: Some(url) });
        }
        match upper.strip_prefix("CC ") {
            Some(terms) => {
                let url = format!("https://creativecommons.org/licenses/{}/4.0/", terms.trim().to_lowercase());
                Some(License { text: format!("{upper} 4.0"), own_text: false, url: Some(url) })
            }
            None => Some(License { text: name, own_text: true, url: None }),
        }
    }
}
