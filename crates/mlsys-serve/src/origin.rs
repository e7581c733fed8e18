//! Checks of the Host and Origin headers.
//!
//! Any website can send requests to a server on the author's machine. With DNS rebinding its host name resolves to 127.0.0.1, and
//! the browser treats the responses as same-origin; the Host header still contains that host name. So we admit only hosts that
//! nobody else can own: IP addresses, `localhost` and its subdomains, and the name that the author gave.

use axum::http::{HeaderMap, Uri, header};
use std::net::IpAddr;

/// The hosts that requests may name.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    /// The host given by the author.
    pub named: String,
    /// True if the server listens on the loopback interface only.
    pub loopback: bool,
}

impl Hosts {
    /// True if a request names an admitted host. HTTP/1.1 requires exactly one Host header.
    pub fn admit(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let named = host.to_str().is_ok_and(|host| self.is_ours(host));
        named && uri.authority().is_none_or(|authority| self.is_ours(authority.as_str()))
    }

    /// True if a request comes from a page of this server, or from no page at all.
    pub fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let cross = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
        let Some(origin) = headers.get(header::ORIGIN) else { return !cross };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        !cross && origin.is_some_and(|(_, origin)| host == Some(origin) && self.is_ours(origin))
    }

    /// True if nobody else can own this `host[:port]`.
    fn is_ours(&self, authority: &str) -> bool {
        let host = match authority.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map_or("", |(host, _)| host),
            None => authority.split_once(':').map_or(authority, |(host, _)| host),
        };
        if let Ok(address) = host.parse::<IpAddr>() {
            return !self.loopback || address.is_loopback();
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        host == "localhost" || host.ends_with(".localhost") || host == self.named.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_hosts_are_let_in() {
        let hosts = Hosts { named: "127.0.0.1".into(), loopback: true };
        for ours in ["localhost:4200", "127.0.0.1", "127.0.0.1:4200", "[::1]:4200", "book.localhost", "LOCALHOST."] {
            assert!(hosts.is_ours(ours), "{ours}");
        }
        for other in
            ["example.org", "localhost.example.org", "127.0.0.1.example.org:4200", "192.0.2.1", "", "[::2]", "[::1"]
        {
            assert!(!hosts.is_ours(other), "{other}");
        }
        let open = Hosts { named: "studio".into(), loopback: false };
        assert!(open.is_ours("192.0.2.1:80") && open.is_ours("Studio:80") && !open.is_ours("example.org"));
    }
}
