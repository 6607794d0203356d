//! Who is in the room: their roles, who is removed, who is added.

use super::Shown;
use crate::{
    components::{
        avatar::Face,
        form::{Form, FormError},
        room_form::AddPeople,
    },
    text::room as words,
    visit::Visit,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{
    Author, SafePath,
    permission::{Action, Role},
    room::{Member, RoomKind},
};

/// The members, and what the reader may do with each.
#[component]
pub(super) fn PeoplePart(shown: Shown, is_first: bool) -> impl IntoView {
    let page = shown.settings.with_value(|settings| settings.members.clone());
    let slug = shown.slug();
    let path = shown.settings.with_value(|settings| SafePath::room_settings(&settings.room.room.slug));
    let (remove, role) = (Form::new("/api/rooms/remove"), Form::new("/api/rooms/role"));
    let me = Visit::get().viewer.as_ref().map(|viewer| viewer.author.id);
    // In the public room everybody is a member, and nobody anything else.
    let shows_roles = shown.settings.with_value(|settings| settings.room.room.kind == RoomKind::Group);
    view! {
        <section class="settings__part" id="people-part">
            <h2 class="settings__title">{words::MEMBERS}</h2>
            <div class="stack">
                <p class="muted">{words::members_count(page.count)}</p>
                <FormError form=remove/>
                <FormError form=role/>
                <ul class="members">
                    {page
                        .members
                        .into_iter()
                        .map(|member| {
                            let own = me == Some(member.person.id);
                            view! { <Row shown slug=slug.clone() member own shows_roles remove role/> }
                        })
                        .collect_view()}
                </ul>
                <p class="row">
                    {(!is_first)
                        .then(|| view! { <a class="button button--small" href=path.to_string()>{words::FIRST_MEMBERS}</a> })}
                    {page
                        .next
                        .map(|next| {
                            let href = format!("{path}?after={next}");
                            view! { <a class="button button--small" href=href>{words::MORE_MEMBERS}</a> }
                        })}
                </p>
                {shown.may(Action::Invite).then(|| view! { <AddPeople slug label=words::ADD_PEOPLE hint=words::ADD_HINT/> })}
            </div>
        </section>
    }
}

#[component]
fn Row(
    shown: Shown,
    slug: String,
    member: Member,
    own: bool,
    shows_roles: bool,
    remove: Form,
    role: Form,
) -> impl IntoView {
    let Member { person, role: now, .. } = member;
    let may_remove = !own && shown.may(Action::Remove(now));
    let may_change = shown.may(Action::ChangeRoles);
    let name = person.called().to_owned();
    view! {
        <li class="member">
            <Face author=&person small=true/>
            <Who person=person.clone()/>
            {shows_roles
                .then(|| {
                    if may_change {
                        view! { <Choose slug=slug.clone() person=person.clone() now form=role/> }.into_any()
                    } else {
                        view! { <span class="small muted">{words::role(now)}</span> }.into_any()
                    }
                })}
            {may_remove.then(|| view! { <Remove slug person form=remove name/> })}
        </li>
    }
}

#[component]
fn Who(person: Author) -> impl IntoView {
    let handle = format!("@{}", person.handle);
    let called = person.called().to_owned();
    view! {
        <div class="member__who">
            {if person.deleted {
                view! { <b>{called}</b> }.into_any()
            } else {
                view! {
                    <a href=SafePath::profile(&person.handle).to_string()>{called}</a>
                    <span class="small muted">{handle}</span>
                }
                    .into_any()
            }}
        </div>
    }
}

#[component]
fn Choose(slug: String, person: Author, now: Role, form: Form) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::rooms::change_role(typed.get("room"), typed.get("person"), typed.get("role"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let called = person.called().to_owned();
    view! {
        <form class="member__role" method="post" action=form.action on:submit=on_submit>
            <input type="hidden" name="room" value=slug/>
            <input type="hidden" name="person" value=person.id.to_string()/>
            <select class="member__choice" name="role" aria-label=words::role_of(&called)>
                {Role::ALL
                    .map(|role| {
                        view! { <option value=role.name() selected=role == now>{words::role(role)}</option> }
                    })
                    .collect_view()}
            </select>
            <button class="button button--small" aria-busy=move || form.is_busy().then_some("true")>
                {words::SET_ROLE}
                <span class="unseen">" " {called}</span>
            </button>
        </form>
    }
}

#[component]
fn Remove(slug: String, person: Author, form: Form, name: String) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::remove_member(typed.get("room"), typed.get("person")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <form class="member__remove" method="post" action=form.action on:submit=on_submit>
            <input type="hidden" name="room" value=slug/>
            <input type="hidden" name="person" value=person.id.to_string()/>
            <button class="button button--small button--danger" aria-busy=move || form.is_busy().then_some("true")>
                {words::REMOVE}
                <span class="unseen">" " {name}</span>
            </button>
        </form>
    }
}
