//! The floor: a server that delivers and does nothing else.
//!
//! No accounts, no storage, no rooms, no pings, no protocol beyond the frames: one task and one bounded queue for each
//! listener, a message encoded once, one write for each delivery. What Telicat costs above it is the price of being a
//! chat server. It uses the same runtime with the same defaults, so that the comparison is about the work and not
//! about the tools.

use anyhow::{Context, Result};
use bytes::Bytes;
use std::{
    io::{Error, ErrorKind},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What a socket connects to in order to be heard by all others.
pub(crate) const PUBLISH: &str = "/publish";
/// What a socket connects to in order to hear.
pub(crate) const LISTEN: &str = "/listen";

/// Frames that wait for one listener, at most; as many as in Telicat.
const QUEUE: usize = 512;
const HEAD_MAX: usize = 4096;
const MESSAGE_MAX: usize = 64 * 1024;

/// The queues of all listeners.
type Listeners = Mutex<Vec<mpsc::Sender<Bytes>>>;

/// Serves on a free port, and says which in its first line.
///
/// # Errors
///
/// When there is no port.
pub(crate) async fn run() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("bare server on http://{}", listener.local_addr()?);
    serve(&listener).await
}

/// # Errors
///
/// When no connection can be accepted any more.
pub(crate) async fn serve(listener: &TcpListener) -> Result<()> {
    let listeners = Arc::new(Listeners::default());
    loop {
        let (socket, _) = listener.accept().await.context("the bare server cannot accept")?;
        let listeners = listeners.clone();
        // A connection that fails ends; the other side sees that, and it is the other side that checks.
        tokio::spawn(async move { attend(socket, &listeners).await.ok() });
    }
}

async fn attend(mut socket: TcpStream, listeners: &Listeners) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let publishes = shake_hands(&mut socket).await?;
    if publishes {
        return hear(&mut socket, listeners).await;
    }
    let (sender, queue) = mpsc::channel(QUEUE);
    listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
    deliver(&mut socket, queue).await
}

/// Answers the handshake of RFC 6455, section 4.2. True when the socket publishes.
async fn shake_hands(socket: &mut TcpStream) -> std::io::Result<bool> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > HEAD_MAX || socket.read_buf(&mut head).await? == 0 {
            return Err(ErrorKind::InvalidData.into());
        }
    }
    let head = str::from_utf8(&head).map_err(Error::other)?;
    let key = header(head, "sec-websocket-key").ok_or(ErrorKind::InvalidData)?;
    let accept = derive_accept_key(key.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    socket.write_all(answer.as_bytes()).await?;
    Ok(head.split(' ').nth(1) == Some(PUBLISH))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.trim())
}

async fn deliver(socket: &mut TcpStream, mut queue: mpsc::Receiver<Bytes>) -> std::io::Result<()> {
    loop {
        tokio::select! {
            biased;
            frame = queue.recv() => match frame {
                Some(frame) => socket.write_all(&frame).await?,
                None => return Ok(()),
            },
            readable = socket.readable() => {
                readable?;
                if is_gone(socket)? {
                    return Ok(());
                }
            }
        }
    }
}

/// A listener has nothing to say: only whether it is still there matters.
fn is_gone(socket: &TcpStream) -> std::io::Result<bool> {
    match socket.try_read(&mut [0; 64]) {
        Ok(length) => Ok(length == 0),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives every message of a publisher to all listeners. Who does not keep up, or is gone, is forgotten.
async fn hear(socket: &mut TcpStream, listeners: &Listeners) -> std::io::Result<()> {
    let mut received = Vec::new();
    loop {
        while let Some((message, length)) = first_message(&received)? {
            received.drain(..length);
            let frame = frame(&message);
            let mut listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
            listeners.retain(|listener| listener.try_send(frame.clone()).is_ok());
        }
        if socket.read_buf(&mut received).await? == 0 {
            return Ok(());
        }
    }
}

/// A final text frame from a server, which is not masked: RFC 6455, section 5.2.
fn frame(message: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(message.len() + 10);
    frame.push(0x81);
    match u16::try_from(message.len()) {
        Ok(short @ 0..126) => frame.push(short.to_be_bytes()[1]),
        Ok(length) => {
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(127);
            frame.extend((message.len() as u64).to_be_bytes());
        }
    }
    frame.extend(message);
    frame.into()
}

/// The first frame from a client, unmasked, with the bytes that it took; `None` when it is not there in full. Only
/// what the generator sends is understood: final text frames.
fn first_message(received: &[u8]) -> std::io::Result<Option<(Vec<u8>, usize)>> {
    let [0x81, second, rest @ ..] = received else {
        return if received.len() < 2 { Ok(None) } else { Err(ErrorKind::InvalidData.into()) };
    };
    let (length, rest) = match (second & 0x7f, rest) {
        (126, [high, low, rest @ ..]) => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        (126, _) => return Ok(None),
        (127, _) => return Err(ErrorKind::InvalidData.into()),
        (length, rest) => (usize::from(length), rest),
    };
    if length > MESSAGE_MAX {
        return Err(ErrorKind::InvalidData.into());
    }
    let Some((mask, rest)) = rest.split_at_checked(4) else { return Ok(None) };
    let Some(masked) = rest.get(..length) else { return Ok(None) };
    let message = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Ok(Some((message, received.len() - rest.len() + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_its_length_as_the_standard_wants() {
        assert_eq!(frame(b"Hello")[..], *b"\x81\x05Hello");
        assert_eq!(frame(&[b'x'; 200])[..4], [0x81, 126, 0, 200]);
        assert_eq!(frame(&vec![b'x'; 70_000])[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
    }

    #[test]
    fn a_masked_frame_is_read_when_it_is_complete() {
        // The example of RFC 6455, section 5.7.
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        for short in 0..hello.len() {
            assert_eq!(first_message(&hello[..short]).unwrap(), None);
        }
        let two = [hello, hello].concat();
        assert_eq!(first_message(&two).unwrap(), Some((b"Hello".to_vec(), hello.len())));
        assert!(first_message(b"GET / HTTP/1.1").is_err());
    }
}
