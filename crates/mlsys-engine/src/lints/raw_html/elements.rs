//! The elements and attributes of HTML. Source: HTML Living Standard, "Index", "Obsolete features"; WAI-ARIA;
//! RDFa for HTML.

/// Every element with its non-global attributes, in alphabetical order.
pub const ELEMENTS: &[(&str, &str)] = &[
    ("a", "href target download ping rel hreflang type referrerpolicy"),
    ("abbr", ""),
    ("address", ""),
    ("area", "alt coords shape href target download ping rel referrerpolicy"),
    ("article", ""),
    ("aside", ""),
    ("audio", "src crossorigin preload autoplay loop muted controls controlslist disableremoteplayback loading"),
    ("b", ""),
    ("base", "href target"),
    ("bdi", ""),
    ("bdo", ""),
    ("blockquote", "cite"),
    ("body", ""),
    ("br", ""),
    (
        "button",
        "command commandfor disabled form formaction formenctype formmethod formnovalidate formtarget interestfor name \
         popovertarget popovertargetaction type value",
    ),
    ("canvas", "width height"),
    ("caption", ""),
    ("cite", ""),
    ("code", ""),
    ("col", "span"),
    ("colgroup", "span"),
    ("data", "value"),
    ("datalist", ""),
    ("dd", ""),
    ("del", "cite datetime"),
    ("details", "name open"),
    ("dfn", ""),
    ("dialog", "closedby open"),
    ("div", ""),
    ("dl", ""),
    ("dt", ""),
    ("em", ""),
    ("embed", "src type width height"),
    ("fieldset", "disabled form name"),
    ("figcaption", ""),
    ("figure", ""),
    ("footer", ""),
    ("form", "accept-charset action autocomplete enctype method name novalidate target rel"),
    ("h1", ""),
    ("h2", ""),
    ("h3", ""),
    ("h4", ""),
    ("h5", ""),
    ("h6", ""),
    ("head", ""),
    ("header", ""),
    ("hgroup", ""),
    ("hr", ""),
    ("html", ""),
    ("i", ""),
    (
        "iframe",
        "src srcdoc name sandbox allow allowfullscreen width height referrerpolicy loading credentialless csp fetchpriority",
    ),
    (
        "img",
        "alt src srcset sizes crossorigin usemap ismap width height referrerpolicy decoding loading fetchpriority \
         elementtiming",
    ),
    (
        "input",
        "accept alpha alt autocomplete capture checked colorspace dirname disabled form formaction formenctype formmethod \
         formnovalidate formtarget height list max maxlength min minlength multiple name pattern placeholder popovertarget \
         popovertargetaction readonly required size src step switch type value width",
    ),
    ("ins", "cite datetime"),
    ("kbd", ""),
    ("label", "for"),
    ("legend", ""),
    ("li", "value"),
    (
        "link",
        "href crossorigin rel media integrity hreflang type referrerpolicy sizes imagesrcset imagesizes as blocking color \
         disabled fetchpriority",
    ),
    ("main", ""),
    ("map", "name"),
    ("mark", ""),
    ("math", ""),
    ("menu", ""),
    ("meta", "name http-equiv content charset media"),
    ("meter", "value min max low high optimum"),
    ("nav", ""),
    ("noscript", ""),
    ("object", "data type name form width height"),
    ("ol", "reversed start type"),
    ("optgroup", "disabled label"),
    ("option", "disabled label selected value"),
    ("output", "for form name"),
    ("p", ""),
    ("picture", ""),
    ("pre", ""),
    ("progress", "value max"),
    ("q", "cite"),
    ("rp", ""),
    ("rt", ""),
    ("ruby", ""),
    ("s", ""),
    ("samp", ""),
    ("script", "src type nomodule async defer crossorigin integrity referrerpolicy blocking fetchpriority"),
    ("search", ""),
    ("section", ""),
    ("select", "autocomplete disabled form multiple name required size"),
    ("selectedcontent", ""),
    ("slot", "name"),
    ("small", ""),
    ("source", "type media src srcset sizes width height"),
    ("span", ""),
    ("strong", ""),
    ("style", "media blocking"),
    ("sub", ""),
    ("summary", ""),
    ("sup", ""),
    ("svg", ""),
    ("table", ""),
    ("tbody", ""),
    ("td", "colspan rowspan headers"),
    (
        "template",
        "shadowrootmode shadowrootdelegatesfocus shadowrootclonable shadowrootserializable \
         shadowrootcustomelementregistry",
    ),
    (
        "textarea",
        "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows wrap",
    ),
    ("tfoot", ""),
    ("th", "colspan rowspan headers scope abbr"),
    ("thead", ""),
    ("time", "datetime"),
    ("title", ""),
    ("tr", ""),
    ("track", "default kind label src srclang"),
    ("u", ""),
    ("ul", ""),
    ("var", ""),
    (
        "video",
        "src crossorigin poster preload autoplay playsinline loop muted controls controlslist width height \
         disablepictureinpicture disableremoteplayback loading",
    ),
    ("wbr", ""),
];

/// Attributes of all elements: global ones, microdata and RDFa.
const GLOBAL: &[&str] = &[
    "about",
    "accesskey",
    "anchor",
    "autocapitalize",
    "autocorrect",
    "autofocus",
    "class",
    "contenteditable",
    "datatype",
    "dir",
    "draggable",
    "enterkeyhint",
    "exportparts",
    "hidden",
    "id",
    "inert",
    "inlist",
    "inputmode",
    "is",
    "itemid",
    "itemprop",
    "itemref",
    "itemscope",
    "itemtype",
    "lang",
    "nonce",
    "part",
    "popover",
    "prefix",
    "property",
    "rel",
    "resource",
    "rev",
    "role",
    "slot",
    "spellcheck",
    "style",
    "tabindex",
    "title",
    "translate",
    "typeof",
    "virtualkeyboardpolicy",
    "vocab",
    "writingsuggestions",
    "xmlns",
];

/// Obsolete elements, with their replacements.
const OBSOLETE_ELEMENTS: &[(&str, &str)] = &[
    ("acronym", "write `<abbr>`"),
    ("applet", "write `<object>`"),
    ("basefont", "use a style sheet"),
    ("bgsound", "write `<audio>`"),
    ("big", "use CSS: `style=\"font-size: larger\"`"),
    ("blink", "use CSS"),
    ("center", "use CSS: `<div style=\"text-align: center\">`"),
    ("dir", "write `<ul>`"),
    ("font", "use CSS: `<span style=\"..\">`"),
    ("frame", "write `<iframe>`"),
    ("frameset", "write `<iframe>`"),
    ("isindex", "write `<form>`"),
    ("keygen", "leave it out"),
    ("listing", "write `<pre><code>`"),
    ("marquee", "use CSS"),
    ("menuitem", "use a script"),
    ("multicol", "use CSS: `columns`"),
    ("nobr", "use CSS: `white-space: nowrap`"),
    ("noembed", "write `<object>`"),
    ("noframes", "leave it out"),
    ("param", "write the parameter into the address"),
    ("plaintext", "write `<pre>`"),
    ("rb", "leave the tag out"),
    ("rtc", "nest `<ruby>`"),
    ("spacer", "use CSS: `margin`"),
    ("strike", "write `<s>` or `<del>`"),
    ("tt", "write `<code>`"),
    ("xmp", "write `<pre><code>`"),
];

/// Obsolete attributes: name, elements (empty for all elements), replacement.
const OBSOLETE_ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("abbr", "td", "put a short text into the cell"),
    ("align", "caption iframe img input object embed legend table", "use CSS: `float` or `margin`"),
    ("align", "", "use CSS: `text-align`"),
    ("alink", "body", "use CSS"),
    ("allowtransparency", "", "leave it out"),
    ("archive", "", "leave it out"),
    ("axis", "", "use `scope`"),
    ("background", "", "use CSS: `background-image`"),
    ("bgcolor", "", "use CSS: `background-color`"),
    ("border", "", "use CSS: `border`"),
    ("bordercolor", "", "use CSS: `border-color`"),
    ("cellpadding", "", "use CSS: `padding` of the cells"),
    ("cellspacing", "", "use CSS: `border-spacing`"),
    ("char", "", "leave it out"),
    ("charset", "a link script", "leave it out; files are UTF-8"),
    ("classid", "", "use `data` and `type`"),
    ("clear", "", "use CSS: `clear`"),
    ("color", "", "use CSS: `color`"),
    ("compact", "", "use CSS"),
    ("coords", "a", "write `<area>`"),
    ("face", "", "use CSS: `font-family`"),
    ("frame", "", "use CSS: `border`"),
    ("frameborder", "", "use CSS: `border: 0`"),
    ("height", "", "use CSS: `height`"),
    ("hspace", "", "use CSS: `margin`"),
    ("language", "", "use `type`, or leave it out"),
    ("link", "body", "use CSS"),
    ("longdesc", "", "link to the description"),
    ("lowsrc", "", "leave it out"),
    ("marginheight", "", "use CSS"),
    ("marginwidth", "", "use CSS"),
    ("mozallowfullscreen", "", "write `allowfullscreen`"),
    ("name", "a", "write `id`"),
    ("name", "img option embed", "write `id`"),
    ("noshade", "", "use CSS"),
    ("nowrap", "", "use CSS: `white-space: nowrap`"),
    ("profile", "", "leave it out"),
    ("rules", "", "use CSS: `border`"),
    ("scheme", "", "leave it out"),
    ("scope", "td", "write `<th>`"),
    ("scrolling", "", "use CSS: `overflow`"),
    ("shape", "a", "write `<area>`"),
    ("size", "", "use CSS"),
    ("summary", "", "describe the table in its caption or in the text"),
    ("text", "body", "use CSS: `color`"),
    ("type", "li ul style menu", "use CSS: `list-style-type`, or leave it out"),
    ("valign", "", "use CSS: `vertical-align`"),
    ("vlink", "body", "use CSS"),
    ("vspace", "", "use CSS: `margin`"),
    ("webkitallowfullscreen", "", "write `allowfullscreen`"),
    ("width", "", "use CSS: `width`"),
];

/// The status of an element or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Part of HTML.
    Known,
    /// Obsolete, with the replacement.
    Obsolete(&'static str),
    /// Not part of HTML.
    Unknown,
}

/// The status of an element, by its name in lower case. Names with a hyphen are custom elements.
pub fn element(name: &str) -> Status {
    if name.contains('-') || own_attributes(name).is_some() {
        return Status::Known;
    }
    let obsolete = OBSOLETE_ELEMENTS.iter().find(|(obsolete, _)| *obsolete == name);
    obsolete.map_or(Status::Unknown, |(_, advice)| Status::Obsolete(advice))
}

/// The status of an attribute of an element, both in lower case.
///
/// Attributes for scripts (`data-*`, `on*`), assistive technology (`aria-*`), namespaces and frameworks (with a colon, at sign or full
/// stop) are not checked.
pub fn attribute(element: &str, name: &str) -> Status {
    let Some(own) = own_attributes(element) else { return Status::Known };
    let open = ["data-", "aria-", "on"].iter().any(|prefix| name.len() > prefix.len() && name.starts_with(prefix));
    if open
        // SVG and MathML have their own attributes.
        || matches!(element, "svg" | "math")
        || element.contains('-')
        || name.contains([':', '@', '.', '#', '*', '['])
        || GLOBAL.contains(&name)
        || own.split_ascii_whitespace().any(|known| known == name)
    {
        return Status::Known;
    }
    let stood_on = |elements: &str| elements.is_empty() || elements.split(' ').any(|one| one == element);
    let obsolete = OBSOLETE_ATTRIBUTES.iter().find(|(obsolete, on, _)| *obsolete == name && stood_on(on));
    obsolete.map_or(Status::Unknown, |(_, _, advice)| Status::Obsolete(advice))
}

/// The attributes of an element, for suggestions.
pub fn attributes(element: &str) -> impl Iterator<Item = &'static str> {
    own_attributes(element).unwrap_or("").split_ascii_whitespace().chain(GLOBAL.iter().copied())
}

fn own_attributes(element: &str) -> Option<&'static str> {
    let at = ELEMENTS.binary_search_by(|(name, _)| (*name).cmp(element)).ok()?;
    Some(ELEMENTS[at].1)
}

/// True if an attribute is a whole number of pixels. Source: HTML Living Standard, "Dimension attributes".
pub fn is_pixels(element: &str, attribute: &str) -> bool {
    let has_size = matches!(element, "img" | "iframe" | "embed" | "object" | "video" | "source" | "input" | "canvas");
    has_size && matches!(attribute, "width" | "height")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_in_order() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn what_stands_where_is_told_apart() {
        assert_eq!(attribute("img", "width"), Status::Known);
        assert!(matches!(attribute("td", "width"), Status::Obsolete(_)));
        assert_eq!(attribute("td", "witdh"), Status::Unknown);
        assert_eq!(attribute("td", "data-anything"), Status::Known);
        assert_eq!(element("my-part"), Status::Known);
        assert!(matches!(element("center"), Status::Obsolete(_)));
        assert_eq!(element("cneter"), Status::Unknown);
    }
}
