//! Python cells without Jupyter: one process imports modules once and forks a process for each page.
//!
//! The Python package `worker` does the work. With IPython installed, outputs equal those of a Jupyter kernel; without, cells run in plain
//! Python. An inline value is the MIME bundle that IPython's `user_expressions` gives: `text/plain` is the `repr`, so that of
//! a string has quotes.

mod answer;
mod imports;
mod interpreter;
mod running_page;
mod stream;
mod zygote;

pub use imports::imported_modules;
pub use interpreter::{Interpreter, Variables};
pub use running_page::PageLimits;
pub use zygote::{Settings, Zygote};
