//! Inlines of the configuration, with URLs from the site's root that follow the page.

use crate::body::{Urls, flat_inlines_at, inlines_at};
use crate::html::{Elements, Writer, site_path};
use crate::raw_html::with_urls;
use mlsys_book::{Inline, Target};
use std::borrow::Cow;

/// Writes inlines with their links.
pub(super) fn write_inlines(out: &mut Writer, inlines: &[Inline]) {
    write_marked(out, &inlines_at(inlines, &FromRoot));
}

/// Writes inlines with links reduced to their text.
pub(super) fn write_flat_inlines(out: &mut Writer, inlines: &[Inline]) {
    write_marked(out, &flat_inlines_at(inlines, &FromRoot));
}

/// Writes HTML with holes for its marks.
fn write_marked(out: &mut Writer, html: &str) {
    for (at, part) in html.split(ROOT).enumerate() {
        if at > 0 {
            out.root();
        }
        out.raw(part);
    }
}

/// Marks the place of the root's relative URL in rendered HTML. This character is a noncharacter: Unicode guarantees that
/// text does not contain it.
const ROOT: char = '\u{fdd1}';

/// URLs from the site's root: those of the site come after a [`ROOT`].
struct FromRoot;

impl Urls for FromRoot {
    fn href(&self, _: &Target) -> String {
        String::new()
    }

    fn resource(&self, url: &str) -> String {
        site_path(url).map_or_else(|| url.to_owned(), |path| format!("{ROOT}{path}"))
    }

    fn raw_html<'h>(&self, html: &'h str) -> Cow<'h, str> {
        with_urls(html, |url| self.resource(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Fragment;
    use mlsys_book::{InlineKind, PageId, Span};

    #[test]
    fn urls_in_html_of_the_author_follow_the_page() {
        let html = "<a href='/a.html'>A</a><img src=b.png srcset=\"/c.png 1x, https://d.org/d.png 2x\">";
        let kind = InlineKind::RawInline("html".to_owned(), html.to_owned());
        let inlines = [Inline { span: Span::new(0, 0), kind }];
        let expected = "<a href='../a.html'>A</a><img src=../b.png srcset=\"../c.png 1x, https://d.org/d.png 2x\">";
        let fragment = Fragment::new(|out| write_inlines(out, &inlines));
        assert_eq!(fragment.fill(PageId(0), "../"), expected);
    }
}
