//! Translates commands that MathJax has and KaTeX lacks.

use super::chemistry;
use mlsys_book::tex_name;

/// The commands, and the column specifications that need a translation.
const COMMANDS: [&str; 10] =
    ["\\ce", "\\mbox", "\\require", "\\textsc", "\\bbox", "\\class", "\\style", "\\unicode", "@{", "\\cssId"];

/// True if a formula may have such a command. A quick check.
pub(super) fn may_have(tex: &str) -> bool {
    COMMANDS.iter().any(|command| tex.contains(command))
}

/// Translates a formula: text commands to `\text`, chemical formulas to indices and upright letters, classes, styles and boxes to their content, numbers of characters to
/// characters. What is between columns (`@{}`) has no equivalent. Source: MathJax, "TeX and LaTeX input", supported commands.
pub(super) fn for_katex(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    let mut rest = tex;
    while let Some(at) = rest.find(['\\', '@']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = here.strip_prefix('@') {
            rest = match tex_name(after) {
                Some((_, end)) if in_columns(&out) => end,
                Some(_) | None => {
                    out.push('@');
                    after
                }
            };
            continue;
        }
        let name = &here[1..];
        let length = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        let (name, after) = name.split_at(length);
        rest = match name {
            "mbox" | "textsc" => {
                out.push_str("\\text");
                after
            }
            "ce" => match after.trim_start().strip_prefix('{') {
                Some(group) => {
                    let (formula, after) = chemistry::group(group);
                    out.push_str(&format!("{{{}}}", chemistry::tex(formula)));
                    after
                }
                None => {
                    out.push_str("\\ce");
                    after
                }
            },
            "require" => tex_name(after).map_or(after, |(_, after)| after),
            "class" | "style" | "cssId" => tex_name(after).map_or(after, |(_, after)| after),
            "bbox" => after
                .trim_start()
                .strip_prefix('[')
                .and_then(|options| options.split_once(']'))
                .map_or(after, |(_, a)| a),
            "unicode" => match tex_name(after).and_then(|(number, rest)| Some((character(number)?, rest))) {
                Some((character, rest)) => {
                    out.push_str(&format!("\\text{{{character}}}"));
                    rest
                }
                None => {
                    out.push_str("\\unicode");
                    after
                }
            },
            "" => {
                let length = 1 + here[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&here[..length]);
                &here[length..]
            }
            name => {
                out.push('\\');
                out.push_str(name);
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// True if a text ends within the columns of an array: after `\begin{array}{` or more of the specification.
fn in_columns(before: &str) -> bool {
    let Some(open) = before.rfind('{') else { return false };
    let head = before.get(..open).unwrap_or("");
    (head.ends_with("\\begin{array}") || head.ends_with(']') && head.contains("\\begin{array}["))
        && !before.get(open..).unwrap_or("").contains('}')
}

/// The character of a number as `\unicode` has it: `x1D538`, `120120`.
fn character(number: &str) -> Option<char> {
    let number = number.trim();
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| !c.is_control() && !matches!(c, '\\' | '{' | '}' | '$' | '%' | '#' | '&' | '_'))
}

#[cfg(test)]
mod tests {
    use super::for_katex;

    #[test]
    fn commands_become_those_of_katex() {
        assert_eq!(for_katex(r"\mbox{Pr}(X) \mboxes"), r"\text{Pr}(X) \mboxes");
        assert_eq!(for_katex(r"\require{cancel}\cancel{x}"), r"\cancel{x}");
        assert_eq!(for_katex(r"\class{a}{x} \bbox[5px]{y} \style{color:red}{z}"), r"{x} {y} {z}");
        assert_eq!(
            for_katex(r"\begin{array}{@{}ll@{}} a & b@{} \end{array}"),
            r"\begin{array}{ll} a & b@{} \end{array}"
        );
        assert_eq!(for_katex(r"\unicode{x41} \\ \unicode{q}"), r"\text{A} \\ \unicode{q}");
    }
}
