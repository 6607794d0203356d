//! What the browser starts: the application takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page.
#[wasm_bindgen]
pub fn hydrate() {
    telicat_app::hydrate();
}
