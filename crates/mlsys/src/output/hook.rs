//! A build hook: one POST makes the host build and publish the site. Source: Netlify, "Build hooks".

use std::time::Duration;
use ureq::http::{StatusCode, header};
use ureq::{Agent, Error};

/// A build hook and what is asked of it. Its address is a secret and is never shown whole; so there is no `Debug` either.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildHook {
    url: String,
    query: Vec<(&'static str, String)>,
}

/// How to send the request.
#[derive(Clone, Debug)]
pub struct PublishOptions {
    /// How long an answer may take.
    pub timeout: Duration,
    /// How often it is sent again after no answer or a failure of the host.
    pub retries: u32,
    /// The pause before the first repetition; it doubles each time.
    pub pause: Duration,
}

impl BuildHook {
    /// A hook by its address.
    ///
    /// # Errors
    /// A message that does not name the address, when it is none.
    pub fn new(url: &str, branch: Option<&str>, title: &str, clear_cache: bool) -> Result<Self, String> {
        let url = url.trim();
        let rest =
            url.strip_prefix("https://").or_else(|| url.strip_prefix("http://").filter(|rest| is_loopback(rest)));
        if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || rest.contains(char::is_whitespace)) {
            return Err("the build hook is no address that begins with https://".to_owned());
        }
        let mut query: Vec<(&'static str, String)> = Vec::new();
        query.extend(branch.map(|branch| ("trigger_branch", branch.to_owned())));
        query.push(("trigger_title", title.to_owned()));
        if clear_cache {
            query.push(("clear_cache", "true".to_owned()));
        }
        Ok(BuildHook { url: url.to_owned(), query })
    }

    /// The host, which is no secret.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        // A name and a password may stand before the host.
        host.rsplit('@').next().unwrap_or(host)
    }

    /// The address with the secret left out.
    pub fn shown(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("https", ""));
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        let folder = path.split_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        format!("{scheme}://{}/{folder}…", self.host())
    }

    /// The request as text, with the secret left out.
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

/// Whether an address stays on this machine, where a stand-in may listen without encryption.
fn is_loopback(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')))
}

/// Sends the request.
///
/// # Errors
/// A sentence, without the secret, when the host cannot be reached or does not take the request.
pub fn post(hook: &BuildHook, options: &PublishOptions) -> Result<(), String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(options.timeout))
        .http_status_as_error(false)
        // A redirect would hand the secret to another address.
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
                (format!("{} does not answer: {}", hook.host(), reason(&error)), passing)
            }
        };
        if !passing || attempt >= options.retries {
            let tries = if attempt == 0 { String::new() } else { format!(" ({} tries)", attempt + 1) };
            return Err(format!("{sentence}{tries}"));
        }
        std::thread::sleep(pause);
        pause *= 2;
    }
    Ok(())
}

/// What a status means, and whether it may pass; nothing when the request was taken.
fn refusal(status: StatusCode) -> Option<(String, bool)> {
    match status.as_u16() {
        200..=299 => None,
        401 | 403 | 404 | 410 => Some(("knows no such build hook: was it deleted, or mistyped?".to_owned(), false)),
        300..=399 => Some(("leads to another address, which is not followed: use the hook's own".to_owned(), false)),
        429 => Some(("takes no more requests now; try again later".to_owned(), true)),
        code @ 500.. => Some((format!("fails with {code}; try again later"), true)),
        code => Some((format!("refuses the request with {code}"), false)),
    }
}

/// Why there is no answer. The address is never part of it.
fn reason(error: &Error) -> String {
    match error {
        Error::HostNotFound => "the host does not exist; is there a network?".to_owned(),
        Error::Timeout(_) => "it takes too long".to_owned(),
        Error::ConnectionFailed => "the connection fails; is there a network?".to_owned(),
        Error::Io(error) => error.kind().to_string(),
        Error::Tls(what) => format!("the encryption fails ({what})"),
        Error::Rustls(error) => format!("the encryption fails ({error})"),
        _ => "the request cannot be sent".to_owned(),
    }
}
