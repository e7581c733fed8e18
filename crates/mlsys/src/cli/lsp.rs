//! `mlsys lsp`: a language server for editors.

use super::Outcome;
use super::error::CommandError;
use clap::Args;
use mlsys_lsp::{Connection, serve};

/// The options of `lsp`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Speak over standard input and output: the only way, which some editors name.
    #[arg(long)]
    stdio: bool,
}

/// Serves the editor that has started the command.
pub fn run(_: &Arguments) -> Result<Outcome, CommandError> {
    let (connection, threads) = Connection::stdio();
    serve(&connection)?;
    drop(connection);
    threads.join().map_err(CommandError::Stdout)?;
    Ok(Outcome::Clean)
}
