//! Pages at former addresses. Source: Quarto, "Website Tools", redirects.

use crate::html::escape;
use std::collections::BTreeMap;

/// A page that leads to others: at once by the head, by a link where that is switched off, and where the reader has a script to
/// the same place on the page.
///
/// `to` has the addresses as seen from the former one: by the place on the former page, `""` for the page as a whole.
/// `canonical` is the absolute address of the new page if the site has one.
pub fn redirect(to: &BTreeMap<String, String>, canonical: Option<&str>, title: &str, lang: &str) -> String {
    let page = to.get("").or_else(|| to.values().next()).map_or("./", String::as_str);
    let mut places = to.clone();
    places.entry(String::new()).or_insert_with(|| page.to_owned());
    // `<` could end the script.
    let places = serde_json::to_string(&places).unwrap_or_default().replace('<', "\\u003c");
    let canonical =
        canonical.map(|url| format!("<link rel=\"canonical\" href=\"{}\">\n", escape(url))).unwrap_or_default();
    let (page, title) = (escape(page), escape(title));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n{canonical}\
         <script>\nconst to = {places};\nconst place = location.hash.slice(1);\n\
         location.replace(place && to[place] ? to[place] + location.search : to[\"\"] + location.search + location.hash);\n</script>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={page}\">\n</head>\n<body>\n<main><p><a href=\"{page}\">{title}</a></p></main>\n\
         </body>\n</html>\n",
        escape(lang)
    )
}
