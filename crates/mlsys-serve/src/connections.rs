//! The open connections, of which there are never more than a limit.
//!
//! Whoever opens thousands of connections and says nothing must not keep the author's own browser out. So a new connection is
//! always let in, and when there are too many the one that has been silent for longest is closed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// How many connections may be open. Together with the files that answers read this stays below the usual limit of 1,024
/// open files of a process.
const LIMIT: usize = 400;

/// The open connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    clock: u64,
    open: BTreeMap<u64, Connection>,
}

#[derive(Debug)]
struct Connection {
    task: Option<AbortHandle>,
    /// When it last asked for something; 0 for never.
    asked: u64,
    /// Whether it waits for events.
    listens: bool,
}

/// A connection's entry, which goes when the connection does.
#[derive(Debug)]
pub(crate) struct Ticket {
    connections: Connections,
    id: u64,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in, and closes the one that matters least where there are too many.
    pub fn enter(&self) -> Ticket {
        let mut state = self.lock();
        while state.open.len() >= LIMIT {
            // Those that listen last, those that never asked first, the oldest of them first.
            let Some((&id, _)) = state.open.iter().min_by_key(|(id, c)| (c.listens, c.asked, **id)) else { break };
            if let Some(Connection { task: Some(task), .. }) = state.open.remove(&id) {
                task.abort();
            }
        }
        state.clock += 1;
        let id = state.clock;
        state.open.insert(id, Connection { task: None, asked: 0, listens: false });
        Ticket { connections: self.clone(), id }
    }
}

impl Ticket {
    /// The connection's number.
    pub fn id(&self) -> u64 {
        self.id
    }
}

impl Connections {
    /// Says which task serves a connection.
    pub fn served_by(&self, id: u64, task: AbortHandle) {
        match self.lock().open.get_mut(&id) {
            Some(connection) => connection.task = Some(task),
            None => task.abort(),
        }
    }

    /// Notes that a connection has asked for something; `listens` for events.
    pub fn asked(&self, id: u64, listens: bool) {
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        if let Some(connection) = state.open.get_mut(&id) {
            connection.asked = now;
            connection.listens = listens;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.connections.lock().open.remove(&self.id);
    }
}
