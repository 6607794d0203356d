//! Every limit that a person can meet, once. Characters are Unicode scalar values.

/// Characters in a handle.
pub const HANDLE_MAX: usize = 30;
/// Characters in a display name.
pub const DISPLAY_NAME_MAX: usize = 50;
/// Characters in what a person says of themselves.
pub const ABOUT_MAX: usize = 2_000;
/// Bytes in a picture of a person, as it is sent.
pub const PICTURE_MAX: usize = 10 * 1024 * 1024;
/// Pixels in a picture, at most: 40 megapixels.
pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
/// Pixels along a side of a picture, at most.
pub const PICTURE_SIDE_MAX: u32 = 12_000;
/// Pixels along a side of a picture of a person, as it is kept: for lists and messages, and for the profile.
pub const PICTURE_SIZES: [u32; 2] = [96, 384];
/// Days for which nobody else can take a handle that somebody has left.
pub const HANDLE_RETIRED_DAYS: i64 = 30;
/// Characters in an e-mail address: the longest that a mail server must accept, RFC 5321 section 4.5.3.1 (with errata
/// 1690).
pub const EMAIL_MAX: usize = 254;
/// Minutes for which a password that was typed vouches for its person.
pub const PROOF_MINUTES: i64 = 5;
/// Characters in the note on an invitation.
pub const INVITATION_NOTE_MAX: usize = 100;
/// People whom one invitation may let in.
pub const INVITATION_USES_MAX: i64 = 1_000;
/// Days for which an invitation may work.
pub const INVITATION_DAYS_MAX: i64 = 90;
/// Characters in a password, at least.
pub const PASSWORD_MIN: usize = 8;
/// Characters in a password, at most.
pub const PASSWORD_MAX: usize = 256;
/// Characters in a message after trimming.
pub const MESSAGE_MAX: usize = 10_000;
/// Characters in the address name of a room.
pub const SLUG_MAX: usize = 80;

/// Characters in the name of a room.
pub const ROOM_NAME_MAX: usize = 80;
/// Characters in what a room is about.
pub const TOPIC_MAX: usize = 250;
/// Members of a group.
pub const MEMBERS_MAX: i64 = 10_000;
/// People in a direct room, the one who begins it included.
pub const DIRECT_MAX: usize = 9;
/// People who are brought into a group at once.
pub const NAMED_MAX: usize = 50;
/// Members on one page of a room's list of them.
pub const MEMBERS_PAGE: usize = 100;
/// Uses of a link into a room, when they are limited.
pub const ROOM_LINK_USES_MAX: i64 = 10_000;
/// Days for which a link into a room may work.
pub const ROOM_LINK_DAYS_MAX: i64 = 365;
/// Different reactions to one message.
pub const REACTIONS_MAX: usize = 20;
/// Bytes of an emoji: the longest sequences of Unicode's recommended ones have 35.
pub const EMOJI_MAX: usize = 64;
/// People whom one message may call.
pub const MENTIONS_MAX: usize = 20;
/// Links in one message; what is more stays text.
pub const LINKS_MAX: usize = 50;
/// How deep quotes, lists and emphasis may stand inside each other; what is deeper stays text.
pub const NESTING_MAX: usize = 16;
/// Messages pinned in a room.
pub const PINS_MAX: i64 = 100;
/// Seconds for which a deletion can be taken back: what the page offers, and as much again for the way.
pub const UNDO_SECONDS: i64 = 10;
/// Unread messages are counted up to here, and then there are "more than that": who has so many will not count them, and
/// counting further would cost without a bound.
pub const UNREAD_MAX: u32 = 1_000;
/// Characters of a message in a quote of it, and in the list of rooms.
pub const SNIPPET_MAX: usize = 140;
/// Threads with something new that are told for a room.
pub const THREADS_MAX: usize = 100;

/// Messages on a page of a room's history.
pub const HISTORY_PAGE: usize = 50;
/// Messages that one request for history may ask for.
pub const HISTORY_PAGE_MAX: usize = 200;
/// Events on a page of a catch-up.
pub const CATCH_UP_PAGE: usize = 200;
/// Messages that a tab keeps in its list while it follows the newest.
pub const TIMELINE_MAX: usize = 300;
/// Minutes within which messages of one author share one name and time.
pub const GROUP_MINUTES: i64 = 5;

/// Bytes in a frame from the browser.
pub const FRAME_MAX: usize = 64 * 1024;
/// Frames that a socket may send in a minute, all at once or spread.
pub const FRAMES_A_MINUTE: i64 = 120;
/// Bytes in the body of a request to a server function: the longest message, every character of four bytes, every byte
/// percent-encoded, and room for the other fields.
pub const REQUEST_MAX: usize = MESSAGE_MAX * 4 * 3 + 8 * 1024;
