//! Images of figures on other hosts, and heavy images.

use super::Page;
use crate::leaves::images::responsive::Images;
use crate::url::{has_scheme, local_file};
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, Span, walk};
use std::collections::BTreeSet;

/// The weight of a page's images in bytes from which it is reported: two seconds of a slow mobile connection.
const HEAVY: u64 = 400_000;

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

/// Reports a page whose images are heavy, at the heaviest, unless readers get smaller versions.
pub fn weight(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    if Images::configured(&page.book.project.meta) == Images::Resized {
        return;
    }
    let mut seen = BTreeSet::new();
    let mut sum = 0;
    let mut heaviest: Option<(u64, String, Span)> = None;
    page.walk(&mut |node| {
        if let Node::Inline(Inline { kind: InlineKind::Image(image), .. }) = node
            && let Some(file) = local_file(page.input, &image.url)
            && let Some(size) = page.book.vfs.size(&file)
            && seen.insert(file)
        {
            sum += size;
            if heaviest.as_ref().is_none_or(|(most, ..)| size > *most) {
                heaviest = Some((size, image.url.clone(), image.url_span));
            }
        }
        true
    });
    let Some((most, url, span)) = heaviest.filter(|_| sum > HEAVY) else { return };
    let message = match seen.len() {
        1 => format!("the image `{url}` weighs {}", kilobytes(most)),
        count => {
            format!("the {count} images of this page weigh {}, `{url}` alone {}", kilobytes(sum), kilobytes(most))
        }
    };
    let finding = Diagnostic::new(Code::HeavyImages, page.source.place(span), message);
    found.push(finding.hint("write `mlsys: images: resized`, which gives phones smaller versions, or save it smaller"));
}

fn kilobytes(bytes: u64) -> String {
    match bytes.div_ceil(1000) {
        kb @ 0..1000 => format!("{kb} KB"),
        kb => format!("{}.{} MB", kb / 1000, kb % 1000 / 100),
    }
}
