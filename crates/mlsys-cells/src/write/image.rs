//! Images of outputs: files, and their sizes.

/// The width and height in pixels of a PNG, and its pixels per inch if it says them. Source: PNG specification, IHDR and pHYs.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32, Option<u32>)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |bytes: &[u8]| Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?));
    let mut size = None;
    let mut at = 0;
    while let Some(length) = rest.get(at..).and_then(number) {
        let kind = rest.get(at + 4..at + 8)?;
        let data = rest.get(at + 8..)?;
        match kind {
            b"IHDR" => size = Some((number(data)?, number(data.get(4..)?)?)),
            b"pHYs" => {
                let (x, y, unit) = (number(data)?, number(data.get(4..)?)?, *data.get(8)?);
                let (width, height) = size?;
                let dpi = (unit == 1 && x == y).then(|| (f64::from(x) * 0.0254).round() as u32);
                return Some((width, height, dpi));
            }
            b"IDAT" => break,
            _ => {}
        }
        at = at.checked_add(12)?.checked_add(length as usize)?;
    }
    size.map(|(width, height)| (width, height, None))
}

/// The extension of an image's MIME type.
pub(super) fn extension(mime: &str) -> &'static str {
    match mime {
        "image/jpeg" => "jpeg",
        "image/svg+xml" => "svg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        _ => "png",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_says_its_size() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\x74\0\0\x03\x36\x08\x06\0\0\0\0\0\0\0".to_vec();
        assert_eq!(png_size(&png), Some((1140, 822, None)));
        png.extend(b"\0\0\0\x09pHYs\0\0\x1d\x87\0\0\x1d\x87\x01\0\0\0\0");
        assert_eq!(png_size(&png), Some((1140, 822, Some(192))));
        assert_eq!(png_size(b"\x89PNG\r\n\x1a\n\0\0"), None);
        assert_eq!(png_size(b"GIF89a"), None);
    }
}
