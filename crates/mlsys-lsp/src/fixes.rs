//! Corrections of findings that name what was meant.

use crate::protocol::{Diagnostic, TextEdit};
use crate::text::Encoding;

/// The correction of a finding: the name in its message, replaced by the one that it suggests. `None` where there is no certain one.
pub fn correction(found: &Diagnostic, text: &str, encoding: Encoding) -> Option<TextEdit> {
    let meant =
        found.message.lines().skip(1).find_map(|hint| hint.strip_prefix("did you mean `")?.strip_suffix("`?"))?;
    let wrong = found.message.split('`').nth(1)?;
    let (start, end) = (encoding.offset(text, found.range.start), encoding.offset(text, found.range.end));
    let written = text.get(start..end)?;
    // A suggestion may have the mark that stands before the name.
    let meant = match (meant.strip_prefix(['@', '#', '.']), written.find(meant)) {
        (Some(bare), _) if !wrong.starts_with(['@', '#', '.']) => bare,
        (_, _) => meant,
    };
    let at = start + written.find(wrong)?;
    Some(TextEdit { range: encoding.range(text, at..at + wrong.len()), new_text: meant.to_owned() })
}
