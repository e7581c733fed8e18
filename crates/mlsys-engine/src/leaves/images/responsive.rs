//! Smaller forms of large pictures, from which a browser takes the one that its screen needs.
//!
//! A chapter's cover of a megabyte is shown on a telephone in a few hundred pixels. Pictures of PNG and JPEG that are large as files
//! get JPEGs of one or two widths; the original stays for the lightbox and for what knows nothing of forms. Drawings and small
//! files stay as they are, and so does what JPEG cannot hold: transparency, animation.

use crate::memo::store::{Key, Store};
use crate::parallel::in_parallel;
use crate::project::vfs::Vfs;
use crate::site::shell::ASSETS;
use camino::Utf8Path;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder};
use mlsys_book::{ImageForm, Value};
use png::{BitDepth, Transformations};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use std::sync::Arc;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// Whether pictures get smaller forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Images {
    /// Pages show the author's files alone.
    #[default]
    Original,
    /// Large pictures get smaller forms.
    Resized,
}

impl Images {
    /// The values by the names that authors write.
    pub const NAMES: [(&str, Images); 2] = [("original", Images::Original), ("resized", Images::Resized)];

    /// What the project says in `mlsys: images`. Nobody waits longer for a first build than asked for, so nothing means none.
    pub fn configured(meta: &Value) -> Images {
        match meta.path("mlsys.images").and_then(Value::to_text).as_deref() {
            Some("resized") => Images::Resized,
            _ => Images::Original,
        }
    }
}

/// The kind of the cache's entries.
const KIND: &str = "images";

/// Changes with the way in which forms are made, so that older results are not used.
const RECIPE: &str = "1";

/// Files of fewer bytes stay as they are.
const SMALL: u64 = 40_000;

/// Pictures of more pixels stay as they are: two of them in memory at once must fit beside a book.
const MOST_PIXELS: u64 = 25_000_000;

/// The widths of forms in pixels: a column of text on a telephone, and on a screen with two pixels for each of CSS.
const WIDTHS: [u32; 2] = [768, 1440];

/// How good the JPEGs are.
const QUALITY: u8 = 78;

/// A form is worth its file when it has at most so many of ten parts of the original's bytes.
const WORTH: u64 = 7;

/// A form of a picture.
#[derive(Debug, Serialize, Deserialize)]
struct Form {
    width: u32,
    jpeg: Vec<u8>,
}

/// The forms of a page's pictures: for each, its address as written and what the page says of its forms; and their files.
#[derive(Default)]
pub struct Forms {
    /// By address.
    pub forms: Vec<(String, Vec<ImageForm>)>,
    /// Path and content.
    pub files: Vec<(String, Arc<[u8]>)>,
}

/// Makes the forms of pictures, each an address as written and a file of the project. What was made before is in the cache.
pub fn forms(vfs: &Vfs, cache: &Store, pictures: Vec<(String, String)>) -> Forms {
    let mut all = Forms::default();
    let made = in_parallel(pictures, |(url, file)| {
        let made = forms_of_file(vfs, &file, cache);
        (url, file, made)
    });
    for (url, file, made) in made.into_iter().filter(|(_, _, made)| !made.is_empty()) {
        let name = Utf8Path::new(&file).file_stem().unwrap_or("image").to_owned();
        let form = |form: Form| {
            let hash = blake3::hash(&form.jpeg).to_hex();
            let path = format!("{ASSETS}/images/{name}-{}-{}.jpg", form.width, &hash[..8]);
            let said = ImageForm { url: format!("/{path}"), width: form.width };
            all.files.push((path, form.jpeg.into()));
            said
        };
        let said = made.into_iter().map(form).collect();
        all.forms.push((url, said));
    }
    all
}

/// The forms of a file, narrow ones first; none where the file is small, or no form would be smaller.
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
    if let Some(known) = cache.get(KIND, key).and_then(|known| postcard::from_bytes(&known).ok()) {
        return known;
    }
    let made = forms_of(&bytes).unwrap_or_default();
    if let Ok(bytes) = postcard::to_stdvec(&made) {
        cache.put(KIND, key, &bytes);
    }
    made
}

/// A picture in memory.
struct Pixels {
    width: u32,
    height: u32,
    /// Three bytes a pixel, or one where all are grey.
    bytes: Vec<u8>,
    is_grey: bool,
    /// The profile of its colours.
    profile: Option<Vec<u8>>,
}

/// The forms of a picture that are worth it; nothing where it cannot be read or has what JPEG cannot hold.
fn forms_of(bytes: &[u8]) -> Option<Vec<Form>> {
    let pixels = if bytes.starts_with(b"\x89PNG") { of_png(bytes)? } else { of_jpeg(bytes)? };
    let widest = pixels.width.min(WIDTHS[1]);
    // A form that is hardly narrower than the next one would not be chosen.
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
    // Light that is not that of sRGB would have to be computed.
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
        // Many programs write a layer of transparency in which nothing is transparent.
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
    if is_too_large(width, height) || info.components > 3 || decoder.exif().is_some_and(|exif| is_turned(exif)) {
        return None;
    }
    let profile = decoder.icc_profile();
    let bytes = decoder.decode().ok()?;
    let samples = bytes.len() as u64 / (u64::from(width) * u64::from(height));
    let is_grey = samples == 1;
    (is_grey || samples == 3).then_some(Pixels { width, height, bytes, is_grey, profile })
}

/// Whether the camera was held so that browsers turn the picture; or nobody knows. Source: Exif 2.32, tag `Orientation`.
fn is_turned(exif: &[u8]) -> bool {
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

    /// A picture with something of a photo: colours that differ everywhere.
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
    fn a_large_picture_has_forms_of_two_widths_at_most_as_wide_as_itself() {
        assert_eq!(widths(&png(2000, 300, None)), [768, 1440]);
        assert_eq!(widths(&png(1000, 300, None)), [768, 1000]);
        assert_eq!(widths(&png(800, 300, None)), [800]);
        for form in forms_of(&png(2000, 300, None)).expect("forms") {
            let size = imagesize::blob_size(&form.jpeg).expect("a size");
            assert_eq!((size.width, size.height), (form.width as usize, (form.width * 3 / 20) as usize));
        }
    }

    #[test]
    fn what_is_transparent_stays_as_it_is() {
        assert_eq!(widths(&png(1000, 300, Some(255))), [768, 1000]);
        assert!(widths(&png(1000, 300, Some(200))).is_empty());
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_is() {
        assert!(widths(b"").is_empty());
        assert!(widths(b"\x89PNG\r\n").is_empty());
        assert!(widths(&png(1000, 300, None)[..2000]).is_empty());
    }

    #[test]
    fn a_photo_of_a_turned_camera_is_known() {
        let exif = |orientation: u8| {
            let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
            exif.extend([orientation, 0, 0]);
            exif
        };
        assert!(is_turned(&exif(6)));
        assert!(!is_turned(&exif(1)));
        assert!(!is_turned(b"II*\0\xff\xff\xff\xff"));
    }
}
