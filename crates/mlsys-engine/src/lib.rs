//! The engine: turns a project into the files of its site, and diagnostics.
//!
//! [`project::read`] reads a project, [`build`](build::build) runs the pipeline over it, [`lints::check`] also runs
//! the lints. This crate reads files, and [`leaves`] start the external programs that some constructs need. It writes only its
//! cache, prints nothing and has no command line.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this crate reads files and runs programs")]

pub mod build;
pub mod epub;
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
pub use build::outputs::Memory;
pub use build::{Built, build, build_stored, media_of_pages, rebuild};
pub use files::{Content, Files};
pub use lints::check;
pub use memo::per_page::{PerPage, PerSelectedPage};
pub use options::BuildOptions;
pub use project::locate::{Request, locate};
pub use project::{Book, ReadOptions, read};
