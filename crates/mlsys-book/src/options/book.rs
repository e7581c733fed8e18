//! The options of `book:` in addition to those of `website:`.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    with(closed("book", &[Site], BOOK, "Book", "The values of `book:`, in addition to those of `website:`."), &["website", "csl"]),
];

// A book's `authors`, `keywords` and `date-modified` are read as those of a page.
#[rustfmt::skip]
const BOOK: &[ConfigOption] = &[
    has("chapters", &[Map("item")], "", "the pages in order, and parts"),
    has("appendices", &[Map("item")], "", "the pages of the appendix"),
    has("references", &[File], "", "the page with the reference list"),
    has("subtitle", TEXT, "", "the subtitle on the first page"),
    has("author", &[Text, Map("author")], "", "the authors"),
    has("authors", &[Text, Map("author")], "", "the authors, as `author`"),
    has("date", &[Date, Map("date")], "", "the date"),
    has("date-modified", &[Date, Map("date")], "", "the date of the last change"),
    has("date-format", TEXT, "long", "the format of the dates"),
    has("abstract", MARKDOWN, "", "the abstract on the first page"),
    has("keywords", LIST, "", "the keywords on the first page"),
    has("doi", TEXT, "", "the DOI"),
    has("cover-image", FILE, "", "an image on the first page"),
    has("cover-image-alt", TEXT, "", "alternative text of the cover image"),
    has("output-file", TEXT, "the title", "the name of the files of `downloads`, without extension"),
    has("sharing", &[List], "", "links for sharing: `twitter`, `facebook`, `linkedin`"),
    has("downloads", &[List], "", "links to other formats of the book: `pdf`, `epub`, `docx`"),
    has("tools", &[Map("item")], "", "small items in the sidebar"),
];
