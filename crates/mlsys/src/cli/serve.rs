//! `mlsys serve` and `mlsys preview`: a live preview in the browser.

use super::diagnostics::ColorWhen;
use super::error::CommandError;
use super::progress::Progress;
use super::project::{CellArguments, ProjectArguments, current_folder};
use super::{Outcome, diagnostics, say};
use crate::serve::{Live, Published, keep_current};
use clap::Args;
use mlsys_book::{Diagnostic, Severity};
use mlsys_engine::leaves::cells::{CellMode, CellOptions};
use mlsys_engine::leaves::diagrams::DiagramMode;
use mlsys_engine::leaves::scripts::{Moment, run_scripts};
use mlsys_engine::project::{ReadOptions, read};
use mlsys_engine::report::{self, Counts};
use mlsys_serve::{Listen, Server, Watcher};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::time::Duration;

/// The default port. If it is in use, the next free one is taken.
const PORT: u16 = 4200;

/// The options of `serve`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    cells: CellArguments,
    #[command(flatten)]
    listen: ListenArguments,
}

/// The options of `preview`.
#[derive(Args, Debug)]
pub struct PreviewArguments {
    /// The chapters, separated by commas: short names, files or folders.
    #[arg(required = true, value_name = "CHAPTER", value_delimiter = ',')]
    chapter: Vec<String>,
    /// The project folder.
    #[arg(long, value_name = "PATH")]
    project: Option<String>,
    /// Active profiles, separated by commas.
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', env = "QUARTO_PROFILE")]
    profile: Vec<String>,
    #[command(flatten)]
    cells: CellArguments,
    #[command(flatten)]
    listen: ListenArguments,
}

/// The address of the server.
#[derive(Args, Debug)]
struct ListenArguments {
    /// The port; 0 takes any free port [default: 4200 or the next free one].
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The host name or IP address to listen on. Use 0.0.0.0 to allow other machines.
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Open the site in the browser.
    #[arg(long)]
    open: bool,
}

/// Serves a project until it is interrupted.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    serve(&arguments.project, arguments.cells.mode(), &arguments.listen)
}

/// Serves some chapters of a project.
pub fn preview(arguments: &PreviewArguments) -> Result<Outcome, CommandError> {
    let project = ProjectArguments {
        path: arguments.project.clone(),
        profile: arguments.profile.clone(),
        only: arguments.chapter.clone(),
        diagrams: None,
        color: ColorWhen::Auto,
        jobs: None,
        quiet: false,
    };
    serve(&project, arguments.cells.mode(), &arguments.listen)
}

fn serve(project: &ProjectArguments, mode: CellMode, listen: &ListenArguments) -> Result<Outcome, CommandError> {
    let reading = project.read_options("html")?;
    let root = reading.request.root.clone();
    let options = project.build_options(&root, DiagramMode::Auto, &Progress::new(true));
    let cells = project.cell_options(&root, mode, &Progress::new(project.quiet));
    run_pre_render(&reading, &cells, options.diagrams.programs.clone())?;
    let server = start(listen)?;
    let mut watcher = Watcher::new()?;
    let stopper = watcher.stopper();
    server.on_interrupt(move || stopper.stop());
    let mut live = Live::new(reading, options, cells);
    let address = format!("http://{}", server.address());
    let mut printed: Vec<Diagnostic> = Vec::new();
    let mut first = true;
    keep_current(&mut live, &server, &mut watcher, |live, published| {
        report(live, project.quiet, &mut printed)?;
        if first {
            say(&format!("Serving {root} at {address}/ (Ctrl-C to stop)\n"));
            if listen.open && open::that_detached(format!("{address}/")).is_err() {
                say("could not open a browser\n");
            }
            first = false;
        } else if !project.quiet && (published.pages > 0 || !published.causes.is_empty()) {
            say(&summary(published, live.times.0 + live.times.1 + published.time));
        }
        Ok::<(), CommandError>(())
    })?;
    say("\n");
    Ok(Outcome::Clean)
}

/// A line about a rebuild: `12:04:31 third.qmd changed: 1 page rebuilt in 2.1 ms`.
fn summary(published: &Published, time: Duration) -> String {
    let causes = match published.causes.as_slice() {
        [] => String::new(),
        [one] => format!("{one} changed: "),
        [one, rest @ ..] => format!("{one} and {} more changed: ", rest.len()),
    };
    let pages = match published.pages {
        1 => "1 page".to_owned(),
        pages => format!("{pages} pages"),
    };
    let now = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
    format!("{now} {causes}{pages} rebuilt in {:.1} ms\n", time.as_secs_f64() * 1000.0)
}

/// Runs the project's scripts for before its sources are read. A site that is only served has no files for those after.
fn run_pre_render(reading: &ReadOptions, cells: &CellOptions, programs: OsString) -> Result<(), CommandError> {
    // The first update reports a project that cannot be read.
    let Ok(book) = read(reading) else { return Ok(()) };
    let diagnostics = run_scripts(&book, Moment::PreRender, cells, programs);
    diagnostics::print(&book, &diagnostics, &current_folder()?);
    Ok(())
}

fn start(listen: &ListenArguments) -> Result<Server, CommandError> {
    let (port, next) = (listen.port.unwrap_or(PORT), listen.port.is_none());
    let place = Listen { host: listen.host.clone(), port, next };
    Server::start(&place).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse if next => CommandError::PortsInUse(port),
        ErrorKind::AddrInUse => CommandError::PortInUse(port),
        ErrorKind::PermissionDenied => CommandError::PortDenied(port, error),
        _ => CommandError::Listen { host: listen.host.clone(), port, error },
    })
}

/// Prints the diagnostics; after the first build, only new ones.
fn report(live: &Live, quiet: bool, printed: &mut Vec<Diagnostic>) -> Result<(), CommandError> {
    match live.state() {
        Err(error) => {
            say(&format!("error: {error}\n"));
            printed.clear();
        }
        Ok((book, diagnostics)) => {
            let mut diagnostics: Vec<Diagnostic> =
                diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Hint).cloned().collect();
            report::sort(book, &mut diagnostics);
            let key = |diagnostic: &Diagnostic| (diagnostic.code, diagnostic.place.source, diagnostic.message.clone());
            let known: BTreeSet<_> = printed.iter().map(key).collect();
            let new: Vec<Diagnostic> =
                diagnostics.iter().filter(|diagnostic| !known.contains(&key(diagnostic))).cloned().collect();
            if !quiet && (!new.is_empty() || diagnostics.len() != printed.len()) {
                diagnostics::print(book, &new, &current_folder()?);
                say(&format!("{}: {}\n", diagnostics::pages(book), Counts::of(&diagnostics)));
            }
            *printed = diagnostics;
        }
    }
    Ok(())
}
