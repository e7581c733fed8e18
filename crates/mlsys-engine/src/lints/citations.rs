//! Citations with punctuation inside their brackets, and empty lists of references.

use super::Page;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, key, plain_text};

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

/// Reports a place for the list of references, `::: {#refs}`, that stays empty because the page cites nothing.
pub fn empty_list(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let meta = &page.chapter.meta;
    let has_list = !page.links.bibliography.is_empty() || page.links.references_page.is_some();
    if has_list || meta.read(key!("citeproc")) == Some(false) || meta.read(key!("suppress-bibliography")) == Some(true)
    {
        return;
    }
    page.walk(&mut |node| {
        if let Node::Block(Block { kind: BlockKind::Div(attr, content), span }) = node
            && attr.id() == "refs"
            && content.is_empty()
        {
            let message = "the list of references is empty: this page cites no work";
            let finding = Diagnostic::new(Code::EmptyReferences, page.source.place(*span), message.to_owned());
            found.push(finding.hint("write `nocite: \"@*\"` in the front matter to list all works"));
        }
        true
    });
}
