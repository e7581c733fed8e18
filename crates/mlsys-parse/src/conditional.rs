//! Conditional content. Source: Quarto, "Conditional Content".

use crate::attr_names;
use crate::context::Context;
use crate::draft::{Draft, DraftKind};
use mlsys_book::{Attr, Id, MARKDOWN_ONLY, PAGE_ONLY, PAGE_ONLY_END, Scope, Span, ValueKind, label_kind};

/// The attributes with conditions.
const CONDITIONS: &[&str] =
    &["when-format", "unless-format", "when-profile", "unless-profile", "when-meta", "unless-meta"];

/// True if an element with these attributes is conditional.
pub(crate) fn is_conditional(attr: &Attr) -> bool {
    attr.has_class("content-visible") || attr.has_class("content-hidden")
}

/// Where conditional content of a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// On the page and in its Markdown.
    Everywhere,
    /// On the page alone.
    OnPage,
    /// In the page's Markdown alone.
    InMarkdown,
    /// Nowhere.
    Nowhere,
}

/// Where an element with these attributes is shown. The Markdown of a page has what the page has, unless a condition names
/// `llms-txt`. Source: Quarto, "Output for LLMs", "Conditional Content".
pub(crate) fn shown(attr: &Attr, scope: &Scope) -> Shown {
    let on_page = is_visible(attr, &scope.format, scope);
    let names_markdown = attr.pairs.iter().any(|pair| {
        matches!(pair.key.as_str(), "when-format" | "unless-format") && alternatives(&pair.value).any(|v| v == LLMS)
    });
    let in_markdown = match names_markdown && scope.format == "html" {
        true => is_visible(attr, LLMS, scope),
        false => on_page,
    };
    match (on_page, in_markdown) {
        (true, true) => Shown::Everywhere,
        (true, false) => Shown::OnPage,
        (false, true) => Shown::InMarkdown,
        (false, false) => Shown::Nowhere,
    }
}

/// The format that means the Markdown of a page.
const LLMS: &str = "llms-txt";

/// True if an element with these attributes is shown in a format. Elements that are not conditional are.
fn is_visible(attr: &Attr, format: &str, scope: &Scope) -> bool {
    if attr.has_class("content-hidden") {
        return !holds(attr, format, scope);
    }
    !attr.has_class("content-visible") || holds(attr, format, scope)
}

/// The values of a condition, of which one suffices.
fn alternatives(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ' ']).map(str::trim).filter(|v| !v.is_empty())
}

/// The attributes without the conditions; `None` if none are left.
pub(crate) fn remaining(mut attr: Attr) -> Option<Attr> {
    attr.classes.retain(|c| c != "content-visible" && c != "content-hidden");
    attr.pairs.retain(|pair| !CONDITIONS.contains(&pair.key.as_str()));
    (!attr.is_empty()).then_some(attr)
}

/// True if all conditions hold.
fn holds(attr: &Attr, format: &str, scope: &Scope) -> bool {
    attr.pairs.iter().all(|pair| {
        let of_format = || alternatives(&pair.value).any(|name| is_format(name, format));
        let of_profile = || alternatives(&pair.value).any(|name| scope.profiles.iter().any(|p| p == name));
        let of_meta = || alternatives(&pair.value).any(|path| is_set(path, scope));
        match pair.key.as_str() {
            "when-format" => of_format(),
            "unless-format" => !of_format(),
            "when-profile" => of_profile(),
            "unless-profile" => !of_profile(),
            "when-meta" => of_meta(),
            "unless-meta" => !of_meta(),
            _ => true,
        }
    })
}

/// True if a name is that of the output format or of its family: `html` means HTML and EPUB, `html:js` HTML only; `latex` and
/// `pdf` are the same.
fn is_format(name: &str, format: &str) -> bool {
    let is_html = matches!(format, "html" | "html4" | "html5" | "dashboard" | "website");
    let is_slides = matches!(format, "revealjs" | "slidy" | "slideous" | "dzslides" | "s5");
    let is_epub = matches!(format, "epub" | "epub2" | "epub3");
    match name {
        "html" => is_html || is_slides || is_epub,
        "html:js" => is_html || is_slides,
        "epub" => is_epub,
        "latex" | "pdf" => matches!(format, "latex" | "pdf" | "beamer" | "titlepage-pdf"),
        "markdown" => matches!(format, "markdown" | "gfm" | "commonmark" | "hugo" | "docusaurus" | "markua" | "md"),
        _ => name == format || format.strip_suffix(name).is_some_and(|head| head.ends_with('-')),
    }
}

/// True if a key of the metadata is set to something other than `false`.
fn is_set(path: &str, scope: &Scope) -> bool {
    scope.meta.path(path).is_some_and(|value| !matches!(value.kind, ValueKind::Bool(false) | ValueKind::Null))
}

/// Removes hidden divs and code blocks, so that nothing in them is numbered, and unwraps divs whose only attributes are
/// conditions.
pub(crate) fn prune<'a>(drafts: Vec<Draft<'a>>, cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    let mut kept = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Draft { span, kind } = draft;
        let kind = match kind {
            DraftKind::Div(attr, content) if is_conditional(&attr) => {
                attr_names::check_conditions(&attr, span, cx);
                let shown = shown(&attr, cx.scope);
                if shown == Shown::Nowhere {
                    count_notes(span, cx);
                    find_labels(span, cx);
                    continue;
                }
                let content = prune(content, cx);
                let content = match remaining(attr) {
                    Some(attr) => vec![Draft { span, kind: DraftKind::Div(attr, content) }],
                    None => content,
                };
                add(&mut kept, content, shown, span);
                continue;
            }
            DraftKind::CodeBlock(mut code) if is_conditional(&code.attr) => {
                attr_names::check_conditions(&code.attr, span, cx);
                let shown = shown(&code.attr, cx.scope);
                if shown == Shown::Nowhere {
                    find_labels(span, cx);
                    continue;
                }
                code.attr = remaining(code.attr).unwrap_or_default();
                add(&mut kept, vec![Draft { span, kind: DraftKind::CodeBlock(code) }], shown, span);
                continue;
            }
            mut kind @ (DraftKind::Plain(_)
            | DraftKind::Para(_)
            | DraftKind::Header(_)
            | DraftKind::CodeBlock(_)
            | DraftKind::Cell(_)
            | DraftKind::RawBlock(..)
            | DraftKind::BlockQuote(_)
            | DraftKind::BulletList(_)
            | DraftKind::OrderedList { .. }
            | DraftKind::DefinitionList(_)
            | DraftKind::LineBlock(_)
            | DraftKind::HorizontalRule
            | DraftKind::Table(_)
            | DraftKind::Div(..)) => {
                kind.visit_children(&mut |content| *content = prune(std::mem::take(content), cx));
                kind
            }
        };
        kept.push(Draft { span, kind });
    }
    kept
}

/// Adds content, marked if it is not shown everywhere: what only the Markdown has is a div that pages leave out, what only the page
/// has is between two marks, so that its headings stay sections of the page.
fn add<'a>(kept: &mut Vec<Draft<'a>>, content: Vec<Draft<'a>>, shown: Shown, span: Span) {
    let mark = |format: &str| Draft { span, kind: DraftKind::RawBlock(format.to_owned(), String::new()) };
    match shown {
        Shown::Everywhere => kept.extend(content),
        Shown::OnPage => {
            kept.push(mark(PAGE_ONLY));
            kept.extend(content);
            kept.push(mark(PAGE_ONLY_END));
        }
        Shown::InMarkdown => {
            let attr = Attr { classes: vec![MARKDOWN_ONLY.to_owned()], ..Attr::default() };
            kept.push(Draft { span, kind: DraftKind::Div(attr, content) });
        }
        Shown::Nowhere => {}
    }
}

/// Counts notes as used that hidden content refers to: another format shows them.
fn count_notes(span: Span, cx: &mut Context<'_>) {
    let hidden = cx.source.slice(span);
    for (at, _) in hidden.match_indices("[^") {
        let rest = &hidden[at + 2..];
        let label = &rest[..rest.find([']', '\n', ' ']).unwrap_or(0)];
        if let Some(uses) = cx.definitions.notes.get(label).and_then(|id| cx.note_uses.get_mut(id.index())) {
            *uses += 1;
        }
    }
}

/// Notes the labels in hidden content, for references to them.
fn find_labels(span: Span, cx: &mut Context<'_>) {
    let hidden = cx.source.slice(span);
    for (at, _) in hidden.match_indices('#') {
        let rest = &hidden[at + 1..];
        let name = &rest[..rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(rest.len())];
        if label_kind(name).is_some() {
            let start = span.start as usize + at + 1;
            let span = Span::new(start, start + name.len());
            cx.hidden_labels.push(Id { name: name.to_owned(), span, automatic: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Pair, Source, SourceId, Value};

    fn visible(class: &str, key: &str, value: &str, format: &str) -> bool {
        let source = Source::new(SourceId(0), "a.qmd", "");
        let empty = Value::empty(source.place(Span { start: 0, end: 0 }));
        let scope = Scope {
            format: format.into(),
            profiles: vec!["advanced".into()],
            meta: empty.clone(),
            variables: empty.clone(),
            brand: empty,
            environment: Default::default(),
            custom_floats: Default::default(),
            language: None,
            box_classes: Default::default(),
        };
        let pair = Pair { key: key.into(), value: value.into(), value_span: Span { start: 0, end: 0 } };
        let attr = Attr { id: None, classes: vec![class.into()], pairs: vec![pair] };
        matches!(shown(&attr, &scope), Shown::Everywhere | Shown::OnPage)
    }

    #[test]
    fn html_means_html_and_epub_and_html_js_means_html_alone() {
        assert!(visible("content-visible", "when-format", "html", "html"));
        assert!(visible("content-visible", "when-format", "html", "epub"));
        assert!(visible("content-visible", "when-format", "html:js", "html"));
        assert!(!visible("content-visible", "when-format", "html:js", "epub"));
        assert!(!visible("content-visible", "when-format", "pdf", "html"));
        assert!(!visible("content-visible", "unless-format", "html:js", "html"));
        assert!(visible("content-hidden", "when-format", "epub", "html"));
        assert!(visible("content-visible", "when-profile", "advanced", "html"));
        assert!(!visible("content-hidden", "unless-meta", "beta", "html"));
    }
}
