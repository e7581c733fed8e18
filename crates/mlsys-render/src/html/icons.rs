//! Icons by name, as inline SVG.

use super::tag::Tag;
use super::writer::{Elements, html};
use icondata_bs::*;

/// All icons of Bootstrap Icons 1.13, by name.
static ICONS: &[(&str, &icondata_core::IconData)] = include!("icons.in");

/// An icon of Bootstrap Icons as `i.bi.bi-NAME` with inline SVG, so that a page contains only the icons that it shows. With a
/// label it is an image for assistive technology, otherwise decoration. An unknown name writes the element without a drawing,
/// for style sheets with icons of their own.
pub(crate) fn icon(name: &str, label: Option<&str>) -> String {
    html(|out| write_icon(out, name, label))
}

/// Writes an icon: see [`icon`].
pub(crate) fn write_icon(out: &mut impl Elements, name: &str, label: Option<&str>) {
    let tag = icon_tag(name);
    let tag = match label.filter(|l| !l.is_empty()) {
        Some(label) => tag.attr("role", "img").attr("aria-label", label),
        None => tag.attr("aria-hidden", "true"),
    };
    out.element(tag, |out| write_drawing(out, name));
}

/// The start tag of an icon.
pub(crate) fn icon_tag(name: &str) -> Tag {
    Tag::new("i").class("bi").class(&format!("bi-{}", plain_name(name)))
}

/// Writes the drawing of an icon.
pub(crate) fn write_drawing(out: &mut impl Elements, name: &str) {
    let name = plain_name(name);
    let found = ICONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok().and_then(|at| ICONS.get(at));
    if let Some((_, data)) = found {
        let tag = Tag::new("svg").attr("viewBox", data.view_box.unwrap_or("0 0 16 16")).attr("width", "1em");
        let tag = tag.attr("height", "1em").attr("fill", "currentColor").attr("aria-hidden", "true");
        out.element(tag, |out| out.raw(&data.data.replace('\n', "")));
    }
}

fn plain_name(name: &str) -> &str {
    name.strip_prefix("bi-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn icons_are_found_by_name() {
        assert!(super::ICONS.is_sorted_by_key(|(name, _)| name));
        assert!(super::icon("github", None).contains("<svg"));
        assert!(!super::icon("no-such-icon", None).contains("<svg"));
    }
}
