//! Pandoc's readers and extensions: which ones a page's `from` switches. Source: Pandoc manual, "Extensions", and `--list-extensions`.

use mlsys_book::{Code, Diagnostic, Severity, Value, ValueKind, did_you_mean};

macro_rules! extensions {
    ($($name:ident: $default:literal, $doc:literal;)*) => {
        /// The extensions that `from` switches on and off: `from: markdown-smart`, `from: markdown+emoji`.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) struct ReaderOptions {
            $(#[doc = $doc] pub $name: bool,)*
        }

        impl Default for ReaderOptions {
            fn default() -> Self {
                ReaderOptions { $($name: $default,)* }
            }
        }

        impl ReaderOptions {
            /// The switch of an extension.
            fn switch(&mut self, name: &str) -> Option<&mut bool> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }

        const SWITCHED: &[&str] = &[$(stringify!($name)),*];
    };
}

extensions! {
    ascii_identifiers: false, "Automatic ids without accents.";
    autolink_bare_uris: false, "Addresses in the text are links.";
    blank_before_blockquote: true, "A quotation needs a blank line before it.";
    blank_before_header: true, "A heading needs a blank line before it.";
    bracketed_spans: true, "`[text]{.class}`";
    citations: true, "`@key`";
    definition_lists: true, "Definition lists.";
    east_asian_line_breaks: true, "Line ends between characters of scripts without spaces are nothing; off in Pandoc.";
    emoji: false, "`:smile:`; off unless the page asks for it, as in Quarto's HTML.";
    example_lists: true, "`(@label)`";
    fancy_lists: true, "Letters, Roman numbers, `#.` and parentheses.";
    footnotes: true, "`[^label]`";
    gfm_auto_identifiers: false, "Automatic ids as on GitHub.";
    grid_tables: true, "Tables between lines.";
    hard_line_breaks: false, "Line ends break lines.";
    ignore_line_breaks: false, "Line ends are nothing.";
    implicit_figures: true, "An image alone in a paragraph is a figure.";
    implicit_header_references: true, "`[Text of a heading]` is a link to it.";
    inline_notes: true, "`^[text]`";
    line_blocks: true, "Lines that begin with `|`.";
    lists_without_preceding_blankline: false, "A list needs no blank line before it.";
    mark: false, "`==text==`";
    multiline_tables: true, "Tables with rows of several lines.";
    pipe_tables: true, "`| a | b |`";
    raw_html: true, "Tags are HTML.";
    raw_tex: true, "Commands and environments of TeX.";
    short_subsuperscripts: false, "`x^2`, without a closing mark.";
    simple_tables: true, "Tables in columns.";
    smart: true, "Quotation marks, dashes, ellipses.";
    space_in_atx_header: true, "A heading needs a space after its number signs.";
    startnum: true, "A list begins with its first number.";
    strikeout: true, "`~~text~~`";
    subscript: true, "`~text~`";
    superscript: true, "`^text^`";
    task_lists: true, "`- [ ]`";
    tex_math_dollars: true, "`$x$`";
    tex_math_double_backslash: false, "`\\\\(x\\\\)`";
    tex_math_single_backslash: false, "`\\(x\\)`";
    wikilinks_title_after_pipe: false, "`[[url|title]]`";
    wikilinks_title_before_pipe: false, "`[[title|url]]`";
}

/// The extensions that stay as they are, on or off.
const FIXED: &[(&str, bool)] = &[
    ("abbreviations", false),
    ("alerts", false),
    ("all_symbols_escapable", true),
    ("angle_brackets_escapable", true),
    ("attributes", true),
    ("auto_identifiers", true),
    ("backtick_code_blocks", true),
    ("escaped_line_breaks", true),
    ("fenced_code_attributes", true),
    ("fenced_code_blocks", true),
    ("fenced_divs", true),
    ("four_space_rule", false),
    ("gutenberg", false),
    ("header_attributes", true),
    ("inline_code_attributes", true),
    ("intraword_underscores", true),
    ("latex_macros", true),
    ("link_attributes", true),
    ("literate_haskell", false),
    ("markdown_attribute", false),
    ("markdown_in_html_blocks", true),
    ("mmd_header_identifiers", false),
    ("mmd_link_attributes", false),
    ("mmd_title_block", false),
    ("native_divs", true),
    ("native_spans", true),
    ("old_dashes", false),
    ("pandoc_title_block", false),
    ("raw_attribute", true),
    ("rebase_relative_paths", false),
    ("shortcut_reference_links", true),
    ("sourcepos", false),
    ("spaced_reference_links", false),
    ("table_attributes", true),
    ("table_captions", true),
    ("tex_math_gfm", false),
    ("yaml_metadata_block", true),
];

/// Other readers of Markdown: the extensions of `SWITCHED` that they have. None needs a blank line before lists, headings or
/// quotations except where Pandoc's own reader reads them.
const READERS: &[(&str, &[&str])] = &[
    ("commonmark", &["raw_html"]),
    (
        "commonmark_x",
        &[
            "bracketed_spans",
            "definition_lists",
            "emoji",
            "fancy_lists",
            "footnotes",
            "gfm_auto_identifiers",
            "implicit_header_references",
            "pipe_tables",
            "raw_html",
            "smart",
            "startnum",
            "strikeout",
            "subscript",
            "superscript",
            "task_lists",
            "tex_math_dollars",
        ],
    ),
    (
        "gfm",
        &[
            "autolink_bare_uris",
            "emoji",
            "footnotes",
            "gfm_auto_identifiers",
            "pipe_tables",
            "raw_html",
            "startnum",
            "strikeout",
            "task_lists",
            "tex_math_dollars",
        ],
    ),
    (
        "markdown_github",
        &[
            "autolink_bare_uris",
            "emoji",
            "footnotes",
            "gfm_auto_identifiers",
            "pipe_tables",
            "raw_html",
            "space_in_atx_header",
            "strikeout",
            "task_lists",
        ],
    ),
    (
        "markdown_mmd",
        &[
            "blank_before_blockquote",
            "blank_before_header",
            "definition_lists",
            "footnotes",
            "implicit_figures",
            "implicit_header_references",
            "pipe_tables",
            "raw_html",
            "short_subsuperscripts",
            "subscript",
            "superscript",
            "tex_math_dollars",
            "tex_math_double_backslash",
        ],
    ),
    ("markdown_phpextra", &["definition_lists", "footnotes", "pipe_tables", "raw_html"]),
    ("markdown_strict", &["raw_html"]),
];

/// The reader that we have.
const OWN: &str = "markdown";

impl ReaderOptions {
    /// The options of a reader such as `markdown+hard_line_breaks-smart` (the metadata key `from`).
    pub fn from_reader(reader: &str) -> Self {
        let mut options = ReaderOptions::default();
        let (name, extensions) = parts(reader);
        if let Some((_, on)) = READERS.iter().find(|(own, _)| *own == name) {
            for name in SWITCHED {
                if let Some(switch) = options.switch(name) {
                    *switch = on.contains(name);
                }
            }
            options.east_asian_line_breaks = true;
            options.space_in_atx_header = name != "markdown_strict";
            options.lists_without_preceding_blankline =
                matches!(name, "commonmark" | "commonmark_x" | "gfm" | "markdown_github");
        }
        for (name, on) in extensions {
            if let Some(switch) = options.switch(name) {
                *switch = on;
            }
        }
        options
    }
}

/// A reader's name, and its extensions with their signs.
fn parts(reader: &str) -> (&str, Vec<(&str, bool)>) {
    let name_end = reader.find(['+', '-']).unwrap_or(reader.len());
    let mut extensions = Vec::new();
    let mut rest = &reader[name_end..];
    while let Some(sign) = rest.bytes().next() {
        let end = rest[1..].find(['+', '-']).map_or(rest.len(), |end| end + 1);
        extensions.push((rest[1..end].trim(), sign == b'+'));
        rest = &rest[end..];
    }
    (reader[..name_end].trim(), extensions)
}

/// The diagnostics of a value of `from`: readers that we do not have, extensions that do not switch and unknown ones.
pub(crate) fn check(value: &Value) -> Vec<Diagnostic> {
    let ValueKind::String(text) = &value.kind else { return Vec::new() };
    let (name, extensions) = parts(text);
    let mut diagnostics = Vec::new();
    let mut report = |code, severity, message: String, hint: String| {
        let diagnostic = Diagnostic::new(code, value.place, message).hint(hint);
        diagnostics.push(Diagnostic { severity, ..diagnostic });
    };
    if READERS.iter().any(|(own, _)| *own == name) {
        let message =
            format!("the reader `{name}` is not supported: the page is read as Pandoc's Markdown with its extensions");
        let hint = "write for Pandoc's Markdown, and remove `from`";
        report(Code::UnsupportedSetting, Severity::Warning, message, hint.to_owned());
    } else if name != OWN {
        let message = format!("the reader `{name}` is not supported: the page is read as Markdown");
        let meant = did_you_mean(name, READERS.iter().map(|(name, _)| *name).chain([OWN]));
        let hint = meant.unwrap_or_else(|| "convert the page to Markdown, and remove `from`".to_owned());
        report(Code::UnsupportedSetting, Severity::Error, message, hint);
    }
    for (name, on) in extensions {
        if SWITCHED.contains(&name) || FIXED.iter().any(|(fixed, is_on)| *fixed == name && *is_on == on) {
            continue;
        }
        let sign = if on { '+' } else { '-' };
        if FIXED.iter().any(|(fixed, _)| *fixed == name) {
            let message = format!("the extension `{name}` cannot be switched {}", if on { "on" } else { "off" });
            report(Code::UnsupportedSetting, Severity::Warning, message, format!("remove `{sign}{name}`"));
        } else {
            let known = SWITCHED.iter().copied().chain(FIXED.iter().map(|(name, _)| *name));
            let hint = did_you_mean(name, known).unwrap_or_else(|| format!("remove `{sign}{name}`"));
            report(Code::InvalidConfigValue, Severity::Warning, format!("unknown extension `{name}`"), hint);
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_have_one_state() {
        assert!(SWITCHED.is_sorted());
        assert!(FIXED.is_sorted());
        assert!(FIXED.iter().all(|(name, _)| !SWITCHED.contains(name)));
        assert!(READERS.iter().all(|(_, on)| on.iter().all(|name| SWITCHED.contains(name))));
    }

    #[test]
    fn readers_switch_extensions() {
        let options = ReaderOptions::from_reader("markdown+emoji-smart");
        assert!(options.emoji && !options.smart && options.citations);
        let options = ReaderOptions::from_reader("gfm+smart");
        assert!(options.autolink_bare_uris && options.smart && !options.citations);
    }
}
