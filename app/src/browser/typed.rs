//! What was typed into a form.

use crate::{
    api::{Failure, Go},
    json,
};
use gloo_net::http::Request;
use js_sys::Array;
use leptos::ev::SubmitEvent;
use telicat_domain::ApiError;
use web_sys::{
    FormData, HtmlElement, HtmlFormElement,
    wasm_bindgen::{JsCast, JsValue},
};

/// The fields of a form at the moment it was sent.
pub(crate) struct Typed(Vec<(String, String)>);

/// The fields of the form that an event belongs to, with files, for sending.
pub(crate) fn form_data(event: &SubmitEvent) -> Option<FormData> {
    FormData::new_with_form(&form_of(event)?).ok()
}

/// Sends fields with files, which no server function takes, and reads what is answered as if one had.
pub(crate) async fn send_form(path: &'static str, data: Option<FormData>) -> Result<Go, Failure> {
    let data = data.ok_or(Failure(ApiError::BadRequest))?;
    let request = Request::post(path).header("Accept", "application/json").body(data);
    let no_answer = |_| Failure(ApiError::NoAnswer);
    let answer = request.map_err(no_answer)?.send().await.map_err(no_answer)?;
    let text = answer.text().await.map_err(no_answer)?;
    if answer.ok() {
        return json::read(&text).map_err(|_| Failure(ApiError::NoAnswer));
    }
    Err(Failure(json::read(&text).unwrap_or(ApiError::NoAnswer)))
}

impl Typed {
    /// The fields of the form that an event belongs to.
    pub(crate) fn of(event: &SubmitEvent) -> Option<Self> {
        let data = form_data(event)?;
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

/// The form that an event belongs to.
pub(crate) fn form_of(event: &SubmitEvent) -> Option<HtmlFormElement> {
    event.target()?.dyn_into().ok()
}

/// Moves the focus to the first field of a form that was refused, once it says so. Another form of the page may have
/// one of its own.
pub(crate) async fn focus_first_invalid(form: &HtmlFormElement) {
    super::wait(0).await;
    let field = form.query_selector("[aria-invalid=true]").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _focused = field.focus();
    }
}
