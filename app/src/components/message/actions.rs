//! What one does with a message: a bar at its upper end and a menu, once for the whole list. The bar moves into the
//! message that is pointed at or has the focus; 300 of them would be more than all messages together. The menu stays
//! beside the list and shows at the bar: a list takes messages out and puts them in again when others come before them,
//! and what is open in one of them would be closed by that.

use super::{
    history::History,
    offer::{Offer, Rights},
};
use crate::{
    components::{emoji_picker::EmojiPicker, icon::Icon},
    conversation::Conversation,
    text::messages as text,
};
use leptos::{
    ev,
    html::{Div, P},
    prelude::*,
};
use telicat_domain::{Message, MessageId};

/// Something that one does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Give an emoji, or take it back.
    React(&'static str),
    /// Answer it.
    Reply,
    /// Change it.
    Edit,
    /// Copy what it says.
    CopyText,
    /// Copy its address.
    CopyLink,
    /// Say that it was not read.
    Unread,
    /// Pin it, or take it off.
    Pin(bool),
    /// Save it, or not any more.
    Save(bool),
    /// See what it said before.
    History,
    /// Delete it.
    Delete,
}

/// Says what the keys of the lists below do with a message.
#[cfg(feature = "hydrate")]
pub(crate) fn provide_keys() {
    use crate::live::actions::{open_actions, start_edit, start_react, start_reply};
    provide_context(crate::conversation::ListActions {
        open: Callback::new(|(conversation, id)| open_actions(conversation, id)),
        reply: Callback::new(|(conversation, id)| start_reply(conversation, id)),
        edit: Callback::new(|(conversation, id)| start_edit(conversation, id)),
        react: Callback::new(|(conversation, id)| start_react(conversation, id)),
    });
}

/// The server hears no keys.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn provide_keys() {}

/// Where the bar and the menu are, and what they are for.
#[derive(Clone, Copy)]
pub(crate) struct Bar {
    pub(crate) conversation: Conversation,
    /// The message that they are at.
    pub(crate) target: RwSignal<Option<MessageId>>,
    /// The message whose earlier texts are shown.
    pub(crate) history: RwSignal<Option<MessageId>>,
    pub(crate) bar: NodeRef<Div>,
    pub(crate) menu: NodeRef<Div>,
    /// Says who gave a reaction.
    pub(crate) tip: NodeRef<P>,
    /// All emoji.
    pub(crate) picker: EmojiPicker,
}

impl Bar {
    fn new(conversation: Conversation) -> Self {
        Self {
            conversation,
            target: RwSignal::new(None),
            history: RwSignal::new(None),
            bar: NodeRef::new(),
            menu: NodeRef::new(),
            tip: NodeRef::new(),
            picker: EmojiPicker::get(),
        }
    }

    /// Something of the message that they are at.
    pub(crate) fn of_target<T>(self, of: impl FnOnce(&Message) -> T) -> Option<T> {
        let target = self.target.get()?;
        self.conversation.timeline.with(|timeline| timeline.message(target).map(of))
    }

    fn offer(self) -> Offer {
        let rights = Rights::of(self.conversation);
        self.of_target(|message| Offer::of(message, rights)).unwrap_or_default()
    }

    /// The address of the thread that the message begins.
    fn thread(self) -> Option<String> {
        self.target.get().map(|target| self.conversation.address_of_thread(target))
    }
}

/// The bar, the menu and what else belongs to a list of messages. It stands inside the element that holds the list, from
/// which it hears what is pointed at.
#[component]
pub(crate) fn Actions(conversation: Conversation) -> impl IntoView {
    let bar = Bar::new(conversation);
    bar.attach();
    let offer = Memo::new(move |_| bar.offer());
    let menu_id = conversation.root.map_or("message-menu", |_| "reply-menu");
    view! {
        <div class="message__actions needs-script" role="group" aria-label=text::ACTIONS node_ref=bar.bar>
            {move || {
                let offer = offer.get();
                view! {
                    {offer
                        .answer
                        .then(|| {
                            view! {
                                <Tool name="face" label=text::REACT press=move || bar.react()/>
                                <Tool name="reply" label=text::REPLY press=move || bar.act(Act::Reply)/>
                            }
                        })}
                    {offer
                        .thread
                        .then(|| {
                            view! {
                                <a
                                    class="button button--quiet button--icon"
                                    href=move || bar.thread()
                                    tabindex="-1"
                                    aria-label=text::THREAD_REPLY
                                    title=text::THREAD_REPLY
                                >
                                    <Icon name="thread"/>
                                </a>
                            }
                        })}
                }
            }}
            <button
                type="button"
                class="button button--quiet button--icon"
                tabindex="-1"
                popovertarget=menu_id
                aria-haspopup="menu"
                aria-label=text::MORE
                title=text::MORE
                data-more=""
            >
                <Icon name="more"/>
            </button>
        </div>
        <div
            class="menu message-menu"
            id=menu_id
            popover="auto"
            role="menu"
            aria-label=text::ACTIONS
            node_ref=bar.menu
            on:keydown=move |event: ev::KeyboardEvent| bar.menu_key(&event)
            on:toggle=move |_| bar.menu_toggled()
        >
            {move || items(bar, offer.get())}
        </div>
        <p class="tip" role="tooltip" id=format!("{menu_id}-who") hidden node_ref=bar.tip></p>
        <History bar/>
    }
}

/// A button of the bar. Who uses the keyboard has all of them in the menu, so the list stays one stop.
#[component]
fn Tool(name: &'static str, label: &'static str, press: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button--quiet button--icon"
            tabindex="-1"
            aria-label=label
            title=label
            on:click=move |_| press()
        >
            <Icon name/>
        </button>
    }
}

fn items(bar: Bar, offer: Offer) -> impl IntoView {
    let item = move |is_offered: bool, icon: &'static str, label: &'static str, key: &'static str, act: Act| {
        is_offered.then(|| {
            let danger = if act == Act::Delete { "menu__item menu__item--danger" } else { "menu__item" };
            view! {
                <button
                    type="button"
                    class=danger
                    role="menuitem"
                    tabindex="-1"
                    on:click=move |_| bar.choose(act)
                >
                    <Icon name=icon/>
                    {label}
                    {(!key.is_empty()).then(|| view! { <kbd aria-hidden="true">{key}</kbd> })}
                </button>
            }
        })
    };
    let pin = offer.pin.unwrap_or_default();
    let save = offer.save.unwrap_or_default();
    view! {
        {offer.answer.then(|| quick(bar))}
        {item(offer.answer, "reply", text::REPLY, "R", Act::Reply)}
        {offer
            .thread
            .then(|| {
                view! {
                    <a
                        class="menu__item"
                        role="menuitem"
                        tabindex="-1"
                        href=move || bar.thread()
                        on:click=move |_| bar.close_menu()
                    >
                        <Icon name="thread"/>
                        {text::THREAD_REPLY}
                    </a>
                }
            })}
        {item(offer.edit, "edit", text::EDIT, "E", Act::Edit)}
        {item(offer.copy, "copy", text::COPY_TEXT, "", Act::CopyText)}
        {item(true, "link", text::COPY_LINK, "", Act::CopyLink)}
        {item(offer.unread, "unread", text::MARK_UNREAD, "", Act::Unread)}
        {item(offer.pin.is_some(), "pin", if pin { text::PIN } else { text::UNPIN }, "", Act::Pin(pin))}
        {item(offer.save.is_some(), "save", if save { text::SAVE } else { text::UNSAVE }, "", Act::Save(save))}
        {item(offer.history, "clock", text::HISTORY, "", Act::History)}
        {item(offer.delete, "bin", crate::text::DELETE, "", Act::Delete)}
    }
}

/// The emoji that are a press away.
fn quick(bar: Bar) -> impl IntoView {
    view! {
        <div class="message-menu__quick" role="group" aria-label=text::REACT>
            {text::QUICK
                .map(|(emoji, name)| {
                    view! {
                        <button
                            type="button"
                            class="menu__item"
                            role="menuitem"
                            tabindex="-1"
                            aria-label=name
                            title=name
                            on:click=move |_| bar.choose(Act::React(emoji))
                        >
                            <span aria-hidden="true">{emoji}</span>
                        </button>
                    }
                })
                .collect_view()}
            <button
                type="button"
                class="menu__item"
                role="menuitem"
                tabindex="-1"
                aria-label=text::MORE_EMOJI
                title=text::MORE_EMOJI
                on:click=move |_| {
                    bar.close_menu();
                    bar.react();
                }
            >
                <Icon name="plus"/>
            </button>
        </div>
    }
}
