//! The command line.

use crate::locate::locate;
use crate::pipeline::{Built, build, limit_threads};
use crate::progress::Progress;
use crate::reading::{Book, Options, read};
use crate::report::{self, Counts};
use crate::write::write;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Parser, Subcommand};
use mlsys_book::Severity;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

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
    /// Renders a book or a page.
    Build(BuildArguments),
    /// Reports every finding and writes nothing.
    Check(CheckArguments),
}

#[derive(Args, Debug)]
struct BuildArguments {
    #[command(flatten)]
    common: Common,
    /// The folder to write to, instead of the project's own.
    #[arg(long, value_name = "DIR")]
    output_dir: Option<Utf8PathBuf>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "html", value_parser = ["html"])]
    to: String,
}

#[derive(Args, Debug)]
struct CheckArguments {
    #[command(flatten)]
    common: Common,
}

#[derive(Args, Debug)]
struct Common {
    /// A project's folder, a chapter (short name, file or folder) or a single .qmd file. Without it, the nearest project
    /// upwards, else the folder `quarto`.
    path: Option<String>,
    /// Active profiles, separated by commas.
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', env = "QUARTO_PROFILE")]
    profile: Vec<String>,
    /// Only these chapters, separated by commas: short names, files or folders.
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    only: Vec<String>,
    /// How many threads to use.
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// Say nothing but findings.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command. The exit status is 0 when all is well, 1 when the book has errors, 2 when the command failed.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; anything else is a wrong option. Printing may fail on a closed pipe.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(COMMAND_FAILED) } else { ExitCode::SUCCESS };
        }
    };
    let result = match &arguments.command {
        Command::Build(build) => run(&build.common, Some(build)),
        Command::Check(check) => run(&check.common, None),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            say(&format!("error: {message}\n"));
            ExitCode::from(COMMAND_FAILED)
        }
    }
}

/// Reads, builds and reports a project, and writes it where `output` says how.
fn run(common: &Common, output: Option<&BuildArguments>) -> Result<ExitCode, String> {
    let start = Instant::now();
    if let Some(jobs) = common.jobs {
        limit_threads(jobs)?;
    }
    let progress = Progress::new(common.quiet);
    progress.step("reading");
    let current = current_folder()?;
    let book = read(&options(common, output, &current)?)?;
    progress.step(format!("rendering {} pages", book.pages.len()));
    let mut built = build(&book);
    let written = match output {
        None => None,
        Some(_) => {
            progress.step(format!("writing {} files", built.files.len()));
            Some(write(&built.files, &book.output)?)
        }
    };
    progress.finish();

    report::sort(&book, &mut built.diagnostics);
    let counts = Counts::of(&built.diagnostics);
    print_findings(&book, &built, &current, output.is_none());
    if !common.quiet {
        let pages = book.pages.iter().filter(|p| p.wanted).count();
        let what = match written {
            None => "checked".to_owned(),
            Some(written) => format!("→ {} ({} files changed)", book.output, written.changed),
        };
        let plural = if pages == 1 { "" } else { "s" };
        let seconds = start.elapsed().as_secs_f64();
        say(&format!("{pages} page{plural} {what} in {seconds:.2} s: {counts}\n"));
    }
    let failed = counts.errors > 0 || (common.strict && counts.warnings > 0);
    Ok(if failed { ExitCode::from(BOOK_HAS_ERRORS) } else { ExitCode::SUCCESS })
}

fn options(common: &Common, output: Option<&BuildArguments>, current: &Utf8Path) -> Result<Options, String> {
    let mut request = locate(current, common.path.as_deref())?;
    if !request.lone {
        request.only.extend(common.only.iter().cloned());
    }
    Ok(Options {
        request,
        profiles: common.profile.iter().filter(|p| !p.is_empty()).cloned().collect(),
        output_dir: output.and_then(|o| o.output_dir.as_ref()).map(|dir| current.join(dir)),
        format: output.map_or("html", |o| &o.to).to_owned(),
    })
}

fn current_folder() -> Result<Utf8PathBuf, String> {
    let folder = std::env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|path| format!("`{}` is not UTF-8", path.display()))
}

/// Prints the findings. Hints are for `check`; a build only counts them.
fn print_findings(book: &Book, built: &Built, current: &Utf8Path, hints: bool) {
    let shown: Vec<_> = built.diagnostics.iter().filter(|d| hints || d.severity != Severity::Hint).cloned().collect();
    let prefix = match book.root.strip_prefix(current) {
        Ok(inside) if inside.as_str().is_empty() => String::new(),
        Ok(inside) => format!("{inside}/"),
        Err(_) => format!("{}/", book.root),
    };
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    say(&report::render(&book.sources, &shown, &prefix, colour));
}

/// Writes to the error stream; a closed one is no reason to fail.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
