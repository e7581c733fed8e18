//! An author's attributes on an element.

use super::Body;
use crate::html;
use mlsys_book::Attr;

impl Body<'_> {
    /// Writes id, classes and keys of an author's attributes: `before`, the author's classes, then `after`.
    pub(super) fn attr(&mut self, attr: &Attr, before: &[&str], after: &[&str], skip: &[&str]) {
        let out = &mut self.out.text;
        if let Some(id) = &attr.id {
            html::attribute(out, "id", &id.name);
        }
        class_attribute(out, attr, before, after);
        html::pairs(out, attr, skip);
    }
}

/// Writes the class attribute, if there is any class.
pub(super) fn class_attribute(out: &mut String, attr: &Attr, before: &[&str], after: &[&str]) {
    let own = attr.classes.iter().map(String::as_str);
    let mut first = true;
    for class in before.iter().copied().chain(own).chain(after.iter().copied()) {
        out.push_str(if first { " class=\"" } else { " " });
        html::escape_value(out, class);
        first = false;
    }
    if !first {
        out.push('"');
    }
}

/// A fraction of the width as a percentage with one digit, as in `50.0%`.
pub(super) fn percent(fraction: f64) -> String {
    // Quarto cuts the digits off (33.3, 66.6).
    format!("{:.1}%", (fraction * 1000.0 + 1e-6).floor() / 10.0)
}
