//! Headings that need a class in this project: `mlsys: check: heading-classes: {Purpose: unnumbered}`.

use super::Page;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Node, Value, name, plain_text};

/// Reports headings without the class that the project requires.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let required = page.chapter.meta.value(name!("mlsys.check.heading-classes")).map_or(&[][..], Value::entries);
    if required.is_empty() {
        return;
    }
    page.walk(&mut |node| {
        if let Node::Block(Block { kind: BlockKind::Header(header), span }) = node {
            let text = plain_text(&header.content);
            for entry in required.iter().filter(|entry| entry.key == text.trim()) {
                let class = entry.value.to_text().unwrap_or_default();
                let class = class.trim_start_matches('.');
                if !header.attr.has_class(class) {
                    let message = format!("heading `{}` needs the class `.{class}`", entry.key);
                    let finding = Diagnostic::new(Code::MissingHeadingClass, page.source.place(*span), message);
                    found.push(finding.hint(format!(
                        "write `{} {} {{.{class}}}`",
                        "#".repeat(header.level.into()),
                        entry.key
                    )));
                }
            }
        }
        true
    });
}
