//! The engine: a project in, the files of its site and diagnostics out.
//!
//! [`project::read`] reads a project, [`build`](build::build) runs the pipeline over it, [`lints::check`] adds what only a check
//! looks for. This crate reads files, and [`leaves`] start the programs that the sources' own constructs need; it writes nothing
//! but its cache, prints nothing and knows no command line.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "reading files and running programs is this crate's part"
)]

pub mod build;
pub mod files;
pub mod leaves;
pub mod lints;
pub mod memo;
pub mod options;
pub mod parallel;
pub mod project;
pub mod report;
pub mod site;
pub mod url;

pub use build::linked::{Linked, chapters, linked};
pub use build::{Built, build, build_cached, rebuild};
pub use files::{Content, Files};
pub use lints::check;
pub use memo::memory::{Memory, PerPage};
pub use options::BuildOptions;
pub use project::locate::{Request, locate};
pub use project::{Book, ReadOptions, read};
