//! Runs executable cells.

pub mod knitr;
