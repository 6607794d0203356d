//! The e-mail addresses of people.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{Email, Handle, PersonId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    COUNT_VERIFIED,
    LIST_ADDRESSES,
    FIND_ACCOUNT,
    FIND_ACCOUNT_BY_ADDRESS,
    FIND_CLAIM,
    FIND_HOLDER,
    UPSERT_PENDING,
    UPDATE_ADDRESS_SENT,
    DELETE_PENDING,
    DELETE_PRIMARY,
    UPDATE_CONFIRMED,
];

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

/// The addresses of a person, as [`list_addresses`], inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_addresses_in(tx: &mut Tx, person: PersonId) -> Result<Vec<Address>, Error> {
    let rows: Vec<AddressRow> =
        each_backend!(write tx, on => sqlx::query_as(LIST_ADDRESSES).bind(person.0).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Address::from).collect())
}

/// Somebody's word that an address is theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who says so.
    pub person: PersonId,
    /// Their handle.
    pub handle: Handle,
    /// The address.
    pub address: Address,
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    person_id: Uuid,
    handle: String,
    #[sqlx(flatten)]
    address: AddressRow,
}

impl From<ClaimRow> for Claim {
    fn from(row: ClaimRow) -> Self {
        let ClaimRow { person_id, handle, address } = row;
        Self { person: PersonId(person_id), handle: Handle::from_stored(handle), address: address.into() }
    }
}

const FIND_CLAIM: &str = "
    SELECT e.person_id, p.handle, e.id, e.address, e.verified, e.is_primary, e.sent_at
    FROM email_addresses e JOIN people p ON p.id = e.person_id WHERE e.id = $1";

/// Finds an address by its identifier, and whose it is.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_claim(db: &Db, id: Uuid) -> Result<Option<Claim>, Error> {
    let row: Option<ClaimRow> =
        each_backend!(read db, on => sqlx::query_as(FIND_CLAIM).bind(id).fetch_optional(on).await)?;
    Ok(row.map(Claim::from))
}

/// As [`find_claim`], inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_claim_in(tx: &mut Tx, id: Uuid) -> Result<Option<Claim>, Error> {
    let row: Option<ClaimRow> =
        each_backend!(write tx, on => sqlx::query_as(FIND_CLAIM).bind(id).fetch_optional(on).await)?;
    Ok(row.map(Claim::from))
}

/// Who has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// Their handle.
    pub handle: Handle,
    /// Whether the account waits until the address is confirmed.
    pub waiting: bool,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    person_id: Uuid,
    handle: String,
    waiting: bool,
}

const FIND_HOLDER: &str = "
    SELECT e.person_id, p.handle, p.waiting FROM email_addresses e JOIN people p ON p.id = e.person_id
    WHERE e.address_folded = $1 AND (e.verified OR e.is_primary)";

/// Finds whose address it is, by its folded form. Who only claims it, as a second one, is not found.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_holder_in(tx: &mut Tx, address_folded: &str) -> Result<Option<Holder>, Error> {
    let row: Option<HolderRow> =
        each_backend!(write tx, on => sqlx::query_as(FIND_HOLDER).bind(address_folded).fetch_optional(on).await)?;
    Ok(row.map(|row| Holder {
        person: PersonId(row.person_id),
        handle: Handle::from_stored(row.handle),
        waiting: row.waiting,
    }))
}

/// An address that is to take the place of another.
#[derive(Debug, Clone)]
pub struct NewAddress {
    /// The new identifier.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// The address.
    pub email: Email,
    /// Now, which is also when the link to confirm it was sent.
    pub at: Timestamp,
}

const UPSERT_PENDING: &str = "
    INSERT INTO email_addresses (id, person_id, address, address_folded, verified, is_primary, created_at, sent_at)
    VALUES ($1, $2, $3, $4, FALSE, FALSE, $5, $5)
    ON CONFLICT (person_id) WHERE NOT is_primary DO UPDATE SET
        id = excluded.id, address = excluded.address, address_folded = excluded.address_folded,
        created_at = excluded.created_at, sent_at = excluded.sent_at";

/// Writes the address that a person wants instead of the one they have. It takes the place of one that waited.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_pending(tx: &mut Tx, new: &NewAddress) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPSERT_PENDING)
        .bind(new.id)
        .bind(new.person.0)
        .bind(new.email.as_str())
        .bind(new.email.folded())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_ADDRESS_SENT: &str = "
    UPDATE email_addresses SET sent_at = $2 WHERE id = $1 AND NOT verified AND (sent_at IS NULL OR sent_at <= $3)";

/// Notes that a link to confirm an address is sent now, unless one was sent after `last`. Says whether it was noted: of
/// two that try at the same time one succeeds.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_address_sent(tx: &mut Tx, id: Uuid, now: Timestamp, last: Timestamp) -> Result<bool, Error> {
    let noted = each_backend!(write tx, on => sqlx::query(UPDATE_ADDRESS_SENT)
        .bind(id)
        .bind(now.0)
        .bind(last.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(noted > 0)
}

const DELETE_PENDING: &str = "DELETE FROM email_addresses WHERE person_id = $1 AND NOT is_primary";

/// Gives up the address that waits. Says whether there was one.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_pending(tx: &mut Tx, person: PersonId) -> Result<bool, Error> {
    let deleted = each_backend!(write tx, on =>
        sqlx::query(DELETE_PENDING).bind(person.0).execute(on).await.map(|done| done.rows_affected()))?;
    Ok(deleted > 0)
}

const DELETE_PRIMARY: &str = "DELETE FROM email_addresses WHERE person_id = $1 AND is_primary AND id <> $2
    RETURNING address";

const UPDATE_CONFIRMED: &str = "UPDATE email_addresses SET verified = TRUE, is_primary = TRUE WHERE id = $1";

/// Makes an address the verified first one of its person. The one that was the first, if that is another, is removed and
/// returned.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Email`](crate::Constraint::Email) when it is somebody else's;
/// [`Error::Database`].
pub async fn update_confirmed(tx: &mut Tx, person: PersonId, id: Uuid) -> Result<Option<String>, Error> {
    let removed: Option<String> = each_backend!(write tx, on =>
        sqlx::query_scalar(DELETE_PRIMARY).bind(person.0).bind(id).fetch_optional(on).await)?;
    each_backend!(write tx, on => sqlx::query(UPDATE_CONFIRMED).bind(id).execute(on).await.map(drop))?;
    Ok(removed)
}

const COUNT_VERIFIED: &str = "SELECT count(*) FROM email_addresses WHERE person_id = $1 AND verified";

/// Whether an address of a person is known to be theirs.
///
/// # Errors
/// [`Error::Database`].
pub async fn has_verified_address(tx: &mut Tx, person: PersonId) -> Result<bool, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(COUNT_VERIFIED).bind(person.0).fetch_one(on).await)?;
    Ok(count > 0)
}
