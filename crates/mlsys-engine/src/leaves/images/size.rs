//! The size of an image file, which prevents layout shift while the image loads.

use crate::project::vfs::Vfs;
use camino::Utf8Path;

/// The width of an SVG that has only an aspect ratio. Browsers show it in the full width, as they do with any width beyond that.
const WIDE: f64 = 1600.0;

/// The size limit of an SVG up to the end of its root tag.
const BEGINNING: u64 = 1 << 20;

/// The width and height of an image file in CSS pixels, if it has them.
pub fn image_size(vfs: &Vfs, file: &str) -> Option<(u32, u32)> {
    if Utf8Path::new(file).extension().is_some_and(|e| e.eq_ignore_ascii_case("svg")) {
        return svg_size(&String::from_utf8_lossy(&vfs.beginning(file, BEGINNING).ok()?));
    }
    let size = match vfs.content(file) {
        Ok(bytes) => imagesize::blob_size(&bytes),
        Err(path) => imagesize::size(path),
    };
    let size = size.ok()?;
    Some((size.width as u32, size.height as u32))
}

/// The size of an SVG: its width and height, or the aspect ratio of its view box. Source: SVG 2, "Intrinsic sizing
/// properties".
fn svg_size(text: &str) -> Option<(u32, u32)> {
    let start = text.find("<svg").filter(|at| text[at + 4..].starts_with(|c: char| c.is_whitespace()))?;
    let tag = &text[start..start + text[start..].find('>')?];
    let view = attribute(tag, "viewBox").and_then(|view| {
        let numbers: Vec<f64> = view.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        match numbers[..] {
            [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
            _ => None,
        }
    });
    let width = attribute(tag, "width").and_then(pixels);
    let height = attribute(tag, "height").and_then(pixels);
    let (width, height) = match (width, height, view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (None, None, Some((w, h))) => (WIDE, WIDE * h / w),
        _ => return None,
    };
    Some((width.round() as u32, height.round() as u32)).filter(|(w, h)| *w > 0 && *h > 0)
}

/// The value of a tag's attribute.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let before = tag[..at].chars().next_back()?;
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        before.is_whitespace().then(|| value[1..].split(quote).next()).flatten()
    })
}

/// A CSS length in pixels; `None` for relative lengths. Source: CSS Values and Units 4, "Absolute
/// lengths".
pub(crate) fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let unit = length.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'));
    let number: f64 = length[..length.len() - unit.len()].parse().ok()?;
    let factor = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 9.6 / 2.54,
        _ => return None,
    };
    Some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::svg_size;

    #[test]
    fn svg_has_a_size_or_an_aspect_ratio() {
        assert_eq!(svg_size("<?xml?><svg width='150pt' height='75pt' viewBox='0 0 1 1'>"), Some((200, 100)));
        assert_eq!(svg_size("<svg stroke-width=\"3\" width=\"10\"\n viewBox=\"0,0,20,40\">"), Some((10, 20)));
        assert_eq!(svg_size("<svg width=\"100%\" viewBox=\"0 0 4 3\">"), Some((1600, 1200)));
        assert_eq!(svg_size("<svg width=\"100%\">"), None);
        assert_eq!(svg_size("<svg"), None);
    }
}
