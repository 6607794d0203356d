//! `/invitations`, for those who run the site

use super::{Fault, NotFound};
use crate::{
    api::{Failure, invitations::list_invitations},
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, SubmitButton},
        icon::Icon,
    },
    layouts::Blank,
    loading::{awaited, load},
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{
    ApiError, Field,
    invitation::{Invitation, Invitations as Page},
};

/// The invitations that work, and the form for another. For everybody else there is no such page.
#[component]
pub(crate) fn Invitations() -> impl IntoView {
    let page = load(|| (), |()| list_invitations());
    view! {
        {awaited(move || async move {
            match page.await {
                Ok(page) => view! { <Shown page/> }.into_any(),
                Err(Failure(ApiError::NotFound | ApiError::NotSignedIn)) => view! { <NotFound/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

#[component]
fn Shown(page: Page) -> impl IntoView {
    let revoke = Form::new("/api/invitations/revoke");
    let none = page.invitations.is_empty();
    view! {
        <Title text=text::title(text::site::INVITATIONS)/>
        <Blank>
            <div class="stack stack--form invitations">
                <h1>{text::site::INVITATIONS}</h1>
                <p class="muted">{text::site::INVITATIONS_LEAD}</p>
                {page.link.map(|link| view! { <Made link/> })}
                <Create/>
                <section class="stack invitations__open" aria-labelledby="open-invitations">
                    <h2 id="open-invitations">{text::site::OPEN_INVITATIONS}</h2>
                    <FormError form=revoke/>
                    {none.then(|| view! { <p class="muted">{text::site::NO_INVITATIONS}</p> })}
                    <ul class="invitations__list">
                        {page
                            .invitations
                            .into_iter()
                            .map(|invitation| view! { <Open invitation revoke/> })
                            .collect_view()}
                    </ul>
                </section>
            </div>
        </Blank>
    }
}

/// The link of the invitation that was made just now.
#[component]
fn Made(link: String) -> impl IntoView {
    let shown = link.clone();
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(toasts) = crate::components::toasts::Toasts::get() {
            toasts.copy(link.clone(), text::COPIED);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &link;
    };
    view! {
        <div class="field" role="status">
            <label class="field__label" for="link">{text::site::INVITATION_LINK}</label>
            <div class="field__box">
                <input
                    class="field__input"
                    id="link"
                    type="text"
                    readonly
                    value=shown
                    aria-describedby="link-note"
                />
                <button
                    type="button"
                    class="button button--icon button--quiet needs-script"
                    aria-label=text::site::COPY_LINK
                    title=text::site::COPY_LINK
                    on:click=copy
                >
                    <Icon name="copy"/>
                </button>
            </div>
            <p class="field__hint" id="link-note">{text::site::INVITATION_LINK_HINT}</p>
        </div>
    }
}

#[component]
fn Create() -> impl IntoView {
    let form = Form::new("/api/invitations/create");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| async move {
            let (note, uses, days) = (typed.find("note"), typed.get("uses"), typed.get("days"));
            let invited = crate::api::invitations::create_invitation(note, uses, days).await?;
            Ok(crate::api::Go::to(invited.next))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let or = |name: &str, usual: &str| Some(form.typed(name).unwrap_or_else(|| usual.to_owned()));
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <h2>{text::site::NEW_INVITATION}</h2>
            <FormError form/>
            <TextField
                name="note"
                label=text::site::NOTE
                kind=Kind::Text
                autocomplete="off"
                value=form.typed("note")
                hint=text::site::NOTE_HINT
                error=form.problem(Field::Note, "note")
            />
            <TextField
                name="uses"
                label=text::site::USES
                kind=Kind::Text
                autocomplete="off"
                value=or("uses", "1")
                hint=text::site::USES_HINT
                error=form.problem(Field::Uses, "uses")
            />
            <TextField
                name="days"
                label=text::site::DAYS
                kind=Kind::Text
                autocomplete="off"
                value=or("days", "7")
                hint=text::site::DAYS_HINT
                error=form.problem(Field::Days, "days")
            />
            <SubmitButton form label=text::site::CREATE_INVITATION/>
        </form>
    }
}

#[component]
fn Open(invitation: Invitation, revoke: Form) -> impl IntoView {
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        revoke.send(&event, |typed| crate::api::invitations::revoke_invitation(typed.get("invitation")));
        #[cfg(not(feature = "hydrate"))]
        revoke.send(&event, ());
    };
    let unnamed = invitation.note.is_empty();
    let note = if unnamed { text::site::NO_NOTE.to_owned() } else { invitation.note };
    let called = note.clone();
    view! {
        <li class="invitation">
            <div>
                <b>{note}</b>
                <p class="small muted">
                    {text::site::invitation_terms(invitation.uses_left, invitation.expires_at.day(0))} " "
                    {text::site::invitation_by(invitation.created_by.called())}
                </p>
            </div>
            <form method="post" action=revoke.action on:submit=on_submit>
                <input type="hidden" name="invitation" value=invitation.id.to_string()/>
                <button class="button button--small">
                    {text::site::REVOKE}
                    <span class="unseen">" " {called}</span>
                </button>
            </form>
        </li>
    }
}
