//! Roman numerals.

/// A number in Roman numerals in lower case; empty for 0. Every thousand takes a letter, so callers bound the number.
///
/// ```
/// use mlsys_book::roman;
///
/// assert_eq!(roman(1994), "mcmxciv");
/// ```
pub fn roman(mut number: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut out = String::new();
    for (value, numeral) in NUMERALS {
        while number >= value {
            out.push_str(numeral);
            number -= value;
        }
    }
    out
}
