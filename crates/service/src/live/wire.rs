//! Frames as they stand on the wire.
//!
//! A frame from a server is not masked (RFC 6455 section 5.1), so its header and its text are the same for everybody who
//! gets it: both are made once, and every socket writes the same bytes from the same memory.

use bytes::Bytes;
use telicat_domain::frame::ServerFrame;

/// A final text frame: RFC 6455 section 5.2.
const TEXT: u8 = 0x81;
/// A ping without content: RFC 6455 section 5.5.2.
const PING: &[u8] = &[0x89, 0];
/// The longest content whose length stands in the second byte itself.
const SHORT: usize = 125;

/// A whole WebSocket frame, header and content. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireFrame(Bytes);

impl WireFrame {
    /// A frame of the protocol. Nothing, and a line in the log, when it cannot be encoded, which no type of frame is
    /// known to cause.
    pub(super) fn encode(frame: &ServerFrame) -> Option<Self> {
        match serde_json::to_vec(frame) {
            Ok(json) => Some(Self::text(&json)),
            Err(error) => {
                tracing::error!(%error, "a frame could not be encoded");
                None
            }
        }
    }

    /// The question whether the other side is there.
    pub(super) fn ping() -> Self {
        Self(Bytes::from_static(PING))
    }

    fn text(text: &[u8]) -> Self {
        let mut frame = Vec::with_capacity(text.len() + 10);
        frame.push(TEXT);
        match u16::try_from(text.len()) {
            Ok(length) if text.len() <= SHORT => frame.push(length.to_be_bytes()[1]),
            Ok(length) => {
                frame.push(126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(127);
                frame.extend((text.len() as u64).to_be_bytes());
            }
        }
        frame.extend(text);
        Self(frame.into())
    }

    /// Bytes on the wire.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is a ping rather than a text.
    #[must_use]
    pub fn is_ping(&self) -> bool {
        self.0 == PING
    }

    /// The content: JSON, or nothing in a ping.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        let header = match self.0.get(1) {
            Some(127) => 10,
            Some(126) => 4,
            _ => 2,
        };
        self.0.get(header..).unwrap_or_default()
    }
}

impl From<WireFrame> for Bytes {
    fn from(frame: WireFrame) -> Self {
        frame.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_its_length_as_the_standard_wants() {
        assert_eq!(WireFrame::text(b"Hello").0[..], *b"\x81\x05Hello");
        for (length, header) in [
            (125, &[0x81, 125][..]),
            (126, &[0x81, 126, 0, 126]),
            (65_535, &[0x81, 126, 0xff, 0xff]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let text = vec![b'x'; length];
            let frame = WireFrame::text(&text);
            assert_eq!(frame.0[..header.len()], *header);
            assert_eq!(frame.content(), text);
            assert_eq!(frame.len(), header.len() + length);
            assert!(!frame.is_ping());
        }
        assert!(WireFrame::ping().is_ping() && WireFrame::ping().content().is_empty());
    }
}
