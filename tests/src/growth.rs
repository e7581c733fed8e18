//! Inputs that grow: examples of the fixtures in which pieces are repeated.

#![allow(clippy::disallowed_methods, reason = "it writes projects")]

use crate::Example;
use crate::marks::MARKS;
use crate::random::Random;
use std::fmt::Write;
use std::path::Path;

/// Bytes of the smaller file. The larger has four times as many.
const SMALL: usize = 100 << 10;

/// How often a file is copied for the smaller project. The larger has four times as many copies.
const FEW: usize = 100;

/// Besides the marks: what the examples seldom have and what begins, parts or ends something in one of the formats.
const TOKENS: &[&str] = &[
    "/",
    "\n\n",
    ")",
    "$$",
    ":::",
    ",",
    ";",
    "%",
    "?",
    "👍",
    "    ",
    "  ",
    "<!--",
    "-->",
    "<b>",
    "</b>",
    "<p>",
    "<td>",
    "<script>",
    "{{<",
    ">}}",
    "{{",
    "}}",
    "{%",
    "%}",
    "- ",
    "> ",
    "1. ",
    ": ",
    "![](a)",
    "[x](y)",
    "[^a]",
    "^[",
    "[@a]",
    "@sec-a",
    "```",
    "~~~",
    "---",
    "---\n",
    "$x$",
    "`x`{=html}",
    "{.r}",
    "{#fig-a}",
    "&amp;",
    "http://a.b",
    "\\begin{a}",
    "\\end{a}",
    "@include ",
    "@each $x in ",
    "@if ",
    "\"a\": ",
    "a: ",
    "*a ",
    "&a ",
    "!t ",
    "| ",
    "|---|",
    "+---+",
    "+===+",
    "<text variable=\"a\"/>",
    "<group>",
    "</group>",
    "@misc{a,\n",
    " and ",
    "/*",
    "*/",
    "//",
    "#{",
    "..",
    "**",
    "%%| a: b\n",
    "#| a: b\n",
    "<?",
    "]]>",
];

/// A place in a text between two characters.
fn place(text: &str, random: &mut Random) -> usize {
    boundary(text, random.below(text.len() + 1))
}

/// The first place between two characters from a place on.
fn boundary(text: &str, from: usize) -> usize {
    (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// What is repeated: a piece, or a piece with a number in it, so that each repetition is another one.
#[derive(Clone, Debug)]
struct Repeated {
    before: String,
    after: String,
    is_counted: bool,
}

impl Repeated {
    /// Pieces of the text that is to grow, of another one, and tokens.
    fn from(own: &str, other: &str, random: &mut Random) -> Self {
        let mut piece = String::new();
        for _ in 0..1 + random.below(4) {
            let text = if random.below(4) == 0 { other } else { own };
            match random.below(4) {
                0 => {
                    let tokens = if random.below(3) == 0 { MARKS } else { TOKENS };
                    piece.extend(random.one_of(tokens).copied());
                }
                1 => {
                    let lines: Vec<&str> = text.split_inclusive('\n').collect();
                    let from = random.below(lines.len());
                    piece.extend(lines.iter().skip(from).take(1 + random.below(4)).copied());
                }
                _ => {
                    let from = place(text, random);
                    piece.push_str(&text[from..boundary(text, from + 1 + random.below(12))]);
                }
            }
        }
        if piece.is_empty() {
            piece.push('a');
        }
        let places: Vec<usize> =
            piece.char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(at, c)| at + c.len_utf8()).collect();
        let is_counted = random.below(3) == 0;
        let at = if is_counted { random.one_of(&places).copied() } else { None };
        let (before, after) = piece.split_at(at.unwrap_or(0));
        Repeated { before: before.into(), after: after.into(), is_counted: at.is_some() }
    }

    fn to_length(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 64);
        let mut number = 0;
        while text.len() < bytes {
            text.push_str(&self.before);
            if self.is_counted {
                let _ = write!(text, "{number}");
            }
            text.push_str(&self.after);
            number += 1;
        }
        text
    }
}

/// A kind of input, of which there is a small and a large one.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    files: &'a [(String, String)],
    /// The file that grows.
    file: usize,
    /// The command's verb.
    pub verb: &'static str,
    /// What is repeated, and where. The file itself is copied otherwise.
    repeated: Option<(usize, Repeated)>,
}

impl<'a> Input<'a> {
    /// An input that grows from a file of an example; `other` has more pieces to repeat.
    pub fn from(example: &'a Example, file: usize, other: &str, random: &mut Random) -> Self {
        let text = example.files.get(file).map_or("", |(_, text)| text);
        let verb = if random.below(2) == 0 { "check" } else { "build" };
        let repeated = (random.below(24) > 0).then(|| (place(text, random), Repeated::from(text, other, random)));
        Input { files: &example.files, file, verb, repeated }
    }

    /// Writes the project with `times` of the small input, in place of what the folder has.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, folder: &Path, times: usize) -> std::io::Result<()> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("_quarto.yml"), "project:\n  type: website\n")?;
        for (at, (name, text)) in self.files.iter().enumerate() {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            match &self.repeated {
                Some((place, repeated)) if at == self.file => {
                    let (before, after) = text.split_at(*place);
                    std::fs::write(&path, format!("{before}{}{after}", repeated.to_length(times * SMALL)))?;
                }
                None if at == self.file => {
                    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
                    for copy in 0..times * FEW {
                        std::fs::write(folder.join(format!("{stem}-{copy}.{extension}")), text)?;
                    }
                    std::fs::write(&path, text)?;
                }
                _ => std::fs::write(&path, text)?,
            }
        }
        Ok(())
    }

    /// The input in words.
    pub fn describe(&self, example: &str) -> String {
        let (verb, name) = (self.verb, self.files.get(self.file).map_or("", |(name, _)| name));
        match &self.repeated {
            None => format!("{verb}, {example}: copies of {name}"),
            Some((place, Repeated { before, after, is_counted })) => {
                let number = if *is_counted { " + number + " } else { " + " };
                format!("{verb}, {example}: {name} with {before:?}{number}{after:?} at byte {place}")
            }
        }
    }
}
