//! `mlsys doctor`: checks for the external programs that the book needs.

use super::Outcome;
use super::error::CommandError;
use super::project::ProjectArguments;
use super::status::folder_size;
use clap::Args;
use mlsys_book::{Block, BlockKind, Code, Locator, Node, walk};
use mlsys_engine::build::linked::chapters;
use mlsys_engine::leaves::cells::{Package, Requirement, Worker, requirements};
use mlsys_engine::leaves::required_programs::{FONT, Need, PROGRAMS, Program, has_fonts, install_hint, version};
use mlsys_engine::memo::store::{self, Store};
use mlsys_engine::project::{Book, read};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Modules of Python whose packages have other names.
const PYTHON_PACKAGES: &[(&str, &str)] = &[
    ("Bio", "biopython"),
    ("IPython", "ipython"),
    ("PIL", "pillow"),
    ("bs4", "beautifulsoup4"),
    ("cv2", "opencv-python"),
    ("dateutil", "python-dateutil"),
    ("dotenv", "python-dotenv"),
    ("skimage", "scikit-image"),
    ("sklearn", "scikit-learn"),
    ("yaml", "pyyaml"),
];

/// The options of `doctor`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
}

/// Prints installed and missing programs. Fails if a required program is missing or the configuration has errors.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let mut out = format!("mlsys {}\n\n", env!("CARGO_PKG_VERSION"));
    // Without a project, still list the programs.
    let book = arguments.project.read_options("html").and_then(|options| Ok(read(&options)?));
    let needs = match &book {
        Ok(book) => needs(book),
        Err(error) => {
            let _ = writeln!(out, "no project: {error}\n");
            BTreeMap::new()
        }
    };
    let cells = book
        .as_ref()
        .map_or_else(|_| Vec::new(), |book| requirements(book, &Store::new(Some(store::folder(&book.root)))));
    let mut missing = 0;
    for program in PROGRAMS {
        let of_cells = cells.iter().find(|one| need(&one.worker) == Some(program.need));
        let pages = of_cells.map_or(needs.get(&program.need).copied().unwrap_or(0), |one| one.pages);
        let (line, is_missing) = match of_cells {
            Some(Requirement { program: Ok(found), .. }) => {
                let place = format!("`{}` (found by {}); {}", found.name, found.origin, needed_by(pages));
                (format!("{:14} {} at {place}\n", program.command, found.version), false)
            }
            Some(Requirement { program: Err(error), .. }) if version(program).is_some() => {
                (format!("{:14} not found: {error}; {}\n", program.command, needed_by(pages)), true)
            }
            Some(_) | None => program_line(program, pages),
        };
        missing += usize::from(is_missing && pages > 0);
        out.push_str(&line);
        if let Some(requirement) = of_cells {
            missing += packages(requirement, &mut out);
        }
    }
    for Requirement { worker, pages, program, packages: _ } in &cells {
        let Worker::Kernel { name, .. } = worker else { continue };
        let needed = needed_by(*pages);
        let _ = match program {
            Ok(program) => writeln!(out, "{:14} {}; {needed}", "Jupyter", program.name),
            Err(error) => writeln!(out, "{:14} kernel `{name}` not found: {error}; {needed}", "Jupyter"),
        };
        missing += usize::from(program.is_err());
    }
    let pictures = needs.get(&Need::Tikz).copied().unwrap_or(0);
    if pictures > 0 && has_fonts() == Some(false) {
        let hint =
            "fonts for TikZ diagrams; install texlive-fonts-recommended, or TeX Live's collection with that name";
        let _ = writeln!(out, "{:14} not found ({hint})", FONT.1);
        missing += 1;
    }
    let mut errors = 0;
    if let Ok(book) = &book {
        let _ = writeln!(out, "\nproject        {}", book.root);
        let _ = writeln!(out, "cache          {}", folder_size(&store::folder(&book.root)));
        let _ = writeln!(out, "output         {} ({})", book.output, writable(book));
        errors = configuration(book, &mut out);
        let epub = arguments.project.read_options("epub").and_then(|options| Ok(read(&options)?));
        if let Some((epub, file)) = epub.ok().as_ref().and_then(|epub| Some((epub, epub.config_file.as_ref()?))) {
            let _ = writeln!(out, "\nfor EPUB       {file}");
            errors += configuration(epub, &mut out);
        }
    }
    let verdict = match (missing, errors) {
        (0, 0) => "Everything this book needs is installed".to_owned(),
        (1, 0) => "1 required program or package is missing".to_owned(),
        (missing, 0) => format!("{missing} required programs or packages are missing"),
        (0, errors) => format!("{errors} configuration errors"),
        (missing, errors) => {
            format!("{missing} required programs or packages are missing, {errors} configuration errors")
        }
    };
    let _ = writeln!(out, "\n{verdict}");
    super::write_out(&out)?;
    Ok(if missing + errors == 0 { Outcome::Clean } else { Outcome::BookHasErrors })
}

/// The need that a worker's program serves; kernels are not in the table of programs.
fn need(worker: &Worker) -> Option<Need> {
    match worker {
        Worker::Python => Some(Need::Python),
        Worker::Knitr => Some(Need::R),
        Worker::Kernel { .. } => None,
    }
}

fn needed_by(pages: usize) -> String {
    if pages == 1 { "1 page needs it".to_owned() } else { format!("{pages} pages need it") }
}

/// Prints the packages that cells load. Returns how many are missing.
fn packages(requirement: &Requirement, out: &mut String) -> usize {
    let Requirement { worker, program, packages, pages: _ } = requirement;
    let Ok(program) = program else { return 0 };
    let is_ipython = |package: &&Package| *worker == Worker::Python && package.name == "IPython";
    if let Some(ipython) = packages.iter().find(is_ipython) {
        let mode = match ipython.is_installed {
            true => "IPython is installed: outputs are as in Jupyter".to_owned(),
            false => format!(
                "IPython is not installed: cells run in plain mode; outputs are as in Jupyter after: {}",
                install(worker, &program.name, &["IPython"])
            ),
        };
        let _ = writeln!(out, "{:14} {mode}", "");
    }
    let names = |is_installed: bool| -> Vec<&str> {
        let packages = packages.iter().filter(|package| !is_ipython(package) && package.is_installed == is_installed);
        packages.map(|package| package.name.as_str()).collect()
    };
    let (installed, missing) = (names(true), names(false));
    if !installed.is_empty() {
        let _ = writeln!(out, "{:14} packages: {}", "", installed.join(", "));
    }
    if !missing.is_empty() {
        let hint = install(worker, &program.name, &missing);
        let _ = writeln!(out, "{:14} packages not found: {}\n{:14} install with: {hint}", "", missing.join(", "), "");
    }
    missing.len()
}

/// The command that installs packages.
fn install(worker: &Worker, program: &str, names: &[&str]) -> String {
    let is_python = match worker {
        Worker::Python | Worker::Kernel { .. } => true,
        Worker::Knitr => false,
    };
    if is_python {
        let package =
            |name: &str| PYTHON_PACKAGES.iter().find(|(module, _)| *module == name).map(|(_, package)| *package);
        let names: Vec<&str> = names.iter().map(|name| package(name).unwrap_or(name)).collect();
        return format!("{program} -m pip install {}", names.join(" "));
    }
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match names.as_slice() {
        [name] => format!("install.packages({name}) in R"),
        names => format!("install.packages(c({})) in R", names.join(", ")),
    }
}

/// How many pages need each kind of program.
fn needs(book: &Book) -> BTreeMap<Need, usize> {
    let mut needs = BTreeMap::new();
    for chapter in &chapters(book) {
        let mut page: Vec<Need> = Vec::new();
        walk(&chapter.blocks, &mut |node| {
            if let Node::Block(Block { kind: BlockKind::Cell(cell), .. }) = node {
                page.extend(Need::of_language(&cell.language).filter(|need| !matches!(need, Need::Python | Need::R)));
            } else if let Node::Block(Block { kind: BlockKind::CodeBlock(code), .. }) = node {
                let language = code.language().filter(|language| matches!(*language, "tikz" | "dot"));
                page.extend(language.and_then(Need::of_language));
            }
            true
        });
        page.sort();
        page.dedup();
        page.into_iter().for_each(|need| *needs.entry(need).or_insert(0) += 1);
    }
    needs
}

/// The line about a program; true if it is missing.
fn program_line(program: &Program, pages: usize) -> (String, bool) {
    let what = match pages {
        0 => format!("{}; this book does not need it", program.what),
        1 => format!("{}; 1 page needs it", program.what),
        pages => format!("{}; {pages} pages need it", program.what),
    };
    match version(program) {
        Some(version) => (format!("{:14} {version}\n", program.command), false),
        None => {
            let hint =
                install_hint(program).map_or(String::new(), |hint| format!("\n{:14} install it with: {hint}", ""));
            (format!("{:14} not found ({what}){}\n", program.command, if pages > 0 { &hint } else { "" }), true)
        }
    }
}

fn writable(book: &Book) -> &'static str {
    let there = book.output.ancestors().find(|folder| folder.is_dir());
    match there.and_then(|folder| folder.metadata().ok()) {
        Some(metadata) if !metadata.permissions().readonly() => "can be written",
        _ => "cannot be written",
    }
}

/// Prints the diagnostics of the configuration files. Returns the number of errors.
fn configuration(book: &Book, out: &mut String) -> usize {
    let about = [Code::InvalidConfig, Code::InvalidConfigValue, Code::UnknownConfigKey, Code::UnsupportedFilter];
    let diagnostics: Vec<_> = book.diagnostics.iter().filter(|diagnostic| about.contains(&diagnostic.code)).collect();
    if diagnostics.is_empty() {
        let _ = writeln!(out, "configuration  no problems");
    }
    let locator = Locator::new(&book.sources);
    for diagnostic in &diagnostics {
        let at = locator.start(diagnostic.place).map(|at| at.to_string()).unwrap_or_default();
        let _ = writeln!(out, "configuration  {at}: {} ({})", diagnostic.message, diagnostic.hints.join("; "));
    }
    diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::InvalidConfig).count()
}
