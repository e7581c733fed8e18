//! Limits of styles: how deep elements nest, and how many elements a style's macros expand to.

use super::StyleError;
use citationberg::{IndependentStyle, LayoutRenderingElement as Element, NamesChild, TextTarget};
use quick_xml::events::Event;
use rustc_hash::FxHashMap;

/// The deepest nesting of elements, including that of macros inside the elements that call them.
pub(crate) const MAX_DEPTH: usize = 100;

/// The most elements that formatting a work may visit, counting a macro's elements at each call. Chicago has a thousand.
pub(crate) const MAX_ELEMENTS: usize = 20_000;

/// Checks how deep the elements of a style file nest, as far as the file is XML. Parsing takes stack for each level.
pub(crate) fn check_xml(xml: &str) -> Result<(), StyleError> {
    let mut depth = 0_usize;
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) if depth == MAX_DEPTH => return Err(StyleError::NestedElements),
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// Checks what the layouts and macros of a style expand to.
pub(crate) fn check_macros<'s>(
    csl: &'s IndependentStyle,
    macros: &'s FxHashMap<String, usize>,
    parts: &[&'s [Element]],
) -> Result<(), StyleError> {
    let mut extents = Extents { macros, csl, measured: FxHashMap::default() };
    parts.iter().try_for_each(|elements| extents.of(elements, 0).map(|_| ()))
}

/// How many elements some elements expand to, and how deep they nest.
#[derive(Clone, Copy)]
struct Extent {
    count: usize,
    depth: usize,
}

impl Extent {
    const NONE: Extent = Extent { count: 0, depth: 0 };
}

struct Extents<'s> {
    csl: &'s IndependentStyle,
    macros: &'s FxHashMap<String, usize>,
    /// The macros measured so far.
    measured: FxHashMap<&'s str, Extent>,
}

impl<'s> Extents<'s> {
    /// The extent of elements at a depth.
    fn of(&mut self, elements: &'s [Element], outer: usize) -> Result<Extent, StyleError> {
        if outer > MAX_DEPTH {
            return Err(StyleError::EndlessMacros);
        }
        let mut extent = Extent { count: elements.len(), depth: 1 };
        for element in elements {
            let inner = self.of_children(element, outer + 1)?;
            extent = Extent { count: extent.count + inner.count, depth: extent.depth.max(inner.depth + 1) };
        }
        if extent.count > MAX_ELEMENTS {
            return Err(StyleError::TooManyElements);
        }
        if outer + extent.depth > MAX_DEPTH {
            return Err(StyleError::NestedMacros);
        }
        Ok(extent)
    }

    fn of_children(&mut self, element: &'s Element, outer: usize) -> Result<Extent, StyleError> {
        match element {
            Element::Text(text) => match &text.target {
                TextTarget::Macro { name } => self.of_macro(name, outer),
                TextTarget::Variable { .. } | TextTarget::Term { .. } | TextTarget::Value { .. } => Ok(Extent::NONE),
            },
            Element::Group(group) => self.of(&group.children, outer),
            // Only one branch is formatted.
            Element::Choose(choose) => {
                let branches = choose.branches().map(|branch| &branch.children);
                let branches = branches.chain(choose.otherwise.iter().map(|branch| &branch.children));
                branches.map(|children| self.of(children, outer)).try_fold(Extent::NONE, |a, b| {
                    let b = b?;
                    Ok(Extent { count: a.count.max(b.count), depth: a.depth.max(b.depth) })
                })
            }
            Element::Names(names) => {
                let substitutes = names.children.iter().filter_map(|child| match child {
                    NamesChild::Substitute(substitute) => Some(&substitute.children),
                    NamesChild::Name(_) | NamesChild::EtAl(_) | NamesChild::Label(_) => None,
                });
                substitutes.map(|children| self.of(children, outer)).try_fold(Extent::NONE, |a, b| {
                    let b = b?;
                    Ok(Extent { count: a.count + b.count, depth: a.depth.max(b.depth) })
                })
            }
            Element::Date(_) | Element::Number(_) | Element::Label(_) => Ok(Extent::NONE),
        }
    }

    fn of_macro(&mut self, name: &'s str, outer: usize) -> Result<Extent, StyleError> {
        if let Some(extent) = self.measured.get(name) {
            return Ok(*extent);
        }
        let Some(called) = self.macros.get(name).and_then(|index| self.csl.macros.get(*index)) else {
            return Ok(Extent::NONE);
        };
        let extent = self.of(&called.children, outer)?;
        self.measured.insert(name, extent);
        Ok(extent)
    }
}
