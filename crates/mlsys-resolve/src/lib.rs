//! Trees to numbers, targets and citations. Reads trees, never edits them.

pub mod csl;
