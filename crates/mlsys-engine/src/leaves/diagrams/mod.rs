//! Diagrams: code blocks that other programs draw. TeX, Graphviz and Mermaid's command line are started here and nowhere else,
//! and only for pictures that a page's configuration asks for; the passes see the results.

mod engines;
mod picture;
pub(crate) mod programs;
mod single;
mod svg;
mod tex;
mod tex_log;
mod tex_run;

use crate::files::Content;
use crate::memo::per_page::{Output, PerPage};
use crate::memo::store::{Key, Store};
use crate::parallel::in_parallel;
use crate::project::Book;
use camino::Utf8PathBuf;
use engines::Engine;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Diagram, Drawing, PageId, Place, Severity};
use picture::{Picture, pictures};
use programs::{Program, Programs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};
use svg::Svg;
use tex::Tex;

/// The kind of the cache's entries.
const KIND: &str = "diagrams";

/// Changes with the way in which pictures are drawn and cleaned, so that older results are not used.
const RECIPE: &str = "1";

/// Whether diagrams are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// A diagram that is not drawn is an error.
    Required,
    /// Diagrams are drawn where the programs are there; otherwise the pages show their sources, and a warning says so.
    #[default]
    Auto,
    /// Diagrams that were drawn before are taken from the cache; no other is drawn.
    Cached,
    /// No diagram is shown as a picture and no program is started.
    Off,
}

impl Wanted {
    /// The values by the names that authors write.
    pub const NAMES: [(&str, Wanted); 4] =
        [("required", Wanted::Required), ("auto", Wanted::Auto), ("cached", Wanted::Cached), ("off", Wanted::Off)];
}

/// Who is told how far the work is.
#[derive(Clone, Default)]
pub struct Say(Option<Arc<Listener>>);

type Listener = dyn Fn(&str) + Send + Sync;

impl Say {
    /// Someone who is told.
    pub fn new(listener: impl Fn(&str) + Send + Sync + 'static) -> Say {
        Say(Some(Arc::new(listener)))
    }

    /// Says what is being done.
    fn step(&self, what: &str) {
        self.0.iter().for_each(|listener| listener(what));
    }
}

impl std::fmt::Debug for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Say")
    }
}

/// How diagrams are drawn.
#[derive(Clone, Debug, Default)]
pub struct DiagramOptions {
    /// Whether.
    pub wanted: Wanted,
    /// The folders in which programs are looked for, in the form of `PATH`.
    pub programs: OsString,
    /// The folder of the cache; nothing is kept without one.
    pub cache: Option<Utf8PathBuf>,
    /// Who is told how far the work is.
    pub say: Say,
}

/// What came of a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Outcome {
    /// The picture. There may be one in spite of mistakes.
    svg: Option<Svg>,
    /// What the program said.
    problems: Vec<Problem>,
    /// Whether another try would come to the same.
    lasting: bool,
    /// Whether the problem is none of the picture itself: it is reported once for all pictures that have it.
    #[serde(skip)]
    outside: bool,
}

/// Something that a program said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Problem {
    /// The line of the picture's source, from 1.
    line: Option<usize>,
    /// The message.
    message: String,
}

impl Problem {
    fn new(message: String) -> Problem {
        Problem { line: None, message }
    }
}

impl Outcome {
    /// What a program made of a picture.
    fn drawn(svg: Option<Svg>, problems: Vec<Problem>) -> Outcome {
        Outcome { svg, problems, lasting: true, outside: false }
    }

    /// A picture that was not drawn this time.
    fn failed(message: String) -> Outcome {
        Outcome { svg: None, problems: vec![Problem::new(message)], lasting: false, outside: false }
    }

    /// A picture that was not drawn for a reason outside of it.
    fn prevented(message: String) -> Outcome {
        Outcome { outside: true, ..Outcome::failed(message) }
    }

    /// The outcome, or the reason outside of the picture for which there is none.
    fn or_reason(self) -> Result<Outcome, String> {
        match self.problems.first().filter(|_| self.outside) {
            Some(problem) => Err(problem.message.clone()),
            None => Ok(self),
        }
    }
}

/// The diagrams of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageDiagrams {
    /// By the `span.start` of the block.
    pub diagrams: BTreeMap<u32, Diagram>,
    /// The pictures' files: path and content.
    files: Vec<(String, Arc<[u8]>)>,
    /// What no program can draw, and why.
    missing: Vec<Missing>,
    /// Whether another try would come to the same.
    lasting: bool,
}

/// A picture for which there is no program.
#[derive(Clone, Debug, PartialEq)]
struct Missing {
    engine: Engine,
    reason: String,
    place: Place,
}

impl PageDiagrams {
    /// Whether another try would come to the same.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// The files of the pictures, for the site.
    pub fn files(&self) -> impl Iterator<Item = (String, Content)> {
        self.files.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes.clone())))
    }
}

/// Draws the diagrams of the wanted pages. `previous` are the diagrams and the trees of the previous build: pages whose tree has
/// not changed keep theirs.
pub fn diagrams(
    book: &Book,
    options: &DiagramOptions,
    chapters: &PerPage<Chapter>,
    previous: Option<(&PerPage<PageDiagrams>, &PerPage<Chapter>)>,
    found: &mut Vec<Diagnostic>,
) -> PerPage<PageDiagrams> {
    let last = |at: usize| previous.map(|(diagrams, _)| diagrams.output(PageId(at as u32)));
    let settled = |at: usize| {
        let (diagrams, trees) = previous?;
        let page = PageId(at as u32);
        let output = Some(diagrams.output(page)).filter(|_| trees.output(page) == chapters.output(page))?;
        (output.checked.value.lasting && output.checked.value.missing.is_empty()).then_some(output)
    };
    let fresh = |at: &usize| book.pages[*at].wanted && settled(*at).is_none();
    let fresh: Vec<usize> = (0..book.pages.len()).filter(fresh).collect();
    let of_page = |at: &usize| pictures(PageId(*at as u32), &chapters[PageId(*at as u32)]);
    let all: Vec<Picture> = in_parallel(fresh.iter().collect(), of_page).into_iter().flatten().collect();
    let cache = Store::new(options.cache.clone());
    let outcomes = match options.wanted {
        _ if all.is_empty() => Vec::new(),
        Wanted::Off => Vec::new(),
        Wanted::Required | Wanted::Auto | Wanted::Cached => {
            draw(&all, &Programs::new(options.programs.clone()), &cache, book, options)
        }
    };
    cache.trim();
    let mut pages: BTreeMap<usize, Checked<PageDiagrams>> = BTreeMap::new();
    for at in fresh {
        pages.insert(at, Checked::clean(PageDiagrams { lasting: true, ..PageDiagrams::default() }));
    }
    let outcomes = outcomes.into_iter().chain(std::iter::repeat_with(|| None));
    for (picture, outcome) in all.iter().zip(outcomes) {
        if let Some(page) = pages.get_mut(&(picture.page.0 as usize)) {
            add(book, options, picture, outcome, page);
        }
    }
    let output = |at: usize| match (pages.remove(&at), settled(at)) {
        (Some(page), _) => Output::new(page, None, last(at)),
        (None, Some(settled)) => settled.clone(),
        (None, None) => Output::new(Checked::clean(PageDiagrams::default()), None, last(at)),
    };
    let pages = PerPage((0..book.pages.len()).map(output).collect());
    found.extend(pages.diagnostics().cloned());
    found.extend(report_missing(options, pages.iter().flat_map(|page| &page.missing)));
    pages
}

/// Adds what came of a picture to its page; nothing came of one that was not asked to be drawn.
fn add(
    book: &Book,
    options: &DiagramOptions,
    picture: &Picture,
    outcome: Option<Result<Outcome, String>>,
    page: &mut Checked<PageDiagrams>,
) {
    let mut diagram = Diagram::Source;
    match outcome {
        Some(Ok(outcome)) => {
            page.diagnostics.extend(report(book, options, picture, &outcome));
            page.value.lasting &= outcome.lasting;
            if let Some(svg) = &outcome.svg {
                let (file, drawing) = file(book, picture, svg);
                page.value.files.push(file);
                diagram = Diagram::Drawn(drawing);
            }
        }
        Some(Err(reason)) => {
            let place = book.source(picture.page).place(picture.span);
            page.value.missing.push(Missing { engine: picture.engine, reason, place });
        }
        None => {}
    }
    page.value.diagrams.insert(picture.span.start, diagram);
}

/// The outcome of each picture, or why no program can draw it; nothing for one that would have to be drawn where only the cache
/// is asked.
fn draw(
    all: &[Picture],
    programs: &Programs,
    cache: &Store,
    book: &Book,
    options: &DiagramOptions,
) -> Vec<Option<Result<Outcome, String>>> {
    let draws = options.wanted != Wanted::Cached;
    let mut machine = Machine { programs, cache, tex: BTreeMap::new(), single: BTreeMap::new() };
    let tools: Vec<Result<Tool, String>> = all.iter().map(|picture| machine.tool(picture)).collect();
    let keys: Vec<Option<Key>> =
        all.iter().zip(&tools).map(|(picture, tool)| tool.as_ref().ok().map(|tool| key(picture, tool))).collect();
    let cached = |key: &Key| serde_json::from_slice::<Outcome>(&cache.get(KIND, *key)?).ok();
    let mut outcomes: Vec<Option<Outcome>> =
        in_parallel(keys.iter().collect(), |key: &Option<Key>| key.as_ref().and_then(cached));
    // A picture that stands twice is drawn once.
    let mut first: BTreeMap<Key, usize> = BTreeMap::new();
    for (i, key) in keys.iter().enumerate().filter(|(i, _)| draws && outcomes[*i].is_none()) {
        key.iter().for_each(|key| {
            first.entry(*key).or_insert(i);
        });
    }
    let mut waiting: Vec<usize> = first.values().copied().collect();
    waiting.sort_unstable();
    let by_tex = waiting.iter().filter_map(|i| match &tools[*i] {
        Ok(Tool::Tex(tex)) => Some((*i, (&all[*i], tex))),
        _ => None,
    });
    let (places, by_tex): (Vec<usize>, Vec<(&Picture, &Tex)>) = by_tex.unzip();
    let others = waiting.iter().filter_map(|i| match &tools[*i] {
        Ok(Tool::Single(program)) => Some((*i, program)),
        _ => None,
    });
    let others: Vec<(usize, &Program)> = others.collect();

    // Every outcome is kept as soon as it is there, so that nothing is lost when the build is ended.
    let fresh = Mutex::new(Vec::with_capacity(waiting.len()));
    let progress = |done: usize| options.say.step(&format!("drawing diagrams: {done} of {}", waiting.len()));
    let done = |i: usize, outcome: Outcome| {
        if let Some(key) = keys[i].filter(|_| outcome.lasting) {
            cache.put(KIND, key, &serde_json::to_vec(&outcome).unwrap_or_default());
        }
        let mut fresh = fresh.lock().unwrap_or_else(PoisonError::into_inner);
        fresh.push((i, outcome));
        progress(fresh.len());
    };
    if !waiting.is_empty() {
        progress(0);
    }
    if !by_tex.is_empty() {
        tex::draw_all(&by_tex, &|i, outcome| done(places[i], outcome));
    }
    in_parallel(others, |(i, program)| done(i, single::draw(&all[i], program, &book.root)));
    for (i, outcome) in fresh.into_inner().unwrap_or_else(PoisonError::into_inner) {
        for at in (0..all.len()).filter(|at| keys[*at] == keys[i]) {
            outcomes[at] = Some(outcome.clone());
        }
    }
    let unknown = || Outcome::failed("it was not drawn".into());
    let outcome = |(tool, outcome): (Result<Tool, String>, Option<Outcome>)| match (tool, outcome) {
        (_, None) if !draws => None,
        (tool, outcome) => Some(tool.and_then(|_| outcome.unwrap_or_else(unknown).or_reason())),
    };
    tools.into_iter().zip(outcomes).map(outcome).collect()
}

/// What draws a picture.
#[derive(Clone, Debug)]
enum Tool {
    Tex(Tex),
    Single(Program),
}

/// The programs that were looked for so far, by their configured names.
struct Machine<'a> {
    programs: &'a Programs,
    cache: &'a Store,
    tex: BTreeMap<Option<String>, Result<Tex, String>>,
    single: BTreeMap<(Engine, Option<String>), Result<Program, String>>,
}

impl Machine<'_> {
    fn tool(&mut self, picture: &Picture) -> Result<Tool, String> {
        let configured = picture.settings.program.clone();
        let (programs, cache) = (self.programs, self.cache);
        let name = match picture.engine {
            Engine::Tikz => {
                let tex = self.tex.entry(configured.clone());
                let tex = tex.or_insert_with(|| Tex::find(configured.as_deref(), programs, cache));
                return tex.clone().map(Tool::Tex);
            }
            Engine::Dot => "dot",
            Engine::Mermaid => "mmdc",
            Engine::Other(name) => return Err(format!("mlsys does not draw `{name}`")),
        };
        let name = configured.as_deref().unwrap_or(name).to_owned();
        let single = self.single.entry((picture.engine, configured));
        let found =
            single.or_insert_with(|| programs.find(&name, cache).ok_or_else(|| format!("`{name}` was not found")));
        found.clone().map(Tool::Single)
    }
}

/// The hash of everything that a picture depends on.
fn key(picture: &Picture, tool: &Tool) -> Key {
    let versions = match tool {
        Tool::Tex(tex) => tex.versions(),
        Tool::Single(program) => program.version.clone(),
    };
    let options = format!("{:?}", picture.settings.options);
    let inputs = [RECIPE, picture.engine.name(), &versions, &options, &picture.settings.preamble, &picture.source];
    Key::new(inputs.map(str::as_bytes))
}

/// The file of a picture, named by its content and beside the page's other files, and what the page says of it.
fn file(book: &Book, picture: &Picture, svg: &Svg) -> ((String, Arc<[u8]>), Drawing) {
    let (title, description) = match picture.title.as_str() {
        "" => (svg.words.as_str(), ""),
        title => (title, svg.words.as_str()),
    };
    let text = svg::titled(&svg.text, title, description);
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let output = &book.project.pages[picture.page.0 as usize].output;
    let stem = output.strip_suffix(".html").unwrap_or(output);
    let file = format!("{stem}_files/mediabag/{}.svg", &hash[..24]);
    let drawing = Drawing { url: format!("/{file}"), width: svg.width, height: svg.height, words: svg.words.clone() };
    ((file, text.into_bytes().into()), drawing)
}

/// What is wrong with a picture: the first message at its line, with the next two.
fn report(book: &Book, options: &DiagramOptions, picture: &Picture, outcome: &Outcome) -> Option<Diagnostic> {
    let first = outcome.problems.first()?;
    let source = book.source(picture.page);
    let place = |problem: &Problem| source.place(problem.line.map_or(picture.span, |line| picture.line(source, line)));
    let engine = picture.engine.name();
    let message = format!("this `{engine}` diagram has a mistake: {}", first.message);
    let mut diagnostic = Diagnostic::new(Code::DiagramFailed, place(first), message);
    for problem in outcome.problems[1..].iter().take(2) {
        diagnostic = diagnostic.related(place(problem), problem.message.clone());
    }
    diagnostic = diagnostic.hint(match outcome.svg {
        Some(_) => "the page shows what was drawn of it",
        None => "the page shows its source",
    });
    Some(graded(options, diagnostic))
}

/// One finding for all pictures that cannot be drawn for the same reason, at the first of them.
fn report_missing<'m>(options: &DiagramOptions, missing: impl Iterator<Item = &'m Missing>) -> Vec<Diagnostic> {
    let mut reasons: Vec<(&Missing, usize)> = Vec::new();
    for picture in missing {
        match reasons.iter_mut().find(|(first, _)| first.reason == picture.reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((picture, 1)),
        }
    }
    let finding = |(Missing { engine, reason, place }, count): (&Missing, usize)| {
        let message = match count {
            1 => format!("this diagram is not drawn: {reason}; its source is shown"),
            n => format!("{n} diagrams are not drawn: {reason}; their sources are shown"),
        };
        let hint = match engine {
            Engine::Tikz => "install TeX Live with the packages that the preamble names, and dvisvgm",
            Engine::Dot => "install Graphviz",
            Engine::Mermaid => "install Mermaid's command line, `@mermaid-js/mermaid-cli` on npm",
            Engine::Other(_) => "draw it to a file, and show that as an image",
        };
        graded(options, Diagnostic::new(Code::DiagramFailed, *place, message).hint(hint))
    };
    reasons.into_iter().map(finding).collect()
}

/// The finding with the severity that the author asked for.
fn graded(options: &DiagramOptions, diagnostic: Diagnostic) -> Diagnostic {
    match options.wanted {
        Wanted::Required => Diagnostic { severity: Severity::Error, ..diagnostic },
        Wanted::Auto | Wanted::Cached | Wanted::Off => diagnostic,
    }
}
