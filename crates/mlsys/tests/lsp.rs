//! The language server, as an editor speaks to it: `mlsys lsp` over standard input and output.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write files and start the command")]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// An editor with an open folder.
struct Editor {
    folder: tempfile::TempDir,
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i64,
    /// The diagnostics by file name, as the server has sent them last.
    found: BTreeMap<String, Vec<Value>>,
    texts: BTreeMap<String, String>,
}

impl Editor {
    /// Opens a project; `encodings` are the units of columns that the editor offers.
    fn new(files: &[(&str, &str)], encodings: &[&str]) -> Editor {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_mlsys"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("an input");
        let output = BufReader::new(server.stdout.take().expect("an output"));
        let mut editor =
            Editor { folder, server, input, output, next: 0, found: BTreeMap::new(), texts: BTreeMap::new() };
        let root = editor.uri("");
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let answer = editor.request("initialize", json!({ "rootUri": root, "capabilities": capabilities }));
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        editor.notify("initialized", json!({}));
        editor
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn uri(&self, file: &str) -> String {
        format!("file://{}", self.path(file).display())
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message of the server.
    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).expect("a line"), 0, "the server has ended");
            match line.trim() {
                "" => break,
                header => {
                    if let Some(bytes) = header.strip_prefix("Content-Length: ") {
                        length = bytes.parse().expect("a number");
                    }
                }
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("a message");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// The result of a request, or its error. Diagnostics that come before it are kept.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["method"] == "textDocument/publishDiagnostics" {
                let uri = message["params"]["uri"].as_str().expect("a URI");
                let file = uri.rsplit('/').next().unwrap_or(uri).to_owned();
                self.found.insert(file, message["params"]["diagnostics"].as_array().expect("a list").clone());
            } else if message["id"] == id {
                return if message["error"].is_null() { message["result"].clone() } else { message["error"].clone() };
            }
        }
    }

    fn open(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        self.texts.insert(file.to_owned(), text.to_owned());
        let item = json!({ "uri": uri, "languageId": "quarto", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Types a text at the end of another in a document.
    fn type_after(&mut self, file: &str, before: &str, typed: &str) {
        let text = self.texts[file].clone();
        let at = text.find(before).expect("the text before") + before.len();
        let position = utf16(&text, at);
        self.texts.insert(file.to_owned(), format!("{}{typed}{}", &text[..at], &text[at..]));
        let change = json!({ "range": { "start": position, "end": position }, "text": typed });
        let document = json!({ "uri": self.uri(file), "version": 2 });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// A request about the first place of a text in a document, behind its first character.
    fn at(&mut self, method: &str, file: &str, place: &str, more: Value) -> Value {
        let text = &self.texts[file];
        let first = place.chars().next().map_or(0, char::len_utf8);
        let position = utf16(text, text.find(place).expect("the place") + first);
        let mut params = json!({ "textDocument": { "uri": self.uri(file) }, "position": position });
        for (key, value) in more.as_object().into_iter().flatten() {
            params[key] = value.clone();
        }
        self.request(method, params)
    }

    /// Waits until everything that was sent is done, and returns the findings of a file: code and marked text.
    fn findings(&mut self, file: &str) -> Vec<(String, String)> {
        self.request("workspace/symbol", json!({ "query": "no such symbol" }));
        let name = Path::new(file).file_name().expect("a name").to_string_lossy().into_owned();
        let text = self.texts.get(file).cloned();
        let text = text.unwrap_or_else(|| std::fs::read_to_string(self.path(file)).expect("a text"));
        let found = self.found.get(&name).cloned().unwrap_or_default();
        let mut all: Vec<(String, String)> = found
            .iter()
            .map(|found| {
                (found["code"].as_str().expect("a code").to_owned(), marked(&text, &found["range"]).to_owned())
            })
            .collect();
        all.sort();
        all
    }

    /// Ends the server as editors do, and asserts that it ends well.
    fn close(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        assert!(self.server.wait().expect("an end").success());
    }
}

/// A position in UTF-16 code units.
fn utf16(text: &str, at: usize) -> Value {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    json!({ "line": text[..at].matches('\n').count(), "character": text[start..at].encode_utf16().count() })
}

/// The byte of a position in UTF-16 code units.
fn byte(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().expect("a line") as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = position["character"].as_u64().expect("a column");
    for (at, c) in text[start..].char_indices() {
        if units == 0 {
            return start + at;
        }
        units -= c.len_utf16() as u64;
    }
    text.len()
}

fn marked<'t>(text: &'t str, range: &Value) -> &'t str {
    &text[byte(text, &range["start"])..byte(text, &range["end"])]
}

/// The texts of a list of locations.
fn marked_in(editor: &Editor, locations: &Value) -> Vec<String> {
    let locations = locations.as_array().expect("a list of locations").iter();
    let text = |location: &Value| {
        let uri = location["uri"].as_str().expect("a URI");
        let file = uri.strip_prefix(&editor.uri("")).expect("a file of the project");
        let text = editor.texts.get(file).cloned();
        let text = text.unwrap_or_else(|| std::fs::read_to_string(editor.path(file)).expect("a text"));
        format!("{file}: {}", marked(&text, &location["range"]))
    };
    locations.map(text).collect()
}

fn book() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "_quarto.yml",
            "project:\n  type: book\nbook:\n  title: Fruit\n  chapters:\n    - index.qmd\n    - pears.qmd\nbibliography: fruit.bib\n",
        ),
        (
            "index.qmd",
            "# Apples\n\n![A 🍎 apple](apple.svg){#fig-apple fig-alt=\"red\"}\n\nSee @fig-apple, 中文 @fig-pear and [@reed1990].\n",
        ),
        (
            "pears.qmd",
            "# Pears {#sec-pears}\n\n🍐 [back](index.qmd#fig-apple), @fig-apple.\n\n![A pear](apple.svg){#fig-pear fig-alt=\"green\"}\n\n$$\ne = m\n$$ {#eq-mass}\n",
        ),
        ("apple.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>"),
        (
            "fruit.bib",
            "@book{reed1990,\n  title = {On Fruit},\n  author = {Reed, Ann},\n  publisher = {Orchard},\n  year = {1990}\n}\n",
        ),
    ]
}

#[test]
fn findings_follow_unsaved_texts() {
    let mut editor = Editor::new(&book(), &["utf-16"]);
    let index = book()[1].1;
    editor.open("index.qmd", index);
    assert_eq!(editor.findings("index.qmd"), []);
    // The text before the reference has characters of one, two, three and four bytes.
    editor.type_after("index.qmd", "中文 ", "é🍏 @fig-aple ");
    assert_eq!(editor.findings("index.qmd"), [("unresolved-reference".to_owned(), "@fig-aple".to_owned())]);
    let fixes = {
        let text = editor.texts["index.qmd"].clone();
        let at = utf16(&text, text.find("fig-aple").expect("the name"));
        let range = json!({ "start": at, "end": at });
        let document = json!({ "uri": editor.uri("index.qmd") });
        editor.request("textDocument/codeAction", json!({ "textDocument": document, "range": range, "context": {} }))
    };
    let edit = &fixes[0]["edit"]["changes"][editor.uri("index.qmd")][0];
    assert_eq!(edit["newText"], "fig-apple", "{fixes}");
    assert_eq!(marked(&editor.texts["index.qmd"], &edit["range"]), "fig-aple");
    editor.type_after("index.qmd", "🍏 @fig-ap", "p");
    assert_eq!(editor.findings("index.qmd"), []);
    // What another page needs is gone while it is unsaved, and back when the document is closed.
    editor.open("pears.qmd", "# Pears {#sec-pears}\n");
    assert_eq!(editor.findings("index.qmd"), [("unresolved-reference".to_owned(), "@fig-pear".to_owned())]);
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": editor.uri("pears.qmd") } }));
    editor.texts.remove("pears.qmd");
    assert_eq!(editor.findings("index.qmd"), []);
    editor.close();
}

#[test]
fn columns_are_in_the_unit_of_the_editor() {
    let mut editor = Editor::new(&book(), &["utf-8", "utf-16"]);
    editor.open("index.qmd", "中🍎 @fig-none\n");
    editor.request("workspace/symbol", json!({ "query": "none" }));
    let range = editor.found["index.qmd"][0]["range"].clone();
    assert_eq!((range["start"]["character"].as_u64(), range["end"]["character"].as_u64()), (Some(8), Some(17)));
    editor.close();
}

#[test]
fn names_lead_to_their_places() {
    let mut editor = Editor::new(&book(), &[]);
    editor.open("index.qmd", book()[1].1);
    editor.open("pears.qmd", book()[2].1);
    let hover = |editor: &mut Editor, file, place| {
        let answer = editor.at("textDocument/hover", file, place, json!({}));
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let text = hover(&mut editor, "index.qmd", "@fig-pear");
    assert!(text.starts_with("**Figure 2.1**\n\nA pear") && text.contains("Pears"), "{text}");
    assert_eq!(hover(&mut editor, "index.qmd", "@reed1990"), "Reed (1990). **On fruit**. *Orchard*.");
    let text = hover(&mut editor, "pears.qmd", "#eq-mass");
    assert!(text.starts_with("**Equation 2.1**\n\n$$e = m$$"), "{text}");
    assert_eq!(hover(&mut editor, "index.qmd", "See"), "");

    let definition = editor.at("textDocument/definition", "index.qmd", "@fig-pear", json!({}));
    assert_eq!(marked_in(&editor, &definition), ["pears.qmd: fig-pear"]);
    let definition = editor.at("textDocument/definition", "index.qmd", "@reed1990", json!({}));
    assert_eq!(marked_in(&editor, &definition), ["fruit.bib: reed1990"]);
    let definition = editor.at("textDocument/definition", "pears.qmd", "index.qmd#", json!({}));
    assert_eq!(marked_in(&editor, &definition), ["index.qmd: "]);

    let all = json!({ "context": { "includeDeclaration": true } });
    let places = editor.at("textDocument/references", "pears.qmd", "@fig-apple", all);
    let expected = ["index.qmd: fig-apple", "index.qmd: fig-apple", "pears.qmd: fig-apple", "pears.qmd: fig-apple"];
    assert_eq!(marked_in(&editor, &places), expected);
    editor.close();
}

#[test]
fn a_new_name_goes_everywhere() {
    let mut editor = Editor::new(&book(), &[]);
    editor.open("pears.qmd", book()[2].1);
    let range = editor.at("textDocument/prepareRename", "pears.qmd", "@fig-apple", json!({}));
    assert_eq!(marked(&editor.texts["pears.qmd"], &range), "fig-apple");
    let edit = editor.at("textDocument/rename", "pears.qmd", "@fig-apple", json!({ "newName": "fig-red" }));
    let changes = edit["changes"].as_object().expect("changes").clone();
    for (uri, edits) in changes {
        let file = uri.rsplit('/').next().expect("a file").to_owned();
        let mut text = std::fs::read_to_string(editor.path(&file)).expect("a text");
        for edit in edits.as_array().expect("edits").iter().rev() {
            let range = byte(&text, &edit["range"]["start"])..byte(&text, &edit["range"]["end"]);
            text.replace_range(range, edit["newText"].as_str().expect("a name"));
        }
        assert!(!text.contains("fig-apple"), "{text}");
        editor.open(&file, &text);
    }
    assert_eq!(editor.findings("index.qmd"), []);
    assert_eq!(editor.findings("pears.qmd"), []);
    for (name, reason) in [("fig-pear", "already"), ("tbl-red", "fig-"), ("a b", "no label")] {
        let error = editor.at("textDocument/rename", "pears.qmd", "@fig-red", json!({ "newName": name }));
        assert!(error["message"].as_str().is_some_and(|message| message.contains(reason)), "{name}: {error}");
    }
    editor.close();
}

#[test]
fn names_are_completed() {
    let mut editor = Editor::new(&book(), &[]);
    let labels = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().expect("items");
        items.iter().map(|item| item["label"].as_str().expect("a label").to_owned()).collect()
    };
    let mut completed = |text: &str, place: &str| {
        editor.open("index.qmd", text);
        let answer = editor.at("textDocument/completion", "index.qmd", place, json!({}));
        (labels(&answer), answer)
    };
    let (names, answer) = completed("🍎 see @f", "@f");
    assert!(["fig-pear", "eq-mass", "sec-pears", "reed1990"].iter().all(|name| names.contains(&(*name).to_owned())));
    let pear = answer["items"].as_array().expect("items").iter().find(|item| item["label"] == "fig-pear");
    assert_eq!(pear.expect("the label")["detail"], "Figure 1.1");
    assert!(completed("{{< v", "< v").0.contains(&"video".to_owned()));
    assert!(completed("::: {.call", ".call").0.contains(&"callout-note".to_owned()));
    assert!(completed("![x](a", "(a").0.contains(&"apple.svg".to_owned()));
    assert!(completed("---\ntoc-\n---\n", "toc-").0.contains(&"toc-depth".to_owned()));
    assert_eq!(completed("---\nnumber-sections: \n---\n", ": ").0, ["true", "false"]);
    assert!(completed("```{python}\n#| e\n```\n", "| e").0.contains(&"echo".to_owned()));
    assert_eq!(completed("plain words", "words").0, [""; 0]);
    editor.close();
}

#[test]
fn outlines_have_headings_and_labels() {
    let mut editor = Editor::new(&book(), &[]);
    editor.open("pears.qmd", "# Pears {#sec-pears}\n\n## Trees\n\n$$\ne\n$$ {#eq-mass}\n\n## Leaves\n");
    let document = json!({ "textDocument": { "uri": editor.uri("pears.qmd") } });
    let outline = editor.request("textDocument/documentSymbol", document);
    assert_eq!(outline[0]["name"], "Pears");
    let names = |value: &Value| -> Vec<String> {
        let children = value["children"].as_array().expect("children");
        children.iter().map(|child| child["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&outline[0]), ["Trees", "Leaves"]);
    assert_eq!(names(&outline[0]["children"][0]), ["eq-mass"]);
    let symbols = editor.request("workspace/symbol", json!({ "query": "LEAV" }));
    assert_eq!(symbols[0]["name"], "Leaves");
    editor.close();
}

#[test]
fn broken_messages_and_unknown_documents_end_nothing() {
    let mut editor = Editor::new(&book(), &[]);
    editor.notify("textDocument/didChange", json!({ "textDocument": 1 }));
    editor.notify("textDocument/didOpen", json!({ "textDocument": { "uri": "untitled:1", "text": "x" } }));
    editor.notify("no/such/method", json!(null));
    assert_eq!(editor.request("textDocument/hover", json!({ "position": 3 })), Value::Null);
    assert_eq!(editor.request("no/such/request", json!({}))["code"], -32601);
    editor.texts.insert("index.qmd".to_owned(), "x".to_owned());
    assert_eq!(
        editor.at("textDocument/hover", "index.qmd", "x", json!({})),
        Value::Null,
        "a document that is not open"
    );
    // A project that cannot be read does not end the server either.
    std::fs::remove_file(editor.path("pears.qmd")).expect("removed");
    editor.open("_quarto.yml", "project: [");
    editor.request("workspace/symbol", json!({ "query": "x" }));
    editor.close();
}
