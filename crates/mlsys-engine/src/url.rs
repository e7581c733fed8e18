//! URLs in sources: schemes, files of the project, relative paths.

use mlsys_book::{clean_path, percent_decoded};

/// The file of the project at a URL in the file `input`; `None` if the URL leads out of the project.
pub fn local_file(input: &str, url: &str) -> Option<String> {
    let path = url.split(['#', '?']).next().unwrap_or("");
    if path.is_empty() || url.starts_with("//") || has_scheme(url) {
        return None;
    }
    let path = percent_decoded(path);
    let joined = match path.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => match input.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path,
        },
    };
    let clean = clean_path(&joined);
    (!clean.is_empty() && !clean.starts_with("..")).then_some(clean)
}

/// True if a URL starts with a scheme: `https:`, `mailto:`, `data:`.
pub fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// The relative URL from one file to another, both relative to the same folder.
pub fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let parts: Vec<&str> = to.split('/').collect();
    let same = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = folders.len() - same;
    let mut url = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    url.push_str(&parts[same..].join("/"));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_relative() {
        assert_eq!(relative("index.html", "a/b.html"), "./a/b.html");
        assert_eq!(relative("a/b.html", "a/c.html"), "./c.html");
        assert_eq!(relative("a/x/b.html", "a/c/d.html"), "../c/d.html");
        assert_eq!(relative("a/b.html", "index.html"), "../index.html");
        assert_eq!(local_file("a/b.qmd", "../x%20y.png?v=1").as_deref(), Some("x y.png"));
        assert_eq!(local_file("a/b.qmd", "/assets/x.png").as_deref(), Some("assets/x.png"));
        assert_eq!(local_file("b.qmd", "../x.png"), None);
        assert_eq!(local_file("b.qmd", "HTTPS://example.org"), None);
    }
}
