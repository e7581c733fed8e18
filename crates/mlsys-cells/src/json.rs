//! YAML values as JSON.

use mlsys_book::{Value, ValueKind};

/// A value as JSON.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    match &value.kind {
        ValueKind::Null => serde_json::Value::Null,
        ValueKind::Bool(is) => (*is).into(),
        ValueKind::Int(number) => (*number).into(),
        ValueKind::Float(number, _) => (*number).into(),
        ValueKind::String(text) => text.as_str().into(),
        ValueKind::Seq(items) => items.iter().map(to_json).collect(),
        ValueKind::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|e| (e.key.clone(), to_json(&e.value))).collect())
        }
    }
}

/// A scalar's text, or a list's or map's JSON.
pub(crate) fn text_or_json(value: &Value) -> String {
    value.to_text().unwrap_or_else(|| to_json(value).to_string())
}
