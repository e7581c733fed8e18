//! The options of code, and of how pages are read and written.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("code", &[Page], CODE, "Pages: Code and Files", "How code is shown, and how the page is written."),
    closed("code-tools", &[Page], CODE_TOOLS, "Code Tools", "The values of `code-tools:`."),
    closed("highlight-style", &[Page], HIGHLIGHT_STYLE, "Highlighting", "The values of `highlight-style:`."),
    open("format", &[Page], FORMAT, "Formats", "The values of `format:`. Other formats than HTML are not built."),
    open("language", &[Page], &[], "Words", "The values of `language:` have the names of Quarto's language files."),
];

#[rustfmt::skip]
const CODE: &[ConfigOption] = &[
    has("code-fold", &[Bool, Choice(&["show"])], "false", "the code of cells folds away; `show`: it is open at first"),
    has("code-summary", TEXT, "by language", "the title of folded code"),
    has("code-copy", &[Bool, Choice(&["hover"])], "hover", "a button that copies code"),
    has("code-overflow", &[Choice(&["scroll", "wrap"])], "scroll", "how long lines are shown"),
    has("code-line-numbers", ON, "false", "line numbers"),
    has("code-annotations", &[Choice(&["below", "hover", "select", "none", "false"])], "below", "the position of code annotations"),
    has("code-tools", &[Bool, Map("code-tools")], "false", "a button that shows the page's source and opens all folds"),
    not_yet("code-link", ON, "false", "links functions of R to their documentation", Less, "remove it"),
    has("code-block-bg", &[Color, Bool], "the theme's", "the background of code"),
    has("code-block-border-left", &[Color, Bool], "the theme's", "a line left of code"),
    has("highlight-style", &[Text, File, Map("highlight-style")], "the theme's", "the highlighting style"),
    has("syntax-highlighting", &[Text, File, Map("highlight-style")], "as `highlight-style`", "the highlighting style; `none`: code is not highlighted"),
    not_yet("syntax-definitions", &[File], "", "grammars of more languages", Less, "use a language with a grammar"),
    not_yet("syntax-definition", &[File], "", "grammars of more languages", Less, "use a language with a grammar"),
    has("indented-code-classes", LIST, "", "classes of indented code"),
    not_yet("html-math-method", &[Choice(&["katex", "mathjax", "mathml", "webtex", "gladtex", "plain"]), Data], "katex", "the program that shows formulas", Nothing, "remove it: formulas need no script"),
    none("gladtex", ON, "the program that shows formulas, in former versions"),
    has("embed-resources", ON, "false", "one file with all that the page needs"),
    has("self-contained", ON, "false", "one file with all that the page needs"),
    none("self-contained-math", ON, "scripts for formulas in the one file"),
    none("standalone", ON, "a whole page"),
    not_yet("template", FILE, "Quarto's", "the template of the page", Less, "write a Tera template in `templates/`"),
    not_yet("template-partials", &[File], "Quarto's", "parts of the template of the page", Less, "write a Tera template in `templates/`"),
    not_yet("quarto-template-params", DATA, "", "values for Quarto's own template", Less, "style `.quarto-title-block`"),
    not_yet("output-ext", TEXT, "html", "the extension of the page's file", Less, "use `output-file`"),
    not_yet("resource-path", &[File], ".", "folders to search for images", Less, "write paths relative to the page"),
    none("data-dir", FILE, "the folder of Pandoc's own files"),
    none("keep-md", ON, "keeps the Markdown between execution and rendering"),
    none("keep-ipynb", ON, "keeps the notebook that was run"),
    none("keep-source", ON, "keeps the source in the page, for code tools"),
    not_yet("shortcodes", &[File], "", "shortcodes of extensions", Less, "write the content in the page, or include it"),
    none("merge-includes", ON, "joins the includes of cells and metadata"),
    none("inline-includes", ON, "writes includes into the page"),
    none("output-divs", ON, "wraps output of cells in divs"),
    none("lib-dir", FILE, "the folder of scripts and style sheets"),
    none("preview-mode", TEXT, "the mode of the preview"),
    none("request-headers", DATA, "headers of Pandoc's requests"),
    none("trace", ON, "messages of Pandoc"),
    none("verbose", ON, "messages of Pandoc"),
    none("verbosity", &[Choice(&["ERROR", "WARNING", "INFO"])], "messages of Pandoc"),
    none("fail-if-warnings", ON, "warnings of Pandoc are errors"),
    none("dump-args", ON, "shows Pandoc's arguments"),
    none("ignore-args", ON, "ignores Pandoc's arguments"),
    none("log-file", FILE, "the file for messages of Pandoc"),
    none("input-file", FILE, "the input of Pandoc"),
    none("input-files", FILE, "the inputs of Pandoc"),
    none("defaults", FILE, "files with options of Pandoc"),
    none("use-rsvg-convert", ON, "converts SVG images for a PDF"),
];

#[rustfmt::skip]
const CODE_TOOLS: &[ConfigOption] = &[
    has("source", &[Bool, Url, Choice(&["repo"])], "true", "where the source is shown"),
    has("toggle", ON, "true", "a menu that opens all folds"),
    has("caption", TEXT, "by language", "the text of the button"),
];

#[rustfmt::skip]
const HIGHLIGHT_STYLE: &[ConfigOption] = &[
    has("light", &[Text, File], "", "the highlighting style of the light mode"),
    has("dark", &[Text, File], "", "the highlighting style of the dark mode"),
];

#[rustfmt::skip]
const FORMAT: &[ConfigOption] = &[
    has("html", &[Map("html"), Text], "", "options of HTML"),
];
