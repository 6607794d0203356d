//! The e-mail addresses of people.

use crate::{Db, Error, backend::each_backend};
use telicat_domain::{Handle, PersonId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[LIST_ADDRESSES, FIND_ACCOUNT, FIND_ACCOUNT_BY_ADDRESS];

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

/// An account, by what it can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub person: PersonId,
    /// The handle.
    pub handle: Handle,
    /// The address that mail goes to, as its person typed it.
    pub address: String,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    person_id: Uuid,
    handle: String,
    address: String,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self { person: PersonId(row.person_id), handle: Handle::from_stored(row.handle), address: row.address }
    }
}

const FIND_ACCOUNT: &str = "
    SELECT e.person_id, p.handle, e.address FROM people p JOIN email_addresses e ON e.person_id = p.id
    WHERE p.id = $1 AND e.is_primary AND p.deleted_at IS NULL AND p.deactivated_at IS NULL";

/// Finds how a person is written to. Who was deactivated is not found.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_account(db: &Db, person: PersonId) -> Result<Option<Account>, Error> {
    let row: Option<AccountRow> =
        each_backend!(read db, on => sqlx::query_as(FIND_ACCOUNT).bind(person.0).fetch_optional(on).await)?;
    Ok(row.map(Account::from))
}

const FIND_ACCOUNT_BY_ADDRESS: &str = "
    SELECT e.person_id, p.handle, e.address FROM email_addresses e JOIN people p ON p.id = e.person_id
    WHERE e.address_folded = $1 AND e.is_primary AND p.deleted_at IS NULL AND p.deactivated_at IS NULL";

/// Finds the account whose first address this is, in its folded form. Who was deactivated is not found.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_account_by_address(db: &Db, address_folded: &str) -> Result<Option<Account>, Error> {
    let row: Option<AccountRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_ACCOUNT_BY_ADDRESS).bind(address_folded).fetch_optional(on).await)?;
    Ok(row.map(Account::from))
}
