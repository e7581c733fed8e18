//! What browsers are told: that a page, a style sheet or a picture has changed, and what is wrong. Server-sent events.

use crate::server::Shared;
use crate::site::{Note, Site};
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, KeepAliveStream, Sse};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// What a browser shows when it begins to listen.
#[derive(Debug, Deserialize)]
pub(crate) struct Listener {
    /// The path of its address, decoded.
    page: String,
    /// The tag of the page that it shows.
    tag: String,
    /// The server and the publication that the page is from: `SESSION.NUMBER`.
    build: String,
}

/// What a browser is told.
#[derive(Debug, Serialize)]
struct Message<'s> {
    build: String,
    /// The tag of the page as it is now.
    tag: &'s str,
    /// What makes the page that the browser was last told of this one; nothing where that is not much shorter than the page.
    edit: Option<Edit<'s>>,
    /// Files, pages apart, that have changed.
    changed: Vec<&'s str>,
    notes: Vec<&'s Note>,
    failed: bool,
}

/// The one part of a page in which it differs from an earlier version.
#[derive(Debug, PartialEq, Serialize)]
struct Edit<'s> {
    /// The tag of the earlier version.
    from: String,
    /// Where the part begins in both, in UTF-16 code units, by which JavaScript counts.
    start: usize,
    /// Where it ends in the earlier version.
    end: usize,
    /// What stands there now.
    text: &'s str,
}

/// The longest part of a page, in bytes, that is sent with an event.
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

/// The length of a text in UTF-16 code units: one for each character, two for those that take four bytes in UTF-8.
fn units(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

/// Answers a listener with everything that concerns its page, from the publication that it shows on. A listener that is slow
/// misses what has been overtaken, and nothing else: each message says how things stand.
pub(crate) async fn events(
    State(shared): State<Shared>,
    Query(listener): Query<Listener>,
) -> Sse<KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut site = shared.site.subscribe();
        let (session, number) = listener.build.split_once('.').unwrap_or(("", "0"));
        // A page of an earlier server may hold anything.
        let mut seen = if *session == *shared.session { number.parse().unwrap_or(0) } else { 0 };
        let mut told = (listener.tag, (false, Vec::new()));
        let path = listener.page.trim_start_matches('/').to_owned();
        let mut last: Option<Arc<Site>> = None;
        loop {
            let now: Arc<Site> = site.borrow_and_update().clone();
            let (shown, tag) = now.shown(&path);
            let changed: Vec<&str> = now.changed_since(seen).filter(|path| !path.ends_with(".html")).collect();
            let notes: Vec<&Note> =
                now.notes.iter().filter(|note| note.page.as_deref().is_none_or(|page| page == shown)).collect();
            let standing = (now.failed, notes.iter().map(|note| (*note).clone()).collect::<Vec<Note>>());
            if tag != told.0 || !changed.is_empty() || standing != told.1 {
                let build = format!("{}.{}", shared.session, now.number);
                let bytes = |site: &'_ Site| site.file(shown).and_then(|(_, file)| file.bytes());
                let versions = last.as_deref().filter(|last| last.shown(&path) == (shown, told.0.clone()));
                let versions = versions.and_then(bytes).zip(bytes(&now)).filter(|_| tag != told.0);
                let edit = versions.as_ref().and_then(|(old, new)| Edit::between(told.0.clone(), old, new));
                let message = Message { build, tag: &tag, edit, changed, notes, failed: now.failed };
                // Strings, numbers and lists can always be written as JSON.
                let json = serde_json::to_string(&message).unwrap_or_default();
                if sender.send(Ok(Event::default().data(json))).await.is_err() {
                    return;
                }
            }
            seen = now.number;
            told = (tag, standing);
            last = Some(now);
            tokio::select! {
                changed = site.changed() => if changed.is_err() { return },
                () = sender.closed() => return,
            }
        }
    });
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
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
