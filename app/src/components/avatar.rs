//! What stands for a person or a room.

use super::logo::{EYES, HEAD};
use leptos::prelude::*;
use telicat_domain::{
    Author,
    face::{hue, initial},
    room::{RoomKind, RoomSummary},
};

/// A person: the initial on the person's colour. The name stands beside it.
#[component]
pub(crate) fn Face<'a>(
    author: &'a Author,
    #[prop(optional)] small: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView + use<> {
    let size = match (small, large) {
        (true, _) => " avatar--s",
        (_, true) => " avatar--xl",
        _ => "",
    };
    view! {
        <span class=format!("avatar{size} avatar--hue-{}", hue(author)) aria-hidden="true">
            <span>{initial(author)}</span>
        </span>
    }
}

/// A room: the house's mark for the public ones, a letter for the others.
#[component]
pub(crate) fn RoomFace<'a>(room: &'a RoomSummary) -> impl IntoView + use<> {
    if room.kind == RoomKind::Public {
        view! {
            <span class="avatar avatar--house" aria-hidden="true">
                <svg viewBox="0 0 32 32">
                    <path fill-rule="evenodd" d=format!("{HEAD}{EYES}")/>
                </svg>
            </span>
        }
        .into_any()
    } else {
        let letter: String = room.name.chars().take(1).flat_map(char::to_uppercase).collect();
        view! { <span class="avatar avatar--room" aria-hidden="true">{letter}</span> }.into_any()
    }
}
