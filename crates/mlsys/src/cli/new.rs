//! `mlsys new`: a starter book.

use super::error::CommandError;
use super::project::current_folder;
use super::{Outcome, say};
use camino::Utf8PathBuf;
use clap::Args;
use rust_embed::Embed;

/// The starter book.
#[derive(Embed)]
#[folder = "starter"]
struct Starter;

/// The options of `new`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of the book. It must be empty or not exist yet.
    dir: Utf8PathBuf,
    /// The title of the book.
    #[arg(long, default_value = "My book")]
    title: String,
}

/// Writes the starter book.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let folder = current_folder()?.join(&arguments.dir);
    let mut entries = match folder.read_dir_utf8() {
        Ok(entries) => entries.map(|entry| entry.map(|e| e.file_name().to_owned())).collect::<Result<Vec<_>, _>>(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
    .map_err(|error| CommandError::File { path: arguments.dir.clone(), error })?;
    // A new Git repository counts as empty.
    entries.retain(|name| name != ".git");
    if let Some(name) = entries.first() {
        return Err(CommandError::FolderNotEmpty { folder: arguments.dir.clone(), name: name.clone() });
    }
    for name in Starter::iter() {
        let Some(file) = Starter::get(&name) else { continue };
        let path = folder.join(if name == "gitignore" { ".gitignore" } else { &name });
        let text = String::from_utf8_lossy(&file.data).replace("\"My book\"", &quoted(&arguments.title));
        let written = match path.parent() {
            Some(above) => std::fs::create_dir_all(above).and_then(|()| std::fs::write(&path, text)),
            None => std::fs::write(&path, text),
        };
        written.map_err(|error| CommandError::File { path, error })?;
    }
    say(&format!("Created a book in `{}`. Next: `mlsys serve {}`\n", arguments.dir, arguments.dir));
    Ok(Outcome::Clean)
}

/// A YAML string in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
