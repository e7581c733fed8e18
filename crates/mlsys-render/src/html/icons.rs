//! Icons by name, as SVG within the page.

use icondata_bs::*;

/// Every icon of Bootstrap Icons 1.13 by its name.
static ICONS: &[(&str, &icondata_core::IconData)] = include!("icons.in");

/// An icon of Bootstrap Icons as `i.bi.bi-NAME` with the drawing inside, so that a page carries the icons that it shows and
/// nothing else. With a label it is an image for assistive technology, without one it is decoration. An unknown name keeps the
/// element, for style sheets that bring their own icons, and draws nothing.
pub(crate) fn icon(name: &str, label: Option<&str>) -> String {
    let name = name.strip_prefix("bi-").unwrap_or(name);
    let access = match label.filter(|l| !l.is_empty()) {
        Some(label) => format!(" role=\"img\" aria-label=\"{}\"", crate::html::escape(label)),
        None => " aria-hidden=\"true\"".to_owned(),
    };
    format!("<i class=\"bi bi-{}\"{access}>{}</i>", crate::html::escape(name), drawing(name).unwrap_or_default())
}

/// The drawing of an icon.
fn drawing(name: &str) -> Option<String> {
    let at = ICONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    let (_, data) = ICONS.get(at)?;
    Some(format!(
        "<svg viewBox=\"{}\" width=\"1em\" height=\"1em\" fill=\"currentColor\" aria-hidden=\"true\">{}</svg>",
        data.view_box.unwrap_or("0 0 16 16"),
        data.data.replace('\n', "")
    ))
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
