//! Connections by ZMTP 3.0, the wire protocol of ZeroMQ, without encryption (NULL), as sockets of type DEALER and SUB.
//!
//! A message has parts; each is a frame: flags, length, bytes. Source: ZeroMQ RFC 23.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// The greeting's length.
const GREETING: usize = 64;

/// Flags of a frame: another follows, the length has eight bytes, it is a command.
const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// The largest command: those of NULL have some dozens of bytes.
const LARGEST_COMMAND: u64 = 1 << 16;

/// Where a socket listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A file, in one of the forms in which kernels name it.
    Ipc(Vec<PathBuf>),
    /// A port of this machine.
    Tcp(u16),
}

/// A byte stream to a socket.
#[derive(Debug)]
pub enum Stream {
    #[cfg(unix)]
    Ipc(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    /// Connects; an error if nothing listens yet.
    pub fn connect(endpoint: &Endpoint) -> Result<Self> {
        match endpoint {
            #[cfg(unix)]
            Endpoint::Ipc(paths) => {
                let mut last = Error::from(ErrorKind::NotFound);
                for path in paths {
                    match UnixStream::connect(path) {
                        Ok(stream) => return Ok(Stream::Ipc(stream)),
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
            #[cfg(not(unix))]
            Endpoint::Ipc(_) => Err(ErrorKind::Unsupported.into()),
            Endpoint::Tcp(port) => {
                let stream = TcpStream::connect(("127.0.0.1", *port))?;
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
        }
    }

    fn try_clone(&self) -> Result<Self> {
        match self {
            #[cfg(unix)]
            Stream::Ipc(stream) => Ok(Stream::Ipc(stream.try_clone()?)),
            Stream::Tcp(stream) => Ok(Stream::Tcp(stream.try_clone()?)),
        }
    }

    fn shutdown(&self) {
        // The other end may have gone.
        let _ = match self {
            #[cfg(unix)]
            Stream::Ipc(stream) => stream.shutdown(Shutdown::Both),
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match self {
            #[cfg(unix)]
            Stream::Ipc(stream) => stream.read(buffer),
            Stream::Tcp(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            #[cfg(unix)]
            Stream::Ipc(stream) => stream.write(bytes),
            Stream::Tcp(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            #[cfg(unix)]
            Stream::Ipc(stream) => stream.flush(),
            Stream::Tcp(stream) => stream.flush(),
        }
    }
}

/// The end of a connection that sends. Dropping it closes both ends.
#[derive(Debug)]
pub struct Sender(Stream);

/// The end of a connection that receives.
#[derive(Debug)]
pub struct Receiver<S> {
    stream: S,
    /// The largest message.
    limit: u64,
}

/// Connects to a socket and shakes hands. `kind` is `DEALER` or `SUB`; a SUB subscribes to everything.
///
/// A received message of more than `limit` bytes is an error of the kind [`ErrorKind::FileTooLarge`].
pub fn connect(endpoint: &Endpoint, kind: &str, limit: u64) -> Result<(Sender, Receiver<Stream>)> {
    let mut stream = Stream::connect(endpoint)?;
    let mut receiver = Receiver { stream: stream.try_clone()?, limit };
    stream.write_all(&greeting())?;
    let mut theirs = [0; GREETING];
    receiver.stream.read_exact(&mut theirs)?;
    if theirs[0] != 0xff || theirs[10] < 3 {
        return Err(Error::new(ErrorKind::Unsupported, "the kernel does not speak ZMTP 3"));
    }
    stream.write_all(&frame(COMMAND, &ready(kind)))?;
    // Their READY.
    receiver.frame()?;
    let mut sender = Sender(stream);
    if kind == "SUB" {
        // In version 3.0 a subscription is a message; this one has no topic.
        sender.send(&[vec![1]])?;
    }
    Ok((sender, receiver))
}

/// The signature, version 3.0, the mechanism NULL, and the role of a client.
fn greeting() -> [u8; GREETING] {
    let mut greeting = [0; GREETING];
    (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
    greeting[12..16].copy_from_slice(b"NULL");
    greeting
}

/// The command READY with the type of the socket.
fn ready(kind: &str) -> Vec<u8> {
    let mut command = b"\x05READY".to_vec();
    for (name, value) in [("Socket-Type", kind), ("Identity", "")] {
        command.push(name.len() as u8);
        command.extend(name.bytes());
        command.extend((value.len() as u32).to_be_bytes());
        command.extend(value.bytes());
    }
    command
}

fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 9);
    match u8::try_from(body.len()) {
        Ok(length) => frame.extend([flags, length]),
        Err(_) => {
            frame.push(flags | LONG);
            frame.extend((body.len() as u64).to_be_bytes());
        }
    }
    frame.extend(body);
    frame
}

impl Sender {
    /// Sends a message.
    pub fn send(&mut self, parts: &[Vec<u8>]) -> Result<()> {
        let last = parts.len().saturating_sub(1);
        let frames = parts.iter().enumerate().map(|(at, part)| frame(if at < last { MORE } else { 0 }, part));
        let bytes: Vec<u8> = frames.flatten().collect();
        self.0.write_all(&bytes)?;
        self.0.flush()
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.shutdown();
    }
}

impl<S: Read> Receiver<S> {
    /// Receives a message. Commands are left out: nobody asks for heartbeats on this side.
    pub fn receive(&mut self) -> Result<Vec<Vec<u8>>> {
        let mut parts = Vec::new();
        let mut size = 0;
        loop {
            let (flags, body) = self.frame()?;
            if flags & COMMAND != 0 {
                continue;
            }
            size += body.len() as u64;
            if size > self.limit {
                return Err(ErrorKind::FileTooLarge.into());
            }
            parts.push(body);
            if flags & MORE == 0 {
                return Ok(parts);
            }
        }
    }

    fn frame(&mut self) -> Result<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        let [flags, short] = head;
        let length = if flags & LONG == 0 {
            short.into()
        } else {
            let mut length = [0; 8];
            length[0] = short;
            self.stream.read_exact(&mut length[1..])?;
            u64::from_be_bytes(length)
        };
        if length > if flags & COMMAND == 0 { self.limit } else { LARGEST_COMMAND } {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let mut body = Vec::new();
        (&mut self.stream).take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length { Err(ErrorKind::UnexpectedEof.into()) } else { Ok((flags, body)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_several_frames() {
        let long = vec![b'x'; 300];
        let mut bytes = frame(COMMAND, b"\x04PING");
        bytes.extend(frame(MORE, b"topic"));
        bytes.extend(frame(0, &long));
        let mut receiver = Receiver { stream: bytes.as_slice(), limit: 1000 };
        assert_eq!(receiver.receive().ok(), Some(vec![b"topic".to_vec(), long.clone()]));
        assert_eq!(receiver.receive().unwrap_err().kind(), ErrorKind::UnexpectedEof);
        let large = frame(0, &long);
        let mut receiver = Receiver { stream: large.as_slice(), limit: 200 };
        assert_eq!(receiver.receive().unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}
