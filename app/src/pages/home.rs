//! `/`: for visitors, what this is. Who is signed in goes on to the chat.

use crate::{
    components::{cat::SittingCat, redirect::Redirect},
    layouts::Blank,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::SafePath;

/// The start page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    if Visit::get().viewer.is_some() {
        return view! { <Redirect to=SafePath::chat()/> }.into_any();
    }
    view! {
        <Title text=text::TITLE_HOME/>
        <Blank>
            <div class="landing">
                <div class="landing__say">
                    <h1 class="landing__title">{text::HOME_TITLE}</h1>
                    <p class="lead">{text::HOME_LEAD}</p>
                    <div class="row">
                        <a class="button button--primary button--large" href="/accounts/signup">{text::SIGN_UP}</a>
                        <a class="button button--large" href="/accounts/login">{text::LOG_IN}</a>
                    </div>
                </div>
                <Sample/>
                <dl class="facts">
                    {text::HOME_FACTS
                        .map(|(fact, why)| view! { <div><dt>{fact}</dt><dd>{why}</dd></div> })
                        .collect_view()}
                </dl>
            </div>
        </Blank>
    }
    .into_any()
}

/// A few lines of talk under the wire that the cat sits on.
#[component]
fn Sample() -> impl IntoView {
    view! {
        <figure class="sample" aria-label=text::HOME_SAMPLE>
            <SittingCat/>
            <div class="wire"></div>
            <div class="sample__sheet">
                {text::HOME_MESSAGES
                    .map(|(author, hue, time, body, own)| {
                        let class = if own { "message message--own" } else { "message" };
                        let initial = author.get(..1).unwrap_or_default();
                        view! {
                            <div class=class>
                                <span class="message__face" aria-hidden="true">
                                    <span class=format!("avatar avatar--hue-{hue}")>{initial}</span>
                                </span>
                                <div class="message__head">
                                    <span class="message__author">{author}</span>
                                    <span class="message__time">{time}</span>
                                </div>
                                <div class="message__body"><p>{body}</p></div>
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
        </figure>
    }
}
