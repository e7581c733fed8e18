//! What stands at a place of a text, by its characters: while an author types, the syntax around the cursor is incomplete.

use crate::text::line_around;
use std::ops::Range;

/// A name at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'t> {
    /// What the name names.
    pub kind: NameKind,
    /// The name.
    pub name: &'t str,
    /// Its bytes.
    pub range: Range<usize>,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A label or a work: `@fig-a`, `[-@key]`.
    Reference,
    /// A label where it is defined: `{#fig-a}`, `#| label: fig-a`, and the fragment of a link.
    Label,
    /// The key of an entry in a BibTeX file.
    Entry,
    /// A shortcode: `{{< video`.
    Shortcode,
    /// A file: `](a.png`, `include a.qmd`.
    File,
    /// An option of a cell: `#| echo`.
    CellOption,
    /// A class: `{.callout-note`.
    Class,
}

/// True for the characters of a key. Source: Pandoc manual, "Citation syntax".
fn is_key(c: char) -> bool {
    c.is_alphanumeric() || "_:.#$%&-+?<>~/".contains(c)
}

/// True for the characters of an id.
fn is_id(c: char) -> bool {
    c.is_alphanumeric() || "_:.-".contains(c)
}

/// True for the characters of a file's path in Markdown.
fn is_path(c: char) -> bool {
    !c.is_whitespace() && !"()<>\"'`#{}".contains(c)
}

/// The name that a byte of a text stands in or behind. `is_bibliography` is true for BibTeX.
pub fn name_at(text: &str, at: usize, is_bibliography: bool) -> Option<Named<'_>> {
    let (start, line) = line_around(text, at);
    let column = (at - start).min(line.len());
    let named = |kind, range: Range<usize>| {
        Some(Named { kind, name: &line[range.clone()], range: start + range.start..start + range.end })
    };
    if is_bibliography {
        let range = around(line, column, |c| is_key(c) || c == '\'');
        let before = line[..range.start].trim_end();
        return before
            .strip_suffix('{')
            .filter(|kind| kind.trim_start().starts_with('@'))
            .and_then(|_| named(NameKind::Entry, range));
    }
    let range = around(line, column, is_key);
    if let Some(mark) =
        line[range.clone()].find('@').map(|mark| range.start + mark).or_else(|| mark_before(line, range.start))
    {
        let name = mark + 1..range.end.max(mark + 1);
        let name = name.start..name.start + trimmed(&line[name]).len();
        let is_email = line[..mark].chars().next_back().is_some_and(char::is_alphanumeric);
        if column > mark && !is_email {
            return named(NameKind::Reference, name);
        }
    }
    if let Some(options) = line.trim_start().strip_prefix("#|").or_else(|| line.trim_start().strip_prefix("//|")) {
        let offset = line.len() - options.len();
        let key = options.split(':').next().unwrap_or(options);
        let key_start = offset + key.len() - key.trim_start().len();
        let key_end = key_start + key.trim().len();
        if column <= offset + key.len() {
            return named(NameKind::CellOption, key_start..key_end.max(key_start));
        }
        let range = around(line, column, is_id);
        return (key.trim() == "label").then(|| named(NameKind::Label, range)).flatten();
    }
    let range = around(line, column, is_id);
    let before = &line[..range.start];
    if let Some(inside) = before.rfind("{{<").map(|open| &before[open + 3..]).filter(|inside| !inside.contains(">}}")) {
        if inside.trim().is_empty() {
            return named(NameKind::Shortcode, range);
        }
        let file = around(line, column, is_path);
        return (inside.split_whitespace().next() == Some("include")).then(|| named(NameKind::File, file)).flatten();
    }
    let braces = before.rfind('{').filter(|open| !before[*open..].contains('}'));
    match before.chars().next_back() {
        Some('#') if braces.is_some() || is_in_url(before) => return named(NameKind::Label, range),
        Some(_) | None if braces.is_some() => {
            let class = around(line, column, |c| is_id(c) && c != '.');
            let is_class = line[..class.start].ends_with('.');
            return is_class.then(|| named(NameKind::Class, class)).flatten();
        }
        Some(_) | None => {}
    }
    let file = around(line, column, is_path);
    line[..file.start].ends_with("](").then(|| named(NameKind::File, file)).flatten()
}

/// True if a text ends within the URL of a link.
fn is_in_url(before: &str) -> bool {
    before.rfind("](").is_some_and(|open| !before[open..].contains([')', ' ']))
}

/// An `@` just before a byte.
fn mark_before(line: &str, at: usize) -> Option<usize> {
    line[..at].ends_with('@').then(|| at - 1)
}

/// A key without the punctuation that ends a sentence.
fn trimmed(key: &str) -> &str {
    key.trim_end_matches([':', '.', '#', '$', '%', '&', '-', '+', '?', '<', '>', '~', '/'])
}

/// The bytes around a place whose characters are of a kind.
fn around(line: &str, at: usize, is_part: impl Fn(char) -> bool) -> Range<usize> {
    let start = line[..at].char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(at, |(start, _)| start);
    let end = line[at..].char_indices().find(|(_, c)| !is_part(*c)).map_or(line.len(), |(end, _)| at + end);
    start..end
}

/// The keys of YAML around a place, outermost first: those of the lines above that are less indented, and that of the line itself.
/// The last is what is typed up to the place.
pub fn yaml_path(text: &str, at: usize) -> Vec<&str> {
    let (start, line) = line_around(text, at);
    let mut indent = indent_of(line);
    let own = key_of(line).unwrap_or_else(|| line.trim_start().trim_start_matches("- ").trim());
    let mut path = vec![own];
    for line in text[..start].lines().rev() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if content == "---" && indent_of(line) == 0 {
            break;
        }
        if indent_of(line) < indent {
            if let Some(key) = key_of(line) {
                path.push(key);
            }
            indent = indent_of(line);
        }
        if indent == 0 {
            break;
        }
    }
    path.reverse();
    path
}

/// The column of the first key of a line of YAML.
fn indent_of(line: &str) -> usize {
    let content = line.trim_start().trim_start_matches("- ").trim_start();
    line.len() - content.len()
}

/// The key of a line of YAML.
fn key_of(line: &str) -> Option<&str> {
    let content = line.trim_start().trim_start_matches("- ").trim_start();
    let (key, _) = content.split_once(':')?;
    Some(key.trim_matches(['"', '\'']))
}

/// True if a place of a page is in its front matter.
pub fn is_in_front_matter(text: &str, at: usize) -> bool {
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else { return false };
    let start = text.len() - rest.len();
    let end = rest.match_indices('\n').map(|(at, _)| start + at + 1).find(|at| text[*at..].starts_with("---"));
    at >= start && at < end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name at the mark `|`.
    fn found(text: &str) -> Option<(NameKind, String)> {
        let at = text.find('|').expect("a mark");
        let text = text.replacen('|', "", 1);
        name_at(&text, at, false).map(|named| {
            assert_eq!(named.name, &text[named.range.clone()]);
            (named.kind, named.name.to_owned())
        })
    }

    #[test]
    fn names_in_markdown() {
        for (text, kind, name) in [
            ("see @fig-|a.", NameKind::Reference, "fig-a"),
            ("see @|", NameKind::Reference, ""),
            ("中文🎈 [-@knu|th, p. 3]", NameKind::Reference, "knuth"),
            ("@a/b:|c.", NameKind::Reference, "a/b:c"),
            ("## Head {#sec|-x .unnumbered}", NameKind::Label, "sec-x"),
            ("[x](a.qmd#sec-|x)", NameKind::Label, "sec-x"),
            ("{{< vi|deo x >}}", NameKind::Shortcode, "video"),
            ("{{< |", NameKind::Shortcode, ""),
            ("{{< include a/_b|.qmd >}}", NameKind::File, "a/_b.qmd"),
            ("![x](a/b|.png)", NameKind::File, "a/b.png"),
            ("::: {.call|", NameKind::Class, "call"),
        ] {
            assert_eq!(found(text), Some((kind, name.to_owned())), "{text}");
        }
        for text in ["a@exa|mple.org", "plain w|ord", "|", "[x](a.png) #a|b"] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn names_in_cells_and_bibliographies() {
        let cell = "#".to_owned() + "| label: fig-a";
        let named = name_at(&cell, cell.len() - 1, false).expect("a name");
        assert_eq!((named.kind, named.name), (NameKind::Label, "fig-a"));
        let named = name_at(&cell, 4, false).expect("a name");
        assert_eq!((named.kind, named.name), (NameKind::CellOption, "label"));
        let entry = "@article{knuth84,\n title = {a}";
        assert_eq!(name_at(entry, 10, true).map(|named| named.name), Some("knuth84"));
        assert_eq!(name_at(entry, 21, true), None);
    }

    #[test]
    fn keys_of_yaml() {
        let text = "format:\n  html:\n    toc: true\n    code-";
        assert_eq!(yaml_path(text, text.len()), ["format", "html", "code-"]);
        assert_eq!(yaml_path(text, 24), ["format", "html", "toc"]);
        assert_eq!(yaml_path("a:\n- b: 1\n  c", 12), ["a", "c"]);
        assert!(is_in_front_matter("---\na: b\n---\nx", 6) && !is_in_front_matter("---\na: b\n---\nx", 14));
    }
}
