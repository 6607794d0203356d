//! `/chat/room/{slug}`

use super::{Fault, NotFound};
use crate::{
    api::Failure,
    components::{
        avatar::RoomFace,
        composer::Composer,
        connection::Connection,
        details::{Beside, Details, DetailsPane, PinnedLink, Wanted},
        emoji_picker::{EmojiDialog, EmojiPicker},
        header::SideHeader,
        icon::Icon,
        jump::JumpToDate,
        message::actions,
        redirect::Redirect,
        rooms::Rooms,
        timeline::Timeline,
    },
    conversation::{Conversation, KnownRooms, Opening},
    once::at_once,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;
use telicat_domain::{ApiError, Author, RoomSlug, SafePath, room::RoomPage};

/// Where a reader is, as the address says it.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    slug: String,
    opening: Opening,
    /// Whether something stands beside the room.
    beside: bool,
}

/// A room, for who is signed in; visitors are sent to log in and come back.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()));
    // Shared: leptos takes a copy each time that it looks.
    let query = use_query_map();
    let place = Memo::new(move |before: Option<&Place>| {
        let (slug, opening, beside) =
            (slug.get(), query.with(Opening::of), query.with(|query| Wanted::of(query).is_pane()));
        match before {
            // What stands beside the room comes and goes without moving it.
            Some(before) if before.slug == slug && opening == Opening::End && (beside || before.beside) => {
                Place { slug, opening: before.opening, beside }
            }
            _ => Place { slug, opening, beside },
        }
    });
    let page = Resource::new(
        move || place.with(|place| (place.slug.clone(), place.opening)),
        async |(slug, opening)| opening.load(slug).await.map(Arc::new),
    );
    // What stands beside the room when it is opened; in a browser the pane follows the address from there.
    let details = Resource::new(move || slug.get(), move |slug| query.with_untracked(Wanted::of).load(slug));
    let visit = Visit::get();
    view! {
        <Suspense>
            {move || {
                let visit = visit.clone();
                Suspend::new(async move {
                    let (page, details) = (page.await, details.await);
                    match (page, &visit.viewer) {
                        (Ok(page), Some(viewer)) => {
                            let me = viewer.author.clone();
                            let opening = place.with_untracked(|place| place.opening);
                            at_once(move || view! { <OpenRoom page me details opening/> })
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

fn login_first(slug: &str) -> SafePath {
    let room = RoomSlug::parse(slug).map_or_else(|_| SafePath::chat(), |slug| SafePath::room(&slug));
    room.behind_login()
}

/// A room that was found.
#[component]
fn OpenRoom(page: Arc<RoomPage>, me: Author, details: Details, opening: Opening) -> impl IntoView {
    KnownRooms::provide(Signal::stored(page.rooms.iter().map(|entry| entry.room.clone()).collect::<Vec<_>>()));
    provide_context(opening);
    // Before whatever opens it.
    EmojiPicker::get();
    actions::provide_keys();
    let conversation = Conversation::open(&page, me.clone());
    conversation.connect();
    let beside = Beside::open(conversation, details);
    let room = &page.room.room;
    let name = room.called();
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
                            <PinnedLink conversation count=page.pinned/>
                            <JumpToDate conversation/>
                        </div>
                    </header>
                    <Connection/>
                    <Timeline conversation/>
                    <Composer conversation room=name.clone()/>
                </section>
                <DetailsPane beside room=name/>
            </main>
        </div>
        <EmojiDialog/>
    }
}
