//! The engine of a page. Source: Quarto, "Engine Binding".

use super::Fence;
use crate::document::Engine;
use mlsys_book::{OptionName, Source, Value, name};

/// Languages that other parts of the project draw or that a browser runs: they say nothing about the engine.
pub(super) const DRAWN: &[&str] =
    &["mermaid", "dot", "graphviz", "tikz", "plantuml", "asymptote", "cetz", "d2", "pseudocode"];

/// The engine of a page and the language of its cells.
pub(super) fn engine(source: &Source, meta: &Value, fences: &[Fence]) -> (Engine, String) {
    let kernel = || meta.value(name!("jupyter")).map_or_else(String::new, kernel_name);
    // Only the page's own keys choose an engine; a project's `jupyter` gives the kernel of pages that need one.
    let own = |key: OptionName| {
        meta.value(key).filter(|value| value.place.source == source.id && value.as_bool() != Some(false))
    };
    let named = own(name!("engine")).and_then(Value::as_str);
    let executable = |fence: &&Fence| fence.language != "ojs" && !DRAWN.contains(&fence.language.as_str());
    let first = fences.iter().find(executable);
    let decisive = fences.iter().find(|fence| matches!(fence.language.as_str(), "r" | "julia"));
    let chosen = match named {
        Some("markdown") => Engine::Markdown,
        Some("knitr") => Engine::Knitr,
        Some("julia") => Engine::Jupyter("julia".to_owned()),
        Some("jupyter") => Engine::Jupyter(kernel()),
        Some(_) | None if own(name!("jupyter")).is_some() => Engine::Jupyter(kernel()),
        Some(_) | None if own(name!("knitr")).is_some() => Engine::Knitr,
        Some(_) | None => match (decisive, first) {
            (Some(fence), _) if fence.language == "r" => Engine::Knitr,
            (Some(_), _) | (None, Some(_)) => Engine::Jupyter(kernel()),
            (None, None) => Engine::Markdown,
        },
    };
    match chosen {
        Engine::Knitr => (Engine::Knitr, "r".to_owned()),
        Engine::Markdown => (Engine::Markdown, String::new()),
        Engine::Jupyter(kernel) if kernel.is_empty() => {
            // Python is there where no other kernel is.
            let python = fences.iter().any(|fence| fence.language == "python");
            let other = first.filter(|_| !python).map(|fence| fence.language.clone());
            match other.as_deref() {
                None | Some("python") => (Engine::Jupyter("python3".to_owned()), "python".to_owned()),
                Some("r") => (Engine::Jupyter("ir".to_owned()), "r".to_owned()),
                Some(language) => (Engine::Jupyter(language.to_owned()), language.to_owned()),
            }
        }
        Engine::Jupyter(kernel) => {
            let declared = meta.path("jupyter.kernelspec.language").and_then(Value::as_str).map(str::to_lowercase);
            let language = declared.unwrap_or_else(|| kernel_language(&kernel, first));
            (Engine::Jupyter(kernel), language)
        }
    }
}

/// The kernel of `jupyter: name`, `jupyter: {kernel: name}` or `jupyter: {kernelspec: {name: ...}}`; empty if there is none.
fn kernel_name(jupyter: &Value) -> String {
    let name = jupyter.as_str().or_else(|| jupyter.get("kernel")?.as_str());
    name.or_else(|| jupyter.path("kernelspec.name")?.as_str()).unwrap_or_default().to_owned()
}

/// The language of a kernel by its name, or else the page's first one.
fn kernel_language(kernel: &str, first: Option<&Fence>) -> String {
    let stem: String = kernel.to_lowercase().chars().take_while(char::is_ascii_alphabetic).collect();
    let first = first.map_or("python", |fence| fence.language.as_str());
    match stem.as_str() {
        "ir" => "r".to_owned(),
        "python" | "julia" | "bash" | "r" => stem,
        // Kernels of environments are mostly those of Python.
        _ => first.to_owned(),
    }
}
