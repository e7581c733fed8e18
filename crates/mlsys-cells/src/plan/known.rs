//! The options of cells that have a meaning. Source: Quarto, "Cell Options" (Jupyter and Knitr); knitr, "Chunk options".

use mlsys_book::{Code, Diagnostic, Entry, SUGGESTIONS, Value, ValueKind, did_you_mean};

/// Options that both engines have.
const KNOWN: &[&str] = &[
    "align",
    "cache",
    "cap-location",
    "classes",
    "code-fold",
    "code-line-numbers",
    "code-overflow",
    "code-summary",
    "column",
    "content-hidden",
    "content-visible",
    "echo",
    "error",
    "eval",
    "fig-align",
    "fig-alt",
    "fig-cap",
    "fig-cap-location",
    "fig-column",
    "fig-dpi",
    "fig-env",
    "fig-format",
    "fig-height",
    "fig-link",
    "fig-pos",
    "fig-scap",
    "fig-subcap",
    "fig-width",
    "file",
    "filename",
    "freeze",
    "html-table-processing",
    "id",
    "include",
    "label",
    "layout",
    "layout-align",
    "layout-ncol",
    "layout-nrow",
    "layout-valign",
    "lst-cap",
    "lst-label",
    "message",
    "out-height",
    "out-width",
    "output",
    "output-location",
    "panel",
    "renderings",
    "tags",
    "tbl-cap",
    "tbl-cap-location",
    "tbl-column",
    "tbl-colwidths",
    "tbl-subcap",
    "warning",
];

/// Options that only knitr has; they are not forwarded as attributes.
pub(crate) const KNITR: &[&str] = &[
    "R-options",
    "animation-hook",
    "aniopts",
    "attr-error",
    "attr-message",
    "attr-output",
    "attr-source",
    "attr-warning",
    "autodep",
    "background",
    "cache-comments",
    "cache-extra",
    "cache-globals",
    "cache-lazy",
    "cache-path",
    "cache-rebuild",
    "cache-vars",
    "child",
    "class-error",
    "class-message",
    "class-output",
    "class-source",
    "class-warning",
    "code",
    "collapse",
    "cols-min-print",
    "cols-print",
    "comment",
    "connection",
    "crop",
    "dependson",
    "dev",
    "dev-args",
    "dpi",
    "engine",
    "engine-opts",
    "engine-path",
    "external",
    "ffmpeg-bitrate",
    "ffmpeg-format",
    "fig-asp",
    "fig-cur",
    "fig-dim",
    "fig-ext",
    "fig-keep",
    "fig-lp",
    "fig-ncol",
    "fig-num",
    "fig-path",
    "fig-process",
    "fig-retina",
    "fig-sep",
    "fig-show",
    "fig-showtext",
    "highlight",
    "indent",
    "interval",
    "lang",
    "max-print",
    "opts-label",
    "out-extra",
    "output-var",
    "paged-print",
    "pages-print",
    "prompt",
    "purl",
    "ref-label",
    "render",
    "resize-height",
    "resize-width",
    "results",
    "rownames-print",
    "rows-print",
    "sanitize",
    "screenshot-opts",
    "size",
    "split",
    "sql-max-print",
    "strip-white",
    "tab-cap",
    "tidy",
    "tidy-opts",
];

/// True if an option has a meaning in some engine.
pub(super) fn is_known(key: &str) -> bool {
    KNOWN.binary_search(&key).is_ok() || KNITR.binary_search(&key).is_ok()
}

/// A key as Quarto writes it: `fig.cap` is `fig-cap`.
pub(super) fn normalized(key: &str) -> String {
    let dashed = key.replace('.', "-");
    if is_known(&dashed) { dashed } else { key.to_owned() }
}

/// Reports values of the wrong type and keys that are nearly known ones.
pub(super) fn check(entries: &[Entry], is_knitr: bool, diagnostics: &mut Vec<Diagnostic>) {
    for entry in entries {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "echo" => flag(key, value, Some("fenced"), is_knitr, diagnostics),
            "output" => flag(key, value, Some("asis"), is_knitr, diagnostics),
            "eval" | "include" | "warning" | "error" | "message" => flag(key, value, None, is_knitr, diagnostics),
            "label" | "lst-label" | "lst-cap" | "panel" | "column" | "filename" if value.to_text().is_none() => {
                report(key, value, "a text", diagnostics);
            }
            _ if is_known(key) => {}
            _ => {
                let few = diagnostics.len() < SUGGESTIONS;
                let hint = few.then(|| did_you_mean(key, KNOWN.iter().copied())).flatten();
                if let Some(hint) = hint {
                    let message = format!("a cell has no option `{key}`");
                    diagnostics.push(Diagnostic::new(Code::UnknownCellOption, entry.key_place, message).hint(hint));
                }
            }
        }
    }
}

/// Reports a flag that is neither `true` nor `false` nor its other value. knitr also takes line numbers and expressions.
fn flag(key: &str, value: &Value, other: Option<&str>, is_knitr: bool, diagnostics: &mut Vec<Diagnostic>) {
    let is_valid = match &value.kind {
        ValueKind::Bool(_) => true,
        ValueKind::String(text) => {
            matches!(text.as_str(), "true" | "false")
                || Some(text.as_str()) == other
                || (is_knitr && !is_yes_or_no(text))
        }
        ValueKind::Int(_) | ValueKind::Seq(_) | ValueKind::Null => is_knitr,
        ValueKind::Float(..) | ValueKind::Map(_) => false,
    };
    if !is_valid {
        let expected = match other {
            Some(other) => format!("`true`, `false` or `{other}`"),
            None => "`true` or `false`".to_owned(),
        };
        report(key, value, &expected, diagnostics);
    }
}

/// True for the words that YAML 1.1 read as booleans.
fn is_yes_or_no(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "no" | "on" | "off" | "y" | "n")
}

fn report(key: &str, value: &Value, expected: &str, diagnostics: &mut Vec<Diagnostic>) {
    let message = format!("the cell option `{key}` must be {expected}");
    diagnostics.push(Diagnostic::new(Code::InvalidCellOption, value.place, message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        for names in [KNOWN, KNITR] {
            assert!(names.is_sorted());
        }
    }
}
