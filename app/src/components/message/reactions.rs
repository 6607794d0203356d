//! Reactions to a message: how many of each, and a way to add one. What pressing does is heard by the list.

use crate::{components::icon::Icon, conversation::Conversation, text::messages as text};
use leptos::prelude::*;
use telicat_domain::{event::Reaction, timeline::Row};

/// The reactions as they are now, with what is on its way. Others' do not make these be drawn anew.
pub(super) fn follow(row: Signal<Row>, conversation: Conversation) -> Signal<Vec<Reaction>> {
    if cfg!(not(feature = "hydrate")) {
        return Signal::stored(row.with_untracked(|row| conversation.reactions_of(row)));
    }
    Memo::new(move |_| row.with(|row| conversation.reactions_of(row))).into()
}

pub(super) fn reactions(reactions: Vec<Reaction>) -> Option<impl IntoView> {
    if reactions.is_empty() {
        return None;
    }
    let pills = reactions.into_iter().map(pill).collect::<Vec<_>>();
    Some(view! {
        <div class="reactions">
            {pills}
            <button
                type="button"
                aria-label=text::ADD_REACTION
                data-add-reaction=""
                class="reaction needs-script"
            >
                <Icon name="plus" small=true/>
            </button>
        </div>
    })
}

fn pill(reaction: Reaction) -> impl IntoView {
    view! {
        <button
            type="button"
            aria-pressed=pressed(&reaction)
            aria-label=text::reaction(&reaction)
            data-emoji=reaction.emoji.clone()
            class="reaction"
        >
            <span aria-hidden="true">{reaction.emoji.clone()}</span>
            {reaction.count.to_string()}
        </button>
    }
}

pub(super) fn pressed(reaction: &Reaction) -> &'static str {
    if reaction.mine { "true" } else { "false" }
}
