//! Link check requests.

use super::AskOptions;
use std::time::Duration;
use ureq::http::{Method, Request, Response, StatusCode, header};
use ureq::{Agent, Body, Error};

/// The longest Retry-After that is obeyed.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The maximum number of redirects.
const MOST_REDIRECTS: usize = 10;

/// The result of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page exists.
    Good,
    /// The page has moved permanently to another URL.
    Moved(String),
    /// The host blocks bots; readers may still get the page.
    Unclear(u16),
    /// The page is unreachable, with the reason as the end of a sentence.
    Bad(String),
}

/// The HTTP client.
pub struct Asker {
    agent: Agent,
    retries: u32,
    pause: Duration,
}

impl Asker {
    /// A client with the time-out of the options.
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

    /// Requests a URL and follows redirects.
    pub fn ask(&self, url: &str) -> Answer {
        let mut at = url.to_owned();
        let mut for_good = true;
        let mut moved = None;
        for _ in 0..=MOST_REDIRECTS {
            let response = match self.patiently(&at) {
                Ok(response) => response,
                Err(error) => return Answer::Bad(format!("is unreachable: {}", reason(&error))),
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
        Answer::Bad("redirects too often".to_owned())
    }

    /// Retries after a pause if the host does not respond, is overloaded or fails.
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

    /// Sends HEAD, and GET if HEAD is refused: many hosts answer HEAD wrongly. Source: RFC 9110, 9.3.2.
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
            Some(reason) => format!("returns {code} {reason}"),
            None => format!("returns {code}"),
        }),
    }
}

/// True if a status may be temporary: too many requests, or a server error.
fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// True if a retry is pointless.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::BadUri(_) | Error::Http(_) | Error::HostNotFound | Error::InvalidProxyUrl)
}

/// The Retry-After of a response, in seconds. Source: RFC 9110, 10.2.3.
fn asked_pause(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The reason why there is no response.
fn reason(error: &Error) -> String {
    match error {
        Error::HostNotFound => "the host does not exist".to_owned(),
        Error::Timeout(_) => "time-out".to_owned(),
        Error::BadUri(_) | Error::Http(_) => "the URL is invalid".to_owned(),
        Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// Resolves a `Location` against its base URL: absolute URLs, rooted and relative paths. Source: RFC 3986, 5.2.
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
