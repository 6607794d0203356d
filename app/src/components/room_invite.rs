//! The link into a group, and what a group says in which nobody has said anything yet.

use super::{cat::WaitingCat, icon::Icon, room_form::AddPeople};
use crate::{
    api::rooms::show_room_settings,
    text::{self, room as words},
};
use leptos::prelude::*;
use telicat_domain::{
    SafePath,
    permission::Action,
    room::{RoomKind, RoomLink, RoomPage, RoomSettings},
};

/// What an empty group shows to who may bring others in: provided where the room is opened, used where its messages
/// would be.
#[derive(Clone)]
pub(crate) struct EmptyGroup(pub(crate) RoomSettings);

impl EmptyGroup {
    /// Asks for it, when a page shows such a group.
    pub(crate) async fn of(page: &RoomPage) -> Option<Self> {
        let is_group = page.room.room.kind == RoomKind::Group;
        if !is_group || !page.messages.is_empty() || !page.room.may(Action::Invite, false) {
            return None;
        }
        // The room is shown without it when that fails.
        show_room_settings(page.room.room.slug.to_string()).await.ok().map(Self)
    }
}

/// Teaches the next step: to send the link, or to add somebody.
#[component]
pub(crate) fn RoomInvite(group: EmptyGroup) -> impl IntoView {
    let EmptyGroup(RoomSettings { room, members, link }) = group;
    let name = room.room.called();
    let settings = SafePath::room_settings(&room.room.slug).to_string();
    let title = if members.count == 1 { words::QUIET_ALONE } else { words::QUIET_TITLE };
    view! {
        <div class="empty">
            <WaitingCat/>
            <h2 class="empty__title">{title}</h2>
            {match link {
                Some(link) => {
                    view! {
                        <p class="muted">{words::invite_lead(&name)}</p>
                        <LinkField link change=format!("{settings}#link-part")/>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <p class="muted">
                            {words::NO_LINK} " " <a href=format!("{settings}#link-part")>{words::MAKE_LINK}</a>
                        </p>
                    }
                        .into_any()
                }
            }}
            <div class="empty__or">
                <AddPeople slug=room.room.slug.to_string() label=words::ADD_HERE/>
            </div>
        </div>
    }
}

/// A link, to be copied.
#[component]
pub(crate) fn LinkField(
    link: RoomLink,
    /// Where it is changed, when that is somewhere else.
    #[prop(optional, into)]
    change: Option<String>,
) -> impl IntoView {
    let terms = words::link_terms(&link);
    let shown = link.url.clone();
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(toasts) = crate::components::toasts::Toasts::get() {
            toasts.copy(link.url.clone(), text::COPIED);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &link;
    };
    view! {
        <div class="field">
            <label class="field__label" for="room-link">{words::LINK}</label>
            <div class="field__box">
                <Icon name="link"/>
                <input
                    class="field__input"
                    id="room-link"
                    type="text"
                    readonly
                    value=shown
                    aria-describedby="room-link-note"
                />
                <button
                    type="button"
                    class="button button--primary needs-script"
                    aria-label=words::COPY_LINK
                    on:click=copy
                >
                    {text::COPY}
                </button>
            </div>
            <p class="field__hint" id="room-link-note">
                {terms}
                {change.map(|href| view! { " " <a href=href>{words::CHANGE}</a> })}
            </p>
        </div>
    }
}
