//! What the head of a page says to programs: titles, cards, structured data.

mod meta_tags;
mod structured_data;

pub(crate) use meta_tags::{MetaTags, document_title};
pub(crate) use structured_data::{scholar_tags, structured_data};
