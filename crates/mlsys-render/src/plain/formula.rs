//! Formulas as text that can be read in an excerpt.

/// A formula's TeX without its markup: symbols as characters, fractions with a slash, everything else as it is. What comes out
/// is for a line of an excerpt, not for reading mathematics.
pub(crate) fn plain_formula(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    write(&mut out, tex, 0);
    let mut plain = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// How deep groups are followed.
const DEPTH: u32 = 32;

fn write(out: &mut String, tex: &str, depth: u32) {
    let mut rest = tex;
    while let Some(c) = rest.chars().next() {
        match c {
            '\\' => rest = command(out, &rest[1..], depth),
            '{' | '}' => rest = &rest[1..],
            '&' | '~' => {
                out.push(' ');
                rest = &rest[1..];
            }
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
}

/// Writes what stands after a backslash; gives what follows it.
fn command<'a>(out: &mut String, text: &'a str, depth: u32) -> &'a str {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    if end == 0 {
        let c = text.chars().next().unwrap_or(' ');
        out.push(if matches!(c, '\\' | ',' | ';' | ':' | '!') { ' ' } else { c });
        return text.get(c.len_utf8()..).unwrap_or("");
    }
    let (name, rest) = text.split_at(end);
    match name {
        "frac" | "dfrac" | "tfrac" if depth < DEPTH => {
            let Some((above, rest)) = group(rest) else { return rest };
            write(out, above, depth + 1);
            out.push('/');
            let Some((below, rest)) = group(rest) else { return rest };
            write(out, below, depth + 1);
            rest
        }
        "begin" | "end" | "label" | "tag" | "hspace" | "vspace" => group(rest).map_or(rest, |(_, rest)| rest),
        "sqrt" => {
            out.push('√');
            rest
        }
        _ => {
            match SYMBOLS.binary_search_by(|(known, _)| (*known).cmp(name)) {
                Ok(at) => out.push_str(SYMBOLS.get(at).map_or("", |(_, symbol)| symbol)),
                // `\log`, `\max`, `\operatorname{softmax}`: names are words, the rest is layout.
                Err(_) if WORDS.contains(&name) => out.push_str(name),
                Err(_) => {}
            }
            rest
        }
    }
}

/// The group or the character that a text begins with, and what follows it.
fn group(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        let end = text.chars().next()?.len_utf8();
        return Some(text.split_at(end));
    }
    let mut depth = 0u32;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

const WORDS: &[&str] =
    &["arg", "cos", "det", "dim", "exp", "inf", "ker", "lim", "ln", "log", "max", "min", "sin", "sup", "tan"];

#[rustfmt::skip]
const SYMBOLS: &[(&str, &str)] = &[
    ("Delta", "Δ"), ("Gamma", "Γ"), ("Lambda", "Λ"), ("Leftarrow", "⇐"), ("Omega", "Ω"), ("Phi", "Φ"), ("Pi", "Π"), ("Psi", "Ψ"),
    ("Rightarrow", "⇒"), ("Sigma", "Σ"), ("Theta", "Θ"), ("alpha", "α"), ("approx", "≈"), ("beta", "β"), ("bullet", "•"),
    ("cdot", "·"), ("cdots", "⋯"), ("chi", "χ"), ("circ", "∘"), ("cup", "∪"), ("delta", "δ"), ("dots", "…"), ("ell", "ℓ"),
    ("epsilon", "ε"), ("equiv", "≡"), ("eta", "η"), ("exists", "∃"), ("forall", "∀"), ("gamma", "γ"), ("ge", "≥"), ("geq", "≥"),
    ("gg", "≫"), ("in", "∈"), ("infty", "∞"), ("int", "∫"), ("kappa", "κ"), ("lambda", "λ"), ("langle", "⟨"), ("ldots", "…"),
    ("le", "≤"), ("leftarrow", "←"), ("leq", "≤"), ("ll", "≪"), ("mid", "|"), ("mu", "μ"), ("nabla", "∇"), ("ne", "≠"),
    ("neq", "≠"), ("nu", "ν"), ("odot", "⊙"), ("omega", "ω"), ("oplus", "⊕"), ("partial", "∂"), ("phi", "φ"), ("pi", "π"),
    ("pm", "±"), ("prod", "∏"), ("propto", "∝"), ("psi", "ψ"), ("quad", " "), ("rangle", "⟩"), ("rho", "ρ"), ("rightarrow", "→"),
    ("sigma", "σ"), ("sim", "∼"), ("subset", "⊂"), ("sum", "∑"), ("tau", "τ"), ("theta", "θ"), ("times", "×"), ("to", "→"),
    ("top", "⊤"), ("varepsilon", "ε"), ("varphi", "φ"), ("xi", "ξ"), ("zeta", "ζ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_read_as_text() {
        assert!(SYMBOLS.is_sorted_by_key(|(name, _)| name));
        assert_eq!(plain_formula(r"10^{23} \times \frac{a}{b_1}"), "10^23 × a/b_1");
        assert_eq!(plain_formula(r"\text{loss} = \sum_{i} \log p(x_i) \\ \frac{"), "loss = ∑_i log p(x_i)");
        assert_eq!(plain_formula(r"p = 95\%"), "p = 95%");
        assert_eq!(plain_formula(r"\frac{1}{2"), "1/2");
    }
}
