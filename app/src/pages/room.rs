//! `/chat/room/{slug}`

use super::{Fault, NotFound};
use crate::{
    api::{Failure, rooms::show_room},
    components::{
        avatar::RoomFace,
        composer::Composer,
        connection::Connection,
        header::SideHeader,
        icon::Icon,
        redirect::Redirect,
        room_invite::EmptyGroup,
        room_lost::{RoomArchived, RoomLost, lost},
        rooms::Rooms,
        timeline::Timeline,
    },
    conversation::Conversation,
    once::at_once,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;
use telicat_domain::{
    ApiError, Author, RoomSlug, SafePath,
    room::{RoomPage, RoomSettings},
};

/// A room, for who is signed in; visitors are sent to log in and come back.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()));
    // Shared: leptos takes a copy each time that it looks.
    let page = Resource::new(move || slug.get(), load);
    let visit = Visit::get();
    view! {
        <Suspense>
            {move || {
                let visit = visit.clone();
                Suspend::new(async move {
                    match (page.await, &visit.viewer) {
                        (Ok((page, empty)), Some(viewer)) => {
                            let me = viewer.author.clone();
                            at_once(move || view! { <OpenRoom page empty me/> })
                        }
                        (Err(Failure(ApiError::NotSignedIn)), _) | (_, None) => {
                            view! { <Redirect to=login_first(&slug.get_untracked())/> }.into_any()
                        }
                        (Err(Failure(ApiError::NotFound)), _) => view! { <NotFound/> }.into_any(),
                        (Err(Failure(error)), _) => view! { <Fault error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// A room, and what it says when there is nothing in it.
async fn load(slug: String) -> Result<(Arc<RoomPage>, Option<RoomSettings>), Failure> {
    let page = show_room(slug, None, None).await?;
    let empty = EmptyGroup::of(&page).await.map(|EmptyGroup(settings)| settings);
    Ok((Arc::new(page), empty))
}

fn login_first(slug: &str) -> SafePath {
    let room = RoomSlug::parse(slug).map_or_else(|_| SafePath::chat(), |slug| SafePath::room(&slug));
    room.behind_login()
}

/// A room that was found.
#[component]
fn OpenRoom(page: Arc<RoomPage>, empty: Option<RoomSettings>, me: Author) -> impl IntoView {
    let conversation = Conversation::open(&page, me.clone());
    conversation.connect();
    provide_context(empty.map(EmptyGroup));
    let room = &page.room.room;
    let name = room.called();
    let settings = SafePath::room_settings(&room.slug);
    let lost = lost(room.slug.clone());
    let archived = room.archived;
    let composer = {
        let name = name.clone();
        move || match (lost.get(), archived) {
            (true, _) => view! { <RoomLost/> }.into_any(),
            (false, true) => view! { <RoomArchived/> }.into_any(),
            (false, false) => view! { <Composer conversation room=name.clone()/> }.into_any(),
        }
    };
    view! {
        <Title text=text::title(&name)/>
        // `external`: the router would take the click, and the browser would move neither the focus nor the target.
        <a class="skip" href="#message" rel="external">{text::SKIP}</a>
        <div class="app">
            <div class="app__side" id="rooms">
                <SideHeader author=me/>
                <Rooms rooms=&page.rooms open=room.slug.clone()/>
            </div>
            <main class="app__body">
                <section class="app__main" aria-label=text::CONVERSATION>
                    <header class="room-head">
                        <a
                            class="button button--quiet button--icon room-head__back"
                            href="#rooms"
                            rel="external"
                            aria-label=text::ALL_ROOMS
                        >
                            <Icon name="back"/>
                        </a>
                        <RoomFace room/>
                        <div>
                            <h1 class="room-head__title">{name.clone()}</h1>
                            {(!room.topic.is_empty())
                                .then(|| view! { <p class="room-head__topic">{room.topic.clone()}</p> })}
                        </div>
                        <div class="room-head__actions">
                            <a
                                class="button button--quiet button--icon"
                                href=settings.to_string()
                                aria-label=text::room::SETTINGS_OF
                                title=text::room::SETTINGS_OF
                            >
                                <Icon name="sliders"/>
                            </a>
                        </div>
                    </header>
                    <Connection/>
                    <Timeline conversation/>
                    {composer}
                </section>
            </main>
        </div>
    }
}
