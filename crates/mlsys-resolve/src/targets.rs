//! Links to pages of the project, and checks of URLs.

use mlsys_book::{
    Code, Diagnostic, Index, Link, PageId, PageRefs, Place, Project, Refs, SUGGESTIONS, Severity, Target, near,
    near_keys, percent_decoded, suggest,
};

/// The beginnings of ids that the renderer generates: notes, bibliographies, code lines, tabs, parts of the page.
const GENERATED_IDS: [&str; 9] =
    ["fn", "ref", "cb", "tabset-", "quarto-", "TOC", "toc-", "title-block-header", "footnotes"];

/// The links of one page.
pub(crate) struct Targets<'a> {
    pub project: &'a Project,
    pub index: &'a Index,
    pub refs: &'a Refs,
    pub diagnostics: Vec<Diagnostic>,
    suggested: usize,
}

impl<'a> Targets<'a> {
    pub(crate) fn new(project: &'a Project, index: &'a Index, refs: &'a Refs) -> Targets<'a> {
        Targets { project, index, refs, diagnostics: Vec::new(), suggested: 0 }
    }

    /// The page that a link goes to, named by its source file, output file or folder. `None` for any other URL.
    ///
    /// Source: Quarto, "Websites", links between pages; "Cross-References", links.
    pub(crate) fn target(&mut self, link: &Link) -> Option<Target> {
        let place = Place { source: self.index.source, span: link.url_span };
        if link.url.starts_with("//") || scheme(&link.url).is_some() {
            self.mangled_case(&link.url, place);
            return None;
        }
        let (path, anchor) = match link.url.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (link.url.as_str(), None),
        };
        if path.contains('?') {
            return None;
        }
        if path.is_empty() {
            let anchor = anchor?;
            let heading = self.heading(&percent_decoded(anchor));
            if heading.is_none() {
                self.check_anchor(self.index.page, anchor, place);
            }
            return heading;
        }
        let file = self.file(&percent_decoded(path))?;
        let folder = file.is_empty() || file.ends_with('/');
        let page = if folder {
            let indexes = ["index.qmd", "index.md", "index.html"];
            indexes.iter().find_map(|name| self.refs.files.get(&format!("{file}{name}")))
        } else {
            self.refs.files.get(&file)
        };
        match page {
            Some(page) => {
                if let Some(anchor) = anchor {
                    self.check_anchor(*page, anchor, place);
                }
                let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(str::to_owned);
                Some(Target { page: *page, anchor })
            }
            None => {
                if file.ends_with(".qmd") {
                    self.broken_link(&file, place);
                }
                None
            }
        }
    }

    /// In a book, the heading of another page that has an id which this page lacks.
    fn heading(&self, id: &str) -> Option<Target> {
        let own = self.refs.page(self.index.page)?;
        let target =
            self.refs.headings.get(id).filter(|_| own.ids.binary_search_by(|own| own.as_str().cmp(id)).is_err());
        target.cloned()
    }

    /// The headings of other pages that HTML links to as `#id`, with their ids.
    pub(crate) fn fragments(&self, html: &str) -> Vec<(String, Target)> {
        if self.refs.headings.is_empty() {
            return Vec::new();
        }
        let ids = html.match_indices("href").filter_map(|(at, name)| {
            let value = html.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            value.get(1..)?.split(quote).next()?.strip_prefix('#')
        });
        ids.filter_map(|id| Some((id.to_owned(), self.heading(id)?))).collect()
    }

    /// The path from the project's folder; `None` if it leads out of it.
    fn file(&self, path: &str) -> Option<String> {
        let page = self.project.pages.page(self.index.page)?;
        let mut parts: Vec<&str> = Vec::new();
        if !path.starts_with('/') {
            parts.extend(
                page.input.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').filter(|p| !p.is_empty()),
            );
        }
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        let mut file = parts.join("/");
        let folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("..") || path == ".";
        if folder && !file.is_empty() {
            file.push('/');
        }
        Some(file)
    }

    fn broken_link(&mut self, file: &str, place: Place) {
        let message = format!("the project has no page `{file}`");
        let mut diagnostic = Diagnostic::new(Code::BrokenLink, place, message);
        self.suggested += 1;
        if self.suggested <= SUGGESTIONS {
            let name = file.rsplit('/').next().unwrap_or(file);
            let moved = self.refs.names.get(name).and_then(|page| self.project.pages.page(*page));
            let inputs = || near_keys(&self.refs.files, file).filter(|file| !file.ends_with(".html"));
            if let Some(page) = moved.map(|page| page.input.as_str()).or_else(|| suggest(file, inputs())) {
                diagnostic = diagnostic.hint(format!("did you mean `/{page}`?"));
            }
        }
        self.diagnostics.push(diagnostic);
    }

    fn check_anchor(&mut self, page: PageId, anchor: &str, place: Place) {
        let anchor = percent_decoded(anchor);
        // Another page that was not read has no ids to compare with.
        let is_own = page == self.index.page;
        let Some(refs) = self.refs.page(page).filter(|refs| is_own || !refs.ids.is_empty()) else { return };
        let generated = anchor.is_empty()
            || anchor == "top"
            || anchor.contains(":~:")
            || GENERATED_IDS.iter().any(|start| anchor.starts_with(start));
        if generated || refs.ids.binary_search(&anchor).is_ok() {
            return;
        }
        let same_page = page == self.index.page;
        let file = self.project.pages.page(page).map_or("", |page| &page.input);
        let message = if same_page {
            format!("this page has no id `{anchor}`")
        } else {
            format!("the page `{file}` has no id `{anchor}`")
        };
        let mut diagnostic = Diagnostic::new(Code::BrokenAnchor, place, message);
        self.suggested += 1;
        if self.suggested <= SUGGESTIONS {
            let longer = refs.ids.iter().map(String::as_str).find(|id| anchor.starts_with(id) && id.len() > 3);
            if let Some(id) = suggest(&anchor, near(&refs.ids, |id| id, &anchor).iter().map(String::as_str)).or(longer)
            {
                diagnostic = diagnostic.hint(format!("did you mean `#{id}`?"));
            } else if same_page {
                diagnostic.hints.extend(self.elsewhere(&anchor));
            }
        }
        self.diagnostics.push(diagnostic);
    }

    /// A hint for an id that another page has: the line to write.
    fn elsewhere(&self, id: &str) -> Option<String> {
        let own = &self.project.pages.page(self.index.page)?.input;
        let has_id = |refs: &PageRefs| refs.ids.binary_search_by(|other| other.as_str().cmp(id)).is_ok();
        let at = self.refs.pages.iter().position(has_id)?;
        let page = &self.project.pages.page(PageId(at as u32))?.input;
        let link = format!("[..]({}#{id})", relative_path(own, page));
        Some(match self.refs.labels.contains_key(id) {
            true => format!("it is on the page `{page}`: write `@{id}` or `{link}`"),
            false => format!("it is on the page `{page}`: write `{link}`"),
        })
    }

    /// Reports capitals in schemes and hosts. They change nothing there, but show that a tool has changed the case of the whole URL,
    /// and paths are case-sensitive.
    fn mangled_case(&mut self, url: &str, place: Place) {
        let scheme = scheme(url).unwrap_or("");
        let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let capital = |text: &str| text.contains(|c: char| c.is_ascii_uppercase());
        let rest = url.get(scheme.len()..).unwrap_or("").trim_start_matches([':', '/']);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let name = path.split(['?', '#']).next().unwrap_or("").rsplit('/').next().unwrap_or("");
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let odd_extension = web && matches!(extension, "HTML" | "HTM" | "PDF" | "PHP");
        let odd_scheme = capital(scheme);
        if !(odd_scheme || web && capital(host) || odd_extension) {
            return;
        }
        let what = if odd_scheme {
            format!("the scheme `{scheme}:` is in capitals")
        } else if odd_extension {
            format!("the extension `.{extension}` is in capitals, and case counts in paths")
        } else {
            format!("the host `{host}` has capitals")
        };
        let mut diagnostic = Diagnostic::new(Code::CaseMangledUrl, place, what);
        if !odd_scheme && !odd_extension {
            diagnostic.severity = Severity::Hint;
        }
        let mut fixed = String::with_capacity(url.len());
        fixed.push_str(&scheme.to_ascii_lowercase());
        if web {
            fixed.push_str("://");
            fixed.push_str(&host.to_ascii_lowercase());
            fixed.push_str(rest.get(host.len()..).unwrap_or(""));
            if odd_extension {
                fixed = fixed.replacen(name, &name.replace(extension, &extension.to_ascii_lowercase()), 1);
            }
        } else {
            fixed.push_str(url.get(scheme.len()..).unwrap_or(""));
        }
        self.diagnostics.push(diagnostic.hint(format!("write `{fixed}`")));
    }
}

/// The path of a file relative to the folder of another one; both relative to the project's folder.
fn relative_path(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let parts: Vec<&str> = to.split('/').collect();
    let common = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = folders.len() - common;
    "../".repeat(up) + &parts[common..].join("/")
}

/// The scheme of a URL: letters, digits, `+`, `-`, `.` before a colon (RFC 3986, 3.1).
fn scheme(url: &str) -> Option<&str> {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))?;
    let scheme = url.get(..end)?;
    (url.get(end..)?.starts_with(':') && scheme.len() > 1 && scheme.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then_some(scheme)
}
