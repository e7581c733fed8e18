//! Links of wikis: `[[url]]`, `[[url|title]]`, `[[title|url]]`, and images `![[url]]`.
//!
//! Source: Pandoc manual, "Extension: wikilinks_title_after_pipe, wikilinks_title_before_pipe".

use super::{Found, Reader};
use mlsys_book::{Attr, Image, Inline, InlineKind, Link, Span};

/// The parts of a link.
struct Parts {
    url: String,
    url_span: Span,
    content: Vec<Inline>,
    end: usize,
}

impl Reader<'_, '_> {
    /// A link at `[[`.
    pub(super) fn wiki_link(&mut self, at: usize, end: usize) -> Found {
        let Parts { url, url_span, content, end } = self.wiki_parts(at, end)?;
        let link = Link { attr: wiki_class(), content, url, url_span, title: String::new() };
        Some((end, InlineKind::Link(Box::new(link))))
    }

    /// An image at `![[`.
    pub(super) fn wiki_image(&mut self, at: usize, end: usize) -> Found {
        if self.byte(at + 2) != b'[' {
            return None;
        }
        let Parts { url, url_span, content, end } = self.wiki_parts(at + 1, end)?;
        let image = Image { attr: wiki_class(), content, url, url_span, title: String::new() };
        Some((end, InlineKind::Image(Box::new(image))))
    }

    /// The parts of the link whose brackets open at `at`. Its title is text without markup.
    fn wiki_parts(&mut self, at: usize, end: usize) -> Option<Parts> {
        let options = &self.cx.options;
        let is_title_last = options.wikilinks_title_after_pipe;
        if !is_title_last && !options.wikilinks_title_before_pipe || self.in_link {
            return None;
        }
        let close = self.find("]]", at + 2, end)?;
        let whole = at + 2..close;
        let text = &self.s[whole.clone()];
        if text.trim().is_empty() || text.contains(['\n', '[']) {
            return None;
        }
        let (url, title) = match text.find('|').map(|pipe| at + 2 + pipe) {
            None => (whole.clone(), whole),
            Some(pipe) if is_title_last => (whole.start..pipe, pipe + 1..whole.end),
            Some(pipe) => (pipe + 1..whole.end, whole.start..pipe),
        };
        let title =
            Inline { span: self.text.span(title.clone()), kind: InlineKind::Str(self.s[title].trim().to_owned()) };
        let url_span = self.text.span(url.clone());
        Some(Parts { url: self.s[url].trim().to_owned(), url_span, content: vec![title], end: close + 2 })
    }
}

fn wiki_class() -> Attr {
    Attr { classes: vec!["wikilink".to_owned()], ..Attr::default() }
}
