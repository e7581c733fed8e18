//! Styles. Source: CSL 1.0.2, "Styles".

mod limits;

use crate::locale::{LocaleFiles, Terms};
use citationberg::taxonomy::{StandardVariable, Variable};
use citationberg::{IndependentStyle, LayoutRenderingElement as Element, NamesChild, TextTarget, XmlDeError};
use limits::{MAX_DEPTH, MAX_ELEMENTS};
use rustc_hash::FxHashMap;

/// The default style: Chicago author-date, as Pandoc 3.8 ships it.
const CHICAGO: &str = include_str!("../../data/styles/chicago-author-date.csl");

/// Why a text cannot be used as a style.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StyleError {
    /// It is not CSL.
    #[error("{0}")]
    Xml(#[source] XmlDeError),
    /// It is a dependent style, which holds nothing but a link to another one.
    #[error("the style only refers to another one, {parent}")]
    Dependent {
        /// The other style's URL.
        parent: String,
    },
    /// The file's elements nest too deep.
    #[error("its elements nest more than {MAX_DEPTH} deep")]
    NestedElements,
    /// A macro calls itself, or macros call each other too deep.
    #[error("its macros call each other without an end or more than {MAX_DEPTH} deep")]
    EndlessMacros,
    /// Macros and the elements inside them nest too deep.
    #[error("its macros call each other more than {MAX_DEPTH} deep")]
    NestedMacros,
    /// The macros expand to too many elements.
    #[error("its macros stand for more than {MAX_ELEMENTS} elements")]
    TooManyElements,
}

/// A citation style. Parsing one takes milliseconds, so parse it once for many documents.
#[derive(Debug)]
pub struct Style {
    pub(crate) csl: IndependentStyle,
    /// The index of each macro in the style's list.
    macros: FxHashMap<String, usize>,
    /// True if the style itself prints year suffixes (`variable="year-suffix"`).
    pub(crate) places_year_suffix: bool,
    locales: LocaleFiles,
}

impl Default for Style {
    /// Chicago author-date.
    fn default() -> Self {
        Style::parse(CHICAGO).unwrap_or_else(|_| Style::parse(FALLBACK).expect("the fallback style is a constant"))
    }
}

/// Names and nothing else: used if the default style does not parse, which a test excludes.
const FALLBACK: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Plain</title>
<id>plain</id><updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout prefix="(" suffix=")" delimiter="; ">
<names variable="author"/></layout></citation></style>"#;

impl Style {
    /// Parses a CSL file.
    ///
    /// # Errors
    /// If the text is not a CSL style, if it is a dependent style, or if it exceeds the limits of nesting and macros.
    pub fn parse(xml: &str) -> Result<Style, StyleError> {
        limits::check_xml(xml)?;
        let csl = match citationberg::Style::from_xml(xml).map_err(StyleError::Xml)? {
            citationberg::Style::Independent(style) => style,
            citationberg::Style::Dependent(style) => {
                return Err(StyleError::Dependent { parent: style.parent_link.href });
            }
        };
        let macros = csl.macros.iter().enumerate().map(|(i, m)| (m.name.clone(), i)).collect();
        let layouts = std::iter::once(&csl.citation.layout).chain(csl.bibliography.as_ref().map(|b| &b.layout));
        let parts = layouts.map(|l| l.elements.as_slice()).chain(csl.macros.iter().map(|m| m.children.as_slice()));
        let parts: Vec<&[Element]> = parts.collect();
        limits::check_macros(&csl, &macros, &parts)?;
        let places_year_suffix = parts.iter().any(|elements| elements.iter().any(prints_year_suffix));
        Ok(Style { csl, macros, places_year_suffix, locales: LocaleFiles::default() })
    }

    /// The elements of a macro.
    pub(crate) fn macro_elements(&self, name: &str) -> Option<&[Element]> {
        let index = self.macros.get(name)?;
        self.csl.macros.get(*index).map(|m| m.children.as_slice())
    }

    /// The terms of a language. Without one, the style's `default-locale` decides.
    pub(crate) fn terms(&self, lang: &str) -> Terms<'_> {
        let default = self.csl.default_locale.as_ref().map_or("en-US", |locale| locale.0.as_str());
        let lang = match lang {
            "" => default,
            "en" => "en-US",
            lang => lang,
        };
        Terms::new(&self.csl.locale, self.locales.get(lang), lang)
    }
}

/// True if an element prints year suffixes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_style_is_chicago() {
        let chicago = Style::parse(CHICAGO).expect("a style");
        assert!(chicago.csl.bibliography.is_some());
        assert!(Style::parse(FALLBACK).is_ok());
    }

    #[test]
    fn other_files_are_no_styles() {
        assert!(matches!(Style::parse("<html/>"), Err(StyleError::Xml(_))));
        assert!(matches!(Style::parse(""), Err(StyleError::Xml(_))));
    }
}
