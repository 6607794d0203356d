//! The head of a room: what it is, who is here, and what one does with the room as a whole.

use super::{
    avatar::RoomFace,
    details::{PinnedItem, PinnedLink},
    icon::Icon,
    jump::{JumpItem, JumpToDate},
    room_menu::RoomMenu,
    rooms::dot_class,
};
use crate::{
    api::rooms::FavourRoom,
    conversation::Conversation,
    room_list::{Look, RoomList, name_of, partner},
    text,
};
use leptos::prelude::*;
use server_fn::ServerFn;
use std::sync::Arc;
use telicat_domain::{
    SafePath,
    presence::Presence,
    room::{RoomEntry, RoomPage},
};

/// The head of an open room. It stays right while the room is renamed, and before any script runs it says what the page
/// knew.
#[component]
pub(crate) fn RoomHead(page: Arc<RoomPage>, conversation: Conversation) -> impl IntoView {
    let list = RoomList::get();
    let entry = known(list, page.room.clone());
    let name = Memo::new(move |_| entry.with(|entry| name_of(&entry.room)));
    let topic = Memo::new(move |_| entry.with(|entry| entry.room.topic.clone()));
    let look = Memo::new(move |_| entry.with(|entry| Look::of(&entry.room)));
    let with = Memo::new(move |_| entry.with(|entry| partner(&entry.room).cloned()));
    let presence = Memo::new(move |_| list.presence(with.with(|with| with.as_ref().map(|person| person.id))));
    let slug = page.room.room.slug.clone();
    let settings = format!("{}/settings", SafePath::room(&slug));
    let members = move || text::room_list::members(conversation.members.get().count);
    view! {
        <header class="room-head">
            <a
                class="button button--quiet button--icon room-head__back"
                href="#rooms"
                rel="external"
                aria-label=text::ALL_ROOMS
            >
                <Icon name="back"/>
            </a>
            <RoomFace look presence/>
            <div class="room-head__words">
                <h1 class="room-head__title">
                    <span class="room-head__name">{move || name.get()}</span>
                    <Presences list entry/>
                </h1>
                {move || {
                    let topic = topic.get();
                    (!topic.is_empty()).then(|| view! { <p class="room-head__topic">{topic}</p> })
                }}
            </div>
            <div class="room-head__actions">
                <JumpToDate conversation/>
                <PinnedLink conversation/>
                <div class="room-head__extra">
                    <Favourite entry/>
                </div>
                <a
                    class="button button--icon button--quiet"
                    href=format!("{settings}#members")
                    aria-label=members
                    title=members
                >
                    <Icon name="people"/>
                </a>
                <RoomMenu entry settings>
                    <PinnedItem conversation/>
                    <Favourite entry item=true/>
                    <JumpItem/>
                </RoomMenu>
            </div>
        </header>
    }
}

/// Puts the room above the others, or among them again.
#[component]
fn Favourite(
    entry: Memo<RoomEntry>,
    /// Whether it stands in a menu, with its name.
    #[prop(optional)]
    item: bool,
) -> impl IntoView {
    let list = RoomList::get();
    let favourite = Memo::new(move |_| entry.with(|entry| entry.favourite));
    let name = text::room_list::FAVOURITE;
    view! {
        <form method="post" action=FavourRoom::PATH on:submit=move |event| favour(&event, list, entry)>
            <input type="hidden" name="room" value=entry.with_untracked(|entry| entry.room.slug.to_string())/>
            <input type="hidden" name="on" value=move || (!favourite.get()).to_string()/>
            <button
                class=if item { "menu__item" } else { "button button--icon button--quiet" }
                aria-label=(!item).then_some(name)
                title=(!item).then_some(name)
                aria-pressed=move || favourite.get().to_string()
            >
                <Icon name="star"/>
                {item
                    .then(|| {
                        view! {
                            {name}
                            <span class="menu__mark">
                                <Icon name="check" small=true/>
                            </span>
                        }
                    })}
            </button>
        </form>
    }
}

/// The room as the list knows it by now, or else as the page did.
pub(crate) fn known(list: RoomList, of_page: RoomEntry) -> Memo<RoomEntry> {
    Memo::new(move |_| list.entry(&of_page.room.slug, RoomEntry::clone).unwrap_or_else(|| of_page.clone()))
}

/// How many are here; in a direct room whether the other one is.
#[component]
fn Presences(list: RoomList, entry: Memo<RoomEntry>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        entry.with(|entry| match partner(&entry.room) {
            Some(person) => {
                let presence = list.presence(Some(person.id));
                Some((presence, text::room_list::presence(presence)?.to_owned()))
            }
            None => {
                let here = list.here.get().filter(|(room, _)| *room == entry.room.slug);
                here.map(|(_, count)| (Presence::Here, text::room_list::here(count)))
            }
        })
    });
    move || {
        shown.get().map(|(presence, words)| {
            let class = dot_class(presence).unwrap_or_default();
            view! {
                <span class="tag">
                    <span class=format!("{class} presence--inline")></span>
                    {words}
                </span>
            }
        })
    }
}

/// Puts the room above the others at once, without the form's reload.
#[cfg(feature = "hydrate")]
fn favour(event: &leptos::ev::SubmitEvent, list: RoomList, entry: Memo<RoomEntry>) {
    event.prevent_default();
    let (room, on) = entry.with_untracked(|entry| (entry.room.slug.to_string(), !entry.favourite));
    list.choose(async move { crate::api::rooms::favour_room(room, on).await });
}

#[cfg(not(feature = "hydrate"))]
fn favour(_event: &leptos::ev::SubmitEvent, _list: RoomList, _entry: Memo<RoomEntry>) {}
