//! Lists.

use super::Body;
use mlsys_book::{Block, BlockKind, DefinitionItem, ListItem, ListNumberStyle, OrderedList};

impl<'a> Body<'a> {
    pub(super) fn bullet_list(&mut self, items: &'a [ListItem]) {
        // Only a list of nothing but tasks loses its bullets.
        let tasks = !items.is_empty() && items.iter().all(|i| i.task.is_some());
        self.push(if tasks { "<ul class=\"task-list\">\n" } else { "<ul>\n" });
        self.items(items);
        self.push("</ul>\n");
    }

    pub(super) fn ordered_list(&mut self, list: &'a OrderedList) {
        self.push("<ol");
        if list.style == ListNumberStyle::Example {
            self.push(" class=\"example\"");
        }
        if list.start != 1 {
            self.push(&format!(" start=\"{}\"", list.start));
        }
        let kind = match list.style {
            ListNumberStyle::Default => None,
            ListNumberStyle::Example | ListNumberStyle::Decimal => Some("1"),
            ListNumberStyle::LowerAlpha => Some("a"),
            ListNumberStyle::UpperAlpha => Some("A"),
            ListNumberStyle::LowerRoman => Some("i"),
            ListNumberStyle::UpperRoman => Some("I"),
        };
        if let Some(kind) = kind {
            self.push(&format!(" type=\"{kind}\""));
        }
        self.push(">\n");
        self.items(&list.items);
        self.push("</ol>\n");
    }

    fn items(&mut self, items: &'a [ListItem]) {
        self.hold += 1;
        for item in items {
            self.push("<li>");
            match item.task {
                Some(done) => self.task(done, &item.content),
                None => self.item_blocks(&item.content),
            }
            self.push("</li>\n");
        }
        self.hold -= 1;
    }

    /// Blocks of an item; tight text stands on the item's own line.
    fn item_blocks(&mut self, content: &'a [Block]) {
        self.blocks(content);
        if self.out.text.ends_with('\n') && matches!(content, [Block { kind: BlockKind::Plain(_), .. }]) {
            self.out.text.pop();
        }
    }

    /// A task: its first text is the label of a check box.
    fn task(&mut self, done: bool, content: &'a [Block]) {
        let checkbox = if done { "<input type=\"checkbox\" checked=\"\">" } else { "<input type=\"checkbox\">" };
        match content.split_first() {
            Some((Block { kind: BlockKind::Plain(text), .. }, rest)) => {
                self.push("<label>");
                self.push(checkbox);
                self.inlines(text);
                self.push("</label>\n");
                self.blocks(rest);
            }
            Some((Block { kind: BlockKind::Para(text), .. }, rest)) => {
                self.push("<p><label>");
                self.push(checkbox);
                self.inlines(text);
                self.push("</label></p>\n");
                self.blocks(rest);
            }
            _ => {
                self.push(checkbox);
                self.blocks(content);
            }
        }
    }

    pub(super) fn definition_list(&mut self, items: &'a [DefinitionItem]) {
        self.push("<dl>\n");
        self.hold += 1;
        for item in items {
            self.push("<dt>");
            self.inlines(&item.term);
            self.push("</dt>\n");
            for definition in &item.definitions {
                self.push("<dd>\n");
                self.blocks(definition);
                self.push("</dd>\n");
            }
        }
        self.hold -= 1;
        self.push("</dl>\n");
    }
}
