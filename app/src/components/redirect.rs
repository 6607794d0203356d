//! Sends the reader on to another page of the site.

use leptos::prelude::*;
use telicat_domain::SafePath;

/// Sends the reader on: with a redirect when the page is asked for, by the router when it is open already.
#[component]
pub(crate) fn Redirect(to: SafePath) -> impl IntoView {
    go(&to);
}

#[cfg(feature = "ssr")]
fn go(to: &SafePath) {
    crate::http::set_status(302);
    crate::http::set_header(http::header::LOCATION, to.as_str());
}

#[cfg(not(feature = "ssr"))]
fn go(to: &SafePath) {
    let navigate = leptos_router::hooks::use_navigate();
    let to = to.to_string();
    // After the page that says so is done, or the router would be asked in the middle of its work.
    Effect::new(move |_| navigate(&to, leptos_router::NavigateOptions { replace: true, ..Default::default() }));
}
