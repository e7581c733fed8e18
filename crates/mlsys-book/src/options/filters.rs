//! The options of filters and extensions that are built in, of diagrams, and of mlsys itself.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("filters", &[Page], FILTERS, "Pages: Filters, Quizzes, Diagrams", "Extensions that are built in."),
    open("filter-metadata", &[Page], FILTER_METADATA, "Options of Filters", "The values of `filter-metadata:`."),
    open("numbered-blocks", &[Page], NUMBERED_BLOCKS, "Numbered Boxes", "The values of `custom-numbered-blocks:`; in `filter-metadata:`, its name may include the extension's author."),
    open("box", &[Page], BOX, "Classes of Boxes", "The values of a class or a group. A class inherits the values of its group."),
    open("diagram", &[Page], DIAGRAM, "Diagrams", "The values of `diagram:`."),
    open("engine", &[Page], ENGINE, "Diagram Engines", "The values of `diagram: engine: ENGINE:`."),
    closed("mermaid", &[Page], MERMAID, "Mermaid", "The values of `mermaid:`."),
    open("mlsys", &[Page], MLSYS, "Options of mlsys", "The values of `mlsys:`. Quarto ignores them."),
    closed("mlsys.check", &[Project], CHECK, "Checks", "The values of `mlsys: check:`; see [Diagnostics](diagnostics.qmd)."),
    closed("mlsys.check.external-links", &[Project], EXTERNAL_LINKS, "External Links", "The values of `mlsys: check: external-links:`."),
];

#[rustfmt::skip]
const FILTERS: &[ConfigOption] = &[
    has("filters", &[List, Data], "", "built-in features by the names of their filters: `inject_quizzes`, `inject_glossary`, `inject_parts`, `sidenote`, `custom-numbered-blocks`, `diagram`, `pseudocode`, `lightbox`"),
    has("filter-metadata", &[Map("filter-metadata")], "", "options of filters"),
    has("custom-numbered-blocks", &[Map("numbered-blocks")], "", "numbered boxes"),
    has("quiz", FILE, "", "the page's quiz"),
    has("glossary", FILE, "", "the page's glossary"),
    has("diagram", &[Map("diagram")], "by the installed programs", "how diagrams are drawn"),
    has("mermaid", &[Map("mermaid")], "", "options of Mermaid diagrams"),
    has("mlsys", &[Map("mlsys")], "", "options of mlsys; of those only the severities of diagnostics also apply to single pages and folders"),
];

#[rustfmt::skip]
const FILTER_METADATA: &[ConfigOption] = &[
    has("custom-numbered-blocks", &[Map("numbered-blocks")], "", "numbered boxes"),
];

#[rustfmt::skip]
const NUMBERED_BLOCKS: &[ConfigOption] = &[
    has("classes", &[MapOf("box")], "", "the classes of divs that become boxes"),
    has("groups", &[MapOf("box")], "", "values and numbers that several classes share; `default` for classes without one"),
    has("icon-path", FILE, "", "the folder of icons, as `icon_CLASS.png`"),
    has("icon-format", TEXT, "png", "the extension of icons"),
];

#[rustfmt::skip]
const DIAGRAM: &[ConfigOption] = &[
    none("cache", ON, "keeps drawn diagrams; here always on"),
    none("cache-dir", FILE, "the folder of drawn diagrams"),
    has("engine", &[MapOf("engine"), Bool], "all engines", "options of each engine, `tikz`, `dot`, `mermaid` and so on; `false`: its diagrams are code"),
];

#[rustfmt::skip]
const BOX: &[ConfigOption] = &[
    has("label", TEXT, "", "the word before the number"),
    has("reflabel", TEXT, "as `label`", "the word in references"),
    has("group", TEXT, "default", "the class's group"),
    has("numbered", ON, "true", "shows a number"),
    has("collapse", ON, "true", "readers can close it"),
    has("boxstyle", &[Choice(&["foldbox.default", "foldbox.simple"])], "foldbox.default", "its style"),
    has("colors", LIST, "the theme's", "two hexadecimal colours: background and line"),
];

#[rustfmt::skip]
const ENGINE: &[ConfigOption] = &[
    has("execpath", TEXT, "the engine's usual program", "the program"),
    has("header-includes", TEXT, "", "lines of the TeX preamble"),
    has("additional-packages", TEXT, "", "lines of the TeX preamble for packages"),
    has("theme", TEXT, "default", "the theme of Mermaid"),
    has("background-color", COLOR, "transparent", "the background of Mermaid's diagrams"),
    has("config-file", FILE, "", "a file with Mermaid's configuration"),
    has("css-file", FILE, "", "a style sheet for Mermaid's diagrams"),
    has("scale", NUMBER, "1", "the scale of Mermaid's diagrams"),
    has("puppeteer-config-file", FILE, "", "a file with options of Mermaid's browser"),
    has("icon-packs", LIST, "", "icon packs of Mermaid"),
];

#[rustfmt::skip]
const MERMAID: &[ConfigOption] = &[
    has("theme", &[Choice(&["default", "dark", "forest", "neutral"])], "default", "the theme of Mermaid diagrams"),
];

#[rustfmt::skip]
const MLSYS: &[ConfigOption] = &[
    has("print-page", ON, "false", "`print.html` with all pages, for printing the book"),
    has("copy-markdown", ON, "false", "an action on each page that copies it as Markdown; writes the Markdown of each page"),
    has("offline", ON, "false", "browsers store the site for offline reading"),
    has("images", &[Choice(&["original", "resized"])], "original", "versions of large images: also smaller ones for small screens, or only the originals"),
    has("check", &[Map("mlsys.check")], "", "options of diagnostics"),
];

#[rustfmt::skip]
const CHECK: &[ConfigOption] = &[
    has("severities", DATA, "by code", "severities by code: `error`, `warning`, `hint`, `off`"),
    has("heading-classes", DATA, "", "headings that must have a class"),
    has("external-links", &[Map("mlsys.check.external-links")], "", "options of the check of external links"),
];

#[rustfmt::skip]
const EXTERNAL_LINKS: &[ConfigOption] = &[
    has("ignore", LIST, "", "URLs to skip"),
];
