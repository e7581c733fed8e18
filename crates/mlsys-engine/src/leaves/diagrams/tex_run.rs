//! Runs of TeX: the documents that it reads, the pages that it makes, and SVG of them.

use super::Problem;
use super::programs::{Ended, How, Program, Run};
use super::tex_log::{BEGIN, END, TexLog, file_name};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long TeX may take for a run, and for each picture in it.
const RUN_LIMIT: Duration = Duration::from_secs(120);
const PICTURE_LIMIT: Duration = Duration::from_secs(20);

/// How TeX makes pages that dvisvgm reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `latex` with the preamble loaded beforehand: it is read from a format, which takes a tenth of a second.
    Format(Program),
    /// The author's own engine, which reads the preamble in every run.
    Engine(Program),
}

impl Route {
    fn program(&self) -> &Program {
        match self {
            Route::Format(program) | Route::Engine(program) => program,
        }
    }

    /// The ending of its page file. XeTeX has an extension of DVI.
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

fn is_xetex(program: &Program) -> bool {
    program.path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("xe"))
}

/// What a run made.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// What TeX said.
    pub log: TexLog,
    /// The pages as SVG, by the picture's place in the run; only those that were asked for.
    pub svgs: Vec<Option<String>>,
    /// Whether TeX was ended because it took too long.
    pub timed_out: bool,
    /// Why there are no pages, where it is not TeX's doing.
    pub failure: Option<String>,
}

/// The lines before the pictures: the document that the filter `diagram` writes, with a page for each picture. Source: the
/// template of the filter; the box is that of the class `standalone`.
pub fn preamble(lines: &str) -> String {
    // The catcode of `@` stays as the author's lines leave it: some libraries leave it a letter, and pictures come to need that.
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

/// Forgets the names of a picture's nodes when it is done. They are global, so that the next picture would find them.
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

/// PGF 3.1 copies the whole path for each number that it adds. Here numbers go to a short piece first, and a plot of a thousand
/// points takes a fifth of the time. Where PGF defines its commands otherwise they stay as they are.
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

/// The preamble as a format, to be loaded as `preamble`.
///
/// # Errors
/// What TeX says, when it cannot read the preamble.
pub fn make_format(folder: &Path, program: &Program, lines: &str) -> Result<(), Vec<Problem>> {
    write(folder, "preamble.tex", &(preamble(lines) + "\\dump\n"))?;
    let arguments = ["-ini", "-jobname=preamble", "&latex", "preamble.tex"];
    let ended = tex(folder, program, &arguments, "preamble", RUN_LIMIT);
    let mut problems = TexLog::new(&ended.output).outside;
    if problems.is_empty() && !folder.join("preamble.fmt").is_file() {
        problems.push(Problem { line: None, message: stop_message(&ended) });
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Draws pictures in one run of TeX. `name` is the run's own; `all` asks for the pages of pictures with mistakes too.
pub fn draw(
    folder: &Path,
    name: &str,
    route: &Route,
    lines: &str,
    pictures: &[&str],
    dvisvgm: &Program,
    all: bool,
) -> Pages {
    let mut document = match route {
        Route::Format(_) => String::new(),
        Route::Engine(_) => preamble(lines),
    };
    document.push_str("\\begin{document}\n");
    let inside = folder.join(name);
    let mut written = std::fs::create_dir_all(&inside).map_err(|error| error.to_string());
    for (number, picture) in pictures.iter().enumerate() {
        let file = file_name(number);
        document.push_str(&format!("\\mlsyspicture{{{number}}}{{{file}}}\n"));
        written = written.and_then(|()| write(&inside, &file, &format!("{picture}\n")).map_err(first_message));
    }
    document.push_str("\\end{document}\n");
    written = written.and_then(|()| write(&inside, "run.tex", &document).map_err(first_message));
    if let Err(message) = written {
        return Pages { failure: Some(message), ..Pages::default() };
    }
    let mut arguments: Vec<&str> = route.output_option().into_iter().collect();
    if matches!(route, Route::Format(_)) {
        arguments.push("&preamble");
    }
    arguments.push("run.tex");
    let limit = RUN_LIMIT + PICTURE_LIMIT * pictures.len() as u32;
    let ended = tex(&inside, route.program(), &arguments, "tex", limit);
    let log = TexLog::new(&ended.output);
    let mut pages =
        Pages { log, svgs: vec![None; pictures.len()], timed_out: ended.how == How::TimedOut, failure: None };
    if pages.log.pictures.is_empty() && pages.log.outside.is_empty() || pages.timed_out {
        pages.failure = Some(stop_message(&ended));
        return pages;
    }
    let good = pages.log.pictures.iter().take_while(|p| p.ended && (all || p.problems.is_empty())).count();
    if good > 0 {
        pages.failure = svgs(&inside, route, good, dvisvgm, &mut pages.svgs).err();
    }
    pages
}

/// Makes SVG of the first pages.
fn svgs(
    folder: &Path,
    route: &Route,
    count: usize,
    dvisvgm: &Program,
    svgs: &mut [Option<String>],
) -> Result<(), String> {
    let file = format!("run.{}", route.ending());
    let pages = format!("--page=1-{count}");
    // Letters become outlines: a browser shows them without the fonts.
    let arguments =
        ["--no-fonts", "--precision=2", "--bbox=papersize", "--no-mktexmf", &pages, "--output=page-%p.svg", &file];
    let arguments: Vec<OsString> = arguments.iter().map(Into::into).collect();
    let limit = RUN_LIMIT + PICTURE_LIMIT * count as u32;
    let ended = Run { program: &dvisvgm.path, arguments: &arguments, folder, environment: &[] }.start("dvisvgm", limit);
    // Page numbers have as many digits as the last one.
    let digits = count.to_string().len();
    for (i, svg) in svgs.iter_mut().enumerate().take(count) {
        let path = folder.join(format!("page-{:0digits$}.svg", i + 1));
        *svg = std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    match svgs.iter().take(count).all(Option::is_some) {
        true => Ok(()),
        false => {
            let said = ended.output.lines().rfind(|line| line.contains("ERROR")).unwrap_or("it wrote no picture");
            Err(format!("`dvisvgm`: {said}"))
        }
    }
}

/// Runs TeX in a folder in which it may read and write, and nowhere else but among its own files.
fn tex(folder: &Path, program: &Program, arguments: &[&str], name: &str, limit: Duration) -> Ended {
    let mut all: Vec<OsString> =
        ["-interaction=nonstopmode", "-no-shell-escape", "-file-line-error"].map(OsString::from).to_vec();
    all.extend(arguments.iter().map(OsString::from));
    // The format lies in the folder above the run's.
    let above = folder.parent().unwrap_or(folder);
    let separator = if cfg!(windows) { ';' } else { ':' };
    let environment = [
        ("TEXFORMATS", format!("{}{separator}", above.display())),
        ("openin_any", "p".into()),
        ("openout_any", "p".into()),
        // A picture is the same on every day.
        ("SOURCE_DATE_EPOCH", "0".into()),
        ("FORCE_SOURCE_DATE", "1".into()),
        // No message is broken in the middle of a word.
        ("max_print_line", "10000".into()),
        ("error_line", "254".into()),
        ("half_error_line", "238".into()),
        // Pictures need more memory than a text.
        ("extra_mem_bot", "20000000".into()),
        ("extra_mem_top", "20000000".into()),
        // Fonts that are not there are not made.
        ("MKTEXPK", "0".into()),
        ("MKTEXTFM", "0".into()),
        ("MKTEXMF", "0".into()),
    ];
    Run { program: &program.path, arguments: &all, folder, environment: &environment }.start(name, limit)
}

/// Why TeX stopped, when it said nothing about a picture.
fn stop_message(ended: &Ended) -> String {
    match &ended.how {
        How::TimedOut => "TeX was stopped, since it took too long".into(),
        How::NotStarted(error) => format!("TeX cannot be started: {error}"),
        How::Done | How::Failed => {
            let last = ended.output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            format!("TeX stopped: {}", last.trim())
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Vec<Problem>> {
    std::fs::write(folder.join(name), text)
        .map_err(|error| vec![Problem { line: None, message: format!("`{name}`: {error}") }])
}

fn first_message(problems: Vec<Problem>) -> String {
    problems.into_iter().next().map(|p| p.message).unwrap_or_default()
}
