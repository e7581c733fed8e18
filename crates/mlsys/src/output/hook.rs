//! Build hooks: a POST request triggers a build on the host. Source: Netlify, "Build hooks".

use std::time::Duration;
use ureq::http::{StatusCode, header};
use ureq::{Agent, Error};

/// A build hook with its parameters. Its URL is secret and never shown, so there is no `Debug` either.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildHook {
    url: String,
    query: Vec<(&'static str, String)>,
}

/// How to send the request.
#[derive(Clone, Debug)]
pub struct PublishOptions {
    /// The time-out of the request.
    pub timeout: Duration,
    /// The number of retries after a time-out or a server error.
    pub retries: u32,
    /// The pause before the first retry; it doubles each time.
    pub pause: Duration,
}

/// Why a build hook was not triggered. Messages never contain the secret URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// The URL is not one of a build hook.
    #[error("the URL of the build hook must start with https://")]
    InvalidUrl,
    /// The host is unreachable or rejects the request.
    #[error("{0}")]
    Failed(String),
}

impl BuildHook {
    /// A hook from its URL.
    ///
    /// # Errors
    /// If the URL is invalid.
    pub fn new(url: &str, branch: Option<&str>, title: &str, clear_cache: bool) -> Result<Self, HookError> {
        let url = url.trim();
        let rest =
            url.strip_prefix("https://").or_else(|| url.strip_prefix("http://").filter(|rest| is_loopback(rest)));
        if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || rest.contains(char::is_whitespace)) {
            return Err(HookError::InvalidUrl);
        }
        let mut query: Vec<(&'static str, String)> = Vec::new();
        query.extend(branch.map(|branch| ("trigger_branch", branch.to_owned())));
        query.push(("trigger_title", title.to_owned()));
        if clear_cache {
            query.push(("clear_cache", "true".to_owned()));
        }
        Ok(BuildHook { url: url.to_owned(), query })
    }

    /// The host, which is not secret.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        // The host may follow a user name and a password.
        host.rsplit('@').next().unwrap_or(host)
    }

    /// The URL without the secret.
    pub fn shown(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("https", ""));
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        let folder = path.split_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        format!("{scheme}://{}/{folder}…", self.host())
    }

    /// The request as text, without the secret.
    pub fn request_text(&self) -> String {
        let query: Vec<String> = self.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!(
            "POST {}\nquery: {}\n{}: {CONTENT_TYPE}\n{}: {USER_AGENT}\n\n{BODY}\n",
            self.shown(),
            query.join(" & "),
            header::CONTENT_TYPE,
            header::USER_AGENT
        )
    }
}

const CONTENT_TYPE: &str = "application/json";
const USER_AGENT: &str = concat!("mlsys/", env!("CARGO_PKG_VERSION"));
const BODY: &str = "{}";

/// True for a loopback URL, where a test server may listen without encryption.
fn is_loopback(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')))
}

/// Sends the request.
///
/// # Errors
/// If the host is unreachable or rejects the request.
pub fn post(hook: &BuildHook, options: &PublishOptions) -> Result<(), HookError> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(options.timeout))
        .http_status_as_error(false)
        // A redirect would send the secret to another URL.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(USER_AGENT)
        .build()
        .into();
    let mut pause = options.pause;
    for attempt in 0.. {
        let mut request = agent.post(&hook.url).header(header::CONTENT_TYPE, CONTENT_TYPE);
        for (key, value) in &hook.query {
            request = request.query(key, value);
        }
        let (sentence, passing) = match request.send(BODY) {
            Ok(response) => match refusal(response.status()) {
                None => return Ok(()),
                Some((sentence, passing)) => (format!("{} {sentence}", hook.host()), passing),
            },
            Err(error) => {
                let passing = !matches!(error, Error::BadUri(_) | Error::Http(_) | Error::InvalidProxyUrl);
                (format!("{} is unreachable: {}", hook.host(), reason(&error)), passing)
            }
        };
        if !passing || attempt >= options.retries {
            let tries = if attempt == 0 { String::new() } else { format!(" ({} tries)", attempt + 1) };
            return Err(HookError::Failed(sentence + &tries));
        }
        std::thread::sleep(pause);
        pause *= 2;
    }
    Ok(())
}

/// The meaning of an error status; true if it may be temporary. `None` if the request was accepted.
fn refusal(status: StatusCode) -> Option<(String, bool)> {
    match status.as_u16() {
        200..=299 => None,
        401 | 403 | 404 | 410 => {
            Some(("does not know this build hook; it may be deleted or mistyped".to_owned(), false))
        }
        300..=399 => {
            Some(("redirects to another URL, which is not followed; use the hook's current URL".to_owned(), false))
        }
        429 => Some(("accepts no more requests now; try again later".to_owned(), true)),
        code @ 500.. => Some((format!("returned {code}; try again later"), true)),
        code => Some((format!("rejected the request with {code}"), false)),
    }
}

/// The reason why there is no response. Never contains the URL.
fn reason(error: &Error) -> String {
    match error {
        Error::HostNotFound => "the host does not exist, or there is no network".to_owned(),
        Error::Timeout(_) => "time-out".to_owned(),
        Error::ConnectionFailed => "the connection failed; check the network".to_owned(),
        Error::Io(error) => error.kind().to_string(),
        Error::Tls(what) => format!("the TLS handshake failed ({what})"),
        Error::Rustls(error) => format!("the TLS handshake failed ({error})"),
        _ => "cannot send the request".to_owned(),
    }
}
