//! Closing the room for writing, and opening it again.

use super::Shown;
use crate::{
    components::form::{Form, FormError},
    text::room as words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::permission::Action;

/// The button that does it, for owners.
#[component]
pub(super) fn ArchivePart(shown: Shown) -> impl IntoView {
    let form = Form::new("/api/rooms/archive");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::archive_room(typed.get("room"), typed.get("on") == "true"));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let archived = shown.settings.with_value(|settings| settings.room.room.archived);
    shown.may(Action::Archive).then(|| {
        view! {
            <section class="settings__part" id="archive-part">
                <h2 class="settings__title">{words::ARCHIVE}</h2>
                <form class="stack" method="post" action=form.action on:submit=on_submit>
                    <p class="muted">{if archived { words::ARCHIVED_NOTE } else { words::ARCHIVE_LEAD }}</p>
                    <FormError form/>
                    <input type="hidden" name="room" value=shown.slug()/>
                    <input type="hidden" name="on" value=(!archived).to_string()/>
                    <button class="button" aria-busy=move || form.is_busy().then_some("true")>
                        {if archived { words::REOPEN_ROOM } else { words::ARCHIVE_ROOM }}
                    </button>
                </form>
            </section>
        }
    })
}
