//! Every sentence that a person reads.

pub(crate) mod address;
pub(crate) mod messages;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod room;
pub(crate) mod room_list;
pub(crate) mod site;
pub(crate) mod timeline;

use telicat_domain::{ApiError, Field, Notice, Problem, Theme, timestamp::Day};

pub(crate) const NAME: &str = "Telicat";
pub(crate) const TITLE_HOME: &str = "Telicat: chat on a line of your own";

/// The title of a page.
pub(crate) fn title(page: &str) -> String {
    format!("{page} · {NAME}")
}

pub(crate) const SIGN_UP: &str = "Sign up";
pub(crate) const LOG_IN: &str = "Log in";
pub(crate) const LOG_OUT: &str = "Log out";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const APPEARANCE: &str = "Appearance";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const SIGNED_IN: &str = "Signed in";
pub(crate) const YOUR_DATA: &str = "Your data";
pub(crate) const DELETE_ACCOUNT: &str = "Delete account";
pub(crate) const EDIT_PROFILE: &str = "Edit profile";
pub(crate) const CHAT: &str = "Chat";
pub(crate) const SITE: &str = "Site";

pub(crate) const HOME_TITLE: &str = "Talk on a line of your own.";
pub(crate) const HOME_LEAD: &str = "Telicat is chat that a club, a company or a household runs for itself: one \
                                    executable, one data directory, no other service.";
pub(crate) const HOME_SAMPLE: &str = "A few messages, as they look";
/// Author, hue, time, text, own.
pub(crate) const HOME_MESSAGES: [(&str, u32, &str, &str, bool); 3] = [
    ("Ines", 2, "18:02", "Clouds should break at nine. Who is coming up to the dome?", false),
    ("Mei", 4, "18:04", "I am. I bring the other dew heater and soup.", true),
    ("Tomasz", 7, "18:05", "Then I bring bread, and 62 better frames than yesterday.", false),
];
pub(crate) const HOME_FACTS: [(&str, &str); 4] = [
    (
        "Nothing said is lost",
        "What the server has acknowledged is never lost, doubled or out of order, even when it dies.",
    ),
    ("Readable at once", "Every page works before any script runs, and on a slow line too."),
    ("Everybody can use it", "With a keyboard, a screen reader, one thumb, or large type."),
    ("Nothing phones home", "No tracker, no paid tier, no account anywhere but here."),
];

pub(crate) const EMAIL: &str = "Email";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const USERNAME_HINT: &str = "Letters, digits, _ . and -. Others address you by it.";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const PASSWORD_HINT: &str = "At least 8 characters. A few words in a row are good.";
pub(crate) const CURRENT_PASSWORD: &str = "Current password";
pub(crate) const CURRENT_PASSWORD_HINT: &str = "It was not typed for a while, so we ask again.";
pub(crate) const LOGIN: &str = "Email or username";
pub(crate) const REMEMBER: &str = "Remember me";
pub(crate) const SHOW_PASSWORD: &str = "Show the password";
pub(crate) const HAVE_ACCOUNT: &str = "Already have an account?";
pub(crate) const NEW_HERE: &str = "New here?";

pub(crate) const LOST_TITLE: &str = "This line ends here.";
pub(crate) const LOST_LEAD: &str =
    "There is nothing at this address. Perhaps the room was renamed, or the link lost a letter on the way.";
pub(crate) const LOST_HOME: &str = "To the start page";
pub(crate) const LOST_CHAT: &str = "To the public chat";
pub(crate) const FAULT_TITLE: &str = "The line is down.";
pub(crate) const FAULT_AGAIN: &str = "Try again";

pub(crate) const PROFILE: &str = "Profile";
pub(crate) const MEMBER_SINCE: &str = "Member since";

pub(crate) const ROOMS: &str = "Rooms";
pub(crate) const ALL_ROOMS: &str = "All rooms";
pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const MESSAGES: &str = "Messages";
pub(crate) const MESSAGE: &str = "Message";
pub(crate) const SEND: &str = "Send";
pub(crate) const SENDING: &str = "Sending";
pub(crate) const SKIP: &str = "Skip to the message box";
pub(crate) const SKIP_TO_MESSAGES: &str = "Skip to the messages";
pub(crate) const EMPTY_TITLE: &str = "Nothing has been said yet.";
pub(crate) const OLDER: &str = "Show older messages";
pub(crate) const OLDER_LOADING: &str = "Loading older messages";
pub(crate) const BEGINNING: &str = "This is where the conversation begins.";
pub(crate) const GAP: &str = "Some messages could not be loaded.";
pub(crate) const GAP_LOAD: &str = "Load";

pub(crate) const NOT_SENT: &str = "Not sent.";
pub(crate) const RETRY: &str = "Retry";
pub(crate) const COPY: &str = "Copy";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const NOT_COPIED: &str = "The browser does not let this page copy. Select the text instead.";

pub(crate) const CONNECTION: &str = "Connection";
pub(crate) const NOT_CONNECTED: &str = "Not connected.";
pub(crate) const TRYING: &str = "Trying now.";
pub(crate) const TRY_NOW: &str = "Try now";
pub(crate) const OFFLINE_NOTE: &str = "Not connected: it will be sent when back.";
pub(crate) const SIGNED_OUT: &str = "You are signed out here.";
pub(crate) const DISMISS: &str = "Dismiss";

/// The placeholder of the message box.
pub(crate) fn message_to(room: &str) -> String {
    format!("Message {room}")
}

/// The name of the button that opens the menu of the account.
pub(crate) fn your_account(name: &str) -> String {
    format!("{name}, your account")
}

/// How long until the next try to connect.
pub(crate) fn next_try(seconds: i64) -> String {
    format!("Next try in {seconds} s.")
}

/// On the pill that leads to the newest messages.
pub(crate) fn new_messages(count: usize) -> String {
    if count == 0 { "To the newest".to_owned() } else { format!("{count} new") }
}

/// Said to a screen reader when a message arrives.
pub(crate) fn announce(author: &str, body: &str) -> String {
    format!("{author}: {body}")
}

/// Said to a screen reader when many arrive.
pub(crate) fn announce_many(count: usize) -> String {
    format!("{count} new messages")
}

/// The name of a theme.
pub(crate) fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
        Theme::Contrast => "Contrast",
    }
}

/// What went well.
pub(crate) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::ProfileSaved => "Your profile is saved.".to_owned(),
        Notice::UsernameChanged => "Your username is changed.".to_owned(),
        Notice::LinkSent { address } => format!("A link is on its way to {address}."),
        Notice::AddressDropped => "The new address is given up.".to_owned(),
        Notice::AddressConfirmed { address } => format!("{address} is confirmed."),
        Notice::PasswordChanged => "Your password is changed. You are signed out everywhere else.".to_owned(),
        Notice::PasswordReset => "Your password is changed. Log in with it.".to_owned(),
        Notice::SessionEnded => "That session has ended.".to_owned(),
        Notice::OtherSessionsEnded => "You are signed out everywhere else.".to_owned(),
        Notice::ExportStarted => "A copy of your data is being made.".to_owned(),
        Notice::AccountDeleted => "Your account is deleted.".to_owned(),
        Notice::InvitationRevoked => "The invitation works no more.".to_owned(),
        Notice::OwnerMade => "You run this site from now on.".to_owned(),
        Notice::VisibilitySaved | Notice::RoomSaved | Notice::InvolvementSaved => "Saved.".to_owned(),
        Notice::RoomArchived => {
            "The room is archived. It can be read, and nothing is written in it any more.".to_owned()
        }
        Notice::RoomReopened => "The room is open again.".to_owned(),
        Notice::RoomDeleted => "The room is deleted.".to_owned(),
        Notice::RoomLeft => "You have left the room.".to_owned(),
        Notice::PeopleAdded => "They are in the room now.".to_owned(),
        Notice::PersonRemoved => "The person is removed.".to_owned(),
        Notice::RoleChanged => "The role is changed.".to_owned(),
        Notice::RoomLinkMade => "There is a new link. The one before works no more.".to_owned(),
        Notice::RoomLinkRevoked => "The link works no more.".to_owned(),
        Notice::MessageEdited => "The message is changed.".to_owned(),
        Notice::MessageDeleted => "The message is deleted.".to_owned(),
        Notice::MessageRestored => "The message is back.".to_owned(),
    }
}

/// What went wrong, and what can be done.
pub(crate) fn error(error: &ApiError) -> String {
    match error {
        ApiError::Invalid { fields } => match fields.first() {
            Some(first) => problem(first.field, first.problem, ""),
            None => "Something that was typed cannot be taken.".to_owned(),
        },
        ApiError::NotSignedIn => "You are signed out. Log in again.".to_owned(),
        ApiError::WrongLogin => "The name or the password is wrong.".to_owned(),
        ApiError::Forbidden => "You may not do this.".to_owned(),
        ApiError::PasswordNeeded => "Type your password to go on.".to_owned(),
        ApiError::SignupsClosed => "Nobody can sign up here at the moment.".to_owned(),
        ApiError::InvitationNeeded => {
            "One can sign up here by invitation only. Open the link that you were sent.".to_owned()
        }
        ApiError::LastOwner => {
            "You are the only owner of this site. Whoever runs the server must make somebody else an owner first."
                .to_owned()
        }
        ApiError::LastRoomOwner => "You are the only owner of this room. Make somebody else an owner first.".to_owned(),
        ApiError::Archived => "This room is archived: nothing is written in it any more.".to_owned(),
        ApiError::Full { max } => format!("There can be {max} at most."),
        ApiError::AddressUnconfirmed => "Confirm your email address first. It is in your settings.".to_owned(),
        ApiError::LinkExpired => "This link was used before or has expired.".to_owned(),
        ApiError::NotFound => "It does not exist any more.".to_owned(),
        ApiError::BadRequest => "The server did not understand this.".to_owned(),
        ApiError::NonceReused => "This was sent before, with another text. Send it again.".to_owned(),
        ApiError::TooLarge => "This is too large.".to_owned(),
        ApiError::RateLimited { retry_after } => format!("That was too often. Try again in {}.", wait(*retry_after)),
        ApiError::Busy { retry_after } => format!("The server is busy. Try again in {}.", wait(*retry_after)),
        ApiError::Internal => "The server could not do this. It is not your fault; try again.".to_owned(),
        ApiError::NoAnswer => "No answer came. Check the connection and try again.".to_owned(),
    }
}

fn wait(seconds: u32) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// What is wrong with a field, and how to mend it.
pub(crate) fn problem(field: Field, problem: Problem, typed: &str) -> String {
    let what = match field {
        Field::Email => "an address",
        Field::Username | Field::People => "a username",
        Field::Password => "a password",
        Field::CurrentPassword => "your password",
        Field::DisplayName | Field::Name => "a name",
        Field::About => "a text",
        Field::Avatar => "a picture",
        Field::Body => "a message",
        Field::Note => "a note",
        Field::Uses | Field::Days => "a number",
        Field::Topic => "a topic",
        Field::Emoji => "an emoji",
    };
    match (field, problem) {
        (Field::Body, Problem::TooLong { max }) => {
            format!("A message has at most {} characters. Shorten it, or send it in parts.", thousands(max))
        }
        (Field::Body, _) => "There is nothing to send yet.".to_owned(),
        (_, Problem::Empty) => format!("Type {what}."),
        (_, Problem::TooShort { min }) => format!("Too short. Use at least {min} characters."),
        (_, Problem::TooLong { max }) => format!("Too long. Use at most {max} characters."),
        (_, Problem::Characters) => "Use letters a to z, digits, _ . and - only.".to_owned(),
        (_, Problem::Malformed) => "This is not an address that mail can be sent to.".to_owned(),
        (Field::Username, Problem::Taken) => format!("@{} is taken. Choose another username.", typed.trim()),
        (_, Problem::Taken) => "There is an account with this address. Log in instead.".to_owned(),
        (_, Problem::Reserved) => "This name is reserved. Choose another.".to_owned(),
        (_, Problem::Common) => "Too easy to guess. A few words in a row are good.".to_owned(),
        (_, Problem::LikeName) => "Too like your username or address. Choose another.".to_owned(),
        (Field::Name, Problem::Wrong) => "This is not the name of the room.".to_owned(),
        (_, Problem::Wrong) => "This is not your password.".to_owned(),
        (Field::People, Problem::Unchanged) => "This is you. Name somebody else.".to_owned(),
        (_, Problem::Unchanged) => format!("This is {what} that you have already. Choose another."),
        (_, Problem::TooLarge { max_bytes }) => {
            format!("Too large. Choose one of at most {} MB.", max_bytes / 1024 / 1024)
        }
        (_, Problem::OutOfRange { min, max }) => format!("Type a number from {min} to {max}."),
        (Field::People, Problem::Unknown) if typed.trim().contains([' ', ',', ';']) => {
            "Not all of them are here. Look at the usernames again.".to_owned()
        }
        (Field::People, Problem::Unknown) => format!("There is nobody called {}.", typed.trim()),
        (_, Problem::Unknown) => format!("There is no {what} like this."),
        (_, Problem::TooMany { max }) => format!("Name at most {max}."),
        (_, Problem::TooManyPixels) => "Too many pixels. Choose a smaller one.".to_owned(),
        (_, Problem::NotAPicture) => {
            "This is no picture that can be shown. Choose a JPEG, PNG, GIF or WebP.".to_owned()
        }
    }
}

fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

/// A day in full; with its relation to today when that is known.
pub(crate) fn day(day: Day, today: Option<Day>, yesterday: Option<Day>) -> String {
    const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let weekday = WEEKDAYS.get(usize::from(day.weekday)).copied().unwrap_or_default();
    let month = month_name(day);
    let date = format!("{weekday} {} {month}", day.day);
    if Some(day) == today {
        format!("Today, {date}")
    } else if Some(day) == yesterday {
        format!("Yesterday, {date}")
    } else if today.is_some_and(|today| today.year == day.year) {
        date
    } else {
        format!("{date} {}", day.year)
    }
}

/// The month and year of a day.
pub(crate) fn month(day: Day) -> String {
    format!("{} {}", month_name(day), day.year)
}

fn month_name(day: Day) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(usize::from(day.month).wrapping_sub(1)).copied().unwrap_or_default()
}
