//! The pages and their addresses.

use crate::{
    components::{
        emoji_picker::EmojiPicker,
        overlays::Overlays,
        switcher::Switcher,
        toasts::{ToastList, Toasts},
        typing::Writers,
    },
    conversation::{Announcer, Localised},
    line::Line,
    pages::{
        ChangePassword, Chat, ChatWith, ConfirmEmail, FirstOwner, Home, Invitations, JoinRoom, LetterSent, LogIn,
        MyProfile, NewRoom, NotFound, Onboarding, Profile, ProfileDelete, ProfileEdit, Reset, ResetRequest, Room,
        RoomSettings, Saved, Sessions, Settings, SignUp,
    },
    room_list::RoomList,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};
use telicat_domain::Timestamp;

/// Everything inside the body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let visit = Visit::provide();
    let toasts = Toasts::provide(&visit);
    let line = Line::provide();
    let localised = Localised(RwSignal::new(false));
    provide_context(localised);
    let list = RoomList::provide(visit.at.unwrap_or(Timestamp(0)));
    let writers = Writers::provide();
    Switcher::provide();
    // What rooms share begins here: a context that a room provides stays for the next one, when its signals are gone.
    Announcer::get();
    EmojiPicker::get();
    start(&visit, line, localised, toasts, list, writers);

    // Complete pages, with the right status, whether or not a script ever runs.
    let mode = SsrMode::Async;
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=mode.clone()/>
                <Route path=path!("/accounts/signup") view=SignUp ssr=mode.clone()/>
                <Route path=path!("/accounts/signup/sent") view=LetterSent ssr=mode.clone()/>
                <Route path=path!("/accounts/login") view=LogIn ssr=mode.clone()/>
                <Route path=path!("/accounts/first-owner/:token") view=FirstOwner ssr=mode.clone()/>
                <Route path=path!("/accounts/email/confirm/:token") view=ConfirmEmail ssr=mode.clone()/>
                <Route path=path!("/accounts/password/reset") view=ResetRequest ssr=mode.clone()/>
                <Route path=path!("/accounts/password/reset/:token") view=Reset ssr=mode.clone()/>
                <Route path=path!("/accounts/password/change") view=ChangePassword ssr=mode.clone()/>
                <Route path=path!("/accounts/sessions") view=Sessions ssr=mode.clone()/>
                <Route path=path!("/profile") view=MyProfile ssr=mode.clone()/>
                <Route path=path!("/profile/onboarding") view=Onboarding ssr=mode.clone()/>
                <Route path=path!("/profile/edit") view=ProfileEdit ssr=mode.clone()/>
                <Route path=path!("/profile/settings") view=Settings ssr=mode.clone()/>
                <Route path=path!("/profile/delete") view=ProfileDelete ssr=mode.clone()/>
                <Route path=path!("/invitations") view=Invitations ssr=mode.clone()/>
                <Route path=path!("/chat") view=Chat ssr=mode.clone()/>
                <Route path=path!("/chat/new") view=NewRoom ssr=mode.clone()/>
                <Route path=path!("/chat/saved") view=Saved ssr=mode.clone()/>
                <Route path=path!("/chat/room/:slug") view=Room ssr=mode.clone()/>
                <Route path=path!("/chat/room/:slug/settings") view=RoomSettings ssr=mode.clone()/>
                <Route path=path!("/chat/join/:code") view=JoinRoom ssr=mode.clone()/>
                <Route path=path!("/chat/with/:handle") view=ChatWith ssr=mode.clone()/>
                <Route path=path!("/:name") view=Profile ssr=mode/>
            </Routes>
            <Overlays/>
        </Router>
        <ToastList/>
    }
}

#[cfg(feature = "hydrate")]
use crate::browser::start;

/// Only a browser has something to start.
#[cfg(not(feature = "hydrate"))]
fn start(_visit: &Visit, _line: Line, _localised: Localised, _toasts: Toasts, _list: RoomList, _writers: Writers) {}
