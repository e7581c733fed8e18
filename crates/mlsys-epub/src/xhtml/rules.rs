//! What becomes of each element of HTML. Source: HTML standard, "Content models", as far as XHTML in EPUB has it.

/// What an element may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    /// Blocks and text.
    Flow,
    /// Text and inline elements.
    Phrasing,
    /// What its parent may contain.
    Transparent,
    /// Nothing.
    Empty,
    /// List items.
    Items,
    /// Terms and their descriptions.
    Definitions,
    /// Caption, columns and groups of rows.
    Table,
    /// Columns.
    Columns,
    /// Rows.
    Rows,
    /// Cells.
    Cells,
    /// Blocks, with a caption first or last.
    Figure,
    /// A summary, then blocks.
    Details,
    /// Text with its pronunciation.
    Ruby,
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It is a block, under this name.
    Block(&'static str, Model),
    /// It is an inline element, under this name.
    Inline(&'static str, Model),
    /// It belongs to a parent of a certain kind. Elsewhere it is a block.
    Part(&'static str, Model),
    /// Its content takes its place.
    Unwrap,
    /// It disappears with its content.
    Drop,
    /// A link to what it shows takes its place: EPUB has no place for it, or not for what other hosts serve.
    Link,
    /// An image.
    Image,
    /// A control of a form.
    Control,
}

/// The rule for an element of HTML. Unknown elements are like `span`.
pub(super) fn rule(name: &str) -> Rule {
    use Model::{
        Cells, Columns, Definitions, Details, Empty, Figure, Flow, Items, Phrasing, Rows, Ruby, Table, Transparent,
    };
    match name {
        "html" | "body" | "noscript" | "map" | "picture" | "canvas" | "optgroup" | "slot" | "select" | "rb" | "rtc" => {
            Rule::Unwrap
        }
        "head" | "title" | "meta" | "link" | "base" | "script" | "style" | "template" | "param" | "source"
        | "track" | "area" | "frame" | "frameset" | "noframes" | "rp" | "bgsound" | "datalist" | "basefont"
        | "keygen" => Rule::Drop,
        "iframe" | "embed" | "audio" | "video" | "object" | "applet" => Rule::Link,
        "img" | "image" => Rule::Image,
        "input" => Rule::Control,
        "article" => Rule::Block("article", Flow),
        "aside" => Rule::Block("aside", Flow),
        "blockquote" => Rule::Block("blockquote", Flow),
        "section" => Rule::Block("section", Flow),
        "nav" => Rule::Block("nav", Flow),
        "div" | "address" | "main" | "header" | "footer" | "hgroup" | "search" | "form" | "fieldset" | "center"
        | "dialog" | "marquee" | "legend" => Rule::Block("div", Flow),
        "figure" => Rule::Block("figure", Figure),
        "details" => Rule::Block("details", Details),
        "p" => Rule::Block("p", Phrasing),
        "h1" => Rule::Block("h1", Phrasing),
        "h2" => Rule::Block("h2", Phrasing),
        "h3" => Rule::Block("h3", Phrasing),
        "h4" => Rule::Block("h4", Phrasing),
        "h5" => Rule::Block("h5", Phrasing),
        "h6" => Rule::Block("h6", Phrasing),
        "pre" | "xmp" | "listing" | "plaintext" => Rule::Block("pre", Phrasing),
        "hr" => Rule::Block("hr", Empty),
        "ul" | "menu" | "dir" => Rule::Block("ul", Items),
        "ol" => Rule::Block("ol", Items),
        "dl" => Rule::Block("dl", Definitions),
        "table" => Rule::Block("table", Table),
        "li" => Rule::Part("li", Flow),
        "dt" => Rule::Part("dt", Flow),
        "dd" => Rule::Part("dd", Flow),
        "figcaption" => Rule::Part("figcaption", Flow),
        "summary" => Rule::Part("summary", Phrasing),
        "caption" => Rule::Part("caption", Flow),
        "colgroup" => Rule::Part("colgroup", Columns),
        "col" => Rule::Part("col", Empty),
        "thead" => Rule::Part("thead", Rows),
        "tbody" => Rule::Part("tbody", Rows),
        "tfoot" => Rule::Part("tfoot", Rows),
        "tr" => Rule::Part("tr", Cells),
        "td" => Rule::Part("td", Flow),
        "th" => Rule::Part("th", Flow),
        "rt" => Rule::Part("rt", Phrasing),
        "a" => Rule::Inline("a", Transparent),
        "ins" => Rule::Inline("ins", Transparent),
        "del" => Rule::Inline("del", Transparent),
        "abbr" | "acronym" => Rule::Inline("abbr", Phrasing),
        "b" => Rule::Inline("b", Phrasing),
        "bdi" => Rule::Inline("bdi", Phrasing),
        "cite" => Rule::Inline("cite", Phrasing),
        "code" | "tt" => Rule::Inline("code", Phrasing),
        "dfn" => Rule::Inline("dfn", Phrasing),
        "em" => Rule::Inline("em", Phrasing),
        "i" => Rule::Inline("i", Phrasing),
        "kbd" => Rule::Inline("kbd", Phrasing),
        "mark" => Rule::Inline("mark", Phrasing),
        "q" => Rule::Inline("q", Phrasing),
        "ruby" => Rule::Inline("ruby", Ruby),
        "s" | "strike" => Rule::Inline("s", Phrasing),
        "samp" => Rule::Inline("samp", Phrasing),
        "small" => Rule::Inline("small", Phrasing),
        "strong" => Rule::Inline("strong", Phrasing),
        "sub" => Rule::Inline("sub", Phrasing),
        "sup" => Rule::Inline("sup", Phrasing),
        "u" => Rule::Inline("u", Phrasing),
        "var" => Rule::Inline("var", Phrasing),
        "br" => Rule::Inline("br", Empty),
        "wbr" => Rule::Inline("wbr", Empty),
        _ => Rule::Inline("span", Phrasing),
    }
}

/// True for the elements of SVG that a page shows.
pub(super) fn is_svg(name: &str) -> bool {
    const SVG: &[&str] = &[
        "a",
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "feTile",
        "feTurbulence",
        "filter",
        "g",
        "image",
        "line",
        "linearGradient",
        "marker",
        "mask",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "svg",
        "switch",
        "symbol",
        "text",
        "textPath",
        "title",
        "tspan",
        "use",
    ];
    SVG.contains(&name)
}

/// True for the elements of MathML that a page shows. Source: MathML 3.0, presentation markup.
pub(super) fn is_mathml(name: &str) -> bool {
    const MATHML: &[&str] = &[
        "annotation",
        "maction",
        "maligngroup",
        "malignmark",
        "math",
        "menclose",
        "merror",
        "mfenced",
        "mfrac",
        "mi",
        "mlabeledtr",
        "mmultiscripts",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mprescripts",
        "mroot",
        "mrow",
        "ms",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
        "none",
        "semantics",
    ];
    MATHML.contains(&name)
}

/// True for the elements of MathML that have text.
pub(super) fn is_token(name: &str) -> bool {
    matches!(name, "annotation" | "mi" | "mn" | "mo" | "ms" | "mtext")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_elements_are_inline() {
        assert_eq!(rule("x-tab"), Rule::Inline("span", Model::Phrasing));
    }
}
