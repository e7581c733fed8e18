//! The code of a cell as a code block.

use super::text::{double_quoted, ticks};
use super::writer::Writer;
use crate::document::dedent;
use crate::json::text_or_json;
use crate::settings::Echo;
use mlsys_book::{OptionName, Span, key, name};

/// Writes the code of a cell, or the part of it that an engine shows before its outputs.
pub(super) fn write(writer: &mut Writer<'_>, part: Option<&str>) {
    let code = part.unwrap_or(&writer.cell.code).trim_end_matches('\n');
    let is_fenced = writer.options.echo == Echo::Fenced;
    let ticks = ticks(code, if is_fenced { 4 } else { 3 });
    let header = header(writer, is_fenced);
    let place = writer.place_of(name!("cell", "lst-label"));
    writer.text.push(&format!("{ticks} {{{header}}}\n"), place);
    if is_fenced {
        let mut fence = format!("```{{{{{}}}}}\n", writer.cell.language);
        if part.is_none() {
            for line in option_lines(writer) {
                fence.push_str(&line);
                fence.push('\n');
            }
        }
        writer.text.push(&fence, writer.opening);
    }
    if part.is_some() {
        writer.text.push(&format!("{code}\n"), writer.cell.code_span);
    } else {
        lines(writer);
    }
    let end = if is_fenced { "```\n" } else { "" };
    writer.text.push(&format!("{end}{ticks}\n"), writer.cell.span);
}

/// The attributes of the code block.
fn header(writer: &Writer<'_>, is_fenced: bool) -> String {
    let options = &writer.cell.options;
    let text = |key: OptionName| options.text(key);
    let mut header = String::new();
    if let Some(label) = text(name!("cell", "lst-label")) {
        header += &format!("#{} ", label.trim_start_matches('#'));
    }
    // With its fence, a cell is Markdown.
    let class = if is_fenced { "markdown".to_owned() } else { class(&writer.cell.language) };
    header += &format!(".{class} .cell-code");
    if writer.options.echo == Echo::Hidden {
        header += " .hidden";
    }
    match options.read(key!("cell", "code-overflow")) {
        Some("wrap") => header += " .code-overflow-wrap",
        Some("scroll") => header += " .code-overflow-scroll",
        Some(_) | None => {}
    }
    for key in [
        name!("cell", "lst-cap"),
        name!("cell", "code-fold"),
        name!("cell", "code-summary"),
        name!("cell", "code-line-numbers"),
    ] {
        if let Some(value) = options.value(key) {
            header += &format!(" {}={}", key.text(), double_quoted(&text_or_json(value)));
        }
    }
    header
}

/// The language of the code of a cell. Source: knitr, `eng2lang`.
fn class(language: &str) -> String {
    match language.to_lowercase().as_str() {
        "ojs" | "node" => "js".to_owned(),
        "asy" | "rcpp" => "cpp".to_owned(),
        "mysql" | "psql" => "sql".to_owned(),
        "rscript" => "r".to_owned(),
        "tikz" => "tex".to_owned(),
        name => name.to_owned(),
    }
}

/// The option lines without `echo: fenced`.
fn option_lines(writer: &Writer<'_>) -> Vec<String> {
    let Some(source) = writer.source else { return Vec::new() };
    let is_echo = |line: &str| {
        let option = line.split_once('|').map_or("", |(_, option)| option);
        option.split_once(':').is_some_and(|(key, value)| key.trim() == "echo" && value.trim() == "fenced")
    };
    let lines = source.slice(writer.cell.option_lines).lines();
    lines.map(|line| dedent(line, writer.cell.indent)).filter(|line| !is_echo(line)).map(str::to_owned).collect()
}

/// The lines of the code, each at its place: as bytes of the source where they are not dedented.
fn lines(writer: &mut Writer<'_>) {
    let span = writer.cell.code_span;
    let code = writer.cell.code.clone();
    let Some(source) = writer.source else {
        return writer.text.push(&format!("{code}\n"), writer.cell.span);
    };
    let written = source.slice(span);
    if writer.cell.indent == 0 && written == code && !code.is_empty() {
        writer.text.copy(span);
        return writer.text.push("\n", writer.cell.span);
    }
    let mut at = span.start as usize;
    let mut begins = written.split_inclusive('\n').map(|line| {
        let begin = at;
        at += line.len();
        Span::new(begin, begin + line.trim_end().len())
    });
    for line in code.lines() {
        let place = begins.next().unwrap_or(span);
        writer.text.push(&format!("{line}\n"), place);
    }
}
