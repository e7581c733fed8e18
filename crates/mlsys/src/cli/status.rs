//! `mlsys status`: project, configuration and last build.

use super::Outcome;
use super::error::CommandError;
use super::project::ProjectArguments;
use crate::output::write::{LIST, listed};
use camino::Utf8Path;
use clap::Args;
use jiff::Timestamp;
use mlsys_book::ProjectKind;
use mlsys_engine::epub::metadata::file_name;
use mlsys_engine::memo::store;
use mlsys_engine::project::{Book, read};
use walkdir::WalkDir;

/// The options of `status`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
}

/// Prints the project, its configuration and its last build.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let book = read(&arguments.project.read_options("html")?)?;
    let kind = match book.project.kind {
        ProjectKind::Default => "pages",
        ProjectKind::Website => "website",
        ProjectKind::Book => "book",
    };
    let configuration = book.project.meta.place.source;
    let configuration = book.sources.get(configuration.index()).map_or("none", |source| source.path());
    let profiles = if book.project.profiles.is_empty() { "none".to_owned() } else { book.project.profiles.join(", ") };
    let lines = [
        ("project", book.root.to_string()),
        ("title", book.project.site.title.clone()),
        ("kind", kind.to_owned()),
        ("configuration", configuration.to_owned()),
        ("profiles", profiles),
        ("pages", book.project.pages.len().to_string()),
        ("output", output(&book)),
        ("epub", epub(&arguments.project)?),
        ("cache", folder_size(&store::folder(&book.root))),
    ];
    let text: String = lines.iter().map(|(name, value)| format!("{name:14} {value}\n")).collect();
    super::write_out(&text)?;
    Ok(Outcome::Clean)
}

/// The EPUB of the book: where it is, or is to be.
fn epub(project: &ProjectArguments) -> Result<String, CommandError> {
    let book = read(&project.read_options("epub")?)?;
    let path = book.output.join(file_name(&book));
    let configuration = book.config_file.as_ref().map_or(String::new(), |file| format!(", configured by {file}"));
    let built = std::fs::metadata(&path).ok();
    let state = match built.and_then(|file| Some((file.len(), Timestamp::try_from(file.modified().ok()?).ok()?))) {
        Some((size, when)) => {
            format!("{:.1} MB, last change {}", size as f64 / 1e6, when.strftime("%Y-%m-%d %H:%M UTC"))
        }
        None => "not built yet".to_owned(),
    };
    Ok(format!("{path} ({state}{configuration})"))
}

fn output(book: &Book) -> String {
    let written = listed(&book.output, LIST).len();
    if written == 0 {
        return format!("{} (not built yet)", book.output);
    }
    let built = std::fs::metadata(book.output.join(LIST)).and_then(|list| list.modified()).ok();
    let changed = book.read.iter().filter_map(|file| file.metadata().ok()?.modified().ok()).max();
    let state = match (built, changed) {
        (Some(built), Some(changed)) if changed > built => "; sources changed since",
        _ => "",
    };
    let when = built.and_then(|built| Timestamp::try_from(built).ok());
    let when = when.map_or(String::new(), |when| format!(", last change {}", when.strftime("%Y-%m-%d %H:%M UTC")));
    format!("{} ({written} files{when}{state})", book.output)
}

/// Describes a folder with its size.
pub fn folder_size(folder: &Utf8Path) -> String {
    let files = WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let sizes: Vec<u64> = files.filter_map(|entry| Some(entry.metadata().ok()?.len())).collect();
    match sizes.len() {
        0 => format!("{folder} (empty)"),
        count => {
            let bytes: u64 = sizes.iter().sum();
            let plural = if count == 1 { "" } else { "s" };
            format!("{folder} ({count} file{plural}, {:.1} MB)", bytes as f64 / 1e6)
        }
    }
}
