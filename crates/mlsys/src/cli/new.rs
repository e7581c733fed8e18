//! `mlsys new`: a starter book, website or article.

use super::error::CommandError;
use super::project::current_folder;
use super::{Outcome, say};
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use rust_embed::Embed;
use std::process::{Command, Stdio};

/// The starter projects, each in a folder of its name, and the files for hosts and hooks in `common`.
#[derive(Embed)]
#[folder = "starter"]
struct Starter;

/// A kind of starter project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// A book of two chapters.
    Book,
    /// A website with posts.
    Website,
    /// An article on one page.
    Article,
}

impl Template {
    fn name(self) -> &'static str {
        match self {
            Template::Book => "book",
            Template::Website => "website",
            Template::Article => "article",
        }
    }

    /// The folder of its site.
    fn output(self) -> &'static str {
        match self {
            Template::Book => "_book",
            Template::Website | Template::Article => "_site",
        }
    }

    /// The title in its files.
    fn title(self) -> &'static str {
        match self {
            Template::Book => "My book",
            Template::Website => "My site",
            Template::Article => "My article",
        }
    }
}

/// The author in the files of all templates.
const AUTHOR: &str = "\"Ada Example\"";

/// The options of `new`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder of the project. It must be empty or not exist yet.
    dir: Utf8PathBuf,
    /// The kind of project.
    #[arg(long, value_name = "TEMPLATE", default_value = "book")]
    template: Template,
    /// The title [default: one for each template].
    #[arg(long)]
    title: Option<String>,
    /// The author [default: the name that Git knows].
    #[arg(long)]
    author: Option<String>,
}

/// Writes the starter project.
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
    let template = arguments.template;
    let author = arguments.author.clone().or_else(git_author);
    for name in Starter::iter() {
        let inside =
            [template.name(), "common"].into_iter().find_map(|start| name.strip_prefix(start)?.strip_prefix('/'));
        let Some(inside) = inside else { continue };
        let Some(file) = Starter::get(&name) else { continue };
        let path = folder.join(match inside {
            "gitignore" => ".gitignore",
            "workflow.yml" => ".github/workflows/site.yml",
            "pre-commit.yaml" => ".pre-commit-config.yaml",
            other => other,
        });
        let text = String::from_utf8_lossy(&file.data);
        let mut text =
            text.replace("MLSYS_VERSION", env!("CARGO_PKG_VERSION")).replace("OUTPUT_DIR", template.output());
        if let Some(title) = &arguments.title {
            text = text.replace(&quoted(template.title()), &quoted(title));
        }
        if let Some(author) = &author {
            text = text.replace(AUTHOR, &quoted(author));
        }
        let written = match path.parent() {
            Some(above) => std::fs::create_dir_all(above).and_then(|()| std::fs::write(&path, text)),
            None => std::fs::write(&path, text),
        };
        written.map_err(|error| CommandError::File { path, error })?;
    }
    let article = if template == Template::Article { "an" } else { "a" };
    let (name, dir) = (template.name(), &arguments.dir);
    say(&format!("Created {article} {name} in `{dir}`. Next: `mlsys serve {dir}`\n"));
    Ok(Outcome::Clean)
}

/// The name of the author in Git's configuration.
fn git_author() -> Option<String> {
    let mut command = Command::new("git");
    let output = command.args(["config", "user.name"]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// A YAML string in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
