//! Algorithms: lines of pseudocode with numbers and indentation.

use super::Body;
use crate::html;
use mlsys_book::{Algorithm, AlgorithmLineKind, Span};

impl<'a> Body<'a> {
    /// An algorithm. Its classes are those of pseudocode.js; its options those of the Quarto extension "pseudocode" for HTML.
    pub(super) fn algorithm(&mut self, algorithm: &'a Algorithm, span: Span) {
        let is = |key: &str, default: bool| algorithm.option(key).map_or(default, |value| value != "false");
        let (numbered, no_end) = (is("html-line-number", true), is("html-no-end", false));
        let after_number = algorithm.option("html-line-number-punc").unwrap_or(":");
        let delimiter = algorithm.option("html-comment-delimiter").unwrap_or("//");
        let id = algorithm.label.as_ref().map_or("", |label| label.name.as_str());
        let number = self.links.numbers.get(&span.start).map_or("", |number| number.label.as_str());
        // References may have the word in small letters, a caption begins with a capital.
        let first = number.chars().next().map_or(0, char::len_utf8);
        let number = number[..first].to_uppercase() + &number[first..];
        self.out.open("div", id, &["pseudocode-container", "quarto-float", "anchored"], |out| {
            // A length that CSS can read, and nothing else.
            let size = algorithm.option("html-indent-size").filter(|size| is_length(size));
            if let Some(size) = size {
                html::attribute(out, "style", &format!("--mlsys-indent: {size}"));
            }
        });
        self.hold += 1;
        self.push("\n<figure class=\"ps-root ps-algorithm\">\n");
        if algorithm.caption.is_some() || algorithm.label.is_some() {
            self.push("<figcaption class=\"ps-caption\"><span class=\"ps-keyword\">");
            self.text(&number);
            self.push("</span>");
            if let Some(caption) = &algorithm.caption {
                self.push(" ");
                self.inlines(&caption.content);
            }
            self.push("</figcaption>\n");
        }
        let lines = if is("html-indent-lines", false) { " with-scopelines" } else { "" };
        let with_numbers = if numbered { " with-linenum" } else { "" };
        self.push(&format!("<div class=\"ps-algorithmic{with_numbers}{lines}\">\n"));
        let mut count = 0;
        for line in &algorithm.lines {
            let has_number = match line.kind {
                AlgorithmLineKind::End if no_end => continue,
                AlgorithmLineKind::Statement | AlgorithmLineKind::End => numbered,
                AlgorithmLineKind::Condition | AlgorithmLineKind::Unnumbered => false,
            };
            self.push(&format!("<p class=\"ps-line\" style=\"--mlsys-depth: {}\">", line.depth));
            if has_number {
                count += 1;
                self.push("<span class=\"ps-linenum\">");
                self.text(&format!("{count}{after_number}"));
                self.push("</span> ");
            }
            self.push("<span class=\"ps-code\">");
            self.inlines(&line.content);
            self.push("</span>");
            if let Some(comment) = &line.comment {
                self.push(" <span class=\"ps-comment\">");
                self.text(&format!("{delimiter} "));
                self.inlines(comment);
                self.push("</span>");
            }
            self.push("</p>\n");
        }
        self.push("</div>\n</figure>\n");
        self.hold -= 1;
        self.out.close("div");
    }
}

fn is_length(text: &str) -> bool {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    digits > 0 && matches!(&text[digits..], "em" | "rem" | "px" | "pt" | "ch" | "ex")
}
