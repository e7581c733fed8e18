//! Responses for the files of the site.

use crate::range::{RangeRequest, requested};
use crate::server::{SERVER_PREFIX, Shared};
use crate::site::{Content, Resolved, Site, file_tag};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// The page for missing files, if the site has no `404.html`.
const NOTHING: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<title>Not found</title>\n<h1>Not found</h1>\n\
    <p>This page does not exist. <a href=\"/\">Go to the home page.</a></p>\n</html>\n";

/// Answers a request for a file of the site.
pub(crate) async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = (StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n").into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let site: Arc<Site> = shared.site.borrow().clone();
    let raw = request.uri().path();
    let Some(path) = decoded(raw) else {
        return (StatusCode::BAD_REQUEST, "This URL is not a valid path.\n").into_response();
    };
    let live = Live::new(&shared, &site, &path, request.headers());
    match markdown(&site, site.find(&path), request.headers()) {
        Resolved::File(name, file) => match &file.content {
            Content::Bytes(bytes) => bytes_response(StatusCode::OK, name, bytes, &file.tag, request.headers(), live),
            Content::File(on_disk) => file_response(name, on_disk, &site.folder, request.headers()).await,
        },
        Resolved::Folder => {
            let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            let location = format!("{raw}/{query}");
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        }
        Resolved::Nothing => not_found(&site, request.headers(), live),
    }
}

/// The Markdown beside a page, for programs that prefer it: those whose `Accept` names `text/markdown` with at least the weight of
/// `text/html`. Everything else stays as it is.
fn markdown<'s>(site: &'s Site, found: Resolved<'s>, headers: &HeaderMap) -> Resolved<'s> {
    let Resolved::File(name, _) = &found else { return found };
    let Some(stem) = name.strip_suffix(".html").filter(|_| prefers_markdown(headers)) else { return found };
    site.file(&format!("{stem}.llms.md")).map_or(found, |(name, file)| Resolved::File(name, file))
}

fn prefers_markdown(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    let weight = |wanted: &str| {
        accept.split(',').find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            parts.next().filter(|kind| kind.eq_ignore_ascii_case(wanted))?;
            let given = parts.find_map(|part| part.strip_prefix("q="));
            Some(given.map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight("text/markdown").is_some_and(|markdown| markdown > 0.0 && markdown >= weight("text/html").unwrap_or(0.0))
}

/// Decodes the path of a URL once and strips the leading slash. `None` for invalid paths: `..`, empty parts, NUL, backslashes,
/// invalid UTF-8.
fn decoded(raw: &str) -> Option<String> {
    let path = percent_decode_str(raw.strip_prefix('/')?).decode_utf8().ok()?;
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.last() == Some(&"") {
        parts.pop();
    }
    let fine = |part: &&str| !part.is_empty() && *part != "." && *part != "..";
    (parts.iter().all(fine) && !path.contains(['\0', '\\'])).then(|| path.into_owned())
}

fn not_found(site: &Site, headers: &HeaderMap, live: Option<Live>) -> Response {
    let status = StatusCode::NOT_FOUND;
    match site.file("404.html") {
        Some((name, file)) if let Content::Bytes(bytes) = &file.content => {
            bytes_response(status, name, bytes, &format!("404{}", file.tag), headers, live)
        }
        _ => bytes_response(status, "404.html", NOTHING.as_bytes(), "404", headers, live),
    }
}

/// The live-reload script, added to pages that a browser requests for display. All other clients get the bytes that a build
/// writes.
struct Live {
    script: String,
}

impl Live {
    fn new(shared: &Shared, site: &Site, path: &str, headers: &HeaderMap) -> Option<Live> {
        let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok())?;
        if !accept.contains("text/html") {
            return None;
        }
        let (_, tag) = site.shown(path);
        let (session, number) = (&shared.session, site.number);
        let script = format!(
            "<script type=\"module\" src=\"{SERVER_PREFIX}client.js\" data-mlsys-live data-tag=\"{tag}\" data-build=\"{session}.{number}\"></script>\n"
        );
        Some(Live { script })
    }
}

fn bytes_response(
    status: StatusCode,
    name: &str,
    bytes: &[u8],
    tag: &str,
    request: &HeaderMap,
    live: Option<Live>,
) -> Response {
    let kind = content_type(name);
    let live = live.filter(|_| kind.starts_with("text/html"));
    let tag = if live.is_some() { format!("\"{tag}-live\"") } else { format!("\"{tag}\"") };
    let mut headers = HeaderMap::new();
    insert(&mut headers, header::CONTENT_TYPE, &kind);
    insert(&mut headers, header::ETAG, &tag);
    if kind.starts_with("text/html") || kind.starts_with("text/markdown") {
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
    // A 404 response must keep its status, so it is never answered with 304.
    if status == StatusCode::OK && is_known(request, &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if let Some(live) = live {
        return (status, headers, [bytes, live.script.as_bytes()].concat()).into_response();
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let length = bytes.len() as u64;
    match requested(range_header(request, &tag), length) {
        RangeRequest::Part(range) if status == StatusCode::OK => {
            insert(&mut headers, header::CONTENT_RANGE, &format!("bytes {}-{}/{length}", range.start, range.end - 1));
            let part = &bytes[range.start as usize..range.end as usize];
            (StatusCode::PARTIAL_CONTENT, headers, Bytes::copy_from_slice(part)).into_response()
        }
        RangeRequest::Outside if status == StatusCode::OK => outside(headers, length),
        RangeRequest::All | RangeRequest::Part(_) | RangeRequest::Outside => {
            (status, headers, Bytes::copy_from_slice(bytes)).into_response()
        }
    }
}

/// Streams a file from disk.
async fn file_response(name: &str, path: &Path, folder: &Path, request: &HeaderMap) -> Response {
    let Some(path) = inside(path, folder).await else {
        let message = "This file does not exist, or it is a symbolic link out of the project.\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    };
    let tag = format!("\"{}\"", file_tag(&path));
    let Ok(mut file) = tokio::fs::File::open(&path).await else {
        return (StatusCode::NOT_FOUND, "This file cannot be read.\n").into_response();
    };
    let Ok(length) = file.metadata().await.map(|meta| meta.len()) else {
        return (StatusCode::NOT_FOUND, "This file cannot be read.\n").into_response();
    };
    let mut headers = HeaderMap::new();
    insert(&mut headers, header::CONTENT_TYPE, &content_type(name));
    insert(&mut headers, header::ETAG, &tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if is_known(request, &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let (status, range) = match requested(range_header(request, &tag), length) {
        RangeRequest::All => (StatusCode::OK, 0..length),
        RangeRequest::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        RangeRequest::Outside => return outside(headers, length),
    };
    if status == StatusCode::PARTIAL_CONTENT {
        insert(&mut headers, header::CONTENT_RANGE, &format!("bytes {}-{}/{length}", range.start, range.end - 1));
        if file.seek(SeekFrom::Start(range.start)).await.is_err() {
            return (StatusCode::NOT_FOUND, "This file cannot be read.\n").into_response();
        }
    }
    let bytes = range.end - range.start;
    insert(&mut headers, header::CONTENT_LENGTH, &bytes.to_string());
    (status, headers, Body::from_stream(ReaderStream::new(file.take(bytes)))).into_response()
}

/// Resolves symbolic links; `None` unless the result is a file inside the folder.
async fn inside(path: &Path, folder: &Path) -> Option<PathBuf> {
    let (real, folder) = (tokio::fs::canonicalize(path).await.ok()?, tokio::fs::canonicalize(folder).await.ok()?);
    let is_file = tokio::fs::metadata(&real).await.is_ok_and(|meta| meta.is_file());
    (is_file && real.starts_with(folder)).then_some(real)
}

fn outside(mut headers: HeaderMap, length: u64) -> Response {
    insert(&mut headers, header::CONTENT_RANGE, &format!("bytes */{length}"));
    (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response()
}

/// The Range header, unless If-Range names another version of the file.
fn range_header<'h>(request: &'h HeaderMap, tag: &str) -> Option<&'h str> {
    let text = |name| request.get(name).and_then(|value| value.to_str().ok());
    match text(header::IF_RANGE) {
        Some(version) if version != tag => None,
        _ => text(header::RANGE),
    }
}

/// True if the client already has this version.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let known = request.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag))
}

fn content_type(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let text = kind.type_() == "text"
        || matches!(
            kind.essence_str(),
            "application/json" | "application/javascript" | "application/xml" | "image/svg+xml"
        );
    if text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() }
}

/// Adds a header. Invalid values, which do not occur here, are ignored.
fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{decoded, prefers_markdown};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn markdown_is_for_those_who_ask_for_it() {
        let asks = |accept: &'static str| {
            prefers_markdown(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert!(asks("text/markdown"));
        assert!(asks("text/html;q=0.8, Text/Markdown;q=0.9, */*"));
        assert!(asks("text/markdown, text/html"));
        for other in ["text/html, text/markdown;q=0.5", "*/*", "text/*", "", "text/markdown;q=0", "text/markdown;q=x"] {
            assert!(!asks(other), "{other}");
        }
    }

    #[test]
    fn urls_are_decoded_once() {
        assert_eq!(decoded("/a%20b/c.html").as_deref(), Some("a b/c.html"));
        assert_eq!(decoded("/").as_deref(), Some(""));
        assert_eq!(decoded("/a/").as_deref(), Some("a/"));
        assert_eq!(decoded("/%252e%252e/a").as_deref(), Some("%2e%2e/a"));
        for bad in
            ["/..", "/../a", "/a/%2e%2e/b", "/%2E%2E%2Fa", "/a//b", "//a", "/a%00", "/a%5cb", "/%ff", "*", "/./a"]
        {
            assert_eq!(decoded(bad), None, "{bad}");
        }
    }
}
