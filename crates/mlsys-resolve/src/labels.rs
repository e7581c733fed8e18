//! Formats of numbers: Arabic, letters, Roman.

use mlsys_book::NumberFormat;

/// Formats a number. Numbers without letters or Roman numerals (0) stay Arabic.
pub(crate) fn format_number(number: u32, format: NumberFormat) -> String {
    match format {
        NumberFormat::Arabic => number.to_string(),
        NumberFormat::LowerAlpha => letters(number, b'a'),
        NumberFormat::UpperAlpha => letters(number, b'A'),
        NumberFormat::LowerRoman => roman(number).to_lowercase(),
        NumberFormat::UpperRoman => roman(number),
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

fn roman(number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 9999 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            out.push_str(digit);
            rest -= value;
        }
    }
    out
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
