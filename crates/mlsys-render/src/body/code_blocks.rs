//! Code blocks. Source: Quarto, "HTML Code Blocks"; Pandoc manual, "Extension: fenced_code_attributes".

use super::Body;
use crate::code::{self, Line};
use crate::html;
use mlsys_book::{Attr, Code, CodeBlock, Span};

impl<'a> Body<'a> {
    /// A code block, or the diagram that it describes.
    pub(super) fn code_block(&mut self, block: &CodeBlock, span: Span) {
        if self.diagram(block, span) {
            return;
        }
        self.listing(&block.attr, &block.text, span);
    }

    /// Code without attributes of its own.
    pub(super) fn code(&mut self, language: &str, text: &str, span: Span) {
        let attr = Attr { classes: vec![language.to_owned()], ..Attr::default() };
        self.listing(&attr, text, span);
    }

    fn listing(&mut self, attr: &Attr, text: &str, span: Span) {
        if attr.id().is_empty() {
            self.counters.code_blocks += 1;
        }
        let language = attr.classes.first().map_or("", |l| l.trim_start_matches('.'));
        let numbered = attr.get("code-line-numbers").map_or(self.options.code_line_numbers, |v| v != "false");
        let number_class = ["numberLines", "number-lines"].iter().any(|c| attr.has_class(c));
        let lines = code::tokens(language, text);
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
            Some(lines) => self.highlighted(attr, &lines, numbered || number_class, numbered && !number_class),
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

    fn highlighted(&mut self, attr: &Attr, lines: &[Line], numbered: bool, add_class: bool) {
        let id = if attr.id().is_empty() { format!("cb{}", self.counters.code_blocks) } else { attr.id().to_owned() };
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
        if numbered {
            before.push("numberSource");
        }
        let mut after = Vec::new();
        if add_class {
            after.push("number-lines");
        }
        if self.options.code_wrap && !attr.has_class("code-overflow-scroll") {
            after.push("code-overflow-wrap");
        }
        if copy {
            after.push("code-with-copy");
        }
        self.classes_of(attr, &before, &after);
        self.push("><code class=\"sourceCode ");
        html::escape_value(&mut self.out.text, language);
        self.push("\"");
        if start != 1 {
            let style = format!("counter-reset: source-line {};", start.saturating_sub(1));
            html::attribute(&mut self.out.text, "style", &style);
        }
        self.push(">");
        let mut escaped_id = String::new();
        html::escape_value(&mut escaped_id, &id);
        for (i, line) in lines.iter().enumerate() {
            let out = &mut self.out.text;
            if i > 0 {
                out.push('\n');
            }
            let line_id = format!("{escaped_id}-{}", start + i);
            out.push_str("<span id=\"");
            out.push_str(&line_id);
            out.push_str("\"><a href=\"#");
            out.push_str(&line_id);
            out.push_str(if numbered { "\"></a>" } else { "\" aria-hidden=\"true\" tabindex=\"-1\"></a>" });
            code::write_line(out, line);
            out.push_str("</span>");
        }
        self.push("</code></pre></div>");
        if copy {
            let label = self.options.word("copy-button-tooltip", "Copy to Clipboard").to_owned();
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
