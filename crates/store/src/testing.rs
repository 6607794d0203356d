//! Throw-away databases for tests, here and in the crates above.
//!
//! A test takes its case to both databases with [`both`]. `PostgreSQL` is the server that `TELICAT_TEST_POSTGRES`
//! names, by the URL of a superuser; `cargo xtask test host` starts one. `none` leaves `PostgreSQL` out.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot get its database has failed")]

use crate::{
    Db, Error, Tx,
    backend::each_backend,
    mails::NewMail,
    members, new_id,
    rooms::{self, NewRoom},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{cell::Cell, env, path::PathBuf, thread};
use telicat_domain::{MessageId, PersonId, RoomId, RoomSlug, Timestamp, permission::Role, room::RoomKind};
use tempfile::TempDir;

/// The variable with the URL of the `PostgreSQL` server for tests.
pub const POSTGRES_VARIABLE: &str = "TELICAT_TEST_POSTGRES";

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// Counts a statement that is about to be sent.
pub(crate) fn count_statement() {
    STATEMENTS.with(|count| count.set(count.get() + 1));
}

/// How many statements this thread has sent, without those that begin and end transactions. A test has a thread, and
/// all that it spawns runs on it, unless it says otherwise.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.with(Cell::get)
}

/// A database of its own, with all tables and nothing in them.
pub struct TestDb {
    /// The database.
    pub db: Db,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Server { url: String, name: String },
    Gone,
}

impl TestDb {
    /// A `SQLite` file in a temporary folder.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = Db::open_sqlite(&file_in(&folder)).await.expect("a new file can be opened");
        db.migrate().await.expect("a new file can be migrated");
        Self { db, home: Home::Folder(folder) }
    }

    /// A database on the `PostgreSQL` server for tests; none when `TELICAT_TEST_POSTGRES` is `none`.
    pub async fn postgres() -> Option<Self> {
        let server = env::var(POSTGRES_VARIABLE).unwrap_or_default();
        assert!(
            !server.is_empty(),
            "this test needs PostgreSQL: run `cargo xtask test host`, or set {POSTGRES_VARIABLE} \
             to a superuser's URL, or to `none` to leave PostgreSQL out"
        );
        if server == "none" {
            eprintln!("{POSTGRES_VARIABLE} is `none`: not tried on PostgreSQL");
            return None;
        }
        let name = format!("telicat_test_{}", new_id(Timestamp(0)).simple());
        order(&server, format!("CREATE DATABASE {name}")).await.expect("the server for tests makes a database");
        let db = Db::open_postgres(&database_of(&server, &name)).await.expect("a new database can be opened");
        db.migrate().await.expect("a new database can be migrated");
        Some(Self { db, home: Home::Server { url: server, name } })
    }

    /// What a program is told to open this database: the path of the file, or the URL.
    #[must_use]
    pub fn location(&self) -> String {
        match &self.home {
            Home::Folder(folder) => file_in(folder).display().to_string(),
            Home::Server { url, name } => database_of(url, name),
            Home::Gone => String::new(),
        }
    }

    /// Closes the database and removes it. Dropping does so too, and ignores errors.
    pub async fn drop_database(mut self) {
        self.db.close().await;
        if let Home::Server { url, name } = std::mem::replace(&mut self.home, Home::Gone) {
            order(&url, removal(&name)).await.expect("the server for tests removes a database");
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Home::Server { url, name } = std::mem::replace(&mut self.home, Home::Gone) else { return };
        // The test has failed, inside a runtime that cannot be waited for. The thread has one of its own.
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(order(&url, removal(&name))))
        };
        drop(thread::spawn(remove).join());
    }
}

/// Runs a test's case on `SQLite` and then on `PostgreSQL`, each with an empty database.
pub async fn both<C, F>(case: C)
where
    C: Fn(Db) -> F,
    F: Future<Output = ()>,
{
    for test in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        eprintln!("on {}", test.db.backend_name());
        case(test.db.clone()).await;
        test.drop_database().await;
    }
}

/// Writes a room of any kind with its members, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_room(
    db: &Db,
    slug: &RoomSlug,
    kind: RoomKind,
    members: &[(PersonId, Role)],
    at: Timestamp,
) -> Result<RoomId, Error> {
    let id = RoomId(new_id(at));
    let mut tx = db.begin().await?;
    let new = NewRoom { id, slug, kind, name: slug.as_str(), topic: "", direct_key: None, at };
    rooms::insert_room(&mut tx, &new).await?;
    for (person, role) in members {
        members::insert_member(&mut tx, id, *person, *role, 0, at).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Makes all messages of a room but the first answers to it, in its thread.
///
/// # Errors
/// [`Error::Database`].
pub async fn make_thread(db: &Db, room: RoomId) -> Result<(), Error> {
    let text = "UPDATE messages SET
            root_id = (SELECT m.id FROM messages m WHERE m.room_id = $1 ORDER BY m.seq LIMIT 1),
            reply_to = (SELECT m.id FROM messages m WHERE m.room_id = $1 ORDER BY m.seq LIMIT 1)
        WHERE room_id = $1 AND seq > (SELECT min(m.seq) FROM messages m WHERE m.room_id = $1)";
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query(text).bind(room.0).execute(on).await.map(drop))?;
    tx.commit().await
}

/// Closes a room for writing, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn archive_room(tx: &mut Tx, slug: &str, at: Timestamp) -> Result<(), Error> {
    let text = "UPDATE rooms SET archived_at = $2 WHERE slug = $1";
    each_backend!(write tx, on => sqlx::query(text).bind(slug).bind(at.0).execute(on).await.map(drop))?;
    Ok(())
}

/// Takes a member away, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn remove_member(tx: &mut Tx, slug: &str, person: PersonId) -> Result<(), Error> {
    let text = "DELETE FROM memberships WHERE person_id = $2 AND room_id = (SELECT id FROM rooms WHERE slug = $1)";
    each_backend!(write tx, on => sqlx::query(text).bind(slug).bind(person.0).execute(on).await.map(drop))?;
    Ok(())
}

/// The mails that wait, the oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn mails(db: &Db) -> Result<Vec<NewMail>, Error> {
    let text = "SELECT recipient, subject, body_text, body_html, created_at FROM mails ORDER BY created_at, id";
    let rows: Vec<(String, String, String, String, i64)> =
        each_backend!(read db, on => sqlx::query_as(text).fetch_all(on).await)?;
    let mail = |(recipient, subject, text, html, at)| NewMail { recipient, subject, text, html, at: Timestamp(at) };
    Ok(rows.into_iter().map(mail).collect())
}

/// Makes every password that was typed so far too old to vouch for its person.
///
/// # Errors
/// [`Error::Database`].
pub async fn age_proofs(db: &Db) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query("UPDATE sessions SET proved_at = 0").execute(on).await.map(drop))?;
    tx.commit().await
}

/// What forms left for their pages, as it is kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn flashes(db: &Db) -> Result<Vec<String>, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar("SELECT payload FROM flashes").fetch_all(on).await)?)
}

/// Gives a person another first address, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn set_primary_address(db: &Db, person: PersonId, address: &str) -> Result<(), Error> {
    let text =
        "UPDATE email_addresses SET address = $2, address_folded = lower($2) WHERE person_id = $1 AND is_primary";
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query(text).bind(person.0).bind(address).execute(on).await.map(drop))?;
    tx.commit().await
}

/// Every row of every table, as text, with its table before it: to see that something is nowhere.
pub async fn dump(db: &Db) -> Vec<String> {
    let mut rows = Vec::new();
    match db {
        Db::Sqlite { reader, .. } => {
            let columns = "SELECT t.name, group_concat('quote(\"' || c.name || '\")', ' || '' '' || ')
                FROM sqlite_schema t, pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT LIKE '\\_%' ESCAPE '\\' GROUP BY t.name";
            let tables: Vec<(String, String)> =
                sqlx::query_as(columns).fetch_all(reader).await.expect("the tables are listed");
            for (table, columns) in tables {
                let text = format!("SELECT '{table}: ' || {columns} FROM {table}");
                let found: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(reader).await.expect("a table is read");
                rows.extend(found);
            }
        }
        Db::Postgres(pool) => {
            let names = "SELECT table_name::text FROM information_schema.tables
                WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%'";
            let tables: Vec<String> = sqlx::query_scalar(names).fetch_all(pool).await.expect("the tables are listed");
            for table in tables {
                let text = format!("SELECT '{table}: ' || t::text FROM {table} t");
                let found: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(pool).await.expect("a table is read");
                rows.extend(found);
            }
        }
    }
    rows
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("telicat.db")
}

/// The server's URL with another database in it.
fn database_of(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, None), |(address, query)| (address, Some(query)));
    let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
    query.map_or_else(|| format!("{base}/{name}"), |query| format!("{base}/{name}?{query}"))
}

fn removal(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

async fn order(server: &str, text: String) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::query(AssertSqlSafe(text)).execute(&mut connection).await?;
    connection.close().await
}

/// Marks a message as deleted, or as there again, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn set_deleted(db: &Db, message: MessageId, at: Option<Timestamp>) -> Result<(), Error> {
    let text = "UPDATE messages SET deleted_at = $2 WHERE id = $1";
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on =>
        sqlx::query(text).bind(message.0).bind(at.map(|at| at.0)).execute(on).await.map(drop))?;
    tx.commit().await
}

/// Puts a message into the thread of another one.
///
/// # Errors
/// [`Error::Database`].
pub async fn set_root(db: &Db, message: MessageId, root: MessageId) -> Result<(), Error> {
    let texts = [
        "UPDATE messages SET root_id = $2 WHERE id = $1",
        "UPDATE messages SET reply_count = reply_count + 1,
            last_reply_seq = (SELECT n.seq FROM messages n WHERE n.id = $1),
            last_reply_at = (SELECT n.created_at FROM messages n WHERE n.id = $1)
        WHERE id = $2",
    ];
    let mut tx = db.begin().await?;
    for text in texts {
        each_backend!(write &mut tx, on =>
            sqlx::query(text).bind(message.0).bind(root.0).execute(on).await.map(drop))?;
    }
    tx.commit().await
}

/// Has a message call a person, or everybody.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_mention(
    db: &Db,
    message: MessageId,
    called: Option<(&str, PersonId)>,
    in_thread: bool,
) -> Result<(), Error> {
    let text = "INSERT INTO mentions (message_id, room_id, seq, handle_folded, person_id, author_id, in_thread)
        SELECT id, room_id, seq, $2, $3, author_id, $4 FROM messages WHERE id = $1";
    let (handle, person) = called.map_or(("", None), |(handle, person)| (handle, Some(person.0)));
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query(text)
        .bind(message.0)
        .bind(handle)
        .bind(person)
        .bind(in_thread)
        .execute(on).await.map(drop))?;
    tx.commit().await
}

/// Has a person follow a thread, or no longer, as somebody who has read it up to an event.
///
/// # Errors
/// [`Error::Database`].
pub async fn set_follow(
    db: &Db,
    root: MessageId,
    person: PersonId,
    following: bool,
    read_seq: i64,
) -> Result<(), Error> {
    let text = "INSERT INTO thread_follows (root_id, person_id, room_id, following, read_seq)
        SELECT id, $2, room_id, $3, $4 FROM messages WHERE id = $1
        ON CONFLICT (root_id, person_id) DO UPDATE SET following = $3, read_seq = $4";
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query(text)
        .bind(root.0)
        .bind(person.0)
        .bind(following)
        .bind(read_seq)
        .execute(on).await.map(drop))?;
    tx.commit().await
}

/// Ends a membership, past all rules of how that is done.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_member(db: &Db, room: RoomId, person: PersonId) -> Result<(), Error> {
    let text = "DELETE FROM memberships WHERE room_id = $1 AND person_id = $2";
    let mut tx = db.begin().await?;
    each_backend!(write &mut tx, on => sqlx::query(text).bind(room.0).bind(person.0).execute(on).await.map(drop))?;
    tx.commit().await
}
