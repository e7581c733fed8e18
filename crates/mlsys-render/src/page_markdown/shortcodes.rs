//! Shortcodes that the page shows.

use super::Walker;
use super::escape::destination;
use crate::body::shortcodes::{filler, key_text, written};
use mlsys_book::Shortcode;

impl<'a> Walker<'a> {
    /// A shortcode alone in its paragraph.
    pub(super) fn block_shortcode(&mut self, shortcode: &'a Shortcode) {
        if shortcode.name == "lipsum" {
            return filler(shortcode).for_each(|paragraph| self.paragraph(paragraph));
        }
        let text = self.inline_shortcode(shortcode);
        self.paragraph(&text);
    }

    /// A shortcode within a line.
    pub(super) fn inline_shortcode(&mut self, shortcode: &'a Shortcode) -> String {
        match shortcode.name.as_str() {
            "kbd" => self.escaped(&key_text(shortcode)),
            "version" => env!("CARGO_PKG_VERSION").to_owned(),
            "video" => {
                let url = shortcode.args.first().map(String::as_str).or_else(|| shortcode.get("src"));
                url.map_or_else(String::new, |url| self.film(url, shortcode.get("title").unwrap_or(url)))
            }
            "margin-video" => {
                let Some(url) = shortcode.args.first().filter(|_| !self.flat) else { return String::new() };
                let link = self.film(url, shortcode.args.get(1).unwrap_or(url));
                let author = shortcode.args.get(2).map(|author| self.escaped(author));
                self.margin.push(author.map_or(link.clone(), |author| format!("{link} {author}")));
                String::new()
            }
            "pagebreak" | "lipsum" | "placeholder" => String::new(),
            _ => self.escaped(&written(shortcode)),
        }
    }

    fn film(&self, url: &str, title: &str) -> String {
        format!("[{}]({})", self.escaped(title), destination(&self.urls.resource(url)))
    }
}
