//! Shortcodes: `{{< name arg key="value" >}}`. Source: Quarto guide, "Shortcodes".

use crate::context::Context;
use crate::text::{Text, at_most};

use mlsys_book::{
    Attr, Code, Diagnostic, Keys, License, Logo, Scope, Shortcode, Span, Value, ValueKind, brand_color_named,
    brand_logo, copyright_statement, name, suggest,
};

/// The supported shortcodes. Others are reported and stay visible.
pub const NAMES: &[&str] = &[
    "meta",
    "var",
    "env",
    "include",
    "pagebreak",
    "kbd",
    "video",
    "margin-video",
    "lipsum",
    "placeholder",
    "version",
    "contents",
    "embed",
    "brand",
];

/// The maximal length of a shortcode, which bounds the search for its end.
const LONGEST: usize = 4096;

/// The shortcode at the start of `text`, and its length in bytes. Arguments may be quoted; quotes may contain `>}}`.
pub(crate) fn parse(text: &str) -> Option<(Shortcode, usize)> {
    let text = at_most(text, LONGEST);
    let mut at = if text.starts_with("{{<") && !text.starts_with("{{{<") { 3 } else { return None };
    let mut shortcode = Shortcode { name: String::new(), args: Vec::new(), pairs: Vec::new() };
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with(">}}") {
            at += 3;
            break;
        }
        let (word, length, quoted) = word(rest)?;
        at += length;
        if shortcode.name.is_empty() {
            shortcode.name = word;
        } else if !quoted && text[at..].starts_with('=') && !word.is_empty() {
            at += 1;
            let after = &text[at..];
            let (value, length) = match after.chars().next() {
                None => return None,
                Some(c) if c.is_whitespace() => (String::new(), 0),
                Some(_) if after.starts_with(">}}") => (String::new(), 0),
                Some(_) => self::value(after)?,
            };
            at += length;
            shortcode.pairs.push((word, value));
        } else {
            shortcode.args.push(word);
        }
    }
    (!shortcode.name.is_empty()).then_some((shortcode, at))
}

/// A shortcode in the marks of a comment, `{{</* name */>}}`: its text without them, which is shown, and its length in bytes.
pub(crate) fn commented(text: &str) -> Option<(String, usize)> {
    let text = at_most(text, LONGEST);
    let inner = text.strip_prefix("{{</*")?;
    let end = inner.find("*/>}}")?;
    let length = "{{</*".len() + end + "*/>}}".len();
    Some((format!("{{{{<{}>}}}}", &inner[..end]), length))
}

/// The shortcode at the start of a text, and its length in bytes; `None` if it starts with none.
pub fn parse_shortcode(text: &str) -> Option<(Shortcode, usize)> {
    parse(text)
}

/// A word before white space, `=` or the end: the word, its length in the text, whether it was quoted.
fn word(text: &str) -> Option<(String, usize, bool)> {
    if let Some((word, length)) = quoted(text) {
        return Some((word, length, true));
    }
    // Only a name can have a value: the `=` of `https://host/watch?v=x` belongs to the address.
    let name = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.')).unwrap_or(text.len());
    let mut length = match text[name..].starts_with('=') {
        true => name,
        false => text.find(char::is_whitespace).unwrap_or(text.len()),
    };
    if let Some(end) = text[..length].find(">}}") {
        length = end;
    }
    if length == 0 {
        // A lone `=` is a word by itself.
        return text.starts_with('=').then(|| ("=".to_owned(), 1, true));
    }
    Some((text[..length].to_owned(), length, false))
}

fn value(text: &str) -> Option<(String, usize)> {
    if let Some(found) = quoted(text) {
        return Some(found);
    }
    let mut length = text.find(char::is_whitespace).unwrap_or(text.len());
    if let Some(end) = text[..length].find(">}}") {
        length = end;
    }
    (length > 0).then(|| (text[..length].to_owned(), length))
}

fn quoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut word = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            _ if c == quote && !escaped => return Some((word, at + 1)),
            _ if escaped && c != quote && c != '\\' => word.extend(['\\', c]),
            _ => word.push(c),
        }
        escaped = false;
    }
    None
}

/// The value of a `meta`, `var`, `env` or `brand` shortcode.
pub(crate) enum Expansion {
    /// A text, to be read as Markdown except where it is in code, a URL or an attribute.
    Text(String),
    /// The name is undefined.
    Missing(String),
}

/// The value of a `meta`, `var`, `env` or `brand` shortcode; nothing for other shortcodes.
///
/// Source: Quarto guide, "Shortcodes": `var` and `meta` take a path of keys with dots (numbers count list items from 1, a
/// backslash before a dot makes it part of a key), `env` a name and a fallback. `brand` takes `color` or `logo`, a name, and
/// possibly `light` or `dark`; a logo's value is its path.
pub(crate) fn expand<'a>(shortcode: &Shortcode, scope: &'a Scope, keys: &mut Keys<'a>) -> Option<Expansion> {
    let argument = shortcode.args.first().map_or("", String::as_str);
    let root = match shortcode.name.as_str() {
        "meta" => &scope.meta,
        "var" => &scope.variables,
        "env" => {
            let found = scope.environment.get(argument).cloned();
            return Some(match found.or_else(|| shortcode.args.get(1).cloned()) {
                Some(text) => Expansion::Text(text),
                None => Expansion::Missing(argument.to_owned()),
            });
        }
        "brand" => {
            let path = |logo: mlsys_book::Logo| logo.path;
            let found = match brand_arguments(shortcode) {
                ("color", name, mode) => brand_color_named(&scope.brand, name, mode.unwrap_or("light"), keys),
                ("logo", name, mode) => brand_logo(&scope.brand, name, mode.unwrap_or("light")).map(path),
                _ => None,
            };
            return Some(found.map_or_else(|| Expansion::Missing(shortcode.args.join(" ")), Expansion::Text));
        }
        _ => return None,
    };
    let derived = || (shortcode.name == "meta").then(|| rights(root, argument)).flatten();
    Some(match look_up(root, argument, keys).and_then(text_of).or_else(derived) {
        Some(text) => Expansion::Text(text),
        None => Expansion::Missing(argument.to_owned()),
    })
}

/// A text that follows from `license` or `copyright`: `license.text`, `license.url`, `copyright.statement`.
fn rights(meta: &Value, path: &str) -> Option<String> {
    let license = || License::new(meta.value(name!("license"))?.items().first()?);
    match path {
        "license.text" => Some(license()?.text),
        "license.url" => license()?.url,
        "copyright.statement" => copyright_statement(meta.value(name!("copyright"))?),
        _ => None,
    }
}

/// The logos that a `brand logo` shortcode shows in running text, each with its class: where none of `light` and `dark` is asked
/// for, both, if they differ.
pub(crate) fn brand_logos(shortcode: &Shortcode, scope: &Scope) -> Vec<(Logo, Option<&'static str>)> {
    let ("brand", ("logo", name, mode)) = (shortcode.name.as_str(), brand_arguments(shortcode)) else {
        return Vec::new();
    };
    let logo = |mode: &str| brand_logo(&scope.brand, name, mode);
    match (mode, logo("light"), logo("dark")) {
        (None, Some(light), Some(dark)) if light != dark => {
            vec![(light, Some("light-content")), (dark, Some("dark-content"))]
        }
        (Some("dark"), _, Some(logo)) | (_, Some(logo), _) | (_, None, Some(logo)) => vec![(logo, None)],
        (_, None, None) => Vec::new(),
    }
}

/// The arguments of a `brand` shortcode: colour or logo, name, and mode.
fn brand_arguments(shortcode: &Shortcode) -> (&str, &str, Option<&str>) {
    let argument = |at: usize| shortcode.args.get(at).map(String::as_str);
    (argument(0).unwrap_or(""), argument(1).unwrap_or(""), argument(2))
}

/// A text with its shortcodes replaced.
pub(crate) struct Expanded {
    /// The text.
    pub text: String,
    /// The undefined names: their range in the original text, the shortcode, and the name.
    pub missing: Vec<(std::ops::Range<usize>, String, String)>,
}

/// The text of code, a URL or an attribute with its `meta`, `var`, `env` and `brand` shortcodes replaced by their values; the
/// others stay as they are, and escaped ones lose a brace on both sides. Source: Quarto guide, "Shortcodes", escaping.
pub(crate) fn expand_verbatim<'a>(text: &str, scope: &'a Scope, keys: &mut Keys<'a>) -> Expanded {
    let mut out = Expanded { text: String::with_capacity(text.len()), missing: Vec::new() };
    let mut rest = text;
    while let Some(start) = rest.find("{{<") {
        let escaped = rest[..start].ends_with('{');
        out.text.push_str(&rest[..start]);
        rest = &rest[start..];
        if escaped && let Some(close) = rest.find(">}}}") {
            out.text.pop();
            out.text.push_str(&rest[..close + 3]);
            rest = &rest[close + 4..];
            continue;
        }
        if let Some((shown, length)) = commented(rest) {
            out.text.push_str(&shown);
            rest = &rest[length..];
            continue;
        }
        let Some((call, length)) = parse(rest) else {
            out.text.push_str(&rest[..3]);
            rest = &rest[3..];
            // Without a closing part there is none for the next one either.
            if !rest.contains(">}}") {
                break;
            }
            continue;
        };
        match expand(&call, scope, keys) {
            Some(Expansion::Text(value)) => out.text.push_str(&value),
            Some(Expansion::Missing(name)) => {
                out.text.push_str(&format!("?{}:{name}", call.name));
                let at = text.len() - rest.len();
                out.missing.push((at..at + length, call.name, name));
            }
            None => out.text.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out.text.push_str(rest);
    out
}

/// Replaces the shortcodes in a text from a span; see [`expand_verbatim`].
pub(crate) fn expand_text(text: &mut String, span: Span, cx: &mut Context<'_>) {
    if !text.contains("{{<") {
        return;
    }
    let expanded = expand_verbatim(text, cx.scope, &mut cx.keys);
    let places = Text::from_value(&cx.source.text, text, span);
    for (range, name, wanted) in expanded.missing {
        let hint = similar_name(&name, &wanted, cx.scope);
        cx.report(Code::UnknownVariable, places.span(range), missing(&name, &wanted)).hints.extend(hint);
    }
    *text = expanded.text;
}

/// Replaces the `meta`, `var`, `env` and `brand` shortcodes in the texts of a value.
pub fn expand_values(value: &mut Value, scope: &Scope, diagnostics: &mut Vec<Diagnostic>) {
    let mut keys = Keys::default();
    let mut values = vec![value];
    while let Some(value) = values.pop() {
        let place = value.place;
        match &mut value.kind {
            ValueKind::Map(entries) => values.extend(entries.iter_mut().map(|entry| &mut entry.value)),
            ValueKind::Seq(items) => values.extend(items.iter_mut()),
            ValueKind::String(text) if text.contains("{{<") => {
                let expanded = expand_verbatim(text, scope, &mut keys);
                for (_, name, wanted) in expanded.missing {
                    let mut diagnostic = Diagnostic::new(Code::UnknownVariable, place, missing(&name, &wanted));
                    diagnostic.hints.extend(similar_name(&name, &wanted, scope));
                    diagnostics.push(diagnostic);
                }
                *text = expanded.text;
            }
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => {}
        }
    }
}

/// Replaces the shortcodes in the values of attributes.
pub(crate) fn expand_attributes(attr: &mut Attr, cx: &mut Context<'_>) {
    for pair in &mut attr.pairs {
        expand_text(&mut pair.value, pair.value_span, cx);
    }
}

/// The message for an undefined name of a `meta`, `var`, `env` or `brand` shortcode.
pub(crate) fn missing(shortcode: &str, name: &str) -> String {
    let what = match shortcode {
        "meta" => "metadata key",
        "var" => "variable",
        "brand" => "brand value",
        _ => "environment variable",
    };
    format!("undefined {what} `{name}`")
}

/// A hint that names what a `meta`, `var` or `brand` shortcode with an undefined name probably means.
pub(crate) fn similar_name(shortcode: &str, name: &str, scope: &Scope) -> Option<String> {
    let keys = |value: &Value| value.entries().iter().map(|entry| entry.key.clone()).collect::<Vec<_>>();
    if let ("brand", Some(color)) = (shortcode, name.strip_prefix("color ")) {
        let colors = scope.brand.value(name!("brand", "color"))?;
        let palette = scope.brand.value(name!("brand", "color.palette")).map(keys).unwrap_or_default();
        let names: Vec<String> = keys(colors).into_iter().chain(palette).collect();
        return suggest(color, names.iter().map(String::as_str)).map(|name| format!("did you mean `color {name}`?"));
    }
    let mut value = match shortcode {
        "meta" => &scope.meta,
        "var" => &scope.variables,
        _ => return None,
    };
    let mut path = String::new();
    for key in name.split('.') {
        match value.get(key) {
            Some(inner) => {
                path = path + key + ".";
                value = inner;
            }
            None => {
                let known = keys(value);
                let meant = suggest(key, known.iter().map(String::as_str))?;
                return Some(format!("did you mean `{path}{meant}`?"));
            }
        }
    }
    None
}

/// The image that a `placeholder` shortcode stands for, as a URL. Source: Quarto, "Placeholder".
pub(crate) fn placeholder_url(text: &str) -> Option<String> {
    let (call, length) = parse(text).filter(|(call, _)| call.name == "placeholder")?;
    let number = |at: usize| call.args.get(at).and_then(|arg| arg.parse::<u32>().ok());
    let width = number(0).unwrap_or(100);
    let height = number(1).unwrap_or(width);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'><rect width='100%' height='100%' \
         fill='%23ddd'/></svg>"
    );
    let encoded = svg.replace('<', "%3C").replace('>', "%3E").replace(' ', "%20");
    Some(format!("data:image/svg+xml,{encoded}{}", &text[length..]))
}

fn look_up<'a>(root: &'a Value, path: &str, keys: &mut Keys<'a>) -> Option<&'a Value> {
    if path.is_empty() {
        return None;
    }
    // A key may hold a dot: the whole path first, then its parts.
    let whole = path.replace("\\\\.", ".").replace("\\.", ".");
    if let Some(value) = keys.get(root, &whole) {
        return Some(value);
    }
    let protected = path.replace("\\\\.", "\u{0}").replace("\\.", "\u{0}");
    protected.split('.').try_fold(root, |value, key| {
        let key = key.replace('\u{0}', ".");
        keys.get(value, &key).or_else(|| {
            let index: usize = key.parse().ok().filter(|_| value.entries().is_empty() && value.as_str().is_none())?;
            value.items().get(index.checked_sub(1)?)
        })
    })
}

fn text_of(value: &Value) -> Option<String> {
    value.to_text().or_else(|| {
        let items: Vec<String> =
            value.items().iter().filter(|_| value.entries().is_empty()).filter_map(Value::to_text).collect();
        (!items.is_empty()).then(|| items.join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_may_be_quoted_and_named() {
        let (shortcode, length) =
            parse(r#"{{< video "a >}} b" w='1' h=2 x >}} y"#).unwrap_or_else(|| panic!("not read"));
        assert_eq!(shortcode.name, "video");
        assert_eq!(shortcode.args, ["a >}} b", "x"]);
        assert_eq!(shortcode.pairs, [("w".to_owned(), "1".to_owned()), ("h".to_owned(), "2".to_owned())]);
        assert_eq!(length, 35);
        let (shortcode, _) = parse("{{< video https://host/watch?v=abc x=1 >}}").unwrap_or_else(|| panic!("not read"));
        assert_eq!(shortcode.args, ["https://host/watch?v=abc"]);
        assert_eq!(shortcode.pairs, [("x".to_owned(), "1".to_owned())]);
        assert!(parse("{{< >}}").is_none());
        assert!(parse("{{< x ").is_none());
        assert_eq!(parse("{{<pagebreak>}}").map(|s| s.1), Some(15));
    }
}
