//! Merges the light and the dark style sheet into one.

use std::collections::{BTreeMap, BTreeSet};

/// A rule with its enclosing at-rules, or a verbatim piece of CSS (`@font-face`, `@keyframes`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    /// The enclosing at-rules such as `@media`, outermost first.
    context: Vec<String>,
    /// The selectors; for verbatim pieces the at-rule's head.
    selector: String,
    /// The declarations, or the content between the braces.
    body: Vec<String>,
    /// True for a verbatim piece.
    verbatim: bool,
}

/// A style sheet without unnecessary white space.
pub(crate) fn compact(css: &str) -> String {
    let mut out = Writer::default();
    rules(css).iter().for_each(|rule| out.rule(rule));
    out.finish()
}

/// One style sheet for both modes. Rules that both have are written once. The others apply in their mode: by the root
/// element's attribute `data-bs-theme`, which the script sets, or without the script by the system setting. The conditions use
/// `:where`, which leaves specificity unchanged.
pub(crate) fn joined(light: &str, dark: &str) -> String {
    let (light, dark) = (rules(light), rules(dark));
    let mut out = Writer::default();
    let (mut l, mut d) = (0, 0);
    for (at_light, at_dark) in shared(&light, &dark).into_iter().chain([(light.len(), dark.len())]) {
        difference(&mut out, light.get(l..at_light).unwrap_or(&[]), dark.get(d..at_dark).unwrap_or(&[]));
        if let Some(rule) = light.get(at_light) {
            out.rule(rule);
        }
        (l, d) = (at_light + 1, at_dark + 1);
    }
    out.finish()
}

/// Adjacent rules that the modes do not share.
fn difference(out: &mut Writer, light: &[Rule], dark: &[Rule]) {
    let (in_light, in_dark) = (first_of(light.iter().filter(|rule| !rule.verbatim)), first_of(dark));
    for rule in light {
        // If the dark mode sets the same properties again, the light rule can apply in both.
        if rule.verbatim || in_dark.get(&place(rule)).is_some_and(|dark| sets_all(dark, rule)) {
            out.rule(rule);
        } else {
            out.rule(&scoped(rule, ":not([data-bs-theme=\"dark\"])"));
        }
    }
    let own: Vec<Rule> = dark
        .iter()
        .map(|rule| {
            let mut own = rule.clone();
            if let Some(same) = in_light.get(&place(rule)).filter(|same| sets_all(rule, same)) {
                // The order of custom properties does not matter; that of other declarations may.
                let shared: BTreeSet<&String> = same.body.iter().collect();
                own.body.retain(|decl| !decl.starts_with("--") || !shared.contains(decl));
            }
            own
        })
        .filter(|rule| !rule.body.is_empty())
        .collect();
    for rule in &own {
        out.rule(&if rule.verbatim { rule.clone() } else { scoped(rule, "[data-bs-theme=\"dark\"]") });
    }
    for rule in own.iter().filter(|rule| !rule.verbatim) {
        let mut rule = scoped(rule, ":not([data-bs-theme])");
        rule.context.insert(0, "@media (prefers-color-scheme: dark)".to_owned());
        out.rule(&rule);
    }
}

/// The context of a rule: its at-rules and selectors.
fn place(rule: &Rule) -> (&[String], &str) {
    (&rule.context, &rule.selector)
}

/// The first rule of each context.
fn first_of<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> BTreeMap<(&'r [String], &'r str), &'r Rule> {
    let mut first = BTreeMap::new();
    for rule in rules {
        first.entry(place(rule)).or_insert(rule);
    }
    first
}

/// True if a rule sets all properties of another one.
fn sets_all(rule: &Rule, other: &Rule) -> bool {
    let set: BTreeSet<&str> = rule.body.iter().map(|declaration| property(declaration)).collect();
    other.body.iter().all(|declaration| set.contains(property(declaration)))
}

fn property(declaration: &str) -> &str {
    declaration.split(':').next().unwrap_or(declaration)
}

/// A rule that applies under a condition on the root element.
fn scoped(rule: &Rule, condition: &str) -> Rule {
    let selectors: Vec<String> = split_top(&rule.selector, ',')
        .into_iter()
        .map(|selector| {
            let selector = selector.trim();
            for root in [":root", "html"] {
                if let Some(rest) = selector.strip_prefix(root)
                    && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
                {
                    return format!("{root}:where({condition}){rest}");
                }
            }
            format!(":where(html{condition}) {selector}")
        })
        .collect();
    Rule { selector: selectors.join(","), ..rule.clone() }
}

/// The longest common subsequence of two lists of rules, as pairs of indices.
fn shared(light: &[Rule], dark: &[Rule]) -> Vec<(usize, usize)> {
    // Comparing numbers is cheaper than comparing rules.
    let mut numbers = BTreeMap::new();
    let mut numbered = |rules: &[Rule]| -> Vec<usize> {
        rules
            .iter()
            .map(|rule| {
                let next = numbers.len();
                *numbers.entry(rule.clone()).or_insert(next)
            })
            .collect()
    };
    let (light, dark) = (numbered(light), numbered(dark));
    let head = light.iter().zip(&dark).take_while(|(a, b)| a == b).count();
    let (a, b) = (light.get(head..).unwrap_or(&[]), dark.get(head..).unwrap_or(&[]));
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(..a.len() - tail).unwrap_or(&[]), b.get(..b.len() - tail).unwrap_or(&[]));
    let mut pairs: Vec<_> = (0..head).map(|i| (i, i)).collect();
    // Sheets from the same sources differ little. If they differ too much, we share nothing.
    if a.len().saturating_mul(b.len()) <= 16_000_000 {
        let width = b.len() + 1;
        let mut best = vec![0_u32; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                best[i * width + j] = if a[i] == b[j] {
                    best[(i + 1) * width + j + 1] + 1
                } else {
                    best[(i + 1) * width + j].max(best[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            if a[i] == b[j] {
                pairs.push((head + i, head + j));
                (i, j) = (i + 1, j + 1);
            } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    let (l, d) = (light.len() - tail, dark.len() - tail);
    pairs.extend((0..tail).map(|i| (l + i, d + i)));
    pairs
}

/// Parses compiled CSS into rules, in order.
fn rules(css: &str) -> Vec<Rule> {
    let mut out = Vec::new();
    read(&without_comments(css), &mut Vec::new(), &mut out);
    out
}

fn read(css: &str, context: &mut Vec<String>, out: &mut Vec<Rule>) {
    let mut rest = css;
    while let Some(at) = position(rest, &['{', ';']) {
        let head = rest[..at].trim();
        if rest[at..].starts_with(';') {
            if !head.is_empty() && head != "@charset \"UTF-8\"" {
                let piece = Rule {
                    context: context.clone(),
                    selector: head.to_owned(),
                    body: vec![";".into()],
                    verbatim: true,
                };
                out.push(piece);
            }
            rest = &rest[at + 1..];
            continue;
        }
        let inside = &rest[at + 1..];
        let end = closing(inside);
        let body = &inside[..end];
        rest = inside.get(end + 1..).unwrap_or("");
        let nests = ["@media", "@supports", "@container", "@layer"].iter().any(|name| head.starts_with(name));
        if nests && context.len() < 16 {
            context.push(squeezed(head));
            read(body, context, out);
            context.pop();
        } else if head.starts_with('@') {
            let body = vec![squeezed(body)];
            out.push(Rule { context: context.clone(), selector: squeezed(head), body, verbatim: true });
        } else {
            let body = split_top(body, ';').into_iter().map(squeezed).filter(|d| !d.is_empty()).collect();
            let selector = split_top(head, ',').into_iter().map(squeezed).collect::<Vec<_>>().join(",");
            out.push(Rule { context: context.clone(), selector, body, verbatim: false });
        }
    }
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    // In a string or URL, the start of a comment is text.
    while let Some(at) = position(rest, &['/']) {
        if rest[at..].starts_with("/*") {
            out.push_str(&rest[..at]);
            rest = rest[at..].find("*/").map_or("", |end| &rest[at + end + 2..]);
        } else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out
}

/// Finds the first of some ASCII characters outside strings and parentheses.
fn position(css: &str, wanted: &[char]) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_u32);
    let mut chars = css.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (_, '\\') => {
                chars.next();
            }
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) if depth == 0 && wanted.contains(&c) => return Some(at),
            (None, _) => {}
        }
    }
    None
}

/// The offset of the brace that closes a block.
fn closing(css: &str) -> usize {
    let (mut at, mut depth) = (0, 1_u32);
    while let Some(next) = css.get(at..).and_then(|rest| position(rest, &['{', '}'])) {
        let brace = at + next;
        depth = if css[brace..].starts_with('{') { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return brace;
        }
        at = brace + 1;
    }
    css.len()
}

fn split_top(css: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = css;
    while let Some(at) = position(rest, &[separator]) {
        parts.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    parts.push(rest);
    parts
}

/// Collapses white space.
fn squeezed(css: &str) -> String {
    let text = css.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once(": ") {
        Some((property, value)) if !property.contains(['"', '\'', '(']) => format!("{property}:{value}"),
        _ => text,
    }
}

/// Writes rules, with neighbours that share an at-rule in one.
#[derive(Default)]
struct Writer {
    out: String,
    context: Vec<String>,
}

impl Writer {
    fn rule(&mut self, rule: &Rule) {
        if self.context != rule.context {
            self.leave();
            for head in &rule.context {
                self.out.push_str(head);
                self.out.push('{');
            }
            self.context.clone_from(&rule.context);
        }
        self.out.push_str(&rule.selector);
        if rule.verbatim && rule.body.first().is_some_and(|b| b == ";") {
            self.out.push(';');
        } else {
            self.out.push('{');
            self.out.push_str(&rule.body.join(";"));
            self.out.push('}');
        }
        self.out.push('\n');
    }

    fn leave(&mut self) {
        self.context.drain(..).for_each(|_| self.out.push_str("}\n"));
    }

    fn finish(mut self) -> String {
        self.leave();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_rules_are_written_once() {
        let light = ":root { --a: 1; --b: 2; }\np { margin: 0; }\na { color: red; }";
        let dark = ":root { --a: 1; --b: 3; }\np { margin: 0; }\na { color: pink; }";
        let css = joined(light, dark);
        assert_eq!(css.matches("p{margin:0}").count(), 1);
        assert!(css.contains(":root:where([data-bs-theme=\"dark\"]){--b:3}"), "{css}");
        assert!(css.contains(":where(html[data-bs-theme=\"dark\"]) a{color:pink}"), "{css}");
        assert!(css.contains("@media (prefers-color-scheme: dark){:root:where(:not([data-bs-theme])){--b:3}"), "{css}");
    }
}
