//! The site's files from the disk, as a build without `embed` serves them.

use tempfile::TempDir;

/// A few files, of which one is there in another encoding too.
pub(crate) fn some() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pkg")).unwrap();
    for (name, content) in [
        ("favicon.svg", "<svg/>"),
        ("favicon.svg.br", "as brotli"),
        ("robots.txt", "User-agent: *\n"),
        ("pkg/telicat.wasm", "wasm"),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

#[cfg(not(feature = "embed"))]
mod on_disk {
    use crate::{app::App, site::Answer};
    use http::{Request, header};

    async fn fetch(app: &App, path: &str, name: header::HeaderName, value: &str) -> Answer {
        app.send(Request::get(path).header(name, value), "").await
    }

    #[tokio::test]
    async fn files_come_in_the_best_encoding_with_their_type() {
        let app = App::start().await;
        let plain = app.get("/favicon.svg").await;
        assert_eq!((plain.status, plain.text(), plain.header("content-encoding")), (200, "<svg/>", ""));
        assert_eq!(plain.header("content-type"), "image/svg+xml; charset=utf-8");
        assert_eq!(plain.header("vary"), "Accept-Encoding");
        let packed = fetch(&app, "/favicon.svg", header::ACCEPT_ENCODING, "gzip, br").await;
        assert_eq!((packed.text(), packed.header("content-encoding")), ("as brotli", "br"));
        assert_ne!(packed.header("etag"), plain.header("etag"));
        let refused = fetch(&app, "/favicon.svg", header::ACCEPT_ENCODING, "br;q=0").await;
        assert_eq!((refused.text(), refused.header("content-encoding")), ("<svg/>", ""));
        assert_eq!(app.get("/a/dev/pkg/telicat.wasm").await.header("content-type"), "application/wasm");
        assert_eq!(app.get("/robots.txt").await.header("content-type"), "text/plain; charset=utf-8");
    }

    #[tokio::test]
    async fn who_has_a_file_already_is_told_so() {
        let app = App::start().await;
        let tag = app.get("/favicon.svg").await.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        let known = fetch(&app, "/favicon.svg", header::IF_NONE_MATCH, &tag).await;
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
        assert_eq!(fetch(&app, "/favicon.svg", header::IF_NONE_MATCH, "\"other\"").await.status, 200);
    }

    #[tokio::test]
    async fn nothing_outside_of_the_folder_is_a_file() {
        let app = App::start().await;
        for path in [
            "/a/dev/../../../etc/passwd",
            "/a/dev/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/a/dev/%2fetc/passwd",
            "/a/dev//etc/passwd",
            "/a/dev/pkg",
            "/a/dev/pkg/nothing.js",
            "/a/other/pkg/telicat.wasm",
            "/a/dev/",
        ] {
            assert!(matches!(app.get(path).await.status, 404 | 308), "{path}");
        }
    }
}
