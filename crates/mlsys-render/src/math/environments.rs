//! Translates environments and labels that MathJax and LaTeX support but KaTeX does not.

use mlsys_book::tex_name;

/// Translates a formula for KaTeX.
///
/// `numbers` are those of its `\label`s, in order; a label becomes a tag with its number. Numbered environments are starred,
/// so that a number appears only where something can refer to it. `multline`, `flalign`, `eqnarray` and others become the
/// closest equivalent. Source: MathJax, "Automatic Equation Numbering" (off by default); KaTeX, "Supported Functions",
/// environments.
pub(super) fn for_katex(tex: &str, numbers: &[&str]) -> String {
    let mut out = String::with_capacity(tex.len());
    let mut rest = tex;
    let mut labels = 0;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((_, after)) = argument(rest, "\\label") {
            if let Some(number) = numbers.get(labels) {
                out.push_str(&format!("\\tag{{{number}}}"));
            }
            labels += 1;
            rest = after;
        } else if let Some((name, after)) = argument(rest, "\\begin") {
            let name = environment(name);
            if !name.is_empty() {
                out.push_str(&format!("\\begin{{{name}}}"));
            }
            // Column specification for environments without one.
            if name == "array" && rest.starts_with("\\begin{eqnarray") {
                out.push_str("{rcl}");
            }
            rest = after;
        } else if let Some((name, after)) = argument(rest, "\\end") {
            let name = environment(name);
            if !name.is_empty() {
                out.push_str(&format!("\\end{{{name}}}"));
            }
            rest = after;
        } else {
            let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
    out
}

/// KaTeX's name of an environment; `None` if its content needs none.
fn environment(name: &str) -> &str {
    match name {
        "align" | "flalign" | "flalign*" | "xalignat" | "xalignat*" => "align*",
        "alignat" => "alignat*",
        "gather" | "multline" | "multline*" => "gather*",
        "equation" => "equation*",
        "eqnarray" | "eqnarray*" => "array",
        "displaymath" | "math" | "dmath" | "dmath*" | "subequations" => "",
        name => name,
    }
}

/// Splits the argument of a command off a text.
fn argument<'t>(text: &'t str, command: &str) -> Option<(&'t str, &'t str)> {
    tex_name(text.strip_prefix(command)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_tags_and_nothing_counts_by_itself() {
        let tex = r"\begin{align} a &= b \label{eq:a} \\ c &= d \end{align}";
        assert_eq!(for_katex(tex, &["2"]), r"\begin{align*} a &= b \tag{2} \\ c &= d \end{align*}");
        assert_eq!(for_katex(r"\begin{eqnarray}a&=&b\end{eqnarray}", &[]), r"\begin{array}{rcl}a&=&b\end{array}");
        assert_eq!(for_katex(r"\begin{displaymath}x\end{displaymath}", &[]), "x");
        assert_eq!(for_katex(r"a \ b \\ c\label{x}", &[]), r"a \ b \\ c");
    }
}
