//! The outputs of a cell as Markdown.

use super::ansi;
use super::captions::{Caption, Captions};
use super::code;
use super::display::{Shown, shown, terminal};
use super::image::{extension, png_size};
use super::text::{fenced, one_line, quoted};
use super::writer::Writer;
use crate::json::text_or_json;
use crate::output::{MimeBundle, Output, StreamName};
use crate::settings::{Echo, OutputMode, Settings};
use mlsys_book::{OptionName, Value, ValueKind, key, name};

/// Writes the outputs of a cell.
pub(super) struct Outputs<'w, 'a> {
    writer: &'w mut Writer<'a>,
    captions: Captions,
    /// The number of displayed values so far.
    displayed: usize,
    /// The number of images so far.
    images: usize,
    /// The number of images of the cell.
    image_count: usize,
}

impl<'w, 'a> Outputs<'w, 'a> {
    pub fn new(writer: &'w mut Writer<'a>, captions: Captions) -> Self {
        Outputs { writer, captions, displayed: 0, images: 0, image_count: 0 }
    }

    pub fn write(mut self, outputs: &[&Output]) {
        self.image_count = outputs.iter().filter(|output| super::display::is_image(output)).count();
        let is_hidden = self.writer.options.output == OutputMode::Hidden && !self.writer.settings.keep_hidden;
        for (index, output) in outputs.iter().enumerate() {
            if let Output::Source(code) = output {
                if self.writer.options.echo != Echo::Hidden || self.writer.settings.keep_hidden {
                    self.push("\n");
                    code::write(self.writer, Some(code));
                }
            } else if !is_hidden {
                self.output(index, output);
            }
        }
    }

    fn push(&mut self, text: &str) {
        let place = self.writer.cell.span;
        self.writer.text.push(text, place);
    }

    fn output(&mut self, index: usize, output: &Output) {
        let is_as_is = self.writer.options.output == OutputMode::AsIs;
        let is_knitr = self.writer.context.is_knitr;
        match output {
            Output::Stream(StreamName::Stdout, text) if is_as_is => self.push(text),
            Output::Stream(StreamName::Stdout, text) => self.in_div(output, "cell-output-stdout", "", &terminal(text)),
            Output::Stream(StreamName::Stderr, text) | Output::Condition(text) => {
                self.in_div(output, "cell-output-stderr", "", &terminal(text));
            }
            Output::Error { name, value, traceback, .. } => {
                let text = error(name, value, traceback);
                self.in_div(output, "cell-output-error", "", &text);
            }
            Output::AsIs(text) if is_as_is => self.push(text),
            Output::AsIs(text) => {
                let label = self.writer.label.clone();
                let id = if label.starts_with("fig-") { format!("#{label} ") } else { String::new() };
                let mut text = ensure_line_end(text);
                if let Some((caption, _)) = self.captions.outputs.pop_front().filter(|_| !id.is_empty()) {
                    text += &format!("\n{caption}\n");
                }
                self.in_div(output, "cell-output-display", &id, &text);
            }
            Output::Display { data, metadata, .. } => self.display(index, output, data, metadata, is_knitr),
            Output::Source(_) => {}
        }
    }

    /// Writes a block of an output in its div; as it is with `output: asis`.
    fn in_div(&mut self, output: &Output, class: &str, id: &str, block: &str) {
        if self.writer.options.output == OutputMode::AsIs {
            return self.push(block);
        }
        let mut line = format!("\n::: {{{id}");
        let by_knitr = self.writer.context.is_knitr && class == "cell-output-display";
        if !by_knitr {
            line += ".cell-output ";
        }
        line += &format!(".{class}");
        if matches!(output, Output::Display { data, .. } if matches!(shown(data), Shown::Markdown(_))) && !by_knitr {
            line += " .cell-output-markdown";
        }
        let is_warning = matches!(output, Output::Stream(StreamName::Stderr, _) | Output::Condition(_));
        let hides = self.writer.options.output == OutputMode::Hidden || (is_warning && !self.writer.options.warning);
        if hides {
            line += " .hidden";
        }
        if self.writer.cell.options.read(key!("cell", "html-table-processing")) == Some("none") {
            line += " html-table-processing=none";
        }
        line += &self.rendering();
        line += "}\n";
        self.push(&line);
        self.push(&ensure_line_end(block));
        self.push(":::\n");
    }

    /// The attribute of `renderings: [light, dark]` for the output that is being written.
    fn rendering(&self) -> String {
        let renderings = self.writer.cell.options.list(name!("cell", "renderings"));
        let name = self.displayed.checked_sub(1).and_then(|at| renderings.get(at)).and_then(Value::to_text);
        name.map_or(String::new(), |name| format!(" rendering={}", quoted(&name)))
    }

    fn display(&mut self, index: usize, output: &Output, data: &MimeBundle, metadata: &str, is_knitr: bool) {
        self.displayed += 1;
        let label = self.writer.label.clone();
        let caption = self.captions.next(output);
        match shown(data) {
            Shown::Image(mime, bytes) => {
                self.images += 1;
                let number = if is_knitr { self.images } else { index + 1 };
                let stem = self.writer.file_stem();
                let file = format!("{stem}-{number}.{}", extension(mime));
                let Settings { figure_folder, figure_prefix, .. } = self.writer.settings;
                let path = format!("{figure_folder}/{figure_prefix}{file}");
                let caption_text = caption.as_ref().map_or("", |(text, _)| text.as_str());
                let caption_text = if is_knitr && label.starts_with("tbl-") { "" } else { caption_text };
                let id = self.image_id(&label, is_knitr);
                let attributes = self.image_attributes(index, mime, bytes, metadata, &id);
                let mut image = format!("![{caption_text}]({path}){attributes}");
                if let Some(link) = self.option_at(name!("cell", "fig-link"), index) {
                    image = format!("[{image}]({link})");
                }
                self.writer.files.push((path, bytes.to_vec()));
                self.in_div(output, "cell-output-display", "", &image);
            }
            Shown::Markdown(text) => self.captioned(output, &label, caption, text),
            Shown::Block(block) => self.captioned(output, &label, caption, &block),
        }
    }

    /// Writes a displayed value that is no image. Its caption is the last paragraph of its div.
    fn captioned(&mut self, output: &Output, label: &str, caption: Option<Caption>, block: &str) {
        let is_own = !label.is_empty() && !label.starts_with("tbl-") && !self.writer.context.is_knitr;
        let id = match (is_own, self.writer.labels_cell) {
            (true, true) => format!("#{label}-{} ", self.displayed),
            (true, false) if self.displayed > 1 => format!("#{label}-{} ", self.displayed),
            (true, false) => format!("#{label} "),
            (false, _) => String::new(),
        };
        let mut block = ensure_line_end(block);
        if let Some((caption, _)) = caption {
            block += &format!("\n{caption}\n");
        }
        self.in_div(output, "cell-output-display", &id, &block);
    }

    /// The id of an image.
    ///
    /// With a list of captions Quarto gives all images of a cell the same id. Ours have numbers from the second one on, because
    /// ids must be unique.
    fn image_id(&self, label: &str, is_knitr: bool) -> String {
        let numbered = format!("#{label}-{}", if is_knitr { self.images } else { self.displayed });
        match is_knitr {
            _ if label.is_empty() => String::new(),
            true if !label.starts_with("fig-") => String::new(),
            true if self.image_count > 1 => numbered,
            false if self.writer.labels_cell || self.displayed > 1 => numbered,
            true | false => format!("#{label}"),
        }
    }

    fn image_attributes(&self, index: usize, mime: &str, bytes: &[u8], metadata: &str, id: &str) -> String {
        let mut attributes: Vec<String> = Vec::new();
        if !id.is_empty() {
            attributes.push(id.to_owned());
        }
        let (width, height) = self.image_size(mime, bytes, metadata);
        let figure = [
            name!("cell", "fig-align"),
            name!("cell", "fig-env"),
            name!("cell", "fig-alt"),
            name!("cell", "fig-pos"),
            name!("cell", "fig-scap"),
        ]
        .into_iter()
        .filter_map(|key| {
            let value = self.option_at(key, index)?;
            (value != "default").then(|| format!("{}={}", key.text(), quoted(&value)))
        });
        let size = [("width", width), ("height", height)];
        let size = size.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?)));
        // knitr writes the size last.
        if self.writer.context.is_knitr {
            attributes.extend(figure.chain(size));
        } else {
            attributes.extend(size.chain(figure));
        }
        if attributes.is_empty() { String::new() } else { format!("{{{}}}", attributes.join(" ")) }
    }

    /// The size of an image: from its metadata, or half of its pixels if it was drawn for displays of twice the resolution.
    fn image_size(&self, mime: &str, bytes: &[u8], metadata: &str) -> (Option<String>, Option<String>) {
        let metadata: serde_json::Value = serde_json::from_str(metadata).unwrap_or_default();
        let said = |key: &str| {
            let own = metadata.get(mime);
            let value = [own, Some(&metadata)].into_iter().flatten().find_map(|map| map.get(key))?;
            value.as_str().map(str::to_owned).or_else(|| value.as_f64().filter(|n| *n > 0.0).map(|n| n.to_string()))
        };
        let mut width = said("out-width").or_else(|| said("width"));
        let mut height = said("out-height").or_else(|| said("height"));
        let figures = &self.writer.settings.figures;
        let is_knitr = self.writer.context.is_knitr;
        if mime == "image/png"
            && figures.format == "retina"
            && let Some((w, h, Some(dpi))) = png_size(bytes)
            && (dpi == figures.dpi * 2 || (is_knitr && width.is_none()))
        {
            width = Some(w.div_ceil(2).to_string());
            height = Some(h.div_ceil(2).to_string()).filter(|_| !is_knitr);
        }
        // Only knitr obeys these options.
        if is_knitr {
            let set = |key: OptionName| {
                self.writer.cell.options.value(key).filter(|v| v.kind != ValueKind::Null).map(text_or_json)
            };
            width = set(name!("cell", "out-width")).or(width);
            height = set(name!("cell", "out-height")).or(height);
        }
        (width, height)
    }

    /// An option's value; of a list the item of the output's number.
    fn option_at(&self, key: OptionName, index: usize) -> Option<String> {
        let value = self.writer.cell.options.value(key)?;
        let value = match &value.kind {
            ValueKind::Seq(items) => items.get(index)?,
            ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(..)
            | ValueKind::String(_)
            | ValueKind::Map(_) => value,
        };
        value.to_text().map(|text| one_line(&text)).filter(|text| !text.is_empty())
    }
}

/// An exception: its traceback, with its name where the traceback has no colours.
fn error(name: &str, value: &str, traceback: &[String]) -> String {
    let lines = traceback.join("\n");
    if ansi::has_styles(value) || ansi::has_styles(&lines) {
        return terminal(&lines);
    }
    let first = if name.is_empty() { value.to_owned() } else { format!("{name}: {value}") };
    fenced("", &if lines.is_empty() { first } else { format!("{first}\n{lines}") })
}

fn ensure_line_end(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
