//! Figures whose images are on another host.

use super::Page;
use crate::url::has_scheme;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, walk};

/// Reports images of figures that a page loads from another host.
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
                        finding.hint("keep a copy in the project: it stays when the host goes, and pages load faster"),
                    );
                }
                true
            });
            return false;
        }
        true
    });
}
