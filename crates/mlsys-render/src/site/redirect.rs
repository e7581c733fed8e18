//! Redirect pages at former URLs. Source: Quarto, "Website Tools", redirects.

use crate::html::{Elements, Syntax, Tag, Writer};
use std::collections::BTreeMap;

/// A page that redirects by a `meta` element and, with scripts, to the same anchor; it also has a link, for browsers that do
/// neither.
///
/// `to` maps anchors of the former page to URLs relative to it; the key `""` is the page as a whole. `canonical` is the new
/// page's absolute URL if the site has one.
pub fn redirect(to: &BTreeMap<String, String>, canonical: Option<&str>, title: &str, lang: &str) -> String {
    let page = to.get("").or_else(|| to.values().next()).map_or("./", String::as_str);
    let mut places = to.clone();
    places.entry(String::new()).or_insert_with(|| page.to_owned());
    // `<` could end the script element.
    let places = serde_json::to_string(&places).unwrap_or_default().replace('<', "\\u003c");
    let script = format!(
        "\nconst to = {places};\nconst place = location.hash.slice(1);\n\
         location.replace(place && to[place] ? to[place] + location.search : to[\"\"] + location.search + location.hash);\n"
    );
    let refresh = Tag::new("meta").attr("http-equiv", "refresh").attr("content", format!("0; url={page}"));
    let mut out = Writer::new(Syntax::Html);
    out.doctype();
    out.lines(Tag::new("html").attr("lang", lang), |out| {
        out.lines(Tag::new("head"), |out| {
            out.void(Tag::new("meta").attr("charset", "utf-8"));
            out.newline();
            out.leaf(Tag::new("title"), title);
            out.newline();
            if let Some(url) = canonical {
                out.void(Tag::new("link").attr("rel", "canonical").attr("href", url));
                out.newline();
            }
            out.line(Tag::new("script"), |out| out.raw(&script));
            out.void(refresh);
            out.newline();
        });
        out.lines(Tag::new("body"), |out| {
            out.line(Tag::new("main"), |out| {
                out.element(Tag::new("p"), |out| out.leaf(Tag::new("a").attr("href", page), title));
            });
        });
    });
    out.finish()
}
