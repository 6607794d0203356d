//! The pages and their addresses.

use crate::{
    components::toasts::{ToastList, Toasts},
    conversation::Localised,
    line::Line,
    pages::{Chat, Home, LogIn, NotFound, Profile, Room, SignUp},
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

/// Everything inside the body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let visit = Visit::provide();
    Toasts::provide();
    let line = Line::provide();
    let localised = Localised(RwSignal::new(false));
    provide_context(localised);
    start(&visit, line, localised);

    // Complete pages, with the right status, whether or not a script ever runs.
    let mode = SsrMode::Async;
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=StaticSegment("") view=Home ssr=mode.clone()/>
                <Route path=(StaticSegment("accounts"), StaticSegment("signup")) view=SignUp ssr=mode.clone()/>
                <Route path=(StaticSegment("accounts"), StaticSegment("login")) view=LogIn ssr=mode.clone()/>
                <Route path=StaticSegment("chat") view=Chat ssr=mode.clone()/>
                <Route path=(StaticSegment("chat"), StaticSegment("room"), ParamSegment("slug")) view=Room ssr=mode.clone()/>
                <Route path=ParamSegment("name") view=Profile ssr=mode/>
            </Routes>
        </Router>
        <ToastList/>
    }
}

#[cfg(feature = "hydrate")]
use crate::browser::start;

/// Only a browser has something to start.
#[cfg(not(feature = "hydrate"))]
fn start(_visit: &Visit, _line: Line, _localised: Localised) {}
