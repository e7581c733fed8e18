//! The options of navbar, sidebar and footer, and of their items.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    closed("item", &[Site], ITEM, "Items of Navigation", "An item of navbar, sidebar, footer or chapters is a file, a folder, `auto`, a separator (`---`) or a map with these keys."),
    closed("navbar", &[Site], NAVBAR, "Navbar", "The values of `website: navbar:`."),
    closed("sidebar", &[Site], SIDEBAR, "Sidebar", "The values of `website: sidebar:`, a map or a list of maps. The appearance of the first applies to the others."),
    closed("page-footer", &[Site], PAGE_FOOTER, "Footer", "The values of `website: page-footer:`; a single text is centred."),
];

#[rustfmt::skip]
const ITEM: &[ConfigOption] = &[
    has("href", &[File, Url], "", "the target"),
    has("file", &[File, Url], "", "the target, as `href`"),
    has("url", &[File, Url], "", "the target, as `href`"),
    has("text", MARKDOWN, "the page's title", "the text; `---` is a separator"),
    has("icon", TEXT, "", "the Bootstrap icon before the text"),
    has("aria-label", TEXT, "the text", "the name for screen readers"),
    has("target", TEXT, "", "the attribute `target` of the link"),
    has("rel", TEXT, "", "the attribute `rel` of the link"),
    has("id", TEXT, "", "the id of the link"),
    has("section", &[Text, File], "", "the title of a group, or its page"),
    has("part", &[Text, File], "", "the title of a part of a book, or its page"),
    has("contents", &[Map("item"), File, Choice(&["auto"])], "", "the items of a group"),
    has("chapters", &[Map("item"), File, Choice(&["auto"])], "", "the chapters of a part"),
    has("menu", &[Map("item")], "", "the items of a menu"),
    has("auto", &[Bool, File], "", "the pages of folders as items"),
    has("collapsed", ON, "by `collapse-level`", "the group is initially closed"),
    has("expanded", ON, "by `collapse-level`", "the group is initially open"),
    none("order", NUMBER, "the position among `auto` items, which pages set"),
];

#[rustfmt::skip]
const NAVBAR: &[ConfigOption] = &[
    has("title", &[Text, Choice(&["false"])], "the site's title", "its title"),
    has("logo", &[File, Map("logo")], "", "an image before the title"),
    has("logo-alt", TEXT, "`alt` of the logo", "alternative text of the logo"),
    has("logo-href", &[File, Url], "the first page", "the target of logo and title"),
    has("background", &[Color, Text], "the theme's", "the background: a Bootstrap name or a colour"),
    has("foreground", &[Color, Text], "the theme's", "the colour of text"),
    has("search", ON, "true", "contains the search"),
    not_yet("pinned", ON, "false", "stays visible while scrolling", Nothing, "remove it: the navbar always stays visible"),
    has("collapse", ON, "true", "on small screens its items become a menu"),
    has("collapse-below", &[Choice(&["sm", "md", "lg", "xl", "xxl"])], "lg", "the width below which its items become a menu"),
    has("left", &[Map("item")], "", "items on the left"),
    has("right", &[Map("item")], "", "items on the right"),
    has("toggle-position", &[Choice(&["left", "right"])], "right", "the side of the menu's button on small screens"),
    has("tools", &[Map("item")], "", "small items at the end"),
    has("tools-collapse", ON, "false", "the tools go into the menu on small screens"),
];

#[rustfmt::skip]
const SIDEBAR: &[ConfigOption] = &[
    has("id", TEXT, "the sidebar that lists the page", "the name by which a page or the navbar selects it"),
    has("title", &[Text, Choice(&["false"])], "the site's title", "its title"),
    has("subtitle", TEXT, "", "a line below the title"),
    has("logo", &[File, Map("logo")], "", "an image above the title"),
    has("logo-alt", TEXT, "`alt` of the logo", "alternative text of the logo"),
    has("logo-href", &[File, Url], "the first page", "the target of the logo"),
    has("search", ON, "true without a navbar", "contains the search"),
    has("tools", &[Map("item")], "", "small items below the title"),
    has("contents", &[Map("item"), File, Choice(&["auto"])], "", "its items"),
    has("style", &[Choice(&["floating", "docked"])], "floating", "next to the content, or at the window's edge"),
    has("background", &[Color, Text], "the theme's", "the background: a Bootstrap name or a colour"),
    has("foreground", &[Color, Text], "the theme's", "the colour of text"),
    has("border", ON, "the theme's", "a line beside it"),
    has("alignment", &[Choice(&["left", "right", "center"])], "left", "the alignment of title and tools"),
    has("align", &[Choice(&["left", "right", "center"])], "left", "the alignment of title and tools, as `alignment`"),
    has("collapse-level", NUMBER, "2", "the levels that are initially open"),
    has("header", MARKDOWN, "", "content above the items"),
    has("footer", MARKDOWN, "", "content below the items"),
    not_yet("pinned", ON, "false", "its bar on small screens stays visible while scrolling", Nothing, "remove it"),
    none("type", TEXT, "the former name of `style`"),
    none("include", TEXT, "pages of the sidebar, in former versions"),
];

#[rustfmt::skip]
const PAGE_FOOTER: &[ConfigOption] = &[
    has("left", &[Markdown, Map("item")], "", "the content on the left"),
    has("center", &[Markdown, Map("item")], "", "the content in the middle"),
    has("right", &[Markdown, Map("item")], "", "the content on the right"),
    has("background", &[Color, Text], "the theme's", "the background: a Bootstrap name or a colour"),
    has("foreground", &[Color, Text], "the theme's", "the colour of text"),
    has("border", &[Bool, Color], "true", "a line above it"),
];
