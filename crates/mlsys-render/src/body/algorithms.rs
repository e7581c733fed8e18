//! Algorithms: lines of pseudocode with numbers and indentation.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Algorithm, AlgorithmLine, AlgorithmLineKind, Span};

impl<'a> Body<'a> {
    /// An algorithm, with the classes of pseudocode.js and the options of the Quarto extension "pseudocode".
    pub(super) fn algorithm(&mut self, algorithm: &'a Algorithm, span: Span) {
        let is = |key: &str, default: bool| algorithm.option(key).map_or(default, |value| value != "false");
        let (numbered, no_end) = (is("html-line-number", true), is("html-no-end", false));
        let after_number = algorithm.option("html-line-number-punc").unwrap_or(":");
        let delimiter = algorithm.option("html-comment-delimiter").unwrap_or("//");
        let id = algorithm.label.as_ref().map_or("", |label| label.name.as_str());
        let number = self.links.numbers.get(&span.start).map_or("", |number| number.label.as_str());
        // References can start in lower case; a caption starts with a capital.
        let first = number.chars().next().map_or(0, char::len_utf8);
        let number = number[..first].to_uppercase() + &number[first..];
        // Only a CSS length, so that the option cannot add other styles.
        let size = algorithm.option("html-indent-size").filter(|size| is_length(size));
        let size = size.map(|size| format!("--mlsys-indent: {size}"));
        let tag = Tag::new("div").id(id).class("pseudocode-container quarto-float anchored").spans_columns();
        let lines = Tag::new("div").class("ps-algorithmic").when(numbered, |t| t.class("with-linenum"));
        let lines = lines.when(is("html-indent-lines", false), |t| t.class("with-scopelines"));
        self.hold += 1;
        self.lines(tag.maybe("style", size), |b| {
            b.lines(Tag::new("figure").class("ps-root ps-algorithm"), |b| {
                if algorithm.caption.is_some() || algorithm.label.is_some() {
                    b.line(Tag::new("figcaption").class("ps-caption"), |b| {
                        b.leaf(Tag::new("span").class("ps-keyword"), &number);
                        if let Some(caption) = &algorithm.caption {
                            b.text(" ");
                            b.inlines(&caption.content);
                        }
                    });
                }
                b.lines(lines, |b| {
                    let mut count = 0;
                    for line in &algorithm.lines {
                        let has_number = match line.kind {
                            AlgorithmLineKind::End if no_end => continue,
                            AlgorithmLineKind::Statement | AlgorithmLineKind::End => numbered,
                            AlgorithmLineKind::Condition | AlgorithmLineKind::Unnumbered => false,
                        };
                        count += usize::from(has_number);
                        let number = has_number.then(|| format!("{count}{after_number}"));
                        b.algorithm_line(line, number.as_deref(), delimiter);
                    }
                });
            });
        });
        self.hold -= 1;
    }

    fn algorithm_line(&mut self, line: &'a AlgorithmLine, number: Option<&str>, comment_delimiter: &str) {
        let tag = Tag::new("p").class("ps-line").attr("style", format!("--mlsys-depth: {}", line.depth));
        self.line(tag, |b| {
            if let Some(number) = number {
                b.leaf(Tag::new("span").class("ps-linenum"), number);
                b.text(" ");
            }
            b.element(Tag::new("span").class("ps-code"), |b| b.inlines(&line.content));
            if let Some(comment) = &line.comment {
                b.text(" ");
                b.element(Tag::new("span").class("ps-comment"), |b| {
                    b.text(comment_delimiter);
                    b.text(" ");
                    b.inlines(comment);
                });
            }
        });
    }
}

fn is_length(text: &str) -> bool {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    digits > 0 && matches!(&text[digits..], "em" | "rem" | "px" | "pt" | "ch" | "ex")
}
