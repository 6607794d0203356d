//! The end of the room.

use super::Shown;
use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError},
    },
    text::room as words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{Field, permission::Action};

/// The form that deletes it, for owners. The name is typed, so that it is this room and no other.
#[component]
pub(super) fn DangerPart(shown: Shown) -> impl IntoView {
    let form = Form::new("/api/rooms/delete");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::delete_room(typed.get("room"), typed.get("name")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    shown.may(Action::Delete).then(|| {
        view! {
            <section class="settings__part settings__part--danger" id="delete-part">
                <h2 class="settings__title">{words::DELETE}</h2>
                <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
                    <p class="muted">{words::DELETE_LEAD}</p>
                    <FormError form/>
                    <input type="hidden" name="room" value=shown.slug()/>
                    <TextField
                        id="delete-name"
                        name="name"
                        label=words::DELETE_NAME
                        kind=Kind::Words
                        autocomplete="off"
                        value=form.typed("name")
                        error=form.problem(Field::Name, "name")
                    />
                    <button class="button button--danger" aria-busy=move || form.is_busy().then_some("true")>
                        {words::DELETE_ROOM}
                    </button>
                </form>
            </section>
        }
    })
}
