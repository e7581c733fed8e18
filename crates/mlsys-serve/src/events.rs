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
    /// Files, pages apart, that have changed.
    changed: Vec<&'s str>,
    notes: Vec<&'s Note>,
    failed: bool,
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
        loop {
            let now: Arc<Site> = site.borrow_and_update().clone();
            let (shown, tag) = now.shown(&path);
            let changed: Vec<&str> = now.changed_since(seen).filter(|path| !path.ends_with(".html")).collect();
            let notes: Vec<&Note> =
                now.notes.iter().filter(|note| note.page.as_deref().is_none_or(|page| page == shown)).collect();
            let standing = (now.failed, notes.iter().map(|note| (*note).clone()).collect::<Vec<Note>>());
            if tag != told.0 || !changed.is_empty() || standing != told.1 {
                let build = format!("{}.{}", shared.session, now.number);
                let message = Message { build, tag: &tag, changed, notes, failed: now.failed };
                // Strings, numbers and lists can always be written as JSON.
                let json = serde_json::to_string(&message).unwrap_or_default();
                if sender.send(Ok(Event::default().data(json))).await.is_err() {
                    return;
                }
            }
            seen = now.number;
            told = (tag, standing);
            tokio::select! {
                changed = site.changed() => if changed.is_err() { return },
                () = sender.closed() => return,
            }
        }
    });
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
