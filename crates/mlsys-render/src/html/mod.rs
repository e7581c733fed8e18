//! HTML: the writer, fragments, icons and URLs.

mod attributes;
mod fragment;
mod hole;
mod icons;
mod tag;
mod text;
mod urls;
mod writer;

pub(crate) use attributes::{escape_text, escape_value};
pub(crate) use fragment::Fragment;
pub(crate) use icons::{icon, icon_tag, write_drawing, write_icon};
pub(crate) use tag::Tag;
pub use text::escape;
pub use urls::absolute_html;
pub(crate) use urls::site_path;
pub(crate) use writer::{Elements, Open, Syntax, Writer, html};
