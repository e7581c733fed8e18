//! TikZ pictures through TeX: several in one run, and each mistake kept from the other pictures.
//!
//! The usual route is `latex` with a preamble that was loaded once for all runs, and `dvisvgm`. A picture with a mistake, and one
//! that leaves something behind, is drawn in a run of its own; one that still fails is drawn by the author's own engine, which may
//! have what `latex` lacks. What a picture looks like therefore never depends on the pictures around it.

use super::picture::Picture;
use super::programs::{Program, Programs};
use super::svg::{self, Svg};
use super::tex_run::{Pages, Route, draw, make_format};
use super::{Outcome, Problem};
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How many pictures a run has. More save little, and a slow one keeps the other threads waiting longer.
const PICTURES: std::ops::RangeInclusive<usize> = 4..=12;

/// The programs that draw the pictures of one engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tex {
    /// `latex`.
    latex: Option<Program>,
    /// The author's engine, if it is another.
    engine: Option<Program>,
    dvisvgm: Program,
}

impl Tex {
    /// The programs for a configured engine.
    ///
    /// # Errors
    /// The names of those that are missing.
    pub fn find(configured: Option<&str>, programs: &Programs, cache: &Store) -> Result<Tex, String> {
        let configured = configured.unwrap_or("pdflatex");
        // A TeX distribution that is named by its path is used as a whole.
        let beside = |name: &str| {
            let folder = Path::new(configured).parent().filter(|f| !f.as_os_str().is_empty());
            let near = folder.and_then(|f| programs.find(f.join(name).to_str()?, cache));
            near.or_else(|| programs.find(name, cache))
        };
        let stem = Path::new(configured).file_stem().unwrap_or_default().to_string_lossy();
        let other = matches!(&*stem, "lualatex" | "xelatex");
        let engine = if other { programs.find(configured, cache) } else { None };
        let latex = beside("latex");
        match beside("dvisvgm") {
            Some(dvisvgm) if latex.is_some() || engine.is_some() => Ok(Tex { latex, engine, dvisvgm }),
            Some(_) => Err("`latex` was not found".into()),
            None if latex.is_none() => Err("`latex` and `dvisvgm` were not found".into()),
            None => Err("`dvisvgm` was not found".into()),
        }
    }

    /// What the programs' versions make of a key.
    pub fn versions(&self) -> String {
        let name = |program: &Option<Program>| program.as_ref().map_or(String::new(), |p| p.version.clone());
        format!("{}\n{}\n{}", name(&self.latex), name(&self.engine), self.dvisvgm.version)
    }
}

/// A picture that waits to be drawn.
#[derive(Clone, Debug)]
struct Task {
    /// Its place among the pictures.
    picture: usize,
    /// Its place among the preambles.
    preamble: usize,
    /// Whether the author's engine draws it.
    by_engine: bool,
    /// Whether it is drawn in a run of its own.
    alone: bool,
    /// What an earlier try came to.
    before: Option<Outcome>,
}

/// A preamble and how far it is read.
struct Preamble {
    lines: String,
    tex: Tex,
    folder: PathBuf,
    /// What TeX said when it read the preamble; nothing when the format is there.
    problems: Vec<Problem>,
}

/// Draws the pictures. `done` is called with the place of each picture and its outcome as soon as there is one.
pub fn draw_all(pictures: &[(&Picture, &Tex)], done: &(dyn Fn(usize, Outcome) + Sync)) {
    let folder = match TempDir::with_prefix("mlsys-") {
        Ok(folder) => folder,
        Err(error) => {
            let outcome = Outcome::prevented(format!("there is no temporary folder: {error}"));
            return (0..pictures.len()).for_each(|picture| done(picture, outcome.clone()));
        }
    };
    let (preambles, mut tasks) = plan(pictures, folder.path());
    let preambles = in_parallel(preambles, Preamble::prepared);
    tasks.retain_mut(|task| {
        let preamble = &preambles[task.preamble];
        // A preamble that `latex` cannot read may be meant for the author's engine.
        task.by_engine = preamble.tex.latex.is_none() || !preamble.problems.is_empty();
        let hopeless = task.by_engine && preamble.tex.engine.is_none();
        if hopeless {
            let said = preamble.problems.first().map_or("", |problem| problem.message.as_str());
            done(task.picture, Outcome::prevented(format!("the preamble has a mistake: {said}")));
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
    /// The preamble with its folder and, if `latex` can read it, its format.
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
        let alone = leaves_something(&picture.source);
        tasks.push(Task { picture: number, preamble, by_engine: false, alone, before: None });
    }
    (preambles, tasks)
}

/// Whether a picture may leave something behind that the next one in the same run would find: a global definition, a counter, a
/// library. Names of nodes are forgotten anyway.
fn leaves_something(source: &str) -> bool {
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

/// Puts tasks together to runs.
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

/// What comes after a run.
enum Step {
    Done(usize, Outcome),
    Again(Task),
}

/// Draws a run's pictures, and says how each goes on.
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
    // The files of a run are large, and the next round has its own.
    let _ = std::fs::remove_dir_all(preamble.folder.join(name));
    match single {
        true => tasks.into_iter().map(|task| after_one(preamble, task, &pages)).collect(),
        false => after_several(tasks, pages),
    }
}

/// After a run of several: what came before the first mistake is done. Every run brings the work on, since the picture that
/// broke it is drawn alone from then on.
fn after_several(tasks: Vec<Task>, pages: Pages) -> Vec<Step> {
    let drawn: Vec<Option<Svg>> =
        pages.svgs.iter().map(|raw| raw.as_ref().and_then(|raw| svg::clean(raw, true).ok())).collect();
    let begun = pages.log.pictures.len();
    // A run that took too long has no pages, and the culprit is the picture that TeX was at.
    let culprit = match pages.timed_out {
        true => begun.checked_sub(1),
        false => drawn.iter().position(Option::is_none),
    };
    let step = |(i, (task, svg)): (usize, (Task, Option<Svg>))| match svg {
        Some(svg) => Step::Done(task.picture, Outcome::drawn(Some(svg), Vec::new())),
        None => {
            let said = pages.log.pictures.get(i).is_some_and(|log| !log.problems.is_empty());
            Step::Again(Task { alone: begun == 0 || culprit == Some(i) || said, ..task })
        }
    };
    tasks.into_iter().zip(drawn.into_iter().chain(std::iter::repeat(None))).enumerate().map(step).collect()
}

/// After a run of one: it is done, or the author's engine tries it.
fn after_one(preamble: &Preamble, task: Task, pages: &Pages) -> Step {
    let log = pages.log.pictures.first();
    let mut problems: Vec<Problem> = log.map(|log| log.problems.clone()).unwrap_or_default();
    problems.extend(pages.log.outside.iter().cloned());
    if problems.is_empty() {
        problems.extend(pages.failure.clone().map(Problem::new));
    }
    let svg: Option<Svg> = match pages.svgs.first().and_then(Option::as_ref).map(|raw| svg::clean(raw, true)) {
        Some(Ok(svg)) => Some(svg),
        Some(Err(error)) => {
            problems.push(Problem::new(format!("`dvisvgm` wrote no SVG: {error}")));
            None
        }
        None => None,
    };
    // What may have come from outside is tried again in the next build.
    let mut lasting = !pages.timed_out && pages.failure.is_none();
    if svg.is_none() && problems.is_empty() {
        lasting = false;
        problems.push(Problem::new("TeX stopped before the end of the picture".into()));
    }
    let outcome = Outcome { lasting, ..Outcome::drawn(svg, problems) };
    if outcome.problems.is_empty() {
        return Step::Done(task.picture, outcome);
    }
    if !task.by_engine && preamble.tex.engine.is_some() {
        return Step::Again(Task { by_engine: true, alone: true, before: Some(outcome), ..task });
    }
    // The author's engine has the last word, but a picture of the other route is better than none.
    let earlier = task.before.and_then(|before| before.svg);
    let svg = outcome.svg.or(earlier);
    Step::Done(task.picture, Outcome { svg, ..outcome })
}
