//! The comment marks that begin the option lines of cells.

/// The comment mark that begins an option line of a cell (`#` in `#| echo: false`), and the mark that ends it, if the language
/// has one. Source: Quarto, "Execution Options"; its table of comment characters.
///
/// ```
/// assert_eq!(mlsys_parse::option_marks("python"), ("#", ""));
/// assert_eq!(mlsys_parse::option_marks("css"), ("/*", "*/"));
/// ```
pub fn option_marks(language: &str) -> (&'static str, &'static str) {
    match language.to_lowercase().as_str() {
        "ojs" | "js" | "javascript" | "cpp" | "c++" | "cc" | "java" | "scala" | "go" | "rust" | "dot" | "rcpp"
        | "csharp" | "fsharp" | "typescript" | "ts" | "d3" | "node" | "groovy" | "swift" | "kotlin" | "asy"
        | "sass" | "scss" => ("//", ""),
        "sql" | "mysql" | "psql" | "lua" | "haskell" => ("--", ""),
        "mermaid" | "matlab" | "tikz" | "tex" | "latex" => ("%%", ""),
        "c" | "css" => ("/*", "*/"),
        "ocaml" => ("(*", "*)"),
        "sas" => ("*", ";"),
        "stata" => ("*", ""),
        "html" | "xml" => ("<!--", "-->"),
        "lisp" | "scheme" | "clojure" => (";;", ""),
        "fortran" | "fortran95" => ("!", ""),
        "apl" => ("\u{235d}", ""),
        "q" => ("/", ""),
        _ => ("#", ""),
    }
}
