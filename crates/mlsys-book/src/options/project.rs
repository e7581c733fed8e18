//! The options of a project: `project:` and what only `_quarto.yml` has.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    with(open("config", &[Project], TOP, "Project Files", "Only at the top level of `_quarto.yml`."), &["metadata", "title-block", "text", "layout", "code", "references", "services", "filters", "computations", "print", "slides", "ebook"]),
    closed("project", &[Project], PROJECT, "Project", "The values of `project:`."),
    closed("preview", &[Project], PREVIEW, "Preview", "The values of `project: preview:`."),
    open("profile", &[Project], PROFILE, "Profiles", "The values of `profile:`."),
    closed("manuscript", &[Project], MANUSCRIPT, "Manuscript", "The values of `manuscript:`."),
];

#[rustfmt::skip]
const TOP: &[ConfigOption] = &[
    has("project", &[Map("project")], "each page by itself", "what is built"),
    has("website", &[Map("website")], "", "the site of a project of type `website`"),
    has("book", &[Map("book")], "", "the site of a project of type `book`"),
    not_yet("manuscript", &[Map("manuscript")], "", "the article and notebooks of a manuscript", False, "use a project of type `website` with the article as `index.qmd`"),
    has("metadata-files", &[File], "", "configuration files to merge"),
    has("profile", &[Map("profile"), List], "", "the profiles of the project"),
    not_yet("engines", DATA, "", "execution engines of extensions", Less, "use `engine: jupyter` or `engine: knitr`"),
    has("brand", &[File, Choice(&["false"]), Map("brand")], "_brand.yml", "colours, fonts and logos of a brand"),
    has("filters", &[List, Data], "", "built-in features by the names of their filters: `inject_quizzes`, `inject_glossary`, `inject_parts`, `sidenote`, `custom-numbered-blocks`, `diagram`, `pseudocode`, `lightbox`"),
    has("filter-metadata", &[Map("filter-metadata")], "", "options of filters"),
    has("custom-numbered-blocks", &[Map("numbered-blocks")], "", "numbered boxes"),
    has("diagram", &[Map("diagram")], "by the installed programs", "how diagrams are drawn"),
    has("mlsys", &[Map("mlsys")], "", "options of mlsys"),
    none("publish", DATA, "where `quarto publish` has published the site"),
];

#[rustfmt::skip]
const PROFILE: &[ConfigOption] = &[
    has("default", LIST, "", "the profiles without `--profile`"),
    has("group", DATA, "", "groups of profiles with one active each, by default the first"),
];

#[rustfmt::skip]
const PROJECT: &[ConfigOption] = &[
    has("type", &[Choice(&["default", "website", "book"])], "default", "the kind of project"),
    none("title", TEXT, "the name of the project for other programs"),
    has("render", &[File], "all Quarto documents", "the pages of a website; `!` excludes"),
    has("output-dir", &[File], "_site, _book", "the output folder"),
    has("resources", &[File], "", "files to copy although no page uses them"),
    has("execute-dir", &[Choice(&["file", "project"])], "file", "the folder in which cells run"),
    has("pre-render", TEXT, "", "commands to run before the sources are read"),
    has("post-render", TEXT, "", "commands to run after the site is written"),
    not_yet("lib-dir", &[File], "site_libs", "the folder of scripts and style sheets", Nothing, "they are in `site_libs`"),
    not_yet("brand", &[File, Map("brand")], "_brand.yml", "the brand of the project", Less, "set `brand` at the top level"),
    none("preview", &[Map("preview")], "options of `quarto preview`"),
    none("detect", DATA, "files by which a project of this type is recognised"),
];

#[rustfmt::skip]
const PREVIEW: &[ConfigOption] = &[
    none("port", NUMBER, "the port of the preview; here `mlsys serve --port`"),
    none("host", TEXT, "the address of the preview; here `mlsys serve --host`"),
    none("serve", DATA, "a server of the project for the preview"),
    none("browser", ON, "opens a browser; here `mlsys serve --open`"),
    none("watch-inputs", ON, "renders again on changes"),
    none("navigate", ON, "moves the browser to the changed page"),
    none("timeout", NUMBER, "the seconds until an idle preview ends"),
];

#[rustfmt::skip]
const MANUSCRIPT: &[ConfigOption] = &[
    part("article", FILE, "the file of the article"),
    part("notebooks", LIST, "the notebooks of the article"),
    part("code-links", DATA, "links to the code"),
    part("manuscript-url", URL, "the URL of the manuscript"),
    part("meca-bundle", ON, "the archive for journals"),
    part("resources", &[File], "files of the archive"),
    part("environment", &[File], "files that describe the environment of the code"),
];
