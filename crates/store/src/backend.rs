//! The same lines for both databases.

/// Runs one expression on whichever database there is: `read` with the pool for reading, `write` inside a transaction,
/// `either` wherever an [`On`] says. The expression is compiled once for each, so that sqlx's types fit.
macro_rules! each_backend {
    (read $db:expr, $on:ident => $run:expr) => {{
        $crate::backend::count_statement();
        match $db {
            $crate::db::Db::Sqlite { reader: $on, .. } => $run,
            $crate::db::Db::Postgres($on) => $run,
        }
    }};
    (write $tx:expr, $on:ident => $run:expr) => {{
        $crate::backend::count_statement();
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $on = &mut **tx;
                $run
            }
            $crate::db::Tx::Postgres(tx) => {
                let $on = &mut **tx;
                $run
            }
        }
    }};
    (either $where:expr, $on:ident => $run:expr) => {{
        $crate::backend::count_statement();
        match $where {
            $crate::backend::On::Reading($crate::db::Db::Sqlite { reader: $on, .. }) => $run,
            $crate::backend::On::Reading($crate::db::Db::Postgres($on)) => $run,
            $crate::backend::On::Writing($crate::db::Tx::Sqlite(tx)) => {
                let $on = &mut **tx;
                $run
            }
            $crate::backend::On::Writing($crate::db::Tx::Postgres(tx)) => {
                let $on = &mut **tx;
                $run
            }
        }
    }};
}

pub(crate) use each_backend;

/// Counts a statement, for tests that say how many something costs.
#[cfg(feature = "testing")]
pub(crate) use crate::testing::count_statement;

#[cfg(not(feature = "testing"))]
pub(crate) fn count_statement() {}

use crate::{Db, Tx};

/// Where something is read: from what is committed, or inside a transaction, which sees what it has written itself.
#[derive(Debug)]
pub enum On<'a> {
    /// From what is committed.
    Reading(&'a Db),
    /// Inside a transaction.
    Writing(&'a mut Tx),
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Reading(db)
    }
}

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Writing(tx)
    }
}

/// Which of the two databases it is.
pub(crate) trait Backend {
    fn is_sqlite(&self) -> bool;
}

impl Backend for Db {
    fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }
}

impl Backend for Tx {
    fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl Backend for On<'_> {
    fn is_sqlite(&self) -> bool {
        match self {
            Self::Reading(db) => db.is_sqlite(),
            Self::Writing(tx) => tx.is_sqlite(),
        }
    }
}
