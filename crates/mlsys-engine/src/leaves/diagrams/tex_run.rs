//! Runs TeX and `dvisvgm`: from pictures to a document, its pages, and SVG.

use super::outcome::{DiagramError, Problem};
use super::tex_log::{BEGIN, END, TexLog, file_name};
use crate::leaves::executables::Executable;
use crate::leaves::process::{Exit, Run, RunResult};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// The time limit of a run, and the extra time for each picture in it.
const RUN_LIMIT: Duration = Duration::from_secs(120);
const PICTURE_LIMIT: Duration = Duration::from_secs(20);

/// The way to pages that `dvisvgm` can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `latex` with the preamble as a format, which loads in a tenth of a second.
    Format(Executable),
    /// The configured engine, which reads the preamble in every run.
    Engine(Executable),
}

impl Route {
    fn program(&self) -> &Executable {
        match self {
            Route::Format(program) | Route::Engine(program) => program,
        }
    }

    /// The extension of the page file. XeTeX writes an extended DVI.
    fn ending(&self) -> &'static str {
        if is_xetex(self.program()) { "xdv" } else { "dvi" }
    }

    fn output_option(&self) -> Option<&'static str> {
        match self {
            Route::Format(_) => None,
            Route::Engine(program) if is_xetex(program) => Some("-no-pdf"),
            Route::Engine(_) => Some("-output-format=dvi"),
        }
    }
}

fn is_xetex(program: &Executable) -> bool {
    program.path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("xe"))
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// TeX's messages.
    pub log: TexLog,
    /// The pages as SVG, by the index of the picture in the run; only those that were requested.
    pub svgs: Vec<Option<String>>,
    /// True if TeX took too long and was stopped.
    pub timed_out: bool,
    /// Why there are no pages, if the cause is not an error in a picture.
    pub failure: Option<DiagramError>,
}

/// The document before the pictures, like that of the filter `diagram`, but with a page per picture. Source: the filter's template;
/// the class `standalone` for the box.
pub fn preamble(lines: &str) -> String {
    // The catcode of `@` stays as the author's lines leave it: some libraries make it a letter, and pictures rely on that.
    format!(
        r"\def\pgfsysdriver{{pgfsys-dvisvgm.def}}
\documentclass[dvisvgm]{{standalone}}
\usepackage{{tikz}}
{lines}\chardef\mlsyscatcode=\catcode`\@\relax
\makeatletter
{NAMES}{PATHS}\renewenvironment{{standalone}}{{}}{{}}
\newbox\mlsys@box
\def\mlsyspicture#1#2{{%
  \typeout{{^^J{BEGIN}#1}}%
  \begingroup
  \pgfmathsetseed{{1}}%
  \ifdefined\pdfsetrandomseed\pdfsetrandomseed\@ne\fi
  \ifdefined\setrandomseed\setrandomseed\@ne\fi
  \catcode`\@=\mlsyscatcode
  \global\setbox\mlsys@box\hbox\bgroup\color@setgroup
  \ignorespaces\@@input #2 \unskip
  \color@endgroup\egroup
  \endgroup
  \mlsys@ship
  \mlsys@forget
  \typeout{{^^J{END}#1}}}}
\def\mlsys@ship{{\begingroup
  \dimen@\ht\mlsys@box \advance\dimen@.50001bp \ht\mlsys@box\dimen@
  \dimen@\dp\mlsys@box \advance\dimen@.50001bp \dp\mlsys@box\dimen@
  \setbox\mlsys@box\hbox{{\hskip.50001bp\raise\dp\mlsys@box\box\mlsys@box\hskip.50001bp}}%
  \hoffset-1in\voffset-1in
  \shipout\vbox{{\hbox{{\special{{papersize=\the\wd\mlsys@box,\the\ht\mlsys@box}}\box\mlsys@box}}}}%
  \endgroup}}
\catcode`\@=\mlsyscatcode
"
    )
}

/// Clears the node names of a picture. They are global, so the next picture would see them.
const NAMES: &str = r"\newcount\mlsys@names
\let\mlsys@multipartnode\pgfmultipartnode
\def\pgfmultipartnode#1#2#3{\mlsys@named{#3}\mlsys@multipartnode{#1}{#2}{#3}}
\let\mlsys@coordinate\pgfcoordinate
\def\pgfcoordinate#1{\mlsys@named{#1}\mlsys@coordinate{#1}}
\let\mlsys@alias\pgfnodealias
\def\pgfnodealias#1{\mlsys@named{#1}\mlsys@alias{#1}}
\def\mlsys@named#1{\global\advance\mlsys@names\@ne
  \expandafter\xdef\csname mlsys@name@\the\mlsys@names\endcsname{#1}}
\def\mlsys@forget{\ifnum\mlsys@names>\z@
  \expandafter\global\expandafter\let\csname pgf@sh@ns@\csname mlsys@name@\the\mlsys@names\endcsname\endcsname\relax
  \global\advance\mlsys@names\m@ne
  \expandafter\mlsys@forget\fi}
";

/// PGF 3.1 copies the whole path for each number that it adds. These definitions collect numbers in short pieces, which draws a plot
/// of a thousand points in a fifth of the time. If PGF's own definitions differ, they stay.
const PATHS: &str = r"\def\mlsys@number#1{{\pgf@x=#1\relax\edef\temp{\expandafter\Pgf@geT\the\pgf@x\space}\pgfutil@toks@\expandafter\expandafter\expandafter{\expandafter\pgf@sys@svgpath\temp}\xdef\pgf@sys@svgpath{\the\pgfutil@toks@}}}
\def\mlsys@letter#1{\pgfutil@g@addto@macro\pgf@sys@svgpath{#1\space}}
\def\mlsys@flush{\pgfsysprotocol@literal{\pgf@sys@svgpath}\global\let\pgf@sys@svgpath=\pgfutil@empty}
\ifx\pgf@sys@svgnum\mlsys@number\ifx\pgf@sys@addtosvgpath\mlsys@letter\ifx\pgf@sys@flushsvgpath\mlsys@flush
  \let\mlsys@piece\@empty
  \newcount\mlsys@numbers
  \def\pgf@sys@svgnum#1{{\pgf@x=#1\relax
    \xdef\mlsys@piece{\mlsys@piece\expandafter\Pgf@geT\the\pgf@x\space}}%
    \global\advance\mlsys@numbers\@ne
    \ifnum\mlsys@numbers>40 \mlsys@settle\fi}
  \def\pgf@sys@addtosvgpath#1{\xdef\mlsys@piece{\mlsys@piece#1\space}}
  \def\mlsys@settle{\global\mlsys@numbers\z@
    \expandafter\pgfutil@g@addto@macro\expandafter\pgf@sys@svgpath\expandafter{\mlsys@piece}%
    \global\let\mlsys@piece\@empty}
  \def\pgf@sys@flushsvgpath{\mlsys@settle\mlsys@flush}
  \let\mlsys@discard\pgfsys@discardpath
  \def\pgfsys@discardpath{\mlsys@settle\mlsys@discard}
\fi\fi\fi
";

/// Compiles the preamble into the format `preamble`.
///
/// # Errors
/// TeX's errors in the preamble.
pub fn make_format(folder: &Path, program: &Executable, lines: &str) -> Result<(), Vec<Problem>> {
    let problem = |error: DiagramError| vec![Problem::new(error.to_string())];
    write(folder, "preamble.tex", &(preamble(lines) + "\\dump\n")).map_err(problem)?;
    let arguments = ["-ini", "-jobname=preamble", "&latex", "preamble.tex"];
    let result = tex(folder, program, &arguments, "preamble", RUN_LIMIT);
    let mut problems = TexLog::new(&result.output).outside;
    if problems.is_empty() && !folder.join("preamble.fmt").is_file() {
        problems.push(Problem::new(stop_reason(&result).to_string()));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Draws pictures in one run of TeX. `name` identifies the run; `all` includes the pages of pictures with errors.
pub fn draw(
    folder: &Path,
    name: &str,
    route: &Route,
    lines: &str,
    pictures: &[&str],
    dvisvgm: &Executable,
    all: bool,
) -> Pages {
    let mut document = match route {
        Route::Format(_) => String::new(),
        Route::Engine(_) => preamble(lines),
    };
    document.push_str("\\begin{document}\n");
    let inside = folder.join(name);
    let mut written =
        std::fs::create_dir_all(&inside).map_err(|error| DiagramError::File(name.to_owned(), error.to_string()));
    for (number, picture) in pictures.iter().enumerate() {
        let file = file_name(number);
        document.push_str(&format!("\\mlsyspicture{{{number}}}{{{file}}}\n"));
        written = written.and_then(|()| write(&inside, &file, &format!("{picture}\n")));
    }
    document.push_str("\\end{document}\n");
    written = written.and_then(|()| write(&inside, "run.tex", &document));
    if let Err(error) = written {
        return Pages { failure: Some(error), ..Pages::default() };
    }
    let mut arguments: Vec<&str> = route.output_option().into_iter().collect();
    if matches!(route, Route::Format(_)) {
        arguments.push("&preamble");
    }
    arguments.push("run.tex");
    let limit = RUN_LIMIT + PICTURE_LIMIT * pictures.len() as u32;
    let result = tex(&inside, route.program(), &arguments, "tex", limit);
    let log = TexLog::new(&result.output);
    let mut pages =
        Pages { log, svgs: vec![None; pictures.len()], timed_out: result.exit == Exit::TimedOut, failure: None };
    if pages.log.pictures.is_empty() && pages.log.outside.is_empty() || pages.timed_out {
        pages.failure = Some(stop_reason(&result));
        return pages;
    }
    let good = pages.log.pictures.iter().take_while(|p| p.ended && (all || p.problems.is_empty())).count();
    if good > 0 {
        pages.failure = svgs(&inside, route, good, dvisvgm, &mut pages.svgs).err();
    }
    pages
}

/// Converts the first pages to SVG.
fn svgs(
    folder: &Path,
    route: &Route,
    count: usize,
    dvisvgm: &Executable,
    svgs: &mut [Option<String>],
) -> Result<(), DiagramError> {
    let file = format!("run.{}", route.ending());
    let pages = format!("--page=1-{count}");
    // Letters become outlines, which need no fonts.
    let arguments =
        ["--no-fonts", "--precision=2", "--bbox=papersize", "--no-mktexmf", &pages, "--output=page-%p.svg", &file];
    let arguments: Vec<OsString> = arguments.iter().map(Into::into).collect();
    let limit = RUN_LIMIT + PICTURE_LIMIT * count as u32;
    let run = Run { program: &dvisvgm.path, arguments: &arguments, folder, environment: &[] };
    let result = run.run("dvisvgm", limit);
    // All page numbers have as many digits as the last one.
    let digits = count.to_string().len();
    for (i, svg) in svgs.iter_mut().enumerate().take(count) {
        let path = folder.join(format!("page-{:0digits$}.svg", i + 1));
        *svg = std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    match svgs.iter().take(count).all(Option::is_some) {
        true => Ok(()),
        false => {
            let error = result.output.lines().rfind(|line| line.contains("ERROR")).unwrap_or("it wrote no SVG");
            Err(DiagramError::Dvisvgm(error.to_owned()))
        }
    }
}

/// Runs TeX. It may read and write in the folder, and read its own files.
fn tex(folder: &Path, program: &Executable, arguments: &[&str], name: &str, limit: Duration) -> RunResult {
    let mut all: Vec<OsString> =
        ["-interaction=nonstopmode", "-no-shell-escape", "-file-line-error"].map(OsString::from).to_vec();
    all.extend(arguments.iter().map(OsString::from));
    // The format is in the parent folder of the run.
    let above = folder.parent().unwrap_or(folder);
    let separator = if cfg!(windows) { ';' } else { ':' };
    let environment = [
        ("TEXFORMATS", format!("{}{separator}", above.display())),
        ("openin_any", "p".into()),
        ("openout_any", "p".into()),
        // Drawings do not depend on the date.
        ("SOURCE_DATE_EPOCH", "0".into()),
        ("FORCE_SOURCE_DATE", "1".into()),
        // Messages are not wrapped.
        ("max_print_line", "10000".into()),
        ("error_line", "254".into()),
        ("half_error_line", "238".into()),
        // Pictures need more memory than text.
        ("extra_mem_bot", "20000000".into()),
        ("extra_mem_top", "20000000".into()),
        // Missing fonts are not generated.
        ("MKTEXPK", "0".into()),
        ("MKTEXTFM", "0".into()),
        ("MKTEXMF", "0".into()),
    ];
    Run { program: &program.path, arguments: &all, folder, environment: &environment }.run(name, limit)
}

/// Why TeX stopped without an error in a picture.
fn stop_reason(result: &RunResult) -> DiagramError {
    match &result.exit {
        Exit::TimedOut => DiagramError::TimedOut("TeX"),
        Exit::NotStarted(error) => DiagramError::NotStarted("TeX", error.clone()),
        Exit::Success | Exit::Failure => {
            let last = result.output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it printed nothing");
            DiagramError::Stopped(last.trim().to_owned())
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), DiagramError> {
    std::fs::write(folder.join(name), text).map_err(|error| DiagramError::File(name.to_owned(), error.to_string()))
}
