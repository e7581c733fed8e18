//! Site-wide output: the chrome of all pages, and files that are not pages of the book.

mod assets;
mod bars;
mod chrome;
pub(crate) mod navigation;
mod print;
mod redirect;
mod root_urls;
mod sidebar;
mod sitemap;

pub use assets::Assets;
pub(crate) use chrome::margin_item;
pub use chrome::{Chrome, chrome};
pub use print::{WholeBook, whole_book};
pub use redirect::redirect;
pub(crate) use sidebar::SidebarChrome;
pub(crate) use sitemap::copies_markdown;
pub use sitemap::{LlmsPage, has_llms_txt, has_markdown, llms_txt, robots, site_map};
