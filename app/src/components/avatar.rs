//! What stands for a person or a room.

use super::{
    logo::{EYES, HEAD},
    rooms::dot_class,
};
use crate::room_list::Look;
use leptos::prelude::*;
use telicat_domain::{
    Author, PictureId,
    face::{hue, initial},
    limits::PICTURE_SIZES,
    presence::Presence,
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

/// A room: the house's mark for the public ones, a face for those with one other person, a letter or a number for the
/// rest; with a dot when that person is here.
#[component]
pub(crate) fn RoomFace(#[prop(into)] look: Signal<Look>, #[prop(into)] presence: Signal<Presence>) -> impl IntoView {
    view! {
        <span class=move || look.with(Look::class) aria-hidden="true">
            {move || look.with(sign)}
            {move || dot_class(presence.get()).map(|class| view! { <span class=class></span> })}
        </span>
    }
}

fn sign(look: &Look) -> AnyView {
    match look {
        Look::House => view! {
            <svg viewBox="0 0 32 32">
                <path fill-rule="evenodd" d=format!("{HEAD}{EYES}")/>
            </svg>
        }
        .into_any(),
        Look::Person(Author { picture: Some(picture), .. }) => {
            view! { <PersonPicture picture=*picture large=false/> }.into_any()
        }
        Look::Person(author) => view! { <span>{initial(author)}</span> }.into_any(),
        Look::Letter(letter) => view! { <span>{letter.clone()}</span> }.into_any(),
        Look::Several(count) => view! { <span>{count.to_string()}</span> }.into_any(),
    }
}
