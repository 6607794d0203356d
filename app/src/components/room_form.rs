//! Fields and forms about a room that several pages have.

use super::{
    field::{Kind, TextField},
    form::{Form, FormError},
};
use crate::text::room as words;
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::Field;

/// What a room is called, and what it is about: as typed before, or else as it is `now`.
#[component]
pub(crate) fn RoomFields(form: Form, #[prop(optional)] now: Option<(String, String)>) -> impl IntoView {
    let (name, topic) = now.unzip();
    view! {
        <TextField
            name="name"
            label=words::NAME
            kind=Kind::Words
            autocomplete="off"
            value=form.typed("name").or(name)
            error=form.problem(Field::Name, "name")
        />
        <TextField
            name="topic"
            label=words::TOPIC
            kind=Kind::Words
            autocomplete="off"
            value=form.typed("topic").or(topic)
            hint=words::TOPIC_HINT
            error=form.problem(Field::Topic, "topic")
        />
    }
}

/// Brings people into a room by their names.
#[component]
pub(crate) fn AddPeople(slug: String, label: &'static str, #[prop(optional)] hint: &'static str) -> impl IntoView {
    let form = Form::new("/api/rooms/add");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::add_members(typed.get("room"), typed.get("people")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <FormError form/>
            <input type="hidden" name="room" value=slug/>
            <TextField
                name="people"
                label
                kind=Kind::Text
                autocomplete="off"
                value=form.typed("people")
                hint
                error=form.problem(Field::People, "people")
            />
            <button class="button" aria-busy=move || form.is_busy().then_some("true")>{words::ADD}</button>
        </form>
    }
}
