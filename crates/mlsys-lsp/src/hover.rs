//! What an editor shows about the name under the pointer.

use crate::cursor::{NameKind, Named};
use crate::project::Built;
use mlsys_book::{ConfigOption, Name, OptionSection, OptionValue, Support, Work, plain_markup};

/// Markdown about a name; `None` if nothing is known of it.
pub fn hover(built: Built<'_>, named: &Named<'_>, file: &str) -> Option<String> {
    match named.kind {
        NameKind::Reference | NameKind::Label => label(built, named.name).or_else(|| work(built, named, file)),
        NameKind::Entry => work(built, named, file),
        NameKind::CellOption => {
            let option = OptionSection::named("cell")?.all().find(|option| option.name == named.name)?;
            Some(option_text(option))
        }
        NameKind::File | NameKind::Shortcode | NameKind::Class => None,
    }
}

/// The number and the text of a label.
fn label(built: Built<'_>, name: &str) -> Option<String> {
    let labelled = built.label(name)?;
    let number = built.numbered(name).unwrap_or_else(|| name.to_owned());
    let uses = built.places_of(name, false).len();
    let text = built.text_of(name).map(|text| format!("\n\n{text}")).unwrap_or_default();
    let page = built.title_of(labelled.page);
    let uses = match uses {
        1 => "1 reference".to_owned(),
        uses => format!("{uses} references"),
    };
    Some(format!("**{number}**{text}\n\n*{page}* · {uses}"))
}

/// The entry of a bibliography.
fn work(built: Built<'_>, named: &Named<'_>, file: &str) -> Option<String> {
    let work = built.work(named.name, built.page_of(file))?;
    Some(summary(&work))
}

/// A work in a line: names, year, title, and where it was published.
pub fn summary(work: &Work) -> String {
    let names = ["author", "editor"].iter().find_map(|role| work.names.get(*role).filter(|names| !names.is_empty()));
    let names = names.map(|names| {
        let family: Vec<String> = names.iter().map(family_name).collect();
        match family.as_slice() {
            [first, _, _, ..] => format!("{first} et al."),
            few => few.join(" and "),
        }
    });
    let year = work.dates.get("issued").and_then(|date| date.parts.first()?.year);
    let title = work.texts.get("title").map(|title| plain_markup(title));
    let container = ["container-title", "publisher"].iter().find_map(|key| work.text(key));
    let mut text = match (names, year) {
        (Some(names), Some(year)) => format!("{names} ({year}). "),
        (Some(names), None) => format!("{names}. "),
        (None, Some(year)) => format!("({year}). "),
        (None, None) => String::new(),
    };
    text.push_str(&format!("**{}**.", title.unwrap_or_else(|| work.key.clone())));
    text.extend(container.map(|container| format!(" *{container}*.")));
    text
}

/// The family name of a person, or the name of an organisation.
fn family_name(name: &Name) -> String {
    let particle = name.non_dropping_particle.as_ref().map(|particle| format!("{particle} ")).unwrap_or_default();
    let family = name.family.as_ref().or(name.literal.as_ref()).or(name.given.as_ref());
    format!("{particle}{}", family.map_or("", String::as_str))
}

/// The description of an option of the configuration.
pub fn option_text(option: &ConfigOption) -> String {
    let mut text = format!("**{}**\n\n{}", option.name, option.effect);
    let words: Vec<&str> = option
        .values
        .iter()
        .flat_map(|value| match value {
            OptionValue::Choice(words) => words.to_vec(),
            OptionValue::Bool => vec!["true", "false"],
            OptionValue::Number
            | OptionValue::Text
            | OptionValue::Markdown
            | OptionValue::File
            | OptionValue::Url
            | OptionValue::Color
            | OptionValue::Length
            | OptionValue::Date
            | OptionValue::Map(_)
            | OptionValue::MapOf(_)
            | OptionValue::List
            | OptionValue::Data => Vec::new(),
        })
        .collect();
    if !words.is_empty() {
        text.push_str(&format!("\n\nValues: `{}`", words.join("`, `")));
    }
    if !option.default.is_empty() {
        text.push_str(&format!("\n\nDefault: {}", option.default));
    }
    match option.support {
        Support::Effect | Support::AsParent | Support::Except(..) => {}
        Support::NoEffectInHtml => text.push_str("\n\nIt has no effect in HTML."),
        Support::NotYet(gap) => text.push_str(&format!("\n\nIt has no effect yet: {}.", gap.instead)),
    }
    text
}

/// The option with a path of keys, outermost first, in a page's front matter or in the configuration of a project.
pub fn option_at(path: &[&str], is_project: bool) -> Option<&'static ConfigOption> {
    let (name, parents) = path.split_last()?;
    options_in(parents, is_project).into_iter().find(|option| option.name == *name)
}

/// The options that may stand below a path of keys.
pub fn options_in(parents: &[&str], is_project: bool) -> Vec<&'static ConfigOption> {
    let top: &[&str] = if is_project { &["config", "page", "html"] } else { &["page", "html"] };
    let mut sections: Vec<&'static OptionSection> = top.iter().filter_map(|name| OptionSection::named(name)).collect();
    let mut rest = parents;
    while let [parent, below @ ..] = rest {
        if *parent == "format" {
            // `format: html:` holds the options of pages.
            sections = ["page", "html"].iter().filter_map(|name| OptionSection::named(name)).collect();
            rest = below.split_first().map_or(&[], |(_, below)| below);
            continue;
        }
        let below_parent = sections.iter().flat_map(|section| section.all()).filter(|option| option.name == *parent);
        sections = below_parent
            .flat_map(|option| option.values)
            .filter_map(|value| match value {
                OptionValue::Map(section) | OptionValue::MapOf(section) => OptionSection::named(section),
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
                | OptionValue::Data => None,
            })
            .collect();
        rest = below;
    }
    let mut options: Vec<&'static ConfigOption> = sections.iter().flat_map(|section| section.all()).collect();
    options.sort_by_key(|option| option.name);
    options.dedup_by_key(|option| option.name);
    options
}
