//! Preview server and file watcher. This crate knows nothing of books.
//!
//! [`Server`] holds a site in memory, serves it like a static host, and notifies browsers when the page that they show has
//! changed. [`Watcher`] groups the system's file events into batches. Both are made for an author's own machine; [`Listen`]
//! describes the security limits.
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
pub use watcher::{Batch, Stopper, WatchError, Watcher};
