//! Outputs of a notebook's cells, with Quarto's fix-ups. Source: Quarto, `jupyter-fixups.ts`.

use crate::notebook::json::{self, SHORT_NAMES, joined};
use crate::output::{MimeBundle, MimeData, Output, StreamName};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// The outputs of a cell: neighbouring texts of one stream joined, bokeh's displays put together. The second value counts
/// images that cannot be decoded.
pub(super) fn outputs(outputs: Vec<json::Output>) -> (Vec<Output>, usize) {
    let mut invalid = 0;
    let mut all: Vec<Output> = Vec::with_capacity(outputs.len());
    for output in outputs {
        let output = match output.output_type.as_str() {
            "stream" => {
                let name = output.name.or(output.stream);
                let name = if name.as_deref() == Some("stderr") { StreamName::Stderr } else { StreamName::Stdout };
                let text = joined(&output.text).unwrap_or_default();
                if let Some(Output::Stream(last, before)) = all.last_mut()
                    && *last == name
                {
                    before.push_str(&text);
                    continue;
                }
                Output::Stream(name, text)
            }
            "error" | "pyerr" => Output::Error {
                name: output.ename.unwrap_or_default(),
                value: output.evalue.unwrap_or_default(),
                traceback: output.traceback,
                place: None,
            },
            "display_data" | "execute_result" | "pyout" | "update_display_data" => {
                let (count, is_result) =
                    (output.execution_count.or(output.prompt_number), output.output_type.starts_with(['e', 'p']));
                let metadata = match &output.metadata {
                    Value::Object(_) => output.metadata.to_string(),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => "{}".into(),
                };
                let mut data = output.data;
                let short = |name: &&str| SHORT_NAMES.iter().find(|(short, _)| short == name).map(|(_, mime)| *mime);
                data.extend(
                    output.rest.into_iter().filter_map(|(name, value)| Some((short(&name.as_str())?.into(), value))),
                );
                if !output.text.is_null() {
                    data.entry("text/plain").or_insert(output.text);
                }
                Output::Display {
                    data: bundle(data, &mut invalid),
                    metadata,
                    execution_count: count.as_ref().and_then(number).filter(|_| is_result),
                }
            }
            _ => continue,
        };
        all.push(output);
    }
    (join_bokeh(all), invalid)
}

/// An execution count.
pub(super) fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|count| u32::try_from(count).ok())
}

fn bundle(data: Map<String, Value>, invalid: &mut usize) -> MimeBundle {
    let mut entries: Vec<(String, MimeData)> = Vec::with_capacity(data.len());
    for (mime, value) in data {
        let data = match joined(&value) {
            Some(text) if is_binary(&mime) => match decode(&text) {
                Some(bytes) => MimeData::Bytes(bytes),
                None => {
                    *invalid += 1;
                    continue;
                }
            },
            Some(text) => MimeData::Text(text),
            None => MimeData::Text(value.to_string()),
        };
        entries.push((mime, data));
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    MimeBundle(entries)
}

/// True for types whose data is base64.
pub(super) fn is_binary(mime: &str) -> bool {
    (mime.starts_with("image/") && mime != "image/svg+xml") || mime == "application/pdf"
}

/// Decodes base64 with line breaks.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(text).ok()
}

/// Bokeh shows its library once and each plot in two displays: joins the first three, then every two. As Quarto, leaves other
/// shapes as they are.
fn join_bokeh(outputs: Vec<Output>) -> Vec<Output> {
    let data = |output: &Output| match output {
        Output::Display { data, .. } => Some(data.clone()),
        Output::Stream(..) | Output::Error { .. } | Output::Source(_) | Output::Condition(_) | Output::AsIs(_) => None,
    };
    let is_load = |output| data(output).is_some_and(|data| data.get("application/vnd.bokehjs_load.v0+json").is_some());
    if !outputs.iter().any(is_load) || outputs.len() < 3 || outputs.len().is_multiple_of(2) {
        return outputs;
    }
    let html = |output: &Output| {
        let data = data(output)?;
        let script = || Some(format!("<script>{}</script>", data.text("application/javascript")?));
        data.text("text/html").map(str::to_owned).or_else(script)
    };
    let Some(parts) = outputs.iter().map(html).collect::<Option<Vec<String>>>() else { return outputs };
    let (first, rest) = parts.split_at(3);
    let groups = std::iter::once(first).chain(rest.chunks(2));
    let display = |group: &[String]| Output::Display {
        data: MimeBundle(vec![("text/html".into(), MimeData::Text(group.concat()))]),
        metadata: "{}".into(),
        execution_count: None,
    };
    groups.map(display).collect()
}
