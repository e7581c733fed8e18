//! Inlines as text without markup.

use crate::inline::{Inline, InlineKind};
use crate::walk::{Node, walk_inlines};

/// The text of inlines without markup, for ids, tooltips, alternative texts and page titles.
///
/// Formulas give their TeX and citations their keys; notes, raw inlines and shortcodes give nothing.
///
/// ```
/// use mlsys_book::{Inline, InlineKind, Span, plain_text};
///
/// let span = Span::new(0, 0);
/// let inline = |kind| Inline { span, kind };
/// let word = |text: &str| inline(InlineKind::Str(text.into()));
/// let text = [word("a"), inline(InlineKind::SoftBreak), inline(InlineKind::Emph(vec![word("b")]))];
/// assert_eq!(plain_text(&text), "a b");
/// ```
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    walk_inlines(inlines, &mut |node| match node {
        Node::Inline(inline) => push_plain_text(&inline.kind, &mut out),
        Node::Block(_) => false,
    });
    out
}

/// Writes an inline's own text. True if the text of its children follows.
fn push_plain_text(kind: &InlineKind, out: &mut String) -> bool {
    match kind {
        InlineKind::Str(text) | InlineKind::Code(_, text) | InlineKind::Cell(_, text) => out.push_str(text),
        InlineKind::SoftBreak | InlineKind::LineBreak => out.push(' '),
        InlineKind::Math(math) => out.push_str(&math.tex),
        InlineKind::ExampleRef(number) => out.push_str(&number.to_string()),
        InlineKind::Cite(cite) => {
            for (i, citation) in cite.citations.iter().enumerate() {
                out.push_str(if i > 0 { "; @" } else { "@" });
                out.push_str(&citation.key);
            }
            return false;
        }
        InlineKind::Emph(_)
        | InlineKind::Strong(_)
        | InlineKind::Strikeout(_)
        | InlineKind::Superscript(_)
        | InlineKind::Subscript(_)
        | InlineKind::Underline(_)
        | InlineKind::SmallCaps(_)
        | InlineKind::Span(..)
        | InlineKind::Link(_)
        | InlineKind::Image(_)
        | InlineKind::Note(_)
        | InlineKind::RawInline(..)
        | InlineKind::Shortcode(_) => {}
    }
    true
}
