//! The options of services of other hosts: comments, analytics and cookies.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    closed("google-analytics", &[Site], GOOGLE, "Google Analytics", "The values of `google-analytics:`."),
    closed("plausible-analytics", &[Site], PLAUSIBLE, "Plausible", "The values of `plausible-analytics:`."),
    closed("cookie-consent", &[Site], COOKIES, "Cookie Consent", "The values of `cookie-consent:`."),
    closed("comments", &[Site, Page], COMMENTS, "Comments", "The values of `comments:`."),
    closed("utterances", &[Site, Page], UTTERANCES, "Utterances", "The values of `comments: utterances:`."),
    closed("giscus", &[Site, Page], GISCUS, "Giscus", "The values of `comments: giscus:`."),
    open("hypothesis", &[Site, Page], HYPOTHESIS, "Hypothesis", "The values of `comments: hypothesis:`."),
    closed("other-links", &[Site, Page], LINK, "Links of a Page", "An item of `other-links:` or `code-links:`."),
    open("services", &[Page], SERVICES, "Pages: Services", "Services of other hosts."),
];

#[rustfmt::skip]
const SERVICES: &[ConfigOption] = &[
    not_yet("comments", &[Map("comments"), Bool], "", "readers' comments below the page", Less, "add the script of the service with `include-after-body`"),
    not_yet("axe", &[Bool, Data], "", "checks the accessibility of the page in the browser", Nothing, "run a browser extension for accessibility"),
];

#[rustfmt::skip]
const GOOGLE: &[ConfigOption] = &[
    part("tracking-id", TEXT, "the id of the site"),
    part("storage", &[Choice(&["cookies", "none"])], "whether it stores cookies"),
    part("anonymize-ip", ON, "shortens the addresses of readers"),
    part("version", NUMBER, "the version of the service"),
    part("opt-out", ON, "readers can refuse"),
];

#[rustfmt::skip]
const PLAUSIBLE: &[ConfigOption] = &[
    part("path", FILE, "the file with its script"),
];

#[rustfmt::skip]
const COOKIES: &[ConfigOption] = &[
    part("type", &[Choice(&["implied", "express"])], "whether scripts wait for consent"),
    part("style", &[Choice(&["simple", "headline", "interstitial", "standalone"])], "the form of the question"),
    part("palette", &[Choice(&["light", "dark"])], "its colours"),
    part("policy-url", URL, "the page with the privacy policy"),
    part("language", TEXT, "the language of the question"),
    part("prefs-text", TEXT, "the text of the link to the preferences"),
];

#[rustfmt::skip]
const COMMENTS: &[ConfigOption] = &[
    part("utterances", &[Map("utterances")], "comments in GitHub issues"),
    part("giscus", &[Map("giscus")], "comments in GitHub discussions"),
    part("hypothesis", &[Bool, Map("hypothesis")], "annotations with Hypothesis"),
];

#[rustfmt::skip]
const UTTERANCES: &[ConfigOption] = &[
    part("repo", TEXT, "the repository"),
    part("label", TEXT, "the label of its issues"),
    part("theme", TEXT, "its colours"),
    part("issue-term", TEXT, "how a page finds its issue"),
];

#[rustfmt::skip]
const GISCUS: &[ConfigOption] = &[
    part("repo", TEXT, "the repository"),
    part("repo-id", TEXT, "the id of the repository"),
    part("category", TEXT, "the category of its discussions"),
    part("category-id", TEXT, "the id of the category"),
    part("mapping", TEXT, "how a page finds its discussion"),
    part("reactions-enabled", ON, "shows reactions"),
    part("loading", &[Choice(&["lazy"])], "loads it when it is in sight"),
    part("input-position", &[Choice(&["top", "bottom"])], "the position of the field for new comments"),
    part("theme", &[Text, Data], "its colours"),
    part("language", TEXT, "its language"),
];

#[rustfmt::skip]
const HYPOTHESIS: &[ConfigOption] = &[
    part("theme", &[Choice(&["classic", "clean"])], "its form"),
    part("openSidebar", ON, "opens its sidebar"),
    part("showHighlights", &[Bool, Choice(&["always", "whenSidebarOpen", "never"])], "shows highlights"),
    part("client-url", URL, "the URL of its script"),
    part("enableExperimentalNewNoteButton", ON, "a button for notes of the page"),
    part("usernameUrl", URL, "the URL of user pages"),
    part("services", DATA, "services for annotations"),
    part("branding", DATA, "colours and fonts"),
    part("externalContainerSelector", TEXT, "the element that contains it"),
    part("focus", DATA, "the user whose annotations are shown"),
    part("requestConfigFromFrame", DATA, "the frame that configures it"),
    part("assetRoot", URL, "the URL of its files"),
    part("sidebarAppUrl", URL, "the URL of its sidebar"),
];

#[rustfmt::skip]
const LINK: &[ConfigOption] = &[
    has("text", TEXT, "", "the text of the link"),
    has("href", &[Url, File], "", "the target of the link"),
    has("icon", TEXT, "", "the Bootstrap icon before the text"),
    has("target", TEXT, "", "the attribute `target` of the link"),
    not_yet("rel", TEXT, "", "the attribute `rel` of the link", Nothing, "remove it: links work without it"),
];
