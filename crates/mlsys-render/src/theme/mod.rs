//! The theme: compiles Sass layers to the site's style sheet.

mod boxes;
mod brand;
mod color_modes;
mod limits;
mod look;
mod presets;

pub(crate) use boxes::box_colors;
pub use boxes::box_config;

pub use brand::{BrandStyle, brand_style};
use limits::excessive_line;
use look::look;
pub(crate) use look::plain_style;
use mlsys_book::{Value, key, name};
use presets::{modules, presets};

/// True if a page has no theme: `theme: none`, `theme: pandoc` or `minimal: true`. Source: Quarto, "HTML Basics", minimal
/// HTML.
pub(crate) fn is_plain(meta: &Value) -> bool {
    meta.read(key!("minimal")) == Some(true)
        || meta.value(name!("theme")).and_then(Value::as_str).is_some_and(|theme| matches!(theme, "none" | "pandoc"))
}

/// A Sass file in sections, like Quarto's themes (`/*-- scss:defaults --*/`). Source: Quarto, "More About Quarto Themes".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// `uses`: `@use` rules.
    pub uses: String,
    /// `functions`
    pub functions: String,
    /// `defaults`: variables.
    pub defaults: String,
    /// `mixins`
    pub mixins: String,
    /// `rules`, and everything before the first marker.
    pub rules: String,
}

impl Layer {
    /// Splits a file at its markers. A file without markers is all rules.
    pub fn new(text: &str) -> Self {
        let mut layer = Layer::default();
        let mut section = "rules";
        for line in text.split_inclusive('\n') {
            match mark(line) {
                Some(name) => section = name,
                None => layer.section(section).push_str(line),
            }
        }
        layer
    }

    fn section(&mut self, name: &str) -> &mut String {
        match name {
            "uses" => &mut self.uses,
            "functions" => &mut self.functions,
            "defaults" | "variables" => &mut self.defaults,
            "mixins" => &mut self.mixins,
            _ => &mut self.rules,
        }
    }

    /// Appends another file to this layer, section by section.
    pub fn append(&mut self, other: &Layer) {
        for name in ["uses", "functions", "defaults", "mixins", "rules"] {
            let text = match name {
                "uses" => &other.uses,
                "functions" => &other.functions,
                "defaults" => &other.defaults,
                "mixins" => &other.mixins,
                _ => &other.rules,
            };
            let section = self.section(name);
            section.push_str(text);
            section.push('\n');
        }
    }
}

/// The section that a marker line starts: `/*-- scss:rules --*/`.
fn mark(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("/*--")?.strip_suffix("--*/")?.trim().strip_prefix("scss:")?;
    matches!(name, "uses" | "functions" | "defaults" | "variables" | "mixins" | "rules").then_some(name)
}

/// The theme files of a project or page for each mode, and its code style.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThemeFiles {
    /// The layers of the light mode, in order: the project's files, and names of built-in themes.
    pub light: Vec<String>,
    /// The layers of the dark mode; `None` if the theme has no dark mode.
    pub dark: Option<Vec<String>>,
    /// True if pages start in the dark mode.
    pub dark_first: bool,
    /// `highlight-style`: a name or a file, or one for each mode.
    pub highlighting: Vec<String>,
    /// The layer of the page's own options, such as `mainfont`.
    pub look: String,
    /// What the brand adds; the caller sets it.
    pub brand: BrandStyle,
}

/// Reads `theme:`. The default is both modes of the built-in theme. A single theme has one mode, because its colours are made
/// for it. Source: Quarto, "HTML Theming".
pub fn theme_files(meta: &Value) -> ThemeFiles {
    let own = |value: &Value| -> Vec<String> {
        let plain = ["default", "none", "pandoc"];
        value.items().iter().filter_map(Value::to_text).filter(|name| !plain.contains(&name.as_str())).collect()
    };
    let highlighting = match crate::code::syntax_highlighting(meta) {
        None => Vec::new(),
        Some(value) if value.entries().is_empty() => value.to_text().into_iter().collect(),
        Some(value) => {
            value.entries().iter().map(|e| format!("{}: {}", e.key, e.value.to_text().unwrap_or_default())).collect()
        }
    };
    let files = ThemeFiles { highlighting, look: look(meta), ..ThemeFiles::default() };
    match meta.value(name!("theme")) {
        None => ThemeFiles { dark: Some(Vec::new()), ..files },
        Some(value) if !value.entries().is_empty() => ThemeFiles {
            light: value.value(name!("theme", "light")).map(own).unwrap_or_default(),
            dark: value.value(name!("theme", "dark")).map(own),
            dark_first: value.entries().first().is_some_and(|e| e.key == "dark"),
            ..files
        },
        Some(value) => ThemeFiles { light: own(value), ..files },
    }
}

/// True if pages have a dark mode.
pub(crate) fn has_dark(meta: &Value) -> bool {
    theme_files(meta).dark.is_some()
}

/// True if pages start in the dark mode for readers without a preference.
pub(crate) fn dark_first(meta: &Value) -> bool {
    theme_files(meta).dark_first
}

/// Compiles layers: the framework's first, then the project's own in their order.
///
/// The order of sections is Quarto's: uses, functions, defaults from the last layer to the first (`!default` makes the first
/// definition count), mixins, rules. A plain assignment in an earlier layer yields to one of the same variable in a later
/// layer. With Quarto it overrides the later file, which nobody who lists `[style.scss, dark-mode.scss]` intends. Fails with
/// the Sass compiler's message.
pub fn compile(layers: &[Layer]) -> Result<String, SassError> {
    let mut sass = String::new();
    let mut section = |text: &str| {
        sass.push_str(text);
        sass.push('\n');
    };
    section(&modules(layers));
    section(&presets(layers));
    layers.iter().for_each(|layer| section(&layer.functions));
    for (at, layer) in layers.iter().enumerate().rev() {
        let later = layers.get(at + 1..).unwrap_or(&[]);
        section(&yielding(&layer.defaults, later));
    }
    layers.iter().for_each(|layer| section(&layer.mixins));
    layers.iter().for_each(|layer| section(&layer.rules));
    if let Some(line) = excessive_line(&sass) {
        let message =
            "the style sheet comes to too much: selectors within selectors, or variables within variables".to_owned();
        return Err(SassError { message, line: line.to_owned() });
    }
    // All text is in the layers, so `@use` and `@import` read no files.
    let options = grass::Options::default().quiet(true).fs(&grass::NullFs);
    grass::from_string(sass, &options).map_err(|error| SassError::new(&error.to_string()))
}

/// An error in a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SassError {
    /// The compiler's message.
    pub message: String,
    /// The line of Sass at which it stopped. Its number is left out, because it counts the lines of all layers together.
    pub line: String,
}

impl SassError {
    /// Parses the compiler's report: a line `Error: message`, then an excerpt `12 │ a { b: $c }` in a frame.
    fn new(report: &str) -> Self {
        let message = report.lines().next().unwrap_or_default().trim_start_matches("Error: ").trim_end_matches('.');
        let excerpt = report.lines().filter_map(|l| l.split_once('│')).find(|(n, _)| n.trim().parse::<u32>().is_ok());
        SassError {
            message: message.to_lowercase(),
            line: excerpt.map(|(_, line)| line.trim().to_owned()).unwrap_or_default(),
        }
    }
}

/// The variables of a section, with `!default` added if a later layer assigns the same variable.
fn yielding(defaults: &str, later: &[Layer]) -> String {
    if later.iter().all(|layer| layer.defaults.trim().is_empty()) {
        return defaults.to_owned();
    }
    let assigned: std::collections::BTreeSet<&str> =
        later.iter().flat_map(|layer| layer.defaults.lines()).filter_map(variable).collect();
    let mut out = String::with_capacity(defaults.len());
    for line in defaults.split_inclusive('\n') {
        match variable(line) {
            Some(name) if assigned.contains(name) && !line.contains("!default") => match line.rfind(';') {
                Some(end) => {
                    out.push_str(&line[..end]);
                    out.push_str(" !default");
                    out.push_str(&line[end..]);
                }
                None => out.push_str(line),
            },
            _ => out.push_str(line),
        }
    }
    out
}

/// The name of the variable that a line assigns.
fn variable(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start().strip_prefix('$')?.split_once(':')?;
    let name = name.trim_end();
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))).then_some(name)
}

/// The site's style sheet: the framework with the project's layers, for light and for dark, in one file.
///
/// `framework` and the project's files are Sass texts. What both modes share is written once. Fails with what the Sass compiler
/// says, in which mode it does not matter: the cause is the same text.
pub fn style_sheet(framework: &[&str], light: &[&str], dark: Option<&[&str]>) -> Result<String, SassError> {
    let mut base = Layer::default();
    framework.iter().for_each(|text| base.append(&Layer::new(text)));
    let mode = |name: &str, files: &[&str]| {
        let files: Vec<Layer> = files.iter().map(|text| Layer::new(text)).collect();
        // A theme that is dark by itself says so.
        let is_dark = files.iter().flat_map(|layer| layer.defaults.lines()).any(|line| line.trim() == "$mode: dark;");
        let name = if is_dark { "dark" } else { name };
        let choice = Layer { defaults: format!("$mode: {name};\n"), ..Layer::default() };
        let layers: Vec<_> = [base.clone()].into_iter().chain(files).chain([choice]).collect();
        compile(&layers)
    };
    let light = mode("light", light)?;
    Ok(match dark {
        Some(files) => color_modes::joined(&light, &mode("dark", files)?),
        None => color_modes::compact(&light),
    })
}

/// A file name that changes with the content, so that browsers may keep the file for ever: `mlsys.css` to `mlsys-1f2e3d4c.css`.
pub fn fingerprinted(name: &str, content: &[u8]) -> String {
    let hash = content_hash(content);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{:08x}.{extension}", hash as u32 ^ (hash >> 32) as u32),
        None => format!("{name}-{hash:x}"),
    }
}

/// A number that changes with the content: FNV-1a.
pub(crate) fn content_hash(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_theme_compiles_in_both_modes() {
        let framework = [
            include_str!("../../../../themes/default/00-variables.scss"),
            include_str!("../../../../themes/default/10-base.scss"),
            include_str!("../../../../themes/default/20-layout.scss"),
            include_str!("../../../../themes/default/30-navigation.scss"),
            include_str!("../../../../themes/default/40-content.scss"),
            include_str!("../../../../themes/default/60-print.scss"),
        ];
        let css = style_sheet(&framework, &["$primary: #a00;"], Some(&[])).unwrap();
        assert!(css.contains(":root:where([data-bs-theme=\"dark\"])"));
    }

    #[test]
    fn later_layers_win() {
        let light = Layer::new("/*-- scss:defaults --*/\n$crimson: #a00;\n$link-color: $crimson;\n");
        let dark =
            Layer::new("/*-- scss:defaults --*/\n$crimson: #f66;\n/*-- scss:rules --*/\na { color: $link-color; }\n");
        assert_eq!(compile(&[light, dark]).unwrap().trim(), "a {\n  color: #f66;\n}");
    }
}
