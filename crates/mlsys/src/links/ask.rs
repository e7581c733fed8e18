//! Asking a host for a page.

use super::AskOptions;
use std::time::Duration;
use ureq::http::{Method, Request, Response, StatusCode, header};
use ureq::{Agent, Body, Error};

/// The longest pause that a host may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How many times an address may lead on to another.
const MOST_REDIRECTS: usize = 10;

/// What a host said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page is there.
    Good,
    /// The page is at another address now, and the host says that this is for good.
    Moved(String),
    /// The host does not talk to programs; a reader may get the page.
    Unclear(u16),
    /// The page is not there: what is wrong, as the end of a sentence.
    Bad(String),
}

/// Asks hosts.
pub struct Asker {
    agent: Agent,
    retries: u32,
    pause: Duration,
}

impl Asker {
    /// Connections with the options' timeout.
    pub fn new(options: &AskOptions) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(options.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("mlsys/", env!("CARGO_PKG_VERSION"), " (link check)"))
            .build();
        Asker { agent: config.new_agent(), retries: options.retries, pause: options.pause }
    }

    /// Asks for an address and follows where it leads.
    pub fn ask(&self, url: &str) -> Answer {
        let mut at = url.to_owned();
        let mut for_good = true;
        let mut moved = None;
        for _ in 0..=MOST_REDIRECTS {
            let response = match self.patiently(&at) {
                Ok(response) => response,
                Err(error) => return Answer::Bad(format!("does not answer: {}", reason(&error))),
            };
            let status = response.status();
            if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
                return verdict(status, moved);
            }
            let Some(next) = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()) else {
                return verdict(status, moved);
            };
            at = joined(&at, next);
            for_good &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            if for_good {
                moved = Some(at.clone());
            }
        }
        Answer::Bad("leads from address to address without end".to_owned())
    }

    /// Asks again after a pause where the host gives no answer, is overloaded or fails.
    fn patiently(&self, url: &str) -> Result<Response<Body>, Error> {
        let mut pause = self.pause;
        for _ in 0..self.retries {
            let answer = self.once(url);
            let wait = match &answer {
                Ok(response) if is_passing(response.status()) => asked_pause(response).unwrap_or(pause),
                Err(error) if !is_final(error) => pause,
                _ => return answer,
            };
            std::thread::sleep(wait.min(LONGEST_PAUSE));
            pause *= 2;
        }
        self.once(url)
    }

    /// Asks for the head; where that is refused, for the page. Source: RFC 9110, 9.3.2; many hosts answer HEAD wrongly.
    fn once(&self, url: &str) -> Result<Response<Body>, Error> {
        let ask = |method: Method| {
            let request =
                Request::builder().method(method).uri(url).header(header::ACCEPT, "text/html,*/*;q=0.8").body(());
            self.agent.run(request?)
        };
        match ask(Method::HEAD) {
            Ok(response) if response.status().is_client_error() || response.status().is_server_error() => {
                ask(Method::GET)
            }
            answer => answer,
        }
    }
}

fn verdict(status: StatusCode, moved: Option<String>) -> Answer {
    match status.as_u16() {
        200..=399 => moved.map_or(Answer::Good, Answer::Moved),
        // 999 is what one network of professionals answers to programs.
        code @ (401 | 403 | 429 | 999) => Answer::Unclear(code),
        code => Answer::Bad(match status.canonical_reason() {
            Some(reason) => format!("answers with {code} {reason}"),
            None => format!("answers with {code}"),
        }),
    }
}

/// Whether a status may pass: too many requests, and failures of the host.
fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// Whether asking again changes nothing.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::BadUri(_) | Error::Http(_) | Error::HostNotFound | Error::InvalidProxyUrl)
}

/// The pause that a host asks for. Source: RFC 9110, 10.2.3, the form with seconds.
fn asked_pause(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Why there is no answer, in a few words.
fn reason(error: &Error) -> String {
    match error {
        Error::HostNotFound => "the host does not exist".to_owned(),
        Error::Timeout(_) => "it takes too long".to_owned(),
        Error::BadUri(_) | Error::Http(_) => "the address is malformed".to_owned(),
        Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// The address that a `Location` means. Source: RFC 3986, 5.2, for absolute addresses, rooted paths and relative ones.
fn joined(base: &str, next: &str) -> String {
    let next = next.split('#').next().unwrap_or(next);
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if mlsys_engine::url::has_scheme(next) {
        next.to_owned()
    } else if let Some(other) = next.strip_prefix("//") {
        format!("{scheme}://{other}")
    } else if next.starts_with('/') {
        format!("{scheme}://{host}{next}")
    } else {
        let path = path.split(['?', '#']).next().unwrap_or("");
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{host}{folder}/{next}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_joined() {
        assert_eq!(joined("http://a.org/b/c?d", "/e"), "http://a.org/e");
        assert_eq!(joined("http://a.org/b/c?d", "e#f"), "http://a.org/b/e");
        assert_eq!(joined("http://a.org", "e"), "http://a.org/e");
        assert_eq!(joined("http://a.org/x", "//b.org/y"), "http://b.org/y");
        assert_eq!(joined("http://a.org/x", "https://b.org/y"), "https://b.org/y");
    }
}
