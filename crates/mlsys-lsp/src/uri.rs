//! Files as URIs.

use camino::Utf8PathBuf;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What is escaped in the path of a URI.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path of a `file` URI; `None` for other schemes.
pub fn path(uri: &str) -> Option<Utf8PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/C:/x` on Windows.
    let drive = path.strip_prefix('/').filter(|rest| cfg!(windows) && rest.as_bytes().get(1) == Some(&b':'));
    Some(Utf8PathBuf::from(drive.unwrap_or(&path)))
}

/// The URI of an absolute path.
pub fn of_path(path: &camino::Utf8Path) -> String {
    let path = path.as_str().replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&path, ESCAPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive() {
        for path in ["/a/b.qmd", "/a b/é 中#?%.qmd"] {
            assert_eq!(super::path(&of_path(path.into())).as_deref(), Some(path.into()));
        }
        assert_eq!(super::path("file://localhost/a%20b").as_deref(), Some("/a b".into()));
        assert_eq!(super::path("untitled:Untitled-1"), None);
    }
}
