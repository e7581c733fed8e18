//! Draws TikZ pictures with TeX: several per run, but isolated from each other's errors.
//!
//! Usually this is `latex`, with a preamble that is loaded once for all runs, and `dvisvgm`. A picture with an error, or with global
//! side effects, gets a run of its own. If it still fails, the engine in the author's configuration draws it, which may support
//! what `latex` does not. So a drawing never depends on the pictures around it.

use super::outcome::{DiagramError, Outcome, Problem};
use super::picture::Picture;
use super::svg::{self, Svg};
use super::tex_run::{Pages, Route, draw, make_format};
use crate::leaves::executables::{Executable, SearchPath};
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The number of pictures per run. More save little time, and a slow run keeps the other threads waiting.
const PICTURES: std::ops::RangeInclusive<usize> = 4..=12;

/// The programs that draw the pictures of one engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tex {
    /// `latex`.
    latex: Option<Executable>,
    /// The configured engine, if it is not `latex`.
    engine: Option<Executable>,
    dvisvgm: Executable,
}

impl Tex {
    /// The programs for a configured engine.
    ///
    /// # Errors
    /// When programs are missing.
    pub fn find(configured: Option<&str>, programs: &SearchPath, cache: &Store) -> Result<Tex, DiagramError> {
        let configured = configured.unwrap_or("pdflatex");
        // If the engine is configured by its path, the other programs of its TeX distribution are preferred.
        let find = |name: &str| {
            let folder = Path::new(configured).parent().filter(|f| !f.as_os_str().is_empty());
            let near = folder.and_then(|f| programs.find(f.join(name).to_str()?, cache));
            near.or_else(|| programs.find(name, cache))
        };
        let stem = Path::new(configured).file_stem().unwrap_or_default().to_string_lossy();
        let other = matches!(&*stem, "lualatex" | "xelatex");
        let engine = if other { programs.find(configured, cache) } else { None };
        let latex = find("latex");
        match find("dvisvgm") {
            Some(dvisvgm) if latex.is_some() || engine.is_some() => Ok(Tex { latex, engine, dvisvgm }),
            Some(_) => Err(not_found(&["latex"])),
            None if latex.is_none() => Err(not_found(&["latex", "dvisvgm"])),
            None => Err(not_found(&["dvisvgm"])),
        }
    }

    /// The versions of the programs, for cache keys.
    pub fn versions(&self) -> String {
        let name = |program: &Option<Executable>| program.as_ref().map_or(String::new(), |p| p.version.clone());
        format!("{}\n{}\n{}", name(&self.latex), name(&self.engine), self.dvisvgm.version)
    }
}

fn not_found(programs: &[&str]) -> DiagramError {
    DiagramError::NotFound(programs.iter().map(|name| (*name).to_owned()).collect())
}

/// A picture to draw.
#[derive(Clone, Debug)]
struct Task {
    /// The index of the picture.
    picture: usize,
    /// The index of its preamble.
    preamble: usize,
    /// True if the configured engine draws it.
    by_engine: bool,
    /// True if it gets a run of its own.
    alone: bool,
    /// The outcome of an earlier try.
    before: Option<Outcome>,
}

/// A TeX preamble and its format.
struct Preamble {
    lines: String,
    tex: Tex,
    folder: PathBuf,
    /// TeX's errors in the preamble; without any there is a format.
    problems: Vec<Problem>,
}

/// Draws pictures. Calls `done` with the index and the outcome of each one as soon as it is drawn.
pub fn draw_all(pictures: &[(&Picture, &Tex)], done: &(dyn Fn(usize, Outcome) + Sync)) {
    let folder = match TempDir::with_prefix("mlsys-") {
        Ok(folder) => folder,
        Err(error) => {
            let outcome = Outcome::unavailable(DiagramError::NoFolder(error.to_string()));
            return (0..pictures.len()).for_each(|picture| done(picture, outcome.clone()));
        }
    };
    let (preambles, mut tasks) = plan(pictures, folder.path());
    let preambles = in_parallel(preambles, Preamble::prepared);
    tasks.retain_mut(|task| {
        let preamble = &preambles[task.preamble];
        // A preamble that `latex` cannot read may be written for the configured engine.
        task.by_engine = preamble.tex.latex.is_none() || !preamble.problems.is_empty();
        let hopeless = task.by_engine && preamble.tex.engine.is_none();
        if hopeless {
            let message = preamble.problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
            done(task.picture, Outcome::unavailable(DiagramError::Preamble(message)));
        }
        !hopeless
    });
    let mut round = 0;
    while !tasks.is_empty() {
        round += 1;
        let runs: Vec<(usize, Vec<Task>)> = runs(tasks).into_iter().enumerate().collect();
        let again = in_parallel(runs, |(number, run)| {
            let name = format!("run-{round}-{number}");
            let steps = one_run(&preambles[run[0].preamble], pictures, run, &name);
            let again = steps.into_iter().filter_map(|step| match step {
                Step::Done(picture, outcome) => {
                    done(picture, outcome);
                    None
                }
                Step::Again(task) => Some(task),
            });
            again.collect::<Vec<Task>>()
        });
        tasks = again.into_iter().flatten().collect();
    }
}

impl Preamble {
    /// Creates the folder and, if `latex` can read the preamble, the format.
    fn prepared(self) -> Preamble {
        let made = std::fs::create_dir_all(&self.folder).map_err(|error| vec![Problem::new(error.to_string())]);
        let made = match &self.tex.latex {
            Some(latex) => made.and_then(|()| make_format(&self.folder, latex, &self.lines)),
            None => made,
        };
        Preamble { problems: made.err().unwrap_or_default(), ..self }
    }
}

/// The preambles of the pictures, and a task for each picture.
fn plan(pictures: &[(&Picture, &Tex)], folder: &Path) -> (Vec<Preamble>, Vec<Task>) {
    let mut numbers: BTreeMap<(&str, &Tex), usize> = BTreeMap::new();
    let mut preambles = Vec::new();
    let mut tasks = Vec::new();
    for (number, (picture, tex)) in pictures.iter().enumerate() {
        let lines = picture.settings.preamble.as_str();
        let preamble = *numbers.entry((lines, tex)).or_insert_with(|| {
            let folder = folder.join(format!("preamble-{}", preambles.len()));
            preambles.push(Preamble { lines: lines.to_owned(), tex: (*tex).clone(), folder, problems: Vec::new() });
            preambles.len() - 1
        });
        let alone = has_side_effects(&picture.source);
        tasks.push(Task { picture: number, preamble, by_engine: false, alone, before: None });
    }
    (preambles, tasks)
}

/// True if a picture may have side effects on the next one in the same run: global definitions, counters, libraries. Node names are
/// always cleared.
fn has_side_effects(source: &str) -> bool {
    const GLOBAL: &[&str] = &[
        "global",
        "gdef",
        "xdef",
        "setcounter",
        "addtocounter",
        "stepcounter",
        "refstepcounter",
        "newcounter",
        "newlength",
        "newdimen",
        "newcount",
        "newskip",
        "newtoks",
        "newbox",
        "newsavebox",
        "newif",
        "newread",
        "newwrite",
        "usetikzlibrary",
        "usepgfplotslibrary",
        "usepgflibrary",
        "input",
        "include",
        "label",
        "savebox",
        "sbox",
        "setbox",
        "pgfdeclareshape",
        "pgfdeclareimage",
        "pgfdeclarelayer",
        "pgfmathdeclarefunction",
        "pgfmathsetseed",
        "AtBeginDocument",
        "AtEndDocument",
        "name path global",
        "remember picture",
        "xglobal",
    ];
    let uses = |name: &&str| {
        source.match_indices(*name).any(|(at, _)| {
            let command = name.contains(' ') || source[..at].ends_with('\\');
            command && !source[at + name.len()..].starts_with(|c: char| c.is_ascii_alphabetic())
        })
    };
    GLOBAL.iter().any(uses)
}

/// Groups tasks into runs.
fn runs(tasks: Vec<Task>) -> Vec<Vec<Task>> {
    let (alone, shared): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(|task| task.alone);
    let mut groups: BTreeMap<(usize, bool), Vec<Task>> = BTreeMap::new();
    for task in shared {
        groups.entry((task.preamble, task.by_engine)).or_default().push(task);
    }
    let mut runs: Vec<Vec<Task>> = alone.into_iter().map(|task| vec![task]).collect();
    for group in groups.into_values() {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let size = group.len().div_ceil(threads * 4).clamp(*PICTURES.start(), *PICTURES.end());
        runs.extend(group.chunks(size).map(<[Task]>::to_vec));
    }
    runs
}

/// What happens to a picture after a run.
enum Step {
    Done(usize, Outcome),
    Again(Task),
}

/// Draws the pictures of a run, and decides what happens to each.
fn one_run(preamble: &Preamble, pictures: &[(&Picture, &Tex)], tasks: Vec<Task>, name: &str) -> Vec<Step> {
    let Tex { latex, engine, dvisvgm } = &preamble.tex;
    let route = match (latex, engine) {
        (_, Some(engine)) if tasks[0].by_engine => Route::Engine(engine.clone()),
        (Some(latex), _) => Route::Format(latex.clone()),
        (None, Some(engine)) => Route::Engine(engine.clone()),
        (None, None) => return Vec::new(),
    };
    let sources: Vec<&str> = tasks.iter().map(|task| pictures[task.picture].0.source.as_str()).collect();
    let single = tasks.len() == 1;
    let pages = draw(&preamble.folder, name, &route, &preamble.lines, &sources, dvisvgm, single);
    // The files of a run are large and not needed again.
    let _ = std::fs::remove_dir_all(preamble.folder.join(name));
    match single {
        true => tasks.into_iter().map(|task| after_one(preamble, task, &pages)).collect(),
        false => after_several(tasks, pages),
    }
}

/// After a run of several pictures, those before the first error are done. The work always progresses, because the picture that
/// broke the run gets a run of its own.
fn after_several(tasks: Vec<Task>, pages: Pages) -> Vec<Step> {
    let drawn: Vec<Option<Svg>> =
        pages.svgs.iter().map(|raw| raw.as_ref().and_then(|raw| svg::clean(raw, true).ok())).collect();
    let begun = pages.log.pictures.len();
    // After a time-out there are no pages; the culprit is the last picture that TeX started.
    let culprit = match pages.timed_out {
        true => begun.checked_sub(1),
        false => drawn.iter().position(Option::is_none),
    };
    let step = |(i, (task, svg)): (usize, (Task, Option<Svg>))| match svg {
        Some(svg) => Step::Done(task.picture, Outcome::drawn(Some(svg), Vec::new())),
        None => {
            let has_problems = pages.log.pictures.get(i).is_some_and(|log| !log.problems.is_empty());
            Step::Again(Task { alone: begun == 0 || culprit == Some(i) || has_problems, ..task })
        }
    };
    tasks.into_iter().zip(drawn.into_iter().chain(std::iter::repeat(None))).enumerate().map(step).collect()
}

/// After a run of one picture, it is done, or the configured engine tries it.
fn after_one(preamble: &Preamble, task: Task, pages: &Pages) -> Step {
    let log = pages.log.pictures.first();
    let mut problems: Vec<Problem> = log.map(|log| log.problems.clone()).unwrap_or_default();
    problems.extend(pages.log.outside.iter().cloned());
    if problems.is_empty() {
        problems.extend(pages.failure.as_ref().map(|error| Problem::new(error.to_string())));
    }
    let svg: Option<Svg> = match pages.svgs.first().and_then(Option::as_ref).map(|raw| svg::clean(raw, true)) {
        Some(Ok(svg)) => Some(svg),
        Some(Err(error)) => {
            problems.push(Problem::new(DiagramError::Svg("`dvisvgm`", error).to_string()));
            None
        }
        None => None,
    };
    // An outcome with another cause than the picture is not cached.
    let mut is_reproducible = !pages.timed_out && pages.failure.is_none();
    if svg.is_none() && problems.is_empty() {
        is_reproducible = false;
        problems.push(Problem::new("TeX stopped before the end of the picture".into()));
    }
    let outcome = Outcome { is_reproducible, ..Outcome::drawn(svg, problems) };
    if outcome.problems.is_empty() {
        return Step::Done(task.picture, outcome);
    }
    if !task.by_engine && preamble.tex.engine.is_some() {
        return Step::Again(Task { by_engine: true, alone: true, before: Some(outcome), ..task });
    }
    // The configured engine decides, but an earlier drawing is better than none.
    let earlier = task.before.and_then(|before| before.svg);
    let svg = outcome.svg.or(earlier);
    Step::Done(task.picture, Outcome { svg, ..outcome })
}
