//! The pages of a project, and their order.

use super::glob::{Globs, is_hidden};
use super::{output_dir, project_kind, texts};
use mlsys_book::{BookRole, Code, Diagnostic, NavItem, PageId, ProjectKind, Site, Value, clean_path, is_folder, name};
use std::collections::{BTreeMap, BTreeSet};

/// Folders of other tools: never searched for pages.
const FOREIGN_FOLDERS: &[&str] = &["node_modules", "renv", "packrat", "venv", "env"];

/// Files for programmers, not for readers.
const FOREIGN_FILES: &[&str] = &["README.md", "README.qmd", "CLAUDE.md", "AGENTS.md"];

/// The source files of the pages, in ascending order.
pub(super) fn inputs(config: &Value, files: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    if project_kind(config) == ProjectKind::Book {
        return book_inputs(config, files, diagnostics);
    }
    let mut found: BTreeSet<String> = rendered(config, files).into_iter().collect();
    let out = output_dir(config);
    if !out.is_empty() {
        found.retain(|file| !file.strip_prefix(&out).is_some_and(|rest| rest.starts_with('/')));
    }
    found.into_iter().collect()
}

/// The pages of `render`, or all that Quarto would render.
fn rendered(config: &Value, files: &[String]) -> Vec<String> {
    let patterns = texts(config.value(name!("project.render")));
    let only_excludes = patterns.iter().all(|p| p.starts_with('!'));
    // Scripts and files for the repository's readers are pages only if the project names them: globs mean its Markdown.
    let is_named = |file: &str| patterns.iter().any(|pattern| clean_path(pattern) == file);
    selected(&patterns, files, |file| match is_foreign(file) {
        true => is_page(file, false) && is_named(file),
        false => is_page(file, only_excludes) || is_script(file) && is_named(file),
    })
}

/// The scripts that `render` selects. They are pages if they are in the percent format and have a text.
pub(super) fn scripts(config: &Value, files: &[String]) -> Vec<String> {
    if project_kind(config) == ProjectKind::Book {
        return Vec::new();
    }
    let patterns = texts(config.value(name!("project.render")));
    let is_automatic = patterns.iter().all(|p| p.starts_with('!'));
    selected(&patterns, files, |file| is_script(file) && !(is_automatic && is_unlisted(file)))
}

/// The files that patterns select, or all if they only exclude some.
fn selected(patterns: &[String], files: &[String], is_input: impl Fn(&str) -> bool) -> Vec<String> {
    let every = patterns.iter().all(|p| p.starts_with('!')).then_some("**/*");
    let globs = Globs::new(patterns.iter().map(String::as_str).chain(every), |name| is_folder(name, files));
    globs.select(files).into_iter().filter(|file| is_input(file)).map(str::to_owned).collect()
}

/// True for files that can be scripts in the percent format.
fn is_script(file: &str) -> bool {
    [".py", ".r", ".R", ".jl"].iter().any(|ending| file.ends_with(ending))
}

/// True if a file is a page. The rules are stricter for files that the author did not name.
fn is_page(file: &str, automatic: bool) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let markdown = [".qmd", ".md", ".markdown", ".ipynb"].iter().any(|ext| name.ends_with(ext));
    markdown && !(automatic && (is_foreign(file) || is_unlisted(file)))
}

/// True for hidden files and for those of other tools.
fn is_unlisted(file: &str) -> bool {
    is_hidden(file) || file.split('/').any(|part| FOREIGN_FOLDERS.contains(&part))
}

/// True for files about the repository, which no glob makes pages.
fn is_foreign(file: &str) -> bool {
    FOREIGN_FILES.contains(&file.rsplit('/').next().unwrap_or(file))
}

/// The existing pages in a book's lists, those that its bars link to, and `404.qmd`.
fn book_inputs(config: &Value, files: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut found = BTreeSet::new();
    each_chapter(config, &mut |value, _| {
        let Some(file) = value.to_text().map(|t| clean_path(&t)) else { return };
        if files.binary_search(&file).is_ok() {
            found.insert(file);
        } else {
            let message = format!("chapter `{file}` does not exist");
            let mut diagnostic = Diagnostic::new(Code::InvalidConfigValue, value.place, message);
            diagnostic.severity = mlsys_book::Severity::Error;
            let near = mlsys_book::near(files, |file| file, &file);
            let pages = near.iter().filter(|f| is_page(f, true)).map(String::as_str);
            diagnostic.hints.extend(mlsys_book::did_you_mean(&file, pages));
            diagnostics.push(diagnostic);
        }
    });
    for key in [name!("book.navbar"), name!("book.page-footer"), name!("book.sidebar")] {
        linked_pages(config.value(key), files, &mut found);
    }
    found.extend(["404.qmd", "404.md"].iter().map(|f| (*f).to_owned()).filter(|f| files.contains(f)));
    found.into_iter().collect()
}

/// Adds the existing pages that the items of a bar link to.
fn linked_pages(bar: Option<&Value>, files: &[String], found: &mut BTreeSet<String>) {
    let mut values: Vec<&Value> = bar.into_iter().collect();
    while let Some(value) = values.pop() {
        values.extend(value.items().iter().filter(|item| !std::ptr::eq(*item, value)));
        values.extend(value.entries().iter().filter(|entry| entry.value.as_str().is_none()).map(|entry| &entry.value));
        let href = [name!("item", "href"), name!("item", "file"), name!("item", "url")]
            .into_iter()
            .find_map(|key| value.value(key))
            .unwrap_or(value);
        let name =
            href.as_str().map(|name| name.split(['#', '?']).next().unwrap_or(name)).filter(|name| names_file(name));
        let file = name.map(clean_path).filter(|file| is_page(file, false) && files.binary_search(file).is_ok());
        found.extend(file);
    }
}

/// The roles of a book's pages.
pub(super) fn roles(config: &Value, kind: ProjectKind) -> BTreeMap<String, BookRole> {
    let mut roles = BTreeMap::new();
    if kind == ProjectKind::Book {
        each_chapter(config, &mut |value, role| {
            if let Some(file) = value.to_text() {
                roles.entry(clean_path(&file)).or_insert(role);
            }
        });
    }
    roles
}

/// Calls `f` for the file of every chapter, part with a page, appendix and the references.
fn each_chapter(config: &Value, f: &mut impl FnMut(&Value, BookRole)) {
    for item in config.list(name!("book.chapters")) {
        match item.value(name!("item", "part")) {
            Some(part) => {
                if part.as_str().is_some_and(names_file) {
                    f(part, BookRole::Part);
                }
                let chapters = item.list(name!("item", "chapters"));
                chapters.iter().filter_map(chapter_file).for_each(|c| f(c, BookRole::Chapter));
            }
            None => {
                if let Some(file) = chapter_file(item) {
                    f(file, if is_home(file) { BookRole::Home } else { BookRole::Chapter });
                }
            }
        }
    }
    config.list(name!("book.appendices")).iter().filter_map(chapter_file).for_each(|c| f(c, BookRole::Appendix));
    config.list(name!("book.references")).iter().filter_map(chapter_file).for_each(|c| f(c, BookRole::References));
}

fn is_home(file: &Value) -> bool {
    file.as_str().is_some_and(|f| f.starts_with("index.") && !f.contains('/'))
}

/// The file of a chapter: the item itself or its `href` or `file`. Items with text only have none.
fn chapter_file(item: &Value) -> Option<&Value> {
    let file = item.value(name!("item", "href")).or_else(|| item.value(name!("item", "file"))).unwrap_or(item);
    file.as_str().is_some_and(names_file).then_some(file)
}

/// True if a text is the name of a page's source.
pub(super) fn names_file(text: &str) -> bool {
    let external = text.contains("://");
    let is_text = [".qmd", ".md", ".ipynb", ".Rmd", ".markdown"].iter().any(|ext| text.ends_with(ext));
    !external && (is_text || is_script(text))
}

/// The order of the pages: the home page, then the order of the sidebars, then by path.
pub(super) fn order(inputs: &[String], site: &Site, kind: ProjectKind) -> Vec<usize> {
    let mut order = Vec::with_capacity(inputs.len());
    let mut taken = vec![false; inputs.len()];
    let mut take = |i: usize| {
        if let Some(taken) = taken.get_mut(i).filter(|t| !**t) {
            *taken = true;
            order.push(i);
        }
    };
    if kind != ProjectKind::Default {
        inputs.iter().position(|f| f.starts_with("index.") && !f.contains('/')).into_iter().for_each(&mut take);
    }
    site.sidebars.iter().for_each(|s| each_page(&s.contents, &mut |PageId(i)| take(i as usize)));
    if let Some(navbar) = site.navbar.as_ref().filter(|_| site.sidebars.is_empty()) {
        each_page(&navbar.left, &mut |PageId(i)| take(i as usize));
        each_page(&navbar.right, &mut |PageId(i)| take(i as usize));
    }
    (0..inputs.len()).for_each(take);
    order
}

/// Calls `f` for every page of the items, in reading order.
fn each_page(items: &[NavItem], f: &mut impl FnMut(PageId)) {
    for item in items {
        item.page.into_iter().for_each(&mut *f);
        each_page(&item.contents, f);
    }
}
