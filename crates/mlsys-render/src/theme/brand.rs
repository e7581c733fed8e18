//! A brand's part of a style sheet. Source: brand.yml, "color" and "typography"; Quarto, "Brand".

use mlsys_book::{Keys, Value, brand_color, brand_of_mode, name};

/// What a brand adds to a page's style.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrandStyle {
    /// The Sass layer of the light mode.
    pub light: String,
    /// The Sass layer of the dark mode.
    pub dark: String,
    /// The style sheets of the font services that the brand names.
    pub font_urls: Vec<String>,
}

/// The path from the folder of the style sheets to the site's root.
const ROOT: &str = "../..";

/// The style of a brand, whose paths are relative to the site's root.
pub fn brand_style(brand: &Value) -> BrandStyle {
    let mut font_urls: Vec<String> = fonts(brand_of_mode(brand, "light")).filter_map(service_url).collect();
    font_urls.extend(fonts(brand_of_mode(brand, "dark")).filter_map(service_url));
    font_urls.sort();
    font_urls.dedup();
    BrandStyle { light: layer(brand, "light"), dark: layer(brand, "dark"), font_urls }
}

fn fonts(brand: &Value) -> impl Iterator<Item = &Value> {
    brand.list(name!("brand", "typography.fonts")).iter()
}

/// True if a value cannot end the declaration that it is written into.
pub(super) fn is_plain_value(value: &str) -> bool {
    !value.is_empty() && !value.contains([';', '{', '}', '\n', '<'])
}

/// True if a name can be that of a Sass variable.
fn is_variable(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// A layer of Sass: variables for what the theme has variables for, rules for the rest.
fn layer(brand: &Value, mode: &str) -> String {
    let own = brand_of_mode(brand, mode);
    let mut keys = Keys::default();
    let mut colour = |value: &Value| brand_color(brand, value, mode, &mut keys).filter(|colour| is_plain_value(colour));
    let mut variables = String::new();
    let mut properties = String::new();
    let mut put = |variable: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| is_plain_value(value)) {
            variables.push_str(&format!("${variable}: {value} !default;\n"));
        }
    };
    for entry in own.value(name!("brand", "color.palette")).map_or(&[][..], Value::entries) {
        if is_variable(&entry.key) {
            let value = colour(&entry.value);
            if let Some(value) = &value {
                properties.push_str(&format!("  --brand-{}: {value};\n", entry.key));
            }
            put(&format!("brand-{}", entry.key), value);
        }
    }
    let mut at = |value: Option<&Value>| value.and_then(&mut colour);
    for (key, variable) in [("foreground", "body-color"), ("background", "body-bg")] {
        put(variable, at(own.path(&format!("color.{key}"))));
    }
    // Each colour is a variable of its name, too; a theme may use any of them.
    for entry in own.value(name!("brand", "color")).map_or(&[][..], Value::entries) {
        if entry.key != "palette" && is_variable(&entry.key) {
            put(&entry.key, at(Some(&entry.value)));
        }
    }
    put(
        "link-color",
        at(own.value(name!("brand", "typography.link.color"))).or_else(|| at(own.value(name!("brand", "color.link")))),
    );
    put("headings-color", at(own.value(name!("brand", "typography.headings.color"))));
    put(
        "code-color",
        at(own.value(name!("brand", "typography.monospace-inline.color")))
            .or_else(|| at(own.value(name!("brand", "typography.monospace.color")))),
    );
    put(
        "code-bg",
        at(own.value(name!("brand", "typography.monospace-inline.background-color")))
            .or_else(|| at(own.value(name!("brand", "typography.monospace.background-color")))),
    );
    put(
        "code-block-bg",
        at(own.value(name!("brand", "typography.monospace-block.background-color")))
            .or_else(|| at(own.value(name!("brand", "typography.monospace.background-color")))),
    );
    let text = |value: Option<&Value>| value.and_then(Value::to_text).filter(|text| is_plain_value(text));
    for (key, variable, otherwise) in [
        ("base", "font-family-sans-serif", "system-ui, \"Noto Sans\", sans-serif"),
        ("headings", "headings-font-family", "system-ui, \"Noto Sans\", sans-serif"),
        ("monospace", "font-family-monospace", MONOSPACE),
    ] {
        let family = text(own.path(&format!("typography.{key}.family")))
            .or_else(|| text(own.path(&format!("typography.{key}"))));
        put(variable, family.map(|family| format!("\"{}\", {otherwise}", family.replace(['"', '\\'], ""))));
    }
    put("headings-font-weight", text(own.value(name!("brand", "typography.headings.weight"))));
    put("headings-line-height", text(own.value(name!("brand", "typography.headings.line-height"))));
    put("font-size-base", text(own.value(name!("brand", "typography.base.size"))).map(|size| in_rem(&size)));
    put("line-height-base", text(own.value(name!("brand", "typography.base.line-height"))));
    put("link-decoration", text(own.value(name!("brand", "typography.link.decoration"))));
    let bootstrap = own.path("defaults.bootstrap");
    let defaults = bootstrap.and_then(|bootstrap| bootstrap.get("defaults"));
    for entry in defaults.map_or(&[][..], Value::entries) {
        if is_variable(&entry.key) {
            put(&entry.key, entry.value.to_text());
        }
    }
    let mut rules = String::new();
    if !properties.is_empty() {
        rules.push_str(&format!(":root {{\n{properties}}}\n"));
    }
    for (selector, key, names) in RULES {
        let mut declarations = String::new();
        for name in *names {
            let path = format!("typography.{key}.{name}");
            let value =
                if name.ends_with("color") { own.path(&path).and_then(&mut colour) } else { text(own.path(&path)) };
            if let Some(value) = value {
                let property = match *name {
                    "family" => "font-family",
                    "size" => "font-size",
                    "weight" => "font-weight",
                    "style" => "font-style",
                    other => other,
                };
                let value = match *name {
                    "family" => format!("\"{}\", {MONOSPACE}", value.replace(['"', '\\'], "")),
                    _ => named_weight(property, &value).to_owned(),
                };
                declarations.push_str(&format!("  {property}: {value};\n"));
            }
        }
        if !declarations.is_empty() {
            rules.push_str(&format!("{selector} {{\n{declarations}}}\n"));
        }
    }
    fonts(own).for_each(|font| font_faces(font, &mut rules));
    let own_rules = bootstrap.and_then(|bootstrap| bootstrap.get("rules")).and_then(Value::to_text).unwrap_or_default();
    format!("/*-- scss:defaults --*/\n{variables}/*-- scss:rules --*/\n{rules}{own_rules}\n")
}

/// The fonts of code that every machine has.
const MONOSPACE: &str = "ui-monospace, Menlo, Consolas, monospace";

/// The rules for what the theme has no variable for: selector, key of `typography`, and its options.
const RULES: &[(&str, &str, &[&str])] = &[
    ("body", "base", &["weight"]),
    ("h1, h2, h3, h4, h5, h6", "headings", &["style"]),
    ("code, pre, kbd", "monospace", &["weight", "size"]),
    (":not(pre) > code", "monospace-inline", &["family", "weight", "size"]),
    ("pre code", "monospace-block", &["family", "color", "weight", "size", "line-height"]),
    ("main a", "link", &["weight", "background-color"]),
];

/// A weight by its name as a number: CSS knows only two of the names.
fn named_weight<'v>(property: &str, value: &'v str) -> &'v str {
    match (property, value) {
        ("font-weight", "thin") => "100",
        ("font-weight", "extra-light" | "ultra-light") => "200",
        ("font-weight", "light") => "300",
        ("font-weight", "regular") => "400",
        ("font-weight", "medium") => "500",
        ("font-weight", "semi-bold" | "demi-bold") => "600",
        ("font-weight", "extra-bold" | "ultra-bold") => "800",
        ("font-weight", "black") => "900",
        (_, value) => value,
    }
}

/// A size in pixels relative to the reader's own size.
fn in_rem(size: &str) -> String {
    match size.trim().strip_suffix("px").map(|number| number.trim().parse::<f64>()) {
        Some(Ok(pixels)) => format!("{}rem", pixels / 16.0),
        Some(Err(_)) | None => size.to_owned(),
    }
}

/// The `@font-face` rules of a font with files of its own.
fn font_faces(font: &Value, out: &mut String) {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::to_text).filter(|text| is_plain_value(text));
    if text(font, "source").is_some_and(|source| source != "file") {
        return;
    }
    let Some(family) = text(font, "family").map(|family| family.replace(['"', '\\'], "")) else { return };
    for file in font.get("files").map_or(&[][..], Value::items) {
        let path = file
            .get("path")
            .unwrap_or(file)
            .to_text()
            .filter(|path| is_plain_value(path) && !path.contains(['"', '\\']));
        let Some(path) = path else { continue };
        let url = if path.starts_with('/') { format!("{ROOT}{path}") } else { path };
        let weight = text(file, "weight").unwrap_or_else(|| "400".to_owned());
        let style = text(file, "style").unwrap_or_else(|| "normal".to_owned());
        let display = text(font, "display").unwrap_or_else(|| "swap".to_owned());
        out.push_str(&format!(
            "@font-face {{\n  font-family: \"{family}\";\n  src: url(\"{url}\");\n  font-weight: {};\n  font-style: {style};\n  \
             font-display: {display};\n}}\n",
            named_weight("font-weight", &weight)
        ));
    }
}

/// The style sheet of a font from a service; the page loads it from there, because the author asks for it.
fn service_url(font: &Value) -> Option<String> {
    let texts = |key: &str| -> Vec<String> {
        font.get(key).map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect()
    };
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.'));
    let family = font.get("family")?.to_text().filter(|family| is_name(family))?;
    let mut weights: Vec<String> = texts("weight").iter().map(|w| named_weight("font-weight", w).to_owned()).collect();
    weights.retain(|weight| is_name(weight));
    if weights.is_empty() {
        weights = vec!["400".to_owned(), "700".to_owned()];
    }
    let styles = texts("style");
    let has = |style: &str| styles.is_empty() || styles.iter().any(|own| own == style);
    let display =
        font.get("display").and_then(Value::to_text).filter(|text| is_name(text)).unwrap_or_else(|| "swap".to_owned());
    match font.get("source")?.to_text()?.as_str() {
        "google" => {
            let slants = [(0, has("normal")), (1, has("italic"))].into_iter().filter(|(_, is_wanted)| *is_wanted);
            let axes: Vec<String> =
                slants.flat_map(|(slant, _)| weights.iter().map(move |weight| format!("{slant},{weight}"))).collect();
            let family = family.replace(' ', "+");
            let axes = axes.join(";");
            Some(format!("https://fonts.googleapis.com/css2?family={family}:ital,wght@{axes}&display={display}"))
        }
        "bunny" => {
            let upright = weights.iter().filter(|_| has("normal")).cloned();
            let italic = weights.iter().filter(|_| has("italic")).map(|weight| format!("{weight}i"));
            let axes = upright.chain(italic).collect::<Vec<_>>().join(",");
            let family = family.to_lowercase().replace(' ', "-");
            Some(format!("https://fonts.bunny.net/css?family={family}:{axes}&display={display}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_pixels_follow_the_readers_size() {
        assert_eq!(in_rem("17px"), "1.0625rem");
        assert_eq!(in_rem("1.1em"), "1.1em");
    }
}
