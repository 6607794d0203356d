//! The database, and a transaction in it.

use crate::{Error, Version, backend::each_backend, migrate, postgres, sqlite};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::path::Path;

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file, written by this process alone.
    Sqlite {
        /// The one connection that writes: `SQLite` lets one write at a time, and waiting for a connection is fair and
        /// cheap, where waiting for `SQLite`'s lock is neither.
        writer: SqlitePool,
        /// The connections that read, beside each other and beside the writer. They refuse to write.
        reader: SqlitePool,
    },
    /// A server, which several processes may share.
    Postgres(PgPool),
}

/// A transaction that writes. Dropped, it is rolled back; after an error of its statements it can only be rolled back.
#[derive(Debug)]
pub enum Tx {
    /// In the file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens the `SQLite` database in the file at `path`, or makes it, readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::Open`], with a sentence for whoever runs the server.
    pub async fn open_sqlite(path: &Path) -> Result<Self, Error> {
        let (writer, reader) = sqlite::open(path).await?;
        Ok(Self::Sqlite { writer, reader })
    }

    /// Opens the `PostgreSQL` database at `url`: `postgres://user:password@host:port/database`.
    ///
    /// # Errors
    /// [`Error::Open`], with a sentence for whoever runs the server. The password is never in it.
    pub async fn open_postgres(url: &str) -> Result<Self, Error> {
        postgres::open(url).await.map(Self::Postgres)
    }

    /// Brings the tables to what this program expects. Processes that do so at the same time wait for each other.
    ///
    /// # Errors
    /// [`Error::Newer`] when a newer program has used the database; [`Error::Open`] when it was made by another line of
    /// versions; [`Error::Database`].
    pub async fn migrate(&self) -> Result<(), Error> {
        migrate::run(self).await
    }

    /// Whether the tables are those that this program expects. Changes nothing, so that it may be asked beside another
    /// program that uses the database.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn version(&self) -> Result<Version, Error> {
        migrate::version(self).await
    }

    /// Begins a transaction that writes. On `SQLite` it holds the only writer from here to its end, so do nothing slow
    /// inside it, and never begin a second one.
    ///
    /// # Errors
    /// [`Error::Database`]; see [`Error::is_busy`].
    pub async fn begin(&self) -> Result<Tx, Error> {
        Ok(match self {
            // IMMEDIATE: a transaction that reads first and then wants to write may be refused at once (SQLITE_BUSY).
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Moves what was written from `SQLite`'s write-ahead log into the file, beside readers and the writer. The program
    /// must call this now and then, as commits never do it. On `PostgreSQL` there is nothing to do.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn checkpoint(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { writer, .. } => Ok(sqlite::checkpoint(writer).await?),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Asks whether the database answers.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn ping(&self) -> Result<(), Error> {
        each_backend!(read self, on => sqlx::query("SELECT 1").execute(on).await.map(drop))?;
        Ok(())
    }

    /// Waits for what is under way, and closes. After this every call fails.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => sqlite::close(writer, reader).await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// What the database is called.
    #[must_use]
    pub fn backend_name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

impl Tx {
    /// Makes what was written durable and visible.
    ///
    /// # Errors
    /// [`Error::Database`]. Whether it was written is then known only by looking.
    pub async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes back what was written.
    ///
    /// # Errors
    /// [`Error::Database`]. It is taken back nevertheless.
    pub async fn rollback(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
