//! Numbered boxes: divs of the classes that `custom-numbered-blocks` configures, as foldable boxes.

use super::Body;
use crate::html;
use mlsys_book::{Attr, Block, BlockKind, Inline, Span};

/// Where a box's title was written.
enum Title<'a> {
    Attribute(&'a str),
    Heading(&'a [Inline]),
    None,
}

impl<'a> Body<'a> {
    /// A box: `details` in a div of class `callout`, with its label, number and title as the summary.
    pub(super) fn numbered_box(&mut self, attr: &'a Attr, content: &'a [Block], span: Span, class: usize) {
        let (title, content, heading_id) = match (attr.get("title"), content.split_first()) {
            (None, Some((Block { kind: BlockKind::Header(h), .. }, rest))) => {
                (Title::Heading(&h.content), rest, h.attr.id.as_ref().filter(|id| !id.automatic))
            }
            (Some(title), _) => (Title::Attribute(title), content, None),
            (None, _) => (Title::None, content, None),
        };
        let Some(kind) = self.options.boxes.get(class) else { return };
        let is = |key: &str, default: bool| attr.get(key).map_or(default, |v| v != "false");
        let open = !is("collapse", kind.collapse);
        let number = self.links.numbers.get(&span.start);
        let label = number.map_or(attr.get("label").unwrap_or(&kind.label), |number| &number.label).to_owned();
        let style = match (kind.simple, kind.group.as_str()) {
            (true, _) => "fbx-simplebox fbx-default",
            (false, "quiz-answer") => "fbx-answer closebutton",
            (false, _) => "fbx-default closebutton",
        };
        let class = kind.class.clone();
        let id = match (attr.id(), heading_id) {
            ("", Some(id)) => id.name.clone(),
            ("", None) => {
                self.counters.boxes += 1;
                let id = number.and_then(|number| number.id.clone());
                id.unwrap_or_else(|| format!("{class}-{}", self.counters.boxes))
            }
            (id, _) => id.to_owned(),
        };
        let mut classes = Vec::new();
        if !attr.has_class("callout") {
            classes.push("callout");
        }
        classes.extend(attr.classes.iter().map(String::as_str));
        self.out.open("div", &id, &classes, |out| {
            html::pairs(out, attr, &["collapse", "numbered", "label", "reflabel", "boxstyle"]);
        });
        let open = if open { " open=\"\"" } else { "" };
        self.push(&format!("\n<details class=\"{class} {style}\"{open}><summary><strong>"));
        self.text(&label);
        if !matches!(title, Title::None) {
            self.push(": ");
        }
        self.push("</strong>");
        self.hold += 1;
        match title {
            Title::Attribute(title) => self.text(title),
            Title::Heading(title) => self.inlines(title),
            Title::None => {}
        }
        self.push("</summary><div>\n");
        self.blocks(content);
        self.hold -= 1;
        self.push("</div></details>\n");
        self.out.close("div");
    }
}
