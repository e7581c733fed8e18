//! The outline of a page, and the labels of a book.

use crate::findings::Places;
use crate::project::Built;
use crate::uri;
use mlsys_book::{Block, BlockKind, Inline, InlineKind, Node, PageId, Span, plain_text, walk};
use serde_json::{Value, json};

/// The kinds of symbols in the protocol.
const STRING: u8 = 15;
const OBJECT: u8 = 19;

/// A heading or a labelled element of a page.
struct Symbol {
    name: String,
    detail: String,
    kind: u8,
    /// For a heading, 1 to 6.
    level: Option<u8>,
    span: Span,
}

/// The outline of a page: its headings, each with the sections and labelled elements below it.
pub fn outline(built: Built<'_>, page: PageId, file: &str) -> Value {
    let mut symbols = symbols(built, page);
    // What an included file holds is in its own outline.
    let source = built.book.source(page);
    symbols.retain(|symbol| source.files[source.origin(symbol.span.start).0].path == file);
    let places = Places::new(built.book, built.encoding);
    let range = |span| places.range(source.place(span)).map(|(_, range)| range).unwrap_or_default();
    let mut open: Vec<(u8, Value)> = vec![(0, json!({ "children": [] }))];
    for symbol in symbols {
        let level = symbol.level.unwrap_or(7);
        while open.len() > 1 && open.last().is_some_and(|(above, _)| *above >= level) {
            close(&mut open);
        }
        let range = range(symbol.span);
        open.push((
            level,
            json!({
                "name": symbol.name, "detail": symbol.detail, "kind": symbol.kind,
                "range": range, "selectionRange": range, "children": [],
            }),
        ));
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map_or(Value::Null, |(_, mut root)| root["children"].take())
}

/// Moves the innermost symbol into the one around it, whose range grows.
fn close(open: &mut Vec<(u8, Value)>) {
    let (Some((_, inner)), Some((level, outer))) = (open.pop(), open.last_mut()) else { return };
    if *level > 0 {
        outer["range"]["end"] = inner["range"]["end"].clone();
    }
    if let Some(children) = outer["children"].as_array_mut() {
        children.push(inner);
    }
}

fn symbols(built: Built<'_>, page: PageId) -> Vec<Symbol> {
    let mut found = Vec::new();
    let detail = |id: Option<&str>| id.and_then(|id| built.numbered(id)).unwrap_or_default();
    walk(&built.linked.chapters[page].blocks, &mut |node| {
        if let Node::Block(Block { kind: BlockKind::Header(header), span }) = node {
            let id = header.attr.id.as_ref().filter(|id| !id.automatic).map(|id| id.name.as_str());
            let name = plain_text(&header.content);
            let name = if name.is_empty() { "…".to_owned() } else { name };
            found.push(Symbol { name, detail: detail(id), kind: STRING, level: Some(header.level), span: *span });
            return true;
        }
        let labelled = match node {
            Node::Block(Block { kind: BlockKind::Float(float), span }) => Some((&float.label, *span)),
            Node::Block(Block { kind: BlockKind::Theorem(theorem), span }) => Some((&theorem.label, *span)),
            Node::Inline(Inline { kind: InlineKind::Math(math), span }) => math.attr.id.as_ref().map(|id| (id, *span)),
            Node::Block(_) | Node::Inline(_) => None,
        };
        if let Some((id, span)) = labelled.filter(|(id, _)| !id.name.is_empty()) {
            found.push(Symbol {
                name: id.name.clone(),
                detail: detail(Some(&id.name)),
                kind: OBJECT,
                level: None,
                span,
            });
        }
        true
    });
    found
}

/// The most symbols in an answer.
const MOST: usize = 500;

/// The labels and headings of the book with a text in their name, ignoring case.
pub fn matching(built: Built<'_>, query: &str) -> Vec<Value> {
    let query = query.to_lowercase();
    let places = Places::new(built.book, built.encoding);
    let mut found = Vec::new();
    for id in built.book.page_ids() {
        let title = built.title_of(id);
        for symbol in symbols(built, id) {
            if found.len() == MOST {
                return found;
            }
            if !symbol.name.to_lowercase().contains(&query) {
                continue;
            }
            let Some((path, range)) = places.range(built.book.source(id).place(symbol.span)) else { continue };
            found.push(json!({
                "name": symbol.name, "kind": symbol.kind, "containerName": title,
                "location": { "uri": uri::of_path(&path), "range": range },
            }));
        }
    }
    found
}
