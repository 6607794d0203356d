//! An own message as it is changed, in its place.

use crate::{components::icon::Icon, conversation::Conversation, text};
use leptos::{ev, html::Textarea, prelude::*};
use telicat_domain::{ApiError, Field};

/// The text in a box. Enter saves and Escape leaves it as it was; what was typed stays until the server has it.
pub(super) fn edit_box(conversation: Conversation) -> impl IntoView {
    let text_box: NodeRef<Textarea> = NodeRef::new();
    let error = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);
    let edit = Edit { conversation, text_box, error, busy };
    edit.begin();
    let refused = move || error.with(Option::is_some);
    view! {
        <form class="edit-box" on:submit=move |event: ev::SubmitEvent| edit.submit(&event)>
            <textarea
                class="edit-box__text"
                name="body"
                rows="1"
                dir="auto"
                aria-label=text::messages::EDIT_LABEL
                aria-invalid=move || refused().then_some("true")
                aria-describedby=move || refused().then_some("edit-note")
                prop:value=conversation.edited
                node_ref=text_box
                on:keydown=move |event: ev::KeyboardEvent| edit.key_pressed(&event)
                on:input=move |event: ev::Event| edit.typed(&event)
            ></textarea>
            <div class="row">
                <button class="button button--primary button--small" aria-busy=move || busy.get().then_some("true")>
                    {text::messages::EDIT_SAVE}
                </button>
                <button
                    type="button"
                    class="button button--small button--quiet"
                    on:click=move |_| edit.cancel()
                >
                    {text::messages::EDIT_CANCEL}
                </button>
                {move || {
                    error
                        .get()
                        .map(|error| {
                            view! {
                                <p class="field__error" id="edit-note" role="alert">
                                    <Icon name="warning" small=true/>
                                    <span>{refusal(&error)}</span>
                                </p>
                            }
                        })
                }}
            </div>
        </form>
    }
}

/// A change that is being made.
#[derive(Clone, Copy)]
pub(crate) struct Edit {
    pub(crate) conversation: Conversation,
    pub(crate) text_box: NodeRef<Textarea>,
    /// Why it was not taken.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether an answer is waited for.
    pub(crate) busy: RwSignal<bool>,
}

fn refusal(error: &ApiError) -> String {
    match error.problem(Field::Body) {
        Some(problem) => text::problem(Field::Body, problem, ""),
        None => text::error(error),
    }
}
