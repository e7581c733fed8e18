//! The options of listings and about pages.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    closed("about", &[Page], ABOUT, "About Pages", "The values of `about:`."),
    closed("listing", &[Page], LISTING, "Listings", "The values of `listing:`, a map or a list of maps."),
    closed("feed", &[Page], FEED, "Feeds", "The values of `listing: feed:`."),
];

#[rustfmt::skip]
const ABOUT: &[ConfigOption] = &[
    has("id", TEXT, "the whole page", "the id of the div with the text"),
    except(has("template", &[Choice(&["jolla", "trestles", "solana", "marquee", "broadside"]), File], "jolla", "the template"), &[], Less, "use a built-in template"),
    has("image", FILE, "the page's", "the image"),
    has("image-alt", TEXT, "the page's", "alternative text of the image"),
    has("image-title", TEXT, "", "the title of the image"),
    has("image-width", LENGTH, "by template", "the width of the image"),
    has("image-shape", &[Choice(&["rectangle", "round", "rounded"])], "by template", "the shape of the image"),
    has("links", &[Map("item")], "", "links"),
];

#[rustfmt::skip]
const LISTING: &[ConfigOption] = &[
    has("id", TEXT, "", "the id of the div that it fills, by default at the end of the page"),
    has("type", &[Choice(&["default", "grid", "table", "custom"])], "default", "its type"),
    has("contents", &[File, Data], "all pages of the folder", "its items: pages, folders, patterns, data files, maps"),
    has("path", TEXT, "", "the page of an item in a map"),
    has("title", TEXT, "", "the title of an item in a map"),
    has("image", FILE, "", "the image of an item in a map"),
    has("include", DATA, "all", "values that items must have"),
    has("exclude", DATA, "none", "values that items must not have"),
    has("fields", LIST, "by type", "the fields to show"),
    has("field-display-names", DATA, "by language", "names of fields"),
    not_yet("field-types", DATA, "by field", "the types of fields for sorting", Less, "write dates as YYYY-MM-DD"),
    has("field-links", LIST, "title", "fields that are links to the page"),
    not_yet("field-required", LIST, "", "fields that every item must have", Nothing, "remove it"),
    has("sort", &[Text, List, Bool], "title", "the order: `FIELD`, `FIELD desc`"),
    has("sort-ui", &[Bool, List], "true with `table`", "lets readers sort"),
    has("filter-ui", &[Bool, List], "true with `table`", "lets readers search"),
    has("categories", &[Bool, Choice(&["numbered", "unnumbered", "cloud"])], "false", "categories in the margin"),
    has("page-size", NUMBER, "25, 30 with `table`", "the items of a page"),
    has("max-items", NUMBER, "all", "the number of items"),
    has("max-description-length", NUMBER, "175", "the letters of a description"),
    has("grid-columns", NUMBER, "3", "the columns of a grid"),
    has("grid-item-border", ON, "true", "a border around items of a grid"),
    has("grid-item-align", &[Choice(&["left", "right", "center"])], "left", "the alignment of items of a grid"),
    has("image-align", &[Choice(&["left", "right"])], "right", "the side of images"),
    has("image-height", LENGTH, "by type", "the height of images"),
    has("image-placeholder", FILE, "", "an image for items without one"),
    has("image-lazy-loading", ON, "true", "loads images when they are in sight"),
    has("date-format", TEXT, "medium", "the format of dates"),
    has("table-striped", ON, "false", "alternating colours of a table's rows"),
    has("table-hover", ON, "false", "a table's row under the pointer has another colour"),
    has("feed", &[Bool, Map("feed")], "false", "a feed"),
    has("template", FILE, "", "a [template](templates.qmd#sec-guide-listing-templates) in Tera that writes the listing"),
    has("template-params", DATA, "", "values for the template"),
];

#[rustfmt::skip]
const FEED: &[ConfigOption] = &[
    has("items", NUMBER, "20", "the number of items"),
    has("type", &[Choice(&["full", "partial", "metadata"])], "full", "what items contain"),
    has("title", TEXT, "the site's", "the title"),
    has("description", TEXT, "the site's", "the description"),
    has("image", FILE, "the site's", "the image"),
    has("language", TEXT, "the page's", "the language"),
    has("categories", LIST, "", "categories with a feed of their own"),
    not_yet("xml-stylesheet", FILE, "", "a style sheet for the feed", Nothing, "remove it: feed readers ignore it"),
];
