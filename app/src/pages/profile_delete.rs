//! `/profile/delete`

use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, SubmitButton},
        redirect::Redirect,
    },
    layouts::Blank,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{Author, Field, SafePath};

/// What goes when one's account goes, and the form that does it.
#[component]
pub(crate) fn ProfileDelete() -> impl IntoView {
    match Visit::get().viewer.clone() {
        Some(viewer) => view! { <Shown me=viewer.author/> }.into_any(),
        None => view! { <Redirect to=SafePath::profile_delete().behind_login()/> }.into_any(),
    }
}

#[component]
fn Shown(me: Author) -> impl IntoView {
    let form = Form::new("/api/profile/delete");
    let erase = form.typed("messages").as_deref() == Some("erase");
    let id = me.id;
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        {
            form.send(&event, |typed| async move {
                let gone = crate::api::deletion::delete_account(typed.get("password"), typed.find("messages")).await;
                if gone.is_ok() {
                    crate::browser::forget(id);
                }
                gone
            });
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = id;
            form.send(&event, ());
        }
    };
    view! {
        <Title text=text::title(text::DELETE_ACCOUNT)/>
        <Blank>
            <form class="card" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::site::DELETE_TITLE}</h1>
                <p>{text::site::delete_what(me.handle.as_str())}</p>
                <FormError form/>
                <fieldset>
                    <legend class="field__label">{text::site::DELETE_MESSAGES}</legend>
                    <label class="choice choice--line">
                        <input type="radio" name="messages" value="keep" checked=!erase/>
                        {text::site::DELETE_KEEP}
                    </label>
                    <label class="choice choice--line">
                        <input type="radio" name="messages" value="erase" checked=erase/>
                        {text::site::DELETE_ERASE}
                    </label>
                </fieldset>
                <p class="small">
                    <a href=format!("{}#your-data", SafePath::settings())>{text::site::DELETE_COPY_FIRST}</a>
                </p>
                <TextField
                    name="password"
                    label=text::PASSWORD
                    kind=Kind::Password
                    autocomplete="current-password"
                    error=form.problem(Field::Password, "password")
                />
                <SubmitButton form label=text::DELETE_ACCOUNT destroys=true/>
                <a class="button button--quiet button--wide" href=SafePath::settings().to_string()>
                    {text::site::DELETE_NOT}
                </a>
            </form>
        </Blank>
    }
}
