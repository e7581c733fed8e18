//! Minimum contrast of colours. Source: WCAG 2.2, "1.4.3 Contrast (Minimum)" and the definition of relative luminance.

/// The minimum contrast ratio for text of the size of code.
const LEAST: f64 = 4.5;

/// Darkens or lightens a colour (`#rgb` or `#rrggbb`) until it has enough contrast to a background; keeps its hue.
pub(super) fn readable(color: &str, background: &str) -> String {
    let (Some(own), Some(behind)) = (rgb(color), rgb(background)) else { return color.to_owned() };
    if contrast(own, behind) >= LEAST {
        return color.to_owned();
    }
    let black = contrast([0.0; 3], behind);
    let end = if black >= contrast([255.0; 3], behind) { 0.0 } else { 255.0 };
    let mixed = |step: u32| own.map(|part| (part + (end - part) * f64::from(step) / 100.0).round());
    let best = (1..=100).map(mixed).find(|mixed| contrast(*mixed, behind) >= LEAST).unwrap_or([end; 3]);
    let [r, g, b] = best.map(|part| part as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Red, green and blue, 0 to 255.
fn rgb(color: &str) -> Option<[f64; 3]> {
    let digits = color.strip_prefix('#')?;
    let wide: String =
        if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let part = |at: usize| wide.get(at..at + 2).and_then(|d| u8::from_str_radix(d, 16).ok()).map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: [f64; 3]) -> f64 {
    let [r, g, b] = color.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faint_colours_become_readable() {
        assert_eq!(readable("#003b4f", "#f2f4f8"), "#003b4f");
        assert_eq!(readable("#777777", "#ffffff"), "#767676");
        assert_eq!(readable("#555", "#000000"), "#757575");
        assert_eq!(readable("red", "#fff"), "red");
    }
}
