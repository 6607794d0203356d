//! The top of a page: logo, ways in for visitors, the account's menu for people.

use super::{avatar::Face, icon::Icon, logo::Logo};
use crate::{
    text,
    until_gone::get_until_gone,
    visit::{ChosenTheme, Visit},
};
use leptos::prelude::*;
use telicat_domain::{Author, SafePath, Theme};

/// The header of a page of its own.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let visit = Visit::get();
    view! {
        <header class="header">
            <a class="header__logo" href="/">
                <Logo/>
            </a>
            {match &visit.viewer {
                Some(viewer) => {
                    view! {
                        <nav class="header__nav" aria-label=text::SITE>
                            <a class="button button--quiet" href="/chat">{text::CHAT}</a>
                        </nav>
                        <AccountMenu author=viewer.author.clone()/>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <nav class="header__nav" aria-label=text::ACCOUNT>
                            <a class="button button--quiet" href="/accounts/login">{text::LOG_IN}</a>
                            <a class="button" href="/accounts/signup">{text::SIGN_UP}</a>
                        </nav>
                    }
                        .into_any()
                }
            }}
        </header>
    }
}

/// The header over the list of rooms.
#[component]
pub(crate) fn SideHeader(author: Author) -> impl IntoView {
    view! {
        <header class="header">
            <a class="header__logo" href="/chat">
                <Logo/>
            </a>
            <AccountMenu author/>
        </header>
    }
}

/// The face that opens the menu, and the menu. The browser opens and closes it, and gives the focus back, by itself.
#[component]
fn AccountMenu(author: Author) -> impl IntoView {
    let called = author.called().to_owned();
    let profile = format!("/@{}", author.handle);
    let is_owner = Visit::get().viewer.as_ref().is_some_and(|viewer| viewer.is_owner);
    view! {
        <button
            type="button"
            class="button button--quiet button--icon header__me"
            popovertarget="account-menu"
            aria-label=text::your_account(&called)
        >
            <Face author=&author small=true/>
        </button>
        <div class="menu" id="account-menu" popover="auto">
            <p class="menu__title">
                <b>{called}</b>
                {format!("@{}", author.handle)}
            </p>
            <a class="menu__item" href=profile>
                <Icon name="person"/>
                {text::PROFILE}
            </a>
            <a class="menu__item" href=SafePath::profile_edit().to_string()>
                <Icon name="edit"/>
                {text::EDIT_PROFILE}
            </a>
            <a class="menu__item" href=SafePath::new_room().to_string()>
                <Icon name="plus"/>
                {text::room::NEW_GROUP}
            </a>
            <a class="menu__item" href=SafePath::saved().to_string()>
                <Icon name="save"/>
                {text::messages::SAVED_TITLE}
            </a>
            <a class="menu__item" href=SafePath::settings().to_string()>
                <Icon name="sliders"/>
                {text::SETTINGS}
            </a>
            {is_owner
                .then(|| {
                    view! {
                        <a class="menu__item" href=SafePath::invitations().to_string()>
                            <Icon name="link"/>
                            {text::site::INVITATIONS}
                        </a>
                    }
                })}
            <div class="menu__line"></div>
            <ThemeChoice/>
            <div class="menu__line"></div>
            <form method="post" action="/api/accounts/logout" on:submit=log_out>
                <button class="menu__item">
                    <Icon name="leave"/>
                    {text::LOG_OUT}
                </button>
            </form>
        </div>
    }
}

/// System, light or dark.
#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = ChosenTheme::get();
    view! {
        <form method="post" action="/api/appearance/set">
            <div role="group" aria-label=text::APPEARANCE>
            {Theme::ALL
                .map(|theme| {
                    let icon = match theme {
                        Theme::System => "screen",
                        Theme::Light => "sun",
                        Theme::Dark => "moon",
                        Theme::Contrast => "contrast",
                    };
                    view! {
                        <button
                            class="menu__item"
                            name="theme"
                            value=theme.name()
                            aria-pressed=move || (get_until_gone(chosen) == theme).to_string()
                            on:click=move |event| {
                                event.prevent_default();
                                ChosenTheme::choose(theme);
                            }
                        >
                            <Icon name=icon/>
                            {text::theme(theme)}
                            <span class="menu__mark"><Icon name="check" small=true/></span>
                        </button>
                    }
                })
                .collect_view()}
            </div>
        </form>
    }
}

/// Drops what this browser keeps for the person before the form is sent.
#[cfg(feature = "hydrate")]
fn log_out(_event: leptos::ev::SubmitEvent) {
    if let Some(viewer) = &Visit::get().viewer {
        crate::browser::forget(viewer.author.id);
    }
}

#[cfg(not(feature = "hydrate"))]
fn log_out(_event: leptos::ev::SubmitEvent) {}
