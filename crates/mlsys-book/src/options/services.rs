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
    has("comments", &[Map("comments"), Bool, Choice(&["hypothesis"])], "as in the site", "readers' comments below the page"),
    not_yet("axe", &[Bool, Data], "", "checks the accessibility of the page in the browser", Nothing, "run a browser extension for accessibility"),
];

#[rustfmt::skip]
const GOOGLE: &[ConfigOption] = &[
    has("tracking-id", TEXT, "", "the id of the site"),
    has("storage", &[Choice(&["cookies", "none"])], "cookies", "whether it stores cookies"),
    has("anonymize-ip", ON, "true", "shortens the addresses of readers"),
    has("version", NUMBER, "by the id", "the version of the service"),
    not_yet("opt-out", ON, "false", "readers can refuse", Less, "set `cookie-consent: true`"),
];

#[rustfmt::skip]
const PLAUSIBLE: &[ConfigOption] = &[
    has("path", FILE, "", "the file with its script"),
];

#[rustfmt::skip]
const COOKIES: &[ConfigOption] = &[
    has("type", &[Choice(&["implied", "express"])], "express", "whether scripts wait for consent"),
    has("style", &[Choice(&["simple", "headline", "interstitial", "standalone"])], "simple", "the form of the question"),
    has("palette", &[Choice(&["light", "dark"])], "light", "its colours"),
    has("policy-url", URL, "", "the page with the privacy policy"),
    not_yet("language", TEXT, "en", "the language of the question", Nothing, "set the words in `language`: `cookie-consent-message` and so on"),
    has("prefs-text", TEXT, "", "the text of the link to the preferences"),
];

#[rustfmt::skip]
const COMMENTS: &[ConfigOption] = &[
    has("utterances", &[Map("utterances")], "", "comments in GitHub issues"),
    has("giscus", &[Map("giscus")], "", "comments in GitHub discussions"),
    has("hypothesis", &[Bool, Map("hypothesis")], "", "annotations with Hypothesis"),
];

#[rustfmt::skip]
const UTTERANCES: &[ConfigOption] = &[
    has("repo", TEXT, "", "the repository"),
    has("label", TEXT, "", "the label of its issues"),
    has("theme", TEXT, "", "its colours"),
    has("issue-term", TEXT, "pathname", "how a page finds its issue"),
];

#[rustfmt::skip]
const GISCUS: &[ConfigOption] = &[
    has("repo", TEXT, "", "the repository"),
    has("repo-id", TEXT, "", "the id of the repository"),
    has("category", TEXT, "General", "the category of its discussions"),
    has("category-id", TEXT, "", "the id of the category"),
    has("mapping", TEXT, "title", "how a page finds its discussion"),
    has("reactions-enabled", ON, "true", "shows reactions"),
    has("loading", &[Choice(&["lazy"])], "", "loads it when it is in sight"),
    has("input-position", &[Choice(&["top", "bottom"])], "top", "the position of the field for new comments"),
    has("theme", &[Text, Data], "", "its colours"),
    has("language", TEXT, "en", "its language"),
];

#[rustfmt::skip]
const HYPOTHESIS: &[ConfigOption] = &[
    has("theme", &[Choice(&["classic", "clean"])], "", "its form"),
    has("openSidebar", ON, "", "opens its sidebar"),
    has("showHighlights", &[Bool, Choice(&["always", "whenSidebarOpen", "never"])], "", "shows highlights"),
    has("client-url", URL, "", "the URL of its script"),
    has("enableExperimentalNewNoteButton", ON, "", "a button for notes of the page"),
    has("usernameUrl", URL, "", "the URL of user pages"),
    has("services", DATA, "", "services for annotations"),
    has("branding", DATA, "", "colours and fonts"),
    has("externalContainerSelector", TEXT, "", "the element that contains it"),
    has("focus", DATA, "", "the user whose annotations are shown"),
    has("requestConfigFromFrame", DATA, "", "the frame that configures it"),
    has("assetRoot", URL, "", "the URL of its files"),
    has("sidebarAppUrl", URL, "", "the URL of its sidebar"),
];

#[rustfmt::skip]
const LINK: &[ConfigOption] = &[
    has("text", TEXT, "", "the text of the link"),
    has("href", &[Url, File], "", "the target of the link"),
    has("icon", TEXT, "", "the Bootstrap icon before the text"),
    has("target", TEXT, "", "the attribute `target` of the link"),
    has("rel", TEXT, "", "the attribute `rel` of the link"),
];
