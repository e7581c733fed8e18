//! Automatic sidebar contents: `auto`, patterns and folders. Source: Quarto, "Website Navigation", auto generation.

use super::glob::Globs;
use super::navigation::Navigation;
use super::texts;
use mlsys_book::{NavItem, Value, ValueKind, name};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A node of the tree of folders and pages.
#[derive(Default)]
struct Node {
    children: BTreeMap<String, Node>,
}

/// An item and its sort key.
struct Entry {
    order: Option<f64>,
    name: String,
    item: NavItem,
}

impl Navigation<'_> {
    /// The items of `auto`, a pattern or a folder. Folders become sections; the home page is omitted.
    pub fn auto(&self, auto: &Value) -> Vec<NavItem> {
        let patterns = match &auto.kind {
            ValueKind::Bool(true) => vec!["/**".to_owned()],
            ValueKind::Bool(false) | ValueKind::Null => return Vec::new(),
            ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) | ValueKind::Seq(_) | ValueKind::Map(_) => {
                texts(Some(auto))
            }
        };
        let mut entries = Vec::new();
        for pattern in &patterns {
            let pattern = if pattern == "auto" { "/**" } else { pattern };
            entries.extend(self.matching(pattern));
        }
        sorted(entries)
    }

    /// The entries of one pattern.
    fn matching(&self, pattern: &str) -> Vec<Entry> {
        let globs = Globs::new([pattern], |name| self.is_folder(name));
        let mut root = Node::default();
        for file in globs.select(self.inputs) {
            if !is_index(file) || file.contains('/') {
                file.split('/').fold(&mut root, |node, part| node.children.entry(part.to_owned()).or_default());
            }
        }
        // A pattern such as `posts/*` lists the files of the folder, not the folder itself.
        let folder = pattern.split("/*").next().filter(|f| *f != pattern).unwrap_or("").trim_start_matches('/');
        let mut node = &root;
        for part in folder.split('/').filter(|p| !p.is_empty() && !p.contains('*')) {
            match node.children.get(part) {
                Some(child) => node = child,
                None => return Vec::new(),
            }
        }
        self.entries(folder, node)
    }

    fn entries(&self, folder: &str, node: &Node) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (name, child) in &node.children {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if child.children.is_empty() {
                // The folder's index page is the link of its section.
                if !is_index(&path) || folder.is_empty() {
                    entries.push(self.page_entry(&path, name));
                }
                continue;
            }
            let index = child.children.keys().find(|name| is_index(name)).map(|name| format!("{path}/{name}"));
            let contents = sorted(self.entries(&path, child));
            let mut entry = match &index {
                Some(index) => self.page_entry(index, name),
                None => Entry { order: None, name: name.to_lowercase(), item: titled(name) },
            };
            entry.item.section = !contents.is_empty();
            entry.item.contents = contents;
            entries.push(entry);
        }
        entries
    }

    fn page_entry(&self, file: &str, name: &str) -> Entry {
        let order = self.input.front_matter.get(file).and_then(|meta| match meta.value(name!("order"))?.kind {
            ValueKind::Int(i) => Some(i as f64),
            ValueKind::Float(f, _) => Some(f),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::String(_) | ValueKind::Seq(_) | ValueKind::Map(_) => None,
        });
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let item = NavItem { href: Some(file.to_owned()), page: self.page(file), ..NavItem::default() };
        Entry { order, name: stem.to_lowercase(), item }
    }
}

/// True if the file is the index page of its folder.
fn is_index(file: &str) -> bool {
    file.rsplit('/').next().is_some_and(|name| name.starts_with("index."))
}

/// A section without a page, named after its folder: `deep_learning` becomes `Deep Learning`.
fn titled(name: &str) -> NavItem {
    let text = if name.contains(' ') {
        name.to_owned()
    } else {
        let words = name.split(['-', '_']).filter(|w| !w.is_empty());
        words.map(capitalised).collect::<Vec<_>>().join(" ")
    };
    NavItem { text: Some(text), ..NavItem::default() }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Items by `order`, then pages before sections, then by name.
fn sorted(mut entries: Vec<Entry>) -> Vec<NavItem> {
    entries.sort_by(|a, b| {
        let names = || a.name.cmp(&b.name);
        match (a.order, b.order) {
            (Some(x), Some(y)) => x.total_cmp(&y).then_with(names),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.item.section.cmp(&b.item.section).then_with(names),
        }
    });
    entries.into_iter().map(|e| e.item).collect()
}
