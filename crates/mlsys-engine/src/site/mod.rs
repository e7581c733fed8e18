//! The files of a site apart from the bodies of its pages.

pub mod assets;
pub mod config_markdown;
pub mod embedded;
pub mod embedded_resources;
pub mod head_includes;
pub mod html_urls;
pub mod katex;
pub mod listings;
pub mod llms;
pub mod media;
pub mod offline;
pub mod page_urls;
pub mod preview_image;
pub mod print;
pub mod redirects;
pub mod references;
pub mod resources;
pub mod search;
pub mod shell;
pub mod sitemap;
