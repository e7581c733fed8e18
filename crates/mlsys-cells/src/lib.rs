//! Executable cells: what a page's text asks to be run, and the Markdown that its results become.
//!
//! Everything here is a value: running is the engine's work (its room `leaves/cells`), and so are files and processes. A page
//! goes through three steps. [`plan`] finds its code and gives a [`Document`]; a run of its [`job`], a notebook or a frozen
//! result gives a [`PageRun`]; [`write()`] joins both to [`Markdown`], the text that the parser reads in place of the cells. Cells
//! that are not run take the same way, without results.

mod document;
mod embed;
mod execute;
mod fence;
mod frozen;
mod job;
mod json;
mod label;
mod markdown;
mod notebook;
mod output;
mod params;
mod plan;
mod settings;
mod write;

pub use document::{Cell, Document, Engine, InlineForm, InlineValue};
pub use embed::{Embed, EmbedLink, EmbedSource, EmbeddedCells, embed, embeds, preview_path};
pub use execute::lift_execute;
pub use frozen::{
    Freeze, Frozen, FrozenIncludes, FrozenPage, LIBRARIES, Thaw, freeze, frozen_destination, frozen_hash, frozen_json,
    frozen_path, outdated_results, read_frozen, stale_results,
};
pub use job::{Dependencies, Failure, FigureSettings, Job, PageRun, RunWarning, RunWarningKind, Step};
pub use markdown::{Markdown, Segment};
pub use notebook::{
    Notebook, NotebookError, NotebookPage, is_percent_script, notebook_page, percent_page, read_notebook,
};
pub use output::{CellRun, CodePlace, MimeBundle, MimeData, Output, StreamName};
pub use params::parameters;
pub use plan::{job, plan};
pub use settings::{CellOptions, Echo, OutputMode, Settings};
pub use write::{CellContext, write, write_cell};
