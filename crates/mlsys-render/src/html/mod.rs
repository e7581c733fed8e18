//! HTML as text: writing it, reading our own, and the icons in it.

mod fragment;
mod icons;
mod writer;

pub use fragment::absolute_html;
pub(crate) use fragment::{Fragment, escape, site_path};
pub(crate) use icons::icon;
pub(crate) use writer::{Buffer, address, address_attribute, attribute, escape_text, escape_value, pairs};
