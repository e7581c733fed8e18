//! Pages that hold all their resources: style sheets, scripts, images and fonts as `data:` URLs. Source: Quarto, "HTML Options",
//! `embed-resources`.

use crate::files::{Content, Files};
use crate::project::Book;
use crate::site::html_urls::html_urls;
use crate::url::local_file;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlsys_book::{Value, key};

/// The size limit of a file to embed. A larger one stays a file beside the page.
const LARGEST: u64 = 64 << 20;

/// True if a page is to hold its resources.
pub fn embeds_resources(meta: &Value) -> bool {
    [key!("embed-resources"), key!("self-contained")].into_iter().any(|key| meta.read(key) == Some(true))
}

/// The page at `path` with the files of the site that it loads in place of their URLs.
pub fn with_resources(book: &Book, path: &str, html: &str, files: &Files) -> String {
    let mut out = String::with_capacity(html.len() * 2);
    let mut done = 0;
    for (at, url) in html_urls(html) {
        if at < done || !loads(html, at) {
            continue;
        }
        let Some(data) = local_file(path, url).and_then(|file| data_url(book, &file, files)) else { continue };
        out.push_str(&html[done..at]);
        out.push_str(&data);
        done = at + url.len();
    }
    out.push_str(&html[done..]);
    without_variants(&out)
}

/// True if the attribute whose value starts at a byte loads a file. Links to other pages do not.
fn loads(html: &str, at: usize) -> bool {
    let Some(start) = html[..at].rfind('<') else { return false };
    let tag = &html[start + 1..at];
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    match name {
        "img" | "script" | "source" | "video" | "audio" | "embed" | "object" => true,
        "link" => {
            let whole = html[start..].split('>').next().unwrap_or("");
            whole.contains("rel=\"stylesheet\"") || whole.contains("rel=\"icon\"")
        }
        _ => false,
    }
}

/// The HTML without the smaller variants of its images, which would be loaded from files.
fn without_variants(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" srcset=\"") {
        out.push_str(before);
        rest = after.split_once('"').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// A file of the site as a URL; `None` if it is no file of the site, or too large.
fn data_url(book: &Book, file: &str, files: &Files) -> Option<String> {
    let bytes = content(book, file, files)?;
    let bytes = match file.ends_with(".css") {
        true => style_with_resources(book, file, &String::from_utf8_lossy(&bytes), files).into_bytes(),
        false => bytes,
    };
    Some(format!("data:{};base64,{}", media_type(file), STANDARD.encode(bytes)))
}

fn content(book: &Book, file: &str, files: &Files) -> Option<Vec<u8>> {
    match files.get(file) {
        Some(Content::Bytes(bytes)) => Some(bytes.to_vec()),
        Some(Content::Copy(path)) => book.vfs.small_file(path, LARGEST),
        // Pages that are written beside their sources use the files in place.
        None => book.vfs.small_file(file, LARGEST),
    }
}

/// A style sheet with its fonts and images. Source: CSS Values, `url()`.
fn style_with_resources(book: &Book, path: &str, css: &str, files: &Files) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("url(") {
        out.push_str(before);
        out.push_str("url(");
        let Some((inner, tail)) = after.split_once(')') else {
            rest = after;
            break;
        };
        let url = inner.trim().trim_matches(['"', '\'']);
        let bytes = local_file(path, url).and_then(|file| Some((content(book, &file, files)?, file)));
        match bytes {
            Some((bytes, file)) => {
                out.push_str(&format!("data:{};base64,{})", media_type(&file), STANDARD.encode(bytes)));
                rest = tail;
            }
            // Data in quotes may contain parentheses, so only the start is passed.
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or("").to_ascii_lowercase().as_str() {
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
