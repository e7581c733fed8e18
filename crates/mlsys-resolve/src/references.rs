//! Cross-references: their text and their targets.

use crate::crossref::{Crossref, capitalised};
use mlsys_book::{
    Attr, Chapter, Citation, CitationMode, Code, CrossReference, Diagnostic, Index, Inline, InlineKind, Labelled, Node,
    Place, Project, ProjectKind, Refs, SUGGESTIONS, SectionKind, Severity, Span, Target, label_kind, near_keys,
    plain_text, suggest, walk,
};

/// The cross-references of one page.
pub(crate) struct References<'a> {
    pub project: &'a Project,
    pub index: &'a Index,
    pub refs: &'a Refs,
    pub crossref: &'a Crossref<'a>,
    /// The page's text.
    chapter: &'a Chapter,
    pub diagnostics: Vec<Diagnostic>,
    suggested: usize,
}

impl<'a> References<'a> {
    pub(crate) fn new(
        project: &'a Project,
        (chapter, index): (&'a Chapter, &'a Index),
        refs: &'a Refs,
        crossref: &'a Crossref<'a>,
    ) -> References<'a> {
        References { project, index, refs, crossref, chapter, diagnostics: Vec::new(), suggested: 0 }
    }

    /// The cross-references of a citation inline, one for each key.
    pub(crate) fn cross_references(&mut self, keys: &[&Citation], bracketed: bool, span: Span) -> Vec<CrossReference> {
        keys.iter().map(|citation| self.cross_reference(citation, bracketed, span)).collect()
    }

    /// What a reference in a formula shows: a number.
    pub(crate) fn in_formula(&mut self, label: &str, span: Span) -> String {
        let key = label.to_owned();
        let citation =
            Citation { key, span, prefix: Vec::new(), suffix: Vec::new(), mode: CitationMode::SuppressAuthor };
        plain_text(&self.cross_reference(&citation, true, span).content)
    }

    fn cross_reference(&mut self, citation: &Citation, bracketed: bool, span: Span) -> CrossReference {
        let key = citation.key.clone();
        let suffix = if bracketed || citation.suffix.is_empty() {
            citation.suffix.clone()
        } else {
            let text = |text: &str| Inline { span, kind: InlineKind::Str(text.to_owned()) };
            [vec![text(" [")], citation.suffix.clone(), vec![text("]")]].concat()
        };
        let place = Place { source: self.index.source, span: citation.span };
        let labelled = find(self.refs, &key);
        let here = labelled.iter().find(|labelled| labelled.page == self.index.page);
        let Some(first) = here.or_else(|| labelled.first()) else {
            self.unresolved(&key, place);
            let content = vec![Inline { span, kind: shown_unresolved(&key, citation.mode, bracketed, span) }];
            return CrossReference { key, target: None, resolved: false, across: false, content, suffix };
        };
        if here.is_none() && labelled.len() > 1 && self.project.kind != ProjectKind::Book {
            let message = format!("several pages define `{key}`; the reference goes to the first");
            let mut diagnostic = Diagnostic::new(Code::DuplicateLabel, place, message);
            diagnostic.severity = Severity::Warning;
            for labelled in labelled.iter().take(5) {
                diagnostic = diagnostic.related(labelled.place, "defined here");
            }
            self.diagnostics.push(diagnostic);
        }
        let content = self.content(first, citation, span);
        let target = self.crossref.hyperlinks().then(|| self.target(&key, first));
        let across = here.is_none() && self.project.kind != ProjectKind::Book;
        CrossReference { key, target, resolved: true, across, content, suffix }
    }

    /// The target of a reference. From another page, a reference to a chapter of a book leads to the page itself.
    fn target(&self, key: &str, labelled: &Labelled) -> Target {
        let other = labelled.page != self.index.page;
        let whole_page = self.project.kind == ProjectKind::Book
            && other
            && matches!(labelled.section, Some(SectionKind::Chapter | SectionKind::Appendix | SectionKind::Part));
        let label = if self.refs.labels.contains_key(key) { key.to_owned() } else { lower_first(key) };
        Target { page: labelled.page, anchor: (!whole_page).then_some(label) }
    }

    fn content(&self, labelled: &Labelled, citation: &Citation, span: Span) -> Vec<Inline> {
        let text = |text: String| Inline { span, kind: InlineKind::Str(text) };
        let named = self.named(labelled);
        let title = || labelled.title.iter().map(|inline| Inline { span, kind: inline.kind.clone() });
        let mut content = Vec::new();
        if !citation.prefix.is_empty() {
            content.extend(trimmed(&citation.prefix));
            match named.number {
                Some(number) => content.push(text(format!("\u{a0}{number}"))),
                None => {
                    content.push(text(" ".to_owned()));
                    content.extend(title());
                }
            }
            return content;
        }
        match named.number {
            Some(number) => {
                let word = if citation.mode == CitationMode::SuppressAuthor { String::new() } else { named.word };
                let capital = citation.key.starts_with(char::is_uppercase);
                let word = if capital { capitalised(&word) } else { word };
                let gap = if word.is_empty() { "" } else { named.gap };
                let full = named.with_title && citation.mode != CitationMode::SuppressAuthor;
                content.push(text(format!("{word}{gap}{number}{}", if full { ": " } else { "" })));
                if full {
                    content.extend(title());
                }
            }
            None => content.extend(title()),
        }
        if content.is_empty() {
            content.push(text(citation.key.clone()));
        }
        content
    }

    /// The word and number that a reference shows; no number if it shows the title.
    fn named(&self, labelled: &Labelled) -> Named {
        let Some(section) = labelled.section else {
            let number = labelled.number.as_ref().map(|number| match &number.parent {
                Some(parent) => format!("{parent} ({})", number.text),
                None => number.text.clone(),
            });
            let number = number.filter(|_| labelled.number.as_ref().is_some_and(|number| number.shown));
            let gap = self.crossref.gap(&labelled.kind);
            let word = labelled.word.clone().unwrap_or_else(|| self.crossref.prefix(&labelled.kind));
            return Named { word, gap, number, with_title: false };
        };
        let own = labelled.page == self.index.page;
        let book = self.project.kind == ProjectKind::Book;
        let shown = labelled.number.as_ref().is_some_and(|number| number.shown);
        let number = labelled.number.as_ref().map(|number| number.text.clone());
        // Outside of books, references on the same page show hidden numbers, except those below `number-depth`.
        let hidden = own && !book && self.index.numbering.sections != Some(true);
        let position = self.refs.page(labelled.page).and_then(|page| page.position);
        let (word, number, with_title) = match section {
            SectionKind::Part => ("ch", None, false),
            SectionKind::Chapter if book => ("ch", number.filter(|_| shown), false),
            SectionKind::Appendix => ("apx", number.filter(|_| shown), false),
            SectionKind::Chapter if !own => ("ch", position.map(|position| position.to_string()), true),
            SectionKind::Section if !own && !book => ("sec", None, false),
            SectionKind::Chapter if position.is_none() => ("ch", number.filter(|_| shown || hidden), false),
            SectionKind::Chapter | SectionKind::Section => ("sec", number.filter(|_| shown || hidden), false),
        };
        Named { word: self.crossref.prefix(word), gap: "\u{a0}", number, with_title }
    }

    fn unresolved(&mut self, key: &str, place: Place) {
        if let Some(hidden) = self.refs.hidden.get(key) {
            let message = format!("the label `{key}` is in content that this format hides");
            let mut diagnostic = Diagnostic::new(Code::UnresolvedReference, place, message);
            diagnostic.severity = Severity::Warning;
            self.diagnostics.push(diagnostic.related(*hidden, "hidden here by `when-format` or another condition"));
            return;
        }
        let message = format!("no page defines the label `{key}`");
        let mut diagnostic = Diagnostic::new(Code::UnresolvedReference, place, message);
        let kind = label_kind(key).map(|kind| format!("{kind}-")).unwrap_or_default();
        self.suggested += 1;
        let own_id = self.refs.page(self.index.page).is_some_and(|page| page.ids.iter().any(|id| id == key));
        if own_id {
            diagnostic = match image_with_id(self.chapter, key) {
                Some(span) => diagnostic
                    .related(Place { source: self.index.source, span }, "this image is within a paragraph")
                    .hint("a figure is alone in its paragraph: put blank lines before and after the image"),
                None => diagnostic.hint(format!(
                    "`{key}` is the id of something that is not numbered: a figure is alone in its paragraph, with blank lines around it"
                )),
            };
        } else if self.suggested <= SUGGESTIONS {
            let key = lower_first(key);
            let same_kind = near_keys(&self.refs.labels, &key).filter(|label| label.starts_with(&kind));
            if let Some(label) = suggest(&key, same_kind) {
                diagnostic = diagnostic.hint(format!("did you mean `@{label}`?"));
            }
        }
        self.diagnostics.push(diagnostic);
    }
}

/// The image with an id.
fn image_with_id(chapter: &Chapter, id: &str) -> Option<Span> {
    let mut found = None;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Inline(Inline { kind: InlineKind::Image(image), span }) = node
            && image.attr.id() == id
        {
            found = found.or(Some(*span));
        }
        found.is_none()
    });
    found
}

/// True if a key names a label and not a work.
///
/// A key of a known kind is a label (`fig-x`), unless only a work has it (`def-2020`). Any other key is one if something has that
/// label and no work has the key.
pub(crate) fn is_label(crossref: &Crossref<'_>, refs: &Refs, key: &str, is_work: impl Fn(&str) -> bool) -> bool {
    match label_kind(key).is_some_and(|kind| crossref.has_kind(&kind)) {
        true => !find(refs, key).is_empty() || !is_work(key),
        false => !find(refs, key).is_empty() && !is_work(key),
    }
}

/// The things with a label, on all pages. A capital at the start asks for a capitalised word, unless the label itself has it.
fn find<'a>(refs: &'a Refs, key: &str) -> &'a [Labelled] {
    let find = |key: &str| refs.labels.get(key).map(Vec::as_slice);
    find(key).or_else(|| find(&lower_first(key))).unwrap_or(&[])
}

/// What stands for a reference to a label that no page defines. `\\ref{label}` stays TeX, as in Quarto.
fn shown_unresolved(key: &str, mode: CitationMode, bracketed: bool, span: Span) -> InlineKind {
    match mode {
        CitationMode::SuppressAuthor if !bracketed => {
            let classes = vec!["math".to_owned(), "inline".to_owned()];
            let text = InlineKind::Str(format!("\\(\\ref{{{key}}}\\)"));
            InlineKind::Span(Box::new(Attr { classes, ..Attr::default() }), vec![Inline { span, kind: text }])
        }
        CitationMode::SuppressAuthor | CitationMode::AuthorInText | CitationMode::Normal => {
            InlineKind::Str(format!("?@{}", lower_first(key)))
        }
    }
}

struct Named {
    word: String,
    gap: &'static str,
    number: Option<String>,
    with_title: bool,
}

fn lower_first(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Inlines without trailing white space.
fn trimmed(inlines: &[Inline]) -> Vec<Inline> {
    let mut out = inlines.to_vec();
    while let Some(last) = out.last_mut() {
        match &mut last.kind {
            InlineKind::SoftBreak | InlineKind::LineBreak => {
                out.pop();
            }
            InlineKind::Str(text) => {
                let end = text.trim_end_matches([' ', '\u{a0}']).len();
                text.truncate(end);
                if end > 0 {
                    break;
                }
                out.pop();
            }
            InlineKind::Emph(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikeout(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::SmallCaps(_)
            | InlineKind::Code(..)
            | InlineKind::Math(_)
            | InlineKind::RawInline(..)
            | InlineKind::Link(_)
            | InlineKind::Image(_)
            | InlineKind::Cite(_)
            | InlineKind::Note(_)
            | InlineKind::Span(..)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => break,
        }
    }
    out
}
