//! `mlsys clean`: deletes the output of builds.

use super::error::CommandError;
use super::project::ProjectArguments;
use super::{Outcome, say};
use crate::output::{among_sources, write};
use clap::Args;
use mlsys_engine::memo::store;
use mlsys_engine::project::read;

/// The options of `clean`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Also delete the cache.
    #[arg(long)]
    cache: bool,
}

/// Deletes the files that builds wrote to the output folder. Other files stay.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let book = read(&arguments.project.read_options("html")?)?;
    let mut removed = write::clean(&book.output);
    // A configuration of its own may give the EPUB another folder.
    let epub = read(&arguments.project.read_options("epub")?)?;
    if epub.output != book.output {
        removed += write::clean(&epub.output);
    }
    if book.output == book.root {
        removed += among_sources::clean(&book.root);
    }
    let plural = if removed == 1 { "" } else { "s" };
    let mut message = format!("{removed} file{plural} removed from {}", book.output);
    if book.output.exists() && book.output != book.root {
        message.push_str("; the remaining files were not written by mlsys");
    }
    if arguments.cache {
        let cache = store::folder(&book.root);
        match std::fs::remove_dir_all(&cache) {
            Ok(()) => message.push_str(&format!("; removed the cache {cache}")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => message.push_str("; there was no cache"),
            Err(error) => return Err(CommandError::File { path: cache, error }),
        }
    }
    if !arguments.project.quiet {
        say(&(message + "\n"));
    }
    Ok(Outcome::Clean)
}
