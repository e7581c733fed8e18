//! Parsing a page: front matter, blocks, inlines, notes.

use crate::attr_names;
use crate::blocks::{self, lines_of};
use crate::conditional;
use crate::config::lift_format;
use crate::contents;
use crate::context::Context;
use crate::draft::Draft;
use crate::finish::finish;
use crate::front_matter::{FrontMatter, front_matter};
use crate::headings;
use crate::inlines;
use crate::quiz::{self, QuizBoxes, QuizSection, QuizText};
use crate::text::Text;
use crate::yaml::parse_yaml_as;
use mlsys_book::{
    Block, Chapter, Checked, Code, Diagnostic, Entry, Inline, OptionName, Scope, Source, Span, Value, ValueKind, key,
    name,
};

/// Parses a page.
///
/// The page's front matter is merged onto the metadata of the scope. Mistakes are diagnostics, in source order.
///
/// ```
/// use mlsys_book::{Place, Scope, Source, SourceId, Value, print_chapter};
///
/// let empty = Value::empty(Place::project());
/// let scope = Scope {
///     format: "html".into(),
///     profiles: Vec::new(),
///     meta: empty.clone(),
///     variables: empty.clone(),
///     brand: empty,
///     environment: Default::default(),
///     custom_floats: Default::default(),
///     language: None,
///     box_classes: Default::default(),
/// };
/// let source = Source::new(SourceId(0), "index.qmd", "# A *title*\n\n[@key]\n");
/// let page = mlsys_parse::parse(&source, &scope);
/// assert_eq!(print_chapter(&page.value), "Header 1 #a-title? \"A \" Emph(\"title\")\nPara Cite([@key])\n");
/// assert!(page.diagnostics.is_empty());
/// ```
pub fn parse(source: &Source, scope: &Scope) -> Checked<Chapter> {
    parse_with_quizzes(source, scope, &QuizText::new(source))
}

/// Parses a page with quizzes, which have been appended to its source; see [`QuizText`].
pub fn parse_with_quizzes(source: &Source, scope: &Scope, quizzes: &QuizText) -> Checked<Chapter> {
    let mut diagnostics = Vec::new();
    let FrontMatter { meta, body } = front_matter(source).take(&mut diagnostics);
    let meta = scope.meta.merge(&lift_format(&meta, &scope.format));
    let mut custom_floats = scope.custom_floats.clone();
    custom_floats.extend(mlsys_book::custom_floats(&meta));
    let scope = Scope { meta, custom_floats, ..scope.clone() };
    let mut cx = Context::new(source, &scope);
    let end = body.end.min(quizzes.page.end).max(body.start);
    let lines = lines_of(&source.text, body.start as usize, end as usize);
    let drafts = blocks::parse(&lines, &mut cx);
    let mut blocks = page(drafts, &mut cx);
    let base = || scope.meta.read(key!("base-header-level")).map(|level| level.saturating_sub(1));
    let shift = scope.meta.read(key!("shift-heading-level-by")).or_else(base).unwrap_or(0);
    let shifted_title = headings::shift(&mut blocks, shift, scope.meta.value(name!("title")).is_none());
    if !quizzes.sections.is_empty() {
        let boxes = quizzes.sections.iter().map(|section| quiz_boxes(section, &mut cx)).collect();
        let found;
        (blocks, found) = quiz::insert(blocks, boxes, source);
        diagnostics.extend(found);
    }
    let title = shifted_title.or_else(|| markdown_of(&scope.meta, name!("title"), &mut cx));
    let subtitle = markdown_of(&scope.meta, name!("subtitle"), &mut cx);
    let summary = summary(&scope.meta, &mut cx);
    report_notes(&mut cx);
    let notes = std::mem::take(&mut cx.notes);
    attr_names::check(&blocks, &notes, &mut cx);
    cx.notes = notes;
    diagnostics.append(&mut cx.diagnostics.list);
    let (notes, metadata, hidden_labels) = (cx.notes, cx.metadata, cx.hidden_labels);
    let read = |span: &Span| parse_yaml_as(source, *span, Code::InvalidFrontMatter).take(&mut diagnostics);
    let maps = metadata.iter().rev().map(read).filter(|value| matches!(value.kind, ValueKind::Map(_)));
    let maps: Vec<Value> = maps.collect();
    let meta = match maps.split_first() {
        // In Pandoc the first definition of a key wins.
        Some((last, earlier)) => last.merge_all(earlier.iter().chain([&scope.meta])),
        None => scope.meta.clone(),
    };
    let meta = with_texts(meta, &scope, &mut diagnostics);
    diagnostics.sort_by_key(|d| d.place);
    let chapter = Chapter { source: source.id, meta, title, subtitle, summary, blocks, notes, hidden_labels };
    Checked { value: chapter, diagnostics }
}

/// The metadata with the words of the files that `language` names, and with shortcodes replaced in the texts that go into the page
/// as they are.
fn with_texts(mut meta: Value, scope: &Scope, diagnostics: &mut Vec<Diagnostic>) -> Value {
    const VERBATIM: [&str; 9] = [
        "include-in-header",
        "include-before-body",
        "include-after-body",
        "header-includes",
        "include-before",
        "include-after",
        "open-graph",
        "twitter-card",
        "pagetitle",
    ];
    if let ValueKind::Map(entries) = &mut meta.kind {
        if let Some(language) = &scope.language {
            entries.retain(|entry| entry.key != "language");
            let key_place = language.place;
            entries.push(Entry { key: "language".to_owned(), key_place, value: language.clone() });
        }
        for entry in entries.iter_mut().filter(|entry| VERBATIM.contains(&entry.key.as_str())) {
            crate::shortcode::expand_values(&mut entry.value, scope, diagnostics);
        }
    }
    meta
}

/// Parses the quiz of a section. Each box is a document of its own.
fn quiz_boxes<'a>(section: &QuizSection, cx: &mut Context<'a>) -> QuizBoxes {
    let mut read = |span: Span| {
        let definitions = std::mem::take(&mut cx.definitions);
        let examples = std::mem::take(&mut cx.examples);
        let lines = lines_of(&cx.source.text, span.start as usize, span.end as usize);
        let drafts = blocks::parse(&lines, cx);
        let blocks = page(drafts, cx);
        (cx.definitions, cx.examples) = (definitions, examples);
        blocks
    };
    let (questions, answers) = (read(section.questions), read(section.answers));
    QuizBoxes { section: section.clone(), questions, answers }
}

/// Parses inlines from a value such as a title or a navigation text; `span` is the value's source.
pub fn parse_inlines(source: &Source, value: &str, span: Span, scope: &Scope) -> Checked<Vec<Inline>> {
    let mut cx = Context::new(source, scope);
    let text = Text::from_value(&source.text, value, span);
    let inlines = inlines::parse(&text, &mut cx);
    Checked { value: inlines, diagnostics: cx.diagnostics.list }
}

/// Parses the blocks of a span of a source.
pub fn parse_blocks(source: &Source, span: Span, scope: &Scope) -> Checked<Vec<Block>> {
    let mut cx = Context::new(source, scope);
    let lines = lines_of(&source.text, span.start as usize, (span.end as usize).min(source.text.len()));
    let drafts = blocks::parse(&lines, &mut cx);
    let blocks = page(drafts, &mut cx);
    Checked { value: blocks, diagnostics: cx.diagnostics.list }
}

/// The inline pass over a page's drafts and those of its notes.
fn page<'a>(drafts: Vec<Draft<'a>>, cx: &mut Context<'a>) -> Vec<Block> {
    let drafts = contents::moved(drafts, cx);
    let mut drafts = conditional::prune(drafts, cx);
    headings::identify(&mut drafts, cx);
    let blocks = finish(drafts, cx);
    for (id, drafts) in std::mem::take(&mut cx.note_drafts) {
        let drafts = conditional::prune(drafts, cx);
        let content = finish(drafts, cx);
        if let Some(note) = cx.notes.get_mut(id.index()) {
            note.content = content;
        }
    }
    blocks
}

fn markdown_of<'a>(meta: &'a Value, key: OptionName, cx: &mut Context<'a>) -> Option<Vec<Inline>> {
    let value = meta.value(key)?;
    let text = value.to_text()?;
    Some(inlines::parse(&value_text(&text, value, cx), cx))
}

/// A value as text. Values from other sources, such as the project's configuration, have no span on the page.
fn value_text<'t>(text: &'t str, value: &Value, cx: &Context<'_>) -> Text<'t> {
    let span = if value.place.source == cx.source.id { value.place.span } else { Span { start: 0, end: 0 } };
    Text::from_value(&cx.source.text, text, span)
}

fn summary<'a>(meta: &'a Value, cx: &mut Context<'a>) -> Vec<Block> {
    let Some(value) = meta.value(name!("abstract")) else { return Vec::new() };
    let Some(text) = value.to_text() else { return Vec::new() };
    text.split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| {
            let text = value_text(paragraph.trim(), value, cx);
            let span = text.span(0..text.text.len());
            Block { span, kind: mlsys_book::BlockKind::Para(inlines::parse(&text, cx)) }
        })
        .collect()
}

/// Reports unused notes.
fn report_notes(cx: &mut Context<'_>) {
    let unused: Vec<(Span, String)> = cx
        .notes
        .iter()
        .zip(&cx.note_uses)
        .filter(|(_, uses)| **uses == 0)
        .filter_map(|(note, _)| Some((note.span, note.label.clone()?)))
        .collect();
    for (span, label) in unused {
        cx.report(Code::UnusedFootnote, span, format!("unused note `{label}`"));
    }
}
