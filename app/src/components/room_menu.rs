//! What one does with a room as a whole. The browser opens and closes the menu, and all but copying is a plain form or a
//! link, so that it works without script.

use super::{icon::Icon, involvement::InvolvementChoice};
use crate::{api::rooms::ReadRoom, room_list::RoomList, text};
use leptos::prelude::*;
use server_fn::ServerFn;
use telicat_domain::room::RoomEntry;

const ID: &str = "room-menu";

/// Whoever chose something that shows elsewhere is done with the menu.
pub(crate) fn close_menu() {
    #[cfg(feature = "hydrate")]
    crate::browser::close_popover(ID);
}

/// The button and the menu.
#[component]
pub(crate) fn RoomMenu(
    entry: Memo<RoomEntry>,
    settings: String,
    /// What a narrow head has no place for.
    children: Children,
) -> impl IntoView {
    let list = RoomList::get();
    let slug = entry.with_untracked(|entry| entry.room.slug.to_string());
    let head = Memo::new(move |_| entry.with(|entry| entry.head));
    let (read_all, copied) = (move |event| read_all(&event, list, entry), move |_| copy_link(entry));
    view! {
        <button
            type="button"
            class="button button--icon button--quiet"
            popovertarget=ID
            aria-label=text::room_list::ROOM_MENU
            title=text::room_list::ROOM_MENU
        >
            <Icon name="more"/>
        </button>
        <div class="menu" id=ID popover="auto">
            <div class="room-menu__extra">{children()} <div class="menu__line"></div></div>
            <InvolvementChoice entry/>
            <div class="menu__line"></div>
            <form method="post" action=ReadRoom::PATH on:submit=read_all>
                <input type="hidden" name="room" value=slug/>
                <input type="hidden" name="seq" value=move || head.get().to_string()/>
                <button class="menu__item">
                    <Icon name="check"/>
                    {text::room_list::MARK_READ}
                </button>
            </form>
            <button type="button" class="menu__item needs-script" on:click=copied>
                <Icon name="link"/>
                {text::room_list::COPY_LINK}
            </button>
            <a class="menu__item" href=settings>
                <Icon name="sliders"/>
                {text::room_list::ROOM_SETTINGS}
            </a>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn read_all(event: &leptos::ev::SubmitEvent, list: RoomList, entry: Memo<RoomEntry>) {
    event.prevent_default();
    close_menu();
    let (room, head) = entry.with_untracked(|entry| (entry.room.slug.clone(), entry.head));
    list.read(room, head);
}

#[cfg(feature = "hydrate")]
fn copy_link(entry: Memo<RoomEntry>) {
    use super::toasts::Toasts;
    close_menu();
    let path = entry.with_untracked(|entry| telicat_domain::SafePath::room(&entry.room.slug));
    let Some(toasts) = Toasts::get() else { return };
    toasts.copy(crate::browser::full_address(path.as_str()), text::COPIED);
}

#[cfg(not(feature = "hydrate"))]
fn read_all(_event: &leptos::ev::SubmitEvent, _list: RoomList, _entry: Memo<RoomEntry>) {}

#[cfg(not(feature = "hydrate"))]
fn copy_link(_entry: Memo<RoomEntry>) {}
