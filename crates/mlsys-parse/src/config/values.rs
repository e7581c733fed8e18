//! Misspelled values of options: words that are nearly one of those that the option has.

use mlsys_book::{Code, ConfigOption, Diagnostic, Entry, OptionValue, ValueKind, suggest};

/// Reports a word that no type of the option allows, if it is nearly one that it has.
pub(super) fn misspelled(entry: &Entry, option: &ConfigOption) -> Option<Diagnostic> {
    let ValueKind::String(text) = &entry.value.kind else { return None };
    let mut words: Vec<&str> = Vec::new();
    for value in option.values {
        match value {
            OptionValue::Bool => words.extend(["true", "false"]),
            OptionValue::Choice(choices) => words.extend(*choices),
            OptionValue::Number | OptionValue::Map(_) | OptionValue::MapOf(_) => {}
            // Any text is allowed.
            OptionValue::Text
            | OptionValue::Markdown
            | OptionValue::File
            | OptionValue::Url
            | OptionValue::Color
            | OptionValue::Length
            | OptionValue::Date
            | OptionValue::List
            | OptionValue::Data => return None,
        }
    }
    if words.contains(&text.as_str()) || text.contains("{{<") {
        return None;
    }
    let meant = suggest(text, words)?;
    let message = format!("invalid value `{text}` of `{}`", entry.key);
    Some(Diagnostic::new(Code::InvalidConfigValue, entry.value.place, message).hint(format!("did you mean `{meant}`?")))
}
