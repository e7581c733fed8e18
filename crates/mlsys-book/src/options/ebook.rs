//! The options of e-books; none has an effect in HTML.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("ebook", &[Page], EBOOK, "E-Books", "Options of other formats."),
];

#[rustfmt::skip]
const EBOOK: &[ConfigOption] = &[
    none("identifier", TEXT, "the identifier"),
    none("creator", TEXT, "the creators"),
    none("contributor", TEXT, "the contributors"),
    none("contributors", TEXT, "the contributors, as `contributor`"),
    none("publisher", TEXT, "the publisher"),
    none("isbn", TEXT, "the ISBN"),
    none("relation", TEXT, "a related work"),
    none("coverage", TEXT, "the coverage"),
    none("rights", TEXT, "the rights"),
    none("belongs-to-collection", TEXT, "the series"),
    none("group-position", NUMBER, "the number in the series"),
    none("page-progression-direction", TEXT, "the direction of pages"),
    none("ibooks", DATA, "options of Apple Books"),
    none("epub-metadata", FILE, "a file with metadata"),
    none("epub-subdirectory", FILE, "the folder of the content"),
    none("epub-fonts", FILE, "fonts"),
    none("epub-chapter-level", NUMBER, "the level at which files are split"),
    none("epub-cover-image", FILE, "the cover"),
    none("epub-title-page", ON, "a title page"),
];
