//! What the package says about the book.

use crate::xml::escape;
use std::fmt::Write;

/// The facts of a book.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The title.
    pub title: String,
    /// The subtitle.
    pub subtitle: Option<String>,
    /// What identifies the book, in all of its editions alike: an ISBN, DOI, URL or UUID. See [`Metadata::identified`].
    pub identifier: String,
    /// The language, as in BCP 47.
    pub language: String,
    /// The authors.
    pub authors: Vec<String>,
    /// Editors, illustrators and others.
    pub contributors: Vec<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// The date of publication: `2026`, `2026-11` or `2026-11-30`.
    pub date: Option<String>,
    /// The same date as the title page shows it: `30 November 2026`.
    pub shown_date: Option<String>,
    /// The day of the last change: `2026-11-30`.
    pub modified: String,
    /// The description.
    pub description: Option<String>,
    /// The subjects.
    pub subjects: Vec<String>,
    /// The licence or the statement of copyright.
    pub rights: Option<String>,
    /// The work that this is an edition of: the URL of the site.
    pub source: Option<String>,
    /// The kind of work.
    pub kind: Option<String>,
    /// What else the book belongs to.
    pub relation: Option<String>,
    /// Its scope.
    pub coverage: Option<String>,
}

/// What the pages are like for readers who do not see or hear them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    pub has_images: bool,
    pub has_animation: bool,
    pub has_math: bool,
    /// True if all images have alternative texts.
    pub is_described: bool,
}

impl Metadata {
    /// A stable identifier for a book without one: a UUID made of its title, authors and language.
    pub fn identified(&self) -> String {
        let facts = [&[self.title.clone(), self.language.clone()], self.authors.as_slice()].concat().join("\n");
        let hash = blake3::hash(facts.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        // Version 8: made as the application likes. Source: RFC 9562.
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// The element `metadata` of the package document.
    pub(crate) fn write(&self, out: &mut String, access: Access, cover: Option<&str>) {
        out.push_str("<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n");
        element(out, "dc:identifier id=\"identifier\"", &self.identifier);
        element(out, "dc:title id=\"title\"", &self.title);
        out.push_str("<meta refines=\"#title\" property=\"title-type\">main</meta>\n");
        if let Some(subtitle) = &self.subtitle {
            element(out, "dc:title id=\"subtitle\"", subtitle);
            out.push_str("<meta refines=\"#subtitle\" property=\"title-type\">subtitle</meta>\n");
        }
        element(out, "dc:language", &self.language);
        for (number, author) in (1..).zip(&self.authors) {
            person(out, "creator", number, author, "aut");
        }
        for (number, contributor) in (1..).zip(&self.contributors) {
            person(out, "contributor", number, contributor, "ctb");
        }
        let facts = [
            ("dc:publisher", &self.publisher),
            ("dc:date", &self.date),
            ("dc:description", &self.description),
            ("dc:rights", &self.rights),
            ("dc:source", &self.source),
            ("dc:type", &self.kind),
            ("dc:relation", &self.relation),
            ("dc:coverage", &self.coverage),
        ];
        for (name, fact) in facts {
            fact.iter().for_each(|fact| element(out, name, fact));
        }
        self.subjects.iter().for_each(|subject| element(out, "dc:subject", subject));
        property(out, "dcterms:modified", &format!("{}T00:00:00Z", self.modified));
        if let Some(cover) = cover {
            // Readers of EPUB 2 look here.
            let _ = writeln!(out, "<meta name=\"cover\" content=\"{cover}\"/>");
        }
        access.write(out);
        out.push_str("</metadata>\n");
    }
}

impl Access {
    /// Source: EPUB Accessibility 1.1, "Discovery metadata", and the schema.org accessibility properties.
    fn write(self, out: &mut String) {
        property(out, "schema:accessMode", "textual");
        if self.has_images {
            property(out, "schema:accessMode", "visual");
        }
        if self.is_described {
            property(out, "schema:accessModeSufficient", "textual");
        }
        if self.has_images {
            property(out, "schema:accessModeSufficient", "textual,visual");
        }
        let mut features = vec!["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"];
        if self.has_images && self.is_described {
            features.push("alternativeText");
        }
        if self.has_math {
            features.extend(["MathML", "latex"]);
        }
        features.into_iter().for_each(|feature| property(out, "schema:accessibilityFeature", feature));
        property(out, "schema:accessibilityHazard", if self.has_animation { "unknown" } else { "none" });
        let images = match (self.has_images, self.is_described) {
            (false, _) => "",
            (true, true) => " Every image has an alternative text.",
            (true, false) => " Not every image has an alternative text.",
        };
        let math = if self.has_math { " Formulas are MathML with their TeX as alternative text." } else { "" };
        let summary = format!("The text reflows; headings, lists, tables and links are marked up.{images}{math}");
        property(out, "schema:accessibilitySummary", &summary);
    }
}

/// Writes a person with a role. Source: MARC relators.
fn person(out: &mut String, kind: &str, number: u32, name: &str, role: &str) {
    element(out, &format!("dc:{kind} id=\"{kind}-{number}\""), name);
    let _ =
        writeln!(out, "<meta refines=\"#{kind}-{number}\" property=\"role\" scheme=\"marc:relators\">{role}</meta>");
}

fn element(out: &mut String, start: &str, text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        let name = start.split(' ').next().unwrap_or(start);
        let _ = writeln!(out, "<{start}>{}</{name}>", escape(&text));
    }
}

fn property(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "<meta property=\"{name}\">{}</meta>", escape(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_without_an_identifier_has_the_same_one_in_every_build() {
        let book = Metadata { title: "T".to_owned(), authors: vec!["A".to_owned()], ..Metadata::default() };
        let later = Metadata { modified: "2030-01-01".to_owned(), ..book.clone() };
        assert_eq!(book.identified(), later.identified());
        assert!(book.identified().starts_with("urn:uuid:"));
        assert_ne!(book.identified(), Metadata { title: "U".to_owned(), ..book }.identified());
    }
}
