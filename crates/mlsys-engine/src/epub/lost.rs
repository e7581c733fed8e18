//! What the pages of a book have and an EPUB cannot show: programs, pages and pictures of other hosts, sound and film.

use crate::project::Book;
use crate::site::references::{Reference, references};
use crate::url::{has_scheme, local_file};
use mlsys_book::{Chapter, Code, Diagnostic, PageId, Source, Span};
use mlsys_epub::image_type;

/// The diagnostics about what a page loses.
pub fn lost(book: &Book, page: PageId, chapter: &Chapter) -> Vec<Diagnostic> {
    let input = &book.project.pages[page].input;
    let mut reader = Reader { book, input, source: book.source(page), found: Vec::new() };
    references(chapter, |reference| reader.reference(reference));
    reader.found
}

struct Reader<'a> {
    book: &'a Book,
    /// The page's file.
    input: &'a str,
    source: &'a Source,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn reference(&mut self, reference: Reference<'_>) {
        match reference {
            Reference::Html(html, span) => self.html(html, span),
            Reference::Image(url, span) => self.image(url, span),
            Reference::Link(url, span) => self.link(url, span),
            Reference::Shortcode(shortcode, span) if shortcode.name == "video" => {
                self.report(span, "a video is a link to it in the EPUB");
            }
            Reference::Shortcode(..) => {}
        }
    }

    fn image(&mut self, url: &str, span: Span) {
        let path = url.split(['#', '?']).next().unwrap_or("");
        if has_scheme(url) || url.starts_with("//") {
            let message =
                format!("the image `{url}` is on another host: the EPUB has a link with its alternative text");
            self.report(span, &message);
        } else if image_type(path).is_none() && !path.is_empty() {
            self.report(span, &format!("reading systems cannot show `{url}`: the EPUB has its alternative text"));
        }
    }

    /// A link to a file that is not part of the EPUB. With the URL of the site it leads there.
    fn link(&mut self, url: &str, span: Span) {
        if self.book.project.site.url.is_some() {
            return;
        }
        let Some(file) = local_file(self.input, url).filter(|file| self.book.vfs.is_file(file)) else { return };
        if self.book.project.pages.iter().all(|page| page.input != file && page.output != file) {
            let message = format!("the link to `{url}` is only text in the EPUB, which holds no other files");
            let diagnostic = Diagnostic::new(Code::LostInEpub, self.source.place(span), message);
            self.found.push(diagnostic.hint("with `site-url` the link leads to the site"));
        }
    }

    /// The elements of an author's HTML that are lost.
    fn html(&mut self, html: &str, span: Span) {
        let exact = self.source.slice(span).find(html);
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'<', &html.as_bytes()[from..]).map(|at| from + at) {
            from = at + 1;
            let rest = &html[from..];
            if rest.starts_with("!--") {
                from += rest.find("-->").unwrap_or(rest.len());
                continue;
            }
            let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let name = rest[..name_end].to_ascii_lowercase();
            let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
            let Some(message) = lost_element(&name, tag) else { continue };
            let place = match exact {
                Some(start) => {
                    let start = span.start as usize + start + at;
                    Span::new(start, start + 1 + name_end)
                }
                None => span,
            };
            self.report(place, &message);
        }
    }

    fn report(&mut self, span: Span, message: &str) {
        let diagnostic = Diagnostic::new(Code::LostInEpub, self.source.place(span), message);
        let hint = "hide it with `::: {.content-visible unless-format=\"epub\"}` to accept this";
        self.found.push(diagnostic.hint(hint));
    }
}

/// What becomes of an element; `None` for elements that stay. `tag` is its start tag.
fn lost_element(name: &str, tag: &str) -> Option<String> {
    let outcome = match name {
        "script" | "style" | "template" | "noframes" => "is left out of the EPUB",
        "iframe" | "embed" | "object" | "audio" | "video" => "is a link in the EPUB",
        "canvas" | "form" | "button" | "select" | "textarea" | "input" | "dialog" => "is only its text in the EPUB",
        "img" => {
            let src = &tag[tag.find("src")? + 3..];
            let src = src.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
            let is_remote = ["http:", "https:", "//"].iter().any(|start| src.starts_with(start));
            return is_remote
                .then(|| "an image of another host is a link with its alternative text in the EPUB".to_owned());
        }
        _ => return None,
    };
    Some(format!("`<{name}>` {outcome}"))
}
