//! EPUB 3.3 packages.
//!
//! [`xhtml`] turns the body of a page into XHTML that is valid, whatever HTML its author wrote. [`files`] makes of the pages, the
//! facts of the book and its images the files of a package, and [`archive`] the bytes of the EPUB. The crate reads and writes no files.

mod files;
mod media_type;
mod metadata;
mod navigation;
mod package;
mod paths;
mod xhtml;
mod xml;
mod zip;

pub use files::files;
pub use media_type::{extension, image_type, sniffed_type};
pub use metadata::Metadata;
pub use package::{Cover, Document, Entry, Package, Words};
pub use paths::{Destination, Paths};
pub use xhtml::{Xhtml, text, xhtml};
pub use zip::{ZipEntry, archive};
