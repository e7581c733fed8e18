//! HTML: the writer, fragments, icons, and reading our own output.

mod attributes;
mod fragment;
mod hole;
mod icons;
mod tag;
mod text;
mod urls;
mod writer;

pub(crate) use attributes::escape_text;
pub(crate) use fragment::Fragment;
pub(crate) use icons::{icon, icon_tag, write_drawing, write_icon};
pub(crate) use tag::Tag;
pub(crate) use text::escape;
pub use text::text_of;
pub(crate) use urls::site_path;
pub use urls::{absolute_html, root_resources};
pub(crate) use writer::{Elements, Open, Syntax, Writer, html};
