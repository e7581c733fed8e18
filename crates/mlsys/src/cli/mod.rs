//! The command line: one file a subcommand.

mod build;
mod check;
mod clean;
mod completions;
mod doctor;
mod findings;
mod list;
mod man;
mod new;
pub mod progress;
mod project;
mod publish;
mod serve;
mod status;

use clap::{CommandFactory, Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// The status when the book has errors.
const BOOK_HAS_ERRORS: u8 = 1;

/// The status when the command could not do its work.
const COMMAND_FAILED: u8 = 2;

/// Builds books of Quarto's sources.
#[derive(Debug, Parser)]
#[command(name = "mlsys", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a starter book.
    New(new::Arguments),
    /// Renders a book or a page.
    #[command(visible_alias = "b")]
    Build(build::Arguments),
    /// Reports every finding and writes nothing.
    #[command(visible_alias = "c")]
    Check(check::Arguments),
    /// Shows the site in a browser and keeps it current.
    Serve(serve::Arguments),
    /// Serves only these chapters.
    #[command(visible_alias = "p")]
    Preview(serve::PreviewArguments),
    /// Lists the pages by the names that other commands take.
    #[command(visible_alias = "l")]
    List(list::Arguments),
    /// Says where the project is and what was built of it.
    #[command(visible_alias = "s")]
    Status(status::Arguments),
    /// Says what the book needs besides mlsys, and what of it lacks.
    #[command(visible_alias = "d")]
    Doctor(doctor::Arguments),
    /// Removes what builds wrote.
    Clean(clean::Arguments),
    /// Asks the host to build and publish the site.
    Publish(publish::Arguments),
    /// Prints a script that completes commands and options in a shell.
    Completions(completions::Arguments),
    /// Prints or writes the manual as man pages.
    Man(man::Arguments),
}

/// What `clap` knows of the command line, for the manual, completions and the tests of the guide.
pub type Description = clap::Command;

/// The description of the command line.
pub fn description() -> Description {
    Arguments::command()
}

/// Runs the command. The exit status is 0 when all is well, 1 when the book has errors, 2 when the command failed.
pub fn main() -> ExitCode {
    if let Some(status) = mlsys_engine::leaves::sass::compile_here() {
        return status;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; anything else is a wrong option. Printing may fail on a closed pipe.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(COMMAND_FAILED) } else { ExitCode::SUCCESS };
        }
    };
    let result = match &arguments.command {
        Command::New(arguments) => new::run(arguments),
        Command::Build(arguments) => build::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Status(arguments) => status::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Clean(arguments) => clean::run(arguments),
        Command::Publish(arguments) => publish::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Preview(arguments) => serve::preview(arguments),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::BookHasErrors) => ExitCode::from(BOOK_HAS_ERRORS),
        Err(message) => {
            say(&format!("error: {message}\n"));
            ExitCode::from(COMMAND_FAILED)
        }
    }
}

/// What a subcommand that did its work came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing that fails.
    Clean,
    /// The book has errors.
    BookHasErrors,
}

/// Writes to the error stream; a closed one is no reason to fail.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Writes to the output stream. A reader that stops reading is no failure.
fn write_out(text: &str) -> Result<(), String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("the output stream: {error}")),
        _ => Ok(()),
    }
}
