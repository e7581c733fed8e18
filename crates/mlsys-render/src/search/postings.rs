//! Postings: the sections with a word, as text.

/// The digits of postings.
const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// Encodes sections with their numbers of occurrences.
///
/// For each section a variable-length number, in digits of 5 bits, lowest first, with bit 5 set in all but the last digit: the
/// gap to the previous section, shifted by one bit. The low bit is set if the word occurs more than once; then a digit follows
/// with the number of occurrences minus two, at most 63.
pub(super) fn encode(places: impl Iterator<Item = (u32, u32)>, out: &mut String) {
    let digit = |n: u32| char::from(DIGITS[(n & 63) as usize]);
    let mut next = 0;
    for (section, count) in places {
        let mut number = (section.saturating_sub(next)) << 1 | u32::from(count > 1);
        while number >= 32 {
            out.push(digit(number & 31 | 32));
            number >>= 5;
        }
        out.push(digit(number));
        if count > 1 {
            out.push(digit((count - 2).min(63)));
        }
        next = section + 1;
    }
}

/// Decodes postings.
pub(super) fn decode(postings: &str) -> impl Iterator<Item = (u32, u32)> {
    let mut digits = postings.bytes().map(value);
    let mut next = 0;
    std::iter::from_fn(move || {
        let (mut number, mut shift) = (0, 0);
        loop {
            let digit = digits.next()?;
            number |= (digit & 31) << shift;
            if digit < 32 || shift > 25 {
                break;
            }
            shift += 5;
        }
        let section = next + (number >> 1);
        let count = if number & 1 == 1 { digits.next()? + 2 } else { 1 };
        next = section + 1;
        Some((section, count))
    })
}

/// The value of a digit.
fn value(digit: u8) -> u32 {
    u32::from(match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'z' => digit - b'a' + 10,
        b'A'..=b'Z' => digit - b'A' + 36,
        b'-' => 62,
        _ => 63,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_are_gaps() {
        let places = [(0, 1), (1, 1), (4, 3), (20, 1), (600, 2), (100_000, 65)];
        let mut text = String::new();
        encode(places[..5].iter().copied(), &mut text);
        assert_eq!(text, "0051uDA10");
        let mut text = String::new();
        encode(places.into_iter(), &mut text);
        assert_eq!(decode(&text).collect::<Vec<_>>(), places);
        assert!(DIGITS.iter().enumerate().all(|(at, digit)| value(*digit) == at as u32));
    }
}
