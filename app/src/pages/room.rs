//! `/chat/room/{slug}`

use super::{Fault, NotFound};
use crate::{
    api::{Failure, rooms::show_room},
    components::{
        composer::Composer,
        connection::Connection,
        header::SideHeader,
        redirect::Redirect,
        room_head::{RoomHead, known},
        rooms::Rooms,
        timeline::Timeline,
        typing::TypingLine,
    },
    conversation::Conversation,
    once::at_once,
    room_list::{RoomList, name_of},
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;
use telicat_domain::{ApiError, Author, RoomSlug, SafePath, room::RoomPage};

/// A room, for who is signed in; visitors are sent to log in and come back.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()));
    let list = RoomList::get();
    // Shared: leptos takes a copy each time that it looks. The rooms are there already when the reader was in another one.
    let page = Resource::new(
        move || slug.get(),
        move |slug| async move { show_room(slug, None, list.is_filled().then_some(false)).await.map(Arc::new) },
    );
    // The list shows at once where one goes.
    Effect::new(move |_| list.open.set(RoomSlug::parse(&slug.get()).ok()));
    on_cleanup(move || {
        list.open.try_set(None);
    });
    let visit = Visit::get();
    view! {
        // What is there stays until the next room is.
        <Transition>
            {move || {
                let visit = visit.clone();
                Suspend::new(async move {
                    match (page.await, &visit.viewer) {
                        (Ok(page), Some(viewer)) => {
                            let me = viewer.author.clone();
                            at_once(move || view! { <OpenRoom page me/> })
                        }
                        (Err(Failure(ApiError::NotSignedIn)), _) | (_, None) => {
                            view! { <Redirect to=login_first(&slug.get_untracked())/> }.into_any()
                        }
                        (Err(Failure(ApiError::NotFound)), _) => view! { <NotFound/> }.into_any(),
                        (Err(Failure(error)), _) => view! { <Fault error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

fn login_first(slug: &str) -> SafePath {
    let room = RoomSlug::parse(slug).map_or_else(|_| SafePath::chat(), |slug| SafePath::room(&slug));
    room.behind_login()
}

/// A room that was found.
#[component]
fn OpenRoom(page: Arc<RoomPage>, me: Author) -> impl IntoView {
    let list = RoomList::get();
    list.fill(&page, me.id);
    leave_when_lost(list, page.room.room.slug.clone());
    let conversation = Conversation::open(&page, me.clone());
    conversation.connect();
    let name = name_of(&page.room.room);
    let title = {
        let entry = known(list, page.room.clone());
        move || text::room_list::calling(list.badge().calls, &entry.with(|entry| text::title(&name_of(&entry.room))))
    };
    view! {
        <Title text=title/>
        // `external`: the router would take the click, and the browser would move neither the focus nor the target.
        <a class="skip" href="#message" rel="external">{text::SKIP}</a>
        <div class="app">
            <div class="app__side" id="rooms">
                <SideHeader author=me/>
                <Rooms/>
            </div>
            <main class="app__body">
                <section class="app__main" aria-label=text::CONVERSATION>
                    <RoomHead page/>
                    <Connection/>
                    <Timeline conversation/>
                    <TypingLine conversation/>
                    <Composer conversation room=name/>
                </section>
            </main>
        </div>
    }
}

/// Goes elsewhere when the room that is open is no longer the reader's.
#[cfg(feature = "hydrate")]
fn leave_when_lost(list: RoomList, slug: RoomSlug) {
    let (navigate, toasts) = (leptos_router::hooks::use_navigate(), crate::components::toasts::Toasts::get());
    Effect::new(move |had: Option<bool>| {
        let has = list.entry(&slug, |_| ()).is_some();
        if had == Some(true) && !has {
            if let Some(toasts) = toasts {
                toasts.error(text::room_list::LOST_ROOM);
            }
            let options = leptos_router::NavigateOptions { replace: true, ..Default::default() };
            navigate(SafePath::chat().as_str(), options);
        }
        has
    });
}

#[cfg(not(feature = "hydrate"))]
fn leave_when_lost(_list: RoomList, _slug: RoomSlug) {}
