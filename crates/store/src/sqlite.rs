//! Opening, checkpointing and closing a `SQLite` file.
//!
//! WAL, so that readers and the writer do not wait for each other; `synchronous=FULL`, so that a commit is on the disk
//! when it returns; no checkpoint inside a commit, as it would make one post in a thousand wait for the whole log.

use crate::Error;
use sqlx::{
    ConnectOptions, Connection, SqlitePool,
    error::DatabaseError,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// Connections that read. `SQLite` reads from the page cache, so more of them than cores gain nothing.
const READERS: u32 = 4;
/// How long to wait for a lock, which only another program can hold, or for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a checkpoint may make the writer wait for readers.
const CHECKPOINT_PATIENCE: Duration = Duration::from_millis(100);
/// Bytes of write-ahead log above which a checkpoint also cuts it off.
const LOG_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of a file that is examined as a whole when it is opened (about 20 ms). Of a larger one only the beginning is.
const EXAMINED_MAX: u64 = 16 * 1024 * 1024;
/// Rows that wait for their reader: more than any page has, so that a query is answered in one go.
const ROWS: usize = 256;
/// Prepared statements that a connection keeps: more than there are texts in this crate.
const STATEMENTS: usize = 256;

/// The pool that writes and the pool that reads.
pub(crate) async fn open(path: &Path) -> Result<(SqlitePool, SqlitePool), Error> {
    // SQLite would make the file readable for everybody, and would open one that it cannot write.
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let size = file.and_then(|file| file.metadata()).map_err(|error| Error::Open {
        reason: format!("The database file {} cannot be opened for writing: {error}.", path.display()),
    })?;

    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .row_buffer_size(ROWS)
        .statement_cache_capacity(STATEMENTS);
    let writing = options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", LOG_MAX.to_string());
    let refused = |error: sqlx::Error| Error::Open { reason: refusal(path, &error) };

    let writer = pool(1).connect_with(writing).await.map_err(refused)?;
    examine(path, &writer, size.len()).await?;
    let reader = pool(READERS).connect_with(options.pragma("query_only", "true")).await.map_err(refused)?;
    Ok((writer, reader))
}

/// Connections are kept for ever: a file does not go away, and a new connection reads the schema again.
fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Finds out at the start, and not at somebody's post, that the file is damaged or cannot be written.
async fn examine(path: &Path, writer: &SqlitePool, size: u64) -> Result<(), Error> {
    let question = if size <= EXAMINED_MAX {
        "PRAGMA quick_check(1)"
    } else {
        "SELECT CASE WHEN count(*) >= 0 THEN 'ok' END FROM sqlite_schema"
    };
    let found: Result<String, sqlx::Error> = async {
        let found = sqlx::query_scalar(question).fetch_one(writer).await?;
        writer.begin_with("BEGIN IMMEDIATE").await?.rollback().await?;
        Ok(found)
    }
    .await;
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(_) => Err(Error::Open { reason: damaged(path) }),
        Err(error) => Err(Error::Open { reason: refusal(path, &error) }),
    }
}

fn damaged(path: &Path) -> String {
    format!("The database file {} is damaged; restore a backup.", path.display())
}

/// Why the file cannot be used, by `SQLite`'s result code (<https://www.sqlite.org/rescode.html>).
fn refusal(path: &Path, error: &sqlx::Error) -> String {
    let file = path.display();
    if matches!(error, sqlx::Error::PoolTimedOut) {
        return format!("The database file {file} is locked by another program.");
    }
    let code = error.as_database_error().and_then(DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => format!("The database file {file} is locked by another program."),
        Some(8 | 14) => format!("The database file {file}, or its folder, cannot be written."),
        Some(11) => damaged(path),
        Some(13) => format!("The disk of the database file {file} is full."),
        Some(26) => format!("The file {file} is no SQLite database."),
        _ => format!("The database file {file} cannot be opened: {error}."),
    }
}

/// Copies the log into the file, beside readers and the writer.
pub(crate) async fn checkpoint(writer: &SqlitePool) -> Result<(), sqlx::Error> {
    let long = fs::metadata(log_of(writer.connect_options().get_filename())).is_ok_and(|log| log.len() > LOG_MAX);
    let order = if long { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(PASSIVE)" };
    run_checkpoint(writer, order, CHECKPOINT_PATIENCE).await
}

/// On a connection of its own, so that posts go on meanwhile. It takes as long as the disk does, which is no news.
async fn run_checkpoint(writer: &SqlitePool, order: &'static str, patience: Duration) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::clone(&writer.connect_options()).busy_timeout(patience);
    let mut connection = options.disable_statement_logging().connect().await?;
    sqlx::query(order).execute(&mut connection).await?;
    connection.close().await
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Leaves one file, without a log.
pub(crate) async fn close(writer: &SqlitePool, reader: &SqlitePool) {
    reader.close().await;
    if let Err(error) = run_checkpoint(writer, "PRAGMA wal_checkpoint(TRUNCATE)", PATIENCE).await {
        // Nothing is lost: the next start reads the log.
        tracing::warn!(%error, "the write-ahead log could not be emptied");
    }
    writer.close().await;
}
