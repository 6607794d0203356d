//! The HTML document round every page.

use crate::{root::App, visit::Visit};
use leptos::{hydration::AutoReload, prelude::*};
use leptos_meta::MetaTags;
use telicat_domain::Theme;

/// The whole document.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let visit = Visit::of_this_request();
    let theme = (visit.theme != Theme::System).then(|| visit.theme.name());
    let assets = visit.assets;
    let reload_port = reload_port(&options);
    let nonce = document_nonce(reload_port);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#eff3f3" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#0b1316" media="(prefers-color-scheme: dark)"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="stylesheet" href=format!("{assets}/pkg/telicat.css")/>
                <AutoReload disable_watch=reload_port.is_none() options=options/>
                <Hydration assets nonce/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Fetches the program of the page and lets it take over. The files are asked for at once, in parallel, and run when
/// the document is there.
#[component]
fn Hydration(assets: String, nonce: Option<String>) -> impl IntoView {
    let module = format!("{assets}/pkg/telicat.js");
    let wasm = format!("{assets}/pkg/telicat.wasm");
    let script = format!(
        "import start, {{ hydrate }} from '{module}';\
         start({{ module_or_path: '{wasm}' }}).then(hydrate);"
    );
    view! {
        <link rel="modulepreload" href=module nonce=nonce.clone()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{script}</script>
    }
}

/// The nonce that this document's scripts run by. Says it in the policy of the answer.
#[cfg(feature = "ssr")]
fn document_nonce(reload_port: Option<u32>) -> Option<String> {
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    let policy = crate::http::content_security_policy(nonce.as_deref(), reload_port);
    crate::http::set_header(http::header::CONTENT_SECURITY_POLICY, &policy);
    nonce
}

#[cfg(not(feature = "ssr"))]
fn document_nonce(_reload_port: Option<u32>) -> Option<String> {
    None
}

/// The port by which `cargo leptos watch` tells the page to load itself again. A release never listens to it.
fn reload_port(options: &LeptosOptions) -> Option<u32> {
    (cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some()).then_some(options.reload_port)
}
