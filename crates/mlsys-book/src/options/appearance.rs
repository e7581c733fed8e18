//! The options of a page's layout, contents and look.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("layout", &[Page], LAYOUT, "Pages: Layout and Links", "The parts of a page around its text, and its look."),
    closed("theme", &[Page], THEME, "Themes", "The values of `theme:`; see [Themes](site.qmd#sec-guide-themes)."),
    closed("grid", &[Page], GRID, "Grid", "The values of `grid:`."),
    open("include", &[Page], INCLUDE, "Includes", "An item of `include-in-header:` and the like."),
];

#[rustfmt::skip]
const LAYOUT: &[ConfigOption] = &[
    has("toc", ON, "false", "the table of contents"),
    has("table-of-contents", ON, "false", "the table of contents, as `toc`"),
    has("toc-depth", NUMBER, "3", "the deepest level in it"),
    has("toc-title", TEXT, "by language", "its heading"),
    has("toc-location", &[Choice(&["right", "left", "body", "left-body", "right-body"])], "right", "its position"),
    has("toc-expand", &[Number, Bool], "1", "the levels that are initially open"),
    has("page-layout", &[Choice(&["article", "full", "custom"])], "article", "the width of the content"),
    has("theme", &[Text, File, List, Map("theme")], "the built-in one", "the design"),
    has("brand", &[File, Choice(&["false"]), Map("brand")], "the project's", "the brand of a page"),
    none("brand-mode", &[Choice(&["light", "dark"])], "the mode of the brand in formats with one"),
    has("minimal", ON, "false", "plain HTML without a design"),
    none("document-css", ON, "Pandoc's own style sheet"),
    has("css", &[File], "", "style sheets"),
    has("include-in-header", &[File, Map("include")], "", "HTML for the head"),
    has("include-before-body", &[File, Map("include")], "", "HTML before the content"),
    has("include-after-body", &[File, Map("include")], "", "HTML after the content"),
    has("header-includes", &[Text, Map("include")], "", "HTML for the head, as text"),
    has("include-before", &[Text, Map("include")], "", "HTML before the content, as text"),
    has("include-after", &[Text, Map("include")], "", "HTML after the content, as text"),
    has("body-classes", TEXT, "", "classes of the `body` element"),
    has("smooth-scroll", ON, "false", "links within the page scroll smoothly"),
    none("respect-user-color-scheme", ON, "begins in the mode of the reader's system; here always on"),
    has("sidebar", &[Text, Choice(&["false"])], "the one that lists it", "the page's sidebar"),
    has("navbar", &[Choice(&["false"])], "as in the site", "`false` removes the navbar"),
    has("page-footer", &[Choice(&["false"])], "as in the site", "`false` removes the footer"),
    has("announcement", &[Choice(&["false"])], "as in the site", "`false` removes the announcement"),
    has("bread-crumbs", &[Choice(&["false"])], "as in the site", "`false` removes the path to the page"),
    has("page-navigation", &[Choice(&["false"])], "as in the site", "`false` removes the links to the previous and next page"),
    has("back-to-top-navigation", &[Choice(&["false"])], "as in the site", "`false` removes the button that scrolls to the top"),
    has("repo-actions", &[Choice(&["false"])], "as in the site", "`false` removes the links to the repository"),
    has("margin-header", MARKDOWN, "as in the site", "content above the table of contents"),
    has("margin-footer", MARKDOWN, "as in the site", "content below the table of contents"),
    has("other-links", &[Map("other-links")], "", "links below the table of contents"),
    except(has("code-links", &[Map("other-links"), Choice(&["repo", "binder", "devcontainer"])], "", "links to the code below the table of contents"), &["binder", "devcontainer"], Less, "write a link with `text` and `href`"),
    has("format-links", &[Bool, List, Map("other-links")], "false", "links to other formats of the page, which another tool creates"),
    has("about", &[Text, Map("about")], "", "an about page"),
    has("listing", &[Text, Map("listing")], "", "lists of pages"),
    has("mainfont", TEXT, "the theme's", "the font of text"),
    has("monofont", TEXT, "the theme's", "the font of code"),
    has("fontsize", LENGTH, "the theme's", "the size of text"),
    has("linestretch", NUMBER, "the theme's", "the height of lines"),
    has("fontcolor", COLOR, "the theme's", "the colour of text"),
    has("linkcolor", COLOR, "the theme's", "the colour of links"),
    has("backgroundcolor", COLOR, "the theme's", "the background of the page"),
    has("monobackgroundcolor", COLOR, "the theme's", "the background of code"),
    has("max-width", LENGTH, "the theme's", "the width of a page without a theme"),
    has("margin-left", LENGTH, "", "the left margin of the page"),
    has("margin-right", LENGTH, "", "the right margin of the page"),
    has("margin-top", LENGTH, "", "the upper margin of the page"),
    has("margin-bottom", LENGTH, "", "the lower margin of the page"),
    has("grid", &[Map("grid")], "", "the widths of content, sidebar and margin"),
    none("classoption", LIST, "classes of Pandoc's templates"),
    none("body-width", LENGTH, "the width of text, in templates"),
    has("link-external-icon", &[Bool, Text], "false", "an icon after links to other sites: the theme's, or a Bootstrap icon by name"),
    has("link-external-newwindow", ON, "false", "links to other sites open a new window"),
    has("link-external-filter", TEXT, "the site's URL", "a regular expression for the URLs that count as the site's own"),
    not_yet("notebook-preview-options", DATA, "", "options of pages of notebooks", Nothing, "remove it"),
    none("related-formats-title", TEXT, "the heading of links to formats, in templates"),
    none("notebook-subarticles", ON, "articles of notebooks in JATS"),
];

#[rustfmt::skip]
const THEME: &[ConfigOption] = &[
    has("light", &[Text, File, List], "", "the design of the light mode"),
    has("dark", &[Text, File, List], "", "the design of the dark mode"),
];

#[rustfmt::skip]
const GRID: &[ConfigOption] = &[
    not_yet("content-mode", &[Choice(&["auto", "standard", "full", "slim"])], "auto", "the form of the grid", Nothing, "remove it: the text takes the place of empty margins"),
    has("sidebar-width", LENGTH, "the theme's", "the width of the sidebar"),
    has("margin-width", LENGTH, "the theme's", "the width of the margin"),
    has("body-width", LENGTH, "the theme's", "the width of the content"),
    has("gutter-width", LENGTH, "the theme's", "the space between columns"),
];

#[rustfmt::skip]
const INCLUDE: &[ConfigOption] = &[
    has("text", TEXT, "", "HTML"),
    has("file", FILE, "", "a file with HTML"),
];
