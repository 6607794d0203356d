//! Writing frames that many sockets share.
//!
//! The library that reads a socket copies whatever it writes into a buffer of that socket. A frame that a thousand
//! sockets get would be copied a thousand times, so it is written from the memory that they share, and as many as wait
//! go in one call of the system (`writev`). The library still writes what concerns one socket alone: answers to pings,
//! and the close. The two never mix, because each finishes before the other begins.

use super::handshake::Socket;
use bytes::{Buf, Bytes};
use futures::SinkExt;
use std::{
    collections::VecDeque,
    io::{self, IoSlice},
};
use telicat_service::live::WireFrame;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite;

/// Frames in one call of the system, at most.
const AT_ONCE: usize = 32;
/// Frames that the list keeps room for while nothing waits.
const KEPT: usize = 8;

/// Frames on their way into one socket.
#[derive(Default)]
pub(super) struct Sending {
    frames: VecDeque<Bytes>,
    /// Whether a part of the first one was written.
    begun: bool,
    /// Whether the library may have begun to write something.
    flush_first: bool,
}

impl Extend<WireFrame> for Sending {
    fn extend<T: IntoIterator<Item = WireFrame>>(&mut self, frames: T) {
        self.frames.extend(frames.into_iter().map(Bytes::from));
    }
}

impl Sending {
    /// Says that the library has read something, to which it may have an answer half written.
    pub(super) fn flush_first(&mut self) {
        self.flush_first = true;
    }

    /// Writes everything, and calls `took` whenever the other side has made room for more. Cancelled, it goes on later
    /// where it was.
    pub(super) async fn send(&mut self, socket: &mut Socket, took: impl Fn()) -> Result<(), tungstenite::Error> {
        if self.flush_first {
            socket.flush().await?;
            self.flush_first = false;
        }
        let stream = socket.get_ref();
        while !self.frames.is_empty() {
            match self.write_some(stream) {
                Ok(written) => self.forget(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    stream.writable().await?;
                    took();
                }
                Err(error) => return Err(error.into()),
            }
        }
        // An idle socket keeps no more memory than it needs.
        self.frames.shrink_to(KEPT);
        Ok(())
    }

    /// Writes the rest of the frame that was begun, and drops the others: after it another kind of frame may follow.
    pub(super) async fn finish(&mut self, socket: &mut Socket) -> Result<(), tungstenite::Error> {
        self.frames.truncate(usize::from(self.begun));
        self.send(socket, || {}).await
    }

    fn write_some(&self, stream: &TcpStream) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); AT_ONCE];
        let count = self.frames.len().min(AT_ONCE);
        for (slice, frame) in slices.iter_mut().zip(&self.frames) {
            *slice = IoSlice::new(frame);
        }
        match stream.try_write_vectored(&slices[..count]) {
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            written => written,
        }
    }

    fn forget(&mut self, mut written: usize) {
        while let Some(first) = self.frames.front_mut() {
            if written < first.len() {
                first.advance(written);
                self.begun |= written > 0;
                return;
            }
            written -= first.len();
            self.frames.pop_front();
            self.begun = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(frames: &[&'static [u8]]) -> Sending {
        Sending { frames: frames.iter().map(|frame| Bytes::from_static(frame)).collect(), ..Sending::default() }
    }

    #[test]
    fn what_was_written_is_forgotten_and_nothing_else() {
        let mut sending = waiting(&[b"abc", b"de", b"fgh"]);
        sending.forget(0);
        assert!(!sending.begun);
        sending.forget(2);
        assert_eq!(
            (sending.frames.make_contiguous(), sending.begun),
            (&mut ["c".into(), "de".into(), "fgh".into()][..], true)
        );
        sending.forget(1);
        assert_eq!((sending.frames.len(), sending.begun), (2, false));
        sending.forget(3);
        assert_eq!((sending.frames.make_contiguous(), sending.begun), (&mut ["gh".into()][..], true));
        sending.forget(2);
        assert_eq!((sending.frames.len(), sending.begun), (0, false));
    }
}
