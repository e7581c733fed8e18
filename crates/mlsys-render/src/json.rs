//! Values of the configuration as JSON.

use mlsys_book::{Entry, Value, ValueKind};
use serde_json::Value as Json;

/// A value as JSON.
pub(crate) fn as_json(value: &Value) -> Json {
    match &value.kind {
        ValueKind::Null => Json::Null,
        ValueKind::Bool(is) => (*is).into(),
        ValueKind::Int(number) => (*number).into(),
        ValueKind::Float(number, _) => (*number).into(),
        ValueKind::String(text) => text.as_str().into(),
        ValueKind::Seq(items) => items.iter().map(as_json).collect(),
        ValueKind::Map(entries) => {
            let entry = |entry: &Entry| (entry.key.clone(), as_json(&entry.value));
            Json::Object(entries.iter().map(entry).collect())
        }
    }
}
