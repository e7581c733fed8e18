//! Frozen results: the Markdown that a page's engine wrote, committed in `_freeze`. Source: Quarto, "Freezing execution", and its
//! `freeze.ts`.
//!
//! `_freeze/PAGE/execute-results/html.json` holds a page's whole text after its cells were run, with includes expanded. Figures
//! lie next to it in `_freeze/PAGE/figure-html`, the libraries of all pages in `_freeze/site_libs`. Both tools read and write the
//! same files, so a team can mix them.

mod placeholder;
mod read;
mod segments;
mod write;

pub use read::read_frozen;
pub use write::frozen_json;

use crate::markdown::Markdown;
use md5::{Digest, Md5};
use mlsys_book::{Code, Diagnostic, Place, Severity, Source, Value};
use segments::segments;
use std::borrow::Cow;

/// The folder of frozen results.
const FOLDER: &str = "_freeze";

/// The value of `execute: freeze`. Source: Quarto, "Freeze".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Freeze {
    /// `false`: frozen results are not used.
    Off,
    /// `auto`: they are used while the page's text is the one they were frozen from.
    Auto,
    /// `true`: they are used whatever the page's text.
    On,
}

impl Freeze {
    /// The value of the key; `Off` if it is missing.
    pub fn of(value: Option<&Value>) -> Freeze {
        match value.map(|value| (value.as_bool(), value.as_str())) {
            Some((Some(true), _)) => Freeze::On,
            Some((_, Some("auto"))) => Freeze::Auto,
            Some(_) | None => Freeze::Off,
        }
    }
}

/// The frozen results of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frozen {
    /// The MD5 of the page's text in hexadecimal; see [`frozen_hash`].
    pub hash: String,
    /// `jupyter`, `knitr`, ...; `None` in entries of old versions of Quarto.
    pub engine: Option<String>,
    /// The page's text with results in place of its cells, front matter included.
    pub markdown: String,
    /// The folders with figures, relative to the page's folder.
    pub supporting: Vec<String>,
    /// Filters that the engine asks for, such as `rmarkdown/pagebreak.lua`.
    pub filters: Vec<String>,
    /// HTML for other parts of the page.
    pub includes: FrozenIncludes,
}

/// HTML that an engine adds to other parts of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrozenIncludes {
    /// In its head.
    pub in_header: Vec<String>,
    /// Before its body.
    pub before_body: Vec<String>,
    /// After its body.
    pub after_body: Vec<String>,
}

/// What becomes of frozen results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thaw {
    /// They are of the page's present text.
    Current,
    /// They are of another text and used nevertheless.
    Stale,
    /// They are of another text and not used.
    Outdated,
    /// Frozen results are not used.
    Off,
}

impl Frozen {
    /// Decides whether a page uses these results. `text` is that of the page's own file.
    ///
    /// Only the page's own file counts, as in Quarto: neither included files nor data nor the project's options.
    pub fn thaw(&self, freeze: Freeze, text: &str) -> Thaw {
        let is_current = || {
            let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
            self.hash == frozen_hash(text) || self.hash == frozen_hash(unmarked)
        };
        match freeze {
            Freeze::Off => Thaw::Off,
            Freeze::Auto | Freeze::On if is_current() => Thaw::Current,
            Freeze::Auto => Thaw::Outdated,
            Freeze::On => Thaw::Stale,
        }
    }

    /// The page's text with the frozen results in place of its cells. The page keeps its own front matter.
    pub fn markdown(&self, source: &Source) -> Markdown {
        Markdown {
            segments: segments(source, &self.markdown),
            files: Vec::new(),
            head: self.includes.in_header.clone(),
            before_body: self.includes.before_body.clone(),
            after_body: self.includes.after_body.clone(),
        }
    }
}

/// The diagnostic about results of another text. `place` is the page's first cell, or its beginning.
///
/// Stale results are a hint, because `freeze: true` asks for them. Outdated ones are reported where the page cannot be run.
pub fn stale_results(thaw: Thaw, place: Place) -> Option<Diagnostic> {
    let refresh = "run the page and commit its folder in `_freeze`";
    match thaw {
        Thaw::Stale => {
            let message = "the page has changed since its results were frozen; the site shows the frozen text";
            let mut diagnostic = Diagnostic::new(Code::StaleResults, place, message).hint(refresh);
            diagnostic.severity = Severity::Hint;
            Some(diagnostic)
        }
        Thaw::Outdated => {
            let message = "the frozen results are of an older text of the page and are not used";
            Some(Diagnostic::new(Code::StaleResults, place, message).hint(refresh))
        }
        Thaw::Current | Thaw::Off => None,
    }
}

/// The MD5 in hexadecimal of a file's text with line ends `\n`: how Quarto tells that a page has changed.
///
/// ```
/// assert_eq!(mlsys_cells::frozen_hash("a\r\nb\n"), mlsys_cells::frozen_hash("a\nb\n"));
/// assert_eq!(mlsys_cells::frozen_hash(""), "d41d8cd98f00b204e9800998ecf8427e");
/// ```
pub fn frozen_hash(text: &str) -> String {
    let text = if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The path of the frozen results of a page.
///
/// ```
/// assert_eq!(mlsys_cells::frozen_path("posts/a.qmd"), "_freeze/posts/a/execute-results/html.json");
/// ```
pub fn frozen_path(page: &str) -> String {
    format!("{FOLDER}/{}/execute-results/html.json", stem(page))
}

/// The destination of a file of `_freeze` on the site: next to the page for its figures, `site_libs` for libraries. `None` for
/// other files.
///
/// ```
/// use mlsys_cells::frozen_destination;
///
/// let figure = frozen_destination("posts/a.qmd", "_freeze/posts/a/figure-html/plot-1.png");
/// assert_eq!(figure.as_deref(), Some("posts/a_files/figure-html/plot-1.png"));
/// let library = frozen_destination("posts/a.qmd", "_freeze/site_libs/jquery/jquery.js");
/// assert_eq!(library.as_deref(), Some("site_libs/jquery/jquery.js"));
/// assert_eq!(frozen_destination("posts/a.qmd", "_freeze/posts/a/figure-pdf/plot-1.pdf"), None);
/// ```
pub fn frozen_destination(page: &str, file: &str) -> Option<String> {
    let inside = file.strip_prefix(FOLDER)?.strip_prefix('/')?;
    if inside.starts_with("site_libs/") {
        return Some(inside.to_owned());
    }
    let own = inside.strip_prefix(stem(page))?.strip_prefix('/')?;
    let (folder, _) = own.split_once('/')?;
    let is_other_format = folder.starts_with("figure-") && folder != "figure-html";
    let is_result = folder == "execute-results" || folder == "execute";
    (!is_other_format && !is_result).then(|| format!("{}_files/{own}", stem(page)))
}

/// A page's path without its extension.
fn stem(page: &str) -> &str {
    match page.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => stem,
        Some(_) | None => page,
    }
}
