//! Representations of values as workers send them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlsys_cells::{MimeBundle, MimeData};
use std::collections::BTreeMap;

/// A MIME bundle; what is said to be an image and is not base64 stays text.
pub fn to_bundle(data: BTreeMap<String, String>) -> MimeBundle {
    let decode = |(mime, text): (String, String)| {
        let is_binary = (mime.starts_with("image/") && mime != "image/svg+xml") || mime == "application/pdf";
        let bytes = if is_binary { STANDARD.decode(text.trim_end().replace('\n', "")).ok() } else { None };
        (mime, bytes.map_or(MimeData::Text(text), MimeData::Bytes))
    };
    MimeBundle(data.into_iter().map(decode).collect())
}
