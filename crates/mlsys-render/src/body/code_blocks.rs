//! Code blocks. Source: Quarto, "HTML Code Blocks"; Pandoc manual, "Extension: fenced_code_attributes".

use super::options::{CodeAnnotations, is_fold};
use super::{Body, Medium};
use crate::code::{Annotated, similar_language};
use crate::html::{Elements, Tag};
use mlsys_book::{Attr, Block, BlockKind, Code, CodeBlock, OrderedList, Span};
use std::ops::RangeInclusive;

impl<'a> Body<'a> {
    /// A code block, or its diagram.
    pub(super) fn code_block(&mut self, block: &CodeBlock, span: Span) {
        if self.diagram(block, span) {
            return;
        }
        if let Some(shown) = fenced_cell(block) {
            // `echo: fenced` shows a cell with its fence.
            let mut attr = block.attr.clone();
            attr.classes.insert(0, "markdown".to_owned());
            self.listing(&attr, &shown, span, None);
            return;
        }
        if let Some(language) = block.language().filter(|l| l.starts_with('{') && l.ends_with('}')) {
            // Double braces show how a cell is written. Source: Quarto, "Unexecuted Blocks".
            let fenced = format!("```{language}\n{}\n```", block.text);
            self.code("markdown", &fenced, span);
            return;
        }
        self.listing(&block.attr, &block.text, span, None);
    }

    /// Annotated code and its list of annotations. False if `blocks` does not start with such a pair.
    pub(super) fn annotated_code(&mut self, blocks: &'a [Block]) -> bool {
        let [Block { kind: BlockKind::CodeBlock(block), span }, Block { kind: BlockKind::OrderedList(list), .. }, ..] =
            blocks
        else {
            return false;
        };
        if self.options.code_annotations == CodeAnnotations::Off {
            return false;
        }
        let Some(annotated) = Annotated::new(&block.text) else { return false };
        if self.options.code_annotations == CodeAnnotations::None {
            self.listing(&block.attr, &annotated.text, *span, None);
            return true;
        }
        self.counters.annotated_cells += 1;
        self.listing(&block.attr, &annotated.text, *span, Some(&annotated));
        self.annotations(&annotated, list);
        true
    }

    fn annotations(&mut self, annotated: &Annotated, list: &'a OrderedList) {
        let cell = format!("annotated-cell-{}", self.counters.annotated_cells);
        let hidden = self.options.code_annotations != CodeAnnotations::Below;
        let tag = Tag::new("dl").when(hidden, |t| t.class("code-annotation-container-hidden"));
        self.lines(tag.class("code-annotation-container-grid"), |b| {
            for (number, item) in (list.start..).zip(&list.items) {
                let text = number.to_string();
                let term = Tag::new("dt").id(&format!("{cell}-note-{number}")).attr("data-target-cell", &cell);
                b.leaf(term.attr("data-target-annotation", &text), &text);
                b.newline();
                let note = Tag::new("span").attr("data-code-cell", &cell);
                let note = note.attr("data-code-lines", annotated.lines_of(number)).attr("data-code-annotation", &text);
                b.line(Tag::new("dd"), |b| b.element(note, |b| b.held(|b| b.annotation(&item.content))));
            }
        });
    }

    fn annotation(&mut self, content: &'a [Block]) {
        for (i, block) in content.iter().enumerate() {
            if let BlockKind::Plain(text) | BlockKind::Para(text) = &block.kind {
                if i > 0 {
                    self.line_break();
                }
                self.inlines(text);
            } else {
                self.block(block);
            }
        }
    }

    /// Code without attributes of its own.
    pub(super) fn code(&mut self, language: &str, text: &str, span: Span) {
        let attr = Attr { classes: vec![language.to_owned()], ..Attr::default() };
        self.listing(&attr, text, span, None);
    }

    /// Code, folded according to its attribute `code-fold`; cells default to the page's `code-fold`. Source: Quarto, "HTML Code Blocks",
    /// folding; Quarto itself folds only cells.
    fn listing(&mut self, attr: &Attr, text: &str, span: Span, annotated: Option<&Annotated>) {
        let of_page = self.options.code_fold.clone().filter(|_| attr.has_class("cell-code"));
        let fold = attr.get("code-fold").map(str::to_owned).or(of_page).filter(|value| is_fold(value));
        let Some(fold) = fold else { return self.unfolded_listing(attr, text, span, annotated) };
        self.counters.code_folds += 1;
        let of_page =
            || self.options.code_summary.clone().unwrap_or_else(|| self.words.get("code-summary").to_string());
        let summary = attr.get("code-summary").map_or_else(of_page, str::to_owned);
        let tag = Tag::new("details").class("code-fold").when(fold == "show", |t| t.flag("open"));
        self.lines(tag, |b| {
            b.leaf(Tag::new("summary"), &summary);
            b.newline();
            b.unfolded_listing(attr, text, span, annotated);
        });
    }

    fn unfolded_listing(&mut self, attr: &Attr, text: &str, span: Span, annotated: Option<&Annotated>) {
        if attr.id().is_empty() && annotated.is_none() {
            self.counters.code_blocks += 1;
        }
        let language = attr.classes.first().map_or("", |l| l.trim_start_matches('.'));
        let numbered = attr.get("code-line-numbers").map_or(self.options.code_line_numbers, |v| v != "false");
        let number_class = ["numberLines", "number-lines"].iter().any(|c| attr.has_class(c));
        let is_highlighted = self.options.highlights_code;
        let lines = self.highlighted_lines(language, text).filter(|_| is_highlighted).map(<[String]>::to_vec);
        if is_highlighted && lines.is_none() && !language.is_empty() && !number_class {
            self.unknown_language(language, span);
        }
        // Annotations belong to lines, also in a language without a grammar.
        let lines = lines.or_else(|| annotated.map(|_| text.split('\n').map(crate::html::escape).collect()));
        let write = |b: &mut Self| match &lines {
            Some(lines) => {
                let numbered = Numbered { shown: numbered || number_class, add_class: numbered && !number_class };
                b.highlighted(attr, lines, numbered, annotated);
            }
            None => b.unhighlighted(attr, text),
        };
        let Some(filename) = attr.get("filename") else { return write(self) };
        self.lines(Tag::new("div").class("code-with-filename"), |b| {
            b.lines(Tag::new("div").class("code-with-filename-file"), |b| {
                b.line(Tag::new("pre"), |b| b.leaf(Tag::new("strong"), filename));
            });
            write(b);
        });
    }

    fn unhighlighted(&mut self, attr: &Attr, text: &str) {
        let tag = Tag::new("pre").id(attr.id()).author_classes(attr);
        let tag = tag.when(self.options.code_wrap, |t| t.class("code-overflow-wrap"));
        self.line(tag.pairs(attr, &["code-line-numbers"]), |b| b.leaf(Tag::new("code"), text));
    }

    fn highlighted(&mut self, attr: &Attr, lines: &[String], numbered: Numbered, annotated: Option<&Annotated>) {
        let id = match (attr.id(), annotated) {
            (_, Some(_)) => format!("annotated-cell-{}", self.counters.annotated_cells),
            ("", None) => format!("cb{}", self.counters.code_blocks),
            (id, None) => id.to_owned(),
        };
        let language = attr.classes.first().map_or("", String::as_str);
        let start: usize = attr.get("startFrom").or(attr.get("startfrom")).and_then(|s| s.parse().ok()).unwrap_or(1);
        let copy =
            attr.get("code-copy").map_or(self.options.code_copy, |v| v != "false") && self.medium == Medium::Html;
        const HANDLED: &[&str] = &[
            "startFrom",
            "startfrom",
            "code-line-numbers",
            "lst-cap",
            "lst-label",
            "code-fold",
            "code-summary",
            "code-overflow",
            "filename",
        ];
        let wrap = attr.get("code-overflow").map_or(self.options.code_wrap, |value| value == "wrap");
        let wrap = wrap && !attr.has_class("code-overflow-scroll");
        let outer = Tag::new("div").class("sourceCode").attr("id", &id);
        let outer = outer.when(start != 1, |t| t.attr("data-startfrom", start.to_string())).pairs(attr, HANDLED);
        let pre = Tag::new("pre").class("sourceCode").when(numbered.shown, |t| t.class("numberSource"));
        let is_cell = attr.has_class("cell-code");
        let outer = outer.when(is_cell, |t| t.class("cell-code"));
        let mut classes = attr.clone();
        classes.classes.retain(|class| class != "cell-code");
        let pre = pre.author_classes(&classes).when(numbered.add_class, |t| t.class("number-lines"));
        let pre = pre.when(wrap, |t| t.class("code-overflow-wrap"));
        let pre = pre.when(annotated.is_some(), |t| t.class("code-annotation-code"));
        let pre = pre.when(copy, |t| t.class("code-with-copy"));
        let pre = pre.when(annotated.is_some(), |t| t.class("code-annotated"));
        let code = Tag::new("code").class("sourceCode").class(crate::code::language_class(language));
        let counter = format!("counter-reset: source-line {};", start.saturating_sub(1));
        let code = code.when(start != 1, |t| t.attr("style", counter));
        let marked = marked_lines(attr.get("code-line-numbers").unwrap_or(""));
        let block = |b: &mut Self| {
            b.element(outer, |b| {
                b.element(pre, |b| {
                    b.element(code, |b| {
                        for (i, line) in lines.iter().enumerate() {
                            if i > 0 {
                                b.newline();
                            }
                            let is_marked = marked.iter().any(|range| range.contains(&(start + i)));
                            let note = annotated.and_then(|a| a.first_at(i));
                            b.line_of_code(&id, &format!("{id}-{}", start + i), line, is_marked, note);
                        }
                    });
                });
            });
        };
        if copy {
            self.element(Tag::new("div").class("code-copy-outer-scaffold"), |b| {
                block(b);
                b.copy_button();
            });
        } else {
            block(self);
        }
        self.newline();
    }

    /// A line of the code block `id`, with the anchor of the annotation `note`.
    fn line_of_code(&mut self, id: &str, line_id: &str, line: &str, is_marked: bool, note: Option<u32>) {
        if let Some(note) = note.map(|note| note.to_string()) {
            let anchor = Tag::new("a").class("code-annotation-anchor").attr("data-target-cell", id);
            let anchor = anchor.attr("data-target-annotation", &note).attr("href", format!("#{id}-note-{note}"));
            self.leaf(anchor, &note);
        }
        let tag = match self.medium {
            Medium::Html => Tag::new("span").attr("id", line_id),
            Medium::Epub => Tag::new("span"),
        };
        let tag = tag.when(note.is_some(), |t| t.class("code-annotation-target"));
        self.element(tag.when(is_marked, |t| t.class("mlsys-marked-line")), |b| {
            if b.medium == Medium::Epub {
                return b.raw(line);
            }
            // The style sheet draws the line number, so the link has no accessible name and is for the mouse only.
            let link = Tag::new("a").attr("href", format!("#{line_id}")).attr("aria-hidden", "true");
            b.leaf(link.attr("tabindex", "-1"), "");
            b.raw(line);
        });
    }

    /// The button that copies the preceding code.
    pub(super) fn copy_button(&mut self) {
        let label = self.words.get("copy-button-tooltip");
        let tag = Tag::new("button").attr("title", label).class("code-copy-button");
        self.element(tag, |b| b.leaf(Tag::new("i").class("bi"), ""));
    }

    /// Reports a language without a grammar, once per page.
    fn unknown_language(&mut self, language: &str, span: Span) {
        if matches!(language, "cell-code" | "text" | "plain" | "txt" | "output" | "plaintext" | "verbatim")
            || language.contains('{')
        {
            return;
        }
        if self.unknown_languages.insert(language.to_owned()) {
            let message = format!("unknown language `{language}`: the code is not highlighted");
            self.report(Code::UnknownLanguage, span, message).hints.extend(similar_language(language));
        }
    }
}

/// A cell that its page shows with its fence: code of class `cell-code` without a language. Its double braces become single ones.
fn fenced_cell(block: &CodeBlock) -> Option<String> {
    let [class] = block.attr.classes.as_slice() else { return None };
    let (fence, rest) = block.text.split_once('\n').filter(|_| class == "cell-code")?;
    let language = fence.trim_start_matches('`').strip_prefix("{{")?.strip_suffix("}}")?;
    let ticks = &fence[..fence.len() - fence.trim_start_matches('`').len()];
    Some(format!("{ticks}{{{language}}}\n{rest}"))
}

/// Parses `code-line-numbers` such as `2,4-6|8`. Source: Quarto, "Reveal.js: Code Blocks", line highlighting; a page shows all
/// steps at once.
fn marked_lines(value: &str) -> Vec<RangeInclusive<usize>> {
    let range = |part: &str| {
        let (first, last) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
        Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)
    };
    value.split([',', '|']).filter_map(range).collect()
}

/// Line numbers of a code block.
#[derive(Clone, Copy)]
struct Numbered {
    shown: bool,
    /// True if the block needs the class for them.
    add_class: bool,
}
