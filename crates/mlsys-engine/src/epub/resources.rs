//! The files of a package: the images of its pages, and the project's style sheets.

use crate::files::{Content, Files};
use crate::project::Book;
use crate::url::local_file;
use mlsys_book::Value;
use mlsys_epub::sniffed_type;
use std::sync::Arc;

/// The bytes of a file; `None` if it cannot be read.
fn bytes(content: &Content) -> Option<Arc<[u8]>> {
    match content {
        Content::Bytes(bytes) => Some(bytes.clone()),
        Content::Copy(path) => std::fs::read(path).ok().map(Into::into),
    }
}

/// The images among files, by path. Files that are named like images but are none are left out.
pub fn images(files: &Files) -> Vec<(String, Arc<[u8]>)> {
    let images = files.iter().filter(|(path, _)| mlsys_epub::image_type(path).is_some());
    let images = crate::parallel::in_parallel(images.collect(), |(path, content): (&String, &Content)| {
        let bytes = bytes(content)?;
        sniffed_type(&bytes)?;
        Some((path.clone(), bytes))
    });
    images.into_iter().flatten().collect()
}

/// The style sheets that the project names for the format: `css`. Source: Quarto, "ePub Options".
pub fn styles(book: &Book) -> Vec<String> {
    let names = book.project.meta.get("css").map_or(&[][..], Value::items).iter().filter_map(Value::to_text);
    let text = |name: String| {
        let file = local_file("", &name).filter(|file| !book.vfs.leads_out(file))?;
        String::from_utf8(book.vfs.small_file(&file, 1 << 20)?).ok()
    };
    names.filter_map(text).collect()
}
