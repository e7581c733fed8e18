//! ZIP archives as EPUB wants them. Source: EPUB Open Container Format 3.3, and PKWARE's APPNOTE 6.3.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

/// The date of all files: the first day that ZIP knows. So the same files make the same archive.
const DATE: u16 = (1 << 5) | 1;

/// A file of an archive, compressed if that makes it smaller.
#[derive(Clone, Debug)]
pub struct ZipEntry {
    path: String,
    crc: u32,
    length: u32,
    bytes: Vec<u8>,
    is_deflated: bool,
}

impl ZipEntry {
    /// A file of an archive. `None` for files of 4 GB and more.
    pub fn new(path: &str, bytes: &[u8]) -> Option<ZipEntry> {
        let length = u32::try_from(bytes.len()).ok()?;
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let deflated = (!is_compressed(path)).then(|| deflated(bytes)).flatten();
        let deflated = deflated.filter(|deflated| deflated.len() < bytes.len());
        let is_deflated = deflated.is_some();
        let bytes = deflated.unwrap_or_else(|| bytes.to_vec());
        Some(ZipEntry { path: path.to_owned(), crc: crc.sum(), length, bytes, is_deflated })
    }

    /// What the headers of the file and of the directory have in common.
    fn header(&self, out: &mut Vec<u8>) {
        let method: u16 = if self.is_deflated { 8 } else { 0 };
        for number in [20, 0, method, 0, DATE] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for number in [self.crc, self.bytes.len() as u32, self.length, self.path.len() as u32] {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
}

/// The archive of files, in their order. `None` for archives of 4 GB and more.
pub fn archive(entries: &[ZipEntry]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(entries.iter().map(|entry| entry.bytes.len() + 2 * entry.path.len() + 128).sum());
    let mut directory = Vec::new();
    for entry in entries {
        let offset = u32::try_from(out.len()).ok()?;
        // The length of the path and of no extra field are one number of four bytes here.
        out.extend_from_slice(b"PK\x03\x04");
        entry.header(&mut out);
        out.extend_from_slice(entry.path.as_bytes());
        out.extend_from_slice(&entry.bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        entry.header(&mut directory);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(entry.path.as_bytes());
    }
    let start = u32::try_from(out.len()).ok()?;
    let count = u16::try_from(entries.len()).ok()?;
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&u32::try_from(directory.len()).ok()?.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    Some(out)
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// True for files that are compressed already, and for the file of the archive's type, which readers look for in the first bytes.
fn is_compressed(path: &str) -> bool {
    let is_image =
        ["png", "jpg", "jpeg", "gif", "webp"].iter().any(|extension| path.ends_with(&format!(".{extension}")));
    path == "mimetype" || is_image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_in_the_first_bytes() {
        let entries = ["mimetype", "a.xhtml"].map(|path| ZipEntry::new(path, b"application/epub+zip").expect("small"));
        let bytes = archive(&entries).expect("small");
        assert_eq!(&bytes[..4], b"PK\x03\x04");
        assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
        assert_eq!(bytes, archive(&entries).expect("small"));
    }
}
