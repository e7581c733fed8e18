//! The server: listens, admits requests, publishes sites.

use crate::answer::answer;
use crate::connections::{Connections, Ticket};
use crate::events::events;
use crate::origin::Hosts;
use crate::site::{Note, Publication, Site};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// The path prefix of the server's own URLs.
pub(crate) const SERVER_PREFIX: &str = "/.mlsys/";

/// The maximum size of a request line with its headers.
const HEADER_BYTES: usize = 32 << 10;

/// The time-out for reading request headers.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How many ports to try if the author named none.
const PORTS: u16 = 20;

/// Where to listen.
///
/// Other machines reach the server only if `host` is not a loopback address. Requests for a host name that somebody else may
/// own are always refused, which prevents DNS rebinding.
#[derive(Clone, Debug)]
pub struct Listen {
    /// A host name or IP address.
    pub host: String,
    /// The port; 0 for any free port.
    pub port: u16,
    /// True if the next ports may be tried when this one is in use.
    pub next: bool,
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    shared: Shared,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

/// State shared by all requests.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub site: Arc<watch::Sender<Arc<Site>>>,
    pub hosts: Hosts,
    /// Distinguishes this server from an earlier one at the same address.
    pub session: Arc<str>,
    connections: Connections,
}

/// The connection of a request.
#[derive(Clone, Copy, Debug)]
struct ConnectionId(u64);

impl Server {
    /// Starts a server on its own threads. Until the first publication every request gets status 404.
    ///
    /// # Errors
    /// If the host is unknown, or the port is in use or not permitted.
    pub fn start(listen: &Listen) -> io::Result<Server> {
        let listener = bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let shared = Shared {
            site: Arc::new(watch::Sender::new(Arc::default())),
            hosts: Hosts { named: listen.host.clone(), loopback: address.ip().is_loopback() },
            session: format!("{nanoseconds:x}").into(),
            connections: Connections::default(),
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("serve").enable_all().build()?;
        let router = Router::new()
            .route("/.mlsys/events", get(events))
            .route("/.mlsys/client.js", get(client))
            .fallback(answer)
            .layer(from_fn_with_state(shared.clone(), admit))
            .with_state(shared.clone());
        runtime.spawn(accept(listener, router, shared.connections.clone()));
        Ok(Server { shared, address, runtime: Some(runtime) })
    }

    /// The socket address of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the site atomically: requests in progress finish with the old one. Browsers whose page changed are notified.
    /// Returns the number of pages that changed.
    pub fn publish(&self, publication: Publication) -> usize {
        let site = self.shared.site.borrow().published(publication);
        let changed = site.changed_since(site.number - 1).filter(|path| path.ends_with(".html")).count();
        self.shared.site.send_replace(Arc::new(site));
        changed
    }

    /// Shows errors on top of the last published site.
    pub fn fail(&self, notes: Vec<Note>) {
        let site = self.shared.site.borrow().failed(notes);
        self.shared.site.send_replace(Arc::new(site));
    }

    /// Calls `stop` on an interrupt (Ctrl-C).
    pub fn on_interrupt(&self, stop: impl FnOnce() + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                if tokio::signal::ctrl_c().await.is_ok() {
                    stop();
                }
            });
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn bind(listen: &Listen) -> io::Result<TcpListener> {
    let last = if listen.next { listen.port.saturating_add(PORTS) } else { listen.port };
    let mut result = Err(io::Error::new(io::ErrorKind::NotFound, "the host name has no IP address"));
    for port in listen.port..=last {
        let addresses: Vec<SocketAddr> = (listen.host.as_str(), port).to_socket_addrs()?.collect();
        result = TcpListener::bind(addresses.as_slice());
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            _ => return result,
        }
    }
    result
}

/// Accepts connections until the runtime shuts down.
async fn accept(listener: TcpListener, router: Router, connections: Connections) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // The client has closed the connection, or there are too many open files. Sleep, so as not to spin on the latter.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let ticket = connections.enter();
        let id = ticket.id();
        // Without this, small responses such as events would be delayed.
        let _ = stream.set_nodelay(true);
        let task = tokio::spawn(serve(stream, router.clone(), ticket));
        connections.served_by(id, task.abort_handle());
    }
}

/// Serves the requests of a connection.
async fn serve(stream: tokio::net::TcpStream, router: Router, ticket: Ticket) {
    let router = router.layer(axum::Extension(ConnectionId(ticket.id())));
    // Errors on a connection concern only the client.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
    drop(ticket);
}

/// Admits or refuses a request.
async fn admit(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let listens = request.uri().path() == "/.mlsys/events";
    if let Some(ConnectionId(id)) = request.extensions().get() {
        shared.connections.record_request(*id, listens);
    }
    if !shared.hosts.admit(request.uri(), request.headers()) {
        return (StatusCode::FORBIDDEN, "This server does not serve the requested host name.\n").into_response();
    }
    if request.uri().path().starts_with(SERVER_PREFIX) && !shared.hosts.is_from_here(request.headers()) {
        return (StatusCode::FORBIDDEN, "Only pages of this server may request this.\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The live-reload script.
async fn client() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("client.js"))
}
