//! What was typed into a form.

use super::find;
use js_sys::Array;
use leptos::ev::SubmitEvent;
use web_sys::{
    FormData, HtmlElement, HtmlFormElement,
    wasm_bindgen::{JsCast, JsValue},
};

/// The fields of a form at the moment it was sent.
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    /// The fields of the form that an event belongs to.
    pub(crate) fn of(event: &SubmitEvent) -> Option<Self> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let data = FormData::new_with_form(&form).ok()?;
        // Pairs of a name and a value, of which files are left out.
        let entries = js_sys::try_iter(&data).ok()??;
        let pair = |entry: JsValue| {
            let pair: Array = entry.dyn_into().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        // The button that was pressed is part of what was said.
        let button =
            event.submitter().and_then(|button| Some((button.get_attribute("name")?, button.get_attribute("value")?)));
        Some(Self(entries.flatten().filter_map(pair).chain(button).collect()))
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
        self.0.iter().filter(|(field, _)| !field.contains("password")).cloned().collect()
    }
}

/// Moves the focus to the first field that was refused, once it says so.
pub(crate) async fn focus_first_invalid() {
    super::wait(0).await;
    if let Some(field) = find::<HtmlElement>("[aria-invalid=true]") {
        let _focused = field.focus();
    }
}
