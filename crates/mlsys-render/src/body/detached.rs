//! Inlines that belong to no chapter: those of the configuration and of navigation.

use super::{Body, Medium, Urls};
use crate::html::Syntax;
use crate::typeset_cache::TypesetCache;
use mlsys_book::{Chapter, Inline, Links, Media, Target};

/// Renders inlines without links and notes: for navigation, page titles, breadcrumbs.
pub fn inlines_html(inlines: &[Inline]) -> String {
    flat_inlines_at(inlines, &Nowhere)
}

/// Renders inlines of the configuration with links: for announcements, footers, descriptions.
pub fn linked_inlines_html(inlines: &[Inline]) -> String {
    inlines_at(inlines, &Nowhere)
}

/// URLs as they are written.
struct Nowhere;

impl Urls for Nowhere {
    fn href(&self, _: &Target) -> String {
        String::new()
    }

    fn resource(&self, url: &str) -> String {
        url.to_owned()
    }
}

/// Renders inlines as [`inlines_html`], with URLs from `urls`.
pub(crate) fn flat_inlines_at(inlines: &[Inline], urls: &dyn Urls) -> String {
    detached(inlines, false, urls)
}

/// Renders inlines as [`linked_inlines_html`], with URLs from `urls`.
pub(crate) fn inlines_at(inlines: &[Inline], urls: &dyn Urls) -> String {
    detached(inlines, true, urls)
}

fn detached(inlines: &[Inline], linked: bool, urls: &dyn Urls) -> String {
    let chapter = Chapter::empty();
    let links = Links::default();
    let media = Media::default();
    let mut cache = TypesetCache::default();
    let mut body = Body::new((Syntax::Html, Medium::Html), &chapter, &links, &media, urls, &mut cache);
    body.captured(|b| if linked { b.inlines(inlines) } else { b.flat_inlines(inlines) })
}
