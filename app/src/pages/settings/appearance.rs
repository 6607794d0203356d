//! How the pages look in this browser.

use crate::{
    text,
    visit::{ChosenTheme, Visit},
};
use leptos::prelude::*;
use telicat_domain::{Theme, account::AccountSettings};

#[component]
pub(super) fn AppearancePart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    // The appearance belongs to the browser, not to the account.
    let _ = settings;
    let (first, chosen) = (Visit::get().theme, ChosenTheme::get());
    view! {
        <section class="settings__part" id="appearance-part">
            <h2 class="settings__title">{text::APPEARANCE}</h2>
            <form class="stack" method="post" action="/api/appearance/set">
                <fieldset class="looks">
                    <legend class="unseen">{text::APPEARANCE}</legend>
                    {Theme::ALL
                        .map(|theme| {
                            view! {
                                <label class="look">
                                    <Look theme/>
                                    <span>
                                        <input
                                            type="radio"
                                            name="theme"
                                            value=theme.name()
                                            checked=theme == first
                                            prop:checked=move || chosen.get() == theme
                                            on:change=move |_| ChosenTheme::choose(theme)
                                        />
                                        {text::theme(theme)}
                                    </span>
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
                <button class="button without-script">{text::profile::SAVE}</button>
            </form>
        </section>
    }
}

/// The colours of a little picture: of the sheet, the side, the accent, the words, the quiet words, and an own message.
struct Colours {
    sheet: &'static str,
    side: &'static str,
    accent: &'static str,
    words: &'static str,
    quiet: &'static str,
    own: &'static str,
    /// Round what only a tint sets off elsewhere.
    edge: Option<&'static str>,
}

const LIGHT: Colours = Colours {
    sheet: "#fbfcfc",
    side: "#ecf1f1",
    accent: "#a3521d",
    words: "#1d272c",
    quiet: "#9aa5a8",
    own: "#e4eeee",
    edge: None,
};
const DARK: Colours = Colours {
    sheet: "#12191c",
    side: "#0c1214",
    accent: "#e5a06c",
    words: "#e2e9e9",
    quiet: "#66747a",
    own: "#1d2b2e",
    edge: None,
};
const CONTRAST: Colours = Colours {
    sheet: "#fff",
    side: "#fff",
    accent: "#7d3300",
    words: "#000",
    quiet: "#000",
    own: "#fff",
    edge: Some("#000"),
};

/// A room in small, as it looks in a theme.
#[component]
fn Look(theme: Theme) -> impl IntoView {
    let whole = match theme {
        Theme::System | Theme::Light => LIGHT,
        Theme::Dark => DARK,
        Theme::Contrast => CONTRAST,
    };
    view! {
        <svg viewBox="0 0 96 56" aria-hidden="true">
            {sheet(whole)}
            {(theme == Theme::System)
                .then(|| {
                    view! {
                        <g clip-path="url(#look-half)">{sheet(DARK)}</g>
                        <clipPath id="look-half">
                            <path d="M60 0h36v56H36z"/>
                        </clipPath>
                    }
                })}
        </svg>
    }
}

fn sheet(colours: Colours) -> impl IntoView {
    let Colours { sheet, side, accent, words, quiet, own, edge } = colours;
    view! {
        <rect width="96" height="56" fill=sheet/>
        <rect width="26" height="56" fill=side/>
        {edge.map(|edge| view! { <path d="M26 0v56" stroke=edge stroke-width="1.5"/> })}
        <path d="M6 10h12M6 17h9M6 24h11" stroke=quiet stroke-width="3" stroke-linecap="round"/>
        <rect x="32" y="7" width="8" height="8" rx="3" fill=accent/>
        <path d="M46 9h14M46 16h34" stroke=words stroke-width="3" stroke-linecap="round"/>
        <rect x="29" y="25" width="62" height="14" rx="4" fill=own stroke=edge/>
        <path d="M46 32h28" stroke=words stroke-width="3" stroke-linecap="round"/>
        <rect x="29" y="45" width="62" height="7" rx="3.5" fill="none" stroke=quiet/>
    }
}
