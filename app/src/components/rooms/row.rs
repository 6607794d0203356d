//! The list as a browser shows it.

use super::{Section, address, class_of, number_class};
use crate::{
    components::{avatar::RoomFace, icon::Icon},
    room_list::RoomList,
    until_gone::track_until_gone,
};
use leptos::prelude::*;
use telicat_domain::RoomSlug;

/// All sections.
pub(super) fn sections(list: RoomList) -> AnyView {
    Section::ALL.map(|section| view! { <Part list section/> }).collect_view().into_any()
}

#[component]
fn Part(list: RoomList, section: Section) -> impl IntoView {
    let rooms = Memo::new(move |_| {
        track_until_gone(ArcMemo::from(list.layout));
        list.layout.with_untracked(|layout| section.rooms(layout).to_vec())
    });
    // Who has no favourites needs no place for them; where one adds to is there all the same.
    let hidden = move || (section.add().is_none() && rooms.with(Vec::is_empty)).then_some("");
    view! {
        <section hidden=hidden>
            <div class="rooms__title">
                <h2>{section.title()}</h2>
                {section
                    .add()
                    .map(|(href, label)| {
                        view! {
                            <a class="button button--icon button--quiet" href=href aria-label=label title=label>
                                <Icon name="plus"/>
                            </a>
                        }
                    })}
            </div>
            <ul>
                <For each=move || rooms.get() key=RoomSlug::clone let(slug)>
                    <RoomRow list slug/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn RoomRow(list: RoomList, slug: RoomSlug) -> impl IntoView {
    let href = address(&slug);
    let row = Memo::new({
        let slug = slug.clone();
        move |_| list.row(&slug)
    });
    let look = Memo::new(move |_| row.with(|row| row.look.clone()));
    let presence = Memo::new(move |_| list.presence(row.with(|row| row.with)));
    let words = Memo::new(move |_| row.with(|row| row.words(presence.get())));
    let muted = Memo::new(move |_| row.with(|row| row.muted));
    let last = Memo::new(move |_| row.with(|row| row.last.clone()));
    let number = Memo::new(move |_| row.with(|row| row.number().map(|number| (number_class(row), number))));
    let current = move || list.open.with(|open| open.as_ref() == Some(&slug)).then_some("page");
    view! {
        <li>
            <a
                class=move || row.with(class_of)
                href=href
                aria-current=current
                on:click=|_| leave_list()
            >
                <RoomFace look presence/>
                <span class="rooms__name">
                    {move || row.with(|row| row.name.clone())}
                    {move || words.get().map(|words| view! { <span class="rooms__signs">{words}</span> })}
                    {move || muted.get().then(|| view! { <Icon name="quiet" small=true/> })}
                </span>
                {move || {
                    last.get()
                        .map(|(said, at)| {
                            view! {
                                <span class="rooms__last">{said}</span>
                                <time class="rooms__when" datetime=at.rfc3339()>
                                    {move || list.when(at)}
                                </time>
                            }
                        })
                }}
                {move || {
                    number
                        .get()
                        .map(|(class, (number, of))| {
                            view! {
                                <span class=class>
                                    {number}
                                    <span class="unseen">{of}</span>
                                </span>
                            }
                        })
                }}
            </a>
        </li>
    }
}

/// The router changes the address without telling the style sheet that the list is no longer its target.
#[cfg(feature = "hydrate")]
fn leave_list() {
    crate::browser::drop_fragment();
}

#[cfg(not(feature = "hydrate"))]
fn leave_list() {}
