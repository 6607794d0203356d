//! `/accounts/signup/sent`: where one comes after signing up, where addresses are confirmed first. It says the same to
//! everybody, so it tells nobody who has an account.

use crate::{
    layouts::Card,
    text::{self, address as words},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says to look into one's mail.
#[component]
pub(crate) fn LetterSent() -> impl IntoView {
    view! {
        <Title text=text::title(words::SENT_TITLE)/>
        <Card>
            <h1>{words::SENT_TITLE}</h1>
            <p>{words::SENT_LEAD}</p>
            <p class="small muted">{words::SENT_MISSING}</p>
            <p class="card__foot">
                <a href="/accounts/signup">{text::SIGN_UP}</a> " · " <a href="/accounts/login">{text::LOG_IN}</a>
            </p>
        </Card>
    }
}
