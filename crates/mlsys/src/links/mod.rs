//! The check of external links: the only part of `check` that uses the network, and only with `--external-links`.

mod cache;
mod request;

use cache::LinkCache;
use camino::Utf8Path;
use globset::{Glob, GlobSet, GlobSetBuilder};
use mlsys_book::{
    Block, BlockKind, Chapter, Code, Diagnostic, Inline, InlineKind, Node, PageId, Place, Source, Span, Value, name,
    walk,
};
use mlsys_engine::PerPage;
use mlsys_engine::build::linked::chapters;
use mlsys_engine::build::with_severities;
use mlsys_engine::project::Book;
use mlsys_engine::site::html_urls::html_urls;
use mlsys_engine::url::has_scheme;
use request::{LinkClient, LinkStatus};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The options of a link check.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// The number of concurrent requests.
    pub concurrency: usize,
    /// The time-out of a request.
    pub timeout: Duration,
    /// The number of retries after a time-out or a temporary error.
    pub retries: u32,
    /// The pause before the first retry; it doubles each time.
    pub pause: Duration,
}

impl Default for LinkOptions {
    fn default() -> Self {
        LinkOptions { concurrency: 16, timeout: Duration::from_secs(20), retries: 2, pause: Duration::from_millis(500) }
    }
}

/// The number of concurrent requests per host.
const PER_HOST: usize = 2;

/// The result of a link check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkReport {
    /// The diagnostics.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of external URLs.
    pub urls: usize,
    /// The number of cached results.
    pub cached: usize,
    /// The number of URLs whose hosts block bots: status 401, 403, 429 or 999 says nothing about the page.
    pub blocked: usize,
}

/// Checks the external links of the selected pages, with the project's severities.
pub fn external_links(book: &Book, options: &LinkOptions, cache: &Utf8Path) -> LinkReport {
    let report = check(book, &chapters(book), options, cache);
    LinkReport { diagnostics: with_severities(book, report.diagnostics), ..report }
}

/// Requests every external URL that a selected page links to. Good results are cached for a week.
fn check(book: &Book, chapters: &PerPage<Chapter>, options: &LinkOptions, cache: &Utf8Path) -> LinkReport {
    let ignored = ignored(&book.project.meta);
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (i, chapter) in chapters.iter().enumerate().filter(|(i, _)| book.pages[*i].is_selected) {
        for (url, place) in links(book.source(PageId(i as u32)), chapter) {
            let url = url.split('#').next().unwrap_or("").to_owned();
            if !ignored.is_match(&url) {
                places.entry(url).or_default().push(place);
            }
        }
    }
    let mut known = LinkCache::read(cache);
    let unknown: Vec<&String> = places.keys().filter(|url| known.get(url).is_none()).collect();
    let report = LinkReport { urls: places.len(), cached: places.len() - unknown.len(), ..LinkReport::default() };
    let answers = request_all(unknown, options);
    known.extend(&answers);
    known.write(cache);
    let mut report = report;
    for (url, at) in &places {
        let Some(answer) = answers.get(url).cloned().or_else(|| known.get(url)) else { continue };
        report.blocked += usize::from(matches!(answer, LinkStatus::Blocked(_)));
        report.diagnostics.extend(diagnostic(url, at, &answer));
    }
    report
}

/// URLs to skip: the globs in `mlsys.check.external-links.ignore`.
fn ignored(meta: &Value) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in meta.list(name!("mlsys.check.external-links.ignore")) {
        // An invalid glob matches nothing.
        if let Some(Ok(glob)) = glob.as_str().map(Glob::new) {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// One diagnostic per URL, at its first place.
fn diagnostic(url: &str, places: &[Place], answer: &LinkStatus) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let mut diagnostic = match answer {
        LinkStatus::Good | LinkStatus::Blocked(_) => return None,
        LinkStatus::Moved(to) => {
            let message = format!("`{url}` has moved permanently");
            Diagnostic::new(Code::RedirectedLink, *first, message).hint(format!("link to `{to}`"))
        }
        LinkStatus::Bad(what) => Diagnostic::new(Code::UnreachableLink, *first, format!("`{url}` {what}")),
    };
    for place in rest {
        diagnostic = diagnostic.related(*place, "also here");
    }
    Some(diagnostic)
}

/// The external URLs that a page links to or loads, with their places.
fn links(source: &Source, chapter: &Chapter) -> Vec<(String, Place)> {
    let mut found: Vec<(String, Place)> = Vec::new();
    let mut add = |url: &str, span: Span| {
        if is_web(url) {
            found.push((url.to_owned(), source.place(span)));
        }
    };
    let notes = chapter.notes.iter().map(|note| note.content.as_slice());
    for blocks in [chapter.summary.as_slice(), chapter.blocks.as_slice()].into_iter().chain(notes) {
        walk(blocks, &mut |node| {
            if let Node::Inline(Inline { kind: InlineKind::Link(link), .. }) = node {
                add(&link.url, link.url_span);
            } else if let Node::Inline(Inline { kind: InlineKind::Image(image), .. }) = node {
                add(&image.url, image.url_span);
            } else if let Node::Inline(Inline { kind: InlineKind::RawInline(format, html), span })
            | Node::Block(Block { kind: BlockKind::RawBlock(format, html), span }) = node
                && format.starts_with("html")
            {
                html_urls(html).into_iter().for_each(|(_, url)| add(url, *span));
            }
            true
        });
    }
    found
}

fn is_web(url: &str) -> bool {
    has_scheme(url)
        && url.split_once(':').is_some_and(|(scheme, _)| matches!(&*scheme.to_ascii_lowercase(), "http" | "https"))
}

/// The queue of URLs, and the number of open requests per host.
#[derive(Default)]
struct Queue<'u> {
    open: VecDeque<&'u String>,
    busy: BTreeMap<&'u str, usize>,
    answers: BTreeMap<String, LinkStatus>,
}

impl<'u> Queue<'u> {
    /// The next URL whose host is not busy.
    fn next(&mut self) -> Option<&'u String> {
        let at = self.open.iter().position(|url| self.busy.get(host(url)).is_none_or(|count| *count < PER_HOST))?;
        let url = self.open.remove(at)?;
        *self.busy.entry(host(url)).or_default() += 1;
        Some(url)
    }
}

/// Requests all URLs in parallel, limited by the options.
fn request_all(urls: Vec<&String>, options: &LinkOptions) -> BTreeMap<String, LinkStatus> {
    if urls.is_empty() {
        return BTreeMap::new();
    }
    let threads = options.concurrency.clamp(1, urls.len());
    let client = LinkClient::new(options);
    let queue = Mutex::new(Queue { open: urls.into(), ..Queue::default() });
    let changed = Condvar::new();
    // If a thread panics, the results of the others remain valid.
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let mut state = lock();
                    let url = loop {
                        if let Some(url) = state.next() {
                            break url;
                        }
                        if state.open.is_empty() {
                            return;
                        }
                        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                    };
                    drop(state);
                    let answer = client.request(url);
                    let mut state = lock();
                    state.answers.insert(url.clone(), answer);
                    if let Some(count) = state.busy.get_mut(host(url)) {
                        *count -= 1;
                    }
                    drop(state);
                    changed.notify_all();
                }
            });
        }
    });
    queue.into_inner().unwrap_or_else(PoisonError::into_inner).answers
}

/// The host of a URL, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
