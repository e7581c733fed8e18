//! Services of other hosts that the author asks for: comments, analytics, consent to cookies. A page has their settings as JSON, and
//! the script `services.js` loads them when the page is complete. Source: Quarto, "Website Tools", analytics and cookie consent;
//! "HTML Basics", commenting.

use super::context::PageContext;
use super::root::from_root_url;
use crate::html::{Elements, Tag, html};
use crate::json::as_json;
use mlsys_book::{Project, Value, Words, key, name};
use serde_json::{Value as Json, json};

/// True if a page with this metadata has services of other hosts.
pub fn has_services(project: &Project, meta: &Value) -> bool {
    settings(project, meta, &Words::new(meta), "").is_some()
}

/// The HTML that the head gets from `plausible-analytics`: the author's own text, or that of a file.
pub(super) fn plausible(cx: &PageContext<'_>) -> String {
    let Some(value) = site(cx.project).and_then(|site| site.value(name!("website", "plausible-analytics"))) else {
        return String::new();
    };
    let file = || (cx.file)(&value.read(key!("plausible-analytics", "path"))?);
    let text = value.to_text().or_else(file).unwrap_or_default();
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

/// The settings of the services and their script, for the end of the body.
pub(super) fn services(cx: &PageContext<'_>, words: &Words<'_>, root: &str) -> String {
    let Some(settings) = settings(cx.project, cx.meta, words, root) else { return String::new() };
    let Some(script) = &cx.assets.services else { return String::new() };
    let data = |json: &Json| json.to_string().replace('<', "\\u003c");
    html(|out| {
        if let Some(options) = comments(cx.project, cx.meta).and_then(hypothesis).filter(|v| !v.entries().is_empty()) {
            let tag = Tag::new("script").attr("type", "application/json").class("js-hypothesis-config");
            out.line(tag, |out| out.raw(&data(&as_json(options))));
        }
        let tag = Tag::new("script").attr("type", "application/json").id("mlsys-services");
        out.line(tag, |out| out.raw(&data(&settings)));
        let tag = Tag::new("script").attr("type", "module").attr("src", format!("{root}{script}"));
        out.line(tag, |_| {});
    })
}

fn site(project: &Project) -> Option<&Value> {
    project.site.raw.as_ref()
}

/// The settings that `services.js` reads; `None` if the page has no service.
fn settings(project: &Project, meta: &Value, words: &Words<'_>, root: &str) -> Option<Json> {
    let mut settings = serde_json::Map::new();
    if let Some(comments) = comments(project, meta).map(comment_settings).filter(|settings| !settings.is_empty()) {
        settings.insert("comments".into(), comments.into());
    }
    let site = site(project);
    if let Some(analytics) = site.and_then(|site| site.value(name!("website", "google-analytics"))).and_then(analytics)
    {
        settings.insert("analytics".into(), analytics);
    }
    if let Some(consent) = site.and_then(|site| consent(site, words, root)) {
        settings.insert("consent".into(), consent);
    }
    (!settings.is_empty()).then(|| settings.into())
}

/// The page's `comments`, otherwise the site's; `None` if they are off.
fn comments<'v>(project: &'v Project, meta: &'v Value) -> Option<&'v Value> {
    let of_site = || site(project)?.value(name!("website", "comments"));
    meta.value(name!("comments")).or_else(of_site).filter(|value| value.as_bool() != Some(false))
}

/// `hypothesis: true`, its options, or `comments: hypothesis`.
fn hypothesis(comments: &Value) -> Option<&Value> {
    let own = Some(comments).filter(|comments| comments.as_str() == Some("hypothesis"));
    let own = own.or_else(|| comments.value(name!("comments", "hypothesis")));
    own.filter(|value| value.as_bool() != Some(false))
}

fn comment_settings(comments: &Value) -> serde_json::Map<String, Json> {
    let mut settings = serde_json::Map::new();
    if let Some(options) = hypothesis(comments) {
        let own = options.read(key!("hypothesis", "client-url"));
        settings.insert("hypothesis".into(), own.unwrap_or_else(|| "https://hypothes.is/embed.js".to_owned()).into());
    }
    if let Some(options) = comments.value(name!("comments", "utterances")) {
        let mut attributes = json!({
            "repo": options.read(key!("utterances", "repo")),
            "issue-term": options.read(key!("utterances", "issue-term")).unwrap_or_else(|| "pathname".to_owned()),
            "theme": options.read(key!("utterances", "theme")).unwrap_or_else(|| "github-light".to_owned()),
        });
        if let Some(label) = options.read(key!("utterances", "label")) {
            attributes["label"] = label.into();
        }
        settings.insert("utterances".into(), attributes);
    }
    if let Some(options) = comments.value(name!("comments", "giscus")) {
        settings.insert("giscus".into(), giscus(options));
    }
    settings
}

fn giscus(options: &Value) -> Json {
    let theme = options.value(name!("giscus", "theme"));
    let of_mode = |mode: &str| {
        let own = theme.and_then(|theme| theme.to_text().or_else(|| theme.get(mode)?.to_text()));
        own.unwrap_or_else(|| mode.to_owned())
    };
    let is_reacting = options.read(key!("giscus", "reactions-enabled")) != Some(false);
    let mut attributes = json!({
        "themes": [of_mode("light"), of_mode("dark")],
        "data-repo": options.read(key!("giscus", "repo")),
        "data-category": options.read(key!("giscus", "category")).unwrap_or_else(|| "General".to_owned()),
        "data-mapping": options.read(key!("giscus", "mapping")).unwrap_or_else(|| "title".to_owned()),
        "data-reactions-enabled": if is_reacting { "1" } else { "0" },
        "data-emit-metadata": "0",
        "data-input-position": options.read(key!("giscus", "input-position")).unwrap_or("top"),
        "data-lang": options.read(key!("giscus", "language")).unwrap_or_else(|| "en".to_owned()),
    });
    for (name, value) in [
        ("data-repo-id", options.read(key!("giscus", "repo-id"))),
        ("data-category-id", options.read(key!("giscus", "category-id"))),
        ("data-loading", options.read(key!("giscus", "loading")).map(str::to_owned)),
    ] {
        if let Some(value) = value {
            attributes[name] = value.into();
        }
    }
    attributes
}

/// `google-analytics`: an id, or a map with it.
fn analytics(value: &Value) -> Option<Json> {
    let id = value.as_str().map(str::to_owned).or_else(|| value.read(key!("google-analytics", "tracking-id")))?;
    let version = value.read(key!("google-analytics", "version"));
    Some(json!({
        "version": version.unwrap_or(if id.starts_with("UA-") { 3 } else { 4 }),
        "storage": value.read(key!("google-analytics", "storage")).unwrap_or("cookies"),
        "anonymize": value.read(key!("google-analytics", "anonymize-ip")) != Some(false),
        "id": id,
    }))
}

/// `cookie-consent`: `true`, a type, or a map. The words are the author's (`language`), otherwise English.
fn consent(site: &Value, words: &Words<'_>, root: &str) -> Option<Json> {
    let value = site.value(name!("website", "cookie-consent")).filter(|value| value.as_bool() != Some(false))?;
    let word = |name: &str, default: &str| words.authors(name).unwrap_or_else(|| default.to_owned());
    let preferences = value.read(key!("cookie-consent", "prefs-text"));
    let policy = value.read(key!("cookie-consent", "policy-url")).map(|url| from_root_url(&url, root));
    let kind = value.as_str().or_else(|| value.read(key!("cookie-consent", "type")));
    Some(json!({
        "type": kind.unwrap_or("express"),
        "style": value.read(key!("cookie-consent", "style")).unwrap_or("simple"),
        "palette": value.read(key!("cookie-consent", "palette")).unwrap_or("light"),
        "policy": policy,
        "texts": {
            "title": word("cookie-consent-title", "Cookies"),
            "message": word("cookie-consent-message", "This site uses cookies to count visits."),
            "policy": word("cookie-consent-policy", "Privacy policy"),
            "accept": word("cookie-consent-accept", "I agree"),
            "decline": word("cookie-consent-decline", "I decline"),
            "preferences": preferences.unwrap_or_else(|| word("cookie-consent-preferences", "Cookie Preferences")),
        },
    }))
}
