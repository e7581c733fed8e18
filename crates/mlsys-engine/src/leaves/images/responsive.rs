//! Responsive images: smaller versions of large images, from which browsers choose by screen size.
//!
//! A phone shows a chapter's cover of a megabyte in a few hundred pixels. Large PNG and JPEG files get JPEG versions in one or two
//! widths. The original remains, for the lightbox and for clients without `srcset`. Vector graphics, small files, and images with
//! transparency or animation, which JPEG does not support, have only the original.

use crate::memo::store::{Key, Store};
use crate::parallel::in_parallel;
use crate::project::vfs::Vfs;
use camino::Utf8Path;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder};
use mlsys_book::{ImageForm, Value, name};
use png::{BitDepth, Transformations};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use std::sync::Arc;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// The versions of large images that a page offers to browsers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Images {
    /// Only the author's files.
    #[default]
    Original,
    /// Smaller versions of large images.
    Resized,
}

impl Images {
    /// The values with their names on the command line and in `mlsys: images`.
    pub const NAMES: [(&str, Images); 2] = [("original", Images::Original), ("resized", Images::Resized)];

    /// The value of `mlsys: images`. The default is `original`, so that the first build stays fast.
    pub fn configured(meta: &Value) -> Images {
        match meta.text(name!("mlsys.images")).as_deref() {
            Some("resized") => Images::Resized,
            _ => Images::Original,
        }
    }
}

/// The kind of cache entries with versions of an image.
const KIND: &str = "images";

/// The version of the resizing steps: a new one invalidates cached results.
const RECIPE: &str = "1";

/// The size in bytes from which a file gets smaller versions.
const SMALL: u64 = 40_000;

/// The pixel limit: two decoded images must fit in memory along with a book.
const MOST_PIXELS: u64 = 25_000_000;

/// The widths in pixels: a text column on a phone, and on a screen with two pixels per CSS pixel.
const WIDTHS: [u32; 2] = [768, 1440];

/// The JPEG quality.
const QUALITY: u8 = 78;

/// The size limit of a version, in tenths of the original's size.
const WORTH: u64 = 7;

/// A smaller version of an image.
#[derive(Debug, Serialize, Deserialize)]
struct Form {
    width: u32,
    jpeg: Vec<u8>,
}

/// The smaller versions of a page's images, and their files.
#[derive(Default)]
pub struct Forms {
    /// The versions, by the image's URL as written.
    pub forms: Vec<(String, Vec<ImageForm>)>,
    /// The files: path and content.
    pub files: Vec<(String, Arc<[u8]>)>,
}

/// Makes smaller versions of images, or takes them from the cache. Each image is a URL as written and a file of the
/// project; `assets` is the folder of the site's own files.
pub fn forms(vfs: &Vfs, cache: &Store, assets: &str, images: Vec<(String, String)>) -> Forms {
    let mut all = Forms::default();
    let made = in_parallel(images, |(url, file)| {
        let made = forms_of_file(vfs, &file, cache);
        (url, file, made)
    });
    for (url, file, made) in made.into_iter().filter(|(_, _, made)| !made.is_empty()) {
        let name = Utf8Path::new(&file).file_stem().unwrap_or("image").to_owned();
        let form = |form: Form| {
            let hash = blake3::hash(&form.jpeg).to_hex();
            let path = format!("{assets}/images/{name}-{}-{}.jpg", form.width, &hash[..8]);
            let version = ImageForm { url: format!("/{path}"), width: form.width };
            all.files.push((path, form.jpeg.into()));
            version
        };
        let versions = made.into_iter().map(form).collect();
        all.forms.push((url, versions));
    }
    all
}

/// A file's smaller version for readers of books, whose screens are at most as wide as the widest version: a JPEG. `None` if the file
/// is small or no version is much smaller.
pub fn reduced(vfs: &Vfs, path: &str, cache: &Store) -> Option<Arc<[u8]>> {
    Some(forms_of_file(vfs, path, cache).pop()?.jpeg.into())
}

/// The versions of a file in ascending width; none if the file is small or no version is much smaller.
fn forms_of_file(vfs: &Vfs, path: &str, cache: &Store) -> Vec<Form> {
    let is_large = vfs.size(path).is_some_and(|size| size >= SMALL);
    let is_picture = ["png", "jpg", "jpeg"]
        .iter()
        .any(|e| Utf8Path::new(path).extension().is_some_and(|x| x.eq_ignore_ascii_case(e)));
    if !is_large || !is_picture {
        return Vec::new();
    }
    let Some(bytes) = vfs.small_file(path, u64::MAX) else { return Vec::new() };
    let key = Key::new([RECIPE.as_bytes(), &bytes]);
    if let Some(cached) = cache.get(KIND, key).and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
        return cached;
    }
    let made = forms_of(&bytes).unwrap_or_default();
    if let Ok(bytes) = postcard::to_stdvec(&made) {
        cache.put(KIND, key, &bytes);
    }
    made
}

/// A decoded image.
struct Pixels {
    width: u32,
    height: u32,
    /// Three bytes per pixel, or one in a grey image.
    bytes: Vec<u8>,
    is_grey: bool,
    /// The ICC profile.
    profile: Option<Vec<u8>>,
}

/// The versions of an image that are small enough; `None` if it cannot be decoded, or not be converted to JPEG.
fn forms_of(bytes: &[u8]) -> Option<Vec<Form>> {
    let pixels = if bytes.starts_with(b"\x89PNG") { of_png(bytes)? } else { of_jpeg(bytes)? };
    let widest = pixels.width.min(WIDTHS[1]);
    // A version that is hardly narrower than the next one is useless.
    let narrow = Some(WIDTHS[0]).filter(|width| width * 5 / 4 <= widest);
    let forms = narrow.into_iter().chain([widest]).map(|width| form(&pixels, width));
    let forms: Vec<Form> = forms.collect::<Option<_>>()?;
    let is_worth = |form: &Form| form.jpeg.len() as u64 * 10 <= bytes.len() as u64 * WORTH;
    Some(forms.into_iter().filter(is_worth).collect())
}

fn form(pixels: &Pixels, width: u32) -> Option<Form> {
    let kind = if pixels.is_grey { PixelType::U8 } else { PixelType::U8x3 };
    let height = (f64::from(pixels.height) * f64::from(width) / f64::from(pixels.width)).round().max(1.0) as u32;
    let source = ImageRef::new(pixels.width, pixels.height, &pixels.bytes, kind).ok()?;
    let mut resized = Image::new(width, height, kind);
    let how = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize(&source, &mut resized, &how).ok()?;
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_optimized_huffman_tables(true);
    if let Some(profile) = &pixels.profile {
        encoder.add_icc_profile(profile).ok()?;
    }
    let kind = if pixels.is_grey { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(resized.buffer(), u16::try_from(width).ok()?, u16::try_from(height).ok()?, kind).ok()?;
    Some(Form { width, jpeg })
}

fn is_too_large(width: u32, height: u32) -> bool {
    width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS
}

fn of_png(bytes: &[u8]) -> Option<Pixels> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let info = reader.info();
    // Another gamma than that of sRGB is not supported.
    let has_gamma =
        info.srgb.is_none() && info.gama_chunk.is_some_and(|gamma| !(0.44..0.47).contains(&gamma.into_value()));
    let profile = info.icc_profile.as_ref().map(|profile| profile.to_vec());
    if is_too_large(info.width, info.height) || info.animation_control.is_some() || (has_gamma && profile.is_none()) {
        return None;
    }
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(frame.buffer_size());
    if frame.bit_depth != BitDepth::Eight {
        return None;
    }
    let (samples, is_grey) = match frame.color_type.samples() {
        1 => (1, true),
        2 => (2, true),
        3 => (3, false),
        _ => (4, false),
    };
    if samples % 2 == 0 {
        // Many programs write an alpha channel that is fully opaque.
        let opaque = bytes.chunks_exact(samples).all(|pixel| pixel[samples - 1] == u8::MAX);
        if !opaque {
            return None;
        }
        bytes = bytes.chunks_exact(samples).flat_map(|pixel| &pixel[..samples - 1]).copied().collect();
    }
    Some(Pixels { width: frame.width, height: frame.height, bytes, is_grey, profile })
}

fn of_jpeg(bytes: &[u8]) -> Option<Pixels> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    if is_too_large(width, height) || info.components > 3 || decoder.exif().is_some_and(|exif| is_rotated(exif)) {
        return None;
    }
    let profile = decoder.icc_profile();
    let bytes = decoder.decode().ok()?;
    let samples = bytes.len() as u64 / (u64::from(width) * u64::from(height));
    let is_grey = samples == 1;
    (is_grey || samples == 3).then_some(Pixels { width, height, bytes, is_grey, profile })
}

/// True if browsers rotate the image, or if its orientation is invalid. Source: Exif 2.32, tag `Orientation`.
fn is_rotated(exif: &[u8]) -> bool {
    let big = exif.starts_with(b"MM");
    let number = |at: usize, length: usize| {
        let bytes = exif.get(at..at + length)?;
        let next = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if big { bytes.iter().fold(0, next) } else { bytes.iter().rev().fold(0, next) })
    };
    let orientation = || {
        let directory = number(4, 4)?;
        let entries = (0..number(directory, 2)?).map(|entry| directory + 2 + 12 * entry);
        let mut entries = entries.map_while(|at| Some((at, number(at, 2)?)));
        entries.find(|(_, tag)| *tag == 0x0112).and_then(|(at, _)| number(at + 8, 2))
    };
    orientation().is_some_and(|orientation| orientation != 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image with noise, like a photo.
    fn png(width: u32, height: u32, alpha: Option<u8>) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(if alpha.is_some() { png::ColorType::Rgba } else { png::ColorType::Rgb });
        let pixel = |at: u32| {
            let (x, y) = (at % width, at / width);
            let noise = (at.wrapping_mul(2_654_435_761) >> 27) as u8;
            let colour = [(x / 5) as u8 ^ noise, (y / 3) as u8 ^ noise, ((x + y) / 7) as u8];
            colour.into_iter().chain(alpha)
        };
        let bytes: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&bytes).expect("a picture");
        writer.finish().expect("an end");
        file
    }

    fn widths(bytes: &[u8]) -> Vec<u32> {
        forms_of(bytes).unwrap_or_default().iter().map(|form| form.width).collect()
    }

    #[test]
    fn a_large_image_has_two_versions_at_most_as_wide_as_itself() {
        assert_eq!(widths(&png(2000, 300, None)), [768, 1440]);
        assert_eq!(widths(&png(1000, 300, None)), [768, 1000]);
        assert_eq!(widths(&png(800, 300, None)), [800]);
        for form in forms_of(&png(2000, 300, None)).expect("forms") {
            let size = imagesize::blob_size(&form.jpeg).expect("a size");
            assert_eq!((size.width, size.height), (form.width as usize, (form.width * 3 / 20) as usize));
        }
    }

    #[test]
    fn transparent_images_have_no_versions() {
        assert_eq!(widths(&png(1000, 300, Some(255))), [768, 1000]);
        assert!(widths(&png(1000, 300, Some(200))).is_empty());
    }

    #[test]
    fn invalid_images_have_no_versions() {
        assert!(widths(b"").is_empty());
        assert!(widths(b"\x89PNG\r\n").is_empty());
        assert!(widths(&png(1000, 300, None)[..2000]).is_empty());
    }

    #[test]
    fn rotated_photos_are_detected() {
        let exif = |orientation: u8| {
            let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
            exif.extend([orientation, 0, 0]);
            exif
        };
        assert!(is_rotated(&exif(6)));
        assert!(!is_rotated(&exif(1)));
        assert!(!is_rotated(b"II*\0\xff\xff\xff\xff"));
    }
}
