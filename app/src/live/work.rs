//! What the browser keeps of an open room or thread beside its signals. A page may have several of them.

use super::{read_marks::ReadMarks, scroll::Place};
use crate::{components::toasts::Toasts, line::Line};
use leptos::prelude::*;
use std::rc::Rc;
use telicat_domain::Event;

pub(super) type EventHearer = Rc<dyn Fn(&Event)>;

/// Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(super) line: Line,
    pub(super) toasts: Option<Toasts>,
    pub(super) catching_up: StoredValue<bool>,
    /// Where the reader is in the list.
    pub(super) place: StoredValue<Option<Place>, LocalStorage>,
    /// Whether the list is on its way to another place: where it is meanwhile means nothing.
    pub(super) moving: StoredValue<bool>,
    /// Who wants to know of every event, whether it came by the line or was fetched.
    pub(super) hearers: StoredValue<Vec<EventHearer>, LocalStorage>,
    /// What the reader has read.
    pub(super) marks: StoredValue<Option<ReadMarks>, LocalStorage>,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            line: Line::get(),
            toasts: Toasts::get(),
            catching_up: StoredValue::new(false),
            place: StoredValue::new_local(None),
            moving: StoredValue::new(false),
            hearers: StoredValue::new_local(Vec::new()),
            marks: StoredValue::new_local(None),
        }
    }
}
