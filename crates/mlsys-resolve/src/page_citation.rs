//! How others may cite a page. Source: Quarto, "Creating Citeable Articles".

use crate::rich_text::reference;
use mlsys_book::{
    Chapter, Date, DatePart, InlineKind, Markup, Name, Node, OptionName, PageCitation, PageId, Place, Project, Span,
    Value, Work, date_of_text, key, name, plain_markup, walk_inlines, without_index,
};
use mlsys_csl::Entry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The days that `today` and `last-modified` stand for, in ISO form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelativeDates {
    /// The date of the build.
    pub today: String,
    /// The date of the page's last change.
    pub modified: String,
}

impl RelativeDates {
    /// The date that a text of the metadata stands for.
    fn resolve(&self, text: &str) -> Option<Date> {
        match text.trim() {
            "today" | "now" => date(&self.today),
            "last-modified" => date(&self.modified),
            text => date(text),
        }
    }
}

/// True if a page's citation has a date that depends on the build or on the file.
pub fn has_relative_date(meta: &Value) -> bool {
    let is_relative = |value: &Value| matches!(value.as_str(), Some("today" | "now" | "last-modified"));
    let citation = meta.value(name!("citation")).filter(|value| value.as_bool() != Some(false));
    citation.is_some_and(|citation| {
        [
            citation.value(name!("citation", "issued")),
            citation.value(name!("citation", "accessed")),
            meta.value(name!("date")),
        ]
        .into_iter()
        .flatten()
        .any(is_relative)
    })
}

/// The page as a work, if its metadata has `citation`.
pub(crate) fn page_work(chapter: &Chapter, page: PageId, project: &Project, dates: &RelativeDates) -> Option<Work> {
    let value = chapter.meta.value(name!("citation")).filter(|value| value.as_bool() != Some(false))?;
    Some(work(chapter, page, project, value, dates))
}

/// How others may cite the page: a BibTeX entry, and the page as an entry of a bibliography.
pub(crate) fn page_citation(
    chapter: &Chapter,
    page: PageId,
    project: &Project,
    dates: &RelativeDates,
    entry: Option<&Entry>,
) -> Option<PageCitation> {
    let work = page_work(chapter, page, project, dates)?;
    let lang = chapter.meta.value(name!("lang")).and_then(Value::as_str).unwrap_or("en");
    Some(PageCitation { bibtex: bibtex(&work, lang), entry: reference(entry?.clone()) })
}

/// The page as a work: the options of `citation`, completed by the page's metadata.
fn work(chapter: &Chapter, page: PageId, project: &Project, citation: &Value, on: &RelativeDates) -> Work {
    let option = |key: OptionName| citation.text(key).filter(|t| !t.is_empty());
    let meta = |key: OptionName| chapter.meta.text(key).filter(|t| !t.is_empty());
    let mut texts: BTreeMap<String, Vec<Markup>> = BTreeMap::new();
    let mut put = |variable: &str, text: Option<String>| {
        if let Some(text) = text {
            texts.insert(variable.to_owned(), vec![Markup::Text(text)]);
        }
    };
    put("title", option(name!("citation", "title")).or_else(|| chapter.title.as_deref().map(plain)));
    let page_url = || {
        let output = &project.pages.page(page)?.output;
        Some(format!("{}{}", project.site.url.as_deref()?, without_index(output)))
    };
    put("URL", option(name!("citation", "url")).or_else(|| option(name!("citation", "URL"))).or_else(page_url));
    put(
        "DOI",
        option(name!("citation", "doi")).or_else(|| option(name!("citation", "DOI"))).or_else(|| meta(name!("doi"))),
    );
    put("ISSN", option(name!("citation", "issn")).or_else(|| option(name!("citation", "ISSN"))));
    put("ISBN", option(name!("citation", "isbn")).or_else(|| option(name!("citation", "ISBN"))));
    for key in [
        name!("citation", "container-title"),
        name!("citation", "collection-title"),
        name!("citation", "volume"),
        name!("citation", "issue"),
        name!("citation", "number"),
        name!("citation", "page"),
        name!("citation", "publisher"),
        name!("citation", "publisher-place"),
        name!("citation", "edition"),
        name!("citation", "genre"),
        name!("citation", "event-title"),
        name!("citation", "version"),
        name!("citation", "abstract"),
        name!("citation", "note"),
    ] {
        put(key.text(), option(key));
    }
    put(
        "page",
        option(name!("citation", "page")).or_else(|| {
            match (option(name!("citation", "page-first")), option(name!("citation", "page-last"))) {
                (Some(first), Some(last)) => Some(format!("{first}-{last}")),
                (first, _) => first,
            }
        }),
    );
    let mut names = BTreeMap::new();
    let people =
        |value: Option<&Value>| value.map_or(&[][..], Value::items).iter().filter_map(name).collect::<Vec<_>>();
    let authors = citation
        .value(name!("citation", "author"))
        .or_else(|| chapter.meta.value(name!("author")))
        .or_else(|| chapter.meta.value(name!("authors")));
    for (variable, list) in
        [("author", people(authors)), ("editor", people(citation.value(name!("citation", "editor"))))]
    {
        if !list.is_empty() {
            names.insert(variable.to_owned(), list);
        }
    }
    let mut dates = BTreeMap::new();
    let issued = option(name!("citation", "issued"))
        .or_else(|| meta(name!("date")))
        .as_deref()
        .and_then(|text| on.resolve(text));
    if let Some(issued) = issued.clone() {
        dates.insert("issued".to_owned(), issued);
    }
    if let Some(accessed) = option(name!("citation", "accessed")).as_deref().and_then(|text| on.resolve(text)) {
        dates.insert("accessed".to_owned(), accessed);
    }
    let family = names.get("author").and_then(|authors: &Vec<Name>| authors.first());
    let family = family.and_then(|name| name.family.clone().or_else(|| name.literal.clone())).unwrap_or_default();
    let year = issued.and_then(|date| date.parts.first()?.year).map(|year| year.to_string());
    let key: String = family.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let key = option(name!("citation", "citation-key")).unwrap_or_else(|| format!("{key}{}", year.unwrap_or_default()));
    Work {
        key: if key.is_empty() { "untitled".to_owned() } else { key },
        place: Place { source: chapter.source, span: Span::new(0, 0) },
        kind: option(name!("citation", "type")).unwrap_or_else(|| "webpage".to_owned()),
        texts,
        names,
        dates,
    }
}

/// The text of a title.
fn plain(inlines: &[mlsys_book::Inline]) -> String {
    let mut out = String::new();
    walk_inlines(inlines, &mut |node| {
        if let Node::Inline(inline) = node {
            match &inline.kind {
                InlineKind::Str(text) | InlineKind::Code(_, text) => out.push_str(text),
                InlineKind::SoftBreak | InlineKind::LineBreak => out.push(' '),
                InlineKind::Math(math) => out.push_str(&math.tex),
                // The walk visits the content of these, or they have no text.
                InlineKind::Emph(_)
                | InlineKind::Strong(_)
                | InlineKind::Strikeout(_)
                | InlineKind::Superscript(_)
                | InlineKind::Subscript(_)
                | InlineKind::Underline(_)
                | InlineKind::SmallCaps(_)
                | InlineKind::Span(..)
                | InlineKind::Link(_)
                | InlineKind::Image(_)
                | InlineKind::Cite(_)
                | InlineKind::Note(_)
                | InlineKind::RawInline(..)
                | InlineKind::Shortcode(_)
                | InlineKind::ExampleRef(_)
                | InlineKind::Cell(..) => {}
            }
        }
        true
    });
    out
}

/// A person's name, in parts or as text. In text the last word is the family name, and lower-case words before it are particles.
fn name(value: &Value) -> Option<Name> {
    let named = value.value(name!("author", "name")).unwrap_or(value);
    let part = |key: OptionName| named.text(key);
    if let Some(family) = part(name!("name", "family")) {
        return Some(Name {
            family: Some(family),
            given: part(name!("name", "given")),
            dropping_particle: part(name!("name", "dropping-particle")),
            non_dropping_particle: part(name!("name", "non-dropping-particle")),
            suffix: part(name!("name", "suffix")),
            ..Name::default()
        });
    }
    if let Some(literal) = part(name!("name", "literal")).or_else(|| value.read(key!("name", "literal"))) {
        return Some(Name { literal: Some(literal), ..Name::default() });
    }
    let text = named.to_text()?;
    if let Some((family, given)) = text.split_once(',') {
        let (family, given) = (Some(family.trim().to_owned()), Some(given.trim().to_owned()));
        return Some(Name { family, given, ..Name::default() });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (family, before) = words.split_last()?;
    let particle = before.iter().position(|word| word.starts_with(char::is_lowercase)).unwrap_or(before.len());
    let joined = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    Some(Name {
        family: Some((*family).to_owned()),
        given: joined(&before[..particle]),
        non_dropping_particle: joined(&before[particle..]),
        ..Name::default()
    })
}

fn date(text: &str) -> Option<Date> {
    let (year, month, day) = date_of_text(text)?;
    Some(Date { parts: vec![DatePart { year: Some(year), month, day }], ..Date::default() })
}

/// The BibTeX entry of a work, with the fields of Pandoc's `biblatex` writer, in its order.
fn bibtex(work: &Work, lang: &str) -> String {
    let kind = match work.kind.as_str() {
        "article-journal" | "article-magazine" | "article-newspaper" => "article",
        "book" => "book",
        "chapter" | "entry-encyclopedia" => "incollection",
        "paper-conference" => "inproceedings",
        "report" => "report",
        "thesis" => "thesis",
        "software" => "software",
        "dataset" => "dataset",
        "webpage" | "post-weblog" | "post" => "online",
        _ => "misc",
    };
    let mut out = format!("@{kind}{{{},\n", work.key);
    let mut fields: Vec<String> = Vec::new();
    let mut put = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            fields.push(format!("  {field} = {{{value}}}"));
        }
    };
    let text = |variable: &str| work.texts.get(variable).map(|runs| tex(&plain_markup(runs)));
    let people = |variable: &str| {
        let names = work.names.get(variable)?.iter().map(bibtex_name).collect::<Vec<_>>();
        Some(names.join(" and "))
    };
    put("author", people("author"));
    put("editor", people("editor"));
    let title = work.texts.get("title").map(|runs| plain_markup(runs));
    put("title", title.map(|title| if lang.starts_with("en") { bibtex_title(&title) } else { tex(&title) }));
    match kind {
        "article" => put("journal", text("container-title")),
        "incollection" | "inproceedings" => put("booktitle", text("container-title")),
        _ => put("publisher", text("publisher").or_else(|| text("container-title"))),
    }
    put("series", text("collection-title"));
    put("edition", text("edition"));
    put("volume", text("volume"));
    put("number", text("issue").or_else(|| text("number")));
    put("pages", text("page").map(|pages| pages.replace('-', "--")));
    put("date", work.dates.get("issued").and_then(|date| date.parts.first()).map(iso));
    put("url", work.text("URL"));
    put("doi", work.text("DOI"));
    put("isbn", text("ISBN"));
    put("issn", text("ISSN"));
    put("langid", Some(lang.to_owned()));
    put("abstract", text("abstract"));
    out.push_str(&fields.join(",\n"));
    out.push_str("\n}\n");
    out
}

/// An English title for BibTeX, whose styles put titles into the case of a sentence: words in title case, and in braces those whose
/// capitals must stay. Source: Pandoc's BibTeX writer.
fn bibtex_title(title: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut begins = true;
    for word in title.split_whitespace() {
        let has_capital = word.chars().any(char::is_uppercase);
        let written = match (has_capital, begins) {
            (true, _) if out.is_empty() => tex(word),
            (true, _) => format!("{{{}}}", tex(word)),
            (false, false) if SMALL_WORDS.contains(&word.trim_end_matches(|c: char| !c.is_alphanumeric())) => tex(word),
            (false, _) => tex(&crate::crossref::capitalised(word)),
        };
        begins = word.ends_with([':', '?', '!', '.']);
        out.push(written);
    }
    out.join(" ")
}

/// The words that stay in lower case within English titles. Source: CSL 1.0.2, "Title Case Conversion".
const SMALL_WORDS: [&str; 33] = [
    "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of", "on", "onto", "or",
    "over", "so", "the", "till", "to", "up", "via", "with", "yet", "de", "et", "et al", "van", "von", "vs", "vs.",
];

fn bibtex_name(name: &Name) -> String {
    let Some(family) = &name.family else { return format!("{{{}}}", tex(name.literal.as_deref().unwrap_or(""))) };
    let particles = [&name.dropping_particle, &name.non_dropping_particle].into_iter().flatten();
    let family = particles.chain([family]).cloned().collect::<Vec<_>>().join(" ");
    let rest = [name.suffix.as_ref(), name.given.as_ref()].into_iter().flatten().cloned();
    tex(&[family].into_iter().chain(rest).collect::<Vec<_>>().join(", "))
}

fn iso(part: &DatePart) -> String {
    let mut out = part.year.map(|year| year.to_string()).unwrap_or_default();
    for number in [part.month, part.day].into_iter().flatten() {
        out.push_str(&format!("-{number:02}"));
    }
    out
}

/// Escapes the characters that are commands in TeX.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '&' | '%' | '$' | '#' | '_' | '{' | '}') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
