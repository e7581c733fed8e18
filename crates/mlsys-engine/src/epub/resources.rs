//! The files of a package: the images of its pages, and the project's style sheets.

use crate::files::{Content, Files};
use crate::leaves::images::responsive::reduced;
use crate::memo::store::Store;
use crate::project::Book;
use crate::url::local_file;
use mlsys_book::{Value, key, name};
use mlsys_epub::{extension, sniffed_type};
use mlsys_render::box_config;
use std::sync::Arc;

/// The bytes of a file; `None` if it cannot be read.
fn bytes(content: &Content) -> Option<Arc<[u8]>> {
    match content {
        Content::Bytes(bytes) => Some(bytes.clone()),
        Content::Copy(path) => std::fs::read(path).ok().map(Into::into),
    }
}

/// An image of the package.
pub struct ImageFile {
    /// Its path on the site.
    pub site: String,
    /// The path that is to be its in the package. Its extension is that of its type.
    pub package: String,
    /// The content.
    pub bytes: Arc<[u8]>,
}

/// The images among files. Files that are named like images but are none are left out. Large ones are reduced to what screens show.
pub fn images(book: &Book, files: &Files, store: &Store) -> Vec<ImageFile> {
    let images = files.iter().filter(|(path, _)| mlsys_epub::image_type(path).is_some());
    let images = crate::parallel::in_parallel(images.collect(), |(path, content): (&String, &Content)| {
        let reduced = match content {
            Content::Bytes(_) => None,
            Content::Copy(_) => reduced(&book.vfs, path, store),
        };
        let bytes = reduced.or_else(|| bytes(content))?;
        let extension = extension(sniffed_type(&bytes)?);
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
        Some(ImageFile { site: path.clone(), package: format!("{stem}.{extension}"), bytes })
    });
    images.into_iter().flatten().collect()
}

/// The colours of the project's numbered boxes, at their left sides.
pub fn box_colors(book: &Book) -> String {
    let Some(config) = box_config(&book.project.meta) else { return String::new() };
    let mut styles = String::new();
    for entry in config.value(name!("numbered-blocks", "classes")).map_or(&[][..], Value::entries) {
        let group = entry
            .value
            .read(key!("box", "group"))
            .and_then(|group| config.value(name!("numbered-blocks", "groups"))?.get(&group));
        let colors = entry.value.value(name!("box", "colors")).or_else(|| group?.value(name!("box", "colors")));
        let color = colors.and_then(|colors| colors.items().get(1)?.to_text());
        let is_color = |color: &String| color.len() == 6 && color.bytes().all(|b| b.is_ascii_hexdigit());
        let is_name = entry.key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let Some(color) = color.filter(is_color).filter(|_| is_name) {
            styles.push_str(&format!(".callout.{} {{ border-left-color: #{color}; }}\n", entry.key));
        }
    }
    styles
}

/// The style sheets that the project names for the format: `css`. Source: Quarto, "ePub Options".
pub fn styles(book: &Book) -> Vec<String> {
    let names = book.project.meta.list(name!("css")).iter().filter_map(Value::to_text);
    let text = |name: String| {
        let file = local_file("", &name).filter(|file| !book.vfs.leads_out(file))?;
        String::from_utf8(book.vfs.small_file(&file, 1 << 20)?).ok()
    };
    names.filter_map(text).collect()
}
