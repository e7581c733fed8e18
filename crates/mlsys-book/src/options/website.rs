//! The options of a site: `website:`, also of `book:`.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    closed("website", &[Site], WEBSITE, "Website", "The values of `website:` and `book:`."),
    closed("announcement", &[Site], ANNOUNCEMENT, "Announcement", "The values of `website: announcement:`."),
    closed("search", &[Site], SEARCH, "Search", "The values of `website: search:`."),
    closed("open-graph", &[Site, Page], OPEN_GRAPH, "Open Graph", "The values of `open-graph:`, in `website:` or on a page. A page's own title, description and image take precedence."),
    closed("twitter-card", &[Site, Page], TWITTER_CARD, "Twitter Cards", "The values of `twitter-card:`, in `website:` or on a page."),
];

#[rustfmt::skip]
const WEBSITE: &[ConfigOption] = &[
    has("title", TEXT, "", "the site's title, in the navbar and in the titles of pages"),
    has("description", TEXT, "", "the description of pages without their own, in cards and feeds"),
    has("image", &[File, Url], "", "the image of cards"),
    has("image-alt", TEXT, "", "alternative text of the image of cards"),
    has("favicon", FILE, "", "the site's icon"),
    has("site-url", URL, "", "the site's URL, for canonical URLs, cards, feeds and `sitemap.xml`"),
    has("site-path", TEXT, "that of `site-url`", "the path below the host, for `404.html`"),
    has("repo-url", URL, "", "the URL of the repository"),
    has("repo-branch", TEXT, "main", "the branch of the repository"),
    has("repo-subdir", FILE, "", "the project's folder in the repository"),
    has("repo-actions", &[List, Choice(&["edit", "source", "issue", "none"])], "", "links to the repository"),
    has("repo-link-target", TEXT, "", "the attribute `target` of links to the repository"),
    has("repo-link-rel", TEXT, "", "the attribute `rel` of links to the repository"),
    has("issue-url", URL, "the repository's new issue form", "the target of the action `issue`"),
    has("reader-mode", ON, "false", "a button that hides sidebar and margin"),
    has("llms-txt", ON, "false", "`llms.txt` and Markdown files for language models"),
    has("announcement", &[Text, Map("announcement")], "", "an announcement on all pages"),
    has("search", &[Bool, Map("search")], "true", "the search"),
    has("navbar", &[Bool, Map("navbar")], "", "the bar at the top"),
    has("sidebar", &[Map("sidebar")], "", "one or several sidebars"),
    has("body-header", MARKDOWN, "", "content before that of every page"),
    has("body-footer", MARKDOWN, "", "content after that of every page"),
    has("margin-header", MARKDOWN, "", "content above the table of contents"),
    has("margin-footer", MARKDOWN, "", "content below the table of contents"),
    has("page-navigation", ON, "false", "links to the previous and next page"),
    has("back-to-top-navigation", ON, "false", "a button that scrolls to the top of the page"),
    has("bread-crumbs", ON, "true", "the path through the sidebar to the page"),
    has("page-footer", &[Text, Bool, Map("page-footer")], "", "the footer"),
    has("open-graph", &[Bool, Map("open-graph")], "false", "Open Graph cards"),
    has("twitter-card", &[Bool, Map("twitter-card")], "false", "Twitter cards"),
    has("drafts", &[File], "", "pages that are drafts, in addition to those with `draft: true`"),
    has("draft-mode", &[Choice(&["gone", "unlinked", "visible"])], "gone", "what a build does with drafts"),
    has("google-analytics", &[Text, Map("google-analytics")], "", "counts visits with Google Analytics"),
    has("plausible-analytics", &[Text, Map("plausible-analytics")], "", "counts visits with Plausible"),
    has("cookie-consent", &[Bool, Choice(&["implied", "express"]), Map("cookie-consent")], "", "asks readers for consent to cookies"),
    has("comments", &[Map("comments"), Bool, Choice(&["hypothesis"])], "", "readers' comments below pages"),
    has("other-links", &[Map("other-links")], "", "links below the table of contents of every page"),
    except(has("code-links", &[Map("other-links"), Choice(&["repo", "binder", "devcontainer"])], "", "links to the code below the table of contents of every page"), &["binder", "devcontainer"], Less, "write a link with `text` and `href`"),
];

#[rustfmt::skip]
const ANNOUNCEMENT: &[ConfigOption] = &[
    has("content", MARKDOWN, "", "the text"),
    has("icon", TEXT, "", "the Bootstrap icon before the text"),
    has("dismissable", ON, "true", "readers can close it"),
    has("type", &[Choice(&["primary", "secondary", "success", "danger", "warning", "info", "light", "dark"])], "primary", "its colour"),
    has("position", &[Choice(&["above-navbar", "below-navbar"])], "below-navbar", "its position"),
    has("id", TEXT, "from its text", "the id by which browsers remember that it was closed"),
];

#[rustfmt::skip]
const SEARCH: &[ConfigOption] = &[
    has("location", &[Choice(&["navbar", "sidebar"])], "navbar", "its position"),
    has("type", &[Choice(&["overlay", "textbox"])], "overlay in the navbar", "a button that opens it, or a field"),
    has("limit", NUMBER, "50", "the maximum number of results"),
    has("collapse-after", NUMBER, "3", "the results of a page before the rest is folded"),
    has("copy-button", ON, "false", "a button that copies the URL of the results"),
    has("keyboard-shortcut", &[List, Choice(&["false"])], "f, /, s", "the keys that open it"),
    has("show-item-context", &[Bool, Choice(&["tree", "parent", "root"])], "false", "the path through the sidebar to a result"),
    not_yet("merge-navbar-crumbs", ON, "true", "the navbar's menus in the path to a result", Nothing, "use `show-item-context`, which shows the sidebar's path"),
    has("json", ON, "true with `algolia`", "also writes `search.json` in Quarto's format"),
    has("algolia", DATA, "", "turns `json` on, for an index that is uploaded elsewhere"),
];

#[rustfmt::skip]
const OPEN_GRAPH: &[ConfigOption] = &[
    has("title", TEXT, "the page's", "the title of the card"),
    has("description", TEXT, "the page's, the site's", "the description of the card"),
    has("image", &[File, Url], "the page's, the site's", "the image of the card"),
    has("image-alt", TEXT, "the page's", "alternative text of the image"),
    has("image-width", NUMBER, "the file's", "the width of the image"),
    has("image-height", NUMBER, "the file's", "the height of the image"),
    has("site-name", TEXT, "the site's title", "the name of the site"),
    has("locale", TEXT, "", "the language, such as `en_US`"),
];

#[rustfmt::skip]
const TWITTER_CARD: &[ConfigOption] = &[
    has("title", TEXT, "the page's", "the title of the card"),
    has("description", TEXT, "the page's, the site's", "the description of the card"),
    has("image", &[File, Url], "the page's, the site's", "the image of the card"),
    has("image-alt", TEXT, "the page's", "alternative text of the image"),
    has("image-width", NUMBER, "the file's", "the width of the image"),
    has("image-height", NUMBER, "the file's", "the height of the image"),
    has("creator", TEXT, "", "the account of the author, such as `@name`"),
    has("site", TEXT, "", "the account of the site"),
    has("card-style", &[Choice(&["summary", "summary_large_image"])], "summary_large_image with an image", "the type of the card"),
    none("label1", TEXT, "the first label of the card, in templates"),
    none("data1", TEXT, "the first value of the card, in templates"),
    none("label2", TEXT, "the second label of the card, in templates"),
    none("data2", TEXT, "the second value of the card, in templates"),
];
