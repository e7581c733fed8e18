//! The folder for what is costly to make and can be made again.

use camino::{Utf8Path, Utf8PathBuf};

/// The cache of a project: `MLSYS_CACHE_DIR`; on Netlify its folder that stays between builds; else `.quarto/mlsys` in the
/// project, which Quarto's own `.gitignore` leaves out. Source: Netlify, "Build configuration", the build's cache folder.
pub fn folder(root: &Utf8Path) -> Utf8PathBuf {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(folder) = set("MLSYS_CACHE_DIR") {
        return root.join(folder);
    }
    if set("NETLIFY").is_some_and(|on| on == "true") {
        let base = set("NETLIFY_BUILD_BASE").unwrap_or_else(|| "/opt/build".to_owned());
        return Utf8PathBuf::from(base).join("cache/mlsys");
    }
    root.join(".quarto/mlsys")
}
