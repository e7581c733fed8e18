//! Theorems and proofs. Source: Quarto, "Theorems and Proofs".

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Block, BlockKind, Inline, Links, Proof, Span, Theorem, Words};

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
        let tag = Tag::new("div").id(&theorem.label.name).class("theorem").classes(class);
        let tag = tag.author_classes(&theorem.attr).spans_columns().pairs(&theorem.attr, &["name"]);
        let label = self.links.numbers.get(&span.start).map_or("", |n| &n.label);
        self.lines(tag, |b| {
            b.titled_blocks(&theorem.content, |b| {
                b.element(Tag::new("span").class("theorem-title"), |b| {
                    b.element(Tag::new("strong"), |b| {
                        // References join the label by a no-break space; here it can break like any text.
                        b.text(&label.replace('\u{a0}', " "));
                        b.bracketed(theorem.title.as_deref());
                    });
                });
                b.text(" ");
            });
        });
    }

    pub(super) fn proof(&mut self, proof: &'a Proof, span: Span) {
        let class = match proof.kind.as_str() {
            "rem" => Some("remark"),
            "sol" => Some("solution"),
            _ => None,
        };
        let classes = proof.attr.classes.iter().map(String::as_str);
        let classes = classes.filter(|c| !matches!(*c, "proof" | "remark" | "solution"));
        let id = proof.label.as_ref().map_or("", |id| &id.name);
        let tag = Tag::new("div").id(id).class("proof").classes(class).classes(classes).spans_columns();
        let label = proof_label(proof, span, self.links, &self.words);
        self.lines(tag.pairs(&proof.attr, &["name"]), |b| {
            b.titled_blocks(&proof.content, |b| {
                b.element(Tag::new("span").class("proof-title"), |b| {
                    b.leaf(Tag::new("em"), &label);
                    b.bracketed(proof.title.as_deref());
                    b.text(". ");
                });
            });
        });
    }

    fn bracketed(&mut self, title: Option<&'a [Inline]>) {
        if let Some(title) = title {
            self.text(" (");
            self.inlines(title);
            self.text(")");
        }
    }

    /// Blocks with a title at the start of the first paragraph, or in a paragraph of its own.
    fn titled_blocks(&mut self, content: &'a [Block], title: impl FnOnce(&mut Self)) {
        let first = content.split_first();
        let (text, rest) =
            if let Some((Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }, rest)) = first {
                (Some(text), rest)
            } else {
                (None, content)
            };
        self.line(Tag::new("p"), |b| {
            title(b);
            match text {
                Some(text) => b.inlines(text),
                None => b.text("\u{a0}"),
            }
        });
        self.sectioned(rest);
    }
}

/// The label of a proof, remark or solution: with its number, or its word.
pub(crate) fn proof_label(proof: &Proof, span: Span, links: &Links, words: &Words<'_>) -> String {
    let word = match proof.kind.as_str() {
        "rem" => "environment-remark-title",
        "sol" => "environment-solution-title",
        _ => "environment-proof-title",
    };
    // References join the label by a no-break space; here it can break like any text.
    let number = proof.label.as_ref().and_then(|_| links.numbers.get(&span.start));
    number.map_or_else(|| words.get(word), |number| number.label.replace('\u{a0}', " "))
}
