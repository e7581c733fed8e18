//! The open connections, limited in number.
//!
//! A client that opens thousands of idle connections must not lock out the author's own browser. So a new connection is
//! always accepted; above the limit, the connection that has been idle longest is closed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// The maximum number of open connections. Together with the files being sent, it stays below the usual limit of 1,024 open
/// files per process.
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
    /// The time of its last request; 0 for none.
    last_request: u64,
    /// True if it waits for events.
    listens: bool,
}

/// The entry of a connection, removed on drop.
#[derive(Debug)]
pub(crate) struct Ticket {
    connections: Connections,
    id: u64,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection; above the limit, closes the least important one.
    pub fn enter(&self) -> Ticket {
        let mut state = self.lock();
        while state.open.len() >= LIMIT {
            // Close connections without a request first, oldest first; event listeners last.
            let Some((&id, _)) = state.open.iter().min_by_key(|(id, c)| (c.listens, c.last_request, **id)) else {
                break;
            };
            if let Some(Connection { task: Some(task), .. }) = state.open.remove(&id) {
                task.abort();
            }
        }
        state.clock += 1;
        let id = state.clock;
        state.open.insert(id, Connection { task: None, last_request: 0, listens: false });
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
    /// Sets the task that serves a connection.
    pub fn served_by(&self, id: u64, task: AbortHandle) {
        match self.lock().open.get_mut(&id) {
            Some(connection) => connection.task = Some(task),
            None => task.abort(),
        }
    }

    /// Records a request of a connection; `listens` is true for event streams.
    pub fn record_request(&self, id: u64, listens: bool) {
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        if let Some(connection) = state.open.get_mut(&id) {
            connection.last_request = now;
            connection.listens = listens;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.connections.lock().open.remove(&self.id);
    }
}
