//! The image that represents a page: in listings and on the cards of social networks.

use mlsys_book::{Chapter, Image, Inline, InlineKind, Node, walk};

/// The URL of the image that represents a page: one with the class `preview-image`, otherwise one with a conventional file name.
/// Source: Quarto, "Website Tools", preview images.
pub fn preview_image(chapter: &Chapter) -> Option<String> {
    let has_conventional_name = |url: &str| {
        let name = url.rsplit('/').next().unwrap_or(url);
        matches!(name.split('.').next(), Some("preview" | "feature" | "cover" | "thumbnail"))
    };
    let mut by_name = None;
    let by_class = first_match(chapter, |image| {
        if by_name.is_none() && has_conventional_name(&image.url) {
            by_name = Some(image.url.clone());
        }
        image.attr.has_class("preview-image")
    });
    by_class.or(by_name)
}

/// The URL of the first image of a page.
pub fn first_image(chapter: &Chapter) -> Option<String> {
    first_match(chapter, |_| true)
}

/// The URL of the first image that satisfies a predicate.
fn first_match(chapter: &Chapter, mut predicate: impl FnMut(&Image) -> bool) -> Option<String> {
    let mut first = None;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Inline(Inline { kind: InlineKind::Image(image), .. }) = node
            && first.is_none()
            && predicate(image)
        {
            first = Some(image.url.clone());
        }
        first.is_none()
    });
    first
}
