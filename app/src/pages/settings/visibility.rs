//! The profile: where it is edited, and who may see it.

use crate::{
    api::profile::{EVERYBODY, PEOPLE},
    components::form::{Form, FormError},
    text,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{SafePath, account::AccountSettings};

#[component]
pub(super) fn VisibilityPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let form = Form::new("/api/profile/visibility");
    let is_public = settings.with_value(|settings| settings.profile.is_public);
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send_and_stay(&event, |typed| crate::api::profile::set_visibility(typed.get("visibility")), |_| {});
        #[cfg(not(feature = "hydrate"))]
        form.send_and_stay(&event, (), ());
    };
    let choices = [(EVERYBODY, text::profile::EVERYBODY_SEES, true), (PEOPLE, text::profile::PEOPLE_SEE, false)];
    view! {
        <section class="settings__part" id="visibility-part">
            <h2 class="settings__title">{text::PROFILE}</h2>
            <div class="stack">
                <a class="button" href=SafePath::profile_edit().to_string()>{text::EDIT_PROFILE}</a>
                <form class="stack" method="post" action=form.action on:submit=on_submit>
                    <FormError form/>
                    <fieldset class="choices">
                        <legend class="small muted">{text::profile::WHO_SEES}</legend>
                        {choices
                            .map(|(value, label, public)| {
                                view! {
                                    <label class="choice">
                                        <input
                                            type="radio"
                                            name="visibility"
                                            value=value
                                            checked=is_public == public
                                        />
                                        {label}
                                    </label>
                                }
                            })
                            .collect_view()}
                    </fieldset>
                    <button class="button" aria-busy=move || form.is_busy().then_some("true")>
                        {text::profile::SAVE}
                    </button>
                </form>
            </div>
        </section>
    }
}
