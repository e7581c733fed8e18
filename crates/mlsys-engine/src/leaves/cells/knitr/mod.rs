//! R cells with knitr: one `Rscript` runs a page.
//!
//! `knit.R` gives knitr a document with a chunk or an inline expression for each step, and hooks that report outputs as frames
//! (`frames.rs`) instead of Markdown. Frames are appended to a file, so the cells before a crash keep their results, and standard
//! output stays the author's. R needs the packages knitr and evaluate; rmarkdown only for `df-print: paged`, and reticulate for
//! Python cells, both as with Quarto.
//!
//! What knitr shows of a chunk decides what its outputs are: `echo`, `include`, `warning`, `results`, `collapse` and the rest
//! have been obeyed, also where `opts_chunk$set()` sets them, so their writer has nothing to leave out. Without `include` a cell
//! has no outputs.
//!
//! | hook of knitr | [`mlsys_cells::Output`] |
//! |---|---|
//! | `source` | `Source`, in turns with the outputs unless `results: hold` |
//! | `output` | `Stream` to stdout; with `output: asis`, `AsIs` |
//! | `warning`, `message` | `Condition`, with R's `Warning:` before a warning |
//! | `error` (`error: true`) | `Error`; its value is all that R prints, such as `Error in f(): why` |
//! | `plot`, of a device | `Display` of the image's type with its bytes |
//! | `plot`, of `include_graphics()` | `Display` of `text/uri-list`: the path relative to the working folder, or the URL |
//! | `render`: `knit_print()` gives `asis_output()` | `Display` of `text/markdown`, or of `text/html` if it is one element |
//! | `chunk`: text of the page's own hooks, of child documents and of other engines | `AsIs` |
//! | `inline` | a bundle with `text/markdown`, to be written verbatim |
//!
//! The metadata of a `Display` has what knitr knows of it, after the evaluation of expressions:
//!
//! ```json
//! {"image/png": {"width": "384"}, "filename": "fig-line-1.png", "knitr": {"fig-cap": "A line", "fig-alt": "A rising line"}}
//! ```
//!
//! `width` and `height` are `out-width` and `out-height`, in pixels unless they have a unit. `filename` is the name of the file
//! in `page_files/figure-html`. `knitr` has the captions and attributes of this one output; they take precedence over the cell's
//! options, which may hold expressions.
//!
//! Files that are read are seen where R's connections open them (`read.csv`, `readLines`, `readRDS`, `load`, `source`), and where
//! a string in the code names one. Files that packages read in C by computed names, folders, databases and the network are not
//! seen.

mod answer;
mod frames;
mod installation;
mod job;
mod packages;
mod rscript;

pub use installation::{Installation, Variables};
pub use packages::loaded_packages;
pub use rscript::{PageLimits, Rscript};
