//! Tabs. Source: Quarto, "Tabsets".

use mlsys_book::{Attr, Block, BlockKind, Tab, Tabset};

/// A div with tabs. Each heading of the first heading's level starts a tab; without headings it stays a div.
pub(super) fn div(attr: Attr, content: Vec<Block>) -> BlockKind {
    let level =
        content.iter().find_map(|block| if let BlockKind::Header(h) = &block.kind { Some(h.level) } else { None });
    let Some(level) = level else { return BlockKind::Div(attr, content) };
    let mut tabs: Vec<Tab> = Vec::new();
    let mut before = Vec::new();
    for block in content {
        let begins_tab = matches!(&block.kind, BlockKind::Header(header) if header.level == level);
        if begins_tab && let BlockKind::Header(header) = block.kind {
            tabs.push(Tab { attr: header.attr, title: header.content, content: Vec::new() });
        } else if let Some(tab) = tabs.last_mut() {
            tab.content.push(block);
        } else {
            before.push(block);
        }
    }
    // Blocks before the first heading are shown with the first tab.
    if let Some(first) = tabs.first_mut() {
        first.content.splice(0..0, before);
    }
    BlockKind::Tabset(Box::new(Tabset { attr, tabs }))
}
