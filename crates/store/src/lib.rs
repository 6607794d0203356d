//! Everything that Telicat keeps, in `SQLite` or `PostgreSQL`.
//!
//! One file for each aggregate, with its SQL beside the rows that it yields. One text serves both databases: `$1`
//! placeholders, identifiers as [`uuid::Uuid`], numbers and moments as `i64` (microseconds since 1970 UTC), folded
//! columns instead of collations, and `now` is always a parameter. Reading takes a [`Db`], writing a [`Tx`]. Rows stay
//! in here and come out as types of `telicat_domain`; nothing here knows of permissions, HTTP or the hub.
//!
//! The verbs: `find_` may yield nothing, `get_` must yield, `list_`, `insert_`, `update_`, `delete_`.

mod backend;
mod db;
mod error;
mod id;
mod many;
mod migrate;
mod postgres;
mod sqlite;

pub mod addresses;
pub mod completion;
pub mod deletion;
pub mod exports;
pub mod flashes;
pub mod handles;
pub mod invitations;
pub mod mails;
pub mod messages;
pub mod owners;
pub mod people;
pub mod pictures;
pub mod profiles;
pub mod rooms;
pub mod sessions;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tokens;

#[cfg(test)]
mod statements;

pub use backend::On;
pub use db::{Db, Tx};
pub use error::{Constraint, Error};
pub use id::new_id;
pub use migrate::Version;
