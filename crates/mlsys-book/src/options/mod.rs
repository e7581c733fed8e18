//! The options: every key of the configuration that Quarto documents and those of mlsys, with their values and their effect here.
//!
//! The table is the one place that knows a key. Diagnostics take names, "did you mean" and the state from it, the guide is compared with
//! it, and `tests/tests/options.rs` sets each option alone and compares the site. Sources: Quarto's reference and its YAML schemas.

mod appearance;
mod authors;
mod book;
mod brand;
mod cells;
mod citations;
mod crossref;
mod ebook;
mod filters;
mod key;
mod listing;
mod navigation;
mod page;
mod print;
mod project;
mod rendering;
mod services;
mod slides;
mod title_block;
mod website;

pub use key::*;

/// An option: a key of the configuration.
#[derive(Debug)]
pub struct ConfigOption {
    /// Its name within its section. A map without a section of its own has its keys here, dotted: `code-tools.source`.
    pub name: &'static str,
    /// The types of its values. The first is the most common one.
    pub values: &'static [OptionValue],
    /// The value without it, or words for it; empty if it is off or there is none.
    pub default: &'static str,
    /// Its effect, in a few words.
    pub effect: &'static str,
    /// Its state in HTML.
    pub support: Support,
}

/// A type of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Plain text, such as a name or a title.
    Text,
    /// Markdown.
    Markdown,
    /// A file or folder of the project, or a pattern for files.
    File,
    /// A URL.
    Url,
    /// A CSS colour.
    Color,
    /// A CSS length.
    Length,
    /// A date.
    Date,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A map with the options of the section with this name, or a list of such maps.
    Map(&'static str),
    /// A map with any keys, whose values are maps with the options of a section.
    MapOf(&'static str),
    /// A list of texts.
    List,
    /// Data in a form of its own: a map with any keys, or a list of lists.
    Data,
}

/// The state of an option in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It has its effect.
    Effect,
    /// It has none in Quarto's HTML either: it belongs to another format, to an editor or to templates.
    NoEffectInHtml,
    /// Quarto's HTML has its effect, ours does not yet.
    NotYet(Gap),
    /// It belongs to the map of another option, whose state is its own.
    AsParent,
    /// It has its effect, except with these values.
    Except(&'static [&'static str], Gap),
}

/// A missing effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What readers lose.
    pub loss: Loss,
    /// What authors can do instead: one sentence for a hint.
    pub instead: &'static str,
}

/// What readers lose because an option has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// They see less, or it looks different.
    Less,
    /// The page says something false.
    False,
}

/// A map of the configuration and its options.
#[derive(Debug)]
pub struct OptionSection {
    /// Its name, which `OptionValue::Map` names.
    pub name: &'static str,
    /// Its heading in the guide.
    pub title: &'static str,
    /// Where it is set: a sentence for the guide.
    pub place: &'static str,
    /// Where its options may be set.
    pub levels: &'static [Level],
    /// True if authors may add keys of their own.
    pub is_open: bool,
    /// Its options.
    pub options: &'static [ConfigOption],
    /// The names of sections whose options it has, too.
    pub includes: &'static [&'static str],
}

/// A place where options may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The top level of `_quarto.yml`.
    Project,
    /// `website:` or `book:`.
    Site,
    /// A page's front matter, `_metadata.yml`, `_quarto.yml`, and `format: html:` in each of them.
    Page,
    /// A cell, and `execute:`.
    Cell,
    /// Attributes of a div, a heading or an element.
    Div,
    /// `_brand.yml` or `brand:`.
    Brand,
}

impl OptionSection {
    /// The section with a name.
    pub fn named(name: &str) -> Option<&'static OptionSection> {
        OPTION_SECTIONS.iter().flat_map(|file| file.iter()).find(|section| section.name == name)
    }

    /// Its options and those that it includes.
    ///
    /// ```
    /// use mlsys_book::OptionSection;
    ///
    /// let html = OptionSection::named("html").unwrap();
    /// assert!(html.all().any(|option| option.name == "toc"));
    /// ```
    pub fn all(&self) -> impl Iterator<Item = &'static ConfigOption> + use<> {
        let included =
            self.includes.iter().filter_map(|name| OptionSection::named(name)).flat_map(|section| section.options);
        self.options.iter().chain(included)
    }
}

/// Every section, by subject.
pub const OPTION_SECTIONS: &[&[OptionSection]] = &[
    project::SECTIONS,
    website::SECTIONS,
    navigation::SECTIONS,
    services::SECTIONS,
    book::SECTIONS,
    title_block::SECTIONS,
    page::SECTIONS,
    appearance::SECTIONS,
    rendering::SECTIONS,
    cells::SECTIONS,
    citations::SECTIONS,
    authors::SECTIONS,
    crossref::SECTIONS,
    filters::SECTIONS,
    listing::SECTIONS,
    brand::SECTIONS,
    print::SECTIONS,
    slides::SECTIONS,
    ebook::SECTIONS,
];

/// The shorthands of the tables.
mod row {
    pub(super) use super::Level::*;
    pub(super) use super::Loss::{False, Less, Nothing};
    pub(super) use super::OptionValue::*;
    pub(super) use super::{ConfigOption, OptionSection};
    use super::{Gap, Loss, OptionValue, Support};

    pub(super) const ON: &[OptionValue] = &[Bool];
    pub(super) const NUMBER: &[OptionValue] = &[Number];
    pub(super) const TEXT: &[OptionValue] = &[Text];
    pub(super) const MARKDOWN: &[OptionValue] = &[Markdown];
    pub(super) const FILE: &[OptionValue] = &[File];
    pub(super) const URL: &[OptionValue] = &[Url];
    pub(super) const COLOR: &[OptionValue] = &[Color];
    pub(super) const LENGTH: &[OptionValue] = &[Length];
    pub(super) const DATE: &[OptionValue] = &[Date];
    pub(super) const LIST: &[OptionValue] = &[List];
    pub(super) const DATA: &[OptionValue] = &[Data];

    type Words = &'static str;

    /// An option with its effect.
    pub(super) const fn has(
        name: Words,
        values: &'static [OptionValue],
        default: Words,
        effect: Words,
    ) -> ConfigOption {
        ConfigOption { name, values, default, effect, support: Support::Effect }
    }

    /// An option without effect in Quarto's HTML.
    pub(super) const fn none(name: Words, values: &'static [OptionValue], effect: Words) -> ConfigOption {
        ConfigOption { name, values, default: "", effect, support: Support::NoEffectInHtml }
    }

    /// An option whose effect is missing: what readers lose, and what to do instead.
    pub(super) const fn not_yet(
        name: Words,
        values: &'static [OptionValue],
        default: Words,
        effect: Words,
        loss: Loss,
        instead: Words,
    ) -> ConfigOption {
        ConfigOption { name, values, default, effect, support: Support::NotYet(Gap { loss, instead }) }
    }

    /// A part of an option that has no effect yet.
    pub(super) const fn part(name: Words, values: &'static [OptionValue], effect: Words) -> ConfigOption {
        ConfigOption { name, values, default: "", effect, support: Support::AsParent }
    }

    /// The same option without effect for some of its values.
    pub(super) const fn except(
        option: ConfigOption,
        values: &'static [Words],
        loss: Loss,
        instead: Words,
    ) -> ConfigOption {
        ConfigOption { support: Support::Except(values, Gap { loss, instead }), ..option }
    }

    /// A closed section: other keys are mistakes.
    pub(super) const fn closed(
        name: Words,
        levels: &'static [super::Level],
        options: &'static [ConfigOption],
        title: Words,
        place: Words,
    ) -> OptionSection {
        OptionSection { name, title, place, levels, is_open: false, options, includes: &[] }
    }

    /// An open section: authors may add keys of their own.
    pub(super) const fn open(
        name: Words,
        levels: &'static [super::Level],
        options: &'static [ConfigOption],
        title: Words,
        place: Words,
    ) -> OptionSection {
        OptionSection { name, title, place, levels, is_open: true, options, includes: &[] }
    }

    /// The same section with the options of others.
    pub(super) const fn with(section: OptionSection, includes: &'static [Words]) -> OptionSection {
        OptionSection { includes, ..section }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_consistent() {
        let sections: Vec<&OptionSection> = OPTION_SECTIONS.iter().flat_map(|file| file.iter()).collect();
        let names: BTreeSet<&str> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names.len(), sections.len(), "a section twice");
        for section in &sections {
            let own: BTreeSet<&str> = section.options.iter().map(|option| option.name).collect();
            assert_eq!(own.len(), section.options.len(), "`{}` has an option twice", section.name);
            for include in section.includes {
                assert!(names.contains(include), "`{}` includes `{include}`", section.name);
            }
            for option in section.options {
                let path = format!("{}.{}", section.name, option.name);
                assert!(!option.effect.is_empty() && !option.effect.ends_with('.'), "{path}: {}", option.effect);
                for value in option.values {
                    if let OptionValue::Map(name) | OptionValue::MapOf(name) = value {
                        assert!(names.contains(name), "{path}: no section `{name}`");
                    }
                }
                if let Support::NotYet(gap) | Support::Except(_, gap) = option.support {
                    assert!(!gap.instead.is_empty(), "{path}: what to do instead?");
                }
            }
        }
        // The sections of a page share their names: the first one would hide the others.
        let page = OptionSection::named("page").expect("a section");
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = page.all().map(|option| option.name).filter(|name| !seen.insert(*name)).collect();
        assert_eq!(twice, [""; 0], "options of a page twice");
    }
}
