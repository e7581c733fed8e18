//! A format of plain text: the draft of a second format beside HTML, which shows what a format needs and what it does not.

use mlsys_book::{Media, ProjectKind};
use mlsys_engine::{Book, Linked};
use mlsys_render::{PlainText, Purpose, plain};
use std::collections::BTreeMap;

/// The pages of a project as text files, by path. All that the format needs of a page is its tree, its links and its media.
pub fn text_files(book: &Book, linked: &Linked, media: &[Option<Media>]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for ((page, id), media) in book.project.pages.iter().zip(book.page_ids()).zip(media) {
        if let Some((links, media)) = linked.links.get(id).zip(media.as_ref()) {
            let mut text = plain(&linked.chapters[id], links, media, Purpose::Document);
            let number = linked.refs.page(links.page).and_then(|page| page.chapter.as_ref());
            if let (Some(title), Some(number), ProjectKind::Book) = (&mut text.title, number, book.project.kind) {
                *title = format!("{number} {title}");
            }
            files.insert(page.output.replace(".html", ".txt"), written(&text));
        }
    }
    files
}

/// A page as a file: its title underlined, its headings with a number sign for each level.
fn written(page: &PlainText) -> String {
    let mut parts = Vec::new();
    for (text, line) in [(&page.title, "="), (&page.subtitle, "-")] {
        parts.extend(text.as_ref().map(|text| format!("{text}\n{}", line.repeat(text.chars().count()))));
    }
    parts.push(page.summary.clone());
    for section in &page.sections {
        if !section.heading.is_empty() {
            parts.push(format!("{} {}", "#".repeat(section.level.into()), section.heading));
        }
        parts.push(section.text.clone());
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}
