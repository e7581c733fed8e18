//! What is read for one page. Pages are read in parallel: their reads and diagnostics are merged afterwards, in book order.

use crate::project::overlay::FileText;
use crate::project::sources::SourceReader;
use crate::project::text_cache::FileRead;
use crate::project::vfs::OutsideFolders;
use mlsys_book::{Diagnostic, SourceId};
use std::sync::Arc;

/// The read log of one page.
pub(crate) struct PageReads<'r> {
    reader: &'r SourceReader,
    outside: OutsideFolders,
    /// The id of the page's source.
    pub id: SourceId,
    /// The files, in the order of their reads.
    pub reads: Vec<FileRead>,
    /// Problems with the page and its files.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'r> PageReads<'r> {
    /// An empty read log for the page with this source id.
    pub fn new(reader: &'r SourceReader, id: SourceId) -> Self {
        PageReads { reader, outside: OutsideFolders::default(), id, reads: Vec::new(), diagnostics: Vec::new() }
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn text(&mut self, path: &str) -> std::io::Result<Arc<FileText>> {
        let (read, text) = self.reader.read(path, &mut self.outside);
        self.reads.push(read);
        text
    }

    /// A hint that names the file that was probably meant by a missing one.
    pub fn similar(&self, path: &str) -> Option<String> {
        self.reader.similar(path)
    }

    /// True if there is a file at the path. The listing of the project is watched for new ones.
    pub fn is_file(&self, path: &str) -> bool {
        self.reader.vfs.is_file(path)
    }
}
