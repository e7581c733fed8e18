//! Compiles highlighting styles to CSS. Source: Quarto, "HTML Code Blocks", highlighting; Pandoc manual,
//! "--syntax-highlighting".

use super::contrast::readable;
use mlsys_book::{OptionName, Value, name};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use syntect::highlighting::{Color, FontStyle, Highlighter};
use syntect::parsing::Scope;
use two_face::theme::EmbeddedThemeName as Theme;

/// Pandoc's token types, their classes, and the equivalent scopes of TextMate grammars.
const TOKENS: [(&str, &str, &str); 29] = [
    ("Alert", "al", "invalid"),
    ("Annotation", "an", "comment.line"),
    ("Attribute", "at", "entity.other.attribute-name"),
    ("BaseN", "bn", "constant.numeric"),
    ("BuiltIn", "bu", "support.function"),
    ("Char", "ch", "constant.character.escape"),
    ("Comment", "co", "comment.line"),
    ("CommentVar", "cv", "comment.line"),
    ("Constant", "cn", "constant.language"),
    ("ControlFlow", "cf", "keyword.control"),
    ("DataType", "dt", "storage.type"),
    ("DecVal", "dv", "constant.numeric"),
    ("Documentation", "do", "comment.block.documentation"),
    ("Error", "er", "invalid"),
    ("Extension", "ex", "support.function"),
    ("Float", "fl", "constant.numeric"),
    ("Function", "fu", "entity.name.function"),
    ("Import", "im", "keyword.control.import"),
    ("Information", "in", "comment.line"),
    ("Keyword", "kw", "keyword"),
    ("Operator", "op", "keyword.operator"),
    ("Other", "ot", "entity.other.attribute-name"),
    ("Preprocessor", "pp", "meta.preprocessor"),
    ("SpecialChar", "sc", "constant.character.escape"),
    ("SpecialString", "ss", "string.regexp"),
    ("String", "st", "string.quoted.double"),
    ("Variable", "va", "variable.language"),
    ("VerbatimString", "vs", "string.quoted"),
    ("Warning", "wa", "comment.line"),
];

/// The styles of Pandoc and Quarto.
const STYLES: &str = include_str!("styles.txt");

/// The colours of highlighted code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HighlightStyle {
    text: Option<String>,
    background: Option<String>,
    tokens: BTreeMap<&'static str, Token>,
}

/// The style of a token. A token without one inherits the style of the surrounding text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Token {
    color: Option<String>,
    background: Option<String>,
    bold: bool,
    italic: bool,
    underline: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ThemeFile {
    text_color: Option<String>,
    background_color: Option<String>,
    #[serde(default)]
    text_styles: BTreeMap<String, ThemeToken>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ThemeToken {
    text_color: Option<String>,
    background_color: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
}

impl HighlightStyle {
    /// Parses a theme file of Pandoc or KDE.
    ///
    /// # Errors
    /// Fails if the file is not JSON of this form.
    pub fn from_theme_file(json: &str) -> Result<Self, serde_json::Error> {
        let file: ThemeFile = serde_json::from_str(json)?;
        let mut style = HighlightStyle {
            text: file.text_color.filter(|c| is_color(c)),
            background: file.background_color.filter(|c| is_color(c)),
            tokens: BTreeMap::new(),
        };
        for (name, token) in file.text_styles {
            let Some((_, class, _)) = TOKENS.iter().find(|(known, ..)| *known == name) else { continue };
            let ThemeToken { text_color, background_color, bold, italic, underline } = token;
            let color = text_color.filter(|c| is_color(c));
            let background = background_color.filter(|c| is_color(c));
            style.tokens.insert(class, Token { color, background, bold, italic, underline });
        }
        Ok(style)
    }

    /// A style by its Pandoc or Quarto name, in its dark or light variant if it has both; `None` for an unknown name.
    pub fn named(name: &str, dark: bool) -> Option<Self> {
        let line = |name: &str| STYLES.lines().find(|line| line.split(' ').next() == Some(name));
        let dark_line = if dark { line(&format!("{name}-dark")) } else { None };
        let light_name = name.strip_suffix("-light").unwrap_or(name);
        if let Some(line) = dark_line.or_else(|| line(name)).or_else(|| line(light_name)) {
            return Some(HighlightStyle::from_line(line));
        }
        let theme = match (name, dark) {
            ("gruvbox" | "gruvbox-light", _) => Theme::GruvboxLight,
            ("solarized-dark", _) => Theme::SolarizedDark,
            _ => return None,
        };
        Some(HighlightStyle::from_embedded(theme))
    }

    fn from_line(line: &str) -> Self {
        let mut style = HighlightStyle::default();
        for (key, value) in line.split(' ').filter_map(|part| part.split_once('=')) {
            let (color, font) = value.split_once('/').unwrap_or((value, ""));
            let color = (color != "-").then(|| color.to_owned());
            match (key, TOKENS.iter().find(|(_, class, _)| *class == key)) {
                ("text", _) => style.text = color,
                ("background", _) => style.background = color,
                (_, Some((_, class, _))) => {
                    let has = |letter| font.contains(letter);
                    let (bold, italic, underline) = (has('b'), has('i'), has('u'));
                    style.tokens.insert(class, Token { color, background: None, bold, italic, underline });
                }
                (_, None) => {}
            }
        }
        style
    }

    /// Converts an editor theme, token by token.
    fn from_embedded(name: Theme) -> Self {
        let themes = two_face::theme::extra();
        let theme = themes.get(name);
        let highlighter = Highlighter::new(theme);
        let hex = |c: Color| format!("#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
        let mut style = HighlightStyle {
            text: theme.settings.foreground.map(hex),
            background: theme.settings.background.map(hex),
            tokens: BTreeMap::new(),
        };
        for (_, class, scope) in TOKENS {
            let Ok(scope) = Scope::new(scope) else { continue };
            let found = highlighter.style_mod_for_stack(&[scope]);
            let font = found.font_style.unwrap_or_default();
            let token = Token {
                color: found.foreground.map(hex),
                background: None,
                bold: font.contains(FontStyle::BOLD),
                italic: font.contains(FontStyle::ITALIC),
                underline: font.contains(FontStyle::UNDERLINE),
            };
            style.tokens.insert(class, token);
        }
        style
    }

    /// True if the style is for dark pages; `None` if it does not say.
    fn is_dark(&self) -> Option<bool> {
        let light = |color: &String| luminance(color).map(|l| l > 0.4);
        self.background.as_ref().and_then(light).map(|l| !l).or_else(|| self.text.as_ref().and_then(light))
    }

    /// The style as CSS rules. Colours with too little contrast to the style's background are adjusted.
    pub fn to_css(&self) -> String {
        // Without a background of its own, the style gets the theme's.
        let own = if self.is_dark() == Some(true) { "#282b30" } else { "#f3f4f6" };
        let background = self.background.as_deref().unwrap_or(own);
        let mut css = String::from("/*-- scss:rules --*/\n");
        if let Some(background) = &self.background {
            let _ = writeln!(css, ":root {{ --mlsys-code-block-bg: {background}; }}");
        }
        if let Some(text) = &self.text {
            let text = readable(text, background);
            let _ = writeln!(css, "pre.sourceCode {{ color: {text}; }}");
        }
        for (_, class, _) in TOKENS {
            let token = self.tokens.get(class).cloned().unwrap_or_default();
            let behind = token.background.as_deref().unwrap_or(background);
            let color = token.color.map_or_else(|| "inherit".to_owned(), |color| readable(&color, behind));
            let weight = if token.bold { "bold" } else { "inherit" };
            let slant = if token.italic { "italic" } else { "normal" };
            let _ = write!(css, "code span.{class} {{ color: {color}; font-weight: {weight}; font-style: {slant};");
            if token.underline {
                css.push_str(" text-decoration: underline;");
            }
            if let Some(background) = &token.background {
                let _ = write!(css, " background: {background};");
            }
            css.push_str(" }\n");
        }
        css
    }
}

/// The styles of a project for each mode; `None` keeps the theme's own colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HighlightStyles {
    /// In the light mode.
    pub light: Option<HighlightStyle>,
    /// In the dark mode. A single style for light pages is not used on dark ones.
    pub dark: Option<HighlightStyle>,
}

/// The value of `syntax-highlighting`, or of its former name `highlight-style`.
pub fn syntax_highlighting(meta: &Value) -> Option<&Value> {
    meta.value(name!("syntax-highlighting")).or_else(|| meta.value(name!("highlight-style")))
}

/// Resolves the highlighting style. `file` reads a theme file by its name as written.
///
/// # Errors
///
/// Fails for an unknown name or an invalid file.
pub fn highlight_styles<'f>(
    meta: &Value,
    file: impl Fn(&str) -> Option<&'f str>,
) -> Result<HighlightStyles, (String, mlsys_book::Place)> {
    let Some(value) = syntax_highlighting(meta) else { return Ok(HighlightStyles::default()) };
    let read = |value: &Value, dark: bool| {
        let Some(name) = value.to_text() else { return Ok(None) };
        if matches!(name.as_str(), "none" | "default" | "true" | "false" | "idiomatic") {
            return Ok(None);
        }
        if name.contains('.') {
            let Some(text) = file(&name) else { return Ok(None) };
            let style = HighlightStyle::from_theme_file(text);
            return style
                .map(Some)
                .map_err(|error| (format!("`{name}` is no highlighting theme: {error}"), value.place));
        }
        match HighlightStyle::named(&name, dark) {
            Some(style) => Ok(Some(style)),
            // Some styles have one variant only.
            None if HighlightStyle::named(&name, !dark).is_some() => Ok(None),
            None => {
                Err((format!("the highlighting style `{name}` is not known; the theme's own is used"), value.place))
            }
        }
    };
    if value.entries().is_empty() {
        let (light, dark) = (read(value, false)?, read(value, true)?);
        return Ok(HighlightStyles { light, dark: dark.filter(|style| style.is_dark() != Some(false)) });
    }
    let of = |key: OptionName, dark: bool| value.value(key).map_or(Ok(None), |value| read(value, dark));
    Ok(HighlightStyles {
        light: of(name!("highlight-style", "light"), false)?,
        dark: of(name!("highlight-style", "dark"), true)?,
    })
}

/// True for a hexadecimal colour.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|d| matches!(d.len(), 3 | 6) && d.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The lightness of a colour, 0 to 1.
fn luminance(color: &str) -> Option<f64> {
    let digits = color.strip_prefix('#')?;
    let wide: String =
        if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let part = |at: usize| wide.get(at..at + 2).and_then(|d| u8::from_str_radix(d, 16).ok()).map(f64::from);
    Some((0.2126 * part(0)? + 0.7152 * part(2)? + 0.0722 * part(4)?) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_styles_have_colours() {
        for name in ["pygments", "tango", "kate", "zenburn", "github", "gruvbox", "solarized", "nord", "dracula", "ayu"]
        {
            let style = HighlightStyle::named(name, false).expect(name);
            assert!(style.tokens.get("st").is_some_and(|token| token.color.is_some()), "{name}");
        }
        assert_eq!(HighlightStyle::named("nobody", false), None);
        assert_eq!(HighlightStyle::named("ayu", true), HighlightStyle::named("ayu-dark", false));
    }

    #[test]
    fn theme_files_give_rules() {
        let json = r##"{"text-color": "#000000", "background-color": "#F2F4F8",
            "text-styles": {"Keyword": {"text-color": "#003b4f", "bold": true}, "String": {"text-color": "url(x)"}}}"##;
        let style = HighlightStyle::from_theme_file(json).unwrap();
        assert_eq!(style.is_dark(), Some(false));
        let css = style.to_css();
        assert!(css.contains("code span.kw { color: #003b4f; font-weight: bold; font-style: normal; }"), "{css}");
        assert!(css.contains("code span.st { color: inherit;"), "{css}");
        assert!(HighlightStyle::from_theme_file("[").is_err());
    }
}
