//! Checks the keys of a configuration against the table of options: unknown keys, options without effect, formats and filters.
//!
//! In closed sections (`project`, `website`, `navbar` ...) every unknown key is reported; in open ones (a page's metadata,
//! `format.html`), where authors have data of their own, only a near miss is.

use super::{filters, values};
use crate::reader;
use mlsys_book::{
    Code, ConfigOption, Diagnostic, Entry, Gap, Loss, OPTION_SECTIONS, OptionSection, OptionValue, Severity, Support,
    Value, ValueKind, did_you_mean, suggest, suggest_within,
};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// A section of the table, indexed.
struct Section {
    name: &'static str,
    is_open: bool,
    options: FxHashMap<&'static str, &'static ConfigOption>,
}

type Sections = FxHashMap<&'static str, Section>;

/// Checks a project's configuration.
pub(super) fn check(config: &Value, diagnostics: &mut Vec<Diagnostic>) {
    Check { top: "config", diagnostics }.value(config, "config", true);
}

/// Checks a front matter or a folder's `_metadata.yml`.
pub fn check_metadata_keys(meta: &Value) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    Check { top: "page", diagnostics: &mut diagnostics }.value(meta, "page", true);
    diagnostics
}

/// A check of one file.
struct Check<'d> {
    /// The section of its top level, which `format: html:` repeats.
    top: &'static str,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// The table, indexed once.
fn sections() -> &'static Sections {
    static SECTIONS: OnceLock<Sections> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        let all = OPTION_SECTIONS.iter().flat_map(|file| file.iter());
        all.map(|section| (section.name, Section::new(section))).collect()
    })
}

impl Section {
    fn new(section: &'static OptionSection) -> Self {
        let mut options = FxHashMap::default();
        for option in section.all() {
            // The section's own options precede included ones of the same name.
            options.entry(option.name).or_insert(option);
        }
        Section { name: section.name, is_open: section.is_open, options }
    }
}

impl Check<'_> {
    /// Checks a map or a list of maps. Within an option without effect, `is_reporting` is false: only unknown keys are reported.
    fn value(&mut self, value: &Value, name: &str, is_reporting: bool) {
        let Some(section) = sections().get(if name == "html" { self.top } else { name }) else { return };
        match &value.kind {
            ValueKind::Seq(items) => items.iter().for_each(|item| self.value(item, name, is_reporting)),
            ValueKind::Map(entries) => entries.iter().for_each(|entry| self.entry(entry, section, is_reporting)),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => {}
        }
    }

    fn entry(&mut self, entry: &Entry, section: &Section, is_reporting: bool) {
        let Some(option) = section.options.get(entry.key.as_str()) else {
            self.diagnostics.extend(unknown(entry, section));
            return;
        };
        let missing = unsupported(entry, option).filter(|_| is_reporting);
        // The project's type has a diagnostic of its own.
        let is_type = section.name == "project" && entry.key == "type";
        if is_reporting && missing.is_none() && !is_type {
            self.diagnostics.extend(values::misspelled(entry, option));
        }
        let is_reporting = is_reporting && missing.is_none();
        self.diagnostics.extend(missing);
        if section.name == self.top && entry.key == "filters" {
            self.diagnostics.extend(filters::unsupported(&entry.value));
        }
        if section.name == self.top && matches!(entry.key.as_str(), "from" | "reader") {
            self.diagnostics.extend(reader::check(&entry.value));
        }
        if section.name == "listing" && entry.key == "template" && is_reporting {
            self.diagnostics.extend(ejs(entry));
        }
        if section.name == self.top && entry.key == "format" {
            formats(&entry.value, self.diagnostics);
        }
        for value in option.values {
            match value {
                OptionValue::Map(name) => self.value(&entry.value, name, is_reporting),
                OptionValue::MapOf(name) => {
                    let maps = entry.value.entries().iter();
                    maps.for_each(|entry| self.value(&entry.value, name, is_reporting));
                }
                OptionValue::Bool
                | OptionValue::Number
                | OptionValue::Text
                | OptionValue::Markdown
                | OptionValue::File
                | OptionValue::Url
                | OptionValue::Color
                | OptionValue::Length
                | OptionValue::Date
                | OptionValue::Choice(_)
                | OptionValue::List
                | OptionValue::Data => {}
            }
        }
    }
}

/// The diagnostic of a value without effect. A value that is the default costs nothing.
fn unsupported(entry: &Entry, option: &ConfigOption) -> Option<Diagnostic> {
    let text = entry.value.to_text();
    let (gap, name) = match option.support {
        Support::Effect | Support::NoEffectInHtml | Support::AsParent => return None,
        Support::NotYet(gap) => {
            let is_off = match &entry.value.kind {
                ValueKind::Null => true,
                ValueKind::Bool(false) => matches!(option.default, "" | "false"),
                ValueKind::Seq(items) => items.is_empty(),
                ValueKind::Map(entries) => entries.is_empty(),
                ValueKind::Bool(true) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => false,
            };
            if is_off || text.as_deref() == Some(option.default) {
                return None;
            }
            (gap, entry.key.clone())
        }
        Support::Except(values, gap) => {
            let value = text.filter(|text| values.contains(&text.as_str()))?;
            (gap, format!("{}: {value}", entry.key))
        }
    };
    Some(report(entry, format!("`{name}` is not supported yet"), gap))
}

/// The diagnostic of a listing's template in EJS.
fn ejs(entry: &Entry) -> Option<Diagnostic> {
    let name = entry.value.as_str().filter(|name| name.ends_with(".ejs"))?;
    let message = format!("the template `{name}` is not run, because it is in EJS");
    let stem = name.trim_end_matches(".ejs");
    let instead = format!(
        "write it in Tera as `{stem}.html`, with `{{% for item in items %}}{{{{ item.title }}}}{{% endfor %}}` for `<% for (const item of items) {{ %>`"
    );
    let diagnostic = Diagnostic::new(Code::UnsupportedSetting, entry.value.place, message).hint(instead);
    Some(Diagnostic { severity: Severity::Warning, ..diagnostic })
}

fn report(entry: &Entry, message: String, gap: Gap) -> Diagnostic {
    let severity = match gap.loss {
        Loss::Nothing => Severity::Hint,
        Loss::Less => Severity::Warning,
        Loss::False => Severity::Error,
    };
    let diagnostic = Diagnostic::new(Code::UnsupportedSetting, entry.key_place, message).hint(gap.instead);
    Diagnostic { severity, ..diagnostic }
}

/// Reports formats that are not built. With HTML among them, readers of the site lose nothing.
fn formats(value: &Value, diagnostics: &mut Vec<Diagnostic>) {
    let named = match &value.kind {
        ValueKind::Map(entries) => entries.iter().map(|entry| (entry.key.as_str(), entry.key_place)).collect(),
        ValueKind::Seq(items) => items.iter().filter_map(|item| Some((item.as_str()?, item.place))).collect(),
        ValueKind::String(name) => vec![(name.as_str(), value.place)],
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) => Vec::new(),
    };
    let has_html = named.iter().any(|(name, _)| is_html(name));
    for (name, place) in named {
        if is_html(name) {
            continue;
        }
        let meant = suggest(name, ["html"]).map(|_| "did you mean `html`?");
        let message = if meant.is_some() {
            format!("the format `{name}` is not supported: pages are built as HTML")
        } else if has_html {
            format!("the format `{name}` is not built, only HTML is")
        } else {
            format!("the format `{name}` is not supported: what is only in it is not built")
        };
        let hint = match meant {
            Some(meant) => meant,
            None if has_html => "build it with another tool, and link to it with `format-links`",
            None => "add `html` to `format`, or build it with another tool and link to the URL where that is published",
        };
        let severity = if has_html { Severity::Hint } else { Severity::Warning };
        diagnostics
            .push(Diagnostic { severity, ..Diagnostic::new(Code::UnsupportedSetting, place, message).hint(hint) });
    }
}

/// True for the formats of pages that are built: HTML, and what is nearly its name.
pub fn is_built(format: &str) -> bool {
    is_html(format) || suggest(format, ["html"]).is_some()
}

/// True for HTML, also with Pandoc's extensions and in its versions.
fn is_html(format: &str) -> bool {
    let name = format.split(['+', '-']).next().unwrap_or(format);
    matches!(name, "html" | "html4" | "html5" | "default")
}

/// How many letters of a misspelt key may differ where authors have keys of their own.
fn most_edits(key: &str) -> usize {
    if key.chars().count() < 6 { 1 } else { 2 }
}

fn unknown(entry: &Entry, section: &Section) -> Option<Diagnostic> {
    // Where authors have data of their own, an option of slides or print is no likely meaning.
    let is_likely = |option: &&ConfigOption| !section.is_open || option.support != Support::NoEffectInHtml;
    let candidates = section.options.values().copied().filter(is_likely).map(|option| option.name);
    let is_short = entry.key.chars().count() < 4;
    let hint = match section.is_open {
        true if is_short => None,
        // Names of the author's own may be similar to an option's: two edits at most.
        true => {
            suggest_within(&entry.key, most_edits(&entry.key), candidates).map(|name| format!("did you mean `{name}`?"))
        }
        false => did_you_mean(&entry.key, candidates),
    };
    if section.is_open && hint.is_none() {
        return None;
    }
    let message = match section.name {
        "config" | "page" => format!("unknown key `{}`", entry.key),
        name => format!("unknown key `{}` in `{name}`", entry.key),
    };
    let mut diagnostic = Diagnostic::new(Code::UnknownConfigKey, entry.key_place, message);
    diagnostic.hints.extend(hint);
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Source, SourceId, Span};

    /// The diagnostics of a configuration: severity, text of the place, number of hints.
    fn found(text: &str) -> Vec<String> {
        let source = Source::new(SourceId(0), "_quarto.yml", text);
        let config = crate::parse_yaml(&source, Span::new(0, text.len())).value;
        let mut diagnostics = Vec::new();
        check(&config, &mut diagnostics);
        assert!(diagnostics.iter().all(|d| d.hints.len() == 1), "{diagnostics:#?}");
        diagnostics.iter().map(|d| format!("{} {}", d.severity, source.slice(d.place.span))).collect()
    }

    #[test]
    fn closed_sections_report_all_and_open_ones_near_misses() {
        let keys = found(
            "project: {tpye: website}\nwebsite:\n  sidbar: {}\n  navbar: {left: [{hrf: x}]}\nmine: 1\n\
             format: {html: {toc-dept: 2, sidenote: true}}\nbibliograpy: x\n",
        );
        assert_eq!(keys, ["tpye", "sidbar", "hrf", "toc-dept", "bibliograpy"].map(|key| format!("warning {key}")));
    }

    #[test]
    fn options_are_reported_by_what_readers_lose() {
        let keys = found(
            "ipynb-filters: [x]\nquarto-required: '1'\nmanuscript: {article: a.qmd}\nmainfont: Lato\n\
             embed-resources: false\nmargin: 1\nwebsite: {code-links: binder}\n",
        );
        assert_eq!(keys, ["warning ipynb-filters", "hint quarto-required", "error manuscript", "warning code-links"]);
    }

    #[test]
    fn formats_besides_html_are_hints() {
        assert_eq!(found("format: {html: {toc: true}, pdf: default}\n"), ["hint pdf"]);
        assert_eq!(found("format: revealjs\n"), ["warning revealjs"]);
        assert_eq!(found("format: {house-html: {toc: true}}\n"), ["warning house-html"]);
        assert!(found("format: html\n").is_empty());
    }
}
