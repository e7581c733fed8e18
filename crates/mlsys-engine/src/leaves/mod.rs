//! Costly steps that turn values into bytes. Other programs start here and nowhere else.

pub mod diagrams;
pub mod images;
pub mod programs;
pub mod sass;
