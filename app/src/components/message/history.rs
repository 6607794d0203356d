//! What a message said before, in a dialog.

use super::actions::Bar;
use crate::{components::moment::Moment, text};
use leptos::{html::Dialog, prelude::*};
use telicat_domain::{ApiError, event::Version};

/// What is known of the earlier texts: nothing yet, or what came of asking.
pub(crate) type Versions = Option<Result<Vec<Version>, ApiError>>;

#[component]
pub(crate) fn History(bar: Bar) -> impl IntoView {
    let dialog: NodeRef<Dialog> = NodeRef::new();
    let versions = RwSignal::new(None);
    bar.show_history(dialog, versions);
    view! {
        <dialog
            class="dialog history"
            aria-label=text::messages::HISTORY
            node_ref=dialog
            on:close=move |_| bar.history.set(None)
        >
            <h2 class="dialog__title">{text::messages::HISTORY}</h2>
            {move || versions.with(listed)}
            <form class="dialog__actions" method="dialog">
                <button class="button">{text::messages::CLOSE}</button>
            </form>
        </dialog>
    }
}

fn listed(versions: &Versions) -> AnyView {
    match versions {
        None => view! { <p class="muted">{text::messages::LOADING}</p> }.into_any(),
        Some(Err(error)) => view! { <p class="field__error">{text::error(error)}</p> }.into_any(),
        Some(Ok(versions)) => list(versions).into_any(),
    }
}

/// The texts, the newest first. They are shown as they were typed.
pub(crate) fn list(versions: &[Version]) -> impl IntoView + use<> {
    if versions.is_empty() {
        return view! { <p class="muted">{text::messages::HISTORY_NONE}</p> }.into_any();
    }
    let versions = versions
        .iter()
        .map(|version| {
            view! {
                <li>
                    <p class="small muted">
                        <Moment at=version.at/>
                    </p>
                    <p class="history__text" dir="auto">{version.body.clone()}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="muted small">{text::messages::HISTORY_LEAD}</p>
        <ol class="history__list">{versions}</ol>
    }
    .into_any()
}
