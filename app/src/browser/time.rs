//! The reader's clock.

use js_sys::{Date, Object, Reflect};
use telicat_domain::Timestamp;
use web_sys::wasm_bindgen::JsValue;

/// Now, by the reader's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp(Date::now() as i64 * 1000)
}

/// Minutes that the reader's clock is ahead of UTC at a moment.
pub(crate) fn clock_offset(at: Timestamp) -> i32 {
    -(date(at).get_timezone_offset() as i32)
}

/// The time of day in the reader's language.
pub(crate) fn local_time(at: Timestamp) -> String {
    thread_local! {
        // Making a formatter takes longer than all that it formats.
        static FORMAT: js_sys::Intl::DateTimeFormat = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &options());
    }
    let format = FORMAT.with(js_sys::Intl::DateTimeFormat::format);
    let text = format.call1(&JsValue::UNDEFINED, &date(at));
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| at.hour_minute(clock_offset(at)))
}

/// The first moment of a day, `2026-11-15`, by the reader's clock. Where that day has no midnight, because clocks are put
/// forward then, it is the moment after.
pub(crate) fn midnight(date: &str) -> Option<Timestamp> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let date = Date::new_with_year_month_day(year.unsigned_abs(), month - 1, day);
    let millis = date.get_time();
    millis.is_finite().then(|| Timestamp(millis as i64 * 1000))
}

/// Waits for a number of milliseconds.
pub(crate) async fn wait(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.millis() as f64))
}

fn options() -> Object {
    let options = Object::new();
    for part in ["hour", "minute"] {
        let _set = Reflect::set(&options, &part.into(), &"2-digit".into());
    }
    options
}
