//! `/chat/new`

use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError},
        redirect::Redirect,
        room_form::RoomFields,
    },
    layouts::Page,
    text::{self, room as words},
    visit::Visit,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use telicat_domain::{Field, SafePath};

/// Where groups and direct rooms are begun.
#[component]
pub(crate) fn NewRoom() -> impl IntoView {
    if Visit::get().viewer.is_none() {
        return view! { <Redirect to=SafePath::new_room().behind_login()/> }.into_any();
    }
    view! {
        <Title text=text::title(words::NEW_TITLE)/>
        <Page>
            <h1>{words::NEW_TITLE}</h1>
            <div class="settings">
                <NewGroup/>
                <NewDirect/>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn NewGroup() -> impl IntoView {
    let form = Form::new("/api/rooms/create");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::create_room(typed.get("name"), typed.find("topic")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <section class="settings__part" id="new-group">
            <h2 class="settings__title">{words::NEW_GROUP}</h2>
            <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
                <p class="muted">{words::NEW_GROUP_LEAD}</p>
                <FormError form/>
                <RoomFields form/>
                <button class="button button--primary" aria-busy=move || form.is_busy().then_some("true")>
                    {words::CREATE_GROUP}
                </button>
            </form>
        </section>
    }
}

#[component]
fn NewDirect() -> impl IntoView {
    let form = Form::new("/api/rooms/direct");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::open_direct(typed.get("people")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <section class="settings__part" id="new-direct">
            <h2 class="settings__title">{words::NEW_DIRECT}</h2>
            <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
                <p class="muted">{words::NEW_DIRECT_LEAD}</p>
                <FormError form/>
                <TextField
                    name="people"
                    label=words::PEOPLE
                    kind=Kind::Text
                    autocomplete="off"
                    value=form.typed("people")
                    hint=words::PEOPLE_HINT
                    error=form.problem(Field::People, "people")
                />
                <button class="button button--primary" aria-busy=move || form.is_busy().then_some("true")>
                    {words::START}
                </button>
            </form>
        </section>
    }
}
