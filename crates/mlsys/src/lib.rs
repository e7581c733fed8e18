//! The command as a library: reading a project, the pipeline, writing and reporting.
//!
//! This crate is the only one that touches files and the environment; threads are used in [`pipeline`] and [`mod@write`] only.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "reading and writing files is this crate's part"
)]

mod address;
mod bounds;
pub mod cache;
mod check;
mod citations;
pub mod command;
mod composed;
mod configuration;
pub mod deploy;
pub mod diagrams;
mod disk;
mod each_page;
pub mod external_links;
mod frame;
mod image_size;
mod included_files;
mod includes;
mod kept;
mod listings;
pub mod live;
mod locate;
mod math_fonts;
mod media;
mod memory;
mod page_files;
pub mod pipeline;
mod programs;
mod progress;
pub mod publish;
pub mod reading;
mod record;
pub mod report;
mod sass;
mod search_files;
mod site_pages;
pub mod smaller_images;
mod steps;
mod whole_book;
pub mod write;

pub use locate::{Request, locate};
pub use memory::{Memory, PerPage};
pub use pipeline::{Built, Linked, build, build_again, check, linked, page_media, rebuild};
pub use reading::{Book, read};
pub use search_files::keep_earlier;
