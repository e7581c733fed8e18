//! BibLaTeX's entry types and fields to CSL's types and variables, as Pandoc's reader maps them.

use super::entries::Entry;
use super::strings::{bibstring, language_tag};
use super::{case, dates, names, tex};
use mlsys_book::{Date, Markup, Source, Work, plain_markup};
use std::collections::BTreeMap;

/// Entries of BibLaTeX's chapter kind: they have a `booktitle`.
const CHAPTERS: &[&str] = &["inbook", "incollection", "inproceedings", "inreference", "bookinbook"];

/// The work of an entry. `lang` is the language of entries that name none.
pub(super) fn work(entry: &Entry, source: &Source, lang: &str) -> Work {
    let language = entry.fields.get("langid").or_else(|| entry.fields.get("hyphenation")).map(|l| language_tag(l));
    let reader = Fields { entry, english: language.as_deref().unwrap_or(lang).starts_with("en") };
    let (kind, genre) = reader.kind();
    let mut work = Work {
        key: entry.key.clone(),
        place: source.place(entry.span),
        kind: kind.to_owned(),
        texts: BTreeMap::new(),
        names: BTreeMap::new(),
        dates: BTreeMap::new(),
    };
    let plain = |text: String| vec![Markup::Text(text)];
    let mut set = |variable: &str, value: Option<Vec<Markup>>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            work.texts.insert(variable.to_owned(), value);
        }
    };
    set("genre", genre.map(plain));
    set("language", language.map(plain));
    reader.titles(&mut set);
    reader.numbers(&mut set);
    reader.publication(&mut set);
    for (field, variable) in [("doi", "DOI"), ("isbn", "ISBN"), ("issn", "ISSN"), ("pmid", "PMID"), ("pmcid", "PMCID")]
    {
        set(variable, reader.raw(field).map(|t| plain(tex::unescape(t))));
    }
    set("URL", reader.url().map(plain));
    for (field, variable) in [
        ("author", "author"),
        ("editor", if reader.raw("editortype") == Some("director") { "director" } else { "editor" }),
        ("translator", "translator"),
        ("director", "director"),
        ("bookauthor", "container-author"),
    ] {
        let use_prefix = reader.raw("options").is_some_and(|o| o.replace(' ', "").contains("useprefix=true"));
        let list = reader.raw(field).map(|value| names::list(&tex::read(value), use_prefix)).unwrap_or_default();
        if !list.is_empty() {
            work.names.insert(variable.to_owned(), list);
        }
    }
    for (prefix, field, variable) in [
        ("", "date", "issued"),
        ("event", "eventdate", "event-date"),
        ("orig", "origdate", "original-date"),
        ("url", "urldate", "accessed"),
    ] {
        if let Some(date) = reader.date(prefix, field) {
            work.dates.insert(variable.to_owned(), date);
        }
    }
    work
}

struct Fields<'e> {
    entry: &'e Entry,
    /// True if titles are in English, and so get sentence case.
    english: bool,
}

type Set<'a> = dyn FnMut(&str, Option<Vec<Markup>>) + 'a;

impl<'e> Fields<'e> {
    fn raw(&self, field: &str) -> Option<&'e str> {
        self.entry.fields.get(field).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// A field as text; braces mean nothing.
    fn text(&self, field: &str) -> Option<Vec<Markup>> {
        self.raw(field).map(|value| flatten(tex::read(value)))
    }

    /// A title: sentence case where it is English, braces protect.
    fn title(&self, field: &str) -> Option<Vec<Markup>> {
        let runs = tex::read(self.raw(field)?);
        Some(if self.english { case::release(case::sentence_case(runs)) } else { flatten(runs) })
    }

    fn first_title(&self, fields: &[&str]) -> Option<Vec<Markup>> {
        fields.iter().find_map(|f| self.title(f))
    }

    fn first_text(&self, fields: &[&str]) -> Option<Vec<Markup>> {
        fields.iter().find_map(|f| self.text(f))
    }

    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.entry.kind.as_str())
    }

    /// The CSL type and the genre.
    fn kind(&self) -> (&'static str, Option<String>) {
        let subtype = self.raw("entrysubtype").unwrap_or("");
        let article = match subtype {
            "magazine" => "article-magazine",
            "newspaper" => "article-newspaper",
            _ => "article-journal",
        };
        let event = ["eventdate", "eventtitle", "venue"].iter().any(|f| self.raw(f).is_some());
        let kind = match self.entry.kind.as_str() {
            "article" | "periodical" | "suppperiodical" => article,
            "book" | "collection" | "manual" | "mvbook" | "mvcollection" | "mvproceedings" | "mvreference"
            | "proceedings" | "reference" | "commentary" => "book",
            "booklet" => "pamphlet",
            "bookinbook" | "inbook" | "incollection" | "suppbook" | "suppcollection" => "chapter",
            "dataset" | "data" => "dataset",
            "electronic" | "online" | "www" => "webpage",
            "inreference" => "entry-encyclopedia",
            "inproceedings" => "paper-conference",
            "mastersthesis" | "phdthesis" | "thesis" => "thesis",
            "patent" => "patent",
            "report" | "techreport" => "report",
            "software" => "software",
            "unpublished" if event => "speech",
            "unpublished" => "manuscript",
            "artwork" | "image" => "graphic",
            "audio" | "music" => "song",
            "jurisdiction" => "legal_case",
            "legislation" | "standard" => "legislation",
            "legal" => "treaty",
            "letter" | "letters" => "personal_communication",
            "movie" | "video" => "motion_picture",
            "performance" => "speech",
            "review" => "review",
            "newsarticle" => "article-newspaper",
            _ => "",
        };
        let genre = match (self.raw("type"), self.entry.kind.as_str()) {
            (Some(key), _) => Some(plain_markup(&tex::read(bibstring(key)))),
            (None, "mastersthesis") => Some(bibstring("mathesis").to_owned()),
            (None, "phdthesis") => Some(bibstring("phdthesis").to_owned()),
            _ => None,
        };
        (kind, genre)
    }

    fn titles(&self, set: &mut Set<'_>) {
        let periodical = self.is(&["periodical"]);
        let chapter = self.is(CHAPTERS);
        let main = self.raw("maintitle").is_some() && !chapter;
        let (title, subtitle, addon): (&[&str], &[&str], &[&str]) = if main {
            (&["maintitle"], &["mainsubtitle"], &["maintitleaddon"])
        } else if periodical {
            (&["issuetitle", "title"], &["issuesubtitle", "subtitle"], &["titleaddon"])
        } else {
            (&["title"], &["subtitle"], &["titleaddon"])
        };
        let subtitle = self.first_title(subtitle);
        let addon = self.first_title(addon);
        let extended = subtitle.is_some() || addon.is_some();
        set("title", self.first_title(title).map(|t| compose(t, subtitle, addon)));
        // A short title is the author's, or the text before the colon.
        let short = self.title("shorttitle").or_else(|| {
            let title = self.title("title")?;
            let before = up_to_colon(&title);
            match before {
                Some(before) => Some(before),
                None if extended && !main => Some(title),
                None => None,
            }
        });
        set("title-short", short);
        if main {
            set(
                "volume-title",
                self.title("title").map(|t| compose(t, self.title("subtitle"), self.title("titleaddon"))),
            );
        } else if self.raw("maintitle").is_some() {
            set(
                "volume-title",
                self.title("booktitle").map(|t| compose(t, self.title("booksubtitle"), self.title("booktitleaddon"))),
            );
        }
        let container = if periodical {
            self.text("title").map(|t| compose(t, self.text("subtitle"), self.text("titleaddon")))
        } else if chapter && self.raw("maintitle").is_some() {
            self.title("maintitle").map(|t| compose(t, self.title("mainsubtitle"), self.title("maintitleaddon")))
        } else if chapter && self.raw("booktitle").is_some() {
            self.title("booktitle").map(|t| compose(t, self.title("booksubtitle"), self.title("booktitleaddon")))
        } else {
            self.first_text(&["journaltitle", "journal"]).map(|t| compose(t, self.text("journalsubtitle"), None))
        };
        set("container-title", container);
        set("container-title-short", self.text("shortjournal"));
        set("collection-title", self.title("series"));
        set("event-title", self.title("eventtitle"));
        set("original-title", self.title("origtitle"));
    }

    fn numbers(&self, set: &mut Set<'_>) {
        let pages = self.text("pages").map(|runs| {
            let text = plain_markup(&runs).replace(['–', '—'], "-");
            vec![Markup::Text(text)]
        });
        set("page", pages);
        let volume = match (self.text("volume"), self.text("part")) {
            (Some(mut volume), Some(part)) => {
                volume.push(Markup::Text(".".to_owned()));
                volume.extend(part);
                Some(join(volume))
            }
            (volume, part) => volume.or(part),
        };
        set("volume", volume);
        set("number-of-volumes", self.text("volumes"));
        set("number-of-pages", self.text("pagetotal"));
        set("chapter-number", self.text("chapter"));
        set("edition", self.text("edition"));
        set("version", self.text("version"));
        const SERIES: &[&str] = &[
            "book",
            "collection",
            "proceedings",
            "reference",
            "mvbook",
            "mvcollection",
            "mvproceedings",
            "mvreference",
            "bookinbook",
            "inbook",
            "incollection",
            "inproceedings",
            "inreference",
            "suppbook",
            "suppcollection",
        ];
        let number = self.text("number");
        if self.is(SERIES) {
            set("collection-number", number);
        } else if self.is(&["article", "periodical", "suppperiodical", "review"]) {
            let issue = match (number, self.text("issue")) {
                (Some(number), issue) => Some(concatenate(',', [Some(number), issue])),
                (None, issue) => issue,
            };
            set("issue", issue);
        } else {
            set("number", number);
        }
    }

    fn publication(&self, set: &mut Set<'_>) {
        let publisher: Vec<Vec<Markup>> = ["school", "institution", "organization", "howpublished", "publisher"]
            .iter()
            .filter_map(|f| if *f == "howpublished" { self.text(f) } else { self.text(f).map(split_and) })
            .collect();
        if !publisher.is_empty() {
            set("publisher", Some(concatenate(';', publisher.into_iter().map(Some))));
        }
        set("original-publisher", self.text("origpublisher"));
        set("event-place", self.text("venue"));
        let location = if self.is(&["patent"]) { None } else { self.text("location") };
        set("publisher-place", self.text("address").or(location).map(split_and));
        set("original-publisher-place", self.text("origlocation"));
        if self.is(&["patent"]) {
            set("jurisdiction", self.text("location").map(split_and));
        }
        set("call-number", self.text("library"));
        set("annote", self.first_text(&["annotation", "annote"]));
        set("abstract", self.text("abstract"));
        set("keyword", self.text("keywords"));
        let note = if self.is(&["periodical"]) { None } else { self.text("note") };
        set("note", Some(concatenate('.', [note, self.text("addendum")])));
        set("status", self.raw("pubstate").map(|k| tex::read(bibstring(k))));
    }

    /// The URL, otherwise that of the preprint server's number.
    fn url(&self) -> Option<String> {
        let options = self.raw("options").unwrap_or("").replace(' ', "");
        if let Some(url) = self.raw("url").filter(|_| self.is(&["online"]) || !options.contains("url=false")) {
            return Some(tex::unescape(url));
        }
        let eprint = self.raw("eprint")?;
        let base = match self.raw("eprinttype")?.to_lowercase().as_str() {
            "arxiv" => "https://arxiv.org/abs/",
            "jstor" => "https://www.jstor.org/stable/",
            "pubmed" => "https://www.ncbi.nlm.nih.gov/pubmed/",
            "googlebooks" => "https://books.google.com?id=",
            _ => return None,
        };
        Some(format!("{base}{eprint}"))
    }

    fn date(&self, prefix: &str, field: &str) -> Option<Date> {
        if let Some(date) = self.raw(field).and_then(dates::edtf) {
            return Some(date);
        }
        let part = |name: &str| self.raw(&format!("{prefix}{name}"));
        if let Some(year) = part("year") {
            let year = plain_markup(&tex::read(year));
            return Some(dates::from_fields(&year, part("month"), part("day"), part("endyear")));
        }
        None
    }
}

/// Text without [`Markup::NoCase`].
pub(super) fn flatten(runs: Vec<Markup>) -> Vec<Markup> {
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        match run {
            Markup::NoCase(c) => out.extend(flatten(c)),
            Markup::Italic(c) => out.push(Markup::Italic(flatten(c))),
            Markup::Bold(c) => out.push(Markup::Bold(flatten(c))),
            Markup::SmallCaps(c) => out.push(Markup::SmallCaps(flatten(c))),
            Markup::Superscript(c) => out.push(Markup::Superscript(flatten(c))),
            Markup::Subscript(c) => out.push(Markup::Subscript(flatten(c))),
            Markup::Quoted(c) => out.push(Markup::Quoted(flatten(c))),
            // A URL keeps its case whatever becomes of the field.
            Markup::Link(url, c) => out.push(Markup::Link(url, c)),
            text @ (Markup::Text(_) | Markup::Code(_) | Markup::Math(_)) => out.push(text),
        }
    }
    join(out)
}

/// Joins neighbouring texts.
pub(super) fn join(runs: Vec<Markup>) -> Vec<Markup> {
    let mut out: Vec<Markup> = Vec::with_capacity(runs.len());
    for run in runs {
        if let (Some(Markup::Text(last)), Markup::Text(text)) = (out.last_mut(), &run) {
            last.push_str(text);
        } else {
            out.push(run);
        }
    }
    out
}

fn compose(title: Vec<Markup>, subtitle: Option<Vec<Markup>>, addon: Option<Vec<Markup>>) -> Vec<Markup> {
    concatenate('.', [Some(concatenate(':', [Some(title), subtitle])), addon])
}

/// The parts joined by a mark and a space. After punctuation the mark is omitted.
fn concatenate(mark: char, parts: impl IntoIterator<Item = Option<Vec<Markup>>>) -> Vec<Markup> {
    let mut out: Vec<Markup> = Vec::new();
    for part in parts.into_iter().flatten().filter(|p| !p.is_empty()) {
        if !out.is_empty() {
            let stopped = matches!(out.last(), Some(Markup::Text(t)) if t.ends_with(['!', '?', '.', ',', ':', ';']));
            out.push(Markup::Text(if stopped { " ".to_owned() } else { format!("{mark} ") }));
        }
        out.extend(part);
    }
    join(out)
}

/// `A and B` is a list: `A; B`.
fn split_and(runs: Vec<Markup>) -> Vec<Markup> {
    runs.into_iter()
        .map(|mut run| {
            if let Markup::Text(text) = &mut run
                && text.contains(" and ")
            {
                *text = text.replace(" and ", "; ");
            }
            run
        })
        .collect()
}

/// The text before the first colon, if there is one.
fn up_to_colon(title: &[Markup]) -> Option<Vec<Markup>> {
    let mut out = Vec::new();
    for run in title {
        if let Markup::Text(text) = run
            && let Some(at) = text.find(':')
        {
            if at > 0 {
                out.push(Markup::Text(text[..at].to_owned()));
            }
            return Some(out);
        }
        out.push(run.clone());
    }
    None
}
