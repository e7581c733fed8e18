//! The messages of the Language Server Protocol that this server reads and writes, as far as it uses them.
//!
//! Source: Language Server Protocol 3.17. Types of results that are written once are built as JSON where they are written.

use serde::{Deserialize, Serialize};

/// A position in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 0.
    pub line: u32,
    /// The offset in the line, in the units of the [`crate::text::Encoding`].
    pub character: u32,
}

/// A half-open range of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// The position after the last.
    pub end: Position,
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// The file.
    pub uri: String,
    /// The range in it.
    pub range: Range,
}

/// A finding for an editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Its place.
    pub range: Range,
    /// 1 for an error, 2 for a warning, 4 for a hint.
    pub severity: u8,
    /// The kebab-case code.
    pub code: String,
    /// The code's section in the guide.
    pub code_description: CodeDescription,
    /// The name of this server.
    pub source: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
    /// Related places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_information: Vec<RelatedInformation>,
}

/// The description of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeDescription {
    /// Its URL.
    pub href: String,
}

/// A place that a diagnostic mentions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedInformation {
    /// The place.
    pub location: Location,
    /// A label.
    pub message: String,
}

/// A replacement in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// What is replaced.
    pub range: Range,
    /// The new text.
    pub new_text: String,
}

/// A document by its URI.
#[derive(Debug, Deserialize)]
pub struct Identifier {
    /// The URI.
    pub uri: String,
}

/// `textDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpen {
    /// The document.
    pub text_document: Item,
}

/// An opened document.
#[derive(Debug, Deserialize)]
pub struct Item {
    /// The URI.
    pub uri: String,
    /// The text.
    pub text: String,
}

/// `textDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChange {
    /// The document.
    pub text_document: Identifier,
    /// The changes, each of the text that the one before has left.
    pub content_changes: Vec<Change>,
}

/// A change of a document.
#[derive(Debug, Deserialize)]
pub struct Change {
    /// The replaced range; `None` for the whole text.
    pub range: Option<Range>,
    /// The new text.
    pub text: String,
}

/// `textDocument/didClose`, `didSave`, `documentSymbol`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfDocument {
    /// The document.
    pub text_document: Identifier,
}

/// A request about a position.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtPosition {
    /// The document.
    pub text_document: Identifier,
    /// The position.
    pub position: Position,
}

/// `textDocument/references`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct References {
    /// The document.
    pub text_document: Identifier,
    /// The position.
    pub position: Position,
    /// What to include.
    #[serde(default)]
    pub context: ReferenceContext,
}

/// What `textDocument/references` includes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceContext {
    /// True to include the definition.
    #[serde(default)]
    pub include_declaration: bool,
}

/// `textDocument/rename`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rename {
    /// The document.
    pub text_document: Identifier,
    /// The position.
    pub position: Position,
    /// The new name.
    pub new_name: String,
}

/// `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeAction {
    /// The document.
    pub text_document: Identifier,
    /// The selected range.
    pub range: Range,
}

/// `workspace/symbol`.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// A part of the wanted names.
    pub query: String,
}

/// `initialize`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Initialize {
    /// The opened folder.
    pub root_uri: Option<String>,
    /// The opened folders.
    pub workspace_folders: Option<Vec<Identifier>>,
    /// What the editor can do.
    pub capabilities: ClientCapabilities,
}

/// What the editor can do, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClientCapabilities {
    /// General capabilities.
    pub general: GeneralCapabilities,
    /// Capabilities of the workspace.
    pub workspace: WorkspaceCapabilities,
}

/// General capabilities.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GeneralCapabilities {
    /// The units of columns that the editor understands.
    pub position_encodings: Vec<String>,
}

/// Capabilities of the workspace.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceCapabilities {
    /// Whether the editor tells of files that other programs change.
    pub did_change_watched_files: Registration,
}

/// Whether a capability can be registered later.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Registration {
    /// True if it can.
    pub dynamic_registration: bool,
}
