//! Notices: stacked, announced, and there until they are read.

use super::icon::Icon;
use crate::{flash::Flash, line::Line, text, visit::Visit};
use leptos::prelude::*;

/// How long a notice stays that says what went well.
const STAYS_MS: u32 = 6_000;

/// A notice.
#[derive(Debug, Clone)]
struct Toast {
    number: u32,
    text: String,
    error: bool,
    /// What can be done about it, by this name.
    action: Option<(&'static str, Callback<()>)>,
}

/// The notices of this tab.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

impl Toasts {
    /// No notices yet, but what the form before this page has to say.
    pub(crate) fn provide(visit: &Visit) -> Self {
        let toasts = Self { list: RwSignal::new(Vec::new()), last: StoredValue::new(0) };
        if let Some(notice) = visit.flash.as_ref().and_then(Flash::notice) {
            toasts.good(text::notice(notice));
        }
        provide_context(toasts);
        toasts
    }

    pub(crate) fn get() -> Option<Self> {
        use_context()
    }

    /// Says that something went well.
    pub(crate) fn good(self, text: impl Into<String>) {
        self.push(text.into(), false, None, STAYS_MS);
    }

    /// Says that something went well, and for that many milliseconds offers to do something about it.
    pub(crate) fn offer(self, text: impl Into<String>, label: &'static str, act: Callback<()>, milliseconds: u32) {
        self.push(text.into(), false, Some((label, act)), milliseconds);
    }

    /// Copies a text to the clipboard, and says `good` when it is there.
    #[cfg(feature = "hydrate")]
    pub(crate) fn copy(self, text: String, good: &'static str) {
        leptos::task::spawn_local(async move {
            if crate::browser::copy(&text).await { self.good(good) } else { self.error(text::NOT_COPIED) }
        });
    }

    /// Says that something went wrong. Stays until it is dismissed.
    pub(crate) fn error(self, text: impl Into<String>) {
        self.push(text.into(), true, None, STAYS_MS);
    }

    fn push(self, text: String, error: bool, action: Option<(&'static str, Callback<()>)>, milliseconds: u32) {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        self.list.update(|list| list.push(Toast { number, text, error, action }));
        #[cfg(not(feature = "hydrate"))]
        let _ = milliseconds;
        #[cfg(feature = "hydrate")]
        if !error {
            leptos::task::spawn_local(async move {
                // Not from under the hand of somebody who is about to dismiss one.
                loop {
                    crate::browser::wait(milliseconds).await;
                    if !crate::browser::has_focus_within(".toasts") {
                        break;
                    }
                }
                self.dismiss(number);
            });
        }
    }

    fn dismiss(self, number: u32) {
        self.list.update(|list| list.retain(|toast| toast.number != number));
    }
}

/// Where the notices stand.
#[component]
pub(crate) fn ToastList() -> impl IntoView {
    let (toasts, line) = (Toasts::get(), Line::get());
    view! {
        <div class="toasts" on:focusin=|event| remember_focus(&event)>
            {move || line.new_version.get().then(|| view! { <NewVersion line/> })}
            <For
                each=move || toasts.map(|toasts| toasts.list.get()).unwrap_or_default()
                key=|toast| toast.number
                let(toast)
            >
                <div
                    class=if toast.error { "toast toast--error" } else { "toast toast--good" }
                    role=if toast.error { "alert" } else { "status" }
                >
                    <Icon name=if toast.error { "warning" } else { "check" }/>
                    <div>
                        {toast.text} {" "}
                        {toast
                            .action
                            .map(|(label, act)| {
                                view! {
                                    <button
                                        type="button"
                                        class="button button--small toast__action"
                                        on:click=move |_| {
                                            if let Some(toasts) = toasts {
                                                toasts.dismiss(toast.number);
                                            }
                                            act.run(());
                                        }
                                    >
                                        {label}
                                    </button>
                                }
                            })}
                    </div>
                    <Dismiss act=move || toasts.iter().for_each(|toasts| toasts.dismiss(toast.number))/>
                </div>
            </For>
        </div>
    }
}

/// The page is of another version than the server. Nobody is forced: what is typed stays over a reload, and so does the
/// page until then.
#[component]
fn NewVersion(line: Line) -> impl IntoView {
    view! {
        <div class="toast" role="status">
            <Icon name="retry"/>
            <div>{text::room_list::NEW_VERSION}</div>
            <button type="button" class="button button--small" on:click=move |_| line.reload()>
                {text::room_list::RELOAD}
            </button>
            <Dismiss act=move || line.new_version.set(false)/>
        </div>
    }
}

/// Takes a notice away.
#[component]
fn Dismiss(act: impl Fn() + 'static) -> impl IntoView {
    let dismiss = move |_| {
        act();
        give_focus_back();
    };
    view! {
        <button
            type="button"
            class="button button--icon button--quiet"
            aria-label=text::DISMISS
            title=text::DISMISS
            on:click=dismiss
        >
            <Icon name="close"/>
        </button>
    }
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// What had the focus before a notice got it.
    static BEFORE: std::cell::RefCell<Option<web_sys::HtmlElement>> = const { std::cell::RefCell::new(None) };
}

#[cfg(feature = "hydrate")]
fn remember_focus(event: &leptos::ev::FocusEvent) {
    if let Some(before) = crate::browser::focus_came_from(event) {
        BEFORE.set(Some(before));
    }
}

/// Whoever dismisses a notice goes on where they were, or with the next notice.
#[cfg(feature = "hydrate")]
fn give_focus_back() {
    leptos::task::spawn_local(async {
        crate::browser::wait(0).await;
        crate::browser::focus_again(BEFORE.take());
    });
}

#[cfg(not(feature = "hydrate"))]
fn remember_focus(_event: &leptos::ev::FocusEvent) {}

#[cfg(not(feature = "hydrate"))]
fn give_focus_back() {}
