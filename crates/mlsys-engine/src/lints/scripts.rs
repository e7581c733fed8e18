//! Marks that the author meant literally: accidental superscripts and subscripts, and LaTeX's quotation marks.

use super::Page;
use mlsys_book::{Code, Diagnostic, Inline, InlineKind, Node, Span};

/// Reports accidental superscripts and subscripts, and LaTeX's quotation marks.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    page.walk(&mut |node| {
        let Node::Inline(inline) = node else { return true };
        if let InlineKind::Superscript(_) = &inline.kind {
            script(page, inline, '^', found);
        } else if let InlineKind::Subscript(_) = &inline.kind {
            script(page, inline, '~', found);
        } else if let InlineKind::Str(text) = &inline.kind
            && text.split(|c| c != '`').any(|run| run.len() == 2)
        {
            quotes(page, inline.span, found);
        } else if let InlineKind::Code(_, text) = &inline.kind
            && is_quoted(page.source.slice(inline.span), text)
        {
            quotes(page, inline.span, found);
        }
        true
    });
}

/// Reports two separate marks that turn the text between them into one script: `10^15-10^17`.
fn script(page: &Page<'_>, inline: &Inline, mark: char, found: &mut Vec<Diagnostic>) {
    let source = page.source.slice(inline.span);
    let Some(content) = source.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)) else { return };
    let after = page.source.text[inline.span.end as usize..].chars().next().unwrap_or(' ');
    let glued = after.is_alphanumeric() || matches!(after, '(' | '{' | '-');
    let is_operator = |c: char| matches!(c, '-' | '–' | '+' | '/' | '*' | '=' | '<' | '>' | ',' | ';' | ')');
    let joins = content.char_indices().any(|(at, c)| at > 0 && is_operator(c));
    if unbalanced(content) || glued && joins {
        let (what, escaped) = if mark == '^' { ("superscript", "\\^") } else { ("subscript", "\\~") };
        let message = format!("two `{mark}` make `{content}` a {what}, probably by accident");
        let finding = Diagnostic::new(Code::AccidentalScript, page.source.place(inline.span), message);
        found.push(finding.hint(format!("write a formula, `$…$`, or `{escaped}` for the mark itself")));
    }
}

fn unbalanced(text: &str) -> bool {
    let mut open = 0_i32;
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return true;
        }
    }
    open != 0
}

/// True if a code span joins two quotations with LaTeX's marks: ``` ``a'' and ``b'' ```.
fn is_quoted(source: &str, text: &str) -> bool {
    source.starts_with("``")
        && !source.starts_with("```")
        && text.match_indices("''").any(|(at, _)| {
            let before = text[..at]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '!' | '?'));
            before
                && text[at + 2..].starts_with(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':' | ')'))
        })
}

fn quotes(page: &Page<'_>, span: Span, found: &mut Vec<Diagnostic>) {
    let text = page.source.slice(span);
    let start = span.start as usize + text.find("``").unwrap_or(0);
    let place = page.source.place(Span::new(start, start + 2));
    let message = "LaTeX's quotation marks are shown literally";
    found.push(Diagnostic::new(Code::LatexQuotes, place, message).hint("write `\"…\"`; the page has curly marks"));
}
