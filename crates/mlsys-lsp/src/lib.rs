//! A language server for books: the engine's diagnostics, labels and works for editors.
//!
//! [`serve`] speaks the Language Server Protocol. The texts of open documents replace the files on disk; after each change the
//! project is built again by the engine, which recomputes what the change touches. No program is started, and no file is written but
//! the engine's cache.

mod completion;
mod cursor;
mod findings;
mod fixes;
mod hover;
mod names;
mod project;
mod protocol;
mod server;
mod symbols;
mod text;
mod uri;

pub use lsp_server::Connection;
pub use server::{ServerError, serve};
