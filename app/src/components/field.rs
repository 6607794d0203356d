//! One labelled field, with its hint or what is wrong with it.

use super::icon::Icon;
use crate::text;
use leptos::prelude::*;

/// What sort of a text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One word: a handle, a number.
    Text,
    /// Words as people write them.
    Words,
    Email,
    Password,
}

/// A field of a form. Its name is also its id, unless it has another.
#[component]
pub(crate) fn TextField(
    name: &'static str,
    label: &'static str,
    kind: Kind,
    autocomplete: &'static str,
    /// When another field of the page has the same name.
    #[prop(optional, into)]
    id: Option<String>,
    /// What was typed before.
    #[prop(optional_no_strip)]
    value: Option<String>,
    #[prop(optional)] hint: &'static str,
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = StoredValue::new(id.unwrap_or_else(|| name.to_owned()));
    let note = id.with_value(|id| format!("{id}-note"));
    let describes = note.clone();
    let revealed = RwSignal::new(false);
    let input_type = move || match kind {
        Kind::Text | Kind::Words => "text",
        Kind::Email => "email",
        Kind::Password => {
            if revealed.get() {
                "text"
            } else {
                "password"
            }
        }
    };
    // A handle or an address is no sentence.
    let plain = matches!(kind, Kind::Text | Kind::Email);
    view! {
        <div class="field">
            <label class="field__label" for=id.get_value()>{label}</label>
            <div class="field__box">
                <input
                    class="field__input"
                    id=id.get_value()
                    name=name
                    type=input_type
                    value=value
                    autocomplete=autocomplete
                    autocapitalize=plain.then_some("none")
                    spellcheck=plain.then_some("false")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || {
                        (error.with(Option::is_some) || !hint.is_empty()).then(|| describes.clone())
                    }
                />
                {(kind == Kind::Password)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button button--icon button--quiet needs-script"
                                aria-label=text::SHOW_PASSWORD
                                title=text::SHOW_PASSWORD
                                aria-pressed=move || revealed.get().to_string()
                                aria-controls=id.get_value()
                                on:click=move |_| revealed.update(|revealed| *revealed = !*revealed)
                            >
                                <Icon name="eye"/>
                            </button>
                        }
                    })}
            </div>
            {move || match error.get() {
                Some(error) => {
                    view! {
                        <p class="field__error" id=note.clone()>
                            <Icon name="warning" small=true/>
                            <span>{error}</span>
                        </p>
                    }
                        .into_any()
                }
                None if hint.is_empty() => ().into_any(),
                None => view! { <p class="field__hint" id=note.clone()>{hint}</p> }.into_any(),
            }}
        </div>
    }
}
