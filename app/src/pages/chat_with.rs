//! `/chat/with/{handle}`: on to the direct room with a person. Where there is none, looking makes none; the button does.

use super::{Fault, NotFound};
use crate::{
    api::{Failure, people::show_profile, rooms::find_direct},
    components::{
        avatar::Face,
        form::{Form, FormError, SubmitButton},
        redirect::Redirect,
    },
    layouts::Card,
    loading::{awaited, load},
    text::{self, room as words},
    visit::Visit,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, Author, Field, Handle, RoomSlug, SafePath};

/// The way to the direct room with a person, for who is signed in.
#[component]
pub(crate) fn ChatWith() -> impl IntoView {
    let params = use_params_map();
    let handle = Memo::new(move |_| params.with(|params| params.get("handle").unwrap_or_default()));
    let found = load(move || handle.get(), find);
    let is_visitor = Visit::get().viewer.is_none();
    view! {
        {awaited(move || async move {
            if is_visitor {
                return view! { <Redirect to=login_first(&handle.get_untracked())/> }.into_any();
            }
            match found.await {
                Ok((_, Some(room))) => view! { <Redirect to=SafePath::room(&room)/> }.into_any(),
                Ok((person, None)) => view! { <Ask person/> }.into_any(),
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=login_first(&handle.get_untracked())/> }.into_any()
                }
                Err(Failure(ApiError::NotFound)) => view! { <NotFound/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

/// Whom a handle leads to, also one that was left for another, and the room with them.
async fn find(handle: String) -> Result<(Author, Option<RoomSlug>), Failure> {
    let person = show_profile(handle).await?.author;
    let room = find_direct(person.handle.to_string()).await?;
    Ok((person, room))
}

fn login_first(handle: &str) -> SafePath {
    Handle::parse(handle).map_or_else(|_| SafePath::chat(), |handle| SafePath::chat_with(&handle)).behind_login()
}

#[component]
fn Ask(person: Author) -> impl IntoView {
    let form = Form::new("/api/rooms/direct");
    let problem = form.problem(Field::People, "people");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::open_direct(typed.get("people")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let title = words::chat_with(person.called());
    view! {
        <Title text=text::title(&title)/>
        <Card>
            <form class="card__form" method="post" action=form.action on:submit=on_submit>
                <Face author=&person large=true/>
                <h1>{title}</h1>
                <p class="muted">{words::with_lead(person.called())}</p>
                <FormError form/>
                <div role="alert" class="form-error">
                    {move || problem.get().map(|problem| view! { <p class="field__error">{problem}</p> })}
                </div>
                <input type="hidden" name="people" value=person.handle.to_string()/>
                <SubmitButton form label=words::START/>
            </form>
        </Card>
    }
}
