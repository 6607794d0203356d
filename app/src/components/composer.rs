//! Where messages are written.

use super::{avatar::Face, icon::Icon};
use crate::{
    conversation::{Conversation, returned_text},
    line::Line,
    text,
    visit::Visit,
};
use leptos::{ev, html::Textarea, prelude::*};
use telicat_domain::{ApiError, Field};

/// The message box. Without script it is a form like any other.
#[component]
pub(crate) fn Composer(conversation: Conversation, room: String) -> impl IntoView {
    let visit = Visit::get();
    let line = Line::get();
    let is_cut = Memo::new(move |_| line.is_cut());
    let returned = returned_text(conversation.root);
    // Who comes back from logging in needs no word about it.
    if let Some((_, error)) = returned.as_ref().filter(|(_, error)| *error != ApiError::NotSignedIn) {
        conversation.refusal.set(Some(error.clone()));
    }
    let text_box: NodeRef<Textarea> = NodeRef::new();
    conversation.keep_draft(text_box);
    let slug = conversation.slug.with_value(ToString::to_string);
    let refused = move || conversation.refusal.with(Option::is_some);
    view! {
        <form
            class="composer"
            method="post"
            action="/api/messages/post"
            on:submit=move |event| conversation.submit(&event, text_box)
        >
            <input type="hidden" name="room" value=slug/>
            <input type="hidden" name="nonce" value=visit.nonce.map(|nonce| nonce.to_string())/>
            <div class="composer__box">
                {conversation.me.with_value(|me| view! { <Face author=me small=true/> })}
                <textarea
                    class="composer__text"
                    id="message"
                    name="body"
                    rows="1"
                    aria-label=text::MESSAGE
                    placeholder=text::message_to(&room)
                    autocomplete="off"
                    aria-invalid=move || refused().then_some("true")
                    aria-describedby=move || refused().then_some("message-note")
                    node_ref=text_box
                    on:keydown=move |event: ev::KeyboardEvent| conversation.key_pressed(&event, text_box)
                    on:input=move |_| conversation.typed(text_box)
                >
                    {returned.map(|(typed, _)| as_textarea(typed))}
                </textarea>
                <div class="composer__tools">
                    <button class="button button--primary composer__send">
                        <Icon name="send"/>
                        <span class="composer__word">{text::SEND}</span>
                    </button>
                </div>
            </div>
            <div class="composer__notes">
                {move || {
                    conversation
                        .refusal
                        .get()
                        .map(|error| {
                            view! {
                                <p class="field__error composer__note" id="message-note" role="alert">
                                    <Icon name="warning" small=true/>
                                    <span>{refusal_text(&error)}</span>
                                </p>
                            }
                        })
                }}
                {move || {
                    is_cut.get().then(|| view! { <p class="composer__note">{text::OFFLINE_NOTE}</p> })
                }}
            </div>
        </form>
    }
}

/// A text as the content of a textarea. leptos writes that as it is, and a browser ends it at the first end tag.
#[cfg(feature = "ssr")]
pub(crate) fn as_textarea(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn as_textarea(text: String) -> String {
    text
}

fn refusal_text(error: &ApiError) -> String {
    match error.problem(Field::Body) {
        Some(problem) => text::problem(Field::Body, problem, ""),
        None => text::error(error),
    }
}
