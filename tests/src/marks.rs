//! Characters that mean something in Markdown or beside it.

/// One character each: marks, white space, a letter, a letter of two bytes and a digit. Repeated alone or with others they must cost
/// what their length asks for.
pub const MARKS: &[&str] = &[
    "*", "_", "`", "~", "^", "[", "]", "(", "{", "}", "<", ">", "$", "\\", "@", ":", "#", "|", "-", "+", "=", "\"",
    "'", "&", "!", ".", "\n", " ", "\t", "\r", "\u{a0}", "é", "a", "1",
];
