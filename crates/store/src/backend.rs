//! The same lines for both databases.

/// Runs one expression on whichever database there is: `read` with the pool for reading, `write` inside a transaction.
/// The expression is compiled once for each, so that sqlx's types fit.
macro_rules! each_backend {
    (read $db:expr, $on:ident => $run:expr) => {
        match $db {
            $crate::db::Db::Sqlite { reader: $on, .. } => $run,
            $crate::db::Db::Postgres($on) => $run,
        }
    };
    (write $tx:expr, $on:ident => $run:expr) => {
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
    };
}

pub(crate) use each_backend;
