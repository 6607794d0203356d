//! Every statement of this crate is understood by both databases, and both have the same tables.

use crate::{
    Db, addresses, completion, deletion, exports, flashes, handles, invitations, mails, messages, owners, people,
    pictures, profiles, rooms, sessions, testing::both, tokens,
};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr, postgres::PgTypeInfo};

/// The statements of each file, and the file.
const FILES: &[(&[&str], &str)] = &[
    (addresses::ALL, include_str!("addresses.rs")),
    (completion::ALL, include_str!("completion.rs")),
    (deletion::ALL, include_str!("deletion.rs")),
    (exports::ALL, include_str!("exports.rs")),
    (flashes::ALL, include_str!("flashes.rs")),
    (handles::ALL, include_str!("handles.rs")),
    (invitations::ALL, include_str!("invitations.rs")),
    (mails::ALL, include_str!("mails.rs")),
    (owners::ALL, include_str!("owners.rs")),
    (people::ALL, include_str!("people.rs")),
    (pictures::ALL, include_str!("pictures.rs")),
    (profiles::ALL, include_str!("profiles.rs")),
    (rooms::ALL, include_str!("rooms.rs")),
    (sessions::ALL, include_str!("sessions.rs")),
    (tokens::ALL, include_str!("tokens.rs")),
];

/// Texts in those files that are no statements.
const NO_STATEMENTS: &[&str] = &["pub const EVERYBODY: &str ="];

fn files() -> impl Iterator<Item = (&'static [&'static str], &'static str)> {
    FILES.iter().chain(messages::FILES).copied()
}

#[test]
fn no_statement_is_left_out() {
    let mut many = 0;
    for (all, source) in files() {
        let is_statement = |line: &&str| {
            line.contains("const ") && line.contains(": &str =") && !NO_STATEMENTS.iter().any(|no| line.starts_with(no))
        };
        let found: Vec<_> = source.lines().filter(is_statement).collect();
        assert_eq!(found.len(), all.len(), "ALL has not what the file has: {found:#?}");
        many += source.lines().filter(|line| line.contains(": LazyLock<Many> =")).count();
    }
    assert_eq!(many, messages::ALL_MANY.concat().len());
    // A new file with statements belongs into FILES.
    let modules = include_str!("lib.rs").lines().filter(|line| line.starts_with("pub mod ")).count();
    assert_eq!(modules - 2, FILES.len(), "all public modules but `testing` and `messages`");
    let modules = include_str!("messages.rs").lines().filter(|line| line.starts_with("mod ")).count();
    assert_eq!(modules + 1, messages::FILES.len(), "`messages` and all inside it");
}

#[tokio::test]
async fn both_databases_understand_every_statement() {
    both(|db| async move {
        let tx = db.begin().await.unwrap();
        let few = files().flat_map(|(all, _)| all.iter().copied());
        let many =
            messages::ALL_MANY.iter().copied().flatten().flat_map(|many| many.texts(&tx).iter().map(String::as_str));
        let all: Vec<&str> = few.chain(many).collect();
        tx.rollback().await.unwrap();
        for text in all {
            let statement = AssertSqlSafe(text).into_sql_str();
            let prepared = match &db {
                Db::Sqlite { writer, .. } => writer.prepare(statement).await.map(drop),
                Db::Postgres(pool) => pool.prepare_with(statement, &declared(text)).await.map(drop),
            };
            assert!(prepared.is_ok(), "{text}\n{prepared:?}");
        }
    })
    .await;
}

/// The types that `PostgreSQL` cannot find out from the text, by the names of the columns that are wanted. A query that is
/// run declares those of its arguments.
fn declared(text: &str) -> Vec<PgTypeInfo> {
    let columns = match text.strip_prefix("WITH wanted (").and_then(|rest| rest.split(')').next()) {
        Some(columns) => columns,
        None if text.contains("IN (VALUES") => "id",
        None => return Vec::new(),
    };
    let row = columns.split(", ").map(|column| match column {
        "name" => "text",
        "now" => "int8",
        _ => "uuid",
    });
    let row: Vec<PgTypeInfo> = row.map(PgTypeInfo::with_name).collect();
    row.iter().cycle().take(text.matches('$').count()).cloned().collect()
}

/// Table, column, whether it may be null.
type Column = (String, String, bool);

async fn columns(db: &Db) -> Vec<Column> {
    let mut columns: Vec<Column> = match db {
        Db::Sqlite { reader, .. } => {
            let text = "SELECT t.name, c.name, c.\"notnull\" = 0 FROM sqlite_schema t, pragma_table_info(t.name) c
                WHERE t.type = 'table'";
            sqlx::query_as(text).fetch_all(reader).await.unwrap()
        }
        Db::Postgres(pool) => {
            let text = "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns
                WHERE table_schema = 'public'";
            sqlx::query_as(text).fetch_all(pool).await.unwrap()
        }
    };
    // sqlx's own table differs.
    columns.retain(|(table, _, _)| !table.starts_with('_'));
    columns.sort();
    columns
}

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let found = std::sync::Mutex::new(Vec::new());
    both(|db| {
        let found = &found;
        async move {
            let columns = columns(&db).await;
            found.lock().unwrap().push(columns);
        }
    })
    .await;
    let found = found.into_inner().unwrap();
    assert!(found[0].len() > 40, "{found:#?}");
    assert!(found.iter().all(|columns| *columns == found[0]), "{found:#?}");
}
