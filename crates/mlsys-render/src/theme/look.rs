//! The look that a page's options set: fonts, sizes, colours and widths. Source: Quarto, "HTML Options", format options; its
//! SCSS sources, which variable each option becomes.

use super::brand::is_plain_value;
use crate::html::{Elements, Tag, html};
use mlsys_book::{OptionName, Value, name};

/// Options that become a variable of the theme, each with the form of its value.
const VARIABLES: &[(OptionName, &str, Form)] = &[
    (name!("mainfont"), "font-family-base", Form::Fonts),
    (name!("monofont"), "font-family-monospace", Form::Fonts),
    (name!("fontsize"), "font-size-root", Form::Length),
    (name!("linestretch"), "line-height-base", Form::Plain),
    (name!("fontcolor"), "body-color", Form::Color),
    (name!("linkcolor"), "link-color", Form::Color),
    (name!("backgroundcolor"), "body-bg", Form::Color),
    (name!("monobackgroundcolor"), "code-bg", Form::Color),
    (name!("grid.sidebar-width"), "grid-sidebar-width", Form::Length),
    (name!("grid.margin-width"), "grid-margin-width", Form::Length),
    (name!("grid.body-width"), "grid-body-width", Form::Length),
    (name!("grid.gutter-width"), "grid-gap", Form::Length),
    (name!("code-block-bg"), "code-block-bg", Form::ThemeColor),
    (name!("code-block-border-left"), "code-block-border-left", Form::ThemeColor),
];

/// Options that become a declaration of `body`.
const MARGINS: [(OptionName, &str); 4] = [
    (name!("margin-top"), "margin-top"),
    (name!("margin-right"), "margin-right"),
    (name!("margin-bottom"), "margin-bottom"),
    (name!("margin-left"), "margin-left"),
];

/// The form of a value.
#[derive(Clone, Copy)]
enum Form {
    /// As it is.
    Plain,
    /// Names of fonts, separated by commas.
    Fonts,
    /// A length. Numbers are pixels.
    Length,
    /// A colour.
    Color,
    /// `true`, `false`, a colour, or the name of one of the theme's.
    ThemeColor,
}

/// The theme's colours that have names.
const THEME_COLORS: [&str; 8] = ["primary", "secondary", "success", "info", "warning", "danger", "light", "dark"];

impl Form {
    fn of(self, value: &str) -> String {
        match (self, value) {
            (Form::Color | Form::ThemeColor, "none") => "transparent".to_owned(),
            (Form::ThemeColor, color) if THEME_COLORS.contains(&color) => format!("${color}"),
            (Form::Plain | Form::Color | Form::ThemeColor, value) => value.to_owned(),
            (Form::Fonts, value) => fonts(value),
            (Form::Length, value) => length(value),
        }
    }
}

/// The layer of Sass that the options of a page add to its theme. It comes last, so its variables count.
pub(super) fn look(meta: &Value) -> String {
    let mut variables = String::new();
    for (name, variable, form) in VARIABLES {
        if let Some(value) = meta.text(*name).filter(|value| is_plain_value(value)) {
            variables.push_str(&format!("${variable}: {};\n", form.of(&value)));
        }
    }
    // Beside a line code has no background, if none is set.
    let has_line = meta.text(name!("code-block-border-left")).is_some_and(|value| value != "false");
    if has_line && meta.value(name!("code-block-bg")).is_none() {
        variables.push_str("$code-block-bg: false;\n");
    }
    let margins = declarations(meta, &MARGINS);
    match (variables.is_empty(), margins.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("/*-- scss:defaults --*/\n{variables}"),
        (_, false) => {
            format!("/*-- scss:defaults --*/\n{variables}/*-- scss:rules --*/\nbody {{ {margins} }}\n")
        }
    }
}

/// The style of a page without a theme. Source: Pandoc manual, "Variables for HTML".
pub(crate) fn plain_style(meta: &Value) -> String {
    let style = |properties: &[(OptionName, &str)]| declarations(meta, properties);
    let rules = [
        (
            "html",
            style(&[
                (name!("mainfont"), "font-family"),
                (name!("fontsize"), "font-size"),
                (name!("linestretch"), "line-height"),
                (name!("fontcolor"), "color"),
                (name!("backgroundcolor"), "background-color"),
            ]),
        ),
        (
            "body",
            style(&[
                (name!("max-width"), "max-width"),
                (name!("margin-top"), "padding-top"),
                (name!("margin-right"), "padding-right"),
                (name!("margin-bottom"), "padding-bottom"),
                (name!("margin-left"), "padding-left"),
            ]),
        ),
        ("a", style(&[(name!("linkcolor"), "color")])),
        ("code", style(&[(name!("monofont"), "font-family"), (name!("monobackgroundcolor"), "background-color")])),
    ];
    let rules = rules.iter().filter(|(_, style)| !style.is_empty());
    let rules: String = rules.map(|(selector, style)| format!("{selector} {{ {style} }}\n")).collect();
    if rules.is_empty() { rules } else { html(|out| out.line(Tag::new("style"), |out| out.raw(&rules))) }
}

fn declarations(meta: &Value, properties: &[(OptionName, &str)]) -> String {
    let declaration = |(name, property): &(OptionName, &str)| {
        let value = meta.text(*name).filter(|value| is_plain_value(value))?;
        let form = match *property {
            "font-family" => Form::Fonts,
            "line-height" => Form::Plain,
            "color" | "background-color" => Form::Color,
            _ => Form::Length,
        };
        Some(format!("{property}: {};", form.of(&value)))
    };
    properties.iter().filter_map(declaration).collect::<Vec<_>>().join(" ")
}

/// Names of fonts. Those with spaces are quoted.
fn fonts(names: &str) -> String {
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let quoted = names.map(|name| {
        let is_name = name.contains(' ') && !name.starts_with(['"', '\'']);
        if is_name { format!("\"{name}\"") } else { name.to_owned() }
    });
    quoted.collect::<Vec<_>>().join(", ")
}

/// A length in CSS. A number without a unit is in pixels.
fn length(value: &str) -> String {
    let is_number = value.parse::<f64>().is_ok();
    if is_number && value != "0" { format!("{value}px") } else { value.to_owned() }
}
