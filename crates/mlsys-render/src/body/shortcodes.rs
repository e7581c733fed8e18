//! Shortcodes that render as markup. Source: Quarto, "Shortcodes".

use super::Body;
use super::inlines::is_local;
use crate::html::{Elements, Tag};
use mlsys_book::{Shortcode, Span};

impl Body<'_> {
    /// A shortcode alone in its paragraph.
    pub(super) fn block_shortcode(&mut self, shortcode: &Shortcode, _span: Span) {
        match shortcode.name.as_str() {
            "pagebreak" => {
                self.leaf(Tag::new("div").attr("style", "page-break-after: always;"), "");
                self.newline();
            }
            "video" => {
                self.video(shortcode);
                self.newline();
            }
            "margin-video" => self.margin_video(shortcode),
            "lipsum" => self.lipsum(shortcode),
            _ => self.line(Tag::new("p"), |b| b.inline_shortcode(shortcode)),
        }
    }

    /// A shortcode within a line.
    pub(super) fn inline_shortcode(&mut self, shortcode: &Shortcode) {
        match shortcode.name.as_str() {
            "kbd" => self.keys(shortcode),
            "video" => self.video(shortcode),
            "margin-video" if !self.flat => self.margin_video(shortcode),
            "placeholder" => self.placeholder(shortcode),
            "version" => self.text(env!("CARGO_PKG_VERSION")),
            "pagebreak" | "margin-video" | "lipsum" => {}
            _ => self.leaf(Tag::new("span").class("mlsys-shortcode"), &written(shortcode)),
        }
    }

    /// Keys to press. If they differ between systems, all are named, because the page does not know the reader's.
    fn keys(&mut self, shortcode: &Shortcode) {
        let (text, by_system) = (key_text(shortcode), keys_by_system(shortcode));
        let tag = by_system.iter().fold(Tag::new("kbd"), |tag, ((_, attribute, _), keys)| tag.attr(attribute, keys));
        self.leaf(tag.attr("title", &text).attr("aria-hidden", "true"), &text);
        self.leaf(Tag::new("span").class("visually-hidden"), &text);
    }

    /// A video: the player of a known host in a frame, or the file. Source: Quarto, "Videos".
    fn video(&mut self, shortcode: &Shortcode) {
        let Some(url) = shortcode.args.first().map(String::as_str).or_else(|| shortcode.get("src")) else { return };
        let title = shortcode.get("title").unwrap_or("");
        let ratio = shortcode.get("aspect-ratio").or_else(|| shortcode.get("aspectRatio"));
        let (width, height) = video_size(shortcode.get("width"), shortcode.get("height"), ratio);
        let is_sized = width.is_some() || height.is_some();
        let size = |tag: Tag| tag.maybe("width", width.clone()).maybe("height", height.clone());
        let label = shortcode.get("aria-label").filter(|label| !label.is_empty());
        if let Some((address, allow)) = embedded(url, shortcode.get("start")) {
            let tag = Tag::new("div").class("quarto-video");
            let tag = tag.when(!is_sized, |t| t.class(&format!("ratio ratio-{}", ratio.unwrap_or("16x9"))));
            let frame = size(Tag::new("iframe").attr("data-external", "1").attr("src", &address));
            let frame = frame.attr("title", title).maybe("aria-label", label);
            let frame = frame.attr("frameborder", "0").attr("loading", "lazy");
            self.element(tag, |b| b.leaf(frame.attr("allow", allow).flag("allowfullscreen"), ""));
            return;
        }
        self.counters.videos += 1;
        let src = if is_local(url) { self.urls.resource(url) } else { url.to_owned() };
        let video = Tag::new("video").id(&format!("video_shortcode_videojs_video{}", self.counters.videos));
        let video = video.class("video-js vjs-default-skin vjs-big-play-centered vjs-fluid").flag("controls");
        let video = size(video.attr("preload", "metadata").attr("title", title).maybe("aria-label", label));
        self.element(Tag::new("div").class("quarto-video"), |b| {
            b.element(video, |b| b.void(Tag::new("source").url("src", &src)));
        });
    }

    /// A video in the margin: a link with title and author, so that nothing loads from another host until the reader follows
    /// it. Source: the `margin-video` extension.
    fn margin_video(&mut self, shortcode: &Shortcode) {
        let Some(url) = shortcode.args.first() else { return };
        let title = shortcode.args.get(1).map_or(url.as_str(), String::as_str);
        let author = shortcode.args.get(2);
        let item = self.captured(|b| {
            b.line(Tag::new("div").class("margin-video"), |b| {
                b.element(Tag::new("a").url("href", url), |b| {
                    b.leaf(Tag::new("span").class("mlsys-video-icon").attr("aria-hidden", "true"), "▶");
                    b.text(" ");
                    b.text(title);
                });
                if let Some(author) = author {
                    b.text(" ");
                    b.leaf(Tag::new("span").class("mlsys-video-author"), author);
                }
            });
        });
        self.margin.push(item);
    }

    /// A grey placeholder image. Source: Quarto, "Placeholder".
    fn placeholder(&mut self, shortcode: &Shortcode) {
        let number = |i: usize| shortcode.args.get(i).and_then(|a| a.parse::<u32>().ok());
        let width = number(0).unwrap_or(100);
        let height = number(1).unwrap_or(width);
        let label = format!("{width} × {height}");
        let (w, h) = (width.to_string(), height.to_string());
        let svg = Tag::new("svg").class("img-fluid").attr("role", "img").attr("aria-label", &label);
        let svg = svg.attr("width", w).attr("height", h).attr("viewBox", format!("0 0 {width} {height}"));
        let text = Tag::new("text").attr("x", "50%").attr("y", "50%").attr("text-anchor", "middle");
        let text = text.attr("dominant-baseline", "middle").attr("font-family", "sans-serif").attr("fill", "#555");
        self.element(svg, |b| {
            b.leaf(Tag::new("rect").attr("width", "100%").attr("height", "100%").attr("fill", "#ddd"), "");
            b.leaf(text, &label);
        });
    }

    /// Filler text: `3` is the first three paragraphs, `2-4` a range.
    fn lipsum(&mut self, shortcode: &Shortcode) {
        for text in filler(shortcode) {
            self.leaf(Tag::new("p"), text);
            self.newline();
        }
    }
}

/// The paragraphs of filler text that a shortcode asks for.
pub(crate) fn filler(shortcode: &Shortcode) -> impl Iterator<Item = &'static str> {
    let wanted = shortcode.args.first().map_or("1", String::as_str);
    let (from, to): (u32, u32) = match wanted.split_once('-') {
        Some((from, to)) => (from.trim().parse().unwrap_or(1), to.trim().parse().unwrap_or(1)),
        None => (1, wanted.parse().unwrap_or(1)),
    };
    let paragraphs = from..=u32::min(to, from.saturating_add(50));
    paragraphs.map(|paragraph| FILLER[(paragraph.max(1) as usize - 1) % FILLER.len()])
}

/// A system whose keys may differ: key, attribute and name.
type System = (&'static str, &'static str, &'static str);

/// The keys of the systems that the author names.
fn keys_by_system(shortcode: &Shortcode) -> Vec<(System, &str)> {
    const SYSTEMS: [System; 3] =
        [("linux", "data-linux", "Linux"), ("mac", "data-mac", "Mac"), ("win", "data-windows", "Windows")];
    SYSTEMS.iter().filter_map(|system| Some((*system, shortcode.get(system.0)?))).collect()
}

/// The keys to press as one text.
pub(crate) fn key_text(shortcode: &Shortcode) -> String {
    let keys = shortcode.args.join(" ");
    match (keys.as_str(), keys_by_system(shortcode).as_slice()) {
        ("", [(_, first), rest @ ..]) if rest.iter().all(|(_, keys)| keys == first) => (*first).to_owned(),
        ("", systems) => {
            systems.iter().map(|((_, _, name), keys)| format!("{name}: {keys}")).collect::<Vec<_>>().join(", ")
        }
        (keys, _) => keys.to_owned(),
    }
}

/// A shortcode as the author wrote it.
pub(crate) fn written(shortcode: &Shortcode) -> String {
    let mut out = format!("{{{{< {}", shortcode.name);
    shortcode.args.iter().for_each(|arg| out.push_str(&format!(" {arg}")));
    for (key, value) in &shortcode.pairs {
        let quote = if value.contains(' ') { "\"" } else { "" };
        out.push_str(&format!(" {key}={quote}{value}{quote}"));
    }
    out + " >}}"
}

/// Width and height of a video. The aspect ratio completes one that is missing.
fn video_size(width: Option<&str>, height: Option<&str>, ratio: Option<&str>) -> (Option<String>, Option<String>) {
    let ratio = ratio.and_then(|ratio| {
        let (across, down) = ratio.split_once('x')?;
        let ratio = across.trim().parse::<f64>().ok()? / down.trim().parse::<f64>().ok()?;
        Some(ratio).filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    });
    let number = |text: &str| text.trim_end_matches("px").parse::<f64>().ok();
    let rounded = |number: f64| format!("{:.0}", (number + 0.5).floor());
    let (own_width, own_height) = (width.map(str::to_owned), height.map(str::to_owned));
    match (width.and_then(number), height.and_then(number), ratio) {
        (Some(wide), None, Some(ratio)) if height.is_none() => (own_width, Some(rounded(wide / ratio))),
        (None, Some(high), Some(ratio)) if width.is_none() => (Some(rounded(high * ratio)), own_height),
        _ => (own_width, own_height),
    }
}

/// The URL of a known host's video player, and its permissions.
fn embedded(url: &str, start: Option<&str>) -> Option<(String, &'static str)> {
    const YOUTUBE: &str = "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture";
    const VIMEO: &str = "autoplay; fullscreen; picture-in-picture";
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").or_else(|| rest.strip_prefix("m.")).unwrap_or(rest);
    let (host, path) = rest.split_once('/')?;
    let (path, query) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let player = |host: &str, id: &str| {
        let start = start.map(|start| format!("?start={start}")).unwrap_or_default();
        Some((format!("https://www.{host}/embed/{id}{start}"), YOUTUBE))
    };
    match host {
        "youtu.be" => player("youtube.com", parts.next()?),
        "youtube.com" | "youtube-nocookie.com" => match parts.next()? {
            "embed" | "shorts" | "live" | "v" => player(host, parts.next()?),
            "watch" => player(host, query.split(['&', '#']).find_map(|pair| pair.strip_prefix("v="))?),
            _ => None,
        },
        "vimeo.com" => {
            let video = parts.next().filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
            let hash = parts.next().map(|hash| format!("?h={hash}")).unwrap_or_default();
            Some((format!("https://player.vimeo.com/video/{video}{hash}"), VIMEO))
        }
        "player.vimeo.com" => Some((url.to_owned(), VIMEO)),
        "players.brightcove.net" => Some((url.to_owned(), "encrypted-media")),
        _ => None,
    }
}

const FILLER: &[&str] = &[
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.",
    "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.",
    "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur.",
    "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.",
];
