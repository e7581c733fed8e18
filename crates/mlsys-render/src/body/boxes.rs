//! Numbered boxes (`custom-numbered-blocks`): divs as foldable boxes.

use super::Body;
use crate::html::{Elements, Tag};
use mlsys_book::{Attr, Block, BlockKind, Inline, Span};

/// The source of a box's title.
enum Title<'a> {
    Attribute(&'a str),
    Heading(&'a [Inline]),
    None,
}

impl<'a> Body<'a> {
    /// A box: `details` in a `div.callout`, with label, number and title as the summary.
    pub(super) fn numbered_box(&mut self, attr: &'a Attr, content: &'a [Block], span: Span, class: usize) {
        let (title, content, heading_id) = if let Some(title) = attr.get("title") {
            (Title::Attribute(title), content, None)
        } else if let Some((Block { kind: BlockKind::Header(h), .. }, rest)) = content.split_first() {
            (Title::Heading(&h.content), rest, h.attr.id.as_ref().filter(|id| !id.automatic))
        } else {
            (Title::None, content, None)
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
        let tag = Tag::new("div").id(&id).when(!attr.has_class("callout"), |t| t.class("callout"));
        let tag = tag.author_classes(attr).spans_columns();
        let details = Tag::new("details").class(&class).class(style).when(open, |t| t.flag("open"));
        self.line(tag.pairs(attr, &["collapse", "numbered", "label", "reflabel", "boxstyle"]), |b| {
            b.newline();
            b.line(details, |b| {
                b.hold += 1;
                b.element(Tag::new("summary"), |b| {
                    let colon = if matches!(title, Title::None) { "" } else { ": " };
                    b.leaf(Tag::new("strong"), &format!("{label}{colon}"));
                    match title {
                        Title::Attribute(title) => b.text(title),
                        Title::Heading(title) => b.inlines(title),
                        Title::None => {}
                    }
                });
                b.element(Tag::new("div"), |b| {
                    b.newline();
                    b.blocks(content);
                });
                b.hold -= 1;
            });
        });
    }
}
