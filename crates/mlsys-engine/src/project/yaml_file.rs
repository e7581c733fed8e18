//! YAML files of a project.

use crate::project::sources::SourceReader;
use mlsys_book::{Code, Diagnostic, Place, Span, Value, ValueKind};
use mlsys_parse::parse_yaml;

/// Reads a YAML file; `None` if it does not exist. Paths in it are relative to `base`.
pub fn yaml_file(reader: &mut SourceReader, path: &str, base: &str) -> Option<Value> {
    if !reader.has_file(path) {
        return None;
    }
    let id = match reader.source(path, base) {
        Ok(id) => id,
        Err(error) => {
            let id = reader.next_id();
            reader.push(mlsys_book::Source::new(id, path, "").into(), base);
            let place = Place { source: id, span: Span::new(0, 0) };
            reader.diagnostics.push(Diagnostic::new(Code::InvalidConfig, place, format!("`{path}`: {error}")));
            return Some(Value::empty(place));
        }
    };
    let span = Span::new(0, reader.get(id).text.len());
    let checked = parse_yaml(reader.get(id), span);
    let value = checked.take(&mut reader.diagnostics);
    Some(if matches!(value.kind, ValueKind::Null) { Value::empty(value.place) } else { value })
}
