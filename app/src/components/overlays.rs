//! What stands above every page of somebody who is signed in: the switcher, the list of shortcuts, and the keys that
//! open them.

use super::{
    icon::Icon,
    switcher::{Switcher, SwitcherDialog},
};
use crate::{room_list::RoomList, text, visit::Visit};
use leptos::{html, prelude::*};

/// The dialogs. They are part of the router, because they lead somewhere.
#[component]
pub(crate) fn Overlays() -> impl IntoView {
    let signed_in = Visit::get().viewer.is_some();
    let list = RoomList::get();
    let (switcher, help) = (Switcher::get(), RwSignal::new(false));
    signed_in.then(|| {
        listen(list, switcher, help);
        view! {
            <SwitcherDialog switcher/>
            <Help help/>
        }
    })
}

#[component]
fn Help(help: RwSignal<bool>) -> impl IntoView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    follow(help, dialog);
    view! {
        <dialog class="dialog" aria-labelledby="shortcuts" node_ref=dialog on:close=move |_| help.set(false)>
            {move || {
                help.get()
                    .then(|| {
                        view! {
                            <header class="dialog__head">
                                <h2 class="dialog__title" id="shortcuts">{text::room_list::SHORTCUTS}</h2>
                                <button
                                    type="button"
                                    class="button button--icon button--quiet"
                                    aria-label=text::room_list::CLOSE
                                    title=text::room_list::CLOSE
                                    on:click=move |_| help.set(false)
                                >
                                    <Icon name="close"/>
                                </button>
                            </header>
                            <dl class="keys">{text::room_list::KEYS.map(|(keys, what)| key(keys, what)).collect_view()}</dl>
                        }
                    })
            }}
        </dialog>
    }
}

fn key(keys: &'static [&'static str], what: &'static str) -> impl IntoView {
    let keys = keys.iter().map(|key| if *key == "Ctrl" && is_mac() { "⌘" } else { *key });
    view! {
        <div>
            <dt>{keys.map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt>
            <dd>{what}</dd>
        </div>
    }
}

#[cfg(feature = "hydrate")]
use crate::browser::is_mac;

#[cfg(not(feature = "hydrate"))]
fn is_mac() -> bool {
    false
}

/// Hears the keys, as long as the tab lives.
#[cfg(feature = "hydrate")]
fn listen(list: RoomList, switcher: Switcher, help: RwSignal<bool>) {
    let navigate = leptos_router::hooks::use_navigate();
    crate::browser::watch_focus(leptos_router::hooks::use_location().pathname);
    Effect::new(move |_| {
        let navigate = navigate.clone();
        crate::browser::hear_keys(move |shortcut| {
            use crate::browser::Shortcut;
            match shortcut {
                Shortcut::Switch => switcher.show(),
                Shortcut::Help => help.set(true),
                Shortcut::Region { back } => crate::browser::focus_region(back),
                Shortcut::Room { down, unread } => {
                    if let Some(slug) = list.neighbour(down, unread) {
                        let path = telicat_domain::SafePath::room(&slug).to_string();
                        navigate(&path, leptos_router::NavigateOptions::default());
                    }
                }
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn listen(_list: RoomList, _switcher: Switcher, _help: RwSignal<bool>) {}

#[cfg(feature = "hydrate")]
fn follow(help: RwSignal<bool>, dialog: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if help.get() {
            request_animation_frame(move || {
                if !dialog.open() {
                    let _shown = dialog.show_modal();
                }
            });
        } else if dialog.open() {
            dialog.close();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn follow(_help: RwSignal<bool>, _dialog: NodeRef<html::Dialog>) {}
