//! What the room is called and is about.

use super::Shown;
use crate::{
    components::{
        form::{Form, FormError},
        room_form::RoomFields,
    },
    text::{self, room as words},
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{permission::Action, room::RoomKind};

/// The name and the topic: to be changed by those who may, to be read by the others.
#[component]
pub(super) fn AboutPart(shown: Shown) -> impl IntoView {
    let (name, topic, kind) = shown.settings.with_value(|settings| {
        let room = &settings.room.room;
        (room.name.clone(), room.topic.clone(), room.kind)
    });
    (kind != RoomKind::Direct).then(|| {
        view! {
            <section class="settings__part" id="about-part">
                <h2 class="settings__title">{words::ABOUT}</h2>
                {if shown.may(Action::Arrange) {
                    view! { <Edit slug=shown.slug() name topic/> }.into_any()
                } else {
                    let topic = if topic.is_empty() { words::NO_TOPIC.to_owned() } else { topic };
                    view! {
                        <div class="stack">
                            <p><b class="settings__value">{name}</b></p>
                            <p class="muted settings__value">{topic}</p>
                        </div>
                    }
                        .into_any()
                }}
            </section>
        }
    })
}

#[component]
fn Edit(slug: String, name: String, topic: String) -> impl IntoView {
    let form = Form::new("/api/rooms/edit");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::rooms::edit_room(typed.get("room"), typed.get("name"), typed.get("topic"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <FormError form/>
            <input type="hidden" name="room" value=slug/>
            <RoomFields form now=(name, topic)/>
            <button class="button" aria-busy=move || form.is_busy().then_some("true")>{text::profile::SAVE}</button>
        </form>
    }
}
