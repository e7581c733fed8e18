//! The conversation with an editor.

use crate::completion::completion;
use crate::cursor::{NameKind, Named, is_in_front_matter, name_at, yaml_path};
use crate::findings::Findings;
use crate::hover::{hover, option_at, option_text};
use crate::project::{Built, Project};
use crate::protocol::{
    AtPosition, CodeAction, DidChange, DidOpen, Identifier, Initialize, Location, OfDocument, Query, References,
    Rename, TextEdit,
};
use crate::symbols::{matching, outline};
use crate::text::Encoding;
use crate::{fixes, uri};
use camino::{Utf8Path, Utf8PathBuf};
use crossbeam_channel::RecvTimeoutError;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use mlsys_engine::locate;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the editor must be silent before the lints of the whole book run.
const QUIET: Duration = Duration::from_millis(400);

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The editor broke the protocol.
    #[error("the editor does not speak the Language Server Protocol: {0}")]
    Protocol(#[from] lsp_server::ProtocolError),
    /// The editor is gone.
    #[error("the editor has closed the connection")]
    Closed,
}

/// An open document.
struct Document {
    /// Its URI as the editor writes it.
    uri: String,
    text: String,
}

/// The open documents and their projects.
struct Server<'c> {
    connection: &'c Connection,
    encoding: Encoding,
    documents: BTreeMap<Utf8PathBuf, Document>,
    projects: Vec<Project>,
    /// The findings that the editor has, by file.
    published: Findings,
    /// The paths of changed documents whose projects are not built again yet.
    changed: Vec<Utf8PathBuf>,
}

/// Serves an editor until it asks to end.
///
/// # Errors
/// When the editor breaks the protocol or is gone before it asked to end.
pub fn serve(connection: &Connection) -> Result<(), ServerError> {
    let (id, parameters) = connection.initialize_start()?;
    let parameters: Initialize = serde_json::from_value(parameters).unwrap_or_default();
    let encoding = Encoding::chosen(&parameters.capabilities.general.position_encodings);
    connection.initialize_finish(id, capabilities(encoding))?;
    let mut server = Server {
        connection,
        encoding,
        documents: BTreeMap::new(),
        projects: Vec::new(),
        published: Findings::new(),
        changed: Vec::new(),
    };
    if parameters.capabilities.workspace.did_change_watched_files.dynamic_registration {
        server.watch_files()?;
    }
    let folders = parameters.workspace_folders.unwrap_or_default().into_iter().map(|folder| folder.uri);
    for folder in folders.chain(parameters.root_uri) {
        if let Some(request) = uri::path(&folder).and_then(|folder| locate(&folder, None).ok())
            && !server.projects.iter().any(|project| project.root() == request.root)
        {
            server.projects.push(Project::new(request, encoding));
        }
    }
    server.run()
}

/// What the server can do.
fn capabilities(encoding: Encoding) -> Value {
    json!({
        "capabilities": {
            "positionEncoding": encoding.name(),
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "completionProvider": { "triggerCharacters": ["@", "#", "<", ".", "/", ":", "("] },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "renameProvider": { "prepareProvider": true },
            "documentSymbolProvider": true,
            "workspaceSymbolProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
        },
        "serverInfo": { "name": "mlsys", "version": env!("CARGO_PKG_VERSION") },
    })
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), ServerError> {
        // The folder's project is built at once, so that its findings are there with the first document.
        self.update_all()?;
        loop {
            let is_due = self.projects.iter().any(|project| project.is_due);
            let message = match is_due {
                true => match self.connection.receiver.recv_timeout(QUIET) {
                    Err(RecvTimeoutError::Timeout) => {
                        self.projects.iter_mut().filter(|project| project.is_due).for_each(Project::finish);
                        self.publish()?;
                        continue;
                    }
                    Ok(message) => message,
                    Err(RecvTimeoutError::Disconnected) => return Err(ServerError::Closed),
                },
                false => self.connection.receiver.recv().map_err(|_| ServerError::Closed)?,
            };
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    // An answer is about the text as the editor has it.
                    self.update_changed()?;
                    let answer = self.answer(request);
                    self.send(answer.into())?;
                }
                Message::Notification(notification) => {
                    self.note(notification);
                    // While more changes wait, a build would be for nothing.
                    if self.connection.receiver.is_empty() {
                        self.update_changed()?;
                    }
                }
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: Message) -> Result<(), ServerError> {
        self.connection.sender.send(message).map_err(|_| ServerError::Closed)
    }

    /// Asks the editor to tell when files of the project change on disk.
    fn watch_files(&self) -> Result<(), ServerError> {
        let method = "workspace/didChangeWatchedFiles";
        let options = json!({ "watchers": [{ "globPattern": "**/*" }] });
        let parameters = json!({ "registrations": [{ "id": "files", "method": method, "registerOptions": options }] });
        let id = RequestId::from("files".to_owned());
        self.send(Request::new(id, "client/registerCapability".to_owned(), parameters).into())
    }

    /// Takes a notification.
    fn note(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => {
                let Some(DidOpen { text_document: item }) = parsed(params) else { return };
                let Some(path) = uri::path(&item.uri) else { return };
                self.set(path, Document { uri: item.uri, text: item.text });
            }
            "textDocument/didChange" => {
                let Some(DidChange { text_document, content_changes }) = parsed(params) else { return };
                let Some(path) = uri::path(&text_document.uri) else { return };
                let Some(mut document) = self.documents.remove(&path) else { return };
                content_changes.into_iter().for_each(|change| self.encoding.apply(&mut document.text, change));
                self.set(path, document);
            }
            "textDocument/didClose" => {
                let Some(OfDocument { text_document }) = parsed(params) else { return };
                let Some(path) = uri::path(&text_document.uri) else { return };
                self.documents.remove(&path);
                self.projects.iter_mut().for_each(|project| project.close(&path));
                self.changed.push(path);
            }
            "textDocument/didSave" => {
                let Some(OfDocument { text_document }) = parsed(params) else { return };
                self.changed.extend(uri::path(&text_document.uri));
            }
            "workspace/didChangeWatchedFiles" => {
                let changes = params["changes"].as_array().into_iter().flatten();
                self.changed.extend(changes.filter_map(|change| uri::path(change["uri"].as_str()?)).filter(|path| {
                    // Builds write into the project's folder, too.
                    !path.components().any(|part| part.as_str() == ".quarto" || part.as_str() == ".git")
                }));
            }
            _ => {}
        }
    }

    /// Sets the text of an open document, in the project that it belongs to.
    fn set(&mut self, path: Utf8PathBuf, document: Document) {
        if !self.projects.iter().any(|project| project.has(&path))
            && let Some(folder) = path.parent()
            && let Ok(mut request) = locate(folder, Some(path.as_str()))
        {
            if !request.lone {
                request.only.clear();
            }
            self.projects.push(Project::new(request, self.encoding));
        }
        if let Some(project) = self.project_mut(&path) {
            project.set(&path, &document.text);
        }
        self.changed.push(path.clone());
        self.documents.insert(path, document);
    }

    /// The innermost project of a file.
    fn project(&self, path: &Utf8Path) -> Option<&Project> {
        let projects = self.projects.iter().filter(|project| project.has(path));
        projects.max_by_key(|project| project.root().as_str().len())
    }

    fn project_mut(&mut self, path: &Utf8Path) -> Option<&mut Project> {
        let projects = self.projects.iter_mut().filter(|project| project.has(path));
        projects.max_by_key(|project| project.root().as_str().len())
    }

    /// Builds the projects with changed documents again and publishes their findings.
    fn update_changed(&mut self) -> Result<(), ServerError> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let changed = std::mem::take(&mut self.changed);
        let concerned = self.projects.iter_mut().filter(|project| changed.iter().any(|path| project.has(path)));
        concerned.for_each(Project::update);
        self.publish()
    }

    fn update_all(&mut self) -> Result<(), ServerError> {
        self.projects.iter_mut().for_each(Project::update);
        self.publish()
    }

    /// Sends the findings of each file whose findings have changed.
    fn publish(&mut self) -> Result<(), ServerError> {
        let mut all = Findings::new();
        for project in &self.projects {
            for (path, found) in project.findings() {
                all.entry(path).or_default().extend(found);
            }
        }
        let gone = self.published.keys().filter(|path| !all.contains_key(*path)).cloned().collect::<Vec<_>>();
        all.extend(gone.into_iter().map(|path| (path, Vec::new())));
        for (path, found) in &all {
            if self.published.get(path) != Some(found) {
                let uri = self.documents.get(path).map_or_else(|| uri::of_path(path), |document| document.uri.clone());
                let parameters = json!({ "uri": uri, "diagnostics": found });
                self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), parameters).into())?;
            }
        }
        all.retain(|_, found| !found.is_empty());
        self.published = all;
        Ok(())
    }

    /// Answers a request.
    fn answer(&self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let result = match method.as_str() {
            "textDocument/completion" => self.at(params, completion),
            "textDocument/hover" => self.at(params, hover_at),
            "textDocument/definition" => self.at(params, |built, file, text, at| {
                named(file, text, at).map_or(Value::Null, |named| json!(built.definitions(&named, file)))
            }),
            "textDocument/references" => self.references(params),
            "textDocument/prepareRename" => self.at(params, |built, file, text, at| {
                let named = named(file, text, at).filter(|named| can_rename(built, named));
                named.map_or(Value::Null, |named| json!(built.encoding.range(text, named.range)))
            }),
            "textDocument/rename" => match self.rename(params) {
                Ok(edit) => edit,
                Err(message) => return Response::new_err(id, ErrorCode::RequestFailed as i32, message),
            },
            "textDocument/documentSymbol" => self.outline(params),
            "textDocument/codeAction" => self.fixes(params),
            "workspace/symbol" => {
                let query = parsed::<Query>(params).map(|query| query.query).unwrap_or_default();
                json!(
                    self.projects
                        .iter()
                        .filter_map(Project::built)
                        .flat_map(|built| matching(built, &query))
                        .collect::<Vec<_>>()
                )
            }
            unknown => {
                let message = format!("unknown method `{unknown}`");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        Response::new_ok(id, result)
    }

    /// An answer about a position: `null` where the document or its project is not known.
    fn at(&self, params: Value, answer: impl FnOnce(Built<'_>, &str, &str, usize) -> Value) -> Value {
        let Some(AtPosition { text_document, position }) = parsed(params) else { return Value::Null };
        self.with(&text_document, |built, file, text| answer(built, file, text, self.encoding.offset(text, position)))
    }

    /// An answer about a document.
    fn with(&self, document: &Identifier, answer: impl FnOnce(Built<'_>, &str, &str) -> Value) -> Value {
        let Some(path) = uri::path(&document.uri) else { return Value::Null };
        let Some(document) = self.documents.get(&path) else { return Value::Null };
        let Some(built) = self.project(&path).and_then(Project::built) else { return Value::Null };
        built.relative(&path).map_or(Value::Null, |file| answer(built, file, &document.text))
    }

    fn references(&self, params: Value) -> Value {
        let Some(References { text_document, position, context }) = parsed(params) else { return Value::Null };
        self.with(&text_document, |built, file, text| {
            let at = self.encoding.offset(text, position);
            let found = named(file, text, at).map(|named| built.places_of(named.name, context.include_declaration));
            found.map_or(Value::Null, |found| json!(found))
        })
    }

    fn outline(&self, params: Value) -> Value {
        let Some(OfDocument { text_document }) = parsed(params) else { return Value::Null };
        self.with(&text_document, |built, file, _| {
            built.page_of(file).map_or(Value::Null, |page| outline(built, page, file))
        })
    }

    /// The certain corrections of the findings in a range.
    fn fixes(&self, params: Value) -> Value {
        let Some(CodeAction { text_document, range }) = parsed(params) else { return Value::Null };
        let Some(path) = uri::path(&text_document.uri) else { return Value::Null };
        let found = self.published.get(&path).into_iter().flatten();
        let inside = found.filter(|found| found.range.start <= range.end && range.start <= found.range.end);
        let actions = inside.filter_map(|found| {
            let document = self.documents.get(&path)?;
            let edit = fixes::correction(found, &document.text, self.encoding)?;
            Some(json!({
                "title": format!("Write `{}`", edit.new_text),
                "kind": "quickfix",
                "isPreferred": true,
                "diagnostics": [found],
                "edit": { "changes": { document.uri.as_str(): [edit] } },
            }))
        });
        json!(actions.collect::<Vec<_>>())
    }

    /// The edits of all files that give a label or a work a new name.
    fn rename(&self, params: Value) -> Result<Value, String> {
        let Some(Rename { text_document, position, new_name }) = parsed(params) else { return Ok(Value::Null) };
        let is_name = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
        if new_name.is_empty() || !new_name.chars().all(is_name) {
            return Err(format!("`{new_name}` is no label: use letters, digits, `-`, `_`, `.` and `:`"));
        }
        let mut problem = None;
        let edit = self.with(&text_document, |built, file, text| {
            let Some(named) = named(file, text, self.encoding.offset(text, position)) else { return Value::Null };
            if !can_rename(built, &named) {
                problem = Some(format!("`{}` is not defined in this book", named.name));
                return Value::Null;
            }
            if built.label(&new_name).is_some() || built.work(&new_name, None).is_some() {
                problem = Some(format!("`{new_name}` is defined already"));
                return Value::Null;
            }
            let kind = |name: &str| name.split_once('-').map(|(kind, _)| kind.to_owned());
            if built.label(named.name).is_some() && kind(named.name) != kind(&new_name) {
                let kind = kind(named.name).unwrap_or_default();
                problem = Some(format!("the name must begin with `{kind}-`, which says what it labels"));
                return Value::Null;
            }
            let mut changes: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
            for Location { uri, range } in built.places_of(named.name, true) {
                let uri =
                    uri::path(&uri).and_then(|path| self.documents.get(&path)).map_or(uri, |open| open.uri.clone());
                changes.entry(uri).or_default().push(TextEdit { range, new_text: new_name.clone() });
            }
            json!({ "changes": changes })
        });
        problem.map_or(Ok(edit), Err)
    }
}

/// The parameters of a message; `None` if they are not as the protocol says.
fn parsed<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn named<'t>(file: &str, text: &'t str, at: usize) -> Option<Named<'t>> {
    name_at(text, at, file.ends_with(".bib"))
}

/// True for a label or work of the book.
fn can_rename(built: Built<'_>, named: &Named<'_>) -> bool {
    match named.kind {
        NameKind::Reference | NameKind::Label | NameKind::Entry => {
            built.label(named.name).is_some() || built.work(named.name, None).is_some()
        }
        NameKind::Shortcode | NameKind::File | NameKind::CellOption | NameKind::Class => false,
    }
}

fn hover_at(built: Built<'_>, file: &str, text: &str, at: usize) -> Value {
    let is_configuration = file.ends_with(".yml") || file.ends_with(".yaml");
    let markdown = match is_configuration || is_in_front_matter(text, at) {
        true => option_at(&yaml_path(text, at), is_configuration).map(option_text),
        false => named(file, text, at).and_then(|named| hover(built, &named, file)),
    };
    markdown.map_or(Value::Null, |value| json!({ "contents": { "kind": "markdown", "value": value } }))
}
