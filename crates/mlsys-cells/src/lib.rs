//! Executable cells: what a page's text asks to be run, and the Markdown that its results become.
//!
//! Everything here is a value: running is the engine's work (its room `leaves/cells`), and so are files and processes. A page
//! goes through three steps. A plan of its source gives a [`Document`]; a run of its [`Job`], a notebook or a frozen result gives
//! a [`PageRun`]; writing both gives [`Markdown`], the text that the parser reads in place of the cells. Cells that are not run
//! take the same way, without results.

mod document;
mod fence;
mod frozen;
mod job;
mod markdown;
mod notebook;
mod output;

pub use document::{Cell, Document, Engine, InlineValue};
pub use frozen::{
    Freeze, Frozen, FrozenIncludes, Thaw, frozen_destination, frozen_hash, frozen_json, frozen_path, read_frozen,
    stale_results,
};
pub use job::{Dependencies, Failure, FigureSettings, Job, PageRun, Step};
pub use markdown::{Markdown, Segment};
pub use notebook::{
    Notebook, NotebookError, NotebookPage, is_percent_script, notebook_page, percent_page, read_notebook,
};
pub use output::{CellRun, CodePlace, MimeBundle, MimeData, Output, StreamName};
