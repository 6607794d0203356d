//! `/chat/room/{slug}`

use super::{Fault, NotFound};
use crate::{
    api::Failure,
    components::{
        avatar::RoomFace,
        composer::Composer,
        connection::Connection,
        emoji_picker::{EmojiDialog, EmojiPicker},
        header::SideHeader,
        icon::Icon,
        jump::JumpToDate,
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

/// A room, for who is signed in; visitors are sent to log in and come back.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()));
    // Shared: leptos takes a copy each time that it looks.
    let query = use_query_map();
    let opening = Memo::new(move |_| query.with(Opening::of));
    let page = Resource::new(
        move || (slug.get(), opening.get()),
        async |(slug, opening)| opening.load(slug).await.map(Arc::new),
    );
    let visit = Visit::get();
    view! {
        <Suspense>
            {move || {
                let visit = visit.clone();
                Suspend::new(async move {
                    match (page.await, &visit.viewer) {
                        (Ok(page), Some(viewer)) => {
                            let me = viewer.author.clone();
                            at_once(move || view! { <OpenRoom page me opening=opening.get_untracked()/> })
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
fn OpenRoom(page: Arc<RoomPage>, me: Author, opening: Opening) -> impl IntoView {
    KnownRooms::provide(Signal::stored(page.rooms.iter().map(|entry| entry.room.clone()).collect::<Vec<_>>()));
    provide_context(opening);
    // Before whatever opens it.
    EmojiPicker::get();
    let conversation = Conversation::open(&page, me.clone());
    answer_by_address(conversation);
    conversation.connect();
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
                            <JumpToDate conversation/>
                        </div>
                    </header>
                    <Connection/>
                    <Timeline conversation/>
                    <Composer conversation room=name/>
                </section>
            </main>
        </div>
        <EmojiDialog/>
    }
}

/// Without a script one answers a message by an address: `reply` is the message.
fn answer_by_address(conversation: Conversation) {
    let message = use_query_map().with_untracked(|query| query.get("reply").and_then(|id| id.parse().ok()));
    let quote = message.and_then(|id| {
        let quote = |message: &telicat_domain::Message| message.has_text().then(|| message.quote());
        conversation.timeline.with_untracked(|timeline| timeline.message(id).and_then(quote))
    });
    conversation.answering.set(quote);
}
