//! Pages, components and server functions.
//!
//! Built twice: with `ssr` into the executable, where it renders complete pages, and with `hydrate` for the browser,
//! where it takes them over. Whatever differs stands in modules of one side only: [`request`], [`cookies`] and [`http`]
//! on the server, [`live`] and [`browser`] in the browser.

#![cfg_attr(feature = "ssr", expect(dead_code, reason = "some of it is the browser's alone"))]
#![expect(clippy::needless_pass_by_value, reason = "components own their properties")]
// Paths of types in views of this depth are long.
#![recursion_limit = "256"]

pub mod api;
pub mod components;
mod conversation;
mod emoji;
pub mod flash;
mod json;
mod layouts;
mod line;
mod loading;
#[cfg(not(feature = "hydrate"))]
mod markup;
mod once;
mod pages;
mod room_list;
mod root;
mod shell;
#[cfg(test)]
mod testing;
mod text;
mod until_gone;
mod visit;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "ssr")]
pub mod request;

pub use root::App;
pub use shell::shell;

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
