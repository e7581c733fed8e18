//! Tabs. Source: Quarto, "HTML Basics", tabsets.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::Tabset;

impl<'a> Body<'a> {
    pub(super) fn tabset(&mut self, tabset: &'a Tabset) {
        self.hold += 1;
        self.out_of_contents += 1;
        // Panes first: a nested tabset has a lower number than the one around it. Each pane has its own margin.
        let outer = std::mem::take(&mut self.margin);
        let mut margins: Vec<Vec<String>> = Vec::new();
        let panes: Vec<String> = tabset
            .tabs
            .iter()
            .map(|tab| {
                let pane = self.captured(|b| b.sectioned(&tab.content));
                margins.push(std::mem::take(&mut self.margin));
                pane
            })
            .collect();
        self.margin = outer;
        // Within a callout or another tabset, margin content follows the outermost one.
        if self.hold > 1 {
            self.margin.extend(std::mem::take(&mut margins).into_iter().flatten());
        }
        let titles: Vec<String> =
            tabset.tabs.iter().map(|tab| self.captured(|b| b.flattened(|b| b.inlines(&tab.title)))).collect();
        self.hold -= 1;
        self.out_of_contents -= 1;
        self.counters.tabsets += 1;
        let set = self.counters.tabsets;
        let active = tabset.tabs.iter().position(|t| t.attr.has_class("active")).unwrap_or(0);
        self.tab_margins(&margins, set, active);
        let classes: Vec<&str> =
            tabset.attr.classes.iter().map(String::as_str).filter(|c| *c != "panel-tabset").collect();
        let tag = Tag::new("div").id(tabset.attr.id()).class("panel-tabset").classes(classes.iter().copied());
        let group = tabset.attr.get("group");
        let contents = Tag::new("div").class("tab-content").classes(classes).maybe("data-group", group);
        self.lines(tag.spans_columns().pairs(&tabset.attr, &[]), |b| {
            b.lines(Tag::new("ul").class("nav nav-tabs").attr("role", "tablist"), |b| {
                for (i, title) in titles.iter().enumerate() {
                    let tab = tab_link(&format!("tabset-{set}-{}", i + 1), i == active);
                    b.line(Tag::new("li").class("nav-item").attr("role", "presentation"), |b| {
                        b.element(tab, |b| b.raw(title));
                    });
                }
            });
            b.lines(contents, |b| {
                for (i, (pane, tab)) in panes.iter().zip(&tabset.tabs).enumerate() {
                    let id = format!("tabset-{set}-{}", i + 1);
                    let classes = tab.attr.classes.iter().map(String::as_str).filter(|class| *class != "active");
                    let tag = Tag::new("div").id(&id).classes(classes).class("tab-pane");
                    let tag = tag.when(i == active, |t| t.class("active")).attr("role", "tabpanel");
                    b.lines(tag.attr("aria-labelledby", format!("{id}-tab")), |b| b.raw(pane));
                }
            });
        });
    }
}

impl Body<'_> {
    /// The margin content of the panes, before the tabs. The script shows that of the open pane.
    fn tab_margins(&mut self, margins: &[Vec<String>], set: u32, active: usize) {
        if margins.iter().all(Vec::is_empty) {
            return self.leaf(Tag::new("div").class("tabset-margin-container"), "");
        }
        self.widen();
        let container = Tag::new("div").class("no-row-height column-margin column-container tabset-margin-container");
        self.lines(container, |b| {
            for (i, items) in margins.iter().enumerate().filter(|(_, items)| !items.is_empty()) {
                let tag =
                    Tag::new("div").class(&format!("tabset-margin-content tabset-{set}-{}-tab-margin-content", i + 1));
                let tag = tag.when(i != active, |t| t.class("collapse"));
                b.lines(tag, |b| items.iter().for_each(|item| b.raw(item)));
            }
        });
    }
}

/// The link that shows the pane with an id.
fn tab_link(pane: &str, active: bool) -> Tag {
    let tag = Tag::new("a").class("nav-link").when(active, |t| t.class("active")).id(&format!("{pane}-tab"));
    let tag = tag.attr("data-bs-toggle", "tab").attr("data-bs-target", format!("#{pane}")).attr("role", "tab");
    let tag = tag.attr("aria-controls", pane).attr("aria-selected", if active { "true" } else { "false" });
    tag.attr("href", "")
}
