//! Callouts, numbered boxes, theorems, tabs and algorithms.

use super::{Purpose, Walker};
use crate::body::theorems::proof_label;
use mlsys_book::{Algorithm, AlgorithmLineKind, Attr, Block, BlockKind, Callout, Proof, Span, Tabset, Theorem};

impl<'a> Walker<'a> {
    pub(super) fn numbered_box(&mut self, attr: &'a Attr, content: &'a [Block], span: Span, class: usize) {
        let number = self.links.numbers.get(&span.start).map(|number| number.label.as_str());
        let of_class = || self.options.boxes.get(class).map_or("", |class| &class.label).to_owned();
        let label = number.or(attr.get("label")).map_or_else(of_class, str::to_owned);
        self.line();
        self.text(label);
        self.hold += 1;
        let content = if let Some(title) = attr.get("title") {
            self.text(": ");
            self.text(title);
            content
        } else if let Some((Block { kind: BlockKind::Header(header), .. }, rest)) = content.split_first() {
            self.text(": ");
            self.inlines(&header.content);
            rest
        } else {
            content
        };
        self.line();
        self.blocks(content);
        self.hold -= 1;
        self.line();
    }

    pub(super) fn callout(&mut self, callout: &'a Callout, span: Span) {
        let attr = &callout.attr;
        let word = self.words.get(&format!("callout-{}-title", callout.kind.name()));
        let number = self.links.numbers.get(&span.start).filter(|_| !attr.id().is_empty() && !self.options.plain);
        let appearance = attr.get("appearance").unwrap_or(&self.options.callout_appearance);
        let is_simple = matches!(appearance, "simple" | "minimal") && !self.options.plain;
        self.line();
        self.hold += 1;
        match (number, &callout.title) {
            (Some(number), title) => {
                self.text(number.label.as_str());
                if let Some(title) = title {
                    self.text(self.links.title_delim.as_str());
                    self.inlines(title);
                }
            }
            (None, Some(title)) => {
                match self.purpose {
                    // The kind is for those who do not see the colour; before the title it would be a part of its first word.
                    Purpose::Search => {}
                    Purpose::SearchJson if self.options.plain => {}
                    Purpose::SearchJson => self.text(word),
                    Purpose::Document => self.text(format!("{word}: ")),
                }
                self.inlines(title);
            }
            (None, None) if is_simple && attr.get("collapse").is_none() => {}
            (None, None) => self.text(word),
        }
        self.line();
        self.sections(&callout.content, false);
        self.line();
        self.hold -= 1;
    }

    pub(super) fn theorem(&mut self, theorem: &'a Theorem, span: Span) {
        let label = self.label(span).replace('\u{a0}', " ");
        self.line();
        self.text(label);
        if let Some(title) = &theorem.title {
            self.text(" (");
            self.inlines(title);
            self.text(")");
        }
        self.text(" ");
        self.titled_blocks(&theorem.content);
    }

    pub(super) fn proof(&mut self, proof: &'a Proof, span: Span) {
        let label = proof_label(proof, span, self.links, &self.words);
        self.line();
        self.text(label);
        if let Some(title) = &proof.title {
            self.text(" (");
            self.inlines(title);
            self.text(")");
        }
        self.text(". ");
        self.titled_blocks(&proof.content);
    }

    /// Blocks whose first paragraph is on the line of their title.
    fn titled_blocks(&mut self, content: &'a [Block]) {
        let mut rest = content;
        if let Some((Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }, after)) = content.split_first()
        {
            self.inlines(text);
            rest = after;
        }
        self.line();
        self.sections(rest, false);
        self.line();
    }

    pub(super) fn tabset(&mut self, tabset: &'a Tabset) {
        self.hold += 1;
        // The panes come first, as their notes do on the page.
        let panes: Vec<_> = tabset.tabs.iter().map(|tab| self.captured(|w| w.sections(&tab.content, false))).collect();
        let titles: Vec<_> =
            tabset.tabs.iter().map(|tab| self.captured(|w| w.flattened(|w| w.inlines(&tab.title)))).collect();
        self.hold -= 1;
        match self.purpose {
            Purpose::Search | Purpose::SearchJson => {
                titles.into_iter().for_each(|title| self.in_lines(|w| w.events.extend(title)));
                for (pane, tab) in panes.into_iter().zip(&tabset.tabs) {
                    self.unless_hidden(&tab.attr, |w| w.in_lines(|w| w.events.extend(pane)));
                }
            }
            Purpose::Document => {
                for ((title, pane), tab) in titles.into_iter().zip(panes).zip(&tabset.tabs) {
                    self.in_lines(|w| w.events.extend(title));
                    self.unless_hidden(&tab.attr, |w| w.in_lines(|w| w.events.extend(pane)));
                }
            }
        }
    }

    pub(super) fn algorithm(&mut self, algorithm: &'a Algorithm, span: Span) {
        let is = |key: &str, default: bool| algorithm.option(key).map_or(default, |value| value != "false");
        let (is_numbered, no_end) = (is("html-line-number", true), is("html-no-end", false));
        let after_number = algorithm.option("html-line-number-punc").unwrap_or(":");
        let delimiter = algorithm.option("html-comment-delimiter").unwrap_or("//");
        let number = self.label(span);
        self.hold += 1;
        if algorithm.caption.is_some() || algorithm.label.is_some() {
            self.line();
            let (first, rest) = number.split_at(number.chars().next().map_or(0, char::len_utf8));
            self.text(first.to_uppercase() + rest);
            if let Some(caption) = &algorithm.caption {
                self.text(" ");
                self.inlines(&caption.content);
            }
        }
        let mut count = 0;
        for line in &algorithm.lines {
            let has_number = match line.kind {
                AlgorithmLineKind::End if no_end => continue,
                AlgorithmLineKind::Statement | AlgorithmLineKind::End => is_numbered,
                AlgorithmLineKind::Condition | AlgorithmLineKind::Unnumbered => false,
            };
            self.line();
            if has_number {
                count += 1;
                self.text(format!("{count}{after_number} "));
            }
            self.inlines(&line.content);
            if let Some(comment) = &line.comment {
                self.text(format!(" {delimiter} "));
                self.inlines(comment);
            }
        }
        self.line();
        self.hold -= 1;
    }
}
