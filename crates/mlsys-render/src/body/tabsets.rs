//! Tabs. Source: Quarto, "HTML Basics", tabsets.

use super::Body;
use crate::html;
use mlsys_book::Tabset;

impl<'a> Body<'a> {
    pub(super) fn tabset(&mut self, tabset: &'a Tabset) {
        self.hold += 1;
        // Panes are written first: a tabset inside counts before the one around it.
        let panes: Vec<String> = tabset.tabs.iter().map(|tab| self.captured(|b| b.sectioned(&tab.content))).collect();
        let titles: Vec<String> =
            tabset.tabs.iter().map(|tab| self.captured(|b| b.flattened(|b| b.inlines(&tab.title)))).collect();
        self.hold -= 1;
        self.counters.tabsets += 1;
        let set = self.counters.tabsets;
        let active = tabset.tabs.iter().position(|t| t.attr.has_class("active")).unwrap_or(0);
        self.push("<div class=\"tabset-margin-container\"></div>");
        let extra: Vec<&str> =
            tabset.attr.classes.iter().map(String::as_str).filter(|c| *c != "panel-tabset").collect();
        let mut classes = vec!["panel-tabset"];
        classes.extend(&extra);
        self.out.open("div", tabset.attr.id(), &classes, |out| html::pairs(out, &tabset.attr, &[]));
        self.push("\n<ul class=\"nav nav-tabs\" role=\"tablist\">\n");
        for (i, title) in titles.iter().enumerate() {
            let id = format!("tabset-{set}-{}", i + 1);
            let (class, selected) = if i == active { (" active", "true") } else { ("", "false") };
            self.push(&format!(
                "<li class=\"nav-item\" role=\"presentation\"><a class=\"nav-link{class}\" id=\"{id}-tab\" \
                 data-bs-toggle=\"tab\" data-bs-target=\"#{id}\" role=\"tab\" aria-controls=\"{id}\" \
                 aria-selected=\"{selected}\" href=\"\">"
            ));
            self.push(title);
            self.push("</a></li>\n");
        }
        self.push("</ul>\n<div class=\"tab-content");
        for class in &extra {
            self.push(" ");
            html::escape_value(&mut self.out.text, class);
        }
        self.push("\"");
        if let Some(group) = tabset.attr.get("group") {
            html::attribute(&mut self.out.text, "data-group", group);
        }
        self.push(">\n");
        for (i, (pane, tab)) in panes.iter().zip(&tabset.tabs).enumerate() {
            let id = format!("tabset-{set}-{}", i + 1);
            self.push("<div");
            html::attribute(&mut self.out.text, "id", &id);
            let mut own = tab.attr.clone();
            own.id = None;
            own.classes.retain(|c| c != "active");
            let after: &[&str] = if i == active { &["tab-pane", "active"] } else { &["tab-pane"] };
            self.classes_of(&own, &[], after);
            self.push(&format!(" role=\"tabpanel\" aria-labelledby=\"{id}-tab\">\n"));
            self.push(pane);
            self.push("</div>\n");
        }
        self.push("</div>\n");
        self.out.close("div");
    }
}
