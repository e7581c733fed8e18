//! Runs executable cells.

pub mod python;
