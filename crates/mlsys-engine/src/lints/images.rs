//! Images of figures on other hosts.

use super::Page;
use crate::url::has_scheme;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, walk};

/// Reports images of figures that are loaded from another host.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    page.walk(&mut |node| {
        if let Node::Block(block @ Block { kind: BlockKind::Figure(_) | BlockKind::Float(_), .. }) = node {
            walk(std::slice::from_ref(block), &mut |node| {
                if let Node::Inline(Inline { kind: InlineKind::Image(image), .. }) = node
                    && (has_scheme(&image.url) || image.url.starts_with("//"))
                    && !image.url.starts_with("data:")
                {
                    let message = format!("the image `{}` is on another host", image.url);
                    let finding = Diagnostic::new(Code::RemoteImage, page.source.place(image.url_span), message);
                    found.push(
                        finding
                            .hint("keep a copy in the project: it loads faster and does not disappear with the host"),
                    );
                }
                true
            });
            return false;
        }
        true
    });
}
