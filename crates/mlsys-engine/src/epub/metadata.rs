//! The facts of a book, from its configuration. Source: Quarto, "Book Metadata"; Pandoc manual, "EPUB Metadata".

use crate::project::Book;
use crate::url::local_file;
use jiff::civil::Date;
use mlsys_book::{OptionName, Value, Words, date_of_text, key, name};
use mlsys_epub::Metadata;
use mlsys_parse::file_stem;
use mlsys_render::{Clock, shown_date};

/// The facts of a book.
pub fn metadata(book: &Book) -> Metadata {
    let facts = Facts::new(book);
    let date = facts.date();
    let mut metadata = Metadata {
        title: facts.title(),
        subtitle: facts.text(name!("book", "subtitle")),
        language: language(book),
        authors: facts.people(&[name!("creator"), name!("book", "author"), name!("book", "authors")]),
        contributors: facts.people(&[name!("book", "contributor"), name!("contributors")]),
        publisher: facts.text(name!("publisher")),
        date: date.as_ref().map(|(iso, _)| iso.clone()),
        shown_date: date.map(|(_, shown)| shown),
        modified: modified(book).to_string(),
        description: facts.text(name!("book", "description")).or_else(|| book.project.site.description.clone()),
        subjects: facts.list(name!("subject")).into_iter().chain(facts.list(name!("book", "keywords"))).collect(),
        rights: facts.rights(),
        source: facts.text(name!("book", "source")).or_else(|| book.project.site.url.clone()),
        kind: facts.text(name!("type")).filter(|kind| kind != "book" && kind != "website"),
        relation: facts.text(name!("relation")),
        coverage: facts.text(name!("coverage")),
        identifier: String::new(),
    };
    metadata.subjects.dedup();
    metadata.identifier = facts.identifier().unwrap_or_else(|| metadata.identified());
    metadata
}

/// The name of the EPUB: `output-file`, otherwise the title. Source: Quarto, "Book Options", `output-file`.
pub fn file_name(book: &Book) -> String {
    let facts = Facts::new(book);
    let name = facts.book.and_then(|raw| raw.read(key!("book", "output-file")));
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| facts.title());
    let name = name.strip_suffix(".epub").unwrap_or(&name).to_owned();
    let name = file_stem(&name);
    format!("{}.epub", if name.is_empty() { "book" } else { &name })
}

/// The file of the cover's image, and its alternative text.
pub fn cover(book: &Book) -> Option<(String, String)> {
    let facts = Facts::new(book);
    let image =
        [name!("epub-cover-image"), name!("book", "cover-image")].into_iter().find_map(|key| facts.text(key))?;
    let alt = facts.text(name!("book", "cover-image-alt")).unwrap_or_else(|| facts.title());
    Some((local_file("", &image)?, alt))
}

/// True if the package has a page with title and authors: `epub-title-page`, with a cover too.
pub fn has_title_page(book: &Book) -> bool {
    book.project.meta.read(key!("epub-title-page")) != Some(false)
}

/// The language of a book.
pub fn language(book: &Book) -> String {
    let meta = &book.project.meta;
    let written =
        [meta.value(name!("lang")), meta.value(name!("language"))].into_iter().flatten().find_map(Value::to_text);
    written.unwrap_or_else(|| Words::new(meta).lang().to_owned()).replace('_', "-")
}

/// The day on which the text changed last. Unlike the day of the build it makes the same package of the same sources.
fn modified(book: &Book) -> Date {
    book.pages.iter().map(|page| page.modified).max().unwrap_or(book.today)
}

/// What a configuration says of its book: in the format's options, at the top, and under `book` or `website`.
struct Facts<'a> {
    source: &'a Book,
    meta: &'a Value,
    book: Option<&'a Value>,
}

impl<'a> Facts<'a> {
    fn new(book: &'a Book) -> Self {
        Facts { source: book, meta: &book.project.meta, book: book.project.site.raw.as_ref() }
    }

    fn value(&self, key: OptionName) -> Option<&'a Value> {
        self.meta.value(key).or_else(|| self.book?.value(key))
    }

    fn text(&self, key: OptionName) -> Option<String> {
        let value = self.value(key)?;
        let text = value.to_text().or_else(|| value.get("text")?.to_text())?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn list(&self, key: OptionName) -> Vec<String> {
        let items = self.value(key).map_or(&[][..], Value::items).iter();
        items.filter_map(|item| item.to_text().or_else(|| item.get("text")?.to_text())).collect()
    }

    /// The title; without one, the first title of a page, then the name of the folder.
    fn title(&self) -> String {
        let title = Some(self.source.project.site.title.clone()).filter(|title| !title.is_empty());
        title
            .or_else(|| self.text(name!("book", "title")))
            .or_else(|| self.source.root.file_name().map(str::to_owned))
            .unwrap_or_else(|| "Book".to_owned())
    }

    fn people(&self, keys: &[OptionName]) -> Vec<String> {
        let Some(value) = keys.iter().find_map(|key| self.value(*key)) else { return Vec::new() };
        let is_person = value.value(name!("author", "name")).is_some()
            || value.get("text").is_some()
            || value.value(name!("name", "given")).is_some();
        let people = if is_person { std::slice::from_ref(value) } else { value.items() };
        people.iter().filter_map(person).collect()
    }

    /// The date of publication as ISO 8601 has it, as far as the author gave it, and as the title page shows it.
    fn date(&self) -> Option<(String, String)> {
        let value = self.value(name!("book", "date"))?;
        let written = value.to_text().or_else(|| value.read(key!("date", "value")))?;
        let clock = Clock { today: self.source.today, modified: modified(self.source) };
        let format = value.read(key!("date", "format")).or_else(|| self.text(name!("book", "date-format")));
        let shown = || shown_date(&written, format.as_deref(), &Words::new(self.meta), &clock);
        let iso = match written.trim() {
            "today" | "now" => clock.today.to_string(),
            "last-modified" => clock.modified.to_string(),
            text => match date_of_text(text)? {
                (year, None, _) => return Some((format!("{year:04}"), text.to_owned())),
                (year, Some(month), None) => return Some((format!("{year:04}-{month:02}"), text.to_owned())),
                (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            },
        };
        Some((iso, shown()))
    }

    fn rights(&self) -> Option<String> {
        let license = || {
            let license = self.value(name!("book", "license"))?;
            license
                .to_text()
                .or_else(|| license.read(key!("license", "text")))
                .or_else(|| license.read(key!("license", "type")))
        };
        let copyright = || {
            let copyright = self.value(name!("copyright"))?;
            copyright.to_text().or_else(|| copyright.read(key!("copyright", "statement")))
        };
        self.text(name!("rights")).or_else(license).or_else(copyright)
    }

    fn identifier(&self) -> Option<String> {
        let isbn = || Some(format!("urn:isbn:{}", self.text(name!("isbn"))?.replace([' ', '-'], "")));
        let doi = || {
            let doi = self.text(name!("book", "doi"))?;
            Some(format!("https://doi.org/{}", doi.trim_start_matches("https://doi.org/")))
        };
        self.text(name!("identifier")).or_else(isbn).or_else(doi)
    }
}

/// The name of a person: a text, or a map with its parts.
fn person(value: &Value) -> Option<String> {
    let name = value.value(name!("author", "name")).unwrap_or(value);
    let parts = || {
        let parts: Vec<String> = [
            name!("name", "given"),
            name!("name", "dropping-particle"),
            name!("name", "non-dropping-particle"),
            name!("name", "family"),
        ]
        .into_iter()
        .filter_map(|key| name.text(key))
        .collect();
        Some(parts.join(" ")).filter(|name| !name.is_empty())
    };
    let text = name.to_text().or_else(|| name.read(key!("name", "literal"))).or_else(|| name.get("text")?.to_text());
    text.or_else(parts).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}
