//! A cell as Markdown. Source: Quarto, `mdFromCodeCell` in `jupyter.ts`, `tags.ts` and `labels.ts`; for knitr `hooks.R`.

use super::attributes;
use super::captions::Captions;
use super::code;
use super::display::{is_discardable, is_image};
use super::head;
use super::outputs::Outputs;
use super::text::Text;
use super::writer::Writer;
use crate::label::cell_id;
use crate::output::{CellRun, Output, StreamName};
use crate::settings::{Echo, OutputMode};
use mlsys_book::{OptionName, key, name};

impl Writer<'_> {
    /// Writes the cell with the outputs of its run.
    pub fn write(&mut self, run: Option<&CellRun>) {
        if !self.options.include && !self.settings.keep_hidden {
            return;
        }
        let no_outputs = Vec::new();
        let all = run.map_or(&no_outputs, |run| &run.outputs);
        let outputs = self.shown_outputs(all);
        if self.cell.code.is_empty() && outputs.is_empty() {
            return;
        }
        self.labels_cell = self.should_label_cell(&outputs);
        let mut captions = Captions::new(self, &outputs);
        let mut placeholder = String::new();
        if run.is_none() && self.is_float() {
            // The float keeps its number and its caption, so that references to it and to those after it are right.
            placeholder = self.placeholder(&mut captions);
        }
        let as_is = self.options.output == OutputMode::AsIs;
        let forwarded = attributes::forwarded(self.cell, self.context.is_knitr);
        let classes = attributes::classes(&self.cell.options);
        let needs_div = (!self.label.is_empty() && self.labels_cell)
            || !classes.is_empty()
            || !forwarded.is_empty()
            || captions.cell.is_some()
            || !captions.outputs.is_empty();
        let mut body = Text::default();
        std::mem::swap(&mut body, &mut self.text);
        let interleaved = outputs.iter().any(|output| matches!(output, Output::Source(_)));
        if !interleaved && (self.options.echo != Echo::Hidden || self.settings.keep_hidden) {
            code::write(self, None);
        }
        let cell_caption = captions.cell.clone();
        if self.options.output != OutputMode::Hidden || self.settings.keep_hidden || interleaved {
            Outputs::new(self, captions).write(&outputs);
        }
        std::mem::swap(&mut body, &mut self.text);
        if !placeholder.is_empty() {
            body.push(&placeholder, self.opening);
        }
        if body.segments.is_empty() {
            return;
        }
        let number = run.and_then(|run| run.execution_count).filter(|_| self.settings.has_numbers);
        if let Some(number) = number {
            let decorator =
                format!("::: {{.cell-container}}\n::: {{.cell-decorator}}\n```\nIn [{number}]:\n```\n:::\n\n");
            self.text.push(&decorator, self.opening);
        }
        let has_div = needs_div || !as_is;
        if has_div {
            self.opening_line(&classes, &forwarded);
        }
        self.text.segments.append(&mut body.segments);
        if has_div {
            if let Some((caption, place)) = cell_caption {
                self.text.push(&format!("\n{caption}\n"), place);
            }
            self.text.push(":::\n", self.cell.span);
        }
        if number.is_some() {
            self.text.push("\n:::\n", self.cell.span);
        }
    }

    /// True if the cell is a figure or table: one that has a caption, or that would run.
    fn is_float(&self) -> bool {
        let is = |kind: &str, caption: OptionName| {
            self.label.starts_with(kind) && (self.options.eval || self.cell.options.value(caption).is_some())
        };
        is("fig-", name!("cell", "fig-cap")) || is("tbl-", name!("cell", "tbl-cap"))
    }

    /// What stands for the outputs of a float that has none: an empty output, or one for each part with a caption of its own.
    fn placeholder(&self, captions: &mut Captions) -> String {
        if captions.cell.is_none() {
            captions.cell = captions.outputs.pop_front();
            captions.outputs.clear();
        }
        let parts = std::mem::take(&mut captions.outputs);
        if parts.is_empty() {
            return "\n::: {.cell-output}\n:::\n".to_owned();
        }
        let part = |(at, (caption, _)): (usize, &(String, _))| {
            format!("\n::: {{#{}-{} .cell-output .cell-output-display}}\n\n{caption}\n:::\n", self.label, at + 1)
        };
        parts.iter().enumerate().map(part).collect()
    }

    /// The outputs without those that the options hide and without texts that only say that there is an image.
    fn shown_outputs<'o>(&self, all: &'o [Output]) -> Vec<&'o Output> {
        let outputs = all.iter().filter(|output| head::library(output).is_none());
        let has_image = all.iter().any(is_image);
        let warns = self.options.warning || self.settings.keep_hidden;
        outputs
            .filter(|output| match output {
                Output::Stream(StreamName::Stderr, _) | Output::Condition(_) => warns,
                Output::Display { .. } => !is_discardable(output, has_image),
                Output::Stream(StreamName::Stdout, _) | Output::Error { .. } | Output::Source(_) | Output::AsIs(_) => {
                    true
                }
            })
            .collect()
    }

    /// True if the cell's div gets the label. Source: Quarto, `shouldLabelCellContainer`; for knitr the chunk hook.
    fn should_label_cell(&self, outputs: &[&Output]) -> bool {
        let has = |key: OptionName| self.cell.options.value(key).is_some();
        if self.label.starts_with("tbl-") {
            return true;
        }
        if self.context.is_knitr && !outputs.is_empty() {
            return has(name!("cell", "fig-cap")) && has(name!("cell", "fig-subcap"));
        }
        let displays = outputs.iter().filter(|output| matches!(output, Output::Display { .. })).count();
        let captions = self.cell.options.value(name!("cell", "fig-cap")).map(|value| &value.kind);
        let is_list = matches!(captions, Some(mlsys_book::ValueKind::Seq(_)));
        self.options.output == OutputMode::Hidden || displays == 0 || (displays > 1 && !is_list)
    }

    /// The opening line of the cell's div.
    fn opening_line(&mut self, classes: &[String], forwarded: &[(String, String)]) {
        let mut line = "::: {".to_owned();
        if !self.label.is_empty() && self.labels_cell {
            line += &format!("#{} ", self.label);
        } else if !self.label.is_empty() && !self.context.is_knitr {
            line += &format!("#cell-{} ", self.label);
        } else if let Some(id) = self.cell.options.read(key!("cell", "id")) {
            // Cells of notebooks have ids.
            line += &format!("#{} ", cell_id(&id));
        }
        line += ".cell";
        if !self.options.include {
            line += " .hidden";
        }
        for class in classes {
            line += &format!(" .{class}");
        }
        for (key, value) in forwarded {
            line += &format!(" {key}={}", super::text::quoted(value));
        }
        line += "}\n";
        let place = self.place_of(name!("cell", "label"));
        self.text.push(&line, place);
    }
}
