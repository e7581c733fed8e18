//! Diagrams: drawn pictures, or their source in a box where nothing has drawn them.

use super::Body;
use crate::html;
use mlsys_book::{Cell, Code, CodeBlock, Span, Value};

/// Languages whose code is a picture.
const LANGUAGES: &[&str] = &["tikz", "mermaid", "dot", "graphviz", "plantuml", "asymptote", "asy"];

impl<'a> Body<'a> {
    /// Writes a code block as a diagram if it is one: as the picture that was drawn of it; a `tikz` block that the project's
    /// `diagram` filter should have drawn stands as its source, so that the figure keeps its place and number. Says whether it
    /// did.
    pub(super) fn diagram(&mut self, code: &CodeBlock, span: Span) -> bool {
        let Some(language) = code.language() else { return false };
        if self.drawn(span, code.attr.get("fig-alt").unwrap_or("")) {
            return true;
        }
        if language != "tikz" || !draws_diagrams(&self.chapter.meta) {
            return false;
        }
        self.undrawn.push(span);
        self.source_box(language, &code.text);
        true
    }

    /// Reports the diagrams that nothing has drawn, once a page.
    pub(super) fn report_undrawn(&mut self) {
        let Some(first) = self.undrawn.first().copied() else { return };
        let message = match self.undrawn.len() {
            1 => "this diagram was not drawn; the page shows its source".to_owned(),
            n => format!("this and {} other diagrams were not drawn; the page shows their sources", n - 1),
        };
        self.report(Code::DiagramFailed, first, message);
    }

    /// The picture of a diagram. `alt` is the author's alternative text; a figure's caption stands in for it.
    fn drawn(&mut self, span: Span, alt: &str) -> bool {
        let Some((url, width, height)) = self.media.diagrams.get(&span.start) else { return false };
        let address = self.address.resource(url);
        let (caption, title) = self.picture.clone();
        let linked = self.options.lightbox && !self.flat;
        if linked {
            self.open_lightbox(&address, None, None, &title);
        }
        self.counters.images += 1;
        self.push("<img class=\"img-fluid figure-img\"");
        html::address_attribute(&mut self.out.text, "src", &address);
        html::attribute(&mut self.out.text, "alt", if alt.is_empty() { &caption } else { alt });
        self.push(&format!(" width=\"{width}\" height=\"{height}\""));
        if self.counters.images > 1 {
            self.push(" loading=\"lazy\"");
        }
        self.push(">");
        if linked {
            self.push("</a>");
        }
        true
    }

    fn source_box(&mut self, language: &str, source: &str) {
        self.push("<div class=\"mlsys-diagram-source\">\n<pre");
        html::attribute(&mut self.out.text, "class", language);
        self.push("><code>");
        self.text(source);
        self.push("</code></pre>\n</div>\n");
    }

    /// An executable cell, which nothing has run: its picture if it is a diagram that was drawn, else its code.
    pub(super) fn cell(&mut self, cell: &'a Cell, span: Span) {
        self.push("<div class=\"cell\">\n");
        let label = if cell.attr.id().is_empty() { cell.option("label").unwrap_or("") } else { cell.attr.id() };
        let caption = cell.caption.as_deref().unwrap_or(&[]);
        if self.links.numbers.contains_key(&span.start) && !label.is_empty() {
            self.picture = (mlsys_book::plain_text(caption), String::new());
            self.cell_float(label, caption, span, |b| b.cell_content(cell, span));
            self.picture = Default::default();
        } else {
            self.cell_content(cell, span);
        }
        self.push("</div>\n");
    }

    fn cell_content(&mut self, cell: &'a Cell, span: Span) {
        let diagram = LANGUAGES.contains(&cell.language.as_str());
        if diagram && self.drawn(span, cell.option("fig-alt").unwrap_or("")) {
            self.push("\n");
            return;
        }
        // A cell that the author keeps from running misses nothing.
        let off = |value: Option<&mlsys_book::Value>| value.and_then(mlsys_book::Value::as_bool) == Some(false);
        let execute = self.chapter.meta.get("execute");
        let page_off = off(execute.and_then(|e| e.get("eval"))) || off(execute.and_then(|e| e.get("enabled")));
        if diagram || cell.option("eval").map_or(!page_off, |eval| eval != "false") {
            self.not_executed(&cell.language, span);
        }
        if diagram {
            self.source_box(&cell.language, &cell.text);
        } else {
            self.code(&cell.language, &cell.text, span);
        }
    }
}

/// Whether the project's filters include `diagram`, by whatever path.
fn draws_diagrams(meta: &Value) -> bool {
    let named = |filter: &Value| {
        let path = filter.as_str().or_else(|| filter.get("path")?.as_str()).unwrap_or("");
        let name = path.rsplit('/').next().unwrap_or(path);
        name.trim_end_matches(".lua") == "diagram"
    };
    meta.get("filters").is_some_and(|filters| filters.items().iter().any(named))
}
