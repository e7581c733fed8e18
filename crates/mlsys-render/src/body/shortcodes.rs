//! Shortcodes that become markup. Source: Quarto, "Shortcodes".

use super::Body;
use super::inlines::is_local;
use crate::html;
use mlsys_book::{Shortcode, Span};

impl Body<'_> {
    /// A shortcode alone in its paragraph.
    pub(super) fn block_shortcode(&mut self, shortcode: &Shortcode, _span: Span) {
        match shortcode.name.as_str() {
            "pagebreak" => self.push("<div style=\"page-break-after: always;\"></div>\n"),
            "video" => {
                self.video(shortcode);
                self.push("\n");
            }
            "margin-video" => self.margin_video(shortcode),
            "lipsum" => self.lipsum(shortcode),
            _ => {
                self.push("<p>");
                self.inline_shortcode(shortcode);
                self.push("</p>\n");
            }
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
            _ => {
                self.push("<span class=\"mlsys-shortcode\">");
                self.text(&written(shortcode));
                self.push("</span>");
            }
        }
    }

    /// Keys to press; where systems differ, all of them are said, as nothing here knows the reader's.
    fn keys(&mut self, shortcode: &Shortcode) {
        let (text, by_system) = (key_text(shortcode), keys_by_system(shortcode));
        self.push("<kbd");
        for ((_, attribute, _), keys) in by_system {
            html::attribute(&mut self.out.text, attribute, keys);
        }
        html::attribute(&mut self.out.text, "title", &text);
        self.push(" aria-hidden=\"true\">");
        self.text(&text);
        self.push("</kbd><span class=\"visually-hidden\">");
        self.text(&text);
        self.push("</span>");
    }

    fn video(&mut self, shortcode: &Shortcode) {
        let Some(url) = shortcode.args.first().map(String::as_str).or_else(|| shortcode.get("src")) else { return };
        let title = shortcode.get("title").unwrap_or("");
        let ratio = shortcode.get("aspect-ratio").unwrap_or("16x9");
        let sized = shortcode.get("width").is_some() || shortcode.get("height").is_some();
        if let Some((address, allow)) = embedded(url, shortcode.get("start")) {
            let class = if sized { "quarto-video".to_owned() } else { format!("quarto-video ratio ratio-{ratio}") };
            self.push("<div");
            html::attribute(&mut self.out.text, "class", &class);
            self.push("><iframe data-external=\"1\"");
            html::attribute(&mut self.out.text, "src", &address);
            for name in ["width", "height"] {
                if let Some(value) = shortcode.get(name) {
                    html::attribute(&mut self.out.text, name, value);
                }
            }
            html::attribute(&mut self.out.text, "title", title);
            self.push(" frameborder=\"0\" loading=\"lazy\"");
            html::attribute(&mut self.out.text, "allow", allow);
            self.push(" allowfullscreen=\"\"></iframe></div>");
            return;
        }
        self.counters.videos += 1;
        let address = if is_local(url) { self.address.resource(url) } else { url.to_owned() };
        self.push(&format!(
            "<div class=\"quarto-video\"><video id=\"video_shortcode_videojs_video{}\"",
            self.counters.videos
        ));
        self.push(
            " class=\"video-js vjs-default-skin vjs-big-play-centered vjs-fluid\" controls=\"\" preload=\"metadata\"",
        );
        html::attribute(&mut self.out.text, "title", title);
        for name in ["width", "height"] {
            if let Some(value) = shortcode.get(name) {
                html::attribute(&mut self.out.text, name, value);
            }
        }
        self.push("><source");
        html::address_attribute(&mut self.out.text, "src", &address);
        self.push("></video></div>");
    }

    /// A film for the margin: a link with title and author. Nothing is loaded from another host until the reader follows it.
    /// Source: the `margin-video` extension.
    fn margin_video(&mut self, shortcode: &Shortcode) {
        let Some(url) = shortcode.args.first() else { return };
        let title = shortcode.args.get(1).map_or(url.as_str(), String::as_str);
        let author = shortcode.args.get(2);
        let item = self.captured(|b| {
            b.push("<div class=\"margin-video\"><a");
            html::address_attribute(&mut b.out.text, "href", url);
            b.push("><span class=\"mlsys-video-icon\" aria-hidden=\"true\">▶</span> ");
            b.text(title);
            b.push("</a>");
            if let Some(author) = author {
                b.push(" <span class=\"mlsys-video-author\">");
                b.text(author);
                b.push("</span>");
            }
            b.push("</div>\n");
        });
        self.margin.push(item);
    }

    /// A grey picture of a size. Source: Quarto, "Placeholder".
    fn placeholder(&mut self, shortcode: &Shortcode) {
        let number = |i: usize| shortcode.args.get(i).and_then(|a| a.parse::<u32>().ok());
        let width = number(0).unwrap_or(100);
        let height = number(1).unwrap_or(width);
        self.push(&format!(
            "<svg class=\"img-fluid\" role=\"img\" aria-label=\"{width} × {height}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\"><rect width=\"100%\" height=\"100%\" fill=\"#ddd\"></rect><text x=\"50%\" y=\"50%\" \
             text-anchor=\"middle\" dominant-baseline=\"middle\" font-family=\"sans-serif\" fill=\"#555\">{width} × \
             {height}</text></svg>"
        ));
    }

    /// Filler text: paragraphs by number, `3` for the first three, `2-4` for a range.
    fn lipsum(&mut self, shortcode: &Shortcode) {
        for text in filler(shortcode) {
            self.push("<p>");
            self.push(text);
            self.push("</p>\n");
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

/// Key, attribute and name of the systems whose keys may differ.
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

/// The player of a film on a known host.
fn embedded(url: &str, start: Option<&str>) -> Option<(String, &'static str)> {
    const ALLOW: &str = "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture";
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let id = |s: &str| s.split(['?', '&', '/', '#']).next().unwrap_or(s).to_owned();
    let youtube = rest
        .strip_prefix("youtube.com/embed/")
        .or_else(|| rest.strip_prefix("youtube-nocookie.com/embed/"))
        .or_else(|| rest.strip_prefix("youtube.com/watch?v="))
        .or_else(|| rest.strip_prefix("youtu.be/"));
    if let Some(video) = youtube {
        let start = start.map(|s| format!("?start={s}")).unwrap_or_default();
        return Some((format!("https://www.youtube.com/embed/{}{start}", id(video)), ALLOW));
    }
    if let Some(video) = rest.strip_prefix("vimeo.com/") {
        let address = format!("https://player.vimeo.com/video/{}", id(video));
        return Some((address, "autoplay; fullscreen; picture-in-picture"));
    }
    None
}

const FILLER: &[&str] = &[
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.",
    "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.",
    "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur.",
    "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.",
];
