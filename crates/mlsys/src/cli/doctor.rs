//! `mlsys doctor`: checks for the external programs that the book needs.

use super::Outcome;
use super::error::CommandError;
use super::project::ProjectArguments;
use super::status::folder_size;
use clap::Args;
use mlsys_book::{Block, BlockKind, Code, Locator, Node, walk};
use mlsys_engine::build::linked::chapters;
use mlsys_engine::leaves::required_programs::{FONT, Need, PROGRAMS, Program, has_fonts, install_hint, version};
use mlsys_engine::memo::store;
use mlsys_engine::project::{Book, read};
use std::collections::BTreeMap;
use std::fmt::Write;

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
    let mut missing = 0;
    for program in PROGRAMS {
        let pages = needs.get(&program.need).copied().unwrap_or(0);
        let (line, is_missing) = program_line(program, pages);
        missing += usize::from(is_missing && pages > 0);
        out.push_str(&line);
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
        (1, 0) => "1 required program is missing".to_owned(),
        (missing, 0) => format!("{missing} required programs are missing"),
        (0, errors) => format!("{errors} configuration errors"),
        (missing, errors) => format!("{missing} required programs are missing, {errors} configuration errors"),
    };
    let _ = writeln!(out, "\n{verdict}");
    super::write_out(&out)?;
    Ok(if missing + errors == 0 { Outcome::Clean } else { Outcome::BookHasErrors })
}

/// How many pages need each kind of program.
fn needs(book: &Book) -> BTreeMap<Need, usize> {
    let mut needs = BTreeMap::new();
    for chapter in &chapters(book) {
        let mut page: Vec<Need> = Vec::new();
        walk(&chapter.blocks, &mut |node| {
            if let Node::Block(Block { kind: BlockKind::Cell(cell), .. }) = node {
                page.extend(Need::of_language(&cell.language));
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
