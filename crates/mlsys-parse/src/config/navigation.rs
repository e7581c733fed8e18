//! Items of navbars, sidebars, menus and footers. Source: Quarto, "Website Navigation".

use super::pages::names_file;
use super::{ConfigInput, texts};
use mlsys_book::{
    Code, Diagnostic, FooterRegion, NavItem, PageId, Sidebar, Site, Value, ValueKind, clean_path, did_you_mean,
    is_folder, key, name, near,
};
use rustc_hash::FxHashMap;

/// The context in which items are resolved. Page ids are provisional: indexes of `inputs`.
pub(super) struct Navigation<'a> {
    pub input: &'a ConfigInput<'a>,
    /// The pages' source files, in ascending order.
    pub inputs: &'a [String],
    numbers: FxHashMap<&'a str, PageId>,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Navigation<'a> {
    pub fn new(inputs: &'a [String], input: &'a ConfigInput<'a>, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let numbers = inputs.iter().enumerate().map(|(i, file)| (file.as_str(), PageId(i as u32))).collect();
        Navigation { input, inputs, numbers, diagnostics }
    }

    /// The page of a source file.
    pub fn page(&self, file: &str) -> Option<PageId> {
        // A file's name may have these signs, too.
        let whole = self.numbers.get(clean_path(file).as_str());
        if let Some(page) = whole {
            return Some(*page);
        }
        let file = file.split(['#', '?']).next().unwrap_or(file);
        self.numbers.get(file).or_else(|| self.numbers.get(clean_path(file).as_str())).copied()
    }

    /// True if the name is a folder of the project.
    pub fn is_folder(&self, name: &str) -> bool {
        is_folder(name.trim_end_matches('/'), self.input.files)
    }

    /// The items of a list, with `auto` and patterns expanded.
    pub fn items(&mut self, value: &Value) -> Vec<NavItem> {
        value.items().iter().flat_map(|item| self.item(item)).collect()
    }

    /// The items of one entry of a list: one, or the result of `auto`.
    fn item(&mut self, value: &Value) -> Vec<NavItem> {
        if matches!(value.kind, ValueKind::Map(_)) {
            return match value.value(name!("item", "auto")) {
                Some(auto) => self.auto(auto),
                None => vec![self.mapped(value)],
            };
        }
        match value.to_text() {
            Some(text) => self.short(&text, value),
            None => Vec::new(),
        }
    }

    /// An item that is a string: a file, a rule, a pattern, a folder or a label.
    fn short(&mut self, text: &str, value: &Value) -> Vec<NavItem> {
        if is_rule(text) {
            return vec![NavItem { separator: true, ..NavItem::default() }];
        }
        if let Some(page) = self.page(text) {
            return vec![NavItem { href: Some(text.to_owned()), page: Some(page), ..NavItem::default() }];
        }
        if text == "auto" || text.contains('*') || self.is_folder(text) {
            return self.auto(value);
        }
        if names_file(text) || text.contains("://") || text.contains('/') {
            self.check_file(text, value);
            return vec![NavItem { href: Some(text.to_owned()), ..NavItem::default() }];
        }
        vec![NavItem { text: Some(text.to_owned()), ..NavItem::default() }]
    }

    /// An item with keys.
    fn mapped(&mut self, value: &Value) -> NavItem {
        let href = [name!("item", "href"), name!("item", "file"), name!("item", "url")]
            .into_iter()
            .find_map(|key| value.value(key));
        let mut item = NavItem {
            text: value.read(key!("item", "text")),
            href: href.and_then(Value::to_text),
            icon: value.read(key!("item", "icon")),
            aria_label: value.read(key!("item", "aria-label")),
            target: value.read(key!("item", "target")),
            rel: value.read(key!("item", "rel")),
            id: value.read(key!("item", "id")),
            collapsed: value.read(key!("item", "collapsed")) == Some(true)
                || value.read(key!("item", "expanded")) == Some(false),
            ..NavItem::default()
        };
        if let (Some(place), Some(file)) = (href, &item.href) {
            item.page = self.page(file);
            if item.page.is_none() {
                self.check_file(file, place);
            }
        }
        item.separator = item.href.is_none() && item.text.as_deref().is_some_and(is_rule);
        if item.separator {
            item.text = None;
        }
        let contents = [name!("item", "contents"), name!("item", "chapters"), name!("item", "menu")]
            .into_iter()
            .find_map(|key| value.value(key));
        if let Some(section) = value.value(name!("item", "section")).or_else(|| value.value(name!("item", "part"))) {
            self.section(&mut item, section, contents);
        }
        if let Some(contents) = contents {
            item.section |= value.value(name!("item", "menu")).is_none();
            item.contents = self.items(contents);
        }
        item
    }

    /// A section: named by a text or by its page, or by the index page of the folder that it lists.
    fn section(&mut self, item: &mut NavItem, section: &Value, contents: Option<&Value>) {
        item.section = true;
        let Some(name) = section.to_text() else { return };
        if let Some(page) = self.page(&name) {
            item.page = Some(page);
            item.href = Some(name);
            return;
        }
        if names_file(&name) {
            self.check_file(&name, section);
        }
        item.text = item.text.take().or(Some(name));
        if item.href.is_some() {
            return;
        }
        let pattern = contents.and_then(Value::as_str).unwrap_or("");
        let folder = pattern.split("/*").next().unwrap_or("").trim_end_matches('/');
        let index = ["qmd", "md"].iter().map(|ext| format!("{folder}/index.{ext}")).find(|f| self.page(f).is_some());
        if let Some(index) = index.filter(|_| !folder.is_empty()) {
            item.page = self.page(&index);
            item.href = Some(index);
        }
    }

    /// Reports a missing file. Other links of the navigation may leave the project.
    pub fn check_file(&mut self, file: &str, value: &Value) {
        let path = file.split(['#', '?']).next().unwrap_or(file);
        let clean = clean_path(path);
        if self.numbers.contains_key(clean_path(file).as_str()) {
            return;
        }
        if !(names_file(path) || names_download(path)) || self.input.files.binary_search(&clean).is_ok() {
            return;
        }
        let message = match names_file(path) {
            true => format!("the navigation links to `{path}`, which is not a page of the project"),
            false => format!("the navigation links to the file `{path}`, which does not exist"),
        };
        let mut diagnostic = Diagnostic::new(Code::BrokenLink, value.place, message);
        let files = near(self.input.files, |file| file, &clean).iter().map(String::as_str);
        let pages = files.filter(|file| self.numbers.contains_key(file));
        diagnostic.hints.extend(did_you_mean(&clean, pages));
        self.diagnostics.push(diagnostic);
    }

    /// The items of a region of the footer.
    pub fn region(&mut self, value: Option<&Value>) -> FooterRegion {
        match value {
            None => FooterRegion::Empty,
            Some(value) => match &value.kind {
                ValueKind::Null => FooterRegion::Empty,
                ValueKind::Seq(_) | ValueKind::Map(_) => FooterRegion::Items(self.items(value)),
                ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => {
                    FooterRegion::Text(value.to_text().unwrap_or_default())
                }
            },
        }
    }

    /// A book's chapters, parts and appendices as the contents of its sidebar.
    pub fn chapters(&mut self, book: &Value) -> Vec<NavItem> {
        let reported = self.diagnostics.len();
        let items = self.chapter_items(book);
        // Missing chapters are reported by themselves.
        let added = self.diagnostics.split_off(reported).into_iter();
        self.diagnostics.extend(added.filter(|diagnostic| diagnostic.code != Code::BrokenLink));
        items
    }

    fn chapter_items(&mut self, book: &Value) -> Vec<NavItem> {
        let mut items = Vec::new();
        for chapter in book.list(name!("book", "chapters")) {
            items.extend(self.item(chapter));
        }
        if let Some(appendices) = book.value(name!("book", "appendices")).filter(|a| !a.items().is_empty()) {
            let text = self.appendices_title();
            items.push(NavItem { text, section: true, contents: self.items(appendices), ..NavItem::default() });
        }
        if let Some(references) = book.value(name!("book", "references")) {
            items.extend(self.items(references));
        }
        items
    }

    /// The title above the appendices; `None` for the word of the site's language.
    fn appendices_title(&self) -> Option<String> {
        let config = self.input.config;
        let configured = config.path("language.section-title-appendices");
        configured.and_then(Value::to_text)
    }
}

/// True if a URL is a file of the project to copy: not a page, not another site.
fn names_download(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let outside = path.contains(':') || path.starts_with("..") || path.starts_with("//");
    !outside && ending.is_some_and(|e| !e.is_empty() && !matches!(e, "html" | "xml" | "htm"))
}

/// True if a text is a rule: three or more dashes.
fn is_rule(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|b| b == b'-')
}

/// Replaces an item `sidebar:ID` by a menu of that sidebar's contents.
pub(super) fn link_sidebars(items: &mut [NavItem], sidebars: &[Sidebar]) {
    for item in items {
        let name = item.href.as_deref().or(item.text.as_deref()).unwrap_or("");
        let Some(id) = name.strip_prefix("sidebar:") else { continue };
        let Some(sidebar) = sidebars.iter().find(|s| s.id.as_deref() == Some(id)) else { continue };
        item.text = sidebar.title.clone().or_else(|| Some(id.to_owned()));
        item.href = None;
        item.contents = menu(&sidebar.contents);
    }
}

/// A sidebar's contents in one level: sections become a rule, a heading and their items.
fn menu(contents: &[NavItem]) -> Vec<NavItem> {
    let mut items = Vec::new();
    for item in contents {
        if !item.section {
            items.push(item.clone());
            continue;
        }
        if !items.is_empty() {
            items.push(NavItem { separator: true, ..NavItem::default() });
        }
        items.push(NavItem { section: false, contents: Vec::new(), ..item.clone() });
        items.extend(menu(&item.contents));
    }
    items
}

/// Replaces provisional page ids in the navigation by final ones.
pub(super) fn renumber(site: &mut Site, positions: &[PageId]) {
    for sidebar in &mut site.sidebars {
        renumber_items(&mut sidebar.contents, positions);
        renumber_items(&mut sidebar.tools, positions);
    }
    if let Some(navbar) = &mut site.navbar {
        renumber_items(&mut navbar.left, positions);
        renumber_items(&mut navbar.right, positions);
        renumber_items(&mut navbar.tools, positions);
    }
    if let Some(footer) = &mut site.footer {
        for region in [&mut footer.left, &mut footer.center, &mut footer.right] {
            if let FooterRegion::Items(items) = region {
                renumber_items(items, positions);
            }
        }
    }
}

fn renumber_items(items: &mut [NavItem], positions: &[PageId]) {
    for item in items {
        item.page = item.page.and_then(|PageId(i)| positions.get(i as usize).copied());
        renumber_items(&mut item.contents, positions);
    }
}

/// The keyboard shortcuts of a search box.
pub(super) fn shortcuts(search: &Value) -> Vec<String> {
    match search.value(name!("search", "keyboard-shortcut")) {
        Some(keys) => texts(Some(keys)),
        None => ["f", "/", "s"].map(str::to_owned).to_vec(),
    }
}
