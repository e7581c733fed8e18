//! File patterns as Quarto reads them in `render`, `resources`, `contents` and `auto`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

/// A list of patterns; those with a leading `!` exclude files.
#[derive(Clone, Debug)]
pub struct Globs {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    /// The file name, if the author wrote one instead of a pattern.
    literal: Option<String>,
    /// The pattern; `None` if it is invalid. A set of one, for two reasons: a bare glob panics if it is nested too deep, and one
    /// set of thousands of patterns takes minutes and gigabytes to compile, while separate sets take a second.
    matcher: Option<GlobSet>,
    /// The folder that the author named, with `/` at its end; empty for other patterns. Below it hidden names are skipped.
    folder: String,
}

impl Globs {
    /// Reads patterns. A pattern with wildcards and without a leading `/` matches in every folder; a name of a folder, with or
    /// without `/` at its end, stands for everything below it. `folders` says which names are folders.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>, folders: impl Fn(&str) -> bool) -> Self {
        let (mut include, mut exclude) = (Vec::new(), Vec::new());
        for pattern in patterns {
            match pattern.strip_prefix('!') {
                Some(pattern) => exclude.push(Pattern::new(pattern, true, &folders)),
                None => include.push(Pattern::new(pattern, false, &folders)),
            }
        }
        Globs { include, exclude }
    }

    /// The matching files, in the order of the patterns, each once. Names that begin with `_` or `.` match only literally.
    pub fn select<'f>(&self, files: &'f [String]) -> Vec<&'f str> {
        let mut selected: Vec<&str> = Vec::new();
        let mut taken = vec![false; files.len()];
        let mut take = |at: usize, file: &'f str, taken: &mut [bool]| {
            if !taken[at] && !self.exclude.iter().any(|p| p.matches(file)) {
                taken[at] = true;
                selected.push(file);
            }
        };
        // Names are looked up, so that long lists are not compared with each file.
        let places: FxHashMap<&str, usize> = match self.include.iter().any(|pattern| pattern.literal.is_some()) {
            true => files.iter().enumerate().map(|(at, file)| (file.as_str(), at)).collect(),
            false => FxHashMap::default(),
        };
        for pattern in &self.include {
            match &pattern.literal {
                Some(name) => {
                    if let Some((file, at)) = places.get_key_value(name.as_str()) {
                        take(*at, file, &mut taken);
                    }
                }
                None => {
                    for (at, file) in files.iter().enumerate() {
                        let below = file.strip_prefix(&pattern.folder).unwrap_or(file);
                        if !taken[at] && !is_hidden(below) && pattern.matches(file) {
                            take(at, file, &mut taken);
                        }
                    }
                }
            }
        }
        selected
    }
}

impl Pattern {
    fn new(pattern: &str, anywhere: bool, folders: &impl Fn(&str) -> bool) -> Self {
        let wild = pattern.contains(['*', '?', '[', '{']);
        let rooted = pattern.starts_with('/') || pattern.starts_with("./");
        let name = pattern.trim_start_matches("./").trim_start_matches('/');
        let mut glob = name.trim_end_matches('/').to_owned();
        let folder = name.ends_with('/') || folders(&glob);
        let named = if folder && !wild { format!("{glob}/") } else { String::new() };
        if folder {
            glob.push_str("/**");
        }
        if (wild || anywhere) && !rooted && !glob.starts_with("**/") {
            glob.insert_str(0, "**/");
        }
        let matcher = GlobBuilder::new(&glob)
            .literal_separator(true)
            .build()
            .and_then(|glob| GlobSetBuilder::new().add(glob).build())
            .ok();
        Pattern { literal: (!wild && !folder && !anywhere).then_some(glob), matcher, folder: named }
    }

    fn matches(&self, file: &str) -> bool {
        self.matcher.as_ref().is_some_and(|m| m.is_match(file))
    }
}

/// True if a part of the path begins with `_` or `.`.
pub(super) fn is_hidden(file: &str) -> bool {
    file.split('/').any(|part| part.starts_with(['_', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_follow_quarto() {
        let files: Vec<String> =
            ["_x.qmd", "a.qmd", "skip.qmd", "sub/_c.qmd", "sub/b.qmd", "sub/skip.qmd", "_in/d.qmd", "_in/_e.qmd"]
                .iter()
                .map(|s| (*s).to_owned())
                .collect();
        let select = |patterns: &[&str]| Globs::new(patterns.iter().copied(), |f| f == "sub").select(&files).join(" ");
        assert_eq!(select(&["*.qmd", "!skip.qmd"]), "a.qmd sub/b.qmd");
        assert_eq!(select(&["/*.qmd"]), "a.qmd skip.qmd");
        assert_eq!(select(&["sub/", "a.qmd"]), "sub/b.qmd sub/skip.qmd a.qmd");
        assert_eq!(select(&["_x.qmd", "sub"]), "_x.qmd sub/b.qmd sub/skip.qmd");
        assert_eq!(select(&["_in/"]), "_in/d.qmd");
        let deep = "{".repeat(5000) + "a.qmd" + &"}".repeat(5000);
        assert_eq!(select(&[&deep, "[", "a.qmd"]), "a.qmd");
    }
}
