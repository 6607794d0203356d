//! Whatever file somebody sends becomes two small square pictures, with nothing in them but their pixels.
//!
//! A file is judged by its content: what it is called, and what it claims to be, says nothing. Its size in pixels is read
//! from its header and refused before anything is decoded. Of what moves only the first frame is read.

use crate::Error;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage,
    imageops::{self, FilterType},
    metadata::Orientation,
};
use std::io::Cursor;
use telicat_domain::{
    ApiError, Field, Problem,
    limits::{PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX, PICTURE_SIZES},
};

/// Bytes that the pixels of a picture may take.
const ALLOC_MAX: u64 = 256 * 1024 * 1024;
/// libwebp's scale ends at 100; below this one faces begin to blur.
const QUALITY: f32 = 82.0;

/// Both files, as WebP.
pub(super) struct Converted {
    pub(super) small: Vec<u8>,
    pub(super) large: Vec<u8>,
}

/// Makes both files of one.
///
/// # Errors
/// [`ApiError::Invalid`] for [`Field::Avatar`].
pub(super) fn convert(file: &[u8]) -> Result<Converted, Error> {
    let (image, orientation) = decode(file).map_err(|problem| ApiError::field(Field::Avatar, problem))?;
    let [small, large] = PICTURE_SIZES;
    let mut square = DynamicImage::ImageRgba8(centre(&image, large));
    drop(image);
    // A square that was cut out of the middle is the same one however it is turned, and turning it is cheap.
    square.apply_orientation(orientation);
    let square = square.into_rgba8();
    Ok(Converted {
        small: encode(&imageops::resize(&square, small, small, FilterType::Lanczos3))?,
        large: encode(&square)?,
    })
}

fn decode(file: &[u8]) -> Result<(DynamicImage, Orientation), Problem> {
    let format = image::guess_format(file).map_err(|_| Problem::NotAPicture)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP) {
        return Err(Problem::NotAPicture);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(PICTURE_SIDE_MAX);
    limits.max_image_height = Some(PICTURE_SIDE_MAX);
    limits.max_alloc = Some(ALLOC_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| of_decoder(&error))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Problem::NotAPicture);
    }
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX || decoder.total_bytes() > ALLOC_MAX {
        return Err(Problem::TooManyPixels);
    }
    // A turn that cannot be read is none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| of_decoder(&error))?;
    Ok((image, orientation))
}

fn of_decoder(error: &ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => Problem::TooManyPixels,
        _ => Problem::NotAPicture,
    }
}

/// The square in the middle, `size` pixels a side.
fn centre(image: &DynamicImage, size: u32) -> RgbaImage {
    let (width, height) = image.dimensions();
    let side = width.min(height);
    let square = imageops::crop_imm(image, (width - side) / 2, (height - side) / 2, side, side);
    // A photograph has far more pixels than are wanted. Their plain average is as good down to twice the size, and is
    // had in one pass, without a copy.
    let near = if side > 2 * size { imageops::thumbnail(&*square, 2 * size, 2 * size) } else { square.to_image() };
    imageops::resize(&near, size, size, FilterType::Lanczos3)
}

fn encode(image: &RgbaImage) -> Result<Vec<u8>, Error> {
    let encoded = webp::Encoder::from_rgba(image, image.width(), image.height()).encode_simple(false, QUALITY);
    Ok(encoded.map_err(|_| Error::Fault("a picture could not be encoded"))?.to_vec())
}
