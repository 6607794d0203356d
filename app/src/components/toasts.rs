//! Notices: stacked, announced, and there until they are read.

use super::icon::Icon;
use crate::{flash::Flash, text, visit::Visit};
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

    /// Says whether something was copied.
    pub(crate) fn copied(self, was_copied: bool) {
        if was_copied { self.good(text::COPIED) } else { self.error(text::NOT_COPIED) }
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
    let toasts = Toasts::get();
    view! {
        <div class="toasts">
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
                    <button
                        type="button"
                        class="button button--icon button--quiet"
                        aria-label=text::DISMISS
                        title=text::DISMISS
                        on:click=move |_| {
                            if let Some(toasts) = toasts {
                                toasts.dismiss(toast.number);
                            }
                        }
                    >
                        <Icon name="close"/>
                    </button>
                </div>
            </For>
        </div>
    }
}
