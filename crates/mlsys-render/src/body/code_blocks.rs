//! Code blocks. Source: Quarto, "HTML Code Blocks"; Pandoc manual, "Extension: fenced_code_attributes".

use super::Body;
use super::options::CodeAnnotations;
use crate::code::Annotated;
use crate::html;
use mlsys_book::{Attr, Block, BlockKind, Code, CodeBlock, OrderedList, Span};
use std::ops::RangeInclusive;

impl<'a> Body<'a> {
    /// A code block, or the diagram that it describes.
    pub(super) fn code_block(&mut self, block: &CodeBlock, span: Span) {
        if self.diagram(block, span) {
            return;
        }
        if let Some(language) = block.language().filter(|l| l.starts_with('{') && l.ends_with('}')) {
            // Doubled braces show how a cell is written. Source: Quarto, "Unexecuted Blocks".
            let fenced = format!("```{language}\n{}\n```", block.text);
            self.code("markdown", &fenced, span);
            return;
        }
        self.listing(&block.attr, &block.text, span, None);
    }

    /// Annotated code and the list of its notes, if the blocks begin with such a pair. Says whether they did.
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
        self.push(match self.options.code_annotations {
            CodeAnnotations::Below => "<dl class=\"code-annotation-container-grid\">\n",
            _ => "<dl class=\"code-annotation-container-hidden code-annotation-container-grid\">\n",
        });
        for (number, item) in (list.start..).zip(&list.items) {
            let lines = annotated.lines_of(number);
            self.push(&format!(
                "<dt id=\"{cell}-note-{number}\" data-target-cell=\"{cell}\" data-target-annotation=\"{number}\">{number}</dt>\n\
                 <dd><span data-code-cell=\"{cell}\" data-code-lines=\"{lines}\" data-code-annotation=\"{number}\">"
            ));
            self.hold += 1;
            for (i, block) in item.content.iter().enumerate() {
                match &block.kind {
                    BlockKind::Plain(text) | BlockKind::Para(text) => {
                        if i > 0 {
                            self.push("<br>\n");
                        }
                        self.inlines(text);
                    }
                    _ => self.block(block),
                }
            }
            self.hold -= 1;
            self.push("</span></dd>\n");
        }
        self.push("</dl>\n");
    }

    /// Code without attributes of its own.
    pub(super) fn code(&mut self, language: &str, text: &str, span: Span) {
        let attr = Attr { classes: vec![language.to_owned()], ..Attr::default() };
        self.listing(&attr, text, span, None);
    }

    /// Code, in a fold where its attribute `code-fold` asks for one. Source: Quarto, "HTML Code Blocks", folding; with Quarto
    /// itself only cells fold.
    fn listing(&mut self, attr: &Attr, text: &str, span: Span, annotated: Option<&Annotated>) {
        let fold = attr.get("code-fold").filter(|value| matches!(*value, "true" | "show"));
        if let Some(fold) = fold {
            let open = if fold == "show" { " open=\"\"" } else { "" };
            self.push(&format!("<details class=\"code-fold\"{open}>\n<summary>"));
            let summary = attr.get("code-summary").map_or_else(|| self.words.get("code-summary"), str::to_owned);
            self.text(&summary);
            self.push("</summary>\n");
        }
        self.unfolded_listing(attr, text, span, annotated);
        if fold.is_some() {
            self.push("</details>\n");
        }
    }

    fn unfolded_listing(&mut self, attr: &Attr, text: &str, span: Span, annotated: Option<&Annotated>) {
        if attr.id().is_empty() && annotated.is_none() {
            self.counters.code_blocks += 1;
        }
        let language = attr.classes.first().map_or("", |l| l.trim_start_matches('.'));
        let numbered = attr.get("code-line-numbers").map_or(self.options.code_line_numbers, |v| v != "false");
        let number_class = ["numberLines", "number-lines"].iter().any(|c| attr.has_class(c));
        let lines = self.highlighted_lines(language, text).map(<[String]>::to_vec);
        if lines.is_none() && !language.is_empty() && !number_class {
            self.unknown_language(language, span);
        }
        let filename = attr.get("filename");
        if let Some(filename) = filename {
            self.push("<div class=\"code-with-filename\">\n<div class=\"code-with-filename-file\">\n<pre><strong>");
            self.text(filename);
            self.push("</strong></pre>\n</div>\n");
        }
        match lines {
            Some(lines) => {
                let numbered = Numbered { shown: numbered || number_class, add_class: numbered && !number_class };
                self.highlighted(attr, &lines, numbered, annotated);
            }
            None => {
                self.push("<pre");
                if let Some(id) = &attr.id {
                    html::attribute(&mut self.out.text, "id", &id.name);
                }
                let wrap: &[&str] = if self.options.code_wrap { &["code-overflow-wrap"] } else { &[] };
                self.classes_of(attr, &[], wrap);
                html::pairs(&mut self.out.text, attr, &["code-line-numbers"]);
                self.push("><code>");
                self.text(text);
                self.push("</code></pre>\n");
            }
        }
        if filename.is_some() {
            self.push("</div>\n");
        }
    }

    fn highlighted(&mut self, attr: &Attr, lines: &[String], numbered: Numbered, annotated: Option<&Annotated>) {
        let id = match (attr.id(), annotated) {
            (_, Some(_)) => format!("annotated-cell-{}", self.counters.annotated_cells),
            ("", None) => format!("cb{}", self.counters.code_blocks),
            (id, None) => id.to_owned(),
        };
        let language = attr.classes.first().map_or("", String::as_str);
        let start: usize = attr.get("startFrom").or(attr.get("startfrom")).and_then(|s| s.parse().ok()).unwrap_or(1);
        let copy = attr.get("code-copy").map_or(self.options.code_copy, |v| v != "false");
        if copy {
            self.push("<div class=\"code-copy-outer-scaffold\">");
        }
        self.push("<div class=\"sourceCode\"");
        html::attribute(&mut self.out.text, "id", &id);
        if start != 1 {
            html::attribute(&mut self.out.text, "data-startfrom", &start.to_string());
        }
        html::pairs(&mut self.out.text, attr, &["startFrom", "startfrom", "code-line-numbers", "lst-cap", "lst-label"]);
        self.push("><pre");
        let mut before = vec!["sourceCode"];
        if numbered.shown {
            before.push("numberSource");
        }
        let mut after = Vec::new();
        if numbered.add_class {
            after.push("number-lines");
        }
        let wrap = attr.get("code-overflow").map_or(self.options.code_wrap, |value| value == "wrap");
        if wrap && !attr.has_class("code-overflow-scroll") {
            after.push("code-overflow-wrap");
        }
        if annotated.is_some() {
            after.push("code-annotation-code");
        }
        if copy {
            after.push("code-with-copy");
        }
        if annotated.is_some() {
            after.push("code-annotated");
        }
        self.classes_of(attr, &before, &after);
        self.push("><code class=\"sourceCode ");
        html::escape_value(&mut self.out.text, crate::code::language_class(language));
        self.push("\"");
        if start != 1 {
            let style = format!("counter-reset: source-line {};", start.saturating_sub(1));
            html::attribute(&mut self.out.text, "style", &style);
        }
        self.push(">");
        let mut escaped_id = String::new();
        html::escape_value(&mut escaped_id, &id);
        let marked = marked_lines(attr.get("code-line-numbers").unwrap_or(""));
        for (i, line) in lines.iter().enumerate() {
            let out = &mut self.out.text;
            if i > 0 {
                out.push('\n');
            }
            let line_id = format!("{escaped_id}-{}", start + i);
            let note = annotated.and_then(|a| a.first_at(i));
            if let Some(note) = note {
                out.push_str(&format!(
                    "<a class=\"code-annotation-anchor\" data-target-cell=\"{escaped_id}\" data-target-annotation=\"{note}\" \
                     href=\"#{escaped_id}-note-{note}\">{note}</a>"
                ));
            }
            out.push_str("<span id=\"");
            out.push_str(&line_id);
            let is_marked = marked.iter().any(|range| range.contains(&(start + i)));
            out.push_str(match (note.is_some(), is_marked) {
                (true, true) => "\" class=\"code-annotation-target mlsys-marked-line",
                (true, false) => "\" class=\"code-annotation-target",
                (false, true) => "\" class=\"mlsys-marked-line",
                (false, false) => "",
            });
            out.push_str("\"><a href=\"#");
            out.push_str(&line_id);
            // A number is drawn by the style sheet, so that the link has no name: it is for the mouse only.
            out.push_str("\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
            out.push_str(line);
            out.push_str("</span>");
        }
        self.push("</code></pre></div>");
        if copy {
            let label = self.words.get("copy-button-tooltip");
            self.push("<button");
            html::attribute(&mut self.out.text, "title", &label);
            self.push(" class=\"code-copy-button\"><i class=\"bi\"></i></button></div>");
        }
        self.push("\n");
    }

    /// Reports a language without a grammar, once a page.
    fn unknown_language(&mut self, language: &str, span: Span) {
        if matches!(language, "text" | "plain" | "txt" | "output" | "plaintext" | "verbatim") || language.contains('{')
        {
            return;
        }
        if self.unknown_languages.insert(language.to_owned()) {
            self.report(Code::UnknownLanguage, span, format!("no highlighting is known for the language `{language}`"));
        }
    }
}

/// The lines that a value such as `2,4-6|8` names. Source: Quarto, "Reveal.js: Code Blocks", line highlighting; a page shows
/// all steps at once.
fn marked_lines(value: &str) -> Vec<RangeInclusive<usize>> {
    let range = |part: &str| {
        let (first, last) = part.trim().split_once('-').unwrap_or((part.trim(), part.trim()));
        Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)
    };
    value.split([',', '|']).filter_map(range).collect()
}

/// Whether lines have numbers, and whether the class for it is still missing.
#[derive(Clone, Copy)]
struct Numbered {
    shown: bool,
    add_class: bool,
}
