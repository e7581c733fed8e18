//! `{{< include file >}}`: inserts the text of other files into a page's source. Source: Quarto, "Includes".

use crate::project::page_reads::PageReads;
use crate::project::sources::invalid_utf8;
use crate::project::vfs::folder_of;
use mlsys_book::{Code, Diagnostic, File, Source, Span, clean_path};
use std::sync::Arc;

/// The nesting limit of includes.
const MAX_DEPTH: usize = 20;

/// The size limit of a page with its includes. A chain of files that each include the next one twice grows exponentially.
const MAX_BYTES: usize = 64 << 20;

/// The limit of files in one page: empty files can multiply without growing the page.
const MAX_FILES: usize = 10_000;

/// Makes the source of a page from its own text and the files that it includes.
///
/// Reports shortcodes that cannot be expanded and leaves them in the text.
pub(crate) fn expand_includes(reads: &mut PageReads<'_>, own: Source) -> Source {
    if !own.text.contains("{{<") {
        return own;
    }
    let source = Source { id: own.id, text: Arc::default(), files: own.files.clone(), pieces: Vec::new() };
    let open = vec![own.path().to_owned()];
    let mut expansion = Expansion { reads, own: &own, source, open };
    expansion.file(0);
    match expansion.source.pieces.is_empty() {
        // No includes: share the text.
        true => own,
        false => expansion.source,
    }
}

struct Expansion<'a, 'r> {
    reads: &'a mut PageReads<'r>,
    /// The page without includes.
    own: &'a Source,
    source: Source,
    /// The files that are being expanded, outermost first.
    open: Vec<String>,
}

impl Expansion<'_, '_> {
    /// Appends a file, line by line. Shortcodes in code count too.
    fn file(&mut self, index: u32) {
        let text = match index {
            0 => self.own.text.clone(),
            _ => self.source.files[index as usize].text.clone(),
        };
        let mut done = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some(include) = include(line) {
                let start = at + include.range.start;
                self.source.reserve(text.len() - done);
                self.append(index, done, &text[done..start]);
                done = at + include.range.end;
                self.include(index, start, &text[start..done], include.file);
            }
            at += line.len();
        }
        if !self.source.pieces.is_empty() && done < text.len() {
            self.append(index, done, &text[done..]);
        }
    }

    /// Appends a part of a file. That of a page's own file may be converted, as that of a notebook is.
    fn append(&mut self, index: u32, offset: usize, text: &str) -> Span {
        let start = self.source.text.len();
        match index {
            0 => self.source.append_part(self.own, Span::new(offset, offset + text.len())),
            _ => {
                self.source.append(index, offset, text);
            }
        }
        if self.source.pieces.is_empty() {
            self.source.append(index, offset, "");
        }
        Span::new(start, self.source.text.len())
    }

    /// The path of an included file. It is relative to the page; a file that is only beside the including one is found there.
    fn included_path(&mut self, index: u32, name: &str) -> String {
        if let Some(rooted) = name.strip_prefix('/') {
            return clean_path(rooted);
        }
        let beside = |file: &str| clean_path(&format!("{}/{name}", folder_of(file)));
        let (from_page, from_file) = (beside(self.own.path()), beside(&self.source.files[index as usize].path));
        let is_missing = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
        let use_file = from_page != from_file
            && self.reads.text(&from_page).is_err_and(|error| is_missing(&error))
            && self.reads.text(&from_file).is_ok();
        if use_file { from_file } else { from_page }
    }

    fn include(&mut self, index: u32, offset: usize, shortcode: &str, name: &str) {
        let path = self.included_path(index, name);
        let problem = if self.open.contains(&path) {
            Some(format!("`{path}` includes itself: {} → {path}", self.open.join(" → ")))
        } else if self.open.len() > MAX_DEPTH {
            Some(format!("includes are nested deeper than {MAX_DEPTH} files"))
        } else if self.source.text.len() > MAX_BYTES {
            Some(format!("the page is larger than {} MB with its includes", MAX_BYTES >> 20))
        } else if self.source.files.len() > MAX_FILES {
            Some(format!("the page includes more than {MAX_FILES} files"))
        } else {
            None
        };
        if let Some(message) = problem {
            return self.reject(index, offset, shortcode, message, None);
        }
        match self.reads.text(&path) {
            Ok(file) => {
                let number = self.source.files.len() as u32;
                self.source.files.push(File { path: path.clone(), text: file.text.clone() });
                let start = self.source.text.len();
                self.open.push(path.clone());
                self.file(number);
                self.open.pop();
                if let Some(at) = file.invalid {
                    let place = self.source.place(Span::new(start + at, start + at));
                    self.reads.diagnostics.push(invalid_utf8(&path, place));
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let hint = self.reads.similar(&path);
                self.reject(index, offset, shortcode, format!("included file `{path}` does not exist"), hint);
            }
            Err(error) => self.reject(index, offset, shortcode, format!("included file `{path}`: {error}"), None),
        }
    }

    /// Reports a shortcode and keeps its text.
    fn reject(&mut self, index: u32, offset: usize, shortcode: &str, message: String, hint: Option<String>) {
        let span = self.append(index, offset, shortcode);
        let mut diagnostic = Diagnostic::new(Code::InvalidInclude, self.source.place(span), message);
        diagnostic.hints.extend(hint);
        self.reads.diagnostics.push(diagnostic);
    }
}

/// An include shortcode in a line.
struct Include<'l> {
    range: std::ops::Range<usize>,
    file: &'l str,
}

/// The include shortcode of a line, which must be alone on it. Source: Quarto, "Includes".
fn include(line: &str) -> Option<Include<'_>> {
    let text = line.trim();
    let inner = text.strip_prefix("{{<")?.strip_suffix(">}}")?.trim();
    let file = inner.strip_prefix("include")?;
    let file = file.strip_prefix([' ', '\t'])?.trim().trim_matches(['"', '\'']);
    let start = line.len() - line.trim_start().len();
    (!file.is_empty() && !file.contains("{{<")).then_some(Include { range: start..start + text.len(), file })
}
