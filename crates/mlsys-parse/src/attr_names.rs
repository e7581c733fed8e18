//! Typing mistakes in attributes: classes, keys and values that are nearly those of Quarto.
//!
//! Authors have classes and keys of their own, so only a name within an edit or two of a known one counts.

use crate::context::Context;
use mlsys_book::{
    Attr, Block, BlockKind, Cell, Code, InlineKind, Node, Note, Pair, SUGGESTIONS, Span, did_you_mean, suggest_within,
    walk,
};

/// Classes with a meaning. Source: Quarto, "Callout Blocks", "Article Layout", "Conditional Content", "Tabsets"; Pandoc manual.
pub const CLASSES: &[&str] = &[
    "callout",
    "callout-note",
    "callout-tip",
    "callout-warning",
    "callout-important",
    "callout-caution",
    "content-visible",
    "content-hidden",
    "panel-tabset",
    "panel-sidebar",
    "panel-fill",
    "panel-center",
    "panel-input",
    "column-body",
    "column-body-outset",
    "column-body-outset-left",
    "column-body-outset-right",
    "column-page",
    "column-page-left",
    "column-page-right",
    "column-page-inset",
    "column-page-inset-left",
    "column-page-inset-right",
    "column-screen",
    "column-screen-left",
    "column-screen-right",
    "column-screen-inset",
    "column-screen-inset-left",
    "column-screen-inset-right",
    "column-screen-inset-shaded",
    "column-margin",
    "unnumbered",
    "unlisted",
    "list-table",
    "lightbox",
    "landscape",
    "nonincremental",
    "line-block",
    "numberLines",
];

/// Known classes that are similar to those above.
const OTHER_CLASSES: &[&str] = &["nolightbox", "no-lightbox", "incremental", "column-body-inset"];

/// Keys with a meaning. Source: Quarto, "Figures", "Tables", "Callout Blocks", "HTML Code Blocks", "Conditional Content".
const KEYS: &[&str] = &[
    "fig-alt",
    "fig-cap",
    "fig-subcap",
    "fig-scap",
    "fig-align",
    "fig-link",
    "fig-env",
    "fig-pos",
    "layout",
    "layout-ncol",
    "layout-nrow",
    "layout-align",
    "layout-valign",
    "tbl-cap",
    "tbl-subcap",
    "tbl-colwidths",
    "lst-cap",
    "lst-label",
    "cap-location",
    "fig-cap-location",
    "tbl-cap-location",
    "code-fold",
    "code-summary",
    "code-overflow",
    "code-line-numbers",
    "filename",
    "title",
    "collapse",
    "appearance",
    "when-format",
    "unless-format",
    "when-profile",
    "unless-profile",
    "when-meta",
    "unless-meta",
    "width",
    "height",
    "group",
    "description",
    "shortcodes",
    "startFrom",
    "html-table-processing",
];

/// Known keys that are similar to those above.
const OTHER_KEYS: &[&str] = &["tile", "titles", "groups", "widths", "heights", "file", "filenames", "table-cap"];

const ON: &[&str] = &["true", "false"];

/// The values of keys that have a closed list of them.
const VALUES: &[(&str, &[&str])] = &[
    ("collapse", ON),
    ("icon", ON),
    ("appearance", &["default", "simple", "minimal"]),
    ("fig-align", &["left", "center", "right", "default"]),
    ("layout-align", &["left", "center", "right", "default"]),
    ("layout-valign", &["top", "center", "bottom", "default"]),
    ("code-overflow", &["scroll", "wrap"]),
    ("code-fold", &["true", "false", "show", "hide"]),
];

/// Formats of conditional content. Profiles and other formats have names of their own, so only near misses are reported.
const FORMATS: &[&str] = &[
    "html",
    "html:js",
    "pdf",
    "latex",
    "epub",
    "docx",
    "typst",
    "revealjs",
    "beamer",
    "markdown",
    "pptx",
    "odt",
    "asciidoc",
    "ipynb",
    "dashboard",
    "llms-txt",
];

/// Reports misspelled classes, keys and values of a page.
pub(crate) fn check(blocks: &[Block], notes: &[Note], cx: &mut Context<'_>) {
    let mut found = Vec::new();
    let notes = notes.iter().map(|note| note.content.as_slice());
    for blocks in std::iter::once(blocks).chain(notes) {
        walk(blocks, &mut |node| {
            if let Node::Block(Block { kind: BlockKind::Cell(cell), .. }) = node
                && found.len() < SUGGESTIONS
            {
                check_options(cell, &mut found);
            }
            attributes(node, &mut |attr, span, is_code| {
                if found.len() < SUGGESTIONS && !attr.has_class("cell") {
                    check_attributes(attr, span, is_code, cx, &mut found);
                }
            });
            true
        });
    }
    report(found, cx);
}

/// Reports misspelled conditions of an element whose content depends on them: a condition that no build can read hides content, or
/// shows it.
pub(crate) fn check_conditions(attr: &Attr, span: Span, cx: &mut Context<'_>) {
    let conditions =
        |pair: &&Pair| is_condition(&pair.key) || nearest(&pair.key, KEYS.iter().copied()).is_some_and(is_condition);
    let pairs: Vec<Pair> = attr.pairs.iter().filter(conditions).cloned().collect();
    if pairs.is_empty() {
        return;
    }
    let mut found = Vec::new();
    check_attributes(&Attr { pairs, ..Attr::default() }, span, false, cx, &mut found);
    report(found, cx);
}

fn is_condition(key: &str) -> bool {
    key.starts_with("when-") || key.starts_with("unless-")
}

fn report(found: Vec<Misspelled>, cx: &mut Context<'_>) {
    for Misspelled { span, message, hint } in found {
        let known = cx.diagnostics.list.iter().rev().take(SUGGESTIONS);
        if !known.into_iter().any(|known| known.place.span == span && known.message == message) {
            cx.report(Code::MisspelledAttribute, span, message).hints.extend(hint);
        }
    }
}

/// Options of diagrams. Source: Quarto, "Diagrams".
const DIAGRAM_OPTIONS: &[&str] = &[
    "label",
    "fig-cap",
    "fig-alt",
    "fig-align",
    "fig-width",
    "fig-height",
    "fig-link",
    "fig-scap",
    "fig-pos",
    "file",
    "echo",
    "eval",
    "include",
    "code-fold",
    "filename",
];

/// Reports misspelled options of diagrams. Those of executed cells are reported where cells are planned.
fn check_options(cell: &Cell, found: &mut Vec<Misspelled>) {
    if !matches!(cell.language.as_str(), "mermaid" | "dot" | "tikz") {
        return;
    }
    for option in cell.options.iter().filter(|option| !DIAGRAM_OPTIONS.contains(&option.key.as_str())) {
        if let Some(meant) = nearest(&option.key, DIAGRAM_OPTIONS.iter().copied()) {
            let message = format!("unknown option `{}` of the diagram", option.key);
            found.push(Misspelled { span: option.span, message, hint: Some(format!("did you mean `{meant}`?")) });
        }
    }
}

struct Misspelled {
    span: Span,
    message: String,
    hint: Option<String>,
}

/// Calls `f` for the attributes of a node, with its span, and true for code, whose first class is its language.
fn attributes(node: Node<'_>, f: &mut impl FnMut(&Attr, Span, bool)) {
    match node {
        Node::Block(block) => match &block.kind {
            BlockKind::Header(header) => f(&header.attr, block.span, false),
            BlockKind::CodeBlock(code) => f(&code.attr, block.span, true),
            BlockKind::Table(table) => f(&table.attr, block.span, false),
            BlockKind::Div(attr, _) => f(attr, block.span, false),
            BlockKind::Figure(figure) => f(&figure.attr, block.span, false),
            BlockKind::Float(float) => f(&float.attr, block.span, false),
            BlockKind::LayoutPanel(panel) => f(&panel.attr, block.span, false),
            BlockKind::Callout(callout) => f(&callout.attr, block.span, false),
            BlockKind::Theorem(theorem) => f(&theorem.attr, block.span, false),
            BlockKind::Proof(proof) => f(&proof.attr, block.span, false),
            BlockKind::Tabset(tabset) => {
                f(&tabset.attr, block.span, false);
                tabset.tabs.iter().for_each(|tab| f(&tab.attr, block.span, false));
            }
            BlockKind::Plain(_)
            | BlockKind::Para(_)
            | BlockKind::Cell(_)
            | BlockKind::RawBlock(..)
            | BlockKind::BlockQuote(_)
            | BlockKind::BulletList(_)
            | BlockKind::OrderedList(_)
            | BlockKind::DefinitionList(_)
            | BlockKind::LineBlock(_)
            | BlockKind::HorizontalRule
            | BlockKind::Algorithm(_)
            | BlockKind::Shortcode(_) => {}
        },
        Node::Inline(inline) => match &inline.kind {
            InlineKind::Code(attr, _) => f(attr, inline.span, true),
            InlineKind::Math(math) => f(&math.attr, inline.span, false),
            InlineKind::Link(link) => f(&link.attr, inline.span, false),
            InlineKind::Image(image) => f(&image.attr, inline.span, false),
            InlineKind::Span(attr, _) => f(attr, inline.span, false),
            InlineKind::Str(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Emph(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikeout(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::SmallCaps(_)
            | InlineKind::RawInline(..)
            | InlineKind::Cite(_)
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        },
    }
}

fn check_attributes(attr: &Attr, span: Span, is_code: bool, cx: &Context<'_>, found: &mut Vec<Misspelled>) {
    for class in attr.classes.iter().skip(usize::from(is_code)) {
        let is_known =
            CLASSES.iter().chain(OTHER_CLASSES).any(|known| known == class) || cx.scope.box_classes.contains(class);
        let boxes = cx.scope.box_classes.iter().map(String::as_str);
        if !is_known && let Some(meant) = nearest(class, CLASSES.iter().copied().chain(boxes)) {
            let message = format!("unknown class `.{class}`");
            let hint = Some(format!("did you mean `.{meant}`?"));
            found.push(Misspelled { span: class_span(class, span, cx), message, hint });
        }
    }
    for pair in &attr.pairs {
        let key = pair.key.as_str();
        if let Some((_, values)) = VALUES.iter().find(|(name, _)| *name == key) {
            found.extend(wrong_value(pair, values));
        } else if matches!(key, "layout-ncol" | "layout-nrow") {
            let is_number = pair.value.trim().parse::<u32>().is_ok() || pair.value.contains("{{<");
            let message = format!("invalid value `{}` of `{key}`", pair.value);
            let hint = Some("write a number".to_owned());
            found.extend((!is_number).then_some(Misspelled { span: pair.value_span, message, hint }));
        } else if matches!(key, "when-format" | "unless-format") {
            let unknown = pair.value.split([',', ' ']).filter(|name| !name.is_empty() && !FORMATS.contains(name));
            for name in unknown.filter(|name| name.chars().count() > 2) {
                let hint = did_you_mean(name, FORMATS.iter().copied().filter(|format| format.len() > 3));
                let message = format!("unknown format `{name}`");
                found.extend(hint.map(|hint| Misspelled { span: pair.value_span, message, hint: Some(hint) }));
            }
        } else if !KEYS.contains(&key)
            && !OTHER_KEYS.contains(&key)
            && let Some(meant) = nearest(key, KEYS.iter().copied())
        {
            let hint = Some(format!("did you mean `{meant}`?"));
            found.push(Misspelled { span: key_span(pair, cx), message: format!("unknown attribute `{key}`"), hint });
        }
    }
}

fn wrong_value(pair: &Pair, values: &[&str]) -> Option<Misspelled> {
    let value = pair.value.trim();
    if value.is_empty() || values.contains(&value) || value.contains("{{<") {
        return None;
    }
    let choices = || values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    let hint = did_you_mean(value, values.iter().copied()).unwrap_or_else(|| format!("write one of {}", choices()));
    let message = format!("invalid value `{value}` of `{}`", pair.key);
    Some(Misspelled { span: pair.value_span, message, hint: Some(hint) })
}

/// The known name that was probably meant: an edit away, or two in a long name. A plural is an author's own name.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let length = name.chars().count();
    if length < 5 || name.strip_suffix('s').is_some_and(|single| known.clone().any(|known| known == single)) {
        return None;
    }
    suggest_within(name, if length < 10 { 1 } else { 2 }, known)
}

/// The place of a class in an element. Of inlines the attributes come last.
fn class_span(class: &str, element: Span, cx: &Context<'_>) -> Span {
    let text = cx.source.slice(element);
    let is_whole = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + class.len()..].chars().next();
        before.is_some_and(|c| matches!(c, '.' | ' ' | '"' | '\'' | '{' | ':'))
            && after.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
    };
    let at = text.match_indices(class).map(|(at, _)| at).find(|at| is_whole(*at));
    at.map_or(element, |at| {
        let start = element.start as usize + at;
        let dot = usize::from(text[..at].ends_with('.'));
        Span::new(start - dot, start + class.len())
    })
}

/// The place of a key: just before its value.
fn key_span(pair: &Pair, cx: &Context<'_>) -> Span {
    let end = (pair.value_span.start as usize).min(cx.source.text.len());
    let before = cx.source.text.get(..end).unwrap_or("");
    let before = before.trim_end_matches(['"', '\'', ' ']).trim_end_matches('=').trim_end();
    match before.ends_with(pair.key.as_str()) {
        true => Span::new(before.len() - pair.key.len(), before.len()),
        false => pair.value_span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_few() {
        let class = |name: &str| nearest(name, CLASSES.iter().copied());
        for (written, meant) in [
            ("callout-warnin", "callout-warning"),
            ("column-margn", "column-margin"),
            ("contentvisible", "content-visible"),
            ("panel-tabest", "panel-tabset"),
            ("unnumberd", "unnumbered"),
            ("colum-page", "column-page"),
        ] {
            assert_eq!(class(written), Some(meant), "{written}");
        }
        for own in ["callout-info", "column", "columns", "panel", "callouts", "callout-notes", "column-marker", "list"]
        {
            assert_eq!(class(own), None, "{own}");
        }
    }
}
