//! The command `mlsys`: command line, writing, preview and publishing. Everything else is in [`mlsys_engine`].
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a command reads its environment and writes files"
)]

pub mod cli;
pub mod dependencies;
pub mod fix;
pub mod links;
pub mod output;
pub mod serve;
