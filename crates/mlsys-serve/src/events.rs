//! Server-sent events: changed pages, style sheets and images, and the errors of a build.

use crate::server::Shared;
use crate::site::{Note, Site};
use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, poll_fn};
use serde::Serialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The state of a browser when it subscribes.
#[derive(Debug, Default)]
struct Listener {
    /// The decoded path of its URL.
    page: String,
    /// The tag of the page that it shows.
    tag: String,
    /// The server session and publication of the page: `SESSION.NUMBER`.
    build: String,
}

impl Listener {
    /// Reads the query of a subscription. A missing field is empty, which fits no page and no build, so the browser is sent
    /// everything.
    fn from_query(query: &str) -> Self {
        let mut listener = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "page" => listener.page = value.into_owned(),
                "tag" => listener.tag = value.into_owned(),
                "build" => listener.build = value.into_owned(),
                _ => {}
            }
        }
        listener
    }
}

/// An event.
#[derive(Debug, Serialize)]
struct Message<'s> {
    build: String,
    /// The current tag of the page.
    tag: &'s str,
    /// The change from the version that the browser knows; `None` if it is not much shorter than the page.
    edit: Option<Edit<'s>>,
    /// Changed files, except pages.
    changed: Vec<&'s str>,
    notes: Vec<&'s Note>,
    failed: bool,
}

/// The single range in which a page differs from an earlier version.
#[derive(Debug, PartialEq, Serialize)]
struct Edit<'s> {
    /// The tag of the earlier version.
    from: String,
    /// The start in both versions, in UTF-16 code units as in JavaScript.
    start: usize,
    /// The end in the earlier version.
    end: usize,
    /// The new text of the range.
    text: &'s str,
}

/// The maximum size in bytes of an edit sent with an event.
const EDIT: usize = 64 << 10;

impl<'s> Edit<'s> {
    fn between(from: String, old: &[u8], new: &'s [u8]) -> Option<Self> {
        let (old, new) = (std::str::from_utf8(old).ok()?, std::str::from_utf8(new).ok()?);
        let same = |a: &mut dyn Iterator<Item = (u8, u8)>| a.take_while(|(a, b)| a == b).count();
        let mut start = same(&mut old.bytes().zip(new.bytes()));
        while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
            start -= 1;
        }
        let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
        let mut after = same(&mut old_rest.bytes().rev().zip(new_rest.bytes().rev()));
        while !(old_rest.is_char_boundary(old_rest.len() - after) && new_rest.is_char_boundary(new_rest.len() - after))
        {
            after -= 1;
        }
        let (gone, text) = (old_rest.get(..old_rest.len() - after)?, new_rest.get(..new_rest.len() - after)?);
        let start = units(old.get(..start)?);
        (text.len() <= EDIT).then(|| Edit { from, start, end: start + units(gone), text })
    }
}

/// The length of a text in UTF-16 code units: two for characters of four UTF-8 bytes, one for all others.
fn units(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

/// Streams all changes that affect a listener's page, starting from the publication that it shows. Each message contains the
/// current state, so a slow listener skips outdated messages only.
pub(crate) async fn events(
    State(shared): State<Shared>,
    RawQuery(query): RawQuery,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let listener = Listener::from_query(query.as_deref().unwrap_or_default());
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut site = shared.site.subscribe();
        let (session, number) = listener.build.split_once('.').unwrap_or(("", "0"));
        // Nothing is known about a page of an earlier server.
        let mut seen = if *session == *shared.session { number.parse().unwrap_or(0) } else { 0 };
        let mut sent = (listener.tag, (false, Vec::new()));
        let path = listener.page.trim_start_matches('/').to_owned();
        let mut last: Option<Arc<Site>> = None;
        loop {
            let now: Arc<Site> = site.borrow_and_update().clone();
            let (shown, tag) = now.shown(&path);
            let changed: Vec<&str> = now.changed_since(seen).filter(|path| !path.ends_with(".html")).collect();
            let notes: Vec<&Note> =
                now.notes.iter().filter(|note| note.page.as_deref().is_none_or(|page| page == shown)).collect();
            let state = (now.failed, notes.iter().map(|note| (*note).clone()).collect::<Vec<Note>>());
            if tag != sent.0 || !changed.is_empty() || state != sent.1 {
                let build = format!("{}.{}", shared.session, now.number);
                let bytes = |site: &'_ Site| site.file(shown).and_then(|(_, file)| file.bytes());
                let versions = last.as_deref().filter(|last| last.shown(&path) == (shown, sent.0.clone()));
                let versions = versions.and_then(bytes).zip(bytes(&now)).filter(|_| tag != sent.0);
                let edit = versions.as_ref().and_then(|(old, new)| Edit::between(sent.0.clone(), old, new));
                let message = Message { build, tag: &tag, edit, changed, notes, failed: now.failed };
                // Strings, numbers and lists always serialize to JSON.
                let json = serde_json::to_string(&message).unwrap_or_default();
                if sender.send(Ok(Event::default().data(json))).await.is_err() {
                    return;
                }
            }
            seen = now.number;
            sent = (tag, state);
            last = Some(now);
            tokio::select! {
                changed = site.changed() => if changed.is_err() { return },
                () = sender.closed() => return,
            }
        }
    });
    Sse::new(poll_fn(move |context| receiver.poll_recv(context)))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_counted_in_units_of_utf_16() {
        let edit = |old: &str, new: &str| {
            let edit = Edit::between(String::new(), old.as_bytes(), new.as_bytes());
            edit.map(|edit| (edit.start, edit.end, edit.text.to_owned()))
        };
        let expect = |start, end, text: &str| Some((start, end, text.to_owned()));
        assert_eq!(edit("a pear", "a red pear"), expect(2, 2, "red "));
        assert_eq!(edit("😀é pear", "😀è pear"), expect(2, 3, "è"));
        assert_eq!(edit("aaa", "aa"), expect(2, 3, ""));
        assert_eq!(edit("one", "one"), expect(3, 3, ""));
        assert_eq!(edit("", &"x".repeat(EDIT + 1)), None);
    }
}
