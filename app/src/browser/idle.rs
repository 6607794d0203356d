//! Whether somebody does something in this page.

use super::{now, wait};
use leptos::{ev, prelude::*, task::spawn_local};
use std::cell::Cell;

/// A page in which nothing was done for this many milliseconds is idle. Not to look at it does not make it so.
const IDLE_MS: i64 = 5 * 60 * 1_000;
const LOOK_MS: u32 = 10_000;

thread_local! {
    static TOUCHED_AT: Cell<i64> = const { Cell::new(0) };
    static IDLE: Cell<bool> = const { Cell::new(false) };
}

/// Whether nobody has done anything for a while.
pub(crate) fn is_idle() -> bool {
    IDLE.get()
}

/// Says when the page becomes idle, and when somebody does something again, as long as the tab lives.
pub(crate) fn watch_idleness(changed: impl Fn(bool) + Clone + 'static) {
    TOUCHED_AT.set(now().millis());
    let touched = {
        let changed = changed.clone();
        move || {
            TOUCHED_AT.set(now().millis());
            if IDLE.replace(false) {
                changed(false);
            }
        }
    };
    macro_rules! on {
        ($($event:ident),*) => {$({
            let touched = touched.clone();
            std::mem::forget(window_event_listener(ev::$event, move |_| touched()));
        })*};
    }
    on!(pointerdown, pointermove, keydown, wheel, touchstart, focus);
    spawn_local(async move {
        loop {
            wait(LOOK_MS).await;
            if now().millis() - TOUCHED_AT.get() >= IDLE_MS && !IDLE.replace(true) {
                changed(true);
            }
        }
    });
}
