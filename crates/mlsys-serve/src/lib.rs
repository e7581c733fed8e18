//! Paths and bytes to a browser, files to events. This crate knows nothing of books.
//!
//! [`Server`] holds a site in memory, answers as a static host does, and tells the browsers that show a page when it has
//! changed. [`Watcher`] turns the system's file events into batches. Both are for an author's own machine: what is unsafe there
//! is said at [`Listen`].
#![allow(clippy::disallowed_methods, reason = "serving and watching files is this crate's part")]

mod answer;
mod connections;
mod events;
mod origin;
mod range;
mod server;
mod site;
mod watcher;

pub use server::{Listen, Server};
pub use site::{Content, Files, Note, Publication};
pub use watcher::{Batch, Stopper, Watcher};
