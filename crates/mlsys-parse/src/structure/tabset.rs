//! Tabs. Source: Quarto, "Tabsets".

use mlsys_book::{Attr, Block, BlockKind, Tab, Tabset};

/// A div with tabs: each heading of the level that the first one has begins one. Without a heading it stays a div.
pub(super) fn div(attr: Attr, content: Vec<Block>) -> BlockKind {
    let level = content.iter().find_map(|block| match &block.kind {
        BlockKind::Header(header) => Some(header.level),
        _ => None,
    });
    let Some(level) = level else { return BlockKind::Div(attr, content) };
    let mut tabs: Vec<Tab> = Vec::new();
    let mut before = Vec::new();
    for block in content {
        match block.kind {
            BlockKind::Header(header) if header.level == level => {
                tabs.push(Tab { attr: header.attr, title: header.content, content: Vec::new() });
            }
            kind => {
                let block = Block { span: block.span, kind };
                match tabs.last_mut() {
                    Some(tab) => tab.content.push(block),
                    None => before.push(block),
                }
            }
        }
    }
    // What stands before the first heading is shown with the first tab.
    if let Some(first) = tabs.first_mut() {
        first.content.splice(0..0, before);
    }
    BlockKind::Tabset(Box::new(Tabset { attr, tabs }))
}
