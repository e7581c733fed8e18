//! Citations with punctuation inside their brackets.

use super::Page;
use mlsys_book::{Code, Diagnostic, Inline, InlineKind, Node, plain_text};

/// Reports full stops within a citation's brackets: `[@doe2020.]`.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    page.walk(&mut |node| {
        if let Node::Inline(Inline { kind: InlineKind::Cite(cite), span }) = node
            && cite.bracketed
            && let Some(last) = cite.citations.last()
            && matches!(plain_text(&last.suffix).trim(), "." | "," | ";" | ":")
        {
            let mark = plain_text(&last.suffix);
            let message = format!("the `{}` after `@{}` is inside the brackets", mark.trim(), last.key);
            let finding = Diagnostic::new(Code::MalformedCitation, page.source.place(*span), message);
            found.push(finding.hint("put it after the closing bracket"));
        }
        true
    });
}
