//! The worker's messages: JSON after a length of four bytes, big endian.

use serde::Serialize;
use std::io::{Error, ErrorKind, Read, Write};

/// The length of a message that cannot be one: a page's outputs are limited, and base64 and JSON less than double them.
const LARGEST: u32 = 1 << 30;

/// Sends a message.
pub fn send(stream: &mut dyn Write, message: &impl Serialize) -> std::io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let length = u32::try_from(body.len()).map_err(Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&body)?;
    stream.flush()
}

/// Receives a message; `None` at the end of the stream.
pub fn receive(stream: &mut dyn Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = Vec::new();
    stream.take(length.into()).read_to_end(&mut body)?;
    if body.len() < length as usize { Ok(None) } else { Ok(Some(body)) }
}
