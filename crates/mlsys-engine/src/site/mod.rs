//! The files of a site besides the text of its pages.

pub mod address;
pub mod head_includes;
pub mod katex;
pub mod listings;
pub mod media;
pub mod print;
pub mod search;
pub mod shell;
pub mod site_pages;
