//! The site's files: script, program, styles, drawings.
//!
//! In a release they are inside the executable (feature `embed`), under `/a/` and the digest of them all, so that a
//! browser keeps them for ever and a new release is a new address. Without the feature they are read from the disk, as
//! `cargo leptos watch` wants it.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
};
use std::sync::Arc;

use crate::state::AppState;
use source::Source;

/// Files that browsers and robots look for at fixed addresses.
pub const FIXED: [&str; 5] = ["favicon.svg", "favicon-unread.svg", "icons.svg", "manifest.webmanifest", "robots.txt"];

/// The site's files, and where they are served.
pub struct Site {
    source: Source,
    /// `/a/` and the digest.
    pub root: Arc<str>,
    digest: String,
}

struct Found {
    bytes: Bytes,
    tag: String,
}

impl Site {
    /// Finds the files. `folder` is where they are when they are not inside the executable.
    #[must_use]
    pub fn new(folder: &str) -> Self {
        let source = Source::new(folder);
        let digest = source.digest();
        Self { source, root: format!("/a/{digest}").into(), digest }
    }

    /// A file in the best encoding that the client takes.
    fn answer(&self, path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let encodings = [("br", "br"), ("gzip", "gz")];
        let best = encodings.into_iter().filter(|(name, _)| accepts(accepted, name)).find_map(|(name, ending)| {
            let found = self.source.find(&format!("{path}.{ending}"))?;
            Some((found, Some(name)))
        });
        let Some((found, encoding)) = best.or_else(|| Some((self.source.find(path)?, None))) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let tag = format!("\"{}\"", found.tag);
        let known =
            headers.get_all(IF_NONE_MATCH).iter().any(|value| matches(value.to_str().unwrap_or_default(), &tag));
        let mut response =
            if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(found.bytes)) };
        let out = response.headers_mut();
        let mut set = |name, value: &str| {
            if let Ok(value) = value.parse() {
                out.insert(name, value);
            }
        };
        set(CONTENT_TYPE, content_type(path));
        set(CACHE_CONTROL, cache);
        set(ETAG, &tag);
        set(VARY, "Accept-Encoding");
        if let (Some(encoding), false) = (encoding, known) {
            set(CONTENT_ENCODING, encoding);
        }
        response
    }
}

/// `/a/{digest}/{path}`
pub async fn by_digest(
    State(state): State<AppState>,
    Path((digest, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if digest != state.site.digest {
        return StatusCode::NOT_FOUND.into_response();
    }
    state.site.answer(&path, &headers, source::CACHE)
}

/// The files at fixed addresses.
pub async fn fixed(State(state): State<AppState>, uri: http::Uri, headers: HeaderMap) -> Response {
    state.site.answer(uri.path().trim_start_matches('/'), &headers, "public, max-age=3600")
}

/// Whether an `Accept-Encoding` allows an encoding (RFC 9110 section 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut parts = part.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|weight| weight.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
        named && !refused
    })
}

/// Whether an `If-None-Match` names a tag (RFC 9110 section 13.1.2: a list, compared without regard to weakness).
fn matches(header: &str, tag: &str) -> bool {
    header.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(feature = "embed")]
mod source {
    use super::Found;
    use bytes::Bytes;
    use flate2::read::GzDecoder;
    use rust_embed::RustEmbed;
    use sha2::{Digest, Sha256};
    use std::{borrow::Cow, fmt::Write, io::Read};

    /// The name says it all: other content is another address.
    pub(super) const CACHE: &str = "public, max-age=31536000, immutable";

    /// The program for the browser is there packed only: whoever takes it as it is, which no browser does, gets it
    /// unpacked.
    #[derive(RustEmbed)]
    #[folder = "../target/site"]
    #[exclude = "*.wasm"]
    #[exclude = "*.d.ts*"]
    #[exclude = ".*"]
    struct Files;

    /// The files inside the executable.
    pub(super) struct Source;

    impl Source {
        pub(super) fn new(_folder: &str) -> Self {
            Self
        }

        pub(super) fn digest(&self) -> String {
            let mut all = Sha256::new();
            for name in Files::iter() {
                all.update(name.as_bytes());
                all.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
            }
            hex(&all.finalize())
        }

        pub(super) fn find(&self, path: &str) -> Option<Found> {
            let Some(file) = Files::get(path) else { return unpacked(path) };
            let bytes = match file.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            };
            Some(Found { bytes, tag: hex(&file.metadata.sha256_hash()) })
        }
    }

    /// A file of which only a packed one is there.
    fn unpacked(path: &str) -> Option<Found> {
        let packed = Files::get(&format!("{path}.gz"))?;
        let mut bytes = Vec::new();
        GzDecoder::new(&*packed.data).read_to_end(&mut bytes).ok()?;
        Some(Found { bytes: bytes.into(), tag: format!("{}-plain", hex(&packed.metadata.sha256_hash())) })
    }

    /// The first 16 digits: enough to tell releases apart.
    fn hex(bytes: &[u8]) -> String {
        bytes.iter().take(8).fold(String::new(), |mut text, byte| {
            let _written = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(not(feature = "embed"))]
mod source {
    use super::Found;
    use std::{
        path::{Component, Path, PathBuf},
        time::UNIX_EPOCH,
    };

    /// The files change under the same name while one works on them.
    pub(super) const CACHE: &str = "no-cache";

    /// The files on disk.
    pub(super) struct Source(PathBuf);

    impl Source {
        pub(super) fn new(folder: &str) -> Self {
            Self(folder.into())
        }

        pub(super) fn digest(&self) -> String {
            "dev".to_owned()
        }

        pub(super) fn find(&self, path: &str) -> Option<Found> {
            let path = Path::new(path);
            if !path.components().all(|part| matches!(part, Component::Normal(_))) {
                return None;
            }
            let path = self.0.join(path);
            let bytes = std::fs::read(&path).ok()?;
            let changed = path.metadata().and_then(|meta| meta.modified()).ok()?;
            let age = changed.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
            Some(Found { tag: format!("{age:x}-{:x}", bytes.len()), bytes: bytes.into() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_whatever_way_it_is_named() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(matches(known, "\"a\""), "{known}");
        }
        for unknown in ["", "a", "\"ab\"", "\"b\",\"c\""] {
            assert!(!matches(unknown, "\"a\""), "{unknown}");
        }
    }

    #[test]
    fn an_encoding_is_used_when_it_is_allowed() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("brotli", "br"));
    }
}
