//! Expensive steps that turn values into bytes. Other programs are started here only.

pub mod cells;
pub mod diagrams;
mod executables;
mod guard;
pub mod images;
mod marks;
pub mod process;
pub mod progress;
pub mod required_programs;
pub mod sass;
pub mod scripts;
