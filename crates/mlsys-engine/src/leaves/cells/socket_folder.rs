//! Folders for sockets.

use tempfile::TempDir;

/// A private folder for sockets. Their paths have at most about 100 bytes, which some temporary folders exceed.
pub fn socket_folder(prefix: &str) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    let folder = builder.tempdir()?;
    if cfg!(unix) && folder.path().as_os_str().len() > 70 { builder.tempdir_in("/tmp") } else { Ok(folder) }
}
