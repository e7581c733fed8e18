//! Paths of a project's files: relative to its folder, with `/` between their parts.

/// A path without `./`, empty parts and a slash at its end; `..` goes up where it can.
///
/// ```
/// use mlsys_book::clean_path;
///
/// assert_eq!(clean_path("./a//b/../c/"), "a/c");
/// assert_eq!(clean_path("../a"), "../a");
/// ```
pub fn clean_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// True if a name is a folder with files in it. `files` is in ascending order.
pub fn is_folder(name: &str, files: &[String]) -> bool {
    let prefix = format!("{name}/");
    let at = files.partition_point(|file| file.as_str() < prefix.as_str());
    files.get(at).is_some_and(|file| file.starts_with(&prefix))
}

/// A page's path as its URL: without the name of a folder's index page.
pub fn without_index(output: &str) -> &str {
    let folder = output.strip_suffix("index.html");
    folder.filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(output)
}
