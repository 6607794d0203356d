//! The addresses: the one that mail goes to, the one that waits to take its place, and how to ask for another.
//!
//! Without script the form to ask for another is on the same page at `?edit=email`; with it, the form takes the place of
//! the line at once.

use crate::{
    components::{
        field::{Kind, TextField},
        form::{CurrentPasswordField, Form, FormError},
        icon::Icon,
    },
    conversation::{is_localised, time_of_day},
    text::{self, address as words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use telicat_domain::{
    Field,
    account::{AccountSettings, Address},
};

/// The button and the form that take each other's place, for the focus.
const CHANGE_ID: &str = "change-email";
const FIELD_ID: &str = "email";

#[component]
pub(super) fn AddressPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let (addresses, needs_password) =
        settings.with_value(|settings| (settings.addresses.clone(), settings.needs_password));
    let form = Form::new("/api/profile/email");
    let asked = use_query_map().with_untracked(|query| query.get("edit").as_deref() == Some("email"));
    // A form that came back is shown with what was typed.
    let editing = RwSignal::new(asked || form.typed("email").is_some());
    let waits = addresses.pending.is_some();
    let primary = addresses.primary.clone();
    let verified = primary.verified;
    view! {
        <section class="settings__part">
            <h2 class="settings__title">{text::EMAIL}</h2>
            <div class="stack">
                <div>
                    <p class="row">
                        <b class="settings__value">{primary.address.clone()}</b>
                        {if verified {
                            view! {
                                <span class="tag tag--good">
                                    <Icon name="verified" small=true/>
                                    {words::VERIFIED}
                                </span>
                            }
                                .into_any()
                        } else {
                            view! { <span class="tag">{words::NOT_VERIFIED}</span> }.into_any()
                        }}
                    </p>
                    {move || {
                        (waits || editing.get()).then(|| view! { <p class="small muted">{words::STAYS}</p> })
                    }}
                </div>
                {(!verified).then(|| view! { <Resend address=primary/> })}
                {addresses.pending.map(|pending| view! { <Pending pending/> })}
                {move || {
                    if editing.get() {
                        view! { <ChangeForm form editing needs_password/> }.into_any()
                    } else {
                        view! { <ChangeLink editing/> }.into_any()
                    }
                }}
            </div>
        </section>
    }
}

/// The address that waits, and what can be done about it.
#[component]
fn Pending(pending: Address) -> impl IntoView {
    let form = Form::new("/api/profile/email/cancel");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |_| crate::api::addresses::cancel_email());
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <div>
            <p class="row">
                <b class="settings__value">{pending.address.clone()}</b>
                <span class="tag">{words::NOT_VERIFIED}</span>
            </p>
            <p class="small muted">{words::WAITS}</p>
        </div>
        <Resend address=pending/>
        <form method="post" action=form.action on:submit=on_submit>
            <FormError form/>
            <button class="button button--small">{words::GIVE_UP}</button>
        </form>
    }
}

/// The server does not know the reader's clock, so it says which one it means.
fn zone() -> &'static str {
    if is_localised() { "" } else { " UTC" }
}

/// Sends the link again; not before some minutes have passed, and then without loading the page anew.
#[component]
fn Resend(address: Address) -> impl IntoView {
    let form = Form::new("/api/profile/email/resend");
    let next_at = RwSignal::new(address.next_link_at);
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::addresses::resend_email(typed.find("email")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    #[cfg(feature = "hydrate")]
    if let Some(at) = address.next_link_at {
        Effect::new(move |_| {
            leptos::task::spawn_local(async move {
                let wait = at.millis() - crate::browser::now().millis();
                crate::browser::wait(u32::try_from(wait).unwrap_or(0)).await;
                // The page may be another one by then.
                next_at.try_set(None);
            });
        });
    }
    // Both addresses may have such a button: each says which it means, and shows only what was wrong with it.
    let is_other = form.typed("email").is_some_and(|typed| typed != address.address);
    let label = format!("{}: {}", words::RESEND, address.address);
    view! {
        <form method="post" action=form.action on:submit=on_submit>
            {(!is_other).then(|| view! { <FormError form/> })}
            <input type="hidden" name="email" value=address.address/>
            <p class="row">
                <button class="button button--small" aria-label=label disabled=move || next_at.get().is_some()>
                    {words::RESEND}
                </button>
                {move || {
                    next_at
                        .get()
                        .map(|at| {
                            view! {
                                <span class="small muted">
                                    {words::NEXT_LINK} " "
                                    <time datetime=at.rfc3339()>{move || time_of_day(at)}</time> {zone} "."
                                </span>
                            }
                        })
                }}
            </p>
        </form>
    }
}

#[component]
fn ChangeLink(editing: RwSignal<bool>) -> impl IntoView {
    view! {
        <p>
            <a
                class="button"
                id=CHANGE_ID
                href="/profile/settings?edit=email"
                on:click=move |event| turn(&event, editing, true)
            >
                {words::CHANGE}
                " "
                <span class="unseen">{text::EMAIL}</span>
            </a>
        </p>
    }
}

#[component]
fn ChangeForm(form: Form, editing: RwSignal<bool>, needs_password: bool) -> impl IntoView {
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::addresses::change_email(typed.get("email"), typed.find("current_password"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <FormError form/>
            <TextField
                name=FIELD_ID
                label=words::NEW_EMAIL
                kind=Kind::Email
                autocomplete="email"
                value=form.typed("email")
                hint=words::NEW_EMAIL_HINT
                error=form.problem(Field::Email, "email")
            />
            <CurrentPasswordField form always=needs_password/>
            <div class="row">
                <button class="button button--primary">{words::SAVE}</button>
                <a
                    class="button button--quiet"
                    href="/profile/settings"
                    on:click=move |event| turn(&event, editing, false)
                >
                    {words::CANCEL}
                </a>
            </div>
        </form>
    }
}

/// Shows the form in place of the line, or the line in place of the form, and gives the focus to what came.
#[cfg(feature = "hydrate")]
fn turn(event: &leptos::ev::MouseEvent, editing: RwSignal<bool>, to: bool) {
    event.prevent_default();
    editing.set(to);
    crate::browser::focus_soon(if to { FIELD_ID } else { CHANGE_ID });
}

#[cfg(not(feature = "hydrate"))]
fn turn(_event: &leptos::ev::MouseEvent, _editing: RwSignal<bool>, _to: bool) {}
