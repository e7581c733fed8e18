//! Slots of a body: places that are filled after all bodies are there, because listings show other pages.

use super::{Body, Html};
use crate::html::Elements;
use mlsys_book::{Attr, Value, key, name};
use serde::{Deserialize, Serialize};

/// The place of a listing in a body: instead of the div with its id, whose content it replaces. Source: Quarto, "Document
/// Listings", custom placement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The id of the div.
    pub id: String,
    /// The classes of the div.
    pub classes: Vec<String>,
    /// The byte of [`Html::content`] where the listing goes.
    pub at: usize,
    /// The level of the last heading before it; 1 without one.
    pub level: u8,
}

/// Stands around a slot's number while the body is written: text that is captured and moved takes its slots along. Unicode
/// promises that text does not hold this character.
const MARK: char = '\u{fdd0}';

/// True if a div is the place of one of the page's listings.
pub(crate) fn is_listing(meta: &Value, attr: &Attr) -> bool {
    let has_id = |listing: &Value| listing.read(key!("listing", "id")).is_some_and(|id| id == attr.id());
    !attr.id().is_empty() && meta.list(name!("listing")).iter().any(has_id)
}

impl Body<'_> {
    /// Leaves a slot for the listing of a div. A second div with the same id gets none.
    pub(super) fn slot(&mut self, attr: &Attr) {
        if self.slots.iter().any(|slot| slot.id == attr.id()) {
            return;
        }
        let mark = format!("{MARK}{}{MARK}\n", self.slots.len());
        self.raw(&mark);
        let (id, classes) = (attr.id().to_owned(), attr.classes.clone());
        self.slots.push(Slot { id, classes, at: 0, level: self.last_level });
    }
}

/// Takes the marks of slots out of a finished body. Returns the text and the slots in the order of their places.
pub(super) fn located(text: String, slots: Vec<Slot>) -> (String, Vec<Slot>) {
    if slots.is_empty() {
        return (text, slots);
    }
    let mut out = String::with_capacity(text.len());
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        let marked =
            after.split_once(MARK).and_then(|(number, after)| Some((slots.get(number.parse::<usize>().ok()?)?, after)));
        rest = after;
        if let Some((slot, after)) = marked {
            found.push(Slot { at: out.len(), ..slot.clone() });
            rest = after;
        }
    }
    out.push_str(rest);
    (out, found)
}

impl Html {
    /// The body with its slots filled; `fill` gives the HTML for a slot's id.
    pub fn filled<'f>(&self, fill: impl Fn(&str) -> Option<&'f str>) -> String {
        let mut out = String::with_capacity(self.content.len());
        let mut from = 0;
        for slot in &self.slots {
            out.push_str(self.content.get(from..slot.at).unwrap_or(""));
            out.push_str(fill(&slot.id).unwrap_or(""));
            from = slot.at;
        }
        out.push_str(self.content.get(from..).unwrap_or(""));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_in_their_places() {
        let slot = |id: &str| Slot { id: id.to_owned(), ..Slot::default() };
        let text = format!("<p>ä</p>{MARK}1{MARK}\n<p>b</p>{MARK}0{MARK}c{MARK}7{MARK}");
        let (content, slots) = located(text, vec![slot("x"), slot("y")]);
        let html = Html { content, slots, ..Html::default() };
        let fill = |id: &str| Some(if id == "x" { "[x]" } else { "[y]" });
        assert_eq!(html.filled(fill), "<p>ä</p>[y]\n<p>b</p>[x]c7");
    }
}
