//! A page with results of a cell: what an option changes of the run and of the Markdown with the results.

use mlsys_book::{Source, SourceId};
use mlsys_tests::Example;
use mlsys_tests::cell_results::written;

/// The results of a Python cell: printed text, a warning, a figure and a table.
const PYTHON: &str = r#"{"cells": [[
  {"output_type": "stream", "name": "stdout", "text": "printed *text*\n"},
  {"output_type": "stream", "name": "stderr", "text": "a warning\n"},
  {"output_type": "display_data", "data": {"image/png": {"width": 200, "height": 100, "dpi": 96}, "text/plain": "<Figure>"}, "metadata": {}},
  {"output_type": "execute_result", "data": {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"}, "metadata": {}}
]]}"#;

/// The results of an R cell.
const R: &str = r#"{"cells": [[
  {"output_type": "source", "text": "plot(1)\n"},
  {"output_type": "stream", "name": "stdout", "text": "printed *text*\n"},
  {"output_type": "condition", "text": "a warning\n"},
  {"output_type": "display_data", "data": {"image/png": {"width": 200, "height": 100, "dpi": 96}}, "metadata": {}}
]]}"#;

/// The runs and pages of a Python and an R cell, with a line of front matter and an option of the cell.
pub fn cells(front: &str, option: &str) -> String {
    let mut out = String::new();
    for (language, results, own) in [("python", PYTHON, ""), ("python", PYTHON, "echo: false"), ("r", R, "")] {
        let options = ["label: cell", "fig-cap: A caption", own, option];
        let key = option.split(':').next().unwrap_or("");
        let options = options
            .iter()
            .filter(|line| !line.is_empty() && (**line == option || !line.starts_with(key) || key.is_empty()));
        let options: String = options.map(|line| format!("#| {line}\n")).collect();
        let page = format!("---\ntitle: A page\n{front}\n---\n\n```{{{language}}}\n{options}plot(1)\n```\n");
        let source = Source::new(SourceId(0), "index.qmd", page.as_str());
        let meta = mlsys_parse::front_matter(&source).value.meta;
        if let Some(document) = mlsys_cells::plan(&source, &meta).value {
            out.push_str(&mlsys_cells::job(&document, &source, &meta, "index.qmd").execute);
        }
        for show in ["job\n", "page\n"] {
            let files = [("index.qmd", page.as_str()), ("results.json", results), ("show", show)];
            let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
            let example = Example { line: 0, section: String::new(), files, expected: String::new() };
            out.push_str(&written(&example).unwrap_or_else(|error| format!("{error:?}")));
        }
    }
    out
}
