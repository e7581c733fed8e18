//! Doubled braces in code, `{{python}}`, which show a cell or an inline value instead of running it.
//!
//! Source: Quarto, "Using Quarto", unexecuted blocks: the engine takes a pair of braces away after it has run the cells.

/// Code as readers see it: braces of two or more lose a pair after three backticks, and in code within a line also at its start
/// and after any backtick. Shortcodes stay.
pub(crate) fn shown_braces(code: &str, is_block: bool) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("{{") {
        let braces = rest[at..].bytes().take_while(|b| *b == b'{').count();
        let (before, braced) = rest.split_at(at);
        out.push_str(before);
        let ticks = out.bytes().rev().take_while(|b| *b == b'`').count();
        let is_shown = if is_block { ticks >= 3 } else { ticks > 0 || out.is_empty() };
        let inner = &braced[braces..];
        let end = inner.find(['{', '}', '\n']).filter(|_| is_shown && !inner.starts_with('<'));
        let closing = "}".repeat(braces);
        rest = match end {
            Some(end) if end > 0 && inner[end..].starts_with(&closing) => {
                out.push_str(&braced[1..braces + end + braces - 1]);
                &inner[end + braces..]
            }
            Some(_) | None => {
                out.push_str(&braced[..braces]);
                inner
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::shown_braces;

    #[test]
    fn a_pair_of_braces_goes() {
        let block = |code: &str| shown_braces(code, true);
        assert_eq!(block("```{{python}}\n1\n```"), "```{python}\n1\n```");
        assert_eq!(block("````{{{r}}}"), "````{{r}}");
        assert_eq!(block("a {{b}} {{< meta x >}} ```{{< x >}}"), "a {{b}} {{< meta x >}} ```{{< x >}}");
        let inline = |code: &str| shown_braces(code, false);
        assert_eq!(inline("{{r}} x"), "{r} x");
        assert_eq!(inline("`{{r}} x` {{y}}"), "`{r} x` {{y}}");
        assert_eq!(inline("{{r"), "{{r");
    }
}
