//! `/chat/saved`

use super::Fault;
use crate::{
    api::{Failure, messages::saved_messages},
    components::{avatar::RoomFace, message::still::Still, redirect::Redirect},
    layouts::Page,
    loading::{awaited, load},
    room_list::Look,
    text::{self, messages},
    visit::Visit,
};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use telicat_domain::{ApiError, PersonId, SafePath, event::SavedMessage, presence::Presence};

/// The messages that somebody keeps, newest first, whatever room they are in.
#[component]
pub(crate) fn Saved() -> impl IntoView {
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get("before")));
    let page = load(move || before.get(), saved_messages);
    let visit = Visit::get();
    view! {
        {awaited(move || {
            let visit = visit.clone();
            async move {
                match (page.await, &visit.viewer) {
                    (Ok(saved), Some(viewer)) => view! { <List saved me=viewer.author.id/> }.into_any(),
                    (Err(Failure(ApiError::NotSignedIn)), _) | (_, None) => {
                        view! { <Redirect to=SafePath::saved().behind_login()/> }.into_any()
                    }
                    (Err(Failure(error)), _) => view! { <Fault error/> }.into_any(),
                }
            }
        })}
    }
}

#[component]
fn List(saved: Vec<SavedMessage>, me: PersonId) -> impl IntoView {
    // The server gives a page at a time, and says nothing of how many there are behind it.
    let more = saved.last().filter(|_| saved.len() >= telicat_domain::limits::HISTORY_PAGE);
    let more = more.map(|last| format!("{}?before={}", SafePath::saved(), last.message.id));
    let list = RwSignal::new(saved);
    view! {
        <Title text=text::title(messages::SAVED_TITLE)/>
        <Page>
            <div class="stack">
                <h1 id="saved" tabindex="-1">{messages::SAVED_TITLE}</h1>
                {move || {
                    if list.with(Vec::is_empty) {
                        return view! { <p class="lead">{messages::SAVED_NONE}</p> }.into_any();
                    }
                    let items = list.get().into_iter().map(|saved| view! { <Item saved me list/> }).collect_view();
                    view! { <ul class="still-list still-list--page" aria-labelledby="saved">{items}</ul> }.into_any()
                }}
                {more.map(|more| view! { <a class="button" href=more>{messages::SAVED_MORE}</a> })}
            </div>
        </Page>
    }
}

#[component]
fn Item(saved: SavedMessage, me: PersonId, list: RwSignal<Vec<SavedMessage>>) -> impl IntoView {
    let SavedMessage { room, message } = saved;
    let id = message.id;
    let path = SafePath::room(&room.slug);
    let address = match message.root {
        Some(root) => format!("{path}?thread={}", root.id),
        None => format!("{path}?at={}", message.seq),
    };
    let name = room.called();
    view! {
        <li>
            <p class="still-list__where">
                <RoomFace look=Signal::stored(Look::of(&room)) presence=Signal::stored(Presence::Gone)/>
                <a href=path.to_string() dir="auto">
                    {name}
                </a>
            </p>
            <Still message me address=address.clone()/>
            <div class="still-tools row">
                <a class="button button--small button--quiet" href=address>
                    {messages::SHOW_IN_ROOM}
                </a>
                <form
                    method="post"
                    action="/api/messages/save"
                    on:submit=move |event: ev::SubmitEvent| unsave(&event, id, list)
                >
                    <input type="hidden" name="message" value=id.to_string()/>
                    <input type="hidden" name="on" value="false"/>
                    <button class="button button--small button--quiet">{messages::UNSAVE}</button>
                </form>
            </div>
        </li>
    }
}

/// Takes a message off the list without the reload.
#[cfg(feature = "hydrate")]
fn unsave(event: &ev::SubmitEvent, id: telicat_domain::MessageId, list: RwSignal<Vec<SavedMessage>>) {
    use crate::{api::messages::save_message, browser, components::toasts::Toasts};
    event.prevent_default();
    let toasts = Toasts::get();
    leptos::task::spawn_local(async move {
        let answer = save_message(id.to_string(), false).await;
        let Some(toasts) = toasts else { return };
        match answer {
            Ok(()) => {
                list.update(|list| list.retain(|saved| saved.message.id != id));
                browser::focus("saved");
                toasts.good(messages::IS_UNSAVED);
            }
            Err(Failure(error)) => toasts.error(text::error(&error)),
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn unsave(_event: &ev::SubmitEvent, _id: telicat_domain::MessageId, _list: RwSignal<Vec<SavedMessage>>) {}
