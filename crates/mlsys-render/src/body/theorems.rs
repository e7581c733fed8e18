//! Theorems and proofs. Source: Quarto, "Theorems and Proofs".

use super::Body;
use crate::html;
use mlsys_book::{Block, BlockKind, Proof, Span, Theorem};

impl<'a> Body<'a> {
    pub(super) fn theorem(&mut self, theorem: &'a Theorem, span: Span) {
        let class = match theorem.kind.as_str() {
            "lem" => Some("lemma"),
            "cor" => Some("corollary"),
            "prp" => Some("proposition"),
            "cnj" => Some("conjecture"),
            "def" => Some("definition"),
            "exm" => Some("example"),
            "exr" => Some("exercise"),
            "alg" => Some("algorithm"),
            _ => None,
        };
        let mut classes = vec!["theorem"];
        classes.extend(class);
        classes.extend(theorem.attr.classes.iter().map(String::as_str));
        self.out.open("div", &theorem.label.name, &classes, |out| html::pairs(out, &theorem.attr, &["name"]));
        self.push("\n");
        let label = self.links.numbers.get(&span.start).map_or("", |n| &n.label);
        let title = self.captured(|b| {
            b.push("<span class=\"theorem-title\"><strong>");
            // The label is joined by a no-break space in references; here it may break like any text.
            b.text(&label.replace('\u{a0}', " "));
            if let Some(title) = &theorem.title {
                b.push(" (");
                b.inlines(title);
                b.push(")");
            }
            b.push("</strong></span> ");
        });
        self.titled_blocks(&title, &theorem.content);
        self.out.close("div");
    }

    pub(super) fn proof(&mut self, proof: &'a Proof, span: Span) {
        let (class, word) = match proof.kind.as_str() {
            "rem" => (Some("remark"), self.words.get("environment-remark-title")),
            "sol" => (Some("solution"), self.words.get("environment-solution-title")),
            _ => (None, self.words.get("environment-proof-title")),
        };
        let mut classes = vec!["proof"];
        classes.extend(class);
        let own =
            proof.attr.classes.iter().map(String::as_str).filter(|c| !matches!(*c, "proof" | "remark" | "solution"));
        classes.extend(own);
        let id = proof.label.as_ref().map_or("", |id| &id.name);
        self.out.open("div", id, &classes, |out| html::pairs(out, &proof.attr, &["name"]));
        self.push("\n");
        let number = proof.label.as_ref().and_then(|_| self.links.numbers.get(&span.start));
        let label = number.map_or(word, |n| n.label.replace('\u{a0}', " "));
        let title = self.captured(|b| {
            b.push("<span class=\"proof-title\"><em>");
            b.text(&label);
            b.push("</em>");
            if let Some(title) = &proof.title {
                b.push(" (");
                b.inlines(title);
                b.push(")");
            }
            b.push(". </span>");
        });
        self.titled_blocks(&title, &proof.content);
        self.out.close("div");
    }

    /// Blocks whose first paragraph begins with a title; without such a paragraph the title has one of its own.
    fn titled_blocks(&mut self, title: &str, content: &'a [Block]) {
        self.push("<p>");
        self.push(title);
        match content.split_first() {
            Some((Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }, rest)) => {
                self.inlines(text);
                self.push("</p>\n");
                self.sectioned(rest);
            }
            _ => {
                self.push("\u{a0}</p>\n");
                self.sectioned(content);
            }
        }
    }
}
