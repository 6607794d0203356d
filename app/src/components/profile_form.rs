//! The form of one's own profile, which shows at once what it will look like.

use super::{
    composer::as_textarea,
    form::{Form, FormError},
    icon::Icon,
    portrait::{Portrait, PortraitField},
};
use crate::text;
use leptos::{
    ev::SubmitEvent,
    html::{Input, Textarea},
    prelude::*,
};
use telicat_domain::{Author, Field, Profile, SafePath, account::OwnProfile};

/// The form, and the way past it.
#[component]
pub(crate) fn ProfileForm(
    profile: OwnProfile,
    /// Where to go when it is saved; to the profile when nothing is said.
    #[prop(optional_no_strip)]
    next: Option<SafePath>,
    /// Where to go without saving, and how that is called.
    way_past: (SafePath, &'static str),
) -> impl IntoView {
    let Profile { author, about, .. } = profile.profile;
    let form = Form::new("/api/profile/edit");
    let name = RwSignal::new(form.typed("display_name").or_else(|| author.name.clone()).unwrap_or_default());
    let about = RwSignal::new(form.typed("about").unwrap_or(about));
    let (name_box, about_box) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    follow_boxes(name, name_box, about, about_box);
    let portrait = Portrait::of(&author, form);
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |_| portrait.send_with(&event));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let handle = author.handle.to_string();
    let (way, label) = way_past;
    view! {
        <form
            class="stack stack--form"
            method="post"
            action=form.action
            enctype="multipart/form-data"
            novalidate
            on:submit=on_submit
            on:dragover=move |event| portrait.dragged_over(&event)
            on:drop=move |event| portrait.dropped(&event)
        >
            <FormError form/>
            {next.map(|next| view! { <input type="hidden" name="next" value=next.to_string()/> })}
            <div class="preview">
                <Face author=author.clone() portrait name/>
                <div class="stack">
                    <div>
                        <p class="profile__name">{move || called(&name.read(), &author)}</p>
                        <p class="profile__handle">{format!("@{handle}")}</p>
                    </div>
                    <PortraitField portrait/>
                </div>
            </div>
            <div class="field">
                <label class="field__label" for="display_name">{text::profile::DISPLAY_NAME}</label>
                <div class="field__box">
                    <input
                        class="field__input"
                        id="display_name"
                        name="display_name"
                        type="text"
                        value=name.get_untracked()
                        autocomplete="name"
                        node_ref=name_box
                        aria-describedby="display_name-note"
                        aria-invalid=move || is_refused(form, Field::DisplayName, "display_name")
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </div>
                <Note
                    id="display_name-note"
                    problem=form.problem(Field::DisplayName, "display_name")
                    hint=Signal::derive(move || text::profile::name_hint(name.read().chars().count(), &handle))
                />
            </div>
            <div class="field">
                <label class="field__label" for="about">{text::profile::ABOUT}</label>
                <div class="field__box">
                    <textarea
                        class="field__input"
                        id="about"
                        name="about"
                        node_ref=about_box
                        aria-describedby="about-note"
                        aria-invalid=move || is_refused(form, Field::About, "about")
                        on:input=move |event| about.set(event_target_value(&event))
                    >
                        {as_textarea(about.get_untracked())}
                    </textarea>
                </div>
                <Note
                    id="about-note"
                    problem=form.problem(Field::About, "about")
                    hint=Signal::derive(move || text::profile::about_hint(about.read().chars().count()))
                />
            </div>
            <div class="row">
                <button class="button button--primary" aria-busy=move || form.is_busy().then_some("true")>
                    {text::profile::SAVE}
                </button>
                <a class="button button--quiet" href=way.to_string()>{label}</a>
            </div>
        </form>
    }
}

/// What a person would be called who has typed this.
fn called(typed: &str, author: &Author) -> String {
    let typed = typed.trim();
    if typed.is_empty() { author.handle.to_string() } else { typed.to_owned() }
}

fn is_refused(form: Form, field: Field, name: &'static str) -> Option<&'static str> {
    form.problem(field, name).with(Option::is_some).then_some("true")
}

/// The face as it would be: the picture that was chosen, the one that is there, or the first letter.
#[component]
fn Face(author: Author, portrait: Portrait, name: RwSignal<String>) -> impl IntoView {
    let class = format!("avatar avatar--xl avatar--hue-{}", telicat_domain::face::hue(&author));
    view! {
        <span class=class>
            {move || match portrait.shown() {
                Some(source) => {
                    view! { <img src=source width="384" height="384" alt=text::profile::YOUR_PICTURE/> }.into_any()
                }
                None => {
                    let named = Author { name: Some(called(&name.read(), &author)), ..author.clone() };
                    view! { <span aria-hidden="true">{telicat_domain::face::initial(&named)}</span> }.into_any()
                }
            }}
        </span>
    }
}

/// What is wrong with a field, or else what to know about it.
#[component]
pub(crate) fn Note(id: &'static str, problem: Signal<Option<String>>, hint: Signal<String>) -> impl IntoView {
    move || match problem.get() {
        Some(problem) => view! {
            <p class="field__error" id=id>
                <Icon name="warning" small=true/>
                <span>{problem}</span>
            </p>
        }
        .into_any(),
        None => view! { <p class="field__hint" id=id>{move || hint.get()}</p> }.into_any(),
    }
}

/// What was typed before the page was taken over counts too.
fn follow_boxes(
    name: RwSignal<String>,
    name_box: NodeRef<Input>,
    about: RwSignal<String>,
    about_box: NodeRef<Textarea>,
) {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let (Some(name_box), Some(about_box)) = (name_box.get(), about_box.get()) {
            name.set(name_box.value());
            about.set(about_box.value());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, name_box, about, about_box);
}
