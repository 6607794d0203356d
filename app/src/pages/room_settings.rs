//! `/chat/room/{slug}/settings`

mod about;
mod archive;
mod danger;
mod leave;
mod link;
mod people;

use super::{Fault, NotFound};
use crate::{
    api::{
        Failure,
        rooms::{list_members, show_room_settings},
    },
    components::{icon::Icon, redirect::Redirect},
    layouts::Page,
    loading::{awaited, load},
    text::{self, room as words},
    visit::Visit,
};
use about::AboutPart;
use archive::ArchivePart;
use danger::DangerPart;
use leave::LeavePart;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use link::LinkPart;
use people::PeoplePart;
use telicat_domain::{ApiError, RoomSlug, SafePath, permission::Action, room::RoomSettings as Settings};

/// What the parts of the page have in common.
#[derive(Clone, Copy)]
struct Shown {
    settings: StoredValue<Settings>,
    runs_site: bool,
}

impl Shown {
    /// Whether the reader may do something here.
    fn may(self, action: Action) -> bool {
        self.settings.with_value(|settings| settings.room.may(action, self.runs_site))
    }

    fn slug(self) -> String {
        self.settings.with_value(|settings| settings.room.room.slug.to_string())
    }
}

/// The settings of a room, for who is in it.
#[component]
pub(crate) fn RoomSettings() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let slug = Memo::new(move |_| params.with(|params| params.get("slug").unwrap_or_default()));
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let settings = load(move || (slug.get(), after.get()), read_settings);
    let runs_site = Visit::get().viewer.as_ref().is_some_and(|viewer| viewer.is_owner);
    view! {
        {awaited(move || async move {
            match settings.await {
                Ok(settings) => {
                    let shown = Shown { settings: StoredValue::new(settings), runs_site };
                    view! { <Parts shown is_first=after.get_untracked().is_none()/> }.into_any()
                }
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=login_first(&slug.get_untracked())/> }.into_any()
                }
                Err(Failure(ApiError::NotFound)) => view! { <NotFound/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

/// The settings, with the members behind a handle instead of the first.
async fn read_settings((slug, after): (String, Option<String>)) -> Result<Settings, Failure> {
    let mut settings = show_room_settings(slug.clone()).await?;
    if after.is_some() {
        settings.members = list_members(slug, after, None).await?;
    }
    Ok(settings)
}

fn login_first(slug: &str) -> SafePath {
    let room = RoomSlug::parse(slug).map_or_else(|_| SafePath::chat(), |slug| SafePath::room_settings(&slug));
    room.behind_login()
}

#[component]
fn Parts(shown: Shown, is_first: bool) -> impl IntoView {
    let (name, back, archived) = shown.settings.with_value(|settings| {
        let room = &settings.room.room;
        (room.called(), SafePath::room(&room.slug), room.archived)
    });
    let title = format!("{}: {name}", words::SETTINGS_OF);
    view! {
        <Title text=text::title(&title)/>
        <Page>
            <p>
                <a class="button button--quiet button--lead" href=back.to_string()>
                    <Icon name="back"/>
                    {words::BACK}
                </a>
            </p>
            <h1 class="settings__value">{name}</h1>
            <p class="muted">{words::SETTINGS_OF}</p>
            {archived.then(|| view! { <p><span class="tag">{words::ARCHIVED}</span> " " {words::ARCHIVED_NOTE}</p> })}
            <div class="settings">
                <AboutPart shown/>
                <PeoplePart shown is_first/>
                <LinkPart shown/>
                <LeavePart shown/>
                <ArchivePart shown/>
                <DangerPart shown/>
            </div>
        </Page>
    }
}
