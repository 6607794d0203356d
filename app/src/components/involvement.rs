//! What one wants to hear of a room, and until when nothing at all: two plain forms of buttons.

use super::icon::Icon;
use crate::{api::rooms::InvolveInRoom, conversation::moment, room_list::RoomList, text, until_gone::get_until_gone};
use leptos::{ev::SubmitEvent, prelude::*};
use server_fn::ServerFn;
use telicat_domain::room::{Involvement, RoomEntry};

/// Seconds after which silence has no end that is worth a date.
const LONG: i64 = 30 * 24 * 3600;

/// Everything, mentions or nothing; and silence for a while, or its end.
#[component]
pub(crate) fn InvolvementChoice(entry: Memo<RoomEntry>) -> impl IntoView {
    let list = RoomList::get();
    let slug = entry.with_untracked(|entry| entry.room.slug.to_string());
    let chosen = Memo::new(move |_| entry.with(|entry| entry.involvement));
    let muted = Memo::new(move |_| {
        let until = entry.with(|entry| entry.muted_until);
        (until > get_until_gone(list.now)).then_some(until)
    });
    let send = move |event: SubmitEvent| send(&event, list);
    view! {
        <form method="post" action=InvolveInRoom::PATH on:submit=send>
            <input type="hidden" name="room" value=slug.clone()/>
            <div role="group" aria-label=text::room_list::HEAR>
                <p class="menu__title" aria-hidden="true">{text::room_list::HEAR}</p>
                {Involvement::ALL
                    .map(|involvement| {
                        let icon = match involvement {
                            Involvement::Everything => "bell",
                            Involvement::Mentions => "person",
                            Involvement::Nothing => "quiet",
                        };
                        view! {
                            <button
                                class="menu__item"
                                name="involvement"
                                value=involvement.name()
                                aria-pressed=move || (chosen.get() == involvement).to_string()
                            >
                                <Icon name=icon/>
                                {text::room_list::involvement(involvement)}
                                <span class="menu__mark"><Icon name="check" small=true/></span>
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </form>
        <form method="post" action=InvolveInRoom::PATH on:submit=send>
            <input type="hidden" name="room" value=slug/>
            <input type="hidden" name="involvement" value=move || chosen.get().name()/>
            <div role="group" aria-label=text::room_list::MUTE>
                <p class="menu__title">
                    {move || match muted.get() {
                        // Nobody waits for that day.
                        Some(until) if until > get_until_gone(list.now).plus_seconds(LONG) => {
                            text::room_list::MUTED_LONG.to_owned()
                        }
                        Some(until) => text::room_list::muted_until(&moment(until)),
                        None => text::room_list::MUTE.to_owned(),
                    }}
                </p>
                {move || match muted.get() {
                    Some(_) => {
                        view! {
                            <button class="menu__item" name="mute" value="0">
                                <Icon name="bell"/>
                                {text::room_list::UNMUTE}
                            </button>
                        }
                            .into_any()
                    }
                    None => {
                        text::room_list::MUTES
                            .map(|(minutes, label)| {
                                view! {
                                    <button class="menu__item" name="mute" value=minutes.to_string()>
                                        <Icon name="clock"/>
                                        {label}
                                    </button>
                                }
                            })
                            .collect_view()
                            .into_any()
                    }
                }}
            </div>
        </form>
    }
}

/// Sends the choice without the form's reload.
#[cfg(feature = "hydrate")]
fn send(event: &SubmitEvent, list: RoomList) {
    event.prevent_default();
    let Some(typed) = crate::browser::Typed::of(event) else { return };
    let mute = typed.find("mute").and_then(|minutes| minutes.parse().ok());
    let (room, involvement) = (typed.get("room"), typed.get("involvement"));
    list.choose(async move { crate::api::rooms::involve_in_room(room, involvement, mute).await });
}

#[cfg(not(feature = "hydrate"))]
fn send(_event: &SubmitEvent, _list: RoomList) {}
