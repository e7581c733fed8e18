//! Formats of numbers: Arabic, letters, Roman.

use mlsys_book::{NumberFormat, roman};

/// Formats a number. Numbers without letters or Roman numerals (0) stay Arabic.
pub(crate) fn format_number(number: u32, format: NumberFormat) -> String {
    match format {
        NumberFormat::Arabic => number.to_string(),
        NumberFormat::LowerAlpha => letters(number, b'a'),
        NumberFormat::UpperAlpha => letters(number, b'A'),
        NumberFormat::LowerRoman | NumberFormat::UpperRoman if number == 0 || number > 9999 => number.to_string(),
        NumberFormat::LowerRoman => roman(number),
        NumberFormat::UpperRoman => roman(number).to_uppercase(),
    }
}

/// a, b, ..., z, aa, ab, ...
fn letters(number: u32, first: u8) -> String {
    if number == 0 {
        return "0".to_owned();
    }
    let mut out = Vec::new();
    let mut rest = number;
    while rest > 0 {
        rest -= 1;
        out.push(char::from(first + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_letters_and_roman_numerals() {
        let alpha = |n| format_number(n, NumberFormat::LowerAlpha);
        assert_eq!([alpha(1), alpha(26), alpha(27), alpha(703)], ["a", "z", "aa", "aaa"]);
        assert_eq!(format_number(1994, NumberFormat::UpperRoman), "MCMXCIV");
        assert_eq!(format_number(0, NumberFormat::LowerRoman), "0");
    }
}
