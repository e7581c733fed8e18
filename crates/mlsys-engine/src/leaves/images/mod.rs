//! Image files: their sizes, and smaller versions for small screens.

pub mod responsive;
pub mod size;
