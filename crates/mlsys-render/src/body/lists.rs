//! Lists.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Block, BlockKind, DefinitionItem, ListItem, ListNumberStyle, OrderedList};

impl<'a> Body<'a> {
    pub(super) fn bullet_list(&mut self, items: &'a [ListItem]) {
        // Only a list of tasks alone has no bullets.
        let tasks = !items.is_empty() && items.iter().all(|i| i.task.is_some());
        self.lines(Tag::new("ul").when(tasks, |t| t.class("task-list")), |b| b.items(items));
    }

    pub(super) fn ordered_list(&mut self, list: &'a OrderedList) {
        let kind = match list.style {
            ListNumberStyle::Default => None,
            ListNumberStyle::Example | ListNumberStyle::Decimal => Some("1"),
            ListNumberStyle::LowerAlpha => Some("a"),
            ListNumberStyle::UpperAlpha => Some("A"),
            ListNumberStyle::LowerRoman => Some("i"),
            ListNumberStyle::UpperRoman => Some("I"),
        };
        let tag = Tag::new("ol").when(list.style == ListNumberStyle::Example, |t| t.class("example"));
        let tag = tag.when(list.start != 1, |t| t.attr("start", list.start.to_string())).maybe("type", kind);
        self.lines(tag, |b| b.items(&list.items));
    }

    fn items(&mut self, items: &'a [ListItem]) {
        self.hold += 1;
        for item in items {
            self.line(Tag::new("li"), |b| match item.task {
                Some(done) => b.task(done, &item.content),
                None => b.item_blocks(&item.content),
            });
        }
        self.hold -= 1;
    }

    /// The blocks of an item. Tight text does not end its line.
    fn item_blocks(&mut self, content: &'a [Block]) {
        self.blocks(content);
        if matches!(content, [Block { kind: BlockKind::Plain(_), .. }]) {
            self.out.trim_newline();
        }
    }

    /// A task: its first text is the check box's label.
    fn task(&mut self, done: bool, content: &'a [Block]) {
        let checkbox = || Tag::new("input").attr("type", "checkbox").when(done, |t| t.flag("checked"));
        if let Some((Block { kind: BlockKind::Plain(text), .. }, rest)) = content.split_first() {
            self.line(Tag::new("label"), |b| {
                b.void(checkbox());
                b.inlines(text);
            });
            self.blocks(rest);
        } else if let Some((Block { kind: BlockKind::Para(text), .. }, rest)) = content.split_first() {
            self.line(Tag::new("p"), |b| {
                b.element(Tag::new("label"), |b| {
                    b.void(checkbox());
                    b.inlines(text);
                });
            });
            self.blocks(rest);
        } else {
            self.void(checkbox());
            self.blocks(content);
        }
    }

    pub(super) fn definition_list(&mut self, items: &'a [DefinitionItem]) {
        self.hold += 1;
        self.lines(Tag::new("dl"), |b| {
            for item in items {
                b.line(Tag::new("dt"), |b| b.inlines(&item.term));
                for definition in &item.definitions {
                    b.lines(Tag::new("dd"), |b| b.blocks(definition));
                }
            }
        });
        self.hold -= 1;
    }
}
