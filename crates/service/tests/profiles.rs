//! Profiles: what is taken into them, what pictures become, and who gets which handle.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use image::{
    DynamicImage, ExtendedColorType, Frame, GrayImage, ImageEncoder, ImageFormat, Luma, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder},
};
use std::io::Cursor;
use telicat_domain::{
    ApiError, Author, Field, FieldError, PictureId, Problem,
    limits::{PICTURE_MAX, PICTURE_SIZES},
};
use telicat_service::{
    Settings, Signed,
    accounts::SignUp,
    people::{Edit, Picture, Size},
    secret::Secret,
    testing::{ADDRESS, PASSWORD, TestService, origin, settings},
};
use telicat_store::{
    Db,
    testing::{TestDb, both},
};

const DAY: i64 = 24 * 3600;
const RED: Rgba<u8> = Rgba([220, 20, 20, 255]);
const BLUE: Rgba<u8> = Rgba([20, 20, 220, 255]);
/// Stands in the metadata of a photograph, and must stand nowhere afterwards.
const PLACE: &[u8] = b"the shed behind the brewery";

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

/// Wider than high, red on the left and blue on the right.
fn two_halves(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

fn encoded(image: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(image.clone()).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg(image: &RgbaImage) -> Vec<u8> {
    let pixels = DynamicImage::ImageRgba8(image.clone()).into_rgb8();
    let mut file = Vec::new();
    JpegEncoder::new(&mut file).write_image(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8).unwrap();
    file
}

/// A photograph as a telephone makes it: held upright (Exif 2.32, orientation 6), with the place where it was taken.
fn photograph(image: &RgbaImage) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    exif.extend(2_u16.to_be_bytes());
    exif.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    // The directory with the place begins behind this one: 8 + 2 + 2 entries + 4 bytes.
    exif.extend(entry(0x8825, 4, 1, 38_u32.to_be_bytes()));
    exif.extend([0; 4]);
    exif.extend(1_u16.to_be_bytes());
    let length = u32::try_from(PLACE.len()).unwrap();
    exif.extend(entry(0x001c, 7, length, 56_u32.to_be_bytes()));
    exif.extend([0; 4]);
    exif.extend(PLACE);
    let plain = jpeg(image);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

/// The beginning of a PNG of that size, in which everything is right but that nothing follows.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let checked = [&kind[..], data].concat();
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes()[..], &checked, &crc32(&checked).to_be_bytes()].concat()
    };
    let size = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    // A few bytes of compressed data, as the decoder looks for their beginning before it says how large the picture is.
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &size), &chunk(b"IDAT", &[0x78, 0x9c, 1])].concat()
}

/// ISO 3309, as PNG wants it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

async fn choose(service: &TestService, who: &Signed, file: Vec<u8>) -> Result<(), ApiError> {
    let edit = Edit { picture: Picture::Replace(file), ..Edit::default() };
    service.services.people.edit(who, edit).await.map_err(|error| error.api())
}

async fn author(service: &TestService, who: &Signed) -> Author {
    service.services.people.own(who).await.unwrap().profile.author
}

async fn picture(service: &TestService, id: PictureId, size: Size) -> Result<Vec<u8>, ApiError> {
    service.services.people.picture(None, id, size).await.map_err(|error| error.api())
}

/// Both files of the picture of somebody who has one.
async fn both_files(service: &TestService, who: &Signed) -> [Vec<u8>; 2] {
    let id = author(service, who).await.picture.unwrap();
    [picture(service, id, Size::Small).await.unwrap(), picture(service, id, Size::Large).await.unwrap()]
}

fn pixels(file: &[u8]) -> RgbaImage {
    assert_eq!(image::guess_format(file).unwrap(), ImageFormat::WebP);
    image::load_from_memory(file).unwrap().into_rgba8()
}

fn is_red(pixel: &Rgba<u8>) -> bool {
    pixel[0] > 150 && pixel[2] < 100
}

fn refused(problem: Problem) -> Result<(), ApiError> {
    Err(ApiError::field(Field::Avatar, problem))
}

#[tokio::test]
async fn a_picture_of_any_kind_becomes_two_squares_from_its_middle() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        let wide = two_halves(900, 300);
        let files = [
            encoded(&wide, ImageFormat::Png),
            jpeg(&wide),
            encoded(&wide, ImageFormat::Gif),
            encoded(&wide, ImageFormat::WebP),
            encoded(&two_halves(20, 10), ImageFormat::Png),
        ];
        for file in files {
            choose(&service, &mei, file).await.unwrap();
            for (file, side) in both_files(&service, &mei).await.iter().zip(PICTURE_SIZES) {
                let square = pixels(file);
                assert_eq!(square.dimensions(), (side, side));
                assert!(is_red(square.get_pixel(side / 4, side / 2)), "the left is red");
                assert!(!is_red(square.get_pixel(side * 3 / 4, side / 2)), "the right is blue");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_of_a_large_picture_is_small() {
    // On one database: they have no part in it, and a picture of 36 megapixels takes its time.
    let db = TestDb::sqlite().await;
    let service = TestService::on(db.db.clone()).await;
    let mei = service.sign_up("mei").await;
    let large = DynamicImage::ImageLuma8(GrayImage::from_pixel(6_000, 6_000, Luma([90])));
    let mut file = Cursor::new(Vec::new());
    large.write_to(&mut file, ImageFormat::Png).unwrap();
    choose(&service, &mei, file.into_inner()).await.unwrap();
    for (file, side) in both_files(&service, &mei).await.iter().zip(PICTURE_SIZES) {
        assert_eq!(pixels(file).dimensions(), (side, side));
    }
}

#[tokio::test]
async fn a_photograph_is_turned_and_tells_no_place() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let file = photograph(&two_halves(400, 200));
        assert!(file.windows(PLACE.len()).any(|part| part == PLACE), "the photograph tells it");
        choose(&service, &mei, file).await.unwrap();
        for (file, side) in both_files(&service, &mei).await.iter().zip(PICTURE_SIZES) {
            for said in [PLACE, b"EXIF", b"Exif", b"XMP "] {
                assert!(!file.windows(said.len()).any(|part| part == said), "{}", String::from_utf8_lossy(said));
            }
            // What was left is above.
            let square = pixels(file);
            assert!(is_red(square.get_pixel(side / 2, side / 4)));
            assert!(!is_red(square.get_pixel(side / 2, side * 3 / 4)));
        }
    })
    .await;
}

#[tokio::test]
async fn of_what_moves_only_the_first_frame_is_read() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let mut file = Vec::new();
        {
            let frames = [RED, BLUE, BLUE].map(|colour| Frame::new(RgbaImage::from_pixel(60, 60, colour)));
            GifEncoder::new(&mut file).encode_frames(frames).unwrap();
        }
        // Whatever follows the first frame could be of any length, so it may not even be looked at.
        file.truncate(file.len() - 40);
        file.extend([0xff; 4096]);
        choose(&service, &mei, file).await.unwrap();
        let [small, _] = both_files(&service, &mei).await;
        assert!(is_red(pixels(&small).get_pixel(48, 48)));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_a_one_is_refused_and_the_old_one_stays() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        choose(&service, &mei, jpeg(&two_halves(50, 50))).await.unwrap();
        let before = author(&service, &mei).await;

        let png = encoded(&two_halves(50, 50), ImageFormat::Png);
        let no_pictures: [&[u8]; 9] = [
            b"",
            b"GIF89a",
            b"<!doctype html><script>alert(1)</script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><svg>&a;</svg>",
            b"%PDF-1.7",
            b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0",
            b"\x89PNG\r\n\x1a\n<html>",
            &png[..png.len() / 2],
        ];
        for file in no_pictures {
            let outcome = choose(&service, &mei, file.to_vec()).await;
            assert_eq!(outcome, refused(Problem::NotAPicture), "{:?}", String::from_utf8_lossy(file));
        }
        for (width, height) in [(50_000, 50_000), (12_001, 10), (10, 12_001), (8_000, 5_001)] {
            let outcome = choose(&service, &mei, png_header(width, height)).await;
            assert_eq!(outcome, refused(Problem::TooManyPixels), "{width} x {height}");
        }
        let wide_gif = [&b"GIF89a"[..], &[0xff, 0xff, 0xff, 0xff, 0, 0, 0]].concat();
        assert!(choose(&service, &mei, wide_gif).await.is_err());
        let heavy = choose(&service, &mei, vec![0; PICTURE_MAX + 1]).await;
        assert_eq!(heavy, refused(Problem::TooLarge { max_bytes: PICTURE_MAX }));
        assert_eq!(author(&service, &mei).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_picture_makes_room_for_the_next_and_can_be_removed() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        choose(&service, &mei, jpeg(&two_halves(50, 50))).await.unwrap();
        let first = author(&service, &mei).await.picture.unwrap();
        choose(&service, &mei, jpeg(&two_halves(60, 60))).await.unwrap();
        let second = author(&service, &mei).await.picture.unwrap();
        assert_ne!(first, second, "another picture has another address");
        assert_eq!(picture(&service, first, Size::Small).await, Err(ApiError::NotFound));
        service.services.people.remove_picture(&mei).await.unwrap();
        service.services.people.remove_picture(&mei).await.unwrap();
        assert_eq!(author(&service, &mei).await.picture, None);
        assert_eq!(picture(&service, second, Size::Large).await, Err(ApiError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn pictures_sent_at_once_leave_one() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        let (first, second) = tokio::join!(
            choose(&service, &mei, jpeg(&two_halves(50, 50))),
            choose(&service, &mei, jpeg(&two_halves(60, 60)))
        );
        assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
        assert_eq!(both_files(&service, &mei).await.map(|file| file.is_empty()), [false, false]);
    })
    .await;
}

#[tokio::test]
async fn a_profile_is_changed_as_a_whole_or_not_at_all() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let people = &service.services.people;
        let edit = Edit {
            display_name: Some("  Mei at the\u{202e} eyepiece "),
            about: Some(" Dew heaters,\r\nsoup. "),
            picture: Picture::Replace(jpeg(&two_halves(50, 50))),
        };
        people.edit(&mei, edit).await.unwrap();
        let profile = people.profile(None, "MEI").await.unwrap();
        assert_eq!(profile.author.name.as_deref(), Some("Mei at the eyepiece"));
        assert_eq!(profile.about, "Dew heaters,\nsoup.");

        let edit =
            Edit { display_name: Some(&"x".repeat(51)), about: Some(&"y".repeat(200_000)), picture: Picture::TooLarge };
        let refused = people.edit(&mei, edit).await.map_err(|error| error.api());
        let fields = vec![
            FieldError { field: Field::DisplayName, problem: Problem::TooLong { max: 50 } },
            FieldError { field: Field::About, problem: Problem::TooLong { max: 2_000 } },
            FieldError { field: Field::Avatar, problem: Problem::TooLarge { max_bytes: PICTURE_MAX } },
        ];
        assert_eq!(refused, Err(ApiError::Invalid { fields }));
        let edit =
            Edit { display_name: Some("Other"), picture: Picture::Replace(b"no picture".to_vec()), ..Edit::default() };
        assert!(people.edit(&mei, edit).await.is_err());
        assert_eq!(people.profile(None, "mei").await.unwrap(), profile, "nothing of it was taken");

        let edit = Edit { display_name: Some(" "), ..Edit::default() };
        people.edit(&mei, edit).await.unwrap();
        let now = people.profile(None, "mei").await.unwrap();
        assert_eq!((now.author.called(), now.about.as_str()), ("mei", "Dew heaters,\nsoup."));
    })
    .await;
}

#[tokio::test]
async fn a_new_name_is_on_the_next_page_and_on_messages_that_were_written_before() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let form = telicat_service::accounts::LogIn {
            login: "mei",
            password: Secret::new(PASSWORD.to_owned()),
            remember: true,
        };
        let opened = service.services.accounts.log_in(form, ADDRESS, &origin()).await.unwrap();
        let tab = service.signed(&opened).await.unwrap();
        service.services.messages.post(&tab, "public-chat", "hello", None).await.unwrap();
        let edit = Edit { display_name: Some("Mei"), ..Edit::default() };
        service.services.people.edit(&mei, edit).await.unwrap();
        assert_eq!(service.signed(&opened).await.unwrap().author.called(), "Mei");
        let page = service.services.rooms.page(&tab, "public-chat").await.unwrap();
        assert_eq!(page.messages[0].author.called(), "Mei");
    })
    .await;
}

#[tokio::test]
async fn a_hidden_profile_and_its_picture_are_for_who_is_signed_in() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        choose(&service, &mei, jpeg(&two_halves(50, 50))).await.unwrap();
        let id = author(&service, &mei).await.picture.unwrap();
        let people = &service.services.people;
        for is_public in [false, true] {
            people.set_public(&mei, is_public).await.unwrap();
            assert_eq!(people.own(&mei).await.unwrap().is_public, is_public);
            assert_eq!(people.profile(None, "mei").await.is_ok(), is_public);
            assert_eq!(people.picture(None, id, Size::Small).await.is_ok(), is_public);
            assert_eq!(people.picture(None, id, Size::Large).await.is_ok(), is_public);
            assert!(people.profile(Some(&ines), "Mei").await.is_ok());
            assert!(people.picture(Some(&ines), id, Size::Large).await.is_ok());
        }
    })
    .await;
}

async fn rename(service: &TestService, who: &Signed, username: &str) -> Result<(), ApiError> {
    service.services.people.rename(who, username).await.map_err(|error| error.api())
}

async fn sign_up(service: &TestService, username: &str, email: &str) -> Result<(), ApiError> {
    let form = SignUp { email, username, password: Secret::new(PASSWORD.to_owned()) };
    let outcome = service.services.accounts.sign_up(form, ADDRESS, &origin()).await;
    outcome.map(drop).map_err(|error| error.api())
}

fn not_that_name(problem: Problem) -> Result<(), ApiError> {
    Err(ApiError::field(Field::Username, problem))
}

#[tokio::test]
async fn a_handle_that_was_left_leads_to_its_person_and_is_free_after_a_month() {
    both(|db| async move {
        let service = unlimited(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let people = &service.services.people;
        rename(&service, &mei, "Mei.Lin").await.unwrap();
        for handle in ["mei", "MEI", "mei.lin"] {
            assert_eq!(people.profile(None, handle).await.unwrap().author.handle.as_str(), "Mei.Lin");
        }
        service.clock.advance_seconds(30 * DAY - 1);
        assert_eq!(rename(&service, &ines, "Mei").await, not_that_name(Problem::Taken));
        assert_eq!(sign_up(&service, "mei", "other@cats.example").await, not_that_name(Problem::Taken));
        // Who left it may come back, and leaves the other one behind.
        rename(&service, &mei, "mei").await.unwrap();
        assert_eq!(people.profile(None, "mei.lin").await.unwrap().author.handle.as_str(), "mei");
        rename(&service, &mei, "lin").await.unwrap();
        service.clock.advance_seconds(30 * DAY);
        assert!(people.profile(None, "mei").await.is_err() && people.profile(None, "mei.lin").await.is_err());
        service.services.tidy().await.unwrap();
        rename(&service, &ines, "mei").await.unwrap();
        sign_up(&service, "mei.lin", "other@cats.example").await.unwrap();
        assert_eq!(people.profile(None, "mei").await.unwrap().author.id, ines.person);
    })
    .await;
}

#[tokio::test]
async fn a_handle_is_chosen_by_the_rules_of_signing_up() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, _) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for (typed, problem) in [
            ("", Problem::Empty),
            ("a b", Problem::Characters),
            ("Admin", Problem::Reserved),
            ("mei", Problem::Unchanged),
            ("INES", Problem::Taken),
        ] {
            assert_eq!(rename(&service, &mei, typed).await, not_that_name(problem), "{typed:?}");
        }
        rename(&service, &mei, "MEI").await.unwrap();
        assert_eq!(author(&service, &mei).await.handle.as_str(), "MEI");
        assert_eq!(sign_up(&service, "mei", "other@cats.example").await, not_that_name(Problem::Taken));
        for number in 0..9 {
            rename(&service, &mei, &format!("mei{number}")).await.unwrap();
        }
        assert!(matches!(rename(&service, &mei, "once-more").await, Err(ApiError::RateLimited { .. })));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_take_one_handle_at_the_same_instant_one_gets_it() {
    both(|db| async move {
        let service = unlimited(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for number in 0..10 {
            let wanted = format!("wanted{number}");
            let (first, second) = tokio::join!(rename(&service, &mei, &wanted), rename(&service, &ines, &wanted));
            let won = [&first, &second].iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(won, 1, "{first:?} {second:?}");
            assert_eq!(if first.is_ok() { second } else { first }, not_that_name(Problem::Taken));
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_slips_into_a_handle_at_the_instant_it_is_left() {
    both(|db| async move {
        let service = unlimited(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let mut had = "mei".to_owned();
        for number in 0..10 {
            let next = format!("mei{number}");
            let email = format!("{number}@cats.example");
            let (left, taken, signed_up) = tokio::join!(
                rename(&service, &mei, &next),
                rename(&service, &ines, &had),
                sign_up(&service, &had, &email)
            );
            assert_eq!(
                (left, taken, signed_up),
                (Ok(()), not_that_name(Problem::Taken), not_that_name(Problem::Taken))
            );
            had = next;
        }
    })
    .await;
}
