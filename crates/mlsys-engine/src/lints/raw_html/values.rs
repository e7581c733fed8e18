//! Attributes with invalid values or in invalid combinations. Source: HTML Living Standard, "The script element", "The iframe
//! element".

/// The keywords of an iframe's `sandbox`. Source: HTML Living Standard, "The iframe element", attribute `sandbox`.
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

/// The problem with an attribute, and its fix. `value_of` returns the value of another attribute of the same tag.
pub fn problem<'v>(
    element: &str,
    name: &str,
    value: &str,
    value_of: impl Fn(&str) -> Option<&'v str>,
) -> Option<(String, &'static str)> {
    match (element, name) {
        ("script", "defer") if value_of("type").is_some_and(|kind| kind.eq_ignore_ascii_case("module")) => {
            Some(("`defer` has no effect on a module, which is always deferred".to_owned(), "remove it"))
        }
        ("script", "defer") if value_of("src").is_none() => {
            Some(("`defer` has no effect on a script without `src`".to_owned(), "remove it"))
        }
        ("iframe", "sandbox") => {
            let unknown = value
                .split_ascii_whitespace()
                .find(|word| !SANDBOX.iter().any(|known| known.eq_ignore_ascii_case(word)))?;
            Some((format!("unknown keyword `{unknown}` in `sandbox`"), "remove it: browsers ignore unknown keywords"))
        }
        _ => None,
    }
}
