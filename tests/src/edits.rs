//! Random edits of a small book, the same for the same seed: for tests of builds that go on from the last one.

#![allow(clippy::disallowed_methods, reason = "tests write files")]

use std::io;
use std::path::{Path, PathBuf};

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A stream that the seed decides.
    pub fn new(seed: u64) -> Self {
        Random { state: seed }
    }

    /// A number below `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        items.get(self.below(items.len()))
    }
}

/// The files of a small book: pages that refer to each other, an included file, a bibliography, a theme, a picture.
pub fn sample() -> Vec<(&'static str, &'static str)> {
    vec![
        ("_quarto.yml", CONFIG),
        ("index.qmd", "---\ntitle: Orchard\n---\n\nSee @sec-pears and @fig-tree.\n"),
        ("pears.qmd", PEARS),
        (
            "apples.qmd",
            "---\ntitle: Apples\n---\n\n## Kinds {#sec-kinds}\n\nRound, see @tbl-kinds and [pears](pears.qmd#sec-pears).\n",
        ),
        ("part/plums.qmd", "---\ntitle: Plums\n---\n\n{{< include _stone.md >}}\n\n![A plum](plum.svg){#fig-plum}\n"),
        ("part/_stone.md", "A stone [@doe2020] and @sec-kinds.\n"),
        ("part/plum.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"></svg>\n"),
        ("part/_metadata.yml", "toc: false\n"),
        ("refs.bib", "@book{doe2020, title = {Fruit}, author = {Doe, Jane}, date = {2020}, publisher = {Tree}}\n"),
        ("theme.scss", "/*-- scss:defaults --*/\n$primary: #264;\n"),
        ("style.css", "main { color: #222; }\n"),
    ]
}

const CONFIG: &str = "project:
  type: website
website:
  title: Fruit
  navbar:
    left:
      - index.qmd
      - apples.qmd
bibliography: refs.bib
theme: theme.scss
css: style.css
number-sections: true
";

const PEARS: &str = "---
title: Pears
---

## Pears {#sec-pears}

![A tree](part/plum.svg){#fig-tree}

| Kind | Taste |
|------|-------|
| Old  | Sweet |

: Kinds {#tbl-kinds}

A note.[^1]

[^1]: Of *wood*.
";

/// What random edits write into pages.
const TEXTS: &[&str] = &[
    "A sentence about trees.\n\n",
    "Cited by [@doe2020].\n\n",
    "Missing: @fig-nowhere and @nobody1999.\n\n",
    "## A heading {#sec-heading}\n\nText under it.\n\n",
    "See @sec-heading, @tbl-kinds and @fig-plum.\n\n",
    "![Again](part/plum.svg){#fig-again}\n\n",
    "![Lost](lost.png)\n\n",
    "::: {.callout-note}\nMind the gap: $x^2$.\n:::\n\n",
    "```python\nprint(1)\n```\n\n",
    "$$ a = b $$ {#eq-sum}\n\nBy @eq-sum.\n\n",
    "A [link](apples.qmd) and [another](part/plums.qmd#fig-plum).\n\n",
    "{{< include part/_stone.md >}}\n\n",
];

/// What random edits append to the configuration.
const SETTINGS: &[&str] =
    &["toc-depth: 2\n", "number-depth: 1\n", "author: Jane Doe\n", "nocite: \"@doe2020\"\n", "# a comment\n"];

/// Makes one random edit in a project's folder and says which, `nothing` when it changes none. Pages are changed, made, moved and deleted; the first page and the
/// configuration stay where they are.
///
/// # Errors
/// When a file cannot be read or written.
pub fn random_edit(root: &Path, random: &mut Random) -> io::Result<String> {
    let mut pages = Vec::new();
    list(root, &mut pages)?;
    pages.sort();
    let Some(page) = random.pick(&pages).cloned() else { return Ok("nothing".into()) };
    let name = page.strip_prefix(root).unwrap_or(&page).display().to_string();
    let index = root.join("index.qmd");
    match random.below(20) {
        0 => {
            let path = root.join(format!("page{}.qmd", random.below(5)));
            std::fs::write(&path, format!("---\ntitle: Page {}\n---\n\nNew. @sec-pears\n", random.below(9)))?;
            Ok(format!("a new page {}", path.display()))
        }
        1 if page != index && pages.len() > 3 => {
            std::fs::remove_file(&page)?;
            Ok(format!("the deletion of {name}"))
        }
        2 if page != index => {
            let to = root.join(format!("moved{}.qmd", random.below(5)));
            if to == page {
                return Ok("nothing".into());
            }
            std::fs::rename(&page, &to)?;
            Ok(format!("the move of {name} to {}", to.display()))
        }
        3 => replace(&root.join("_quarto.yml"), |text| {
            format!(
                "{}{}",
                CONFIG.replace("Fruit", &format!("Fruit {}", text.len() % 7)),
                random.pick(SETTINGS).unwrap_or(&"")
            )
        }),
        4 => replace(&root.join("theme.scss"), |_| {
            format!("/*-- scss:defaults --*/\n$primary: #2{}4;\n", random.below(10))
        }),
        5 => replace(&root.join("refs.bib"), |_| {
            format!(
                "@book{{doe2020, title = {{Fruit {}}}, author = {{Doe, Jane}}, date = {{2020}}}}\n",
                random.below(10)
            )
        }),
        6 => replace(&root.join("part/plum.svg"), |_| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"10\"></svg>\n",
                10 + random.below(89)
            )
        }),
        7 => replace(&root.join("part/_stone.md"), |_| random.pick(TEXTS).unwrap_or(&"").to_string()),
        8 => replace(&root.join("style.css"), |_| format!("main {{ color: #{}22; }}\n", random.below(10))),
        9 => replace(&root.join("part/_metadata.yml"), |text| {
            if text.contains("false") { "toc: true\n".into() } else { "toc: false\n".into() }
        }),
        _ => {
            let text = random.pick(TEXTS).copied().unwrap_or("");
            let at = random.below(usize::MAX);
            replace(&page, |old| {
                // After the front matter, before one of the paragraphs.
                let body = old.match_indices("\n---\n").next().map_or(0, |(at, _)| at + 5);
                let paragraphs: Vec<usize> = old[body..].match_indices("\n\n").map(|(at, _)| body + at + 2).collect();
                match paragraphs.get(at % (paragraphs.len() + 1)) {
                    Some(&at) if old.len() > 3000 => old[..at].to_owned(),
                    Some(&at) => format!("{}{text}{}", &old[..at], &old[at..]),
                    None => format!("{old}\n{text}"),
                }
            })
        }
    }
}

fn list(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with(['_', '.']) {
            list(&path, pages)?;
        } else if name.ends_with(".qmd") {
            pages.push(path);
        }
    }
    Ok(())
}

/// Writes a file as many editors do: to a temporary file, which is then renamed.
fn replace(path: &Path, edit: impl FnOnce(&str) -> String) -> io::Result<String> {
    let old = std::fs::read_to_string(path).unwrap_or_default();
    let temporary = path.with_extension("tmp~");
    std::fs::write(&temporary, edit(&old))?;
    std::fs::rename(&temporary, path)?;
    Ok(format!("a change of {}", path.display()))
}
