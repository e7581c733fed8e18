//! The options of a page's text: headings, figures, captions, tables and notes.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("text", &[Page], TEXT_OPTIONS, "Pages: Text, Figures, Tables", "How the text of a page is read and written."),
    open("references", &[Page], REFERENCES, "Pages: Citations, References, Notes", "What the text refers to, and the end of the page."),
    closed("lightbox", &[Page], LIGHTBOX, "Lightbox", "The values of `lightbox:`."),
    open("div", &[Div], DIV, "Callouts and Layouts", "Attributes of divs."),
];

#[rustfmt::skip]
const TEXT_OPTIONS: &[ConfigOption] = &[
    has("from", TEXT, "markdown", "Pandoc's extensions, as `markdown+EXTENSION-EXTENSION`"),
    has("reader", TEXT, "markdown", "Pandoc's extensions, as `from`"),
    none("to", TEXT, "the format"),
    none("writer", TEXT, "the format"),
    has("number-sections", ON, "false", "numbers before headings"),
    has("number-depth", NUMBER, "6", "the deepest numbered level"),
    has("number-offset", &[List, Number], "0", "offsets of the first numbers"),
    has("shift-heading-level-by", NUMBER, "0", "shifts the levels of all headings"),
    has("base-header-level", NUMBER, "1", "the level of the first headings, as `shift-heading-level-by` plus one"),
    has("anchor-sections", ON, "true", "a link mark on headings"),
    has("section-divs", ON, "true", "wraps sections in `section` elements"),
    not_yet("identifier-prefix", TEXT, "", "a prefix of all ids", Nothing, "remove it: ids have no prefix"),
    has("cap-location", &[Choice(&["top", "bottom", "margin"])], "below figures, above others", "the position of captions"),
    has("fig-cap-location", &[Choice(&["top", "bottom", "margin"])], "as `cap-location`", "the position of captions of figures"),
    has("tbl-cap-location", &[Choice(&["top", "bottom", "margin"])], "as `cap-location`", "the position of captions of tables"),
    has("lst-cap-location", &[Choice(&["top", "bottom", "margin"])], "as `cap-location`", "the position of captions of listings"),
    has("fig-align", &[Choice(&["left", "center", "right", "default"])], "center", "the alignment of figures"),
    has("fig-responsive", ON, "true", "figures become smaller on small screens"),
    has("lightbox", &[Bool, Choice(&["auto"]), Map("lightbox")], "false", "images open in a larger view on click"),
    has("tbl-colwidths", &[List, Bool, Choice(&["auto"])], "as written", "the widths of the columns of all tables; `auto` and `false`: as wide as their content"),
    has("html-table-processing", &[Choice(&["none"])], "", "leaves HTML tables as they are"),
    has("default-image-extension", TEXT, "png", "the extension of images without one"),
    not_yet("extract-media", FILE, "", "the folder for images of the page", Nothing, "remove it"),
    has("callout-appearance", &[Choice(&["default", "simple", "minimal"])], "default", "the appearance of callouts"),
    has("callout-icon", ON, "true", "icons of callouts"),
    not_yet("tabsets", ON, "true", "tabs of a tabset", Less, "remove the class `panel-tabset`"),
    has("reference-location", &[Choice(&["document", "section", "block", "margin"])], "document", "the position of notes"),
    not_yet("html-q-tags", ON, "false", "quotations as `q` elements", Nothing, "remove it: quotation marks are text"),
    not_yet("email-obfuscation", &[Choice(&["none", "references", "javascript"])], "none", "hides e-mail addresses from programs", Nothing, "remove it"),
    has("strip-comments", ON, "false", "removes HTML comments"),
    not_yet("ascii", ON, "false", "writes other characters as entities", Nothing, "remove it: pages are UTF-8"),
    not_yet("abbreviations", FILE, "Pandoc's", "abbreviations that end with an unbreakable space", Nothing, "write `Mr.\\ Smith`"),
    none("wrap", &[Choice(&["auto", "none", "preserve"])], "line breaks in Markdown output"),
    none("columns", NUMBER, "the width of lines in text output"),
    none("tab-stop", NUMBER, "the width of tabs in Markdown output"),
    none("preserve-tabs", ON, "keeps tabs in code"),
    none("eol", &[Choice(&["lf", "crlf", "native"])], "line ends of output"),
    none("dpi", NUMBER, "the resolution for lengths in other formats"),
    none("track-changes", &[Choice(&["accept", "reject", "all"])], "changes in Word documents that are read"),
    none("file-scope", ON, "parses each input file by itself"),
];

#[rustfmt::skip]
const LIGHTBOX: &[ConfigOption] = &[
    has("match", &[Choice(&["auto"])], "auto", "the images"),
    has("group", TEXT, "", "the name of a gallery of all images"),
    has("effect", &[Choice(&["fade", "zoom", "none"])], "none", "how the view opens"),
    has("desc-position", &[Choice(&["top", "bottom", "left", "right"])], "bottom", "the position of the caption"),
    has("loop", ON, "true", "the first image follows the last"),
    has("css-class", TEXT, "", "a class of the view"),
];

#[rustfmt::skip]
const REFERENCES: &[ConfigOption] = &[
    has("bibliography", &[File], "", "bibliography files"),
    has("references", DATA, "", "bibliography entries in the front matter, as CSL"),
    has("csl", FILE, "Chicago author-date", "the citation style"),
    has("citation-location", &[Choice(&["document", "margin"])], "document", "cited works at the end of the page, or beside their first citation"),
    has("citeproc", ON, "true", "formats citations"),
    has("link-citations", ON, "true", "citations link to the reference list"),
    not_yet("link-bibliography", ON, "true", "URLs in the reference list are links", Nothing, "remove it: they are links"),
    has("nocite", TEXT, "", "entries to list without a citation"),
    has("suppress-bibliography", ON, "false", "hides the reference list"),
    has("reference-section-title", TEXT, "by language", "the heading of the reference list"),
    not_yet("citation-abbreviations", FILE, "", "abbreviations of journals", Less, "write the short names in the bibliography"),
    not_yet("notes-after-punctuation", ON, "true", "moves notes of citations after punctuation", Nothing, "put the citation after the punctuation"),
    has("citation", &[Bool, Map("citation")], "false", "how to cite the page, at its end"),
    has("appendix-style", &[Choice(&["default", "plain", "none"])], "default", "the appearance of the page's end"),
    has("appendix-cite-as", &[Bool, List, Choice(&["display", "bibtex"])], "true", "the forms in which the page's end cites the page"),
    has("license", &[Text, Map("license")], "", "the licence, at the page's end"),
    has("copyright", &[Text, Map("copyright")], "", "the copyright, at the page's end"),
    has("crossref", &[Map("crossref"), Bool], "true", "cross-references"),
    has("crossrefs-hover", ON, "true", "previews of cross-references"),
    has("citations-hover", ON, "true", "previews of citations"),
    has("footnotes-hover", ON, "true", "previews of notes"),
    none("cite-method", &[Choice(&["citeproc", "natbib", "biblatex"])], "the program that formats citations in a PDF"),
    none("links-as-notes", ON, "links as notes in a PDF"),
];

#[rustfmt::skip]
const DIV: &[ConfigOption] = &[
    has("title", TEXT, "", "the title of a callout"),
    has("collapse", ON, "", "a callout that readers can open and close; `true`: initially closed"),
    has("appearance", &[Choice(&["default", "simple", "minimal"])], "default", "the appearance of a callout"),
    has("icon", ON, "true", "the icon of a callout"),
    has("layout-ncol", NUMBER, "", "the columns of a layout"),
    has("layout-nrow", NUMBER, "", "the rows of a layout"),
    has("layout", DATA, "", "the widths of the cells of a layout, row by row"),
    has("layout-align", &[Choice(&["default", "left", "center", "right"])], "center", "the horizontal alignment in a layout"),
    has("layout-valign", &[Choice(&["default", "top", "center", "bottom"])], "top", "the vertical alignment in a layout"),
];
