//! Frozen results: the Markdown that a page's engine wrote, committed in `_freeze`. Source: Quarto, "Freezing execution", and its
//! `freeze.ts`.
//!
//! `_freeze/PAGE/execute-results/html.json` holds a page's whole text after its cells were run, with includes expanded. Figures
//! lie next to it in `_freeze/PAGE/figure-html`, the libraries of all pages in `_freeze/site_libs`. Both tools read and write the
//! same files, so a team can mix them.

mod cell_block;
mod changes;
mod placeholder;
mod read;
mod segments;
mod write;

pub(crate) use cell_block::cell_block;
pub use changes::FrozenPage;
pub use read::read_frozen;
pub use write::{freeze, frozen_json};

use crate::markdown::Markdown;
use changes::Changes;
use md5::{Digest, Md5};
use mlsys_book::{Code, Diagnostic, Place, Severity, Source, Span, Value};
use segments::segments;
use std::borrow::Cow;

/// The folder of frozen results.
const FOLDER: &str = "_freeze";

/// The folder of the libraries that results of cells use, such as those of HTML widgets: in `_freeze` and on the site.
pub const LIBRARIES: &str = "site_libs";

/// The value of `execute: freeze`. Source: Quarto, "Freeze".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Freeze {
    /// `false`: frozen results are not used.
    #[default]
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
    ///
    /// `page` is the page's own text in `source`, includes among it.
    pub fn markdown(&self, source: &Source, page: Span) -> Markdown {
        Markdown {
            segments: segments(source.slice(page), &self.markdown),
            files: Vec::new(),
            head: self.includes.in_header.clone(),
            before_body: self.includes.before_body.clone(),
            after_body: self.includes.after_body.clone(),
        }
    }
}

/// What to do about results of another text.
fn renew(page: &str) -> String {
    format!("run the page with `mlsys build --execute {page}`, and commit its folder in `_freeze`")
}

/// The diagnostics about results that a page shows although they are of another text.
///
/// An author who changes text or code wants to see it, so that is a warning, with the place of the first change. What is not in
/// the frozen Markdown cannot be compared: hidden code and options are a hint. Included files are not in the hash, so they are
/// compared too if the results are current.
pub fn stale_results(frozen: &Frozen, thaw: Thaw, page: &FrozenPage<'_>) -> Vec<Diagnostic> {
    let is_current = match thaw {
        Thaw::Current => true,
        Thaw::Stale => false,
        Thaw::Outdated | Thaw::Off => return Vec::new(),
    };
    let Changes { code, removed, text } = changes::changes(page, &frozen.markdown, is_current);
    let document = page.document;
    let first = document.cells.iter().map(|cell| cell.span).chain(document.values.iter().map(|value| value.span));
    let first = first.map(|span| span.start).min().unwrap_or(page.span.start);
    let first = Span { start: first, end: first };
    let path = page.source.files.first().map_or("", |file| file.path.as_str());
    let report = |span: Span, message: String| {
        Diagnostic::new(Code::StaleResults, page.source.place(span), message).hint(renew(path))
    };
    let mut diagnostics = Vec::new();
    match (code, removed) {
        (Some(span), _) => {
            let message =
                "the cell has changed since its results were frozen; the page shows the older code and results";
            diagnostics.push(report(span, message.to_owned()));
        }
        (None, Some(line)) => {
            let line: String = line.chars().take(60).collect();
            let message =
                format!("the page shows frozen results of a cell that was removed, which begins with `{line}`");
            diagnostics.push(report(first, message));
        }
        (None, None) => {}
    }
    if let Some(span) = text {
        let message = "the text has changed since the page's results were frozen; the page shows the older text";
        diagnostics.push(report(span, message.to_owned()));
    }
    if diagnostics.is_empty() && !is_current {
        let message = "the page has changed since its results were frozen; hidden code may have other results now";
        let mut hint = report(first, message.to_owned());
        hint.severity = Severity::Hint;
        diagnostics.push(hint);
    }
    diagnostics
}

/// The diagnostic about results of another text that are not used. `page` is the page's path, `place` its first cell.
pub fn outdated_results(page: &str, place: Place) -> Diagnostic {
    let message = "the frozen results are outdated, because the page has changed, and are not used";
    Diagnostic::new(Code::StaleResults, place, message).hint(renew(page))
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
/// assert_eq!(frozen_destination("posts/a.qmd", "_freeze/posts/a/execute-results/html.json"), None);
/// ```
pub fn frozen_destination(page: &str, file: &str) -> Option<String> {
    let inside = file.strip_prefix(FOLDER)?.strip_prefix('/')?;
    if inside.split('/').next() == Some(LIBRARIES) {
        return Some(inside.to_owned());
    }
    let own = inside.strip_prefix(stem(page))?.strip_prefix('/')?;
    let (folder, _) = own.split_once('/')?;
    let is_result = folder == "execute-results" || folder == "execute";
    (!is_result).then(|| format!("{}_files/{own}", stem(page)))
}

/// A page's path without its extension.
pub(crate) fn stem(page: &str) -> &str {
    match page.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => stem,
        Some(_) | None => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Segment;
    use mlsys_book::{Checked, SourceId};

    const PAGE: &str = "---\ntitle: One\n---\n\nText.\n\n```{r}\n#| label: fig-r\nplot(1)\n```\n\nThe value is `r 1+1`. See @fig-r.\n\n## Next\n";

    const FROZEN: &str = "---\ntitle: Old\n---\n\nText.\n\n::: {.cell}\n\n```{.r .cell-code}\nplot(1)\n```\n\n::: {.cell-output-display}\n![](a.png){#fig-r}\n:::\n:::\n\nThe value is 2. See @fig-r.\n\n## Next\n";

    fn shown(page: &str, frozen: &str) -> String {
        let source = Source::new(SourceId(0), "a.qmd", page);
        let frozen = Frozen { markdown: frozen.into(), ..Frozen::default() };
        let line = |at: u32| page[..at as usize].matches('\n').count() + 1;
        let segments = frozen.markdown(&source, Span::new(0, page.len())).segments;
        segments
            .iter()
            .map(|segment| match segment {
                Segment::Copied(span) => format!("{} = {:?}\n", line(span.start), source.slice(*span)),
                Segment::Generated { text, replaces } => format!("{} < {text:?}\n", line(replaces.start)),
            })
            .collect()
    }

    #[test]
    fn unchanged_lines_are_those_of_the_page() {
        let expected = r#"1 = "---\ntitle: One\n---\n\nText.\n\n"
7 < "::: {.cell}\n\n```{.r .cell-code}\n"
9 = "plot(1)\n```\n\n"
7 < "::: {.cell-output-display}\n![](a.png){#fig-r}\n:::\n:::\n\n"
12 < "The value is 2. See @fig-r.\n"
13 = "\n## Next\n"
"#;
        assert_eq!(shown(PAGE, FROZEN), expected);
    }

    #[test]
    fn values_in_front_matter_are_frozen() {
        let page = "---\ntitle: New\ndate: \"`r Sys.Date()`\"\n---\nText.";
        let frozen = "---\ntitle: Old\ndate: \"2024-01-01\"\n---\nText.\n";
        let expected =
            "1 = \"---\\ntitle: New\\n\"\n3 < \"date: \\\"2024-01-01\\\"\\n\"\n4 = \"---\\nText.\"\n5 < \"\\n\"\n";
        assert_eq!(shown(page, frozen), expected);
    }

    #[test]
    fn any_text_can_be_frozen() {
        for (page, frozen) in [("", ""), ("", "a\n"), ("a", ""), ("a\nb\na\n", "b\na\nb\n"), ("```{r}", "```{r}\n```")]
        {
            let text: String = {
                let source = Source::new(SourceId(0), "a.qmd", page);
                let markdown = Frozen { markdown: frozen.into(), ..Frozen::default() };
                let segments = markdown.markdown(&source, Span::new(0, page.len())).segments;
                let text = |segment: &Segment| match segment {
                    Segment::Copied(span) => source.slice(*span).to_owned(),
                    Segment::Generated { text, .. } => text.clone(),
                };
                segments.iter().map(text).collect()
            };
            assert_eq!(text.trim_end(), frozen.trim_end(), "{page:?}");
        }
    }

    fn read(json: &str) -> Checked<Option<Frozen>> {
        read_frozen("_freeze/a/execute-results/html.json", json, Place::project())
    }

    #[test]
    fn results_read_back() {
        let frozen = Frozen {
            hash: frozen_hash("a"),
            engine: Some("knitr".into()),
            markdown: "a\n".into(),
            supporting: vec!["a_files".into()],
            filters: vec!["rmarkdown/pagebreak.lua".into()],
            includes: FrozenIncludes { in_header: vec!["<script></script>".into()], ..FrozenIncludes::default() },
        };
        assert_eq!(read(&frozen_json(&frozen)), Checked::clean(Some(frozen)));
    }

    #[test]
    fn entries_of_old_versions_have_no_engine() {
        let json = r#"{"hash": "0", "result": {"markdown": "a preserve1 b\n\npreserve1\n", "preserve": {"preserve1": "<b>x</b>"}}}"#;
        let frozen = read(json).value.unwrap_or_default();
        assert_eq!(frozen.engine, None);
        assert_eq!(frozen.markdown, "a ``` <b>x</b> ```{=html} b\n\n```{=html}\n<b>x</b>\n```\n");
    }

    #[test]
    fn conflicts_and_damaged_files_are_reported() {
        let conflict = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n";
        for (json, words) in [(conflict, "merge conflict"), ("{\"hash\": 1}", "cannot be read")] {
            let Checked { value, diagnostics } = read(json);
            assert_eq!(value, None);
            assert!(diagnostics.iter().any(|diagnostic| diagnostic.message.contains(words)), "{diagnostics:?}");
        }
    }

    #[test]
    fn only_true_takes_results_of_another_text() {
        let frozen = Frozen { hash: frozen_hash("a\n"), ..Frozen::default() };
        let thaw = [Freeze::Off, Freeze::Auto, Freeze::On]
            .map(|freeze| [frozen.thaw(freeze, "a\r\n"), frozen.thaw(freeze, "b\n")]);
        let expected = [[Thaw::Off, Thaw::Off], [Thaw::Current, Thaw::Outdated], [Thaw::Current, Thaw::Stale]];
        assert_eq!(thaw, expected);
    }
}
