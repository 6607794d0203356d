//! What stands for a person or a room.

use super::logo::{EYES, HEAD};
use leptos::prelude::*;
use telicat_domain::{
    Author, PictureId,
    face::{hue, initial},
    limits::PICTURE_SIZES,
    room::{RoomKind, RoomSummary},
};

/// A person: their picture, or the initial on the person's colour. The name stands beside it.
#[component]
pub(crate) fn Face<'a>(
    author: &'a Author,
    #[prop(optional)] tiny: bool,
    #[prop(optional)] small: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView + use<> {
    let size = match (tiny, small, large) {
        (true, ..) => " avatar--xs",
        (_, true, _) => " avatar--s",
        (_, _, true) => " avatar--xl",
        _ => "",
    };
    view! {
        <span class=format!("avatar{size} avatar--hue-{}", hue(author)) aria-hidden="true">
            {match author.picture {
                Some(picture) => view! { <PersonPicture picture large/> }.into_any(),
                None => view! { <span>{initial(author)}</span> }.into_any(),
            }}
        </span>
    }
}

/// A picture in the size that its place needs: the large one where it is large, the small one, which is enough for any
/// screen, everywhere else.
#[component]
fn PersonPicture(picture: PictureId, large: bool) -> impl IntoView {
    let side = PICTURE_SIZES[usize::from(large)];
    view! {
        <img src=picture_path(picture, side) width=side height=side alt="" decoding="async"/>
    }
}

/// Where a picture is, in one of its sizes.
pub(crate) fn picture_path(picture: PictureId, side: u32) -> String {
    format!("/media/pictures/{picture}/{side}.webp")
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
