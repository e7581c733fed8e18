//! Messages of Jupyter: a header, its parent's header, metadata and content, signed together.
//!
//! Source: "Messaging in Jupyter", The Wire Protocol.

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

/// The part between the routing of a message and the message.
const DELIMITER: &[u8] = b"<IDS|MSG>";

/// The version of the protocol.
const VERSION: &str = "5.3";

/// Signs messages, and numbers those of this side.
#[derive(Debug)]
pub struct Session {
    /// The key of signatures.
    key: String,
    /// The name of the session.
    name: String,
    sent: usize,
}

/// A message of a kernel.
#[derive(Debug)]
pub struct Message {
    /// The type, such as `execute_reply`.
    pub kind: String,
    /// The identifier of the message that caused it.
    pub parent: String,
    /// The content.
    pub content: Value,
}

/// What we read of a header. The parent's is empty in messages that nobody asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Header {
    msg_id: String,
    msg_type: String,
}

impl Session {
    /// A session with a key.
    pub fn new(key: String, name: String) -> Self {
        Session { key, name, sent: 0 }
    }

    /// The parts of a request, and its identifier.
    pub fn request(&mut self, kind: &str, content: &Value) -> (Vec<Vec<u8>>, String) {
        self.sent += 1;
        let identifier = format!("{}_{}", self.name, self.sent);
        // Nothing depends on the date, and results must not.
        let header = json!({
            "msg_id": identifier, "session": self.name, "username": "mlsys", "date": "1970-01-01T00:00:00Z",
            "msg_type": kind, "version": VERSION,
        });
        let texts = [header.to_string(), "{}".to_owned(), "{}".to_owned(), content.to_string()].map(String::into_bytes);
        let mut parts = vec![DELIMITER.to_vec(), self.sign(&texts).into_bytes()];
        parts.extend(texts);
        (parts, identifier)
    }

    /// Reads a message; `None` if it is not one, or not signed with the key.
    pub fn read(&self, parts: &[Vec<u8>]) -> Option<Message> {
        let start = parts.iter().position(|part| part == DELIMITER)?;
        let [signature, texts @ ..] = &parts[start + 1..] else { return None };
        let [header, parent, _metadata, content] = texts.first_chunk::<4>()?;
        if self.sign(texts.first_chunk::<4>()?).as_bytes() != signature.as_slice() {
            return None;
        }
        let header: Header = serde_json::from_slice(header).ok()?;
        let parent: Header = serde_json::from_slice(parent).ok()?;
        Some(Message { kind: header.msg_type, parent: parent.msg_id, content: parse(content)? })
    }

    /// HMAC-SHA256 in hexadecimal digits.
    fn sign(&self, texts: &[Vec<u8>; 4]) -> String {
        // Keys of any length are valid.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()) else { return String::new() };
        texts.iter().for_each(|text| mac.update(text));
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// JSON, in which invalid UTF-8 is replaced.
fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_str(&String::from_utf8_lossy(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_checked() {
        let mut session = Session::new("key".into(), "s".into());
        let (mut parts, identifier) = session.request("kernel_info_request", &json!({"a": 1}));
        assert_eq!(identifier, "s_1");
        parts.insert(0, b"routing".to_vec());
        let message = session.read(&parts).expect("a message");
        assert_eq!((message.kind.as_str(), &message.content), ("kernel_info_request", &json!({"a": 1})));
        if let Some(last) = parts.last_mut() {
            *last = b"{}".to_vec();
        }
        assert!(session.read(&parts).is_none());
    }

    #[test]
    fn hmac_of_the_standard() {
        // RFC 4231, test case 2, whose text is one.
        let session = Session::new("Jefe".into(), String::new());
        let texts = [b"what do ya want ".to_vec(), b"for nothing?".to_vec(), Vec::new(), Vec::new()];
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(session.sign(&texts), expected);
    }
}
