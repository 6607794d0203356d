//! The state of the connection, shown when it matters.

use super::icon::Icon;
use crate::{
    line::{Line, LineState},
    text,
};
use leptos::prelude::*;

/// A strip below the room's head that is there only while the line is cut for longer than a moment.
#[component]
pub(crate) fn Connection() -> impl IntoView {
    let line = Line::get();
    // What stands there is made anew when this changes, not with every try: a button must hold still to be pressed.
    let trouble = Memo::new(move |_| line.trouble());
    view! {
        <div class="connection" role="status" aria-label=text::CONNECTION>
            {move || {
                trouble
                    .get()
                    .map(|state| {
                        view! {
                            <div class="banner">
                                <Icon name="cut"/>
                                {banner(line, state)}
                            </div>
                        }
                    })
            }}
        </div>
    }
}

fn banner(line: Line, state: LineState) -> AnyView {
    if state == LineState::SignedOut {
        let login = move || line.way_back();
        return view! {
            <span>{text::SIGNED_OUT}</span>
            <a class="button button--small" href=login rel="external">{text::LOG_IN}</a>
        }
        .into_any();
    }
    // The countdown is for the eye: read out every second it would drown everything else.
    view! {
        <span>{text::NOT_CONNECTED}</span>
        <span class="tabular" aria-hidden="true">
            {move || match line.seconds_left() {
                Some(seconds) => text::next_try(seconds),
                None => text::TRYING.to_owned(),
            }}
        </span>
        <button type="button" class="button button--small" on:click=move |_| line.try_now()>{text::TRY_NOW}</button>
    }
    .into_any()
}
