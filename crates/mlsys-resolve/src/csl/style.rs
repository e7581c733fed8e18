//! Styles, parsed once a build. Source: CSL 1.0.2, "Styles".

use super::locale::Terms;
use citationberg::taxonomy::{StandardVariable, Variable};
use citationberg::{IndependentStyle, LayoutRenderingElement as Element, Locale, LocaleFile, NamesChild, TextTarget};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The default: Chicago author-date, as Pandoc 3.8 ships it. The archive of hayagriva has an older version of the style.
const CHICAGO: &str = include_str!("chicago-author-date.csl");
const ENGLISH: &str = include_str!("locales-en-US.xml");

/// Why a style cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleError(pub String);

impl std::fmt::Display for StyleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StyleError {}

/// A citation style, parsed once a build.
#[derive(Debug)]
pub struct Style {
    pub(super) csl: IndependentStyle,
    /// Where each macro is in the style's list.
    macros: FxHashMap<String, usize>,
    /// Whether the style says itself where year suffixes stand.
    pub(super) places_year_suffix: bool,
    english: Vec<Locale>,
    /// All other locales, read when a page needs one: there are sixty of them.
    archive: OnceLock<Vec<Locale>>,
}

impl Default for Style {
    /// Chicago author-date.
    fn default() -> Self {
        Style::parse(CHICAGO).unwrap_or_else(|_| Style::parse(FALLBACK).expect("the fallback style is a constant"))
    }
}

/// Names and years and nothing else: what is left when the default style could not be read.
const FALLBACK: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Plain</title>
<id>plain</id><updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout prefix="(" suffix=")" delimiter="; ">
<names variable="author"/></layout></citation></style>"#;

impl Style {
    /// Reads a CSL file.
    ///
    /// # Errors
    /// When the text is not a CSL style, or only refers to another one.
    pub fn parse(xml: &str) -> Result<Style, StyleError> {
        let csl = match citationberg::Style::from_xml(xml) {
            Ok(citationberg::Style::Independent(style)) => style,
            Ok(citationberg::Style::Dependent(style)) => {
                return Err(StyleError(format!("the style only refers to another one, {}", style.parent_link.href)));
            }
            Err(error) => return Err(StyleError(error.to_string())),
        };
        let macros = csl.macros.iter().enumerate().map(|(i, m)| (m.name.clone(), i)).collect();
        let layouts = std::iter::once(&csl.citation.layout).chain(csl.bibliography.as_ref().map(|b| &b.layout));
        let places_year_suffix =
            layouts.map(|l| l.elements.as_slice()).chain(csl.macros.iter().map(|m| m.children.as_slice()));
        let places_year_suffix = places_year_suffix.into_iter().any(|e| e.iter().any(prints_year_suffix));
        let english = LocaleFile::from_xml(ENGLISH).map(Locale::from).into_iter().collect();
        Ok(Style { csl, macros, places_year_suffix, english, archive: OnceLock::new() })
    }

    /// The elements of a macro.
    pub(super) fn macro_elements(&self, name: &str) -> Option<&[Element]> {
        let index = self.macros.get(name)?;
        self.csl.macros.get(*index).map(|m| m.children.as_slice())
    }

    /// The terms of the page's language; a style that fixes its own language keeps it.
    pub(super) fn terms(&self, lang: &str) -> Terms<'_> {
        let own = self.csl.default_locale.as_ref().map(|l| l.0.as_str());
        let lang = if lang.is_empty() { own.unwrap_or("en-US") } else { lang };
        let lang = if lang == "en" { "en-US" } else { lang };
        let archive: &[Locale] =
            if lang == "en-US" { &[] } else { self.archive.get_or_init(hayagriva::archive::locales) };
        Terms::new(&self.csl.locale, archive.iter().chain(&self.english), lang)
    }
}

fn prints_year_suffix(element: &Element) -> bool {
    match element {
        Element::Text(text) => {
            matches!(text.target, TextTarget::Variable { var: Variable::Standard(StandardVariable::YearSuffix), .. })
        }
        Element::Group(group) => group.children.iter().any(prints_year_suffix),
        Element::Choose(choose) => {
            choose.branches().any(|b| b.children.iter().any(prints_year_suffix))
                || choose.otherwise.as_ref().is_some_and(|o| o.children.iter().any(prints_year_suffix))
        }
        Element::Names(names) => names.children.iter().any(|child| match child {
            NamesChild::Substitute(substitute) => substitute.children.iter().any(prints_year_suffix),
            NamesChild::Name(_) | NamesChild::EtAl(_) | NamesChild::Label(_) => false,
        }),
        Element::Date(_) | Element::Number(_) | Element::Label(_) => false,
    }
}
