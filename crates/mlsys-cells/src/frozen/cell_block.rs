//! The results of one cell in frozen Markdown, for documents that embed it.

use crate::fence::Fence;

/// A div that is not closed yet.
struct Open {
    /// The index of its opening line.
    line: usize,
    is_cell: bool,
}

/// The div of the cell with a label. Without `with_code` its code is left out; warnings always are.
pub(crate) fn cell_block(frozen: &str, label: &str, with_code: bool) -> Option<String> {
    let lines: Vec<&str> = frozen.lines().collect();
    let mut open: Vec<Open> = Vec::new();
    let mut code = None::<Fence>;
    for (at, line) in lines.iter().enumerate() {
        match (code, Fence::of(line)) {
            (None, Some(fence)) => code = Some(fence),
            (Some(opening), Some(fence)) if fence.closes(&opening, line) => code = None,
            (Some(_), _) => {}
            (None, None) => {
                let Some(attributes) = div(line) else { continue };
                if !attributes.is_empty() {
                    open.push(Open { line: at, is_cell: has_class(attributes, "cell") });
                } else if let Some(Open { line: start, is_cell: true }) = open.pop() {
                    let block = &lines[start..=at];
                    if block.iter().any(|line| has_label(line, label)) {
                        return Some(without_hidden_parts(block, with_code));
                    }
                }
            }
        }
    }
    None
}

/// The block without the parts that embedded cells do not show.
fn without_hidden_parts(block: &[&str], with_code: bool) -> String {
    let mut out = String::new();
    let mut code = None::<(Fence, bool)>;
    // The number of open divs within warnings.
    let mut hidden = 0usize;
    for line in block {
        let mut is_shown = hidden == 0;
        match (code, Fence::of(line)) {
            (None, Some(fence)) => {
                let is_hidden = !with_code && fence.info(line).contains("cell-code");
                code = Some((fence, is_hidden));
                is_shown &= !is_hidden;
            }
            (Some((opening, is_hidden)), Some(fence)) if fence.closes(&opening, line) => {
                code = None;
                is_shown &= !is_hidden;
            }
            (Some((_, is_hidden)), _) => is_shown &= !is_hidden,
            (None, None) => match div(line) {
                Some("") => hidden = hidden.saturating_sub(1),
                Some(attributes) if hidden > 0 || has_class(attributes, "cell-output-stderr") => {
                    hidden += 1;
                    is_shown = false;
                }
                Some(_) | None => {}
            },
        }
        if is_shown {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// What follows the colons of a div's opening line; empty for a closing line.
fn div(line: &str) -> Option<&str> {
    let line = line.trim();
    line.starts_with(":::").then(|| line.trim_start_matches(':').trim())
}

/// True if attributes have a class.
fn has_class(attributes: &str, class: &str) -> bool {
    let mut words = attributes.split(|c: char| c.is_whitespace() || matches!(c, '{' | '}'));
    words.any(|word| word.strip_prefix('.') == Some(class))
}

/// True if a line has the id of a cell with a label, or of its output.
fn has_label(line: &str, label: &str) -> bool {
    ["{#", " #", "{#cell-", " #cell-"].iter().any(|start| {
        line.match_indices(start).any(|(at, _)| {
            let rest = line[at + start.len()..].strip_prefix(label);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::cell_block;

    const FROZEN: &str = "Text.\n\n::: {.panel}\n::: {.cell}\n```{.r .cell-code}\nother()\n```\n:::\n\n::: {.cell width=5}\n```{.r .cell-code}\n::: {.cell}\n```\n\n::: {.cell-output .cell-output-stderr}\n```\nWarning\n```\n:::\n\n::: {.cell-output-display}\n![](a_files/figure-html/fig-a-1.png){#fig-a width=5}\n:::\n:::\n:::\n";

    #[test]
    fn a_cell_is_found_by_its_label() {
        let outputs = "::: {.cell-output-display}\n![](a_files/figure-html/fig-a-1.png){#fig-a width=5}\n:::\n:::\n";
        assert_eq!(cell_block(FROZEN, "fig-a", false), Some(format!("::: {{.cell width=5}}\n\n\n{outputs}")));
        let code = "```{.r .cell-code}\n::: {.cell}\n```\n";
        assert_eq!(cell_block(FROZEN, "fig-a", true), Some(format!("::: {{.cell width=5}}\n{code}\n\n{outputs}")));
        assert_eq!(cell_block(FROZEN, "fig", false), None);
    }
}
