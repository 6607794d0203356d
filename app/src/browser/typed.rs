//! What was typed into a form.

use super::find;
use leptos::ev::SubmitEvent;
use web_sys::{FormData, HtmlElement, HtmlFormElement, wasm_bindgen::JsCast};

/// The fields of a form at the moment it was sent.
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    /// The fields of the form that an event belongs to.
    pub(crate) fn of(event: &SubmitEvent) -> Option<Self> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let data = FormData::new_with_form(&form).ok()?;
        let names = ["email", "username", "login", "password", "remember"];
        let fields = names.into_iter().filter_map(|name| Some((name.to_owned(), data.get(name).as_string()?)));
        Some(Self(fields.collect()))
    }

    /// A field; nothing when it is not there.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
    }

    /// A field; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> String {
        self.find(name).unwrap_or_default()
    }

    /// All that may be shown again.
    pub(crate) fn shown(&self) -> Vec<(String, String)> {
        self.0.iter().filter(|(field, _)| field != "password").cloned().collect()
    }
}

/// Moves the focus to the first field that was refused, once it says so.
pub(crate) async fn focus_first_invalid() {
    super::wait(0).await;
    if let Some(field) = find::<HtmlElement>("[aria-invalid=true]") {
        let _focused = field.focus();
    }
}
