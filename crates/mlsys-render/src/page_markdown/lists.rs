//! Lists.

use super::Walker;
use super::escape::destination;
use crate::listing::ListedItem;
use crate::plain::item_mark;
use mlsys_book::{Block, BlockKind, DefinitionItem, ListItem, ListNumberDelim, ListNumberStyle, OrderedList, Target};

impl<'a> Walker<'a> {
    pub(super) fn bullet_list(&mut self, items: &'a [ListItem], tight: bool) {
        for (at, item) in items.iter().enumerate() {
            self.item(item, "- ", if at > 0 { is_tight(items) } else { tight });
        }
    }

    pub(super) fn ordered_list(&mut self, list: &'a OrderedList, tight: bool) {
        for (at, (number, item)) in (list.start..).zip(&list.items).enumerate() {
            let mark = item_mark(list.style, number);
            let bare = mark.trim_matches(['(', ')', '.', ' ']);
            let mark = match (list.style, list.delim) {
                (ListNumberStyle::Default | ListNumberStyle::Decimal | ListNumberStyle::Example, _) => {
                    format!("{number}. ")
                }
                (_, ListNumberDelim::OneParen) => format!("{bare}) "),
                (_, ListNumberDelim::TwoParens) => format!("({bare}) "),
                // A capital letter with a full stop and one space begins a name, not a list.
                (_, ListNumberDelim::Default | ListNumberDelim::Period) => format!("{bare}.  "),
            };
            self.item(item, &mark, if at > 0 { is_tight(&list.items) } else { tight });
        }
    }

    fn item(&mut self, item: &'a ListItem, mark: &str, tight: bool) {
        let container = self.out.open(mark, &" ".repeat(mark.len()), tight);
        let task = match item.task {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None => "",
        };
        self.out.lines(task);
        self.blocks(&item.content);
        self.out.close(container);
    }

    /// The items of the listing in a div, or of those that follow the text.
    pub(super) fn listings(&mut self, id: Option<&str>) {
        let listings = self.listings;
        for listing in listings.iter().filter(|listing| listing.id.as_deref() == id) {
            for (at, item) in listing.items.iter().enumerate() {
                let container = self.out.open("- ", "  ", at > 0);
                self.listed_item(item);
                self.out.close(container);
            }
        }
    }

    /// A link with the facts of the item behind it, and the description below it.
    fn listed_item(&mut self, item: &'a ListedItem) {
        let page = item.page.map(|page| self.urls.href(&Target { page, anchor: None }));
        let url = page.as_deref().unwrap_or(&item.href);
        let title = self.escaped(if item.title.is_empty() { url } else { &item.title });
        let linked = if url.is_empty() { title } else { format!("[{title}]({})", destination(url)) };
        let facts = item.facts.iter().map(|fact| self.escaped(fact));
        let mut lines = vec![std::iter::once(linked).chain(facts).collect::<Vec<_>>().join(" · ")];
        if !item.description.is_empty() {
            lines.push(self.escaped(&item.description));
        }
        self.paragraph(&lines.join("\\\n"));
    }

    /// Terms and definitions as Pandoc writes them.
    pub(super) fn definition_list(&mut self, items: &'a [DefinitionItem]) {
        for item in items {
            let term = self.line_of(&item.term);
            self.paragraph(&term);
            for definition in &item.definitions {
                let container = self.out.open(":   ", "    ", is_plain(definition));
                self.blocks(definition);
                self.out.close(container);
            }
        }
    }
}

/// True if the items of a list have no empty lines between them.
fn is_tight(items: &[ListItem]) -> bool {
    items.iter().all(|item| is_plain(&item.content))
}

fn is_plain(content: &[Block]) -> bool {
    content
        .iter()
        .all(|block| matches!(block.kind, BlockKind::Plain(_) | BlockKind::BulletList(_) | BlockKind::OrderedList(_)))
}
