//! The list of places where somebody is signed in, with what ends them.

use super::{
    form::{CurrentPasswordField, Form, FormError},
    icon::Icon,
    moment::Moment,
};
use crate::text;
use leptos::prelude::*;
use telicat_domain::{
    Device, SafePath,
    account::{SessionSummary, SignedIn},
};

/// The id of the list, which has the focus when what had it is gone.
const LIST: &str = "sessions";

/// The sessions, this one first. `page` is where the list stands; with `at_most` the others are on their own page.
#[component]
pub(crate) fn SessionList(
    signed_in: SignedIn,
    page: SafePath,
    #[prop(optional)] at_most: Option<usize>,
) -> impl IntoView {
    let all = signed_in.sessions.len();
    let has_others = signed_in.sessions.iter().any(|session| !session.current);
    let sessions = RwSignal::new(signed_in.sessions);
    let has_more = at_most.is_some_and(|most| all > most);
    let shown = move || {
        let sessions = sessions.get();
        sessions.into_iter().take(at_most.unwrap_or(usize::MAX)).collect::<Vec<_>>()
    };
    let others = move || sessions.with(|sessions| sessions.iter().any(|session| !session.current));
    let form = Form::new("/api/accounts/sessions/end");
    let page = StoredValue::new(page);
    view! {
        <FormError form/>
        <ul class="sessions" id=LIST tabindex="-1" aria-label=text::password::SESSIONS_TITLE>
            <For each=shown key=|session| session.id let(session)>
                <Session session form page sessions/>
            </For>
        </ul>
        {has_more
            .then(|| view! { <a href=SafePath::sessions().to_string()>{text::password::ALL_SESSIONS}</a> })}
        {move || {
            if others() {
                view! { <EndOthers needs_password=signed_in.needs_password page sessions/> }.into_any()
            } else {
                // Said aloud when the last of the others has just ended.
                view! { <p class="small muted" role=has_others.then_some("status")>{text::password::NO_OTHERS}</p> }
                    .into_any()
            }
        }}
    }
}

#[component]
fn Session(
    session: SessionSummary,
    form: Form,
    page: StoredValue<SafePath>,
    sessions: RwSignal<Vec<SessionSummary>>,
) -> impl IntoView {
    let device = Device::of(&session.agent);
    let id = session.id;
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send_and_stay(
            &event,
            |typed| crate::api::sessions::end_session(typed.get("session"), typed.find("next")),
            move |_| {
                sessions.update(|sessions| sessions.retain(|session| session.id != id));
                crate::browser::focus(LIST);
            },
        );
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = sessions;
            form.send_and_stay(&event, (), ());
        }
    };
    view! {
        <li class="session">
            <Icon name=if device.is_handheld() { "phone" } else { "screen" }/>
            <div>
                <p>
                    <b>{device.to_string()}</b>
                    {session.current.then(|| view! { " " <span class="tag tag--accent">{text::password::THIS_ONE}</span> })}
                </p>
                <p class="small muted">{text::password::LAST_HERE} " " <Moment at=session.last_seen_at/></p>
                <p class="small muted">
                    {text::password::SINCE} " " <Moment at=session.created_at/> " "
                    {text::password::from_address(&session.address)}
                </p>
            </div>
            {(!session.current)
                .then(|| {
                    view! {
                        <form method="post" action=form.action on:submit=on_submit>
                            <input type="hidden" name="session" value=id.to_string()/>
                            <input type="hidden" name="next" value=page.with_value(SafePath::to_string)/>
                            <button class="button button--small" aria-busy=move || form.is_busy().then_some("true")>
                                {text::password::END}
                                <span class="unseen">" " {device.to_string()}</span>
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}

#[component]
fn EndOthers(
    needs_password: bool,
    page: StoredValue<SafePath>,
    sessions: RwSignal<Vec<SessionSummary>>,
) -> impl IntoView {
    let form = Form::new("/api/accounts/sessions/end-others");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send_and_stay(
            &event,
            |typed| crate::api::sessions::end_other_sessions(typed.find("current_password"), typed.find("next")),
            move |_| {
                sessions.update(|sessions| sessions.retain(|session| session.current));
                crate::browser::focus(LIST);
            },
        );
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = sessions;
            form.send_and_stay(&event, (), ());
        }
    };
    view! {
        <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
            <FormError form/>
            <input type="hidden" name="next" value=page.with_value(SafePath::to_string)/>
            <CurrentPasswordField form always=Signal::stored(needs_password)/>
            <button class="button button--small" aria-busy=move || form.is_busy().then_some("true")>
                {text::password::END_OTHERS}
            </button>
        </form>
    }
}
