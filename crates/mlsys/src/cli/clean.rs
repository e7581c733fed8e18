//! `mlsys clean`: removes what builds wrote.

use super::project::ProjectArguments;
use super::{Outcome, say};
use crate::output::write;
use clap::Args;
use mlsys_engine::memo::store;
use mlsys_engine::project::read;

/// The options of `clean`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Remove the cache too: drawn diagrams, results of cells, answers of other hosts.
    #[arg(long)]
    cache: bool,
}

/// Removes the files of builds from the output folder; other files there stay.
pub fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let book = read(&arguments.project.read_options("html")?)?;
    let removed = write::clean(&book.output);
    let plural = if removed == 1 { "" } else { "s" };
    let mut said = format!("{removed} file{plural} removed from {}", book.output);
    if book.output.exists() && book.output != book.root {
        said.push_str("; what is still there was not written by a build of mlsys");
    }
    if arguments.cache {
        let cache = store::folder(&book.root);
        match std::fs::remove_dir_all(&cache) {
            Ok(()) => said.push_str(&format!("; the cache {cache} is removed")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => said.push_str("; there was no cache"),
            Err(error) => return Err(format!("`{cache}`: {error}")),
        }
    }
    if !arguments.project.quiet {
        say(&(said + "\n"));
    }
    Ok(Outcome::Clean)
}
