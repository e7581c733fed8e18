//! Attributes that HTML has, with values or beside others that it does not have. Source: HTML Living Standard, "The script
//! element", "The iframe element".

/// What an iframe's `sandbox` may allow. Source: HTML Living Standard, "The iframe element", attribute `sandbox`.
const SANDBOX: &[&str] = &[
    "allow-downloads",
    "allow-forms",
    "allow-modals",
    "allow-orientation-lock",
    "allow-pointer-lock",
    "allow-popups",
    "allow-popups-to-escape-sandbox",
    "allow-presentation",
    "allow-same-origin",
    "allow-scripts",
    "allow-top-navigation",
    "allow-top-navigation-by-user-activation",
    "allow-top-navigation-to-custom-protocols",
];

/// What is wrong with an attribute, and what to do about it. `value_of` gives the value of another attribute of the same tag.
pub fn mistake<'v>(
    element: &str,
    name: &str,
    value: &str,
    value_of: impl Fn(&str) -> Option<&'v str>,
) -> Option<(String, &'static str)> {
    match (element, name) {
        ("script", "defer") if value_of("type").is_some_and(|kind| kind.eq_ignore_ascii_case("module")) => {
            Some(("`defer` stands on a module, which waits for the page by itself".to_owned(), "leave it out"))
        }
        ("script", "defer") if value_of("src").is_none() => {
            Some(("`defer` stands on a script without `src`".to_owned(), "leave it out: it has no effect there"))
        }
        ("iframe", "sandbox") => {
            let unknown = value
                .split_ascii_whitespace()
                .find(|word| !SANDBOX.iter().any(|known| known.eq_ignore_ascii_case(word)))?;
            Some((
                format!("`{unknown}` is no word of `sandbox`"),
                "leave it out: browsers pass over words that HTML lacks",
            ))
        }
        _ => None,
    }
}
