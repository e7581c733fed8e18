//! Lengths in attributes.

/// A fraction of the width as a percentage with one digit, as in `50.0%`.
pub(super) fn percent(fraction: f64) -> String {
    // Quarto truncates (33.3, 66.6).
    format!("{:.1}%", (fraction * 1000.0 + 1e-6).floor() / 10.0)
}
