//! Callouts. Source: Quarto, "Callout Blocks".

use super::Body;
use super::margin::{in_margin, is_wide_class};
use crate::html;
use mlsys_book::{Callout, Span};

impl<'a> Body<'a> {
    /// A callout in one of its appearances: `default`, `simple`, `minimal`.
    pub(super) fn callout(&mut self, callout: &'a Callout, span: Span) {
        if in_margin(&callout.attr) {
            let text = self.captured(|b| b.held(|b| b.callout_in_place(callout, span)));
            self.margin.push(text);
        } else {
            self.callout_in_place(callout, span);
        }
    }

    /// A callout of a page without a design: a quotation with its title.
    fn plain_callout(&mut self, callout: &'a Callout) {
        self.out.open("div", callout.attr.id(), &[], |_| {});
        self.push("<blockquote>\n<p><strong>");
        match &callout.title {
            Some(title) => self.inlines(title),
            None => self.text(&self.words.get(&format!("callout-{}-title", callout.kind.name()))),
        }
        self.push("</strong></p>\n");
        self.held(|b| b.sectioned(&callout.content));
        self.push("</blockquote>\n");
        self.out.close("div");
    }

    fn callout_in_place(&mut self, callout: &'a Callout, span: Span) {
        if self.options.plain {
            return self.plain_callout(callout);
        }
        let attr = &callout.attr;
        let appearance = attr.get("appearance").unwrap_or(&self.options.callout_appearance).to_owned();
        let icon = attr.get("icon").map_or(self.options.callout_icon, |v| v != "false") && appearance != "minimal";
        let simple = appearance == "simple" || appearance == "minimal";
        let collapse = attr.get("collapse").map(|v| v == "true");
        let number = self.links.numbers.get(&span.start).filter(|_| !attr.id().is_empty());
        let titled = callout.title.is_some() || !simple || collapse.is_some() || number.is_some();
        let kind_class = format!("callout-{}", callout.kind.name());
        let mut classes = vec!["callout", if simple { "callout-style-simple" } else { "callout-style-default" }];
        classes.push(&kind_class);
        if !icon {
            classes.push("no-icon");
        }
        if titled {
            classes.push("callout-titled");
        }
        if callout.content.is_empty() {
            classes.push("callout-empty-content");
        }
        for class in &attr.classes {
            if *class != kind_class && class != "callout" && !super::margin::is_margin_class(class) {
                classes.push(class);
            }
        }
        if attr.classes.iter().any(|c| is_wide_class(c)) {
            self.widen();
        }
        self.out.open("div", attr.id(), &classes, |out| {
            html::pairs(out, attr, &["appearance", "icon", "collapse"]);
        });
        self.push("\n");
        self.hold += 1;
        if titled {
            self.counters.callouts += 1;
            let n = self.counters.callouts;
            self.callout_header(callout, span, icon, collapse.map(|closed| (n, closed)));
            if let Some(closed) = collapse {
                let show = if closed { "" } else { " show" };
                self.push(&format!(
                    "<div id=\"callout-{n}\" class=\"callout-{n}-contents callout-collapse collapse{show}\">\n"
                ));
            }
            self.push("<div class=\"callout-body-container callout-body\">\n");
            self.sectioned(&callout.content);
            self.push(if collapse.is_some() { "</div>\n</div>\n" } else { "</div>\n" });
        } else {
            self.push("<div class=\"callout-body d-flex\">\n");
            self.callout_icon(icon);
            self.push("<div class=\"callout-body-container\">\n");
            self.sectioned(&callout.content);
            self.push("</div>\n</div>\n");
        }
        self.hold -= 1;
        self.out.close("div");
    }

    fn callout_icon(&mut self, icon: bool) {
        let class = if icon { "callout-icon" } else { "callout-icon no-icon" };
        self.push(&format!("<div class=\"callout-icon-container\"><i class=\"{class}\"></i></div>\n"));
    }

    fn callout_header(&mut self, callout: &'a Callout, span: Span, icon: bool, collapse: Option<(u32, bool)>) {
        match collapse {
            None => self.push("<div class=\"callout-header d-flex align-content-center\">\n"),
            // No `aria-label` and `aria-expanded` as in Quarto's: they may not stand on an element without a role, which the script
            // adds with what it does. The title is the name.
            Some((n, closed)) => {
                let collapsed = if closed { " collapsed" } else { "" };
                self.push(&format!(
                    "<div class=\"callout-header d-flex align-content-center{collapsed}\" data-bs-toggle=\"collapse\" \
                     data-bs-target=\".callout-{n}-contents\" aria-controls=\"callout-{n}\">\n"
                ));
            }
        }
        self.callout_icon(icon);
        self.push("<div class=\"callout-title-container flex-fill\">");
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
            (None, Some(title)) => {
                self.push("<span class=\"screen-reader-only\">");
                self.text(&word);
                self.push("</span>");
                self.inlines(title);
            }
            (None, None) => self.text(&word),
        }
        self.push("</div>\n");
        if collapse.is_some() {
            self.push(
                "<div class=\"callout-btn-toggle d-inline-block border-0 py-1 ps-1 pe-0 float-end\">\
                 <i class=\"callout-toggle\"></i></div>\n",
            );
        }
        self.push("</div>\n");
    }
}
