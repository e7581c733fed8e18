//! Diagnostics that follow from a filter or a shortcode that is not run: one diagnostic, with the cause as its reason.

use crate::project::Book;
use mlsys_book::{Code, Diagnostic, SUGGESTIONS, Severity, SourceId};
use std::collections::{BTreeMap, BTreeSet};

/// Folds the diagnostics that have one cause.
pub fn fold(book: &Book, diagnostics: &mut Vec<Diagnostic>) {
    // A language without a grammar is reported where the book first uses it.
    let mut languages = BTreeSet::new();
    diagnostics.retain(|finding| finding.code != Code::UnknownLanguage || languages.insert(finding.message.clone()));
    explain_hidden_labels(book, diagnostics);
    fold_shortcodes(book, diagnostics);
    fold_filters(book, diagnostics);
}

/// Says where a label is that no page shows: in a cell without output, or in a comment. Readers miss it on purpose, so the reference is
/// probably the mistake.
fn explain_hidden_labels(book: &Book, diagnostics: &mut [Diagnostic]) {
    let unresolved = diagnostics
        .iter_mut()
        .filter(|finding| finding.code == Code::UnresolvedReference && finding.severity == Severity::Error);
    for finding in unresolved.take(SUGGESTIONS) {
        let Some(label) = quoted(&finding.message).map(str::to_owned) else { continue };
        let files =
            book.pages.iter().flat_map(|page| book.sources.get(page.source.index())).flat_map(|source| &source.files);
        let hidden = files.into_iter().find_map(|file| Some((file.path.as_str(), hidden_label(&file.text, &label)?)));
        if let Some((path, (line, place))) = hidden {
            finding.severity = Severity::Warning;
            finding.message = format!("the label `{label}` is {place}, so no page shows it");
            finding.hints = vec![format!("it is in `{path}`, line {line}")];
        }
    }
}

/// The line of a label of a cell or in a comment, and words for its place.
fn hidden_label(text: &str, label: &str) -> Option<(usize, &'static str)> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    // The end of the comments that are known: each is searched once.
    let (mut known, mut comment) = (0, 0..0);
    let (at, place) = text.match_indices(label).find_map(|(at, _)| {
        if text[at + label.len()..].starts_with(is_name) {
            return None;
        }
        let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
        let option = line.trim_end_matches(['"', '\'']).trim_end().strip_suffix("label:");
        if option.is_some_and(|mark| mark.trim_end().ends_with('|')) {
            return Some((at, "in a cell that shows nothing"));
        }
        if !line.ends_with('#') {
            return None;
        }
        while known <= at {
            let Some(open) = text[known..].find("<!--").map(|open| known + open) else {
                known = text.len() + 1;
                break;
            };
            let end = text[open..].find("-->").map_or(text.len(), |end| open + end);
            if open > at {
                break;
            }
            comment = open..end;
            known = end.max(open + 1);
        }
        comment.contains(&at).then_some((at, "in a comment"))
    })?;
    Some((text[..at].matches('\n').count() + 1, place))
}

/// Reports the shortcodes of an extension once.
fn fold_shortcodes(book: &Book, diagnostics: &mut Vec<Diagnostic>) {
    if book.shortcode_extensions.is_empty() {
        return;
    }
    // An extension that asks for another one's shortcodes says nothing that their uses do not.
    let is_extension = |source: SourceId| {
        book.sources.get(source.index()).is_some_and(|source| source.path().starts_with("_extensions/"))
    };
    diagnostics.retain(|finding| {
        finding.code != Code::UnsupportedSetting
            || quoted(&finding.message) != Some("shortcodes")
            || finding.place.is_project()
            || !is_extension(finding.place.source)
    });
    // The index of an extension's diagnostic, and its uses by name.
    let mut uses: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    let mut first: BTreeMap<usize, Diagnostic> = BTreeMap::new();
    diagnostics.retain(|finding| {
        let name = quoted(&finding.message).filter(|_| finding.code == Code::UnknownShortcode);
        let extension = name.and_then(|name| book.shortcode_extensions.iter().position(|(_, lua)| has_word(lua, name)));
        let (Some(name), Some(extension)) = (name, extension) else { return true };
        *uses.entry(extension).or_default().entry(name.to_owned()).or_insert(0) += 1;
        first.entry(extension).or_insert_with(|| finding.clone());
        false
    });
    for (extension, mut finding) in first {
        let (name, _) = &book.shortcode_extensions[extension];
        let names = uses.remove(&extension).unwrap_or_default();
        let shown: Vec<&str> = names.keys().take(5).map(String::as_str).collect();
        finding.message = format!("the shortcodes of the extension `{name}` are not run: `{}`", shown.join("`, `"));
        let count: usize = names.values().sum();
        let places = if count == 1 { "1 place shows".to_owned() } else { format!("{count} places show") };
        finding.hints = vec![format!("{places} them as written; write in the page what they add")];
        diagnostics.push(finding);
    }
}

/// Removes links that a filter writes from what an author wrote in their place: braces or code. The filter's diagnostic counts them.
fn fold_filters(book: &Book, diagnostics: &mut Vec<Diagnostic>) {
    // A filter that several files name is one cause.
    let mut names = BTreeSet::new();
    diagnostics.retain(|finding| finding.code != Code::UnsupportedFilter || names.insert(finding.message.clone()));
    let filters: Vec<usize> =
        (0..diagnostics.len()).filter(|at| diagnostics[*at].code == Code::UnsupportedFilter).collect();
    if filters.is_empty() {
        return;
    }
    let pages: BTreeMap<SourceId, &str> =
        book.pages.iter().zip(&book.project.pages).map(|(input, page)| (input.source, page.input.as_str())).collect();
    let applies = |filter: &Diagnostic, page: SourceId| match pages.get(&filter.place.source) {
        Some(_) => filter.place.source == page,
        None => {
            let folder = book.bases.get(filter.place.source.index()).map_or("", String::as_str);
            folder.is_empty() || pages.get(&page).is_some_and(|input| input.starts_with(&format!("{folder}/")))
        }
    };
    let mut counts: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    let mut removed = BTreeSet::new();
    for (at, finding) in diagnostics.iter().enumerate() {
        let is_link = matches!(finding.code, Code::BrokenLink | Code::MissingImage | Code::BrokenAnchor);
        let source = book.sources.get(finding.place.source.index()).filter(|_| is_link && !finding.place.is_project());
        let url = source.map(|source| source.slice(finding.place.span)).filter(|url| is_written_by_filter(url));
        let Some(url) = url else { continue };
        if let Some(filter) = filters.iter().find(|filter| applies(&diagnostics[**filter], finding.place.source)) {
            counts.entry(*filter).or_insert((0, url.to_owned())).0 += 1;
            removed.insert(at);
        }
    }
    for (filter, (count, url)) in counts {
        let links = if count == 1 { "1 link".to_owned() } else { format!("{count} links") };
        diagnostics[filter].hints.push(format!("{links} that it probably changes are not reported, such as `{url}`"));
    }
    let mut at = 0;
    diagnostics.retain(|_| {
        at += 1;
        !removed.contains(&(at - 1))
    });
}

/// True for a URL that no author means as the path of a file.
fn is_written_by_filter(url: &str) -> bool {
    url.contains('`') || url.split_once('{').is_some_and(|(_, rest)| rest.contains('}'))
}

/// The first text in backticks of a message.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}

/// True if a text contains a whole word.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_cells_and_comments_are_found() {
        let text = "a\n#| label: fig-a\n<!-- ![x](y){#fig-b} -->\n{#fig-c} #| label: fig-ab\n";
        assert_eq!(hidden_label(text, "fig-a"), Some((2, "in a cell that shows nothing")));
        assert_eq!(hidden_label(text, "fig-b"), Some((3, "in a comment")));
        assert_eq!(hidden_label(text, "fig-c"), None);
    }

    #[test]
    fn words_and_urls_are_recognised() {
        assert!(has_word("return { [\"fa\"] = f }", "fa") && !has_word("local fan, a_fa", "fa"));
        assert_eq!(quoted("unknown shortcode `fa`"), Some("fa"));
        assert!(is_written_by_filter("{x}/a.html") && is_written_by_filter("`a`") && !is_written_by_filter("a{b.html"));
    }
}
