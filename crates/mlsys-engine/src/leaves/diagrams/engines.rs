//! The languages of diagrams and their configuration. Source: the README of the Pandoc filter `diagram`, version 1.2; Quarto,
//! "Diagrams".

use mlsys_book::{Value, name};
use mlsys_parse::filter_stem;

/// A language of diagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// TikZ and everything else in TeX.
    Tikz,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
    /// A language of the filter that is not supported.
    Other(&'static str),
}

/// All languages of the filter.
const ENGINES: &[Engine] = &[
    Engine::Tikz,
    Engine::Dot,
    Engine::Mermaid,
    Engine::Other("plantuml"),
    Engine::Other("asymptote"),
    Engine::Other("cetz"),
    Engine::Other("d2"),
];

impl Engine {
    /// The engine of a code block's language.
    pub fn from_language(language: &str) -> Option<Engine> {
        let known = ENGINES.iter().copied().find(|engine| engine.name() == language);
        known.or_else(|| (language == "graphviz").then_some(Engine::Dot))
    }

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Tikz => "tikz",
            Engine::Dot => "dot",
            Engine::Mermaid => "mermaid",
            Engine::Other(name) => name,
        }
    }

    /// The prefix of an option line in a code block.
    pub fn option_mark(self) -> &'static str {
        match self {
            Engine::Dot => "//|",
            Engine::Tikz | Engine::Mermaid | Engine::Other(_) => "%%|",
        }
    }
}

/// The configuration of an engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settings {
    /// The program, instead of the default one.
    pub program: Option<String>,
    /// Lines of the TeX preamble.
    pub preamble: String,
    /// Options of Mermaid's program: name and value.
    pub options: Vec<(String, String)>,
}

/// The configuration of an engine in a page's metadata; `None` if its diagrams are not to be drawn.
///
/// Code blocks are drawn by the filter `diagram`, in the languages of `diagram: engine:` or, without it, in all. Quarto itself draws
/// the cells `{dot}` and `{mermaid}`.
pub fn settings(meta: &Value, engine: Engine, cell: bool) -> Option<Settings> {
    let own_cell = cell && matches!(engine, Engine::Dot | Engine::Mermaid);
    let engines = meta.value(name!("diagram.engine"));
    let configured = engines.and_then(|engines| engines.get(engine.name()));
    if !own_cell {
        let listed = engines.is_none() || configured.is_some();
        if !has_filter(meta) || !listed || configured.is_some_and(|value| value.as_bool() == Some(false)) {
            return None;
        }
    }
    let mut settings = Settings::default();
    if let Some(configured) = configured {
        let program = configured.value(name!("engine", "execpath")).filter(|path| path.items().len() == 1);
        settings.program = program.and_then(|path| path.items()[0].to_text());
        for key in [name!("engine", "header-includes"), name!("engine", "additional-packages")] {
            settings.add_preamble(configured.value(key));
        }
    }
    if engine == Engine::Mermaid {
        let theme = meta.text(name!("mermaid.theme"));
        settings.options.extend(theme.filter(|theme| theme != "default").map(|theme| ("theme".to_owned(), theme)));
        for entry in configured.map_or(&[][..], Value::entries).iter().filter(|e| MERMAID_OPTIONS.contains(&&*e.key)) {
            settings.options.retain(|(key, _)| *key != entry.key);
            settings.options.extend(entry.value.to_text().map(|value| (entry.key.clone(), value)));
        }
    }
    Some(settings)
}

/// Mermaid's options that the filter passes on.
const MERMAID_OPTIONS: &[&str] =
    &["theme", "background-color", "config-file", "css-file", "scale", "puppeteer-config-file", "icon-packs"];

impl Settings {
    /// Adds lines to the TeX preamble: texts, or raw blocks of LaTeX.
    fn add_preamble(&mut self, value: Option<&Value>) {
        for item in value.map_or(&[][..], Value::items) {
            if let Some(text) = item.to_text() {
                self.add_line(&text);
            }
        }
    }

    /// Adds lines of one diagram to the preamble.
    pub fn add_line(&mut self, text: &str) {
        let lines = text.trim().lines().filter(|line| !line.trim_start().starts_with("```"));
        for line in lines {
            self.preamble.push_str(line);
            self.preamble.push('\n');
        }
    }
}

/// True if the filters include `diagram`, in any folder.
fn has_filter(meta: &Value) -> bool {
    let named = |filter: &Value| {
        let path = filter.as_str().or_else(|| filter.get("path")?.as_str()).unwrap_or("");
        filter_stem(path) == "diagram"
    };
    meta.value(name!("filters")).is_some_and(|filters| filters.items().iter().any(named))
}
