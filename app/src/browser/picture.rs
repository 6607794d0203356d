//! Pictures before they are sent: cut square and made small, so that little has to travel.

use js_sys::Promise;
use telicat_domain::{Problem, limits::PICTURE_MAX};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, ClipboardEvent, HtmlCanvasElement, ImageBitmap, Url,
    wasm_bindgen::{JsCast, JsValue},
};

/// Pixels a side of what is sent: twice of what is shown, for the server to choose from.
const SIDE: f64 = 768.0;
const QUALITY: f64 = 0.92;

/// The square in the middle of a picture. The browser turns photographs by itself.
pub(crate) async fn square_of(file: &Blob) -> Result<Blob, Problem> {
    if file.size() > PICTURE_MAX as f64 {
        return Err(Problem::TooLarge { max_bytes: PICTURE_MAX });
    }
    let bitmap = decode(file).await.ok_or(Problem::NotAPicture)?;
    let square = cut(&bitmap).await;
    bitmap.close();
    square.ok_or(Problem::NotAPicture)
}

async fn decode(file: &Blob) -> Option<ImageBitmap> {
    let bitmap = leptos::prelude::window().create_image_bitmap_with_blob(file).ok()?;
    JsFuture::from(bitmap).await.ok()?.dyn_into().ok()
}

async fn cut(bitmap: &ImageBitmap) -> Option<Blob> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let side = width.min(height);
    let size = side.min(SIDE);
    let canvas: HtmlCanvasElement = leptos::prelude::document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(size as u32);
    canvas.set_height(size as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context
        .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap,
            (width - side) / 2.0,
            (height - side) / 2.0,
            side,
            side,
            0.0,
            0.0,
            size,
            size,
        )
        .ok()?;
    // Browsers that write no WebP give a PNG instead.
    let blob = Promise::new(&mut |resolve, reject| {
        let quality = JsValue::from_f64(QUALITY);
        if canvas.to_blob_with_type_and_encoder_options(&resolve, "image/webp", &quality).is_err() {
            let _rejected = reject.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}

/// The file in what was pasted, if there is one.
pub(crate) fn pasted_file(event: &ClipboardEvent) -> Option<Blob> {
    event.clipboard_data()?.files()?.get(0).map(Into::into)
}

/// An address under which this page can show a picture.
pub(crate) fn address_of(picture: &Blob) -> Option<String> {
    Url::create_object_url_with_blob(picture).ok()
}

/// Lets the browser forget what was behind an address.
pub(crate) fn forget_address(address: &str) {
    let _forgotten = Url::revoke_object_url(address);
}
