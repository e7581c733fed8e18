//! The command line, one file per subcommand.

mod build;
mod check;
mod clean;
mod completions;
mod diagnostics;
mod doctor;
mod error;
mod explain;
mod installation;
mod list;
mod lsp;
mod man;
mod new;
pub mod progress;
mod project;
mod publish;
mod serve;
mod status;

use clap::{CommandFactory, Parser, Subcommand};
use error::CommandError;
use std::io::Write;
use std::process::ExitCode;

/// Exit code: the book has errors.
const BOOK_HAS_ERRORS: u8 = 1;

/// Exit code: the command failed.
const COMMAND_FAILED: u8 = 2;

/// Build Quarto books and websites.
#[derive(Debug, Parser)]
#[command(name = "mlsys", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a starter book, website or article.
    #[command(after_help = "Examples:\n  mlsys new book --title \"Fruit\"\n  mlsys new site --template website")]
    New(new::Arguments),
    /// Build the site or one page.
    #[command(
        visible_alias = "b",
        after_help = "Examples:\n  mlsys build\n  mlsys build intro --strict\n  mlsys build --to html,epub"
    )]
    Build(build::Arguments),
    /// Check the sources without building.
    #[command(
        visible_alias = "c",
        after_help = "Examples:\n  mlsys check\n  mlsys check intro\n  mlsys check --format concise\n  \
                      mlsys check --severity broken-link=error"
    )]
    Check(check::Arguments),
    /// Explain a diagnostic by its code.
    #[command(after_help = "Example:\n  mlsys explain broken-link")]
    Explain(explain::Arguments),
    /// Preview the site, reloading on save.
    #[command(after_help = "Examples:\n  mlsys serve --open\n  mlsys serve notes.md")]
    Serve(serve::Arguments),
    /// Preview some chapters only.
    #[command(visible_alias = "p")]
    Preview(serve::PreviewArguments),
    /// Start a language server for an editor.
    Lsp(lsp::Arguments),
    /// List all pages with their short names.
    #[command(visible_alias = "l")]
    List(list::Arguments),
    /// Show project, configuration and last build.
    #[command(visible_alias = "s")]
    Status(status::Arguments),
    /// Check for the external programs this book needs.
    #[command(visible_alias = "d")]
    Doctor(doctor::Arguments),
    /// Delete the output of builds.
    Clean(clean::Arguments),
    /// Publish the site: trigger a build hook (Netlify), or push to GitHub Pages or a server.
    Publish(publish::Arguments),
    /// Show the version, where it came from, and how to update it.
    #[command(name = "self")]
    Installation(installation::Arguments),
    /// Print a shell completion script.
    Completions(completions::Arguments),
    /// Print or write the man pages.
    Man(man::Arguments),
}

/// Clap's description of the command line, for man pages, completions and the tests of the guide.
pub type Description = clap::Command;

/// The description of the command line.
pub fn description() -> Description {
    Arguments::command()
}

/// Runs the command. Exit codes: 0 clean, 1 the book has errors, 2 the command failed.
pub fn main() -> ExitCode {
    if let Some(status) = mlsys_engine::leaves::sass::compile_here() {
        return status;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // `--help` and `--version` go to stdout, usage errors to stderr. Printing may fail on a closed pipe.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(COMMAND_FAILED) } else { ExitCode::SUCCESS };
        }
    };
    let result = match &arguments.command {
        Command::New(arguments) => new::run(arguments),
        Command::Build(arguments) => build::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::Status(arguments) => status::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Clean(arguments) => clean::run(arguments),
        Command::Publish(arguments) => publish::run(arguments),
        Command::Installation(arguments) => installation::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Preview(arguments) => serve::preview(arguments),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::BookHasErrors) => ExitCode::from(BOOK_HAS_ERRORS),
        Err(error) => {
            say(&format!("error: {error}\n"));
            ExitCode::from(COMMAND_FAILED)
        }
    }
}

/// The result of a subcommand that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// No errors in the book.
    Clean,
    /// The book has errors.
    BookHasErrors,
}

/// Writes to stderr; ignores a closed pipe.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Writes to stdout; ignores a closed pipe.
fn write_out(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(CommandError::Stdout(error)),
        _ => Ok(()),
    }
}
