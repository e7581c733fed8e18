//! Range requests: `Range: bytes=0-99`. Source: RFC 9110, section 14.

use std::ops::Range;

/// The part of a file that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RangeRequest {
    /// The whole file: there is no header, its unit is unknown, or it has several ranges, which the RFC lets us ignore.
    All,
    /// A range of bytes.
    Part(Range<u64>),
    /// A range outside of the file.
    Outside,
}

/// Parses a Range header for a file of `length` bytes.
pub(crate) fn requested(header: Option<&str>, length: u64) -> RangeRequest {
    let Some((first, last)) = header.and_then(|h| h.strip_prefix("bytes=")).and_then(|r| r.trim().split_once('-'))
    else {
        return RangeRequest::All;
    };
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return RangeRequest::All,
    };
    if range.start < range.end { RangeRequest::Part(range) } else { RangeRequest::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        assert_eq!(requested(None, 10), RangeRequest::All);
        assert_eq!(requested(Some("bytes=0-3"), 10), RangeRequest::Part(0..4));
        assert_eq!(requested(Some("bytes=4-"), 10), RangeRequest::Part(4..10));
        assert_eq!(requested(Some("bytes=-3"), 10), RangeRequest::Part(7..10));
        assert_eq!(requested(Some("bytes=-30"), 10), RangeRequest::Part(0..10));
        assert_eq!(requested(Some("bytes=0-99999999999999999999"), 10), RangeRequest::All);
        assert_eq!(requested(Some("bytes=0-18446744073709551615"), 10), RangeRequest::Part(0..10));
        assert_eq!(requested(Some("bytes=10-"), 10), RangeRequest::Outside);
        assert_eq!(requested(Some("bytes=-0"), 10), RangeRequest::Outside);
        assert_eq!(requested(Some("bytes=3-1"), 10), RangeRequest::All);
        assert_eq!(requested(Some("bytes=0-1,3-4"), 10), RangeRequest::All);
        assert_eq!(requested(Some("lines=0-1"), 10), RangeRequest::All);
    }
}
