//! What can go wrong, as the other side is told.
//!
//! [`ApiError`] is closed and crosses the wire; its sentences for people are in the application's texts. Inside the
//! server, `service::Error` keeps the causes and becomes one of these at the boundary, where it is logged once.

use serde::{Deserialize, Serialize};

/// What a server function answers when it does not do what was asked: `{"error": code, …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ApiError {
    /// 422: something typed cannot be taken as it is.
    #[error("invalid input")]
    Invalid {
        /// What, and why.
        fields: Vec<FieldError>,
    },
    /// 401: no session.
    #[error("not signed in")]
    NotSignedIn,
    /// 403: the name or the password is wrong. Which of them is not said.
    #[error("wrong name or password")]
    WrongLogin,
    /// 403: not allowed.
    #[error("not allowed")]
    Forbidden,
    /// 403: the password has to be typed again before this can be done.
    #[error("password needed")]
    PasswordNeeded,
    /// 403: nobody may sign up here.
    #[error("signups are closed")]
    SignupsClosed,
    /// 403: only who is invited may sign up here.
    #[error("signups are by invitation")]
    InvitationNeeded,
    /// 409: the site would have no owner afterwards.
    #[error("the last owner")]
    LastOwner,
    /// 409: the room would have nobody who looks after it; somebody else has to be made an owner first.
    #[error("the last owner of a room")]
    LastRoomOwner,
    /// 409: nothing is written in the room any more.
    #[error("archived")]
    Archived,
    /// 409: there are as many as there can be: of members, pins, different reactions.
    #[error("full")]
    Full {
        /// How many.
        max: i64,
    },
    /// 403: one has to confirm one's address first.
    #[error("address not confirmed")]
    AddressUnconfirmed,
    /// 404: it does not exist, or not for the one who asks.
    #[error("not found")]
    NotFound,
    /// 410: the link was used, has expired, or never was one.
    #[error("link expired")]
    LinkExpired,
    /// 400: the request itself could not be read.
    #[error("bad request")]
    BadRequest,
    /// 409: the nonce was used before, for another text.
    #[error("nonce used for another text")]
    NonceReused,
    /// 413: the request is larger than anything that could be taken.
    #[error("too large")]
    TooLarge,
    /// 429: too often.
    #[error("too many requests")]
    RateLimited {
        /// Seconds until the next may come.
        retry_after: u32,
    },
    /// 503: too much to do at this moment.
    #[error("busy")]
    Busy {
        /// Seconds until another try makes sense.
        retry_after: u32,
    },
    /// 500: the server's fault. The log has the cause, under the request's id.
    #[error("internal error")]
    Internal,
    /// Made in the browser: no answer came, so nothing is known of the request.
    #[error("no answer")]
    NoAnswer,
}

impl ApiError {
    /// One field, one problem.
    #[must_use]
    pub fn field(field: Field, problem: Problem) -> Self {
        Self::Invalid { fields: vec![FieldError { field, problem }] }
    }

    /// The status of the answer (RFC 9110 section 15, RFC 6585 section 4).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NotSignedIn => 401,
            Self::WrongLogin
            | Self::Forbidden
            | Self::PasswordNeeded
            | Self::SignupsClosed
            | Self::InvitationNeeded
            | Self::AddressUnconfirmed => 403,
            Self::NotFound => 404,
            Self::NonceReused | Self::LastOwner | Self::LastRoomOwner | Self::Archived | Self::Full { .. } => 409,
            Self::LinkExpired => 410,
            Self::TooLarge => 413,
            Self::Invalid { .. } => 422,
            Self::RateLimited { .. } => 429,
            Self::Internal | Self::NoAnswer => 500,
            Self::Busy { .. } => 503,
        }
    }

    /// Seconds for the `Retry-After` header.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Whether the same request may succeed later, unchanged.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Busy { .. } | Self::Internal | Self::NoAnswer)
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem(&self, field: Field) -> Option<Problem> {
        match self {
            Self::Invalid { fields } => fields.iter().find(|error| error.field == field).map(|error| error.problem),
            _ => None,
        }
    }
}

/// A field of a form, by its name there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// An address.
    Email,
    /// A handle.
    Username,
    /// A new password.
    Password,
    /// The password that one has.
    CurrentPassword,
    /// The display name.
    DisplayName,
    /// What a person says of themselves.
    About,
    /// The picture.
    Avatar,
    /// The text of a message.
    Body,
    /// What an invitation is for.
    Note,
    /// How many may use an invitation.
    Uses,
    /// For how many days an invitation works.
    Days,
    /// The name of a room.
    Name,
    /// What a room is about.
    Topic,
    /// People who are to be brought in, by their handles.
    People,
    /// An emoji.
    Emoji,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Which one.
    pub field: Field,
    /// What is wrong.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What can be wrong with a text that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// Fewer characters than needed.
    #[error("shorter than {min} characters")]
    TooShort {
        /// The least.
        min: usize,
    },
    /// More characters than allowed.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most.
        max: usize,
    },
    /// Characters that are not allowed here.
    #[error("characters that are not allowed")]
    Characters,
    /// Not of the right form.
    #[error("malformed")]
    Malformed,
    /// Somebody else has it.
    #[error("taken")]
    Taken,
    /// Nobody may have it.
    #[error("reserved")]
    Reserved,
    /// A password that many people use.
    #[error("too common")]
    Common,
    /// A password made of the person's own name or address.
    #[error("too like the name or the address")]
    LikeName,
    /// Not the right one: a password.
    #[error("wrong")]
    Wrong,
    /// The same as before.
    #[error("unchanged")]
    Unchanged,
    /// No number, or none that is allowed.
    #[error("no number from {min} to {max}")]
    OutOfRange {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// More bytes than allowed.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The most.
        max_bytes: usize,
    },
    /// More pixels than allowed.
    #[error("too many pixels")]
    TooManyPixels,
    /// No picture of a kind that is taken.
    #[error("not a picture")]
    NotAPicture,
    /// There is nobody of that name.
    #[error("unknown")]
    Unknown,
    /// More than can be named at once.
    #[error("more than {max}")]
    TooMany {
        /// The most.
        max: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_promised() {
        let json = |error: &ApiError| serde_json::to_string(error).unwrap();
        assert_eq!(json(&ApiError::RateLimited { retry_after: 3 }), r#"{"error":"rate_limited","retry_after":3}"#);
        let long = ApiError::field(Field::Body, Problem::TooLong { max: 10 });
        assert_eq!(json(&long), r#"{"error":"invalid","fields":[{"field":"body","problem":"too_long","max":10}]}"#);
        assert_eq!(serde_json::from_str::<ApiError>(&json(&long)).unwrap(), long);
        assert_eq!(long.problem(Field::Body), Some(Problem::TooLong { max: 10 }));
        assert_eq!(long.problem(Field::Email), None);
    }
}
