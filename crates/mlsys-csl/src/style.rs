//! Styles, parsed once a build. Source: CSL 1.0.2, "Styles".

use crate::locale::Terms;
use citationberg::taxonomy::{StandardVariable, Variable};
use citationberg::{IndependentStyle, LayoutRenderingElement as Element, Locale, LocaleFile, NamesChild, TextTarget};
use quick_xml::events::Event;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The default: Chicago author-date, as Pandoc 3.8 ships it. The archive of hayagriva has an older version of the style.
const CHICAGO: &str = include_str!("../data/styles/chicago-author-date.csl");
const ENGLISH: &str = include_str!("../data/locales/locales-en-US.xml");

/// How deep elements may nest in a style, those of its macros within those that call them.
const DEEPEST: usize = 100;

/// How many elements a work may pass, with those of a macro for each of its calls. Chicago's style has a thousand.
const MOST_ELEMENTS: usize = 20_000;

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
    pub(crate) csl: IndependentStyle,
    /// Where each macro is in the style's list.
    macros: FxHashMap<String, usize>,
    /// Whether the style says itself where year suffixes stand.
    pub(crate) places_year_suffix: bool,
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
        // Reading it takes stack for each level.
        if depth(xml) > DEEPEST {
            return Err(StyleError(format!("its elements nest more than {DEEPEST} deep")));
        }
        let csl = match citationberg::Style::from_xml(xml) {
            Ok(citationberg::Style::Independent(style)) => style,
            Ok(citationberg::Style::Dependent(style)) => {
                return Err(StyleError(format!("the style only refers to another one, {}", style.parent_link.href)));
            }
            Err(error) => return Err(StyleError(error.to_string())),
        };
        let macros = csl.macros.iter().enumerate().map(|(i, m)| (m.name.clone(), i)).collect();
        let layouts = std::iter::once(&csl.citation.layout).chain(csl.bibliography.as_ref().map(|b| &b.layout));
        let parts = layouts.map(|l| l.elements.as_slice()).chain(csl.macros.iter().map(|m| m.children.as_slice()));
        let parts: Vec<&[Element]> = parts.collect();
        let places_year_suffix = parts.iter().any(|elements| elements.iter().any(prints_year_suffix));
        let mut extent = Extent { macros: &macros, csl: &csl, known: FxHashMap::default() };
        for elements in parts {
            extent.of(elements, 0)?;
        }
        let english = LocaleFile::from_xml(ENGLISH).map(Locale::from).into_iter().collect();
        Ok(Style { csl, macros, places_year_suffix, english, archive: OnceLock::new() })
    }

    /// The elements of a macro.
    pub(crate) fn macro_elements(&self, name: &str) -> Option<&[Element]> {
        let index = self.macros.get(name)?;
        self.csl.macros.get(*index).map(|m| m.children.as_slice())
    }

    /// The terms of the page's language; a style that fixes its own language keeps it.
    pub(crate) fn terms(&self, lang: &str) -> Terms<'_> {
        let own = self.csl.default_locale.as_ref().map(|l| l.0.as_str());
        let lang = if lang.is_empty() { own.unwrap_or("en-US") } else { lang };
        let lang = if lang == "en" { "en-US" } else { lang };
        let archive: &[Locale] =
            if lang == "en-US" { &[] } else { self.archive.get_or_init(hayagriva::archive::locales) };
        Terms::new(&self.csl.locale, archive.iter().chain(&self.english), lang)
    }
}

/// How deep the elements of a piece of XML nest, as far as it can be read.
fn depth(xml: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return deepest,
            Ok(_) => {}
        }
        deepest = deepest.max(depth);
    }
}

/// How many elements parts of a style stand for, and how deep they nest.
struct Extent<'s> {
    csl: &'s IndependentStyle,
    macros: &'s FxHashMap<String, usize>,
    /// The count and the depth of the macros that have been measured.
    known: FxHashMap<&'s str, (usize, usize)>,
}

impl<'s> Extent<'s> {
    /// The extent of elements within others.
    fn of(&mut self, elements: &'s [Element], outer: usize) -> Result<(usize, usize), StyleError> {
        if outer > DEEPEST {
            return Err(StyleError(format!("its macros call each other without an end or more than {DEEPEST} deep")));
        }
        let (mut count, mut deepest) = (elements.len(), 1);
        for element in elements {
            let inner = match element {
                Element::Text(text) => match &text.target {
                    TextTarget::Macro { name } => self.of_macro(name, outer + 1)?,
                    _ => continue,
                },
                Element::Group(group) => self.of(&group.children, outer + 1)?,
                // One branch is what counts.
                Element::Choose(choose) => {
                    let branches = choose.branches().map(|branch| &branch.children);
                    let mut extent = (0, 0);
                    for children in branches.chain(choose.otherwise.iter().map(|branch| &branch.children)) {
                        let (count, depth) = self.of(children, outer + 1)?;
                        extent = (extent.0.max(count), extent.1.max(depth));
                    }
                    extent
                }
                Element::Names(names) => {
                    let mut extent = (0, 0);
                    for child in &names.children {
                        let NamesChild::Substitute(substitute) = child else { continue };
                        let (count, depth) = self.of(&substitute.children, outer + 1)?;
                        extent = (extent.0 + count, extent.1.max(depth));
                    }
                    extent
                }
                Element::Date(_) | Element::Number(_) | Element::Label(_) => continue,
            };
            count += inner.0;
            deepest = deepest.max(inner.1 + 1);
        }
        match (count, deepest) {
            (count, _) if count > MOST_ELEMENTS => {
                Err(StyleError(format!("its macros stand for more than {MOST_ELEMENTS} elements")))
            }
            (_, deepest) if outer + deepest > DEEPEST => {
                Err(StyleError(format!("its macros call each other more than {DEEPEST} deep")))
            }
            extent => Ok(extent),
        }
    }

    fn of_macro(&mut self, name: &'s str, outer: usize) -> Result<(usize, usize), StyleError> {
        if let Some(extent) = self.known.get(name) {
            return Ok(*extent);
        }
        let Some(means) = self.macros.get(name).and_then(|index| self.csl.macros.get(*index)) else {
            return Ok((0, 0));
        };
        let extent = self.of(&means.children, outer)?;
        self.known.insert(name, extent);
        Ok(extent)
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
