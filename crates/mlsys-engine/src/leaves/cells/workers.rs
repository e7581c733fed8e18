//! The programs that run pages, and their dispatch: one kind an engine, looked for when a page needs it.

use crate::leaves::progress::ProgressListener;
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use crate::project::Book;
use camino::Utf8PathBuf;
use mlsys_cells::{Engine, Job, PageRun};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The programs found so far.
#[derive(Default)]
pub struct Workers {
    programs: BTreeMap<Engine, Result<String, String>>,
}
