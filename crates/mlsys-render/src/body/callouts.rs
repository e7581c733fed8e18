//! Callouts. Source: Quarto, "Callout Blocks".

use super::Body;
use super::margin::{in_margin, is_wide_class};
use crate::html::{Elements, Tag};
use mlsys_book::{Callout, CalloutKind, Span};

impl<'a> Body<'a> {
    /// A callout, in the appearance `default`, `simple` or `minimal`.
    pub(super) fn callout(&mut self, callout: &'a Callout, span: Span) {
        if in_margin(&callout.attr) {
            let text = self.captured(|b| b.held(|b| b.callout_in_place(callout, span)));
            self.margin.push(text);
        } else {
            self.callout_in_place(callout, span);
        }
    }

    /// A callout on a page without a theme: a quotation with a title.
    fn plain_callout(&mut self, callout: &'a Callout) {
        self.line(Tag::new("div").id(callout.attr.id()).spans_columns(), |b| {
            b.lines(Tag::new("blockquote"), |b| {
                b.line(Tag::new("p"), |b| {
                    b.element(Tag::new("strong"), |b| match &callout.title {
                        Some(title) => b.inlines(title),
                        None => b.text(&b.words.get(&format!("callout-{}-title", callout.kind.name()))),
                    });
                });
                b.held(|b| b.sectioned(&callout.content));
            });
        });
    }

    fn callout_in_place(&mut self, callout: &'a Callout, span: Span) {
        if self.options.plain {
            return self.plain_callout(callout);
        }
        let attr = &callout.attr;
        let has_kind = callout.kind != CalloutKind::None;
        let common = if has_kind { &self.options.callout_appearance } else { "simple" };
        let appearance = attr.get("appearance").unwrap_or(common).to_owned();
        let icon = attr.get("icon").map_or(self.options.callout_icon && has_kind, |v| v != "false");
        let icon = icon && appearance != "minimal";
        let simple = appearance == "simple" || appearance == "minimal";
        let collapse = attr.get("collapse").map(|v| v == "true");
        let number = self.links.numbers.get(&span.start).filter(|_| !attr.id().is_empty());
        let titled = callout.title.is_some() || !simple || collapse.is_some() || number.is_some();
        let kind_class = format!("callout-{}", callout.kind.name());
        let is_own = |class: &str| class != kind_class && class != "callout" && !super::margin::is_margin_class(class);
        if attr.classes.iter().any(|c| is_wide_class(c)) {
            self.widen();
        }
        let tag = Tag::new("div").id(attr.id()).class("callout");
        let tag = tag.class(if simple { "callout-style-simple" } else { "callout-style-default" }).class(&kind_class);
        let tag = tag.when(!icon, |t| t.class("no-icon")).when(titled, |t| t.class("callout-titled"));
        let tag = tag.when(callout.content.is_empty(), |t| t.class("callout-empty-content"));
        let tag = tag.classes(attr.classes.iter().map(String::as_str).filter(|class| is_own(class))).spans_columns();
        self.hold += 1;
        self.out_of_contents += 1;
        self.lines(tag.pairs(attr, &["appearance", "icon", "collapse"]), |b| {
            if !titled {
                return b.lines(Tag::new("div").class("callout-body d-flex"), |b| {
                    b.callout_icon(icon);
                    b.lines(Tag::new("div").class("callout-body-container"), |b| b.sectioned(&callout.content));
                });
            }
            b.counters.callouts += 1;
            let n = b.counters.callouts;
            b.callout_header(callout, span, icon, collapse.map(|closed| (n, closed)));
            let body = Tag::new("div").class("callout-body-container callout-body");
            let Some(closed) = collapse else { return b.lines(body, |b| b.sectioned(&callout.content)) };
            let fold = Tag::new("div").id(&format!("callout-{n}")).class(&format!("callout-{n}-contents"));
            let fold = fold.class("callout-collapse collapse").when(!closed, |t| t.class("show"));
            b.lines(fold, |b| b.lines(body, |b| b.sectioned(&callout.content)));
        });
        self.hold -= 1;
        self.out_of_contents -= 1;
    }

    fn callout_icon(&mut self, icon: bool) {
        self.line(Tag::new("div").class("callout-icon-container"), |b| {
            b.leaf(Tag::new("i").class("callout-icon").when(!icon, |t| t.class("no-icon")), "");
        });
    }

    fn callout_header(&mut self, callout: &'a Callout, span: Span, icon: bool, collapse: Option<(u32, bool)>) {
        let mut tag = Tag::new("div").class("callout-header d-flex align-content-center");
        // Unlike Quarto's, without `aria-label` and `aria-expanded`: they need a role, which the script adds together with the
        // behaviour. The title is the accessible name.
        if let Some((n, closed)) = collapse {
            tag = tag.when(closed, |t| t.class("collapsed")).attr("data-bs-toggle", "collapse");
            tag = tag.attr("data-bs-target", format!(".callout-{n}-contents"));
            tag = tag.attr("aria-controls", format!("callout-{n}"));
        }
        self.lines(tag, |b| {
            b.callout_icon(icon);
            b.line(Tag::new("div").class("callout-title-container flex-fill"), |b| b.callout_title(callout, span));
            if collapse.is_some() {
                let toggle = "callout-btn-toggle d-inline-block border-0 py-1 ps-1 pe-0 float-end";
                b.line(Tag::new("div").class(toggle), |b| b.leaf(Tag::new("i").class("callout-toggle"), ""));
            }
        });
    }

    fn callout_title(&mut self, callout: &'a Callout, span: Span) {
        let word = self.words.get(&format!("callout-{}-title", callout.kind.name()));
        let number = self.links.numbers.get(&span.start).filter(|_| !callout.attr.id().is_empty());
        match (number, &callout.title) {
            (Some(number), title) => {
                self.text(&number.label);
                if let Some(title) = title {
                    self.text(&self.links.title_delim);
                    self.inlines(title);
                }
            }
            (None, Some(title)) if callout.kind == CalloutKind::None => self.inlines(title),
            (None, Some(title)) => {
                self.leaf(Tag::new("span").class("screen-reader-only"), &word);
                self.inlines(title);
            }
            (None, None) => self.text(&word),
        }
    }
}
