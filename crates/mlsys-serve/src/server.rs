//! The server: listening, letting requests in, publishing.

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

/// The folder of addresses that are the server's own and not the site's.
pub(crate) const OWN: &str = "/.mlsys/";

/// How much a request's line and headers may come to.
const HEADER_BYTES: usize = 32 << 10;

/// How long a connection may take to say what it wants.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How many ports are tried when the author asked for none.
const PORTS: u16 = 20;

/// Where to listen.
///
/// Other machines reach the server only where `host` is no loopback address. Requests that name a host which somebody else may
/// own are refused wherever it listens.
#[derive(Clone, Debug)]
pub struct Listen {
    /// A host name or address.
    pub host: String,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether the ports after it may be taken when it is in use.
    pub next: bool,
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    shared: Shared,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

/// What all requests see.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub site: Arc<watch::Sender<Arc<Site>>>,
    pub hosts: Hosts,
    /// Tells this server from an earlier one at the same address.
    pub session: Arc<str>,
    connections: Connections,
}

/// The number of the connection that a request came on.
#[derive(Clone, Copy, Debug)]
struct ConnectionId(u64);

impl Server {
    /// Listens and answers on threads of its own. Until something is published every answer says that there is nothing yet.
    ///
    /// # Errors
    /// When the host is unknown or the port is in use or may not be used.
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

    /// The address that it listens at.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the site: requests that are under way see the old one to their end, later ones the new one. Browsers whose page
    /// has changed are told so.
    pub fn publish(&self, publication: Publication) {
        let site = self.shared.site.borrow().published(publication);
        self.shared.site.send_replace(Arc::new(site));
    }

    /// Shows what went wrong over the site as it was last published.
    pub fn fail(&self, notes: Vec<Note>) {
        let site = self.shared.site.borrow().failed(notes);
        self.shared.site.send_replace(Arc::new(site));
    }

    /// Calls `stop` when the process is asked to end (Ctrl-C).
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
    let mut result = Err(io::Error::new(io::ErrorKind::NotFound, "the host has no address"));
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

/// Takes connections in for as long as the runtime lives.
async fn accept(listener: TcpListener, router: Router, connections: Connections) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // The other side has gone already, or there are too many open files; the latter must not become a busy loop.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let ticket = connections.enter();
        let id = ticket.id();
        // Small answers, such as events, must not wait for more to send.
        let _ = stream.set_nodelay(true);
        let task = tokio::spawn(serve(stream, router.clone(), ticket));
        connections.served_by(id, task.abort_handle());
    }
}

/// Answers the requests of a connection.
async fn serve(stream: tokio::net::TcpStream, router: Router, ticket: Ticket) {
    let router = router.layer(axum::Extension(ConnectionId(ticket.id())));
    // What goes wrong on a connection is the other side's affair.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
    drop(ticket);
}

/// Lets a request in, or refuses it.
async fn admit(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let listens = request.uri().path() == "/.mlsys/events";
    if let Some(ConnectionId(id)) = request.extensions().get() {
        shared.connections.asked(*id, listens);
    }
    if !shared.hosts.admit(request.uri(), request.headers()) {
        return (StatusCode::FORBIDDEN, "The host that this request names is not one of this server.\n")
            .into_response();
    }
    if request.uri().path().starts_with(OWN) && !shared.hosts.is_from_here(request.headers()) {
        return (StatusCode::FORBIDDEN, "This is for pages of this server only.\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The script that keeps a page current.
async fn client() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("client.js"))
}
