//! The link that lets people in.

use super::Shown;
use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError},
        room_invite::LinkField,
    },
    text::room as words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{Field, permission::Action};

/// The link, what it takes to make another one, and the button that ends it.
#[component]
pub(super) fn LinkPart(shown: Shown) -> impl IntoView {
    let link = shown.settings.with_value(|settings| settings.link.clone());
    let slug = shown.slug();
    shown.may(Action::Invite).then(|| {
        let has_link = link.is_some();
        view! {
            <section class="settings__part" id="link-part">
                <h2 class="settings__title">{words::LINK}</h2>
                <div class="stack">
                    <p class="muted">{words::LINK_LEAD}</p>
                    {match link {
                        Some(link) => view! { <LinkField link/> <Revoke slug=slug.clone()/> }.into_any(),
                        None => view! { <p>{words::NO_LINK}</p> }.into_any(),
                    }}
                    <Make slug has_link/>
                </div>
            </section>
        }
    })
}

#[component]
fn Make(slug: String, has_link: bool) -> impl IntoView {
    let form = Form::new("/api/rooms/link");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::rooms::make_room_link(typed.get("room"), typed.find("days"), typed.find("uses"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let or = |name: &str, usual: &str| Some(form.typed(name).unwrap_or_else(|| usual.to_owned()));
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <FormError form/>
            <input type="hidden" name="room" value=slug/>
            <TextField
                name="days"
                label=words::DAYS
                kind=Kind::Text
                autocomplete="off"
                value=or("days", "7")
                hint=words::DAYS_HINT
                error=form.problem(Field::Days, "days")
            />
            <TextField
                name="uses"
                label=words::USES
                kind=Kind::Text
                autocomplete="off"
                value=or("uses", "25")
                hint=words::USES_HINT
                error=form.problem(Field::Uses, "uses")
            />
            <button class="button" aria-busy=move || form.is_busy().then_some("true")>
                {if has_link { words::RENEW_LINK } else { words::MAKE_LINK }}
            </button>
            {has_link.then(|| view! { <p class="small muted">{words::RENEW_HINT}</p> })}
        </form>
    }
}

#[component]
fn Revoke(slug: String) -> impl IntoView {
    let form = Form::new("/api/rooms/link/revoke");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::revoke_room_link(typed.get("room")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <form method="post" action=form.action on:submit=on_submit>
            <FormError form/>
            <input type="hidden" name="room" value=slug/>
            <button class="button button--small" aria-busy=move || form.is_busy().then_some("true")>
                {words::REVOKE_LINK}
            </button>
        </form>
    }
}
