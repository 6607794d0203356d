//! Leaving the room.

use super::Shown;
use crate::{
    components::form::{Form, FormError},
    text::room as words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::permission::Action;

/// The way out, for members of groups.
#[component]
pub(super) fn LeavePart(shown: Shown) -> impl IntoView {
    let form = Form::new("/api/rooms/leave");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::leave_room(typed.get("room")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let alone = shown.settings.with_value(|settings| settings.members.count == 1);
    shown.may(Action::Leave).then(|| {
        view! {
            <section class="settings__part" id="leave-part">
                <h2 class="settings__title">{words::LEAVE}</h2>
                <form class="stack" method="post" action=form.action on:submit=on_submit>
                    <p class="muted">{if alone { words::LEAVE_LAST } else { words::LEAVE_LEAD }}</p>
                    <FormError form/>
                    <input type="hidden" name="room" value=shown.slug()/>
                    <button class="button" aria-busy=move || form.is_busy().then_some("true")>{words::LEAVE_ROOM}</button>
                </form>
            </section>
        }
    })
}
