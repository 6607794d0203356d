//! `/@{handle}`

use super::{Fault, NotFound};
use crate::{
    api::{Failure, people::show_profile},
    components::{avatar::Face, icon::Icon, redirect::Redirect},
    layouts::Page,
    loading::{awaited, load},
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, Profile as Person, SafePath};

/// What others see of a person. The route takes every address of one part, so one without `@` is unknown.
#[component]
pub(crate) fn Profile() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let profile = load(
        move || name.get(),
        async |name| match name.strip_prefix('@') {
            Some(handle) => show_profile(handle.to_owned()).await,
            None => Err(Failure(ApiError::NotFound)),
        },
    );
    view! {
        {awaited(move || async move {
            match profile.await {
                // Somebody who goes by another name now.
                Ok(person) if is_left(&name.get_untracked(), &person) => {
                    view! { <Redirect to=SafePath::profile(&person.author.handle)/> }.into_any()
                }
                Ok(person) => view! { <Shown person/> }.into_any(),
                Err(Failure(ApiError::NotFound)) => view! { <NotFound/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

/// Whether the address has a handle that the person has left for another.
fn is_left(name: &str, person: &Person) -> bool {
    let asked = name.trim_start_matches('@');
    !asked.is_empty() && !asked.eq_ignore_ascii_case(person.author.handle.as_str())
}

#[component]
fn Shown(person: Person) -> impl IntoView {
    let Person { author, about, joined_at } = person;
    let day = joined_at.day(0);
    let chat = SafePath::chat_with(&author.handle);
    let own = Visit::get().viewer.as_ref().is_some_and(|viewer| viewer.author.id == author.id);
    view! {
        <Title text=text::title(author.called())/>
        <Page>
            <div class="profile">
                <Face author=&author large=true/>
                <div class="stack">
                    <div>
                        <h1 class="profile__name">{author.called().to_owned()}</h1>
                        <p class="profile__handle">{format!("@{}", author.handle)}</p>
                    </div>
                    {if own {
                        view! {
                            <a class="button" href=SafePath::profile_edit().to_string()>
                                <Icon name="edit"/>
                                {text::EDIT_PROFILE}
                            </a>
                        }
                    } else {
                        view! {
                            <a class="button" href=chat.to_string()>
                                <Icon name="send"/>
                                {text::room::chat_with(author.called())}
                            </a>
                        }
                    }}
                </div>
                <div class="profile__rest">
                    {(!about.is_empty()).then(|| view! { <p class="profile__about">{about}</p> })}
                    <dl class="profile__facts">
                        <dt>{text::MEMBER_SINCE}</dt>
                        <dd><time datetime=day.iso()>{text::month(day)}</time></dd>
                    </dl>
                </div>
            </div>
        </Page>
    }
}
