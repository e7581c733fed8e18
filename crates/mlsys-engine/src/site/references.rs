//! What a page refers to outside its own text: images, links, shortcodes, and HTML of the author.

use mlsys_book::{Block, BlockKind, Chapter, InlineKind, Node, Shortcode, Span, walk};

/// Something on a page that may refer to a file or another host.
#[derive(Clone, Copy, Debug)]
pub enum Reference<'a> {
    /// HTML of the author, and the bytes of its element.
    Html(&'a str, Span),
    /// The URL of an image.
    Image(&'a str, Span),
    /// The URL of a link.
    Link(&'a str, Span),
    /// A shortcode that the renderer expands.
    Shortcode(&'a Shortcode, Span),
}

/// Calls `f` with every reference of a page: of the abstract, the text and the notes, in this order.
pub fn references<'a>(chapter: &'a Chapter, mut f: impl FnMut(Reference<'a>)) {
    let notes = chapter.notes.iter().map(|note| &note.content);
    for blocks in [&chapter.summary, &chapter.blocks].into_iter().chain(notes) {
        of_blocks(blocks, &mut f);
    }
}

fn of_blocks<'a>(blocks: &'a [Block], f: &mut impl FnMut(Reference<'a>)) {
    let is_html = |format: &str| format.starts_with("html");
    walk(blocks, &mut |node| {
        match node {
            Node::Block(block) => {
                if let BlockKind::RawBlock(format, html) = &block.kind
                    && is_html(format)
                {
                    f(Reference::Html(html, block.span));
                } else if let BlockKind::Shortcode(shortcode) = &block.kind {
                    f(Reference::Shortcode(shortcode, block.span));
                }
            }
            Node::Inline(inline) => {
                if let InlineKind::Image(image) = &inline.kind {
                    f(Reference::Image(&image.url, image.url_span));
                } else if let InlineKind::Link(link) = &inline.kind {
                    f(Reference::Link(&link.url, link.url_span));
                } else if let InlineKind::RawInline(format, html) = &inline.kind
                    && is_html(format)
                {
                    f(Reference::Html(html, inline.span));
                } else if let InlineKind::Shortcode(shortcode) = &inline.kind {
                    f(Reference::Shortcode(shortcode, inline.span));
                }
            }
        }
        true
    });
}
