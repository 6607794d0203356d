//! One's own picture, while it is being chosen.

use super::{avatar::picture_path, form::Form, icon::Icon, profile_form::Note};
use crate::{conversation::is_localised, text};
use leptos::{html::Input, prelude::*};
use telicat_domain::{Author, Field, PictureId, Problem};

/// What is known of the picture. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Portrait {
    form: Form,
    /// The one that the server has.
    saved: RwSignal<Option<PictureId>>,
    /// The address of the one that was chosen, as the browser has it.
    chosen: RwSignal<Option<String>>,
    /// What is wrong with the file that was chosen last.
    refusal: RwSignal<Option<Problem>>,
    file_box: NodeRef<Input>,
    #[cfg(feature = "hydrate")]
    file: StoredValue<Option<web_sys::Blob>, LocalStorage>,
}

impl Portrait {
    /// The picture of a person, to be sent with a form.
    pub(crate) fn of(author: &Author, form: Form) -> Self {
        let portrait = Self {
            form,
            saved: RwSignal::new(author.picture),
            chosen: RwSignal::new(None),
            refusal: RwSignal::new(None),
            file_box: NodeRef::new(),
            #[cfg(feature = "hydrate")]
            file: StoredValue::new_local(None),
        };
        portrait.start();
        portrait
    }

    /// The address of what is shown.
    pub(crate) fn shown(self) -> Option<String> {
        self.chosen.get().or_else(|| self.saved.get().map(|picture| picture_path(picture, 384)))
    }

    fn problem(self) -> Signal<Option<String>> {
        let form = self.form.problem(Field::Avatar, "avatar");
        Signal::derive(move || {
            let refusal = self.refusal.get().map(|problem| text::problem(Field::Avatar, problem, ""));
            refusal.or_else(|| form.get()).or_else(|| {
                // A form without script came back for another reason, and no page can put a file into it again.
                self.form.typed("avatar").map(|_| text::profile::PICTURE_AGAIN.to_owned())
            })
        })
    }
}

/// The button for choosing a picture, and the one for doing without.
#[component]
pub(crate) fn PortraitField(portrait: Portrait) -> impl IntoView {
    let problem = portrait.problem();
    let hint = Signal::derive(move || {
        if is_localised() { text::profile::picture_hint_scripted() } else { text::profile::picture_hint() }
    });
    view! {
        <div class="row">
            <label class="button button--small preview__choose">
                <input
                    class="preview__file"
                    name="avatar"
                    type="file"
                    accept="image/jpeg,image/png,image/gif,image/webp"
                    node_ref=portrait.file_box
                    aria-describedby="avatar-note"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    on:change=move |_| portrait.picked()
                />
                <Icon name="edit" small=true/>
                {text::profile::PICTURE}
            </label>
            {move || {
                portrait
                    .shown()
                    .map(|_| {
                        view! {
                            <button
                                type="button"
                                class="button button--small button--quiet needs-script"
                                aria-label=text::profile::REMOVE_PICTURE
                                on:click=move |_| portrait.remove()
                            >
                                {text::profile::REMOVE}
                            </button>
                        }
                    })
            }}
            {portrait
                .saved
                .get_untracked()
                .map(|_| {
                    view! {
                        <label class="choice small without-script">
                            <input type="checkbox" name="remove"/>
                            {text::profile::REMOVE_PICTURE}
                        </label>
                    }
                })}
        </div>
        <Note id="avatar-note" problem hint/>
    }
}

/// What only a browser does.
#[cfg(not(feature = "hydrate"))]
impl Portrait {
    fn start(self) {}
    fn picked(self) {}
    fn remove(self) {}
    pub(crate) fn dragged_over(self, _event: &leptos::ev::DragEvent) {}
    pub(crate) fn dropped(self, _event: &leptos::ev::DragEvent) {}
}

#[cfg(feature = "hydrate")]
impl Portrait {
    /// Hears what is pasted anywhere on the page, and takes a file that was chosen before the page was taken over.
    fn start(self) {
        let pasting = window_event_listener(leptos::ev::paste, move |event| {
            if let Some(file) = crate::browser::pasted_file(&event) {
                event.prevent_default();
                self.take(file);
            }
        });
        on_cleanup(move || pasting.remove());
        Effect::new(move |_| {
            if self.file_box.get().is_some() {
                self.picked();
            }
        });
    }

    fn picked(self) {
        let Some(file_box) = self.file_box.get_untracked() else { return };
        if let Some(file) = file_box.files().and_then(|files| files.get(0)) {
            self.take(file.into());
            // The square that is made of it is sent in its place; and choosing the same file again is a choice, too.
            file_box.set_value("");
        }
    }

    pub(crate) fn dragged_over(self, event: &leptos::ev::DragEvent) {
        // Without this the browser would leave for the file.
        event.prevent_default();
    }

    pub(crate) fn dropped(self, event: &leptos::ev::DragEvent) {
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            event.prevent_default();
            self.take(file.into());
        }
    }

    fn take(self, file: web_sys::Blob) {
        leptos::task::spawn_local(async move {
            match crate::browser::square_of(&file).await {
                Ok(square) => {
                    self.refusal.set(None);
                    self.show(crate::browser::address_of(&square));
                    self.file.set_value(Some(square));
                }
                // The one that was chosen before stays.
                Err(problem) => self.refusal.set(Some(problem)),
            }
        });
    }

    fn show(self, address: Option<String>) {
        if let Some(before) = self.chosen.get_untracked() {
            crate::browser::forget_address(&before);
        }
        self.chosen.set(address);
    }

    /// Takes back the choice, or else takes the picture away that is there.
    fn remove(self) {
        self.refusal.set(None);
        if let Some(file_box) = self.file_box.get_untracked() {
            let _focused = file_box.focus();
        }
        if self.chosen.with_untracked(Option::is_some) {
            self.file.set_value(None);
            self.show(None);
            return;
        }
        let toasts = super::toasts::Toasts::get();
        leptos::task::spawn_local(async move {
            let removed = crate::api::profile::remove_picture().await;
            if removed.is_ok() {
                self.saved.set(None);
            }
            if let Some(toasts) = toasts {
                match removed {
                    Ok(go) => go.notice.iter().for_each(|notice| toasts.good(text::notice(notice))),
                    Err(failure) => toasts.error(text::error(&failure.0)),
                }
            }
        });
    }

    /// Sends the form that an event belongs to, with the picture that was chosen.
    pub(crate) fn send_with(
        self,
        event: &leptos::ev::SubmitEvent,
    ) -> impl Future<Output = Result<crate::api::Go, crate::api::Failure>> + use<> {
        let data = crate::browser::form_data(event);
        if let Some(data) = &data {
            data.delete("avatar");
            self.file.with_value(|file| {
                if let Some(file) = file {
                    let _added = data.append_with_blob_and_filename("avatar", file, "picture");
                }
            });
        }
        crate::browser::send_form(self.form.action, data)
    }
}
