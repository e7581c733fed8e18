//! Suggestions for names of files that do not exist.

use mlsys_book::{did_you_mean, near, near_keys, suggest};
use std::collections::BTreeMap;

/// The index in `files` of the first file with each name.
pub(crate) fn first_of_name(files: &[String]) -> BTreeMap<String, usize> {
    let name = |file: &String| file.rsplit('/').next().unwrap_or(file).to_owned();
    files.iter().enumerate().rev().map(|(at, file)| (name(file), at)).collect()
}

/// A hint that names the file that was probably meant by the missing `path`: one of the same name in another folder, one with a
/// similar path, or one with a similar name. `names` are those of [`first_of_name`].
pub(crate) fn similar_file(files: &[String], names: &BTreeMap<String, usize>, path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let of_name = |name: &str| names.get(name).and_then(|at| files.get(*at));
    if let Some(elsewhere) = of_name(name) {
        return Some(format!("there is `{elsewhere}`"));
    }
    let near = near(files, |file| file, path).iter().map(String::as_str);
    did_you_mean(path, near).or_else(|| {
        let similar = of_name(suggest(name, near_keys(names, name))?)?;
        Some(format!("did you mean `{similar}`?"))
    })
}
