//! Writes a book of any size, to measure how time and memory grow: `generate_book PAGES DIR [SEED]`.
//!
//! The same arguments give the same bytes. Pages are grouped by forty, each group with a sidebar and a bibliography of its own, as
//! large sites are: one sidebar of all pages would make the output, not the work, grow with the square of the pages.

#![allow(clippy::disallowed_methods, reason = "the generator reads its arguments and writes files")]

use mlsys_tests::random::Random;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

/// Pages that share a sidebar and a bibliography.
const GROUP: usize = 40;

/// Works in the bibliography of a group.
const WORKS: usize = 60;

const WORDS: &[&str] = &[
    "model", "weight", "batch", "queue", "cache", "record", "label", "layer", "loss", "rate", "signal", "server",
    "memory", "gradient", "token", "kernel", "drift", "budget", "error", "answer", "request", "system", "learns",
    "holds", "moves", "answers", "waits", "grows", "falls", "reads", "writes", "small", "large", "early", "late",
    "slow", "fast", "every", "few", "the", "a", "of", "and", "with", "before", "after", "under", "over", "each",
    "other",
];

fn sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..8 + random.below(12)).map(|_| WORDS[random.below(WORDS.len())]).collect();
    let text = words.join(" ");
    format!("{}{}.", text[..1].to_uppercase(), &text[1..])
}

fn paragraph(random: &mut Random) -> String {
    let sentences: Vec<String> = (0..3 + random.below(4)).map(|_| sentence(random)).collect();
    sentences.join("\n")
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(pages), Some(folder)) = (arguments.first().and_then(|n| n.parse().ok()), arguments.get(1)) else {
        eprintln!("usage: generate_book PAGES DIR [SEED]");
        return ExitCode::from(2);
    };
    let seed = arguments.get(2).and_then(|s| s.parse().ok()).unwrap_or(1);
    match generate(pages, Path::new(folder), seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn generate(pages: usize, folder: &Path, seed: u64) -> std::io::Result<()> {
    let mut random = Random(seed);
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("_quarto.yml"), configuration(pages))?;
    std::fs::write(folder.join("index.qmd"), "# A Generated Book {#sec-home}\n\nIts first page is @sec-page-0.\n")?;
    std::fs::write(folder.join("picture.svg"), PICTURE)?;
    for group in 0..pages.div_ceil(GROUP) {
        let part = folder.join(format!("part{group}"));
        std::fs::create_dir_all(&part)?;
        std::fs::write(part.join("works.bib"), bibliography(group))?;
        for page in group * GROUP..pages.min((group + 1) * GROUP) {
            std::fs::write(part.join(format!("page{page}.qmd")), chapter(page, &mut random))?;
        }
    }
    Ok(())
}

const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"60\" viewBox=\"0 0 200 60\">\
    <title>Two boxes</title><rect x=\"10\" y=\"10\" width=\"80\" height=\"40\"/><rect x=\"110\" y=\"10\" width=\"80\" height=\"40\"/></svg>\n";

fn configuration(pages: usize) -> String {
    let mut yaml =
        "project:\n  type: website\n\nwebsite:\n  title: \"A Generated Book\"\n  page-navigation: true\n  sidebar:\n"
            .to_owned();
    for group in 0..pages.div_ceil(GROUP) {
        let _ = write!(yaml, "    - id: part{group}\n      title: \"Part {group}\"\n      contents:\n");
        for page in group * GROUP..pages.min((group + 1) * GROUP) {
            let _ = writeln!(yaml, "        - part{group}/page{page}.qmd");
        }
    }
    yaml + "\nformat:\n  html:\n    toc: true\n    reference-location: margin\n"
}

fn bibliography(group: usize) -> String {
    let mut text = String::new();
    for work in 0..WORKS {
        let year = 1960 + (group * 7 + work) % 60;
        let _ = write!(
            text,
            "@article{{work{group}x{work},\n  author = {{Author{work}, Ada and Writer{group}, Bo}},\n  title = {{A Study of Part {group}, \
             Number {work}}},\n  journal = {{Journal of Generated Books}},\n  volume = {{{group}}},\n  pages = {{{work}--{}}},\n  \
             year = {{{year}}}\n}}\n\n",
            work + 9
        );
    }
    text
}

fn chapter(page: usize, random: &mut Random) -> String {
    let group = page / GROUP;
    let mut text = format!("---\nbibliography: works.bib\n---\n\n# Page {page} {{#sec-page-{page}}}\n\n");
    for section in 0..5 {
        let work = random.below(WORKS);
        let earlier = random.below(page + 1);
        let _ = write!(text, "## Section {section} {{#sec-page-{page}-{section}}}\n\n{}\n\n", paragraph(random));
        let _ = write!(
            text,
            "{} [@work{group}x{work}]. See @sec-page-{earlier}.\n\n",
            sentence(random).trim_end_matches('.')
        );
        match section {
            0 => {
                let _ = write!(
                    text,
                    "![{}](../picture.svg){{#fig-page-{page} fig-alt=\"Two boxes.\"}}\n\n@fig-page-{page} shows it.[^note]\n\n[^note]: {}\n\n",
                    sentence(random),
                    sentence(random)
                );
            }
            1 => {
                let _ = write!(
                    text,
                    "| Name | Value |\n|:-----|------:|\n| {} | {} |\n",
                    WORDS[work % WORDS.len()],
                    random.below(1000)
                );
                let _ = write!(
                    text,
                    "\n: {} {{#tbl-page-{page}}}\n\n@tbl-page-{page} has a number, and $x_{work} = {page}$.\n\n",
                    sentence(random)
                );
            }
            2 => {
                let _ = write!(
                    text,
                    "```python\ndef f(x):\n    return x + {page}\n```\n\n- {}\n- {}\n\n",
                    sentence(random),
                    sentence(random)
                );
            }
            _ => {}
        }
    }
    text
}
