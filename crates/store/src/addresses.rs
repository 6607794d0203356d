//! The e-mail addresses of people.

use crate::{Db, Error, backend::each_backend};
use telicat_domain::{PersonId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[LIST_ADDRESSES];

/// An address of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its identifier.
    pub id: Uuid,
    /// As it was typed.
    pub address: String,
    /// Whether it was confirmed.
    pub verified: bool,
    /// Whether mail goes to it.
    pub is_primary: bool,
    /// When the last link to confirm it was sent.
    pub sent_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    id: Uuid,
    address: String,
    verified: bool,
    is_primary: bool,
    sent_at: Option<i64>,
}

impl From<AddressRow> for Address {
    fn from(row: AddressRow) -> Self {
        let AddressRow { id, address, verified, is_primary, sent_at } = row;
        Self { id, address, verified, is_primary, sent_at: sent_at.map(Timestamp) }
    }
}

const LIST_ADDRESSES: &str = "
    SELECT id, address, verified, is_primary, sent_at FROM email_addresses WHERE person_id = $1
    ORDER BY is_primary DESC, created_at DESC";

/// The addresses of a person: the first one first, then the newest.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_addresses(db: &Db, person: PersonId) -> Result<Vec<Address>, Error> {
    let rows: Vec<AddressRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_ADDRESSES).bind(person.0).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Address::from).collect())
}
