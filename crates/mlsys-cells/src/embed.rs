//! `{{< embed notebook.ipynb#cell >}}`: cells of other documents in a page. Source: Quarto, "Embedding from Other Documents", and
//! its `jupyter-embed.ts`.

use crate::document::{Document, first_line};
use crate::fence::Fence;
use crate::frozen::{Frozen, cell_block, stem};
use crate::job::PageRun;
use crate::label::html_id;
use crate::markdown::{Markdown, Segment};
use crate::notebook::{EmbeddableCell, Notebook, NotebookOptions, notebook_part};
use crate::settings::Settings;
use crate::write::write;
use mlsys_book::{Checked, Code, Diagnostic, Source, SourceId, Span, Value, clean_path, did_you_mean, key};
use mlsys_parse::parse_shortcode;
use std::sync::Arc;

/// An embed shortcode of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// The shortcode.
    pub span: Span,
    /// The document, relative to the project's folder.
    pub path: String,
    /// The document as written.
    pub name: String,
    /// Which of its cells.
    pub cells: EmbeddedCells,
    /// `echo`: the code is shown as well.
    pub echo: bool,
    /// `outputs`: the numbers of the outputs, from 1, in the order in which they are shown.
    pub outputs: Option<Vec<usize>>,
}

/// The cells that a shortcode names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmbeddedCells {
    /// `notebook.ipynb`: all.
    All,
    /// `notebook.ipynb#one,two`: by their ids, labels or tags.
    Names(Vec<String>),
    /// `notebook.ipynb[1,3-5]`: by their numbers, from 1.
    Numbers(Vec<usize>),
}

/// A document whose cells are embedded.
#[derive(Clone, Copy, Debug)]
pub enum EmbedSource<'d> {
    /// A notebook, and its text.
    Notebook(&'d Notebook, &'d Arc<String>),
    /// A page with its results; `None` if it was not run.
    Page {
        /// Its code.
        document: &'d Document,
        /// Its text.
        source: &'d Source,
        /// Its title; empty if it has none.
        title: &'d str,
        /// Its results.
        run: Option<&'d PageRun>,
        /// Its frozen results, which stand for them.
        frozen: Option<&'d Frozen>,
    },
}

/// The link to the document of embedded cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedLink {
    /// The document, or the URL that `notebook-view` gives for it.
    pub url: String,
    /// The title that `notebook-view` gives.
    pub title: Option<String>,
    /// True if the document is a page, which has the cells' ids.
    pub is_page: bool,
}

impl EmbedLink {
    /// The link to a document by the page's options `notebook-links` and `notebook-view`; `None` if they want none.
    ///
    /// The URL is the document's name, unless `notebook-view` has another for it.
    pub fn new(name: &str, links: Option<&Value>, view: Option<&Value>) -> Option<EmbedLink> {
        // There is no list of all notebooks, so that `global` means a link beside the cells, too.
        let has_links =
            |links: &Value| links.as_bool() == Some(true) || matches!(links.as_str(), Some("inline" | "global"));
        if !links.is_none_or(has_links) || view.and_then(Value::as_bool) == Some(false) {
            return None;
        }
        let is_of = |item: &&Value| item.get("notebook").and_then(Value::as_str) == Some(name);
        let own = view.map_or(&[][..], Value::items).iter().find(is_of);
        let text = |key: &str| own?.get(key)?.to_text();
        let (url, title) = (text("url"), text("title"));
        Some(EmbedLink { is_page: url.is_none(), url: url.unwrap_or_else(|| name.to_owned()), title })
    }
}

/// The path of the page that shows a notebook that is no page of its project: `a-preview.html` for `a.ipynb`.
pub fn preview_path(notebook: &str) -> String {
    format!("{}-preview.html", notebook.strip_suffix(".ipynb").unwrap_or(notebook))
}

/// The limit of cells that a shortcode can name by numbers: `[1-999999999]` is a mistake.
const MAX_CELLS: usize = 10_000;

/// The embed shortcodes of a page, in the order of its text. `folder` is the page's, relative to the project's.
///
/// Like includes they stand alone on a line, outside of code. Others are reported.
pub fn embeds(source: &Source, folder: &str) -> Checked<Vec<Embed>> {
    let text = source.text.as_str();
    let (mut all, mut diagnostics) = (Vec::new(), Vec::new());
    let mut shortcodes = text.match_indices("{{<");
    if !shortcodes.any(|(at, open)| text[at + open.len()..].trim_start().starts_with("embed")) {
        return Checked::clean(all);
    }
    let (mut at, mut open) = (0, None::<Fence>);
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        match (open, Fence::of(line)) {
            (None, Some(fence)) => open = Some(fence),
            (Some(opening), Some(fence)) if fence.closes(&opening, line) => open = None,
            (Some(_), _) | (None, None) => {}
        }
        let shortcode = line.trim();
        if open.is_some() || !shortcode.starts_with("{{<") || !shortcode.ends_with(">}}") {
            continue;
        }
        let Some((parsed, length)) = parse_shortcode(shortcode).filter(|(parsed, _)| parsed.name == "embed") else {
            continue;
        };
        let span = Span::new(start, start + shortcode.len());
        let mut report = |message: String, hint: &str| {
            diagnostics.push(Diagnostic::new(Code::InvalidEmbed, source.place(span), message).hint(hint));
        };
        if length != shortcode.len() {
            report("an `embed` shortcode has other text on its line".into(), "put it on a line of its own");
            continue;
        }
        let Some(reference) = parsed.args.first() else {
            report("an `embed` shortcode names no document".into(), "write `{{< embed notebook.ipynb#label >}}`");
            continue;
        };
        let Some((name, cells)) = cells(reference) else {
            report(
                format!("`{reference}` is not a list of cells"),
                "write numbers from 1, as in `notebook.ipynb[1,3-5]`",
            );
            continue;
        };
        if !name.ends_with(".ipynb") && !name.ends_with(".qmd") {
            report(
                format!("cells of `{name}` cannot be embedded"),
                "embed cells of a notebook (`.ipynb`) or of a page (`.qmd`)",
            );
            continue;
        }
        let outputs = parsed.get("outputs").map(numbers);
        if outputs == Some(None) {
            report("`outputs` is not a list of numbers".into(), "write `outputs=\"1,2\"`");
        }
        let path = match name.strip_prefix('/') {
            Some(rooted) => clean_path(rooted),
            None => clean_path(&format!("{folder}/{name}")),
        };
        let echo = parsed.get("echo").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        all.push(Embed { span, path, name: name.to_owned(), cells, echo, outputs: outputs.flatten() });
    }
    Checked { value: all, diagnostics }
}

/// A document's name, and the cells that a reference selects; `None` if its list is invalid.
fn cells(reference: &str) -> Option<(&str, EmbeddedCells)> {
    if let Some((name, ids)) = reference.split_once('#') {
        return Some((name, EmbeddedCells::Names(ids.split(',').map(|id| id.trim().to_owned()).collect())));
    }
    match reference.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((name, list)) => Some((name, EmbeddedCells::Numbers(numbers(list)?))),
        None => Some((reference, EmbeddedCells::All)),
    }
}

/// `1,3-5`, also backwards.
fn numbers(list: &str) -> Option<Vec<usize>> {
    let mut all = Vec::new();
    for part in list.split(',').map(str::trim) {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end): (usize, usize) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
        if start.abs_diff(end) + all.len() > MAX_CELLS {
            return None;
        }
        match start <= end {
            true => all.extend(start..=end),
            false => all.extend((end..=start).rev()),
        }
    }
    Some(all)
}

/// Writes the cells that a shortcode names, as Markdown in place of it. `None` if it cannot be done, which is reported at the
/// shortcode.
///
/// `page` is the source with the shortcode, `meta` its merged metadata, `settings` those of its cells. `link` adds a link to the
/// document.
pub fn embed(
    embed: &Embed,
    page: &Source,
    from: EmbedSource<'_>,
    meta: &Value,
    settings: &Settings,
    link: Option<&EmbedLink>,
) -> Checked<Option<Markdown>> {
    let all = match from {
        EmbedSource::Notebook(notebook, _) => notebook.embeddable(),
        EmbedSource::Page { document, .. } => page_cells(document),
    };
    let chosen = match chosen(embed, &all, matches!(from, EmbedSource::Page { .. })) {
        Ok(chosen) => chosen,
        Err((message, hint)) => {
            let mut diagnostic = Diagnostic::new(Code::InvalidEmbed, page.place(embed.span), message);
            diagnostic.hints.extend(hint);
            return Checked { value: None, diagnostics: vec![diagnostic] };
        }
    };
    let mut settings = settings.clone();
    settings.figure_prefix = format!("{}-", file_prefix(&embed.name));
    let mut text = Embedding { embed, settings: &settings, text: String::new(), markdown: Markdown::default() };
    let mut title = String::new();
    match from {
        EmbedSource::Notebook(notebook, json) => {
            title = notebook.title().unwrap_or_default();
            for cell in &chosen {
                let overrides = [("echo", embed.echo.into()), ("warning", false.into()), ("output", true.into())];
                let options = NotebookOptions { takes_title: false, cells: Some(&[*cell]), overrides: &overrides };
                let part = notebook_part(notebook, SourceId(u32::MAX), &embed.path, json.clone(), &options);
                text.write(&part.source, part.document(&part.source, meta).value, |document, source| {
                    part.run(source, document)
                });
            }
        }
        EmbedSource::Page { document, title: name, frozen: Some(frozen), .. } => {
            title.push_str(name);
            for cell in chosen.iter().filter_map(|cell| document.cells.get(*cell)) {
                let label = cell.options.read(key!("cell", "label")).map(|label| html_id(&label));
                let block = label.and_then(|label| cell_block(&frozen.markdown, &label, embed.echo));
                text.add_text(&rooted(&block.unwrap_or_default(), &embed.path));
            }
        }
        EmbedSource::Page { document, source, title: name, run, frozen: None } => {
            title.push_str(name);
            for cell in &chosen {
                let run = run.and_then(|run| run.cells.get(*cell).cloned()).flatten();
                let only = Document {
                    cells: document.cells.get(*cell).cloned().into_iter().collect(),
                    values: Vec::new(),
                    ..document.clone()
                };
                let page_run = PageRun { cells: vec![run], ..PageRun::default() };
                text.write_cell(source, &only, &page_run);
            }
        }
    }
    let mut markdown = text.markdown;
    if text.text.trim().is_empty() {
        let message = format!("the cells of `{}` have nothing to embed", embed.name);
        let diagnostic = Diagnostic::new(Code::InvalidEmbed, page.place(embed.span), message)
            .hint("run the notebook and save it with its outputs, or embed its code with `echo=true`");
        return Checked { value: None, diagnostics: vec![diagnostic] };
    }
    let anchor = chosen.first().and_then(|cell| all.get(*cell)).and_then(|cell| cell.anchor.clone());
    let mut block = format!("\n:::: {{.quarto-embed-nb-cell}}\n\n{}\n", text.text.trim_end());
    if let Some(EmbedLink { url, title: other, is_page }) = link {
        let anchor = anchor.filter(|_| *is_page).map_or(String::new(), |anchor| format!("#{anchor}"));
        let title = other.as_ref().filter(|title| !title.is_empty()).unwrap_or(&title);
        let title = if title.is_empty() { &embed.name } else { title };
        block += &format!("\n[Source: {}](<{url}{anchor}>){{.quarto-notebook-link}}\n", escaped(title));
    }
    block += "\n::::\n";
    markdown.segments = vec![Segment::Generated { text: block, replaces: embed.span }];
    Checked::clean(Some(markdown))
}

/// The indexes of the cells that a shortcode names; otherwise what is wrong, and a hint.
fn chosen(embed: &Embed, all: &[EmbeddableCell], is_page: bool) -> Result<Vec<usize>, (String, Option<String>)> {
    match &embed.cells {
        EmbeddedCells::All => Ok((0..all.len()).collect()),
        EmbeddedCells::Numbers(_) if is_page => {
            let hint = "name the cell by its label: `{{< embed page.qmd#label >}}`";
            Err(("cells of a page have no numbers".into(), Some(hint.into())))
        }
        EmbeddedCells::Numbers(numbers) => numbers
            .iter()
            .map(|number| match number.checked_sub(1).filter(|at| *at < all.len()) {
                Some(at) => Ok(at),
                None => Err((
                    format!("`{}` has no cell {number}; its cells have the numbers 1 to {}", embed.name, all.len()),
                    None,
                )),
            })
            .collect(),
        EmbeddedCells::Names(names) => names
            .iter()
            .map(|name| {
                let cell = all.iter().position(|cell| cell.names.iter().any(|other| other == name));
                cell.ok_or_else(|| {
                    let candidates = all.iter().flat_map(|cell| cell.names.iter().map(String::as_str));
                    (
                        format!("`{}` has no cell with the id, label or tag `{name}`", embed.name),
                        did_you_mean(name, candidates),
                    )
                })
            })
            .collect(),
    }
}

/// The cells of a page, with their labels.
fn page_cells(document: &Document) -> Vec<EmbeddableCell> {
    let cell = |options: &Value| {
        let label = options.read(key!("cell", "label"));
        EmbeddableCell { anchor: label.as_deref().map(html_id), names: label.into_iter().collect() }
    };
    document.cells.iter().map(|one| cell(&one.options)).collect()
}

/// The cells of a shortcode on their way to Markdown.
struct Embedding<'e> {
    embed: &'e Embed,
    settings: &'e Settings,
    text: String,
    markdown: Markdown,
}

impl Embedding<'_> {
    /// Writes a part of a notebook.
    fn write(&mut self, source: &Source, document: Option<Document>, run: impl FnOnce(&Document, &Source) -> PageRun) {
        match document {
            Some(document) => {
                let mut run = run(&document, source);
                self.choose_outputs(&mut run);
                self.add(source, write(&document, source, Some(&run), self.settings).value);
            }
            None => self.add_text(&source.text),
        }
    }

    /// Writes a cell of a page.
    fn write_cell(&mut self, source: &Source, document: &Document, run: &PageRun) {
        let Some(cell) = document.cells.first() else { return };
        let mut run = run.clone();
        self.choose_outputs(&mut run);
        let mut settings = self.settings.clone();
        settings.defaults.echo = if self.embed.echo { crate::Echo::Shown } else { crate::Echo::Hidden };
        settings.defaults.warning = false;
        let own = first_line(source.slice(cell.span)).len() as u32;
        let written = write(document, source, Some(&run), &settings).value;
        // The text around the cell is not embedded.
        let inside = |segment: &Segment| match segment {
            Segment::Copied(span) => cell.span.contains(*span) && span.start >= cell.span.start + own,
            Segment::Generated { replaces, .. } => cell.span.contains(*replaces),
        };
        let segments = written.segments.iter().filter(|segment| inside(segment)).cloned().collect();
        self.add(source, Markdown { segments, ..written });
    }

    /// Chooses and orders the outputs of each cell.
    fn choose_outputs(&self, run: &mut PageRun) {
        let Some(numbers) = &self.embed.outputs else { return };
        for cell in run.cells.iter_mut().flatten() {
            let chosen = numbers.iter().filter_map(|number| cell.outputs.get(number.checked_sub(1)?).cloned());
            cell.outputs = chosen.collect();
        }
    }

    fn add(&mut self, source: &Source, markdown: Markdown) {
        let text = markdown.segments.iter().map(|segment| match segment {
            Segment::Copied(span) => source.slice(*span),
            Segment::Generated { text, .. } => text.as_str(),
        });
        self.add_text(&text.collect::<String>());
        self.markdown.files.extend(markdown.files);
        for (all, own) in
            [(&mut self.markdown.head, markdown.head), (&mut self.markdown.after_body, markdown.after_body)]
        {
            all.extend(own);
        }
    }

    fn add_text(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push_str("\n\n");
    }
}

/// A part of a page with paths of its figures that are valid everywhere in the project.
fn rooted(block: &str, page: &str) -> String {
    let stem = stem(page);
    let name = stem.rsplit('/').next().unwrap_or(stem);
    ["](", "src=\""].iter().fold(block.to_owned(), |text, start| {
        text.replace(&format!("{start}{name}_files/"), &format!("{start}/{stem}_files/"))
    })
}

/// The beginning of the names of embedded figures: the document's path.
fn file_prefix(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let parts = stem.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..");
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    parts.collect::<Vec<_>>().join("-").chars().map(safe).collect()
}

/// A title as text of a link.
fn escaped(title: &str) -> String {
    title.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
