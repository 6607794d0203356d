//! `/chat/room/{slug}`

use super::{Fault, NotFound};
use crate::{
    api::Failure,
    components::{
        composer::Composer,
        connection::Connection,
        details::{Beside, Details, DetailsPane, Wanted},
        emoji_picker::EmojiDialog,
        header::SideHeader,
        message::actions,
        redirect::Redirect,
        room_archived::RoomArchived,
        room_head::{RoomHead, known},
        room_invite::EmptyGroup,
        rooms::Rooms,
        timeline::Timeline,
        typing::TypingLine,
    },
    conversation::{Conversation, Opening},
    loading::load,
    once::at_once,
    room_list::{RoomList, name_of},
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;
use telicat_domain::{
    ApiError, Author, RoomSlug, SafePath,
    room::{RoomPage, RoomSettings},
};

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
    let list = RoomList::get();
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
    // Shared: leptos takes a copy each time that it looks. The rooms are there already when the reader was in another one.
    let page = load(
        move || place.with(|place| (place.slug.clone(), place.opening)),
        move |place| read_room(place, !list.is_filled()),
    );
    // What stands beside the room when it is opened; in a browser the pane follows the address from there.
    let details = load(move || slug.get(), move |slug| query.with_untracked(Wanted::of).load(slug));
    // The list shows at once where one goes.
    Effect::new(move |_| list.open.set(RoomSlug::parse(&slug.get()).ok()));
    on_cleanup(move || {
        list.open.try_set(None);
    });
    let visit = Visit::get();
    // Outlives what is made anew whenever another room is asked for.
    let above = Owner::new();
    view! {
        // What is there stays until the next room is.
        <Transition>
            {move || {
                let (visit, above) = (visit.clone(), above.clone());
                Suspend::new(async move {
                    let (page, details) = (page.await, details.await);
                    match (page, &visit.viewer) {
                        (Ok((page, empty)), Some(viewer)) => {
                            let me = viewer.author.clone();
                            let opening = place.with_untracked(|place| place.opening);
                            at_once(&above, move || view! { <OpenRoom page empty me details opening/> })
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

/// A room, and what it says when there is nothing in it.
async fn read_room(
    (slug, opening): (String, Opening),
    list: bool,
) -> Result<(Arc<RoomPage>, Option<RoomSettings>), Failure> {
    let page = opening.load(slug, list).await?;
    let empty = EmptyGroup::of(&page).await.map(|EmptyGroup(settings)| settings);
    Ok((Arc::new(page), empty))
}

fn login_first(slug: &str) -> SafePath {
    let room = RoomSlug::parse(slug).map_or_else(|_| SafePath::chat(), |slug| SafePath::room(&slug));
    room.behind_login()
}

/// A room that was found.
#[component]
fn OpenRoom(
    page: Arc<RoomPage>,
    empty: Option<RoomSettings>,
    me: Author,
    details: Details,
    opening: Opening,
) -> impl IntoView {
    let list = RoomList::get();
    list.fill(&page, me.id);
    leave_when_lost(list, page.room.room.slug.clone());
    provide_context(opening);
    provide_context(empty.map(EmptyGroup));
    actions::provide_keys();
    let conversation = Conversation::open(&page, me.clone());
    conversation.connect();
    let beside = Beside::open(conversation, details);
    let name = name_of(&page.room.room);
    let entry = known(list, page.room.clone());
    Effect::new(move |_| conversation.entry.set(entry.get()));
    let title =
        move || text::room_list::calling(list.badge().calls, &entry.with(|entry| text::title(&name_of(&entry.room))));
    list.title.set(untrack(title));
    Effect::new(move |_| list.title.set(title()));
    // The server writes it when the page is made and all signals are gone.
    #[cfg(not(feature = "hydrate"))]
    let title = list.title.get_untracked();
    #[cfg(feature = "hydrate")]
    let title = move || list.title.get();
    let archived = Memo::new(move |_| entry.with(|entry| entry.room.archived));
    // Nothing is written in an archived room.
    let skip = move || {
        if archived.get() { ("#messages", text::SKIP_TO_MESSAGES) } else { ("#message", text::SKIP) }
    };
    let composer = move || {
        if archived.get() {
            view! { <RoomArchived/> }.into_any()
        } else {
            view! { <Composer conversation/> }.into_any()
        }
    };
    view! {
        <Title text=title/>
        // `external`: the router would take the click, and the browser would move neither the focus nor the target.
        <a class="skip" href=move || skip().0 rel="external">{move || skip().1}</a>
        <div class="app">
            <div class="app__side" id="rooms">
                <SideHeader author=me/>
                <Rooms/>
            </div>
            <main class="app__body">
                <section class="app__main" aria-label=text::CONVERSATION>
                    <RoomHead page conversation/>
                    <Connection/>
                    <Timeline conversation/>
                    <TypingLine conversation/>
                    {composer}
                </section>
                <DetailsPane beside room=name/>
            </main>
        </div>
        <EmojiDialog/>
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
