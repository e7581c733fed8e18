//! How a page's cells are run and written: the defaults of its metadata. Source: Quarto, "Execution Options".

use crate::document::Cell;
use crate::execute::{lift_execute, truth};
use crate::job::FigureSettings;
use mlsys_book::{OptionName, Value, name};

/// What a page's metadata says about its cells. Cells override the options.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The options of cells that do not set them.
    pub defaults: CellOptions,
    /// The size and form of figures.
    pub figures: FigureSettings,
    /// The folder of figures, relative to the page's: `page_files/figure-html`.
    pub figure_folder: String,
    /// The beginning of the names of figures: the document of embedded cells, or empty.
    pub figure_prefix: String,
    /// `keep-hidden`: hidden code and output is written with the class `hidden`.
    pub keep_hidden: bool,
    /// True if the numbers of executions stand before the cells, as in the preview of a notebook.
    pub has_numbers: bool,
    /// False with `execute: enabled: false`: nothing is run, and that is no mistake.
    pub is_enabled: bool,
}

/// What is shown of a cell's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// The code.
    Shown,
    /// The code with its fence and options.
    Fenced,
    /// Nothing.
    Hidden,
}

/// What is shown of a cell's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// Everything, each in a div of its own.
    Shown,
    /// The text that the code prints, as Markdown.
    AsIs,
    /// Nothing.
    Hidden,
}

/// The options of a cell that decide what is run and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellOptions {
    /// `eval`: the code is run.
    pub eval: bool,
    /// `echo`
    pub echo: Echo,
    /// `output`, or knitr's `results`.
    pub output: OutputMode,
    /// `include`: something of the cell is shown.
    pub include: bool,
    /// `warning`: what the code writes to stderr is shown.
    pub warning: bool,
    /// `error`: an exception is shown, and the page goes on.
    pub error: bool,
}

impl Settings {
    /// The settings of a page by its merged metadata and its path, relative to the project's folder.
    pub fn new(meta: &Value, page: &str) -> Self {
        let meta = &*lift_execute(meta);
        let execute = meta.value(name!("execute"));
        let option = |key: OptionName| execute?.value(key);
        let builtin = CellOptions {
            eval: true,
            echo: Echo::Shown,
            output: OutputMode::Shown,
            include: true,
            warning: true,
            error: false,
        };
        let name = page.rsplit('/').next().unwrap_or(page);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is = |key: OptionName, default: bool| option(key).and_then(truth).unwrap_or(default);
        Settings {
            defaults: builtin.with(option),
            figures: figures(option),
            figure_folder: format!("{stem}_files/figure-html"),
            figure_prefix: String::new(),
            keep_hidden: is(name!("execute", "keep-hidden"), false),
            has_numbers: false,
            is_enabled: is(name!("execute", "enabled"), true),
        }
    }

    /// The options of a cell.
    pub fn options(&self, cell: &Cell) -> CellOptions {
        self.defaults.with(|key| cell.options.value(key))
    }
}

impl CellOptions {
    /// These options with those that `option` has.
    fn with<'v>(self, option: impl Fn(OptionName) -> Option<&'v Value>) -> Self {
        let is = |key: OptionName, default: bool| option(key).and_then(truth).unwrap_or(default);
        let echo = match option(name!("cell", "echo")) {
            Some(value) if value.as_str() == Some("fenced") => Echo::Fenced,
            Some(value) => match truth(value) {
                Some(false) => Echo::Hidden,
                Some(true) | None => Echo::Shown,
            },
            None => self.echo,
        };
        let results = option(name!("cell", "results")).and_then(Value::as_str);
        let output = match option(name!("cell", "output")).or(option(name!("cell", "results"))) {
            Some(value) if value.as_str() == Some("asis") => OutputMode::AsIs,
            Some(_) if results == Some("hide") => OutputMode::Hidden,
            Some(value) => match truth(value) {
                Some(false) => OutputMode::Hidden,
                Some(true) | None => OutputMode::Shown,
            },
            None => self.output,
        };
        CellOptions {
            eval: is(name!("cell", "eval"), self.eval),
            echo,
            output,
            include: is(name!("cell", "include"), self.include),
            warning: is(name!("cell", "warning"), is(name!("cell", "message"), self.warning)),
            error: is(name!("cell", "error"), self.error),
        }
    }
}

fn figures<'v>(option: impl Fn(OptionName) -> Option<&'v Value>) -> FigureSettings {
    let default = FigureSettings::default();
    let number = |key: OptionName| option(key)?.to_text()?.parse::<f64>().ok().filter(|number| *number > 0.0);
    let format = option(name!("execute", "fig-format")).and_then(Value::as_str);
    FigureSettings {
        width: number(name!("execute", "fig-width")).unwrap_or(default.width),
        height: number(name!("execute", "fig-height")).unwrap_or(default.height),
        dpi: number(name!("execute", "fig-dpi")).map_or(default.dpi, |dpi| dpi as u32),
        format: format.map_or(default.format, str::to_owned),
    }
}
