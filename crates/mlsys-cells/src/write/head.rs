//! The scripts that outputs need in a page's head and after its body. Source: Quarto, `widgets.ts`.

use crate::output::{CellRun, MimeBundle, Output};

const REQUIRE: &str =
    "<script src=\"https://cdn.jsdelivr.net/npm/requirejs@2.3.6/require.min.js\" crossorigin=\"anonymous\"></script>";
const JQUERY: &str = "<script src=\"https://cdn.jsdelivr.net/npm/jquery@3.5.1/dist/jquery.min.js\" \
                      crossorigin=\"anonymous\" data-relocate-top=\"true\"></script>\n\
                      <script type=\"application/javascript\">define('jquery', [],function() {return window.jQuery;})</script>";
const WIDGETS: &str = "<script src=\"https://cdn.jsdelivr.net/npm/@jupyter-widgets/html-manager@*/dist/embed-amd.js\" \
                       crossorigin=\"anonymous\"></script>";

/// The MIME types of widgets and scripts.
pub(super) const WIDGET_VIEW: &str = "application/vnd.jupyter.widget-view+json";
pub(super) const WIDGET_STATE: &str = "application/vnd.jupyter.widget-state+json";
pub(super) const JAVASCRIPT: &str = "application/javascript";

/// True for an output that loads the library of plotly, which belongs in the head, once.
pub(super) fn library(output: &Output) -> Option<&str> {
    let Output::Display { data, .. } = output else { return None };
    let html = data.text("text/html")?;
    let start = html.trim_start();
    let by_require = start.starts_with("<script type=\"text/javascript\">")
        && ["require.undef(\"plotly\")", "require.undef('plotly')", "define('plotly'"].iter().any(|t| html.contains(t));
    let by_module = start.starts_with("<script type=\"module\">import ") && html.contains("plotly");
    let embedded = html.contains("* plotly.js v") && html.contains("Plotly, Inc.");
    (by_require || by_module || embedded).then_some(html)
}

/// What the outputs of a page need.
#[derive(Default)]
pub(super) struct Needs {
    require: bool,
    jquery: bool,
    widgets: bool,
    libraries: Vec<String>,
}

impl Needs {
    /// Adds what the outputs of a cell need.
    pub fn add(&mut self, run: &CellRun) {
        for output in &run.outputs {
            if let Some(html) = library(output)
                && !self.libraries.iter().any(|other| other == html)
            {
                self.libraries.push(html.to_owned());
            }
            if let Output::Display { data, .. } = output {
                self.add_bundle(data);
            }
        }
    }

    fn add_bundle(&mut self, data: &MimeBundle) {
        let scripts = [data.text(JAVASCRIPT), data.text("text/html")];
        for script in scripts.into_iter().flatten() {
            self.require |= ["require(", "require.", "requirejs", "define("].iter().any(|t| script.contains(t));
            self.jquery |= ["jQuery", "$(", "jquery"].iter().any(|t| script.contains(t));
        }
        self.widgets |= data.get(WIDGET_VIEW).is_some();
    }

    /// The elements of the head. Only what outputs use is loaded from another host.
    pub fn head(&self) -> Vec<String> {
        let require = self.require || self.jquery || self.widgets;
        let parts = [(require, REQUIRE), (self.jquery || self.widgets, JQUERY)];
        let mut head: Vec<String> = parts.iter().filter(|(is, _)| *is).map(|(_, html)| (*html).to_owned()).collect();
        head.extend(self.libraries.iter().cloned());
        if self.widgets {
            head.push(WIDGETS.to_owned());
        }
        head
    }

    /// The element with the state of the page's widgets.
    pub fn after_body(&self, state: Option<&str>) -> Vec<String> {
        let Some(state) = state.filter(|_| self.widgets) else { return Vec::new() };
        // The state may hold HTML; in JSON a slash may be escaped.
        let state = state.replace("</", "<\\/");
        vec![format!("<script type=\"{WIDGET_STATE}\">\n{state}\n</script>")]
    }
}
