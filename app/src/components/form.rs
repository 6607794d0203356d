//! What all forms have in common: they are plain forms, which a script only spares the reload.

use super::{
    field::{Kind, TextField},
    icon::Icon,
};
use crate::{text, visit::Visit};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_query_map;
use telicat_domain::{ApiError, Field, SafePath};

/// The state of one form.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// The server function.
    pub(crate) action: &'static str,
    error: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    typed: StoredValue<Vec<(String, String)>>,
}

impl Form {
    /// The form of a server function, as it came back if it did.
    pub(crate) fn new(action: &'static str) -> Self {
        let visit = Visit::get();
        let returned = visit.returned(action).cloned();
        let (error, typed) = returned.map_or((None, Vec::new()), |flash| (flash.outcome.err(), flash.fields));
        // Who comes back from logging in needs no word about it.
        let error = error.filter(|error| visit.viewer.is_none() || *error != ApiError::NotSignedIn);
        Self { action, error: RwSignal::new(error), busy: RwSignal::new(false), typed: StoredValue::new(typed) }
    }

    /// What was typed into a field before.
    pub(crate) fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()))
    }

    /// What is wrong with a field.
    pub(crate) fn problem(self, field: Field, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let problem = self.error.with(|error| error.as_ref().and_then(|error| error.problem(field)))?;
            Some(text::problem(field, problem, &self.typed(name).unwrap_or_default()))
        })
    }

    /// Whether an answer is waited for.
    pub(crate) fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Whether the password has to be typed before the form can be sent, or again because it was wrong.
    pub(crate) fn needs_password(self) -> bool {
        self.error.with(|error| {
            error.as_ref().is_some_and(|error| {
                *error == ApiError::PasswordNeeded || error.problem(Field::CurrentPassword).is_some()
            })
        })
    }

    /// Whether the link that the form is for works no more.
    pub(crate) fn has_expired(self) -> bool {
        self.has_failed_by(&ApiError::LinkExpired)
    }

    /// Whether it was refused for this reason.
    pub(crate) fn has_failed_by(self, reason: &ApiError) -> bool {
        self.error.with(|error| error.as_ref() == Some(reason))
    }

    /// Sends the form without script's reload and then goes where the answer says; nothing typed is lost when it is
    /// refused.
    #[cfg(feature = "hydrate")]
    pub(crate) fn send<F>(self, event: &SubmitEvent, call: impl FnOnce(crate::browser::Typed) -> F)
    where
        F: Future<Output = Result<crate::api::Go, crate::api::Failure>> + 'static,
    {
        self.send_then(event, call, |go| {
            // A new page: what was rendered for a visitor is not that of a person.
            if let Some(notice) = &go.notice {
                crate::browser::say_on_the_next_page(notice);
            }
            crate::browser::go(go.next.as_str());
        });
    }

    /// Sends the form and stays on the page: says the notice at once, and gives the answer to `done`.
    #[cfg(feature = "hydrate")]
    pub(crate) fn send_and_stay<F>(
        self,
        event: &SubmitEvent,
        call: impl FnOnce(crate::browser::Typed) -> F,
        done: impl FnOnce(crate::api::Go) + 'static,
    ) where
        F: Future<Output = Result<crate::api::Go, crate::api::Failure>> + 'static,
    {
        let toasts = super::toasts::Toasts::get();
        self.send_then(event, call, move |go| {
            self.error.set(None);
            self.busy.set(false);
            if let (Some(toasts), Some(notice)) = (toasts, &go.notice) {
                toasts.good(text::notice(notice));
            }
            done(go);
        });
    }

    #[cfg(feature = "hydrate")]
    fn send_then<F>(
        self,
        event: &SubmitEvent,
        call: impl FnOnce(crate::browser::Typed) -> F,
        then: impl FnOnce(crate::api::Go) + 'static,
    ) where
        F: Future<Output = Result<crate::api::Go, crate::api::Failure>> + 'static,
    {
        event.prevent_default();
        let (Some(typed), Some(form)) = (crate::browser::Typed::of(event), crate::browser::form_of(event)) else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.typed.set_value(typed.shown());
        let answer = call(typed);
        leptos::task::spawn_local(self.finish(form, Box::pin(answer), Box::new(then)));
    }

    /// Of one type for all forms.
    #[cfg(feature = "hydrate")]
    async fn finish(
        self,
        form: web_sys::HtmlFormElement,
        answer: std::pin::Pin<Box<dyn Future<Output = Result<crate::api::Go, crate::api::Failure>>>>,
        then: Box<dyn FnOnce(crate::api::Go)>,
    ) {
        match answer.await {
            Ok(go) => then(go),
            Err(failure) => {
                let asks = failure.0 == ApiError::PasswordNeeded;
                self.error.set(Some(failure.0));
                self.busy.set(false);
                crate::browser::focus_first_invalid(&form).await;
                if asks {
                    // The field is new, and nothing is wrong with it yet.
                    crate::browser::focus(&current_password_id(self));
                }
            }
        }
    }

    #[cfg(not(feature = "hydrate"))]
    pub(crate) fn send<C>(self, _event: &SubmitEvent, _call: C) {}

    #[cfg(not(feature = "hydrate"))]
    pub(crate) fn send_and_stay<C, D>(self, _event: &SubmitEvent, _call: C, _done: D) {}
}

/// What is wrong with the form as a whole.
#[component]
pub(crate) fn FormError(form: Form) -> impl IntoView {
    let message = move || {
        form.error.with(|error| match error {
            None | Some(ApiError::Invalid { .. } | ApiError::PasswordNeeded) => None,
            Some(error) => Some(text::error(error)),
        })
    };
    view! {
        <div role="alert" class="form-error">
            {move || {
                message()
                    .map(|message| {
                        view! {
                            <p class="field__error">
                                <Icon name="warning" small=true/>
                                <span>{message}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// A page may have several such forms, and each has a field of its own.
fn current_password_id(form: Form) -> String {
    format!("current_password{}", form.action.replace('/', "-"))
}

/// The field for the password that one has, when the form cannot be sent without it: `always`, or when the last time it
/// was typed is too long ago.
#[component]
pub(crate) fn CurrentPasswordField(form: Form, #[prop(into)] always: Signal<bool>) -> impl IntoView {
    move || {
        (always.get() || form.needs_password()).then(|| {
            let problem = form.problem(Field::CurrentPassword, "current_password");
            view! {
                <TextField
                    id=current_password_id(form)
                    name="current_password"
                    label=text::CURRENT_PASSWORD
                    kind=Kind::Password
                    autocomplete="current-password"
                    hint=text::CURRENT_PASSWORD_HINT
                    error=problem
                />
            }
        })
    }
}

/// What whoever makes an account is asked for.
#[component]
pub(crate) fn NewcomerFields(form: Form) -> impl IntoView {
    view! {
        <TextField
            name="email"
            label=text::EMAIL
            kind=Kind::Email
            autocomplete="email"
            value=form.typed("email")
            error=form.problem(Field::Email, "email")
        />
        <TextField
            name="username"
            label=text::USERNAME
            kind=Kind::Text
            autocomplete="username"
            value=form.typed("username")
            hint=text::USERNAME_HINT
            error=form.problem(Field::Username, "username")
        />
        <TextField
            name="password"
            label=text::PASSWORD
            kind=Kind::Password
            autocomplete="new-password"
            hint=text::PASSWORD_HINT
            error=form.problem(Field::Password, "password")
        />
    }
}

/// The button that sends it.
#[component]
pub(crate) fn SubmitButton(
    form: Form,
    label: &'static str,
    /// Whether what it does cannot be undone.
    #[prop(optional)]
    destroys: bool,
) -> impl IntoView {
    let look = if destroys { "button--destroy" } else { "button--primary" };
    view! {
        <button
            class=format!("button {look} button--large button--wide")
            aria-busy=move || form.busy.get().then_some("true")
        >
            {label}
        </button>
    }
}

/// The invitation, when there is one.
#[component]
pub(crate) fn InvitationField() -> impl IntoView {
    invitation().map(|invitation| view! { <input type="hidden" name="invitation" value=invitation/> })
}

/// Where to go afterwards, when the address says so.
#[component]
pub(crate) fn NextField() -> impl IntoView {
    next_path().map(|next| view! { <input type="hidden" name="next" value=next.to_string()/> })
}

/// The `next` of this page's address, if it is a path of this site.
pub(crate) fn next_path() -> Option<SafePath> {
    let query = use_query_map();
    query.with_untracked(|query| query.get("next").and_then(|next| SafePath::parse(&next).ok()))
}

/// The invitation that this page's address brings along.
pub(crate) fn invitation() -> Option<String> {
    let is_token = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    use_query_map().with_untracked(|query| query.get("invitation")).filter(is_token)
}

/// The address of another account page that leads to the same place afterwards, and has the same invitation.
pub(crate) fn with_next(page: &str) -> String {
    let next = next_path().map(|next| format!("next={}", next.as_query_value()));
    let invitation = invitation().map(|invitation| format!("invitation={invitation}"));
    let query: Vec<String> = next.into_iter().chain(invitation).collect();
    if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) }
}
