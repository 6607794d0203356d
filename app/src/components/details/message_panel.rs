//! What can be done with one message, as plain forms: for who has no script.

use super::{PaneHead, wanted::About};
use crate::{
    components::{
        composer::as_textarea,
        form::{Form, FormError},
        icon::Icon,
        message::{
            history::list,
            offer::{Offer, Rights},
            still::Still,
        },
    },
    conversation::Conversation,
    text::{self, messages},
};
use leptos::prelude::*;
use telicat_domain::{Field, Message, permission::Action};

#[component]
pub(super) fn MessagePanel(conversation: Conversation, about: Box<About>, name: String) -> impl IntoView {
    let About { message, thread, versions } = *about;
    let me = conversation.me.with_value(|me| me.id);
    let offer = Offer::of(&message, Rights::of(conversation));
    let (room, close) = match thread {
        Some(thread) => (conversation.address(), conversation.address_of_thread(thread)),
        None => (conversation.address(), conversation.address()),
    };
    let reply = match thread {
        Some(thread) => format!("{room}?thread={thread}&reply={}", message.id),
        None => format!("{room}?reply={}", message.id),
    };
    let address = match thread {
        Some(_) => close.clone(),
        None => format!("{room}?at={}", message.seq),
    };
    // Whoever deleted it may bring it back, for a while; who that was is not known here.
    let can_restore = message.deleted && (message.author.id == me || conversation.may(Action::Moderate));
    let id = message.id;
    view! {
        <PaneHead title=messages::ACTIONS name close label=messages::CLOSE_ACTIONS/>
        <div class="details-body panel">
            <Still message=message.clone() me address/>
            {offer.answer.then(|| view! { <React message=message.clone()/> })}
            <p class="row">
                {offer
                    .answer
                    .then(|| {
                        view! {
                            <a class="button button--small" href=reply>
                                <Icon name="reply" small=true/>
                                {messages::REPLY}
                            </a>
                        }
                    })}
                {offer
                    .thread
                    .then(|| {
                        view! {
                            <a class="button button--small" href=conversation.address_of_thread(id)>
                                <Icon name="thread" small=true/>
                                {messages::THREAD_REPLY}
                            </a>
                        }
                    })}
            </p>
            {offer.edit.then(|| view! { <Edit message=message.clone()/> })}
            <div class="row">
                {offer
                    .pin
                    .map(|on| {
                        let label = if on { messages::PIN } else { messages::UNPIN };
                        view! { <Switch action="/api/messages/pin" id=id.to_string() on label/> }
                    })}
                {offer
                    .save
                    .map(|on| {
                        let label = if on { messages::SAVE } else { messages::UNSAVE };
                        view! { <Switch action="/api/messages/save" id=id.to_string() on label/> }
                    })}
                {offer
                    .unread
                    .then(|| {
                        let room = conversation.slug.with_value(ToString::to_string);
                        view! {
                            <form method="post" action="/api/rooms/unread">
                                <input type="hidden" name="room" value=room/>
                                <input type="hidden" name="seq" value=message.seq.to_string()/>
                                <button class="button button--small">{messages::MARK_UNREAD}</button>
                            </form>
                        }
                    })}
                {offer
                    .delete
                    .then(|| {
                        view! {
                            <One
                                action="/api/messages/delete"
                                id=id.to_string()
                                label=text::DELETE
                                look="button--danger"
                            />
                        }
                    })}
                {can_restore
                    .then(|| {
                        view! {
                            <One action="/api/messages/restore" id=id.to_string() label=messages::RESTORE look=""/>
                        }
                    })}
            </div>
            {["/api/messages/pin", "/api/messages/save", "/api/messages/delete", "/api/messages/restore"]
                .map(|action| view! { <FormError form=Form::new(action)/> })
                .collect_view()}
            {versions
                .map(|versions| {
                    view! {
                        <section aria-labelledby="history-title">
                            <h3 id="history-title">{messages::HISTORY}</h3>
                            {list(&versions)}
                        </section>
                    }
                })}
        </div>
    }
}

/// The emoji that are a press away, and those that others gave.
#[component]
fn React(message: Message) -> impl IntoView {
    let is_quick = |emoji: &str| messages::QUICK.iter().any(|(quick, _)| *quick == emoji);
    let given = message.reactions.iter().map(|reaction| reaction.emoji.clone()).filter(|emoji| !is_quick(emoji));
    let emoji: Vec<String> = messages::QUICK.iter().map(|(emoji, _)| (*emoji).to_owned()).chain(given).collect();
    let id = message.id.to_string();
    view! {
        <div class="reactions" role="group" aria-label=messages::REACT>
            {emoji
                .into_iter()
                .map(|emoji| {
                    let mine = message.reactions.iter().any(|reaction| reaction.emoji == emoji && reaction.mine);
                    let name = messages::name_of(&emoji).to_owned();
                    view! {
                        <form method="post" action="/api/messages/react">
                            <input type="hidden" name="message" value=id.clone()/>
                            <input type="hidden" name="emoji" value=emoji.clone()/>
                            <input type="hidden" name="on" value=(!mine).to_string()/>
                            <button class="reaction" aria-pressed=mine.to_string() aria-label=name>
                                <span aria-hidden="true">{emoji}</span>
                            </button>
                        </form>
                    }
                })
                .collect_view()}
        </div>
        <FormError form=Form::new("/api/messages/react")/>
    }
}

/// The text in a box; what was refused comes back in it.
#[component]
fn Edit(message: Message) -> impl IntoView {
    let form = Form::new("/api/messages/edit");
    let is_this = form.typed("message").is_none_or(|id| id == message.id.to_string());
    let typed = form.typed("body").filter(|_| is_this).unwrap_or(message.body);
    let problem = form.problem(Field::Body, "body");
    view! {
        <form class="edit-box" method="post" action=form.action>
            <input type="hidden" name="message" value=message.id.to_string()/>
            <textarea
                class="edit-box__text"
                name="body"
                rows="3"
                dir="auto"
                aria-label=messages::EDIT_LABEL
                aria-invalid=move || problem.get().map(|_| "true")
                aria-describedby=move || problem.get().map(|_| "edit-note")
            >
                {as_textarea(typed)}
            </textarea>
            {move || {
                problem
                    .get()
                    .map(|problem| {
                        view! {
                            <p class="field__error" id="edit-note">
                                <Icon name="warning" small=true/>
                                <span>{problem}</span>
                            </p>
                        }
                    })
            }}
            <FormError form/>
            <p>
                <button class="button button--primary button--small">{messages::EDIT_SAVE}</button>
            </p>
        </form>
    }
}

/// Turns something on or off.
#[component]
fn Switch(action: &'static str, id: String, on: bool, label: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="message" value=id/>
            <input type="hidden" name="on" value=on.to_string()/>
            <button class="button button--small">{label}</button>
        </form>
    }
}

/// Does one thing.
#[component]
fn One(action: &'static str, id: String, label: &'static str, look: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="message" value=id/>
            <button class=format!("button button--small {look}")>{label}</button>
        </form>
    }
}
