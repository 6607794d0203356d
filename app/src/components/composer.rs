//! Where messages are written.

pub(crate) mod completion;
pub(crate) mod token;

use super::{avatar::Face, emoji_picker::EmojiPicker, icon::Icon};
use crate::{
    conversation::{Conversation, returned_text},
    line::Line,
    room_list::name_of,
    text,
    visit::Visit,
};
use completion::{Choices, Completion};
use leptos::{
    ev,
    html::{Button, Textarea},
    prelude::*,
};
use telicat_domain::{ApiError, Field, event::Quote, limits::MESSAGE_MAX};

/// So many characters before the limit it is said how many are left.
const NEAR_LIMIT: i64 = 500;

/// The message box of a room or thread. Without script it is a form like any other.
#[component]
pub(crate) fn Composer(conversation: Conversation) -> impl IntoView {
    let visit = Visit::get();
    let returned = returned_text(conversation.root);
    // Who comes back from logging in needs no word about it.
    if let Some((_, error)) = returned.as_ref().filter(|(_, error)| *error != ApiError::NotSignedIn) {
        conversation.refusal.set(Some(error.clone()));
    }
    let text_box: NodeRef<Textarea> = NodeRef::new();
    conversation.keep_draft(text_box);
    let completion = Completion::new(conversation, text_box);
    let length = RwSignal::new(0);
    let measure = move || {
        let typed = text_box.get_untracked().map_or(0, |text_box| text_box.value().trim().chars().count());
        // Looked at by few, so told to few: nobody is near the limit of most messages.
        let length_now = i64::try_from(typed).unwrap_or(i64::MAX);
        if length_now != length.get_untracked() {
            length.set(length_now);
        }
    };
    let left = Memo::new(move |_| {
        let left = i64::try_from(MESSAGE_MAX).unwrap_or(i64::MAX) - length.get();
        (left <= NEAR_LIMIT).then_some(left)
    });
    let id = conversation.box_id();
    // Both may be on a page.
    let is_reply = conversation.root.is_some();
    let hint = move || {
        if is_reply {
            text::messages::REPLY.to_owned()
        } else {
            text::message_to(&conversation.entry.with(|entry| name_of(&entry.room)))
        }
    };
    let refused = move || conversation.refusal.with(Option::is_some);
    let described = move || {
        let notes = [
            (refused(), "note"),
            (left.get().is_some(), "left"),
            (conversation.answering.with(Option::is_some), "answers"),
        ];
        let ids: Vec<String> = notes.iter().filter(|(is, _)| *is).map(|(_, note)| format!("{id}-{note}")).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    view! {
        <form
            class="composer"
            method="post"
            action="/api/messages/post"
            on:submit=move |event| {
                completion.close();
                conversation.submit(&event, text_box);
                measure();
            }
        >
            <input type="hidden" name="room" value=conversation.slug.with_value(ToString::to_string)/>
            <input type="hidden" name="nonce" value=visit.nonce.map(|nonce| nonce.to_string())/>
            // Without script one who wrote from further up, or answered, wants to see what was written.
            <input type="hidden" name="done" value=conversation.address()/>
            {conversation.root.map(|root| view! { <input type="hidden" name="root" value=root.to_string()/> })}
            <Choices completion/>
            <div class="composer__box">
                {move || conversation.answering.get().map(|quote| reply_bar(conversation, text_box, &quote))}
                {conversation.me.with_value(|me| view! { <Face author=me small=true/> })}
                <textarea
                    class="composer__text"
                    id=id
                    name="body"
                    rows="1"
                    aria-label=if is_reply { text::messages::REPLY } else { text::MESSAGE }
                    placeholder=hint
                    autocomplete="off"
                    aria-invalid=move || refused().then_some("true")
                    aria-describedby=described
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-controls=move || completion.is_open().then(|| completion.list_id())
                    aria-activedescendant=move || completion.active_id()
                    node_ref=text_box
                    on:keydown=move |event: ev::KeyboardEvent| {
                        if !completion.key_pressed(&event) {
                            conversation.key_pressed(&event, text_box);
                        }
                    }
                    on:input=move |_| {
                        conversation.typed(text_box);
                        completion.typed();
                        measure();
                    }
                    on:click=move |_| completion.typed()
                    on:blur=move |_| completion.close()
                >
                    {returned.map(|(typed, _)| as_textarea(typed))}
                </textarea>
                <div class="composer__tools">
                    <EmojiButton completion/>
                    <button class="button button--primary composer__send">
                        <Icon name="send"/>
                        <span class="composer__word">{text::SEND}</span>
                    </button>
                </div>
            </div>
            <Notes conversation left=left.into()/>
        </form>
    }
}

/// What is said below the box: what is wrong with the text, how much of it still fits, and that the line is cut.
#[component]
fn Notes(conversation: Conversation, left: Signal<Option<i64>>) -> impl IntoView {
    let line = Line::get();
    let is_cut = Memo::new(move |_| line.is_cut());
    let id = conversation.box_id();
    view! {
        <div class="composer__notes">
            {move || {
                conversation
                    .refusal
                    .get()
                    .map(|error| {
                        view! {
                            <p class="field__error composer__note" id=format!("{id}-note") role="alert">
                                <Icon name="warning" small=true/>
                                <span>{refusal_text(&error)}</span>
                            </p>
                        }
                    })
            }}
            {move || {
                left.get()
                    .map(|left| {
                        view! {
                            <p class="composer__note tabular" id=format!("{id}-left")>
                                {text::timeline::characters_left(left)}
                            </p>
                        }
                    })
            }}
            {move || is_cut.get().then(|| view! { <p class="composer__note">{text::OFFLINE_NOTE}</p> })}
        </div>
    }
}

/// The message that the next one answers.
fn reply_bar(conversation: Conversation, text_box: NodeRef<Textarea>, quote: &Quote) -> impl IntoView + use<> {
    let called = quote.author.called().to_owned();
    let text = if quote.gone { text::timeline::GONE.to_owned() } else { quote.text.clone() };
    let cancel = move |event: ev::MouseEvent| {
        event.prevent_default();
        conversation.cancel_reply(text_box);
    };
    view! {
        <div class="quote">
            <input type="hidden" name="reply_to" value=quote.message.to_string()/>
            <Icon name="reply" small=true/>
            <span id=format!("{}-answers", conversation.box_id())>
                <span class="unseen">{text::timeline::REPLYING} " "</span>
                <b>{called}</b>
                " "
                {text}
            </span>
            <a
                class="button button--icon button--quiet"
                href=conversation.address()
                rel="external"
                aria-label=text::timeline::NO_REPLY
                title=text::timeline::NO_REPLY
                on:click=cancel
            >
                <Icon name="close"/>
            </a>
        </div>
    }
}

/// Shows the emoji, and puts the one that is chosen where the caret is.
#[component]
fn EmojiButton(completion: Completion) -> impl IntoView {
    let picker = completion.picker;
    let button: NodeRef<Button> = NodeRef::new();
    let pick = Callback::new(move |emoji: String| insert(completion, &emoji));
    view! {
        <button
            type="button"
            class="button button--icon button--quiet needs-script"
            aria-label=text::timeline::EMOJI
            title=text::timeline::EMOJI
            aria-haspopup="dialog"
            node_ref=button
            on:click=move |_| open(picker, button, pick)
        >
            <Icon name="face"/>
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn insert(completion: Completion, emoji: &str) {
    completion.insert(emoji);
}

#[cfg(not(feature = "hydrate"))]
fn insert(_completion: Completion, _emoji: &str) {}

#[cfg(feature = "hydrate")]
fn open(picker: EmojiPicker, button: NodeRef<Button>, pick: Callback<String>) {
    if let Some(button) = button.get_untracked() {
        picker.open(&button, pick);
    }
}

#[cfg(not(feature = "hydrate"))]
fn open(_picker: EmojiPicker, _button: NodeRef<Button>, _pick: Callback<String>) {}

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
