//! Diagrams: code blocks that other programs draw. TeX, Graphviz and Mermaid's command line are started only for diagrams that a
//! page's configuration enables. The passes see the results only.

mod engines;
mod outcome;
mod picture;
mod single;
mod svg;
mod tex;
mod tex_log;
mod tex_run;

use crate::files::Content;
use crate::leaves::executables::{Executable, SearchPath};
use crate::leaves::progress::ProgressListener;
use crate::memo::per_page::{Output, PerPage};
use crate::memo::store::{Key, Store};
use crate::parallel::in_parallel;
use crate::project::Book;
use camino::Utf8PathBuf;
use engines::Engine;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Diagram, Drawing, PageId, Place, Severity};
use outcome::{DiagramError, Outcome, Problem};
use picture::{Picture, pictures};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};
use svg::Svg;
use tex::Tex;

/// The kind of cache entries with outcomes.
const KIND: &str = "diagrams";

/// The version of the drawing and cleaning steps: a new one invalidates cached outcomes.
const RECIPE: &str = "1";

/// When to draw diagrams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiagramMode {
    /// Always: a diagram that cannot be drawn is an error.
    Required,
    /// If the programs are installed. Otherwise the page shows the source, with a warning.
    #[default]
    Auto,
    /// Never, but show drawings in the cache.
    Cached,
    /// Never: all diagrams show their sources.
    Off,
}

impl DiagramMode {
    /// The values with their names on the command line.
    pub const NAMES: [(&str, DiagramMode); 4] = [
        ("required", DiagramMode::Required),
        ("auto", DiagramMode::Auto),
        ("cached", DiagramMode::Cached),
        ("off", DiagramMode::Off),
    ];
}

/// How to draw diagrams.
#[derive(Clone, Debug, Default)]
pub struct DiagramOptions {
    /// When to draw them.
    pub mode: DiagramMode,
    /// The folders to search for programs, in the form of `PATH`.
    pub programs: OsString,
    /// The folder of the cache; `None` caches nothing.
    pub cache: Option<Utf8PathBuf>,
    /// Hears of the progress.
    pub progress: ProgressListener,
}

/// The diagrams of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageDiagrams {
    /// By the `span.start` of the block.
    pub diagrams: BTreeMap<u32, Diagram>,
    /// The files of the drawings: path and content.
    files: Vec<(String, Arc<[u8]>)>,
    /// Diagrams that no program can draw.
    missing: Vec<Missing>,
    /// True if drawing them again gives the same result.
    is_reproducible: bool,
}

/// A diagram that no program can draw.
#[derive(Clone, Debug, PartialEq)]
struct Missing {
    engine: Engine,
    error: DiagramError,
    place: Place,
}

impl PageDiagrams {
    /// True if drawing them again gives the same result. False after a time-out.
    pub fn is_reproducible(&self) -> bool {
        self.is_reproducible
    }

    /// The files of the drawings, for the site.
    pub fn files(&self) -> impl Iterator<Item = (String, Content)> {
        self.files.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes.clone())))
    }
}

/// Draws the diagrams of the selected pages. `previous` are the diagrams and the trees of the previous build: pages with the same
/// tree keep their diagrams.
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
        (output.checked.value.is_reproducible && output.checked.value.missing.is_empty()).then_some(output)
    };
    let fresh = |at: &usize| book.pages[*at].is_selected && settled(*at).is_none();
    let fresh: Vec<usize> = (0..book.pages.len()).filter(fresh).collect();
    let of_page = |at: &usize| pictures(PageId(*at as u32), &chapters[PageId(*at as u32)]);
    let all: Vec<Picture> = in_parallel(fresh.iter().collect(), of_page).into_iter().flatten().collect();
    let cache = Store::new(options.cache.clone());
    let outcomes = match options.mode {
        DiagramMode::Required | DiagramMode::Auto | DiagramMode::Cached if all.is_empty() => Vec::new(),
        DiagramMode::Off => Vec::new(),
        DiagramMode::Required | DiagramMode::Auto | DiagramMode::Cached => {
            draw(&all, &SearchPath::new(options.programs.clone()), &cache, book, options)
        }
    };
    cache.trim();
    let mut pages: BTreeMap<usize, Checked<PageDiagrams>> = BTreeMap::new();
    for at in fresh {
        pages.insert(at, Checked::clean(PageDiagrams { is_reproducible: true, ..PageDiagrams::default() }));
    }
    let outcomes = outcomes.into_iter().chain(std::iter::repeat_with(|| None));
    for (picture, outcome) in all.iter().zip(outcomes) {
        if let Some(page) = pages.get_mut(&picture.page.index()) {
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

/// Adds the outcome of a diagram to its page; `None` shows the source.
fn add(
    book: &Book,
    options: &DiagramOptions,
    picture: &Picture,
    outcome: Option<Result<Outcome, DiagramError>>,
    page: &mut Checked<PageDiagrams>,
) {
    let mut diagram = Diagram::Source;
    match outcome {
        Some(Ok(outcome)) => {
            page.diagnostics.extend(report(book, options, picture, &outcome));
            page.value.is_reproducible &= outcome.is_reproducible;
            if let Some(svg) = &outcome.svg {
                let (file, drawing) = file(book, picture, svg);
                page.value.files.push(file);
                diagram = Diagram::Drawn(drawing);
            }
        }
        Some(Err(error)) => {
            let place = book.source(picture.page).place(picture.span);
            page.value.missing.push(Missing { engine: picture.engine, error, place });
        }
        None => {}
    }
    page.value.diagrams.insert(picture.span.start, diagram);
}

/// The outcome of each diagram, or why no program can draw it. `None` for those that are not in the cache, if only the cache may
/// be used.
fn draw(
    all: &[Picture],
    programs: &SearchPath,
    cache: &Store,
    book: &Book,
    options: &DiagramOptions,
) -> Vec<Option<Result<Outcome, DiagramError>>> {
    let draws = options.mode != DiagramMode::Cached;
    let mut machine = Machine { programs, cache, tex: BTreeMap::new(), single: BTreeMap::new() };
    let tools: Vec<Result<Tool, DiagramError>> = all.iter().map(|picture| machine.tool(picture)).collect();
    let keys: Vec<Option<Key>> =
        all.iter().zip(&tools).map(|(picture, tool)| tool.as_ref().ok().map(|tool| key(picture, tool))).collect();
    let cached = |key: &Key| serde_json::from_slice::<Outcome>(&cache.get(KIND, *key)?).ok();
    let mut outcomes: Vec<Option<Outcome>> =
        in_parallel(keys.iter().collect(), |key: &Option<Key>| key.as_ref().and_then(cached));
    // Equal diagrams are drawn once.
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
        Ok(Tool::Single(_)) | Err(_) => None,
    });
    let (places, by_tex): (Vec<usize>, Vec<(&Picture, &Tex)>) = by_tex.unzip();
    let others = waiting.iter().filter_map(|i| match &tools[*i] {
        Ok(Tool::Single(program)) => Some((*i, program)),
        Ok(Tool::Tex(_)) | Err(_) => None,
    });
    let others: Vec<(usize, &Executable)> = others.collect();

    // Each outcome is cached at once, so that an interrupted build loses nothing.
    let fresh = Mutex::new(Vec::with_capacity(waiting.len()));
    let progress = |done: usize| options.progress.step(&format!("drawing diagrams: {done} of {}", waiting.len()));
    let done = |i: usize, outcome: Outcome| {
        if let Some(key) = keys[i].filter(|_| outcome.is_reproducible) {
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
    let unknown = || Outcome::failed(&DiagramError::NotDrawn);
    let outcome = |(tool, outcome): (Result<Tool, DiagramError>, Option<Outcome>)| match (tool, outcome) {
        (_, None) if !draws => None,
        (tool, outcome) => Some(tool.and_then(|_| outcome.unwrap_or_else(unknown).or_unavailable())),
    };
    tools.into_iter().zip(outcomes).map(outcome).collect()
}

/// The programs that draw a diagram.
#[derive(Clone, Debug)]
enum Tool {
    Tex(Tex),
    Single(Executable),
}

/// The programs found so far, by their configured names.
struct Machine<'a> {
    programs: &'a SearchPath,
    cache: &'a Store,
    tex: BTreeMap<Option<String>, Result<Tex, DiagramError>>,
    single: BTreeMap<(Engine, Option<String>), Result<Executable, DiagramError>>,
}

impl Machine<'_> {
    fn tool(&mut self, picture: &Picture) -> Result<Tool, DiagramError> {
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
            Engine::Other(name) => return Err(DiagramError::Unsupported(name)),
        };
        let name = configured.as_deref().unwrap_or(name).to_owned();
        let single = self.single.entry((picture.engine, configured));
        let not_found = || DiagramError::NotFound(vec![name.clone()]);
        let program = single.or_insert_with(|| programs.find(&name, cache).ok_or_else(not_found));
        program.clone().map(Tool::Single)
    }
}

/// The hash of everything that a drawing depends on.
fn key(picture: &Picture, tool: &Tool) -> Key {
    let versions = match tool {
        Tool::Tex(tex) => tex.versions(),
        Tool::Single(program) => program.version.clone(),
    };
    let options = format!("{:?}", picture.settings.options);
    let inputs = [RECIPE, picture.engine.name(), &versions, &options, &picture.settings.preamble, &picture.source];
    Key::new(inputs.map(str::as_bytes))
}

/// The file of a drawing, in the page's folder of files and named by its content, and the drawing for the page.
fn file(book: &Book, picture: &Picture, svg: &Svg) -> ((String, Arc<[u8]>), Drawing) {
    let (title, description) = match picture.title.as_str() {
        "" => (svg.words.as_str(), ""),
        title => (title, svg.words.as_str()),
    };
    let text = svg::titled(&svg.text, title, description);
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let output = &book.project.pages[picture.page].output;
    let stem = output.strip_suffix(".html").unwrap_or(output);
    let file = format!("{stem}_files/mediabag/{}.svg", &hash[..24]);
    let drawing = Drawing { url: format!("/{file}"), width: svg.width, height: svg.height, words: svg.words.clone() };
    ((file, text.into_bytes().into()), drawing)
}

/// The diagnostic about a diagram's problems: the first at its line, with the next two.
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
        Some(_) => "the page shows the incomplete drawing",
        None => "the page shows its source",
    });
    Some(graded(options, diagnostic))
}

/// One diagnostic for all diagrams that cannot be drawn for the same reason, at the first of them.
fn report_missing<'m>(options: &DiagramOptions, missing: impl Iterator<Item = &'m Missing>) -> Vec<Diagnostic> {
    let mut reasons: Vec<(&Missing, usize)> = Vec::new();
    for picture in missing {
        match reasons.iter_mut().find(|(first, _)| first.error == picture.error) {
            Some((_, count)) => *count += 1,
            None => reasons.push((picture, 1)),
        }
    }
    let finding = |(Missing { engine, error, place }, count): (&Missing, usize)| {
        let message = match count {
            1 => format!("this diagram is not drawn: {error}; its source is shown"),
            n => format!("{n} diagrams are not drawn: {error}; their sources are shown"),
        };
        let hint = match engine {
            Engine::Tikz => "install TeX Live with the packages that the preamble names, and dvisvgm",
            Engine::Dot => "install Graphviz",
            Engine::Mermaid => "install Mermaid's command line, `@mermaid-js/mermaid-cli` on npm",
            Engine::Other(_) => "export it to a file, and include that as an image",
        };
        graded(options, Diagnostic::new(Code::DiagramFailed, *place, message).hint(hint))
    };
    reasons.into_iter().map(finding).collect()
}

/// A diagnostic with the severity of the mode.
fn graded(options: &DiagramOptions, diagnostic: Diagnostic) -> Diagnostic {
    match options.mode {
        DiagramMode::Required => Diagnostic { severity: Severity::Error, ..diagnostic },
        DiagramMode::Auto | DiagramMode::Cached | DiagramMode::Off => diagnostic,
    }
}
