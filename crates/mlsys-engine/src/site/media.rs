//! The files that pages use: images with their sizes, and files to copy.

use crate::files::Content;
use crate::leaves::images::responsive::forms;
use crate::leaves::images::size::image_size;
use crate::memo::store::Store;
use crate::project::fingerprint::Fingerprint;
use crate::project::vfs::Vfs;
use crate::project::{Book, similar_file};
use crate::site::embedded::ASSETS;
use crate::site::html_urls::html_urls;
use crate::site::preview_image::preview_image;
use crate::site::references::{Reference, references};
use crate::url::{has_scheme, local_file};
use camino::Utf8PathBuf;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Media, Page, PageId, Place, Source, Span, Value, name};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The files that a page uses. Equality ignores fingerprints.
#[derive(Clone, Debug, Default)]
pub struct PageMedia {
    /// The sizes of its images.
    pub media: Media,
    /// The files of the project that the page shows or links to.
    pub files: BTreeSet<String>,
    /// Width and height of the page's preview image, otherwise of the site's.
    pub preview_size: Option<(u32, u32)>,
    /// The files of smaller versions of its images: path and content.
    smaller: Vec<(String, Arc<[u8]>)>,
    /// The fingerprint of each path when it was looked up; `None` if there was nothing.
    fingerprints: BTreeMap<Utf8PathBuf, Option<Fingerprint>>,
}

impl PartialEq for PageMedia {
    fn eq(&self, other: &Self) -> bool {
        (&self.media, &self.files, self.preview_size, &self.smaller)
            == (&other.media, &other.files, other.preview_size, &other.smaller)
    }
}

impl PageMedia {
    /// The paths that were looked up, of existing and of missing files.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.fingerprints.keys()
    }

    /// Adds smaller versions of its images.
    pub fn resize(&mut self, book: &Book, page: PageId, store: &Store) {
        let input = &book.project.pages[page].input;
        let file = |url: &String| Some((url.clone(), local_file(input, url)?));
        let responsive = forms(&book.vfs, store, ASSETS, self.media.images.keys().filter_map(file).collect());
        self.media.forms = responsive.forms.into_iter().collect();
        self.smaller = responsive.files;
    }

    /// The files of the smaller versions of its images.
    pub fn smaller_images(&self) -> impl Iterator<Item = (String, Content)> {
        self.smaller.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes.clone())))
    }

    /// True if the files are certainly unchanged.
    pub fn is_current(&self, vfs: &Vfs) -> bool {
        self.fingerprints.iter().all(|(path, then)| match (then, vfs.fingerprint(path)) {
            (None, None) => true,
            (Some(then), Some(now)) => then.is_still(&now),
            _ => false,
        })
    }
}

/// The size limit, in bytes, of style sheets that are searched for files.
const MAX_STYLE_SHEET: u64 = 4 << 20;

/// The files that a page uses. Missing images, and links to missing files, are reported.
pub fn page_media(book: &Book, page: PageId, chapter: &Chapter) -> Checked<PageMedia> {
    let mut collector = Collector {
        book,
        page: &book.project.pages[page],
        source: book.source(page),
        page_media: PageMedia::default(),
        diagnostics: Vec::new(),
    };
    references(chapter, |reference| collector.reference(reference));
    collector.metadata(&chapter.meta);
    collector.preview_size(chapter);
    collector.page_media.media.macros = macros(&chapter.meta, &book.pages[page].included);
    Checked { value: collector.page_media, diagnostics: collector.diagnostics }
}

/// The TeX macros in the HTML that the metadata includes in the page. `files` are the texts of included files. Source: Quarto, "HTML Options", includes.
fn macros(meta: &Value, files: &BTreeMap<String, String>) -> String {
    let mut tex = String::new();
    for key in
        [name!("header-includes"), name!("include-in-header"), name!("include-before"), name!("include-before-body")]
    {
        for item in meta.list(key) {
            let file = item
                .value(name!("include", "file"))
                .unwrap_or(item)
                .to_text()
                .and_then(|name| files.get(&name).cloned());
            if let Some(text) = file.or_else(|| item.value(name!("include", "text")).unwrap_or(item).to_text()) {
                tex.push_str(&mlsys_render::included_macros(&text));
            }
        }
    }
    tex
}

struct Collector<'a> {
    book: &'a Book,
    page: &'a Page,
    source: &'a Source,
    page_media: PageMedia,
    diagnostics: Vec<Diagnostic>,
}

impl Collector<'_> {
    fn reference(&mut self, reference: Reference<'_>) {
        match reference {
            Reference::Html(html, span) => self.html(html, span),
            Reference::Image(url, span) => self.image(url, span),
            Reference::Link(url, span) => self.link(url, span),
            Reference::Shortcode(shortcode, span) => self.shortcode(shortcode, span),
        }
    }

    /// Adds the file of a `video` shortcode.
    fn shortcode(&mut self, shortcode: &mlsys_book::Shortcode, span: Span) {
        let url = shortcode.args.first().filter(|_| shortcode.name == "video");
        let Some(url) = url.filter(|url| !has_scheme(url) && !url.starts_with("//")) else { return };
        match self.existing(url) {
            Some(file) => {
                self.page_media.files.insert(file);
            }
            None => {
                let message = format!("video `{url}` does not exist");
                let mut diagnostic = Diagnostic::new(Code::BrokenLink, self.source.place(span), message);
                diagnostic.hints.extend(self.similar(url));
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn image(&mut self, url: &str, span: Span) {
        if self.page_media.media.images.contains_key(url) || has_scheme(url) || url.starts_with("//") {
            return;
        }
        let Some(file) = self.existing(url) else {
            let (message, hint) = match self.leads_out(url) {
                true => ("is outside the project's folder", Some("move it into the folder".to_owned())),
                false => ("does not exist", self.similar(url)),
            };
            let message = format!("image `{url}` {message}");
            let mut diagnostic = Diagnostic::new(Code::MissingImage, self.source.place(span), message);
            diagnostic.hints.extend(hint);
            return self.diagnostics.push(diagnostic);
        };
        if let Some(size) = image_size(&self.book.vfs, &file) {
            self.page_media.media.images.insert(url.to_owned(), size);
        }
        self.page_media.files.insert(file);
    }

    /// Adds the file that a link leads to. The resolver checks links to pages.
    fn link(&mut self, url: &str, span: Span) {
        self.linked_file(url, self.source.place(span));
    }

    fn linked_file(&mut self, url: &str, place: Place) {
        let Some(file) = local_file(&self.page.input, url) else { return };
        let path = url.split(['#', '?']).next().unwrap_or("");
        let is_page = |p: &Page| (p.input == file && !p.is_preview) || p.output == file;
        if path.ends_with('/') || path.ends_with(".qmd") || self.book.project.pages.iter().any(is_page) {
            return;
        }
        let fingerprint = self.fingerprint(&file);
        if fingerprint.is_some_and(|fingerprint| fingerprint.is_file()) {
            self.page_media.files.insert(file);
        } else if fingerprint.is_none() {
            let (message, hint) = match self.leads_out(url) {
                true => ("is outside the project's folder and not part of the site".to_owned(), None),
                false if url.starts_with('@') => {
                    let label = url.trim_start_matches('@');
                    let hint = format!("a cross-reference has no brackets: write `{url}`, or `#{label}` in the link");
                    ("does not exist".to_owned(), Some(hint))
                }
                false => ("does not exist".to_owned(), self.page_at(&file).or_else(|| self.similar(url))),
            };
            let mut diagnostic = Diagnostic::new(Code::BrokenLink, place, format!("file `{url}` {message}"));
            diagnostic.hints.extend(hint);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds the files whose URLs are in raw HTML.
    fn html(&mut self, html: &str, span: Span) {
        let exact = self.source.slice(span).find(html);
        for (at, url) in html_urls(html) {
            let place = match exact {
                Some(start) => {
                    let start = span.start as usize + start + at;
                    self.source.place(Span::new(start, start + url.len()))
                }
                None => self.source.place(span),
            };
            self.linked_file(url, place);
        }
    }

    /// Adds the style sheets, images and resources of the metadata.
    fn metadata(&mut self, meta: &Value) {
        for key in [name!("css"), name!("image"), name!("title-block-banner"), name!("resources")] {
            for item in meta.list(key) {
                let url = item.as_str().unwrap_or("");
                let base = self.base(item.place);
                match local_file(&base, url) {
                    Some(file) if self.exists(&file) => {
                        if key == name!("css") {
                            self.style_sheet(&file);
                        }
                        self.page_media.files.insert(file);
                    }
                    _ if leads_out(self.book, &base, url) => {
                        let message = format!("`{url}` is outside the project's folder; it is not copied");
                        self.diagnostics.push(Diagnostic::new(Code::UnreadableFile, item.place, message));
                    }
                    Some(file) if key.text() == "css" && !has_scheme(url) => {
                        let message = format!("style sheet `{url}` does not exist");
                        let mut diagnostic = Diagnostic::new(Code::BrokenLink, item.place, message);
                        diagnostic.hints.extend(similar_file(&self.book.files, &self.book.names, &file));
                        self.diagnostics.push(diagnostic);
                    }
                    Some(_) | None => {}
                }
            }
        }
    }

    /// Adds the files that a style sheet names with `url()`.
    fn style_sheet(&mut self, sheet: &str) {
        let Some(bytes) = self.book.vfs.small_file(sheet, MAX_STYLE_SHEET) else { return };
        let css = String::from_utf8_lossy(&bytes).into_owned();
        for url in css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()) {
            let url = url.trim().trim_matches(['"', '\'']);
            if let Some(file) = local_file(sheet, url).filter(|file| self.exists(file)) {
                self.page_media.files.insert(file);
            }
        }
    }

    /// Looks up the size of the preview image for the cards of social networks.
    fn preview_size(&mut self, chapter: &Chapter) {
        let of_page = chapter.meta.value(name!("image")).and_then(|value| Some((value.to_text()?, value.place)));
        let of_page = of_page.map(|(url, place)| (url, self.base(place)));
        let of_page = of_page.or_else(|| Some((preview_image(chapter)?, self.page.input.clone())));
        let raw = self.book.project.site.raw.as_ref();
        let of_site = || {
            Some((
                raw?.value(name!("website", "image"))
                    .or_else(|| raw?.value(name!("book", "cover-image")))?
                    .to_text()?,
                String::new(),
            ))
        };
        let Some(file) = of_page.or_else(of_site).and_then(|(url, base)| local_file(&base, &url)) else { return };
        if self.exists(&file) {
            self.page_media.preview_size = image_size(&self.book.vfs, &file);
        }
    }

    /// The file that URLs at a place are relative to.
    fn base(&self, place: Place) -> String {
        if place.source == self.source.id {
            return self.page.input.clone();
        }
        let folder = self.book.bases.get(place.source.index()).filter(|_| !place.is_project());
        folder.filter(|folder| !folder.is_empty()).map(|folder| format!("{folder}/_metadata.yml")).unwrap_or_default()
    }

    /// The file at a URL, if it exists.
    fn existing(&mut self, url: &str) -> Option<String> {
        local_file(&self.page.input, url).filter(|file| self.exists(file))
    }

    fn exists(&mut self, file: &str) -> bool {
        self.fingerprint(file).is_some_and(|fingerprint| fingerprint.is_file())
    }

    /// The fingerprint of a path of the project, which is looked up once.
    fn fingerprint(&mut self, file: &str) -> Option<Fingerprint> {
        let path = self.book.root.join(file);
        let is_listed = self.book.files.binary_search_by(|listed| listed.as_str().cmp(file)).is_ok();
        let is_inside = || is_listed || !self.book.vfs.leads_out(file);
        let vfs = &self.book.vfs;
        *self
            .page_media
            .fingerprints
            .entry(path)
            .or_insert_with_key(|path| vfs.fingerprint(path).filter(|_| is_inside()))
    }

    /// True if a URL on the page leads out of the project.
    fn leads_out(&self, url: &str) -> bool {
        leads_out(self.book, &self.page.input, url)
    }

    /// A hint that names the page of a link without an extension.
    fn page_at(&self, file: &str) -> Option<String> {
        let page = self
            .book
            .project
            .pages
            .iter()
            .find(|page| page.input.rsplit_once('.').is_some_and(|(stem, _)| stem == file))?;
        Some(format!("did you mean `{}`?", page.input))
    }

    /// A hint that suggests an existing file.
    fn similar(&self, url: &str) -> Option<String> {
        similar_file(&self.book.files, &self.book.names, &local_file(&self.page.input, url)?)
    }
}

/// True if a URL, relative to the file `input`, leads out of the project.
fn leads_out(book: &Book, input: &str, url: &str) -> bool {
    let path = url.split(['#', '?']).next().unwrap_or("");
    if path.is_empty() || url.starts_with("//") || has_scheme(url) {
        return false;
    }
    match local_file(input, url) {
        Some(file) => book.vfs.leads_out(&file),
        None => path.split('/').any(|part| part == ".."),
    }
}
