//! The values of `params` as code, which runs after the cell that is tagged `parameters`. Source: papermill, "Parameterize".

use crate::document::{Cell, Document, Engine};
use mlsys_book::{Code, Diagnostic, Severity, Source, Value, name};
use serde_json::Value as Json;

/// A language in which values can be written.
#[derive(Clone, Copy)]
enum Syntax {
    Python,
    R,
    Julia,
    Bash,
    Scala,
    Matlab,
    CSharp,
    FSharp,
    PowerShell,
}

impl Syntax {
    fn of(language: &str) -> Option<Syntax> {
        Some(match language.to_ascii_lowercase().as_str() {
            "python" => Syntax::Python,
            "r" => Syntax::R,
            "julia" => Syntax::Julia,
            "bash" | "sh" | "zsh" => Syntax::Bash,
            "scala" => Syntax::Scala,
            "matlab" | "octave" => Syntax::Matlab,
            "csharp" | "c#" => Syntax::CSharp,
            "fsharp" | "f#" => Syntax::FSharp,
            "powershell" | "pwsh" => Syntax::PowerShell,
            _ => return None,
        })
    }

    /// `name = value`.
    fn assignment(self, name: &str, value: &Json) -> Option<String> {
        let value = self.literal(value)?;
        let mut characters = name.chars();
        let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
        let is_name = characters.next().is_some_and(is_start) && characters.all(|c| is_start(c) || c.is_ascii_digit());
        Some(match self {
            Syntax::R if !name.contains(['`', '\\']) => format!("`{name}` = {value}"),
            _ if !is_name => return None,
            Syntax::Python | Syntax::R | Syntax::Julia => format!("{name} = {value}"),
            Syntax::Bash => format!("{name}={value}"),
            Syntax::Scala => format!("val {name} = {value}"),
            Syntax::Matlab => format!("{name} = {value};"),
            Syntax::CSharp => format!("var {name} = {value};"),
            Syntax::FSharp => format!("let {name} = {value}"),
            Syntax::PowerShell => format!("${name} = {value}"),
        })
    }

    fn literal(self, value: &Json) -> Option<String> {
        match value {
            Json::Null => Some(self.null().to_owned()),
            Json::Bool(is) => Some(self.flag(*is).to_owned()),
            Json::Number(number) => Some(number.to_string()),
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.literal(item)).collect();
                let (open, separator, close) = match self {
                    Syntax::Python | Syntax::Julia => ("[", ", ", "]"),
                    Syntax::R => ("list(", ", ", ")"),
                    Syntax::Scala => ("Seq(", ", ", ")"),
                    Syntax::Matlab => ("{", ", ", "}"),
                    Syntax::CSharp => ("new [] { ", ", ", " }"),
                    Syntax::FSharp => ("[ ", "; ", " ]"),
                    Syntax::PowerShell => ("@(", ", ", ")"),
                    Syntax::Bash => return None,
                };
                Some(format!("{open}{}{close}", items?.join(separator)))
            }
            Json::Object(entries) => {
                let pair = |(key, value): (&String, &Json)| {
                    let (key, value) = (self.text(key)?, self.literal(value)?);
                    Some(match self {
                        Syntax::Python => format!("{key}: {value}"),
                        Syntax::R => format!("{key} = {value}"),
                        Syntax::Julia => format!("{key} => {value}"),
                        Syntax::Scala => format!("{key} -> {value}"),
                        Syntax::CSharp => format!("{{ {key}, {value} }}"),
                        Syntax::FSharp => format!("({key}, {value} :> IComparable)"),
                        Syntax::PowerShell => format!("{key} = {value}"),
                        Syntax::Matlab | Syntax::Bash => return None,
                    })
                };
                let pairs: Option<Vec<String>> = entries.iter().map(pair).collect();
                let (open, separator, close) = match self {
                    Syntax::Python => ("{", ", ", "}"),
                    Syntax::R => ("list(", ", ", ")"),
                    Syntax::Julia => ("Dict(", ", ", ")"),
                    Syntax::Scala => ("Map(", ", ", ")"),
                    Syntax::CSharp => ("new Dictionary<string, object> { ", ", ", " }"),
                    Syntax::FSharp => ("[ ", "; ", " ] |> Map.ofList"),
                    Syntax::PowerShell => ("@{", "; ", "}"),
                    Syntax::Matlab | Syntax::Bash => return None,
                };
                Some(format!("{open}{}{close}", pairs?.join(separator)))
            }
        }
    }

    fn null(self) -> &'static str {
        match self {
            Syntax::Python | Syntax::Scala | Syntax::FSharp => "None",
            Syntax::R => "NULL",
            Syntax::Julia => "nothing",
            Syntax::Bash => "''",
            Syntax::Matlab => "[]",
            Syntax::CSharp => "null",
            Syntax::PowerShell => "$Null",
        }
    }

    fn flag(self, is: bool) -> &'static str {
        let [yes, no] = match self {
            Syntax::Python => ["True", "False"],
            Syntax::R => ["TRUE", "FALSE"],
            Syntax::PowerShell => ["$True", "$False"],
            Syntax::Julia | Syntax::Bash | Syntax::Scala | Syntax::Matlab | Syntax::CSharp | Syntax::FSharp => {
                ["true", "false"]
            }
        };
        if is { yes } else { no }
    }

    fn text(self, text: &str) -> Option<String> {
        // The escapes of JSON's texts are those of most languages.
        let json = Json::from(text).to_string();
        match self {
            Syntax::Python | Syntax::R | Syntax::Scala | Syntax::CSharp | Syntax::FSharp => Some(json),
            Syntax::Julia => Some(json.replace('$', "\\$")),
            Syntax::Bash => Some(format!("'{}'", text.replace('\'', r"'\''"))),
            Syntax::PowerShell => Some(format!("'{}'", text.replace('\'', "''"))),
            Syntax::Matlab if text.contains(char::is_control) => None,
            Syntax::Matlab => Some(format!("\"{}\"", text.replace('"', "\"\""))),
        }
    }
}

/// Code that sets the variables of `params`, a map as JSON, in a language; `None` if a value cannot be written in it.
///
/// ```
/// let code = mlsys_cells::parameters("r", r#"{"rate": 0.1, "names": ["a", "b"], "is_big": true}"#);
/// assert_eq!(code.as_deref(), Some("`is_big` = TRUE\n`names` = list(\"a\", \"b\")\n`rate` = 0.1"));
/// assert_eq!(mlsys_cells::parameters("sas", r#"{"rate": 0.1}"#), None);
/// ```
pub fn parameters(language: &str, params: &str) -> Option<String> {
    let syntax = Syntax::of(language)?;
    let params: Json = serde_json::from_str(params).ok()?;
    let lines = params.as_object()?.iter().map(|(name, value)| syntax.assignment(name, value));
    Some(lines.collect::<Option<Vec<_>>>()?.join("\n"))
}

/// Reports `params` that no code gets. R with knitr has them in the list `params`.
pub(crate) fn unused(document: &Document, source: &Source, meta: &Value) -> Option<Diagnostic> {
    let params = meta.value(name!("params")).filter(|params| !params.entries().is_empty())?;
    let own = params.place.source == source.id;
    if !matches!(document.engine, Engine::Jupyter(_)) || !own {
        return None;
    }
    let is_run = |cell: &&Cell| document.runs(&cell.language) && document.has_code(cell);
    let mut cells = document.cells.iter().filter(is_run).peekable();
    cells.peek()?;
    let (message, hint) = match cells.find(|cell| is_tagged(cell)) {
        // It may be data of shortcodes.
        None if source.text.contains("meta params.") => return None,
        None => (
            "`params` has no effect: no cell has the tag `parameters`".to_owned(),
            "add `#| tags: [parameters]` to the cell that sets the defaults; `params` then replaces them",
        ),
        Some(cell) if cell.language == "python" => return None,
        Some(cell) => {
            let json = crate::json::to_json(params).to_string();
            if parameters(&cell.language, &json).is_some() {
                return None;
            }
            let message =
                format!("`params` has no effect: mlsys cannot write the values in the language `{}`", cell.language);
            (message, "assign the values in the cell")
        }
    };
    let mut diagnostic = Diagnostic::new(Code::UnsupportedSetting, params.place, message).hint(hint);
    diagnostic.severity = Severity::Hint;
    Some(diagnostic)
}

/// True for the cell whose variables `params` replaces.
fn is_tagged(cell: &Cell) -> bool {
    cell.options.list(name!("cell", "tags")).iter().any(|tag| tag.as_str() == Some("parameters"))
}

#[cfg(test)]
mod tests {
    use super::parameters;

    #[test]
    fn assignments() {
        let params = r#"{"a": "it's $x", "b": [1, null, true]}"#;
        let cases = [
            ("python", "a = \"it's $x\"\nb = [1, None, True]"),
            ("r", "`a` = \"it's $x\"\n`b` = list(1, NULL, TRUE)"),
            ("julia", "a = \"it's \\$x\"\nb = [1, nothing, true]"),
            ("scala", "val a = \"it's $x\"\nval b = Seq(1, None, true)"),
            ("octave", "a = \"it's $x\";\nb = {1, [], true};"),
            ("csharp", "var a = \"it's $x\";\nvar b = new [] { 1, null, true };"),
            ("fsharp", "let a = \"it's $x\"\nlet b = [ 1; None; true ]"),
            ("powershell", "$a = 'it''s $x'\n$b = @(1, $Null, $True)"),
        ];
        for (language, code) in cases {
            assert_eq!(parameters(language, params).as_deref(), Some(code));
        }
        assert_eq!(parameters("bash", params), None);
        assert_eq!(parameters("bash", r#"{"a": "it's"}"#).as_deref(), Some(r"a='it'\''s'"));
        assert_eq!(parameters("julia", r#"{"a-b": 1}"#), None);
        assert_eq!(parameters("julia", r#"{"a": {"b": 1}}"#).as_deref(), Some("a = Dict(\"b\" => 1)"));
    }
}
