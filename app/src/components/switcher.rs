//! The quick switcher: a few letters, and one is in the room or with the person.

mod ranking;

use super::avatar::{Face, RoomFace};
use crate::{
    room_list::{RoomList, Row},
    text,
};
use leptos::{ev, html, prelude::*};
use ranking::rank;
use telicat_domain::{Author, RoomSlug, SafePath, presence::Presence};

/// Rooms and people that are shown at once.
const SHOWN_MAX: usize = 12;

/// Something that one can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    Room {
        slug: RoomSlug,
        row: Row,
    },
    /// Somebody with whom there is no direct room yet.
    Person(Author),
}

impl Choice {
    fn id(&self) -> String {
        match self {
            Self::Room { slug, .. } => format!("jump-{slug}"),
            Self::Person(person) => format!("jump-@{}", person.id),
        }
    }

    fn address(&self) -> String {
        match self {
            Self::Room { slug, .. } => SafePath::room(slug).to_string(),
            Self::Person(person) => format!("/chat/with/{}", person.handle),
        }
    }
}

/// The switcher's signals. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Switcher {
    open: RwSignal<bool>,
    typed: RwSignal<String>,
    /// People who were found by what was typed, and by what.
    found: RwSignal<(String, Vec<Author>)>,
    /// Which of the choices is marked.
    marked: RwSignal<usize>,
}

impl Switcher {
    /// A closed one, provided to all below.
    pub(crate) fn provide() -> Self {
        let switcher = Self {
            open: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            found: RwSignal::new((String::new(), Vec::new())),
            marked: RwSignal::new(0),
        };
        provide_context(switcher);
        switcher
    }

    /// The one that was provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    fn choices(self, list: RoomList) -> Vec<Choice> {
        let typed = self.typed.get();
        let open = list.open.get();
        let mut choices: Vec<Choice> = list.directory.with(|directory| {
            let Some(directory) = directory else { return Vec::new() };
            let ranked = rank(directory, &typed, open.as_ref(), list.now.get());
            let row = |entry| Row::of(entry, directory.me(), list.now.get());
            ranked.into_iter().map(|entry| Choice::Room { slug: entry.room.slug.clone(), row: row(entry) }).collect()
        });
        let known: Vec<_> = choices
            .iter()
            .filter_map(|choice| if let Choice::Room { row, .. } = choice { row.with } else { None })
            .collect();
        self.found.with(|(by, people)| {
            let new = people.iter().filter(|person| *by == typed && !known.contains(&person.id));
            choices.extend(new.cloned().map(Choice::Person));
        });
        choices.truncate(SHOWN_MAX);
        choices
    }
}

/// The dialog. It is there on every page of somebody who is signed in, and empty until it is opened.
#[component]
pub(crate) fn SwitcherDialog(switcher: Switcher) -> impl IntoView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    follow(switcher, dialog);
    view! {
        <dialog
            class="dialog switcher"
            aria-label=text::room_list::JUMP
            node_ref=dialog
            on:close=move |_| switcher.open.set(false)
            on:click=move |event| close_from_outside(&event, dialog)
        >
            {move || switcher.open.get().then(|| view! { <Inside switcher/> })}
        </dialog>
    }
}

#[component]
fn Inside(switcher: Switcher) -> impl IntoView {
    let list = RoomList::get();
    let choices = Memo::new(move |_| switcher.choices(list));
    let leave = way(switcher);
    let marked_id = move || choices.with(|choices| choices.get(switcher.marked.get()).map(Choice::id));
    let key = {
        let leave = leave.clone();
        move |event: ev::KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let (count, marked) = (choices.with_untracked(Vec::len), switcher.marked.get_untracked());
            let to = match event.key().as_str() {
                "ArrowDown" if count > 0 => (marked + 1) % count,
                "ArrowUp" if count > 0 => (marked + count - 1) % count,
                "Enter" => {
                    event.prevent_default();
                    if let Some(choice) = choices.with_untracked(|choices| choices.get(marked).cloned()) {
                        leave(&choice.address());
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            switcher.marked.set(to);
            show_marked();
        }
    };
    view! {
        <input
            class="switcher__text"
            type="text"
            role="combobox"
            aria-label=text::room_list::JUMP_TO
            placeholder=text::room_list::JUMP_TO
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls="jump-list"
            aria-activedescendant=marked_id
            autocomplete="off"
            spellcheck="false"
            autofocus
            prop:value=move || switcher.typed.get()
            on:keydown=key
            on:input=move |event| typed(switcher, event_target_value(&event))
        />
        <ul class="switcher__list" id="jump-list" role="listbox" aria-label=text::room_list::JUMP_ROOMS>
            {move || {
                choices
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(place, choice)| {
                        let (leave, address, id) = (leave.clone(), choice.address(), choice.id());
                        view! {
                            <li
                                class="menu__item"
                                id=id
                                role="option"
                                aria-selected=move || (switcher.marked.get() == place).to_string()
                                on:click=move |_| leave(&address)
                            >
                                {shown(choice)}
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        <p class="small muted switcher__nothing" role="status">
            {move || choices.with(Vec::is_empty).then_some(text::room_list::JUMP_NOTHING)}
        </p>
    }
}

fn shown(choice: Choice) -> AnyView {
    match choice {
        Choice::Room { row, .. } => {
            let number = row.number();
            let class = if row.mentions > 0 { "count count--mention" } else { "count" };
            let name_class = if row.unread { "switcher__name switcher__name--unread" } else { "switcher__name" };
            view! {
                <RoomFace look=row.look presence=Presence::Gone/>
                <span class=name_class>{row.name}</span>
                {number
                    .map(|(number, of)| {
                        view! {
                            <span class=class>
                                {number}
                                <span class="unseen">{of}</span>
                            </span>
                        }
                    })}
            }
            .into_any()
        }
        Choice::Person(person) => {
            let called = person.called().to_owned();
            view! {
                <Face author=&person/>
                <span class="switcher__name">{called}</span>
                <span class="muted">{format!("@{}", person.handle)}</span>
            }
            .into_any()
        }
    }
}

impl Switcher {
    /// Opens it, with nothing typed.
    pub(crate) fn show(self) {
        self.typed.set(String::new());
        self.marked.set(0);
        self.open.set(true);
    }
}

/// What is pressed for it: the reader's keyboard is known only once the page was taken over.
pub(crate) fn keys() -> &'static str {
    if crate::conversation::is_localised() && is_mac() { "⌘ K" } else { "Ctrl K" }
}

#[cfg(feature = "hydrate")]
use crate::browser::is_mac;
#[cfg(feature = "hydrate")]
use browser::{close_from_outside, follow, show_marked, typed, way};

#[cfg(feature = "hydrate")]
mod browser {
    use super::*;
    use crate::{api::people::complete_people, browser, live::within};

    /// Keys that come this fast after each other are one question, in milliseconds.
    const TYPING_MS: u32 = 150;
    const ANSWER_MS: u32 = 5_000;

    /// Shows the dialog when it is to be open. The browser gives the focus back when it is closed.
    pub(super) fn follow(switcher: Switcher, dialog: NodeRef<html::Dialog>) {
        Effect::new(move |_| {
            let Some(dialog) = dialog.get() else { return };
            if switcher.open.get() {
                // What is inside is there after this.
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

    /// A press on the ground behind the dialog is one on the dialog itself, outside of its edges.
    pub(super) fn close_from_outside(event: &ev::MouseEvent, dialog: NodeRef<html::Dialog>) {
        let Some(dialog) = dialog.get_untracked() else { return };
        let (edges, x, y) = (dialog.get_bounding_client_rect(), event.client_x().into(), event.client_y().into());
        let inside = edges.left() <= x && x <= edges.right() && edges.top() <= y && y <= edges.bottom();
        // A key that presses a button has no place.
        if !inside && event.detail() > 0 {
            dialog.close();
        }
    }

    /// Closes the switcher and goes to an address.
    pub(super) fn way(switcher: Switcher) -> impl Fn(&str) + Clone + Send + Sync + 'static {
        let navigate = StoredValue::new_local(leptos_router::hooks::use_navigate());
        move |address: &str| {
            browser::drop_fragment();
            navigate.with_value(|navigate| navigate(address, leptos_router::NavigateOptions::default()));
            switcher.open.set(false);
        }
    }

    pub(super) fn typed(switcher: Switcher, text: String) {
        switcher.typed.set(text.clone());
        switcher.marked.set(0);
        let asked = text.trim().trim_start_matches('@').to_owned();
        if asked.is_empty() {
            return;
        }
        let me = crate::visit::Visit::get().viewer.as_ref().map(|viewer| viewer.author.id);
        leptos::task::spawn_local(async move {
            browser::wait(TYPING_MS).await;
            if switcher.typed.with_untracked(|now| *now != text) {
                return;
            }
            // Who gets no answer finds rooms all the same.
            if let Some(Ok(people)) = within(ANSWER_MS, complete_people(None, asked)).await {
                let others = people.into_iter().filter(|person| Some(person.id) != me).collect();
                switcher.found.set((text, others));
            }
        });
    }

    /// Brings the marked choice into view, once it is marked.
    pub(super) fn show_marked() {
        request_animation_frame(|| browser::scroll_to("#jump-list [aria-selected=true]"));
    }
}

#[cfg(not(feature = "hydrate"))]
use server::{close_from_outside, follow, is_mac, show_marked, typed, way};

/// On the server the dialog is closed, and nothing happens in it.
#[cfg(not(feature = "hydrate"))]
mod server {
    use super::*;

    pub(super) fn follow(_switcher: Switcher, _dialog: NodeRef<html::Dialog>) {}
    pub(super) fn close_from_outside(_event: &ev::MouseEvent, _dialog: NodeRef<html::Dialog>) {}
    pub(super) fn way(_switcher: Switcher) -> impl Fn(&str) + Clone + Send + Sync + 'static {
        |_| {}
    }
    pub(super) fn typed(_switcher: Switcher, _text: String) {}
    pub(super) fn show_marked() {}
    pub(super) fn is_mac() -> bool {
        false
    }
}
