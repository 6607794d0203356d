//! A message as the database has it.

use crate::people::AuthorRow;
use telicat_domain::{
    Author, Handle, Message, MessageId, Nonce, PersonId, PictureId, Timestamp,
    event::{Quote, Replies, Root, snippet},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[];

/// The columns of [`MessageRow`], of a message `m` by `p`.
macro_rules! columns {
    () => {
        "m.seq, m.id, m.nonce, m.author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, m.body, m.created_at,
        m.erased_at, m.edited_at, m.deleted_at AS gone_at, m.pinned_at, m.root_id, t.reply_count AS root_replies,
        m.reply_count, m.last_reply_at, q.id AS quoted_id, q.seq AS quoted_seq, q.body AS quoted_body,
        coalesce(q.deleted_at, q.erased_at) AS quoted_gone_at, a.id AS quoted_author_id, a.handle AS quoted_handle,
        a.display_name AS quoted_name, a.picture_id AS quoted_picture_id, a.deleted_at AS quoted_deleted_at"
    };
}

/// The tables of [`columns`], but for that of the messages themselves.
macro_rules! joins {
    () => {
        "JOIN people p ON p.id = m.author_id LEFT JOIN messages t ON t.id = m.root_id
        LEFT JOIN messages q ON q.id = m.reply_to LEFT JOIN people a ON a.id = q.author_id"
    };
}

pub(super) use {columns, joins};

#[derive(sqlx::FromRow)]
pub(super) struct MessageRow {
    seq: i64,
    id: Uuid,
    nonce: Uuid,
    #[sqlx(flatten)]
    author: AuthorRow,
    body: String,
    created_at: i64,
    erased_at: Option<i64>,
    edited_at: Option<i64>,
    gone_at: Option<i64>,
    pinned_at: Option<i64>,
    root_id: Option<Uuid>,
    root_replies: Option<i64>,
    reply_count: i64,
    last_reply_at: i64,
    #[sqlx(flatten)]
    quoted: QuotedRow,
}

#[derive(sqlx::FromRow)]
struct QuotedRow {
    quoted_id: Option<Uuid>,
    quoted_seq: Option<i64>,
    quoted_body: Option<String>,
    quoted_gone_at: Option<i64>,
    quoted_author_id: Option<Uuid>,
    quoted_handle: Option<String>,
    quoted_name: Option<String>,
    quoted_picture_id: Option<Uuid>,
    quoted_deleted_at: Option<i64>,
}

impl QuotedRow {
    fn quote(self) -> Option<Box<Quote>> {
        let author = Author {
            id: PersonId(self.quoted_author_id?),
            handle: Handle::from_stored(self.quoted_handle?),
            name: self.quoted_name,
            picture: self.quoted_picture_id.map(PictureId),
            deleted: self.quoted_deleted_at.is_some(),
        };
        let gone = self.quoted_gone_at.is_some();
        let text = if gone { String::new() } else { snippet(&self.quoted_body?) };
        Some(Box::new(Quote { message: MessageId(self.quoted_id?), seq: self.quoted_seq?, author, text, gone }))
    }
}

impl From<MessageRow> for Message {
    /// All of it but what stands in other tables: [`super::fill`].
    fn from(row: MessageRow) -> Self {
        let (id, nonce, at) = (MessageId(row.id), Nonce(row.nonce), Timestamp(row.created_at));
        let mut message = Self::new(row.seq, id, nonce, row.author.into(), row.body, at);
        message.edited_at = row.edited_at.map(Timestamp);
        message.pinned = row.pinned_at.is_some();
        message.root = row.root_id.map(|id| Root { id: MessageId(id), replies: number(row.root_replies.unwrap_or(0)) });
        // A thread stays one when all replies are gone.
        message.replies = (row.last_reply_at > 0).then(|| Replies {
            count: number(row.reply_count),
            last_at: Timestamp(row.last_reply_at),
            unread: None,
        });
        message.reply_to = row.quoted.quote();
        if row.gone_at.is_some() {
            message.delete();
        }
        if row.erased_at.is_some() {
            message.erase();
        }
        message
    }
}

/// A count, as it is told.
pub(super) fn number(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}
