//! A client of a running kernel: requests, replies, and the outputs between them.

use super::message::{Message, Session};
use super::zmtp::{self, Endpoint, Receiver, Sender, Stream};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::mpsc::{self, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often a wait looks for other reasons to end.
const POLL: Duration = Duration::from_millis(20);

/// How long outputs are waited for after a reply. A kernel drops outputs that nobody has fetched in time, the last one too.
const LATE: Duration = Duration::from_secs(5);

/// How long the status of a kernel that has answered is waited for, before it is asked again.
const ANSWER: Duration = Duration::from_millis(200);

/// The largest reply: one that has an inline value.
const LARGEST_REPLY: u64 = 64 << 20;

/// The sockets of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Requests to run code.
    pub shell: Endpoint,
    /// Requests that do not wait for code.
    pub control: Endpoint,
    /// Outputs.
    pub iopub: Endpoint,
}

/// Why a kernel ran nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The page took too long.
    TimedOut,
    /// Nobody wants its results any more.
    Cancelled,
    /// It wrote too much.
    TooMuchOutput,
    /// Its connections have ended.
    Lost,
}

/// What a wait asks now and then: whether to go on.
pub type Check<'a> = &'a mut dyn FnMut() -> Result<(), Stop>;

/// What sockets receive.
enum Event {
    Shell(Vec<Vec<u8>>),
    Output(Vec<Vec<u8>>),
    TooLarge,
    Closed,
}

/// A connection to a kernel.
#[derive(Debug)]
pub struct Client {
    session: Session,
    shell: Sender,
    control: Sender,
    /// Outputs come as long as it is open.
    _iopub: Sender,
    events: mpsc::Receiver<Event>,
    /// The requests to run code: kernels print things of their own, too.
    executions: BTreeSet<String>,
}

impl Client {
    /// Connects to a kernel that is starting, and waits until its outputs arrive. `limit` is the size of all outputs.
    pub fn connect(endpoints: &Endpoints, session: Session, limit: u64, check: Check<'_>) -> Result<Self, Stop> {
        let mut open = |endpoint: &Endpoint, kind: &str, largest: u64| loop {
            match zmtp::connect(endpoint, kind, largest) {
                Ok(connection) => return Ok(connection),
                Err(error) if error.kind() == ErrorKind::Unsupported => return Err(Stop::Lost),
                // It does not listen yet.
                Err(_) => std::thread::sleep(POLL),
            }
            check()?;
        };
        let (iopub, outputs) = open(&endpoints.iopub, "SUB", limit)?;
        let (shell, replies) = open(&endpoints.shell, "DEALER", LARGEST_REPLY)?;
        let (control, control_replies) = open(&endpoints.control, "DEALER", LARGEST_REPLY)?;
        let (sender, events) = channel();
        receive(outputs, sender.clone(), limit, Event::Output);
        // What the control socket replies is of no interest, but it must be read.
        receive(control_replies, sender.clone(), u64::MAX, Event::Shell);
        receive(replies, sender, u64::MAX, Event::Shell);
        let mut client = Client { session, shell, control, _iopub: iopub, events, executions: BTreeSet::new() };
        client.wait_for_outputs(check)?;
        Ok(client)
    }

    /// Waits until the kernel answers, and until the subscription to outputs is in force: what it sends before is lost.
    fn wait_for_outputs(&mut self, check: Check<'_>) -> Result<(), Stop> {
        let mut requests = BTreeSet::from([self.send("kernel_info_request", &json!({}))?]);
        let mut has_output = false;
        let mut answered = None;
        loop {
            match self.next()? {
                Some((Source::Output, message)) => has_output |= requests.contains(&message.parent),
                Some((Source::Shell, message)) if requests.contains(&message.parent) => answered = Some(Instant::now()),
                Some((Source::Shell, _)) | None => check()?,
            }
            match answered {
                Some(_) if has_output => return Ok(()),
                // Its status was sent before the subscription.
                Some(time) if time.elapsed() > ANSWER => {
                    answered = None;
                    requests.insert(self.send("kernel_info_request", &json!({}))?);
                }
                Some(_) | None => {}
            }
        }
    }

    /// Asks the kernel to run code. The result identifies the request.
    pub fn execute(&mut self, request: &Value) -> Result<String, Stop> {
        let identifier = self.send("execute_request", request)?;
        self.executions.insert(identifier.clone());
        Ok(identifier)
    }

    /// Waits for the reply to a request, and gives its content. `add` gets the outputs as they come.
    pub fn reply(
        &mut self,
        identifier: &str,
        add: &mut dyn FnMut(&str, &Value),
        check: Check<'_>,
    ) -> Result<Value, Stop> {
        let mut reply = None;
        let mut is_idle = false;
        let mut replied = Instant::now();
        loop {
            match self.next()? {
                Some((Source::Shell, message)) if message.parent == identifier => {
                    (reply, replied) = (Some(message.content), Instant::now());
                }
                Some((Source::Output, message)) if message.kind == "status" => {
                    is_idle |= message.parent == identifier && message.content["execution_state"] == "idle";
                }
                Some((Source::Output, message)) if self.executions.contains(&message.parent) => {
                    add(&message.kind, &message.content);
                }
                Some((Source::Shell | Source::Output, _)) | None => {}
            }
            reply = match reply {
                Some(reply) if is_idle || replied.elapsed() > LATE => return Ok(reply),
                reply => reply,
            };
            check()?;
        }
    }

    /// Sends a request for an interruption, to kernels that take it as a message.
    pub fn interrupt(&mut self) {
        self.send_control("interrupt_request", &json!({}));
    }

    /// Asks the kernel to end.
    pub fn shut_down(&mut self) {
        self.send_control("shutdown_request", &json!({"restart": false}));
    }

    fn send_control(&mut self, kind: &str, content: &Value) {
        let (parts, _) = self.session.request(kind, content);
        // A kernel that has ended needs no request.
        let _ = self.control.send(&parts);
    }

    fn send(&mut self, kind: &str, content: &Value) -> Result<String, Stop> {
        let (parts, identifier) = self.session.request(kind, content);
        self.shell.send(&parts).map_err(|_| Stop::Lost)?;
        Ok(identifier)
    }

    /// The next message within a short time.
    fn next(&mut self) -> Result<Option<(Source, Message)>, Stop> {
        let (source, parts) = match self.events.recv_timeout(POLL) {
            Ok(Event::Shell(parts)) => (Source::Shell, parts),
            Ok(Event::Output(parts)) => (Source::Output, parts),
            Ok(Event::TooLarge) => return Err(Stop::TooMuchOutput),
            Ok(Event::Closed) | Err(RecvTimeoutError::Disconnected) => return Err(Stop::Lost),
            Err(RecvTimeoutError::Timeout) => return Ok(None),
        };
        Ok(self.session.read(&parts).map(|message| (source, message)))
    }
}

/// The socket that a message came from.
enum Source {
    Shell,
    Output,
}

/// Receives on a thread, at once: what waits too long in the kernel is dropped there.
fn receive(
    mut socket: Receiver<Stream>,
    events: mpsc::Sender<Event>,
    limit: u64,
    event: impl Fn(Vec<Vec<u8>>) -> Event + Send + 'static,
) {
    std::thread::spawn(move || {
        let mut left = limit;
        loop {
            let event = match socket.receive() {
                Ok(parts) => match left.checked_sub(parts.iter().map(|part| part.len() as u64).sum()) {
                    Some(rest) => {
                        left = rest;
                        event(parts)
                    }
                    None => Event::TooLarge,
                },
                Err(error) if error.kind() == ErrorKind::FileTooLarge => Event::TooLarge,
                Err(_) => Event::Closed,
            };
            let is_last = matches!(event, Event::TooLarge | Event::Closed);
            if events.send(event).is_err() || is_last {
                return;
            }
        }
    });
}
