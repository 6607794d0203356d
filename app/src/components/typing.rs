//! Who writes at this moment, in a line above the message box whose height is always there.

use crate::{conversation::Conversation, text, until_gone::track_until_gone};
use leptos::prelude::*;
use std::collections::BTreeMap;
use telicat_domain::{Author, MessageId, PersonId, RoomSlug};

/// Where somebody writes.
pub(crate) type Place = (RoomSlug, Option<MessageId>);

/// Who writes where, for the whole tab. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Writers(pub(crate) RwSignal<BTreeMap<Place, Vec<(Author, i64)>>>);

impl Writers {
    /// Nobody writes yet; provided to all below.
    pub(crate) fn provide() -> Self {
        let writers = Self(RwSignal::new(BTreeMap::new()));
        provide_context(writers);
        writers
    }

    /// The ones that were provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Somebody writes, until a moment in milliseconds since 1970 unless it is said again.
    pub(crate) fn begin(self, place: Place, person: Author, until: i64) {
        self.0.update(|writers| {
            let here = writers.entry(place).or_default();
            // Whoever began first stands first.
            match here.iter_mut().find(|(other, _)| other.id == person.id) {
                Some(known) => *known = (person, until),
                None => here.push((person, until)),
            }
        });
    }

    /// Somebody has written what it was.
    pub(crate) fn end(self, place: &Place, person: PersonId) {
        self.keep(|at, (author, _)| at != place || author.id != person);
    }

    /// A moment has come.
    pub(crate) fn expire(self, now: i64) {
        self.keep(|_, (_, until)| *until > now);
    }

    fn keep(self, stays: impl Fn(&Place, &(Author, i64)) -> bool) {
        let all = self.0.with_untracked(|writers| {
            writers.iter().all(|(place, here)| here.iter().all(|writer| stays(place, writer)))
        });
        if !all {
            self.0.update(|writers| {
                writers.retain(|place, here| {
                    here.retain(|writer| stays(place, writer));
                    !here.is_empty()
                });
            });
        }
    }
}

/// The line for one room or thread.
#[component]
pub(crate) fn TypingLine(conversation: Conversation) -> impl IntoView {
    let writers = Writers::get();
    let place = (conversation.slug.get_value(), conversation.root);
    let words = Memo::new(move |_| {
        track_until_gone(writers.0);
        let names: Vec<String> = writers.0.with_untracked(|writers| {
            let here = writers.get(&place).into_iter().flatten();
            here.map(|(person, _)| person.called().to_owned()).collect()
        });
        text::room_list::typing(&names)
    });
    // Not read out: it would be said over and over while somebody listens to what was written.
    view! {
        <div class="typing" aria-live="off">
            {move || {
                words
                    .get()
                    .map(|words| {
                        view! {
                            <span class="typing__key" aria-hidden="true">
                                <i></i>
                                <i></i>
                                <i></i>
                            </span>
                            <span>{words}</span>
                        }
                    })
            }}
        </div>
    }
}

/// The reader writes in a room or thread. To be called whenever the text changes; it is said once in three seconds.
#[cfg(feature = "hydrate")]
pub(crate) fn typing_now(conversation: Conversation) {
    crate::live::say_typing((conversation.slug.get_value(), conversation.root));
}

#[cfg(not(feature = "hydrate"))]
pub(crate) fn typing_now(_conversation: Conversation) {}

#[cfg(test)]
mod tests {
    use super::*;
    use telicat_domain::Handle;
    use uuid::Uuid;

    fn author(name: &str) -> Author {
        let id = PersonId(Uuid::from_u128(u128::from(name.as_bytes()[0])));
        Author { id, handle: Handle::parse(name).unwrap(), name: None, picture: None, deleted: false }
    }

    #[test]
    fn who_writes_is_forgotten_after_a_while_or_when_it_is_written() {
        let owner = Owner::new_root(None);
        owner.with(|| {
            let writers = Writers::provide();
            let room = (RoomSlug::public_chat(), None);
            let thread = (RoomSlug::public_chat(), Some(MessageId(Uuid::nil())));
            let names = |place: &Place| -> Vec<String> {
                let all = writers.0.get_untracked();
                all.get(place).into_iter().flatten().map(|(person, _)| person.handle.to_string()).collect()
            };
            writers.begin(room.clone(), author("ines"), 6_000);
            writers.begin(room.clone(), author("bea"), 7_000);
            writers.begin(thread.clone(), author("ines"), 6_000);
            writers.begin(room.clone(), author("ines"), 9_000);
            assert_eq!((names(&room).join(" "), names(&thread).join(" ")), ("ines bea".into(), "ines".into()));
            writers.expire(6_000);
            assert_eq!((names(&room).join(" "), names(&thread).len()), ("ines bea".into(), 0));
            writers.end(&room, author("ines").id);
            assert_eq!(names(&room), ["bea"]);
            writers.expire(7_000);
            assert!(writers.0.get_untracked().is_empty());
        });
    }
}
