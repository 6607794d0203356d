//! Opening, migrating, checkpointing and closing: what works, and what is refused with which sentence.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use telicat_domain::{Email, Handle, PersonId, Timestamp};
use telicat_store::{
    Db, Error, flashes, new_id,
    people::{self, NewPerson},
    testing::both,
};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("telicat.db");
    (folder, file)
}

async fn sign_up(db: &Db, handle: &str) {
    let at = Timestamp(0);
    let mut tx = db.begin().await.unwrap();
    let new = NewPerson {
        id: PersonId(new_id(at)),
        handle: Handle::parse(handle).unwrap(),
        email: Email::parse(&format!("{handle}@cats.example")).unwrap(),
        password_hash: "x".repeat(1000),
        at,
    };
    people::insert_person(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn refusal(file: &Path) -> String {
    let error = Db::open_sqlite(file).await.unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn migrating_again_changes_nothing_and_a_newer_database_is_refused() {
    both(|db| async move {
        assert!(db.ping().await.is_ok());
        db.migrate().await.unwrap();
        let text = "UPDATE _sqlx_migrations SET version = version + 9000";
        match &db {
            Db::Sqlite { writer, .. } => drop(sqlx::query(text).execute(writer).await.unwrap()),
            Db::Postgres(pool) => drop(sqlx::query(text).execute(pool).await.unwrap()),
        }
        let error = db.migrate().await.unwrap_err();
        assert!(matches!(error, Error::Newer), "{error:?}");
        assert!(error.to_string().contains("newer version"));
    })
    .await;
}

#[tokio::test]
async fn a_closed_database_is_one_private_file_with_everything_in_it() {
    let (_folder, file) = folder();
    let log = file.with_extension("db-wal");
    let db = Db::open_sqlite(&file).await.unwrap();
    db.migrate().await.unwrap();
    sign_up(&db, "Mei").await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
    db.close().await;
    assert!(!log.exists());
    assert!(db.ping().await.is_err());

    let db = Db::open_sqlite(&file).await.unwrap();
    db.migrate().await.unwrap();
    assert_eq!(people::count_people(&db).await.unwrap(), 1);
    assert_eq!(db.backend_name(), "SQLite");
    db.close().await;
}

#[tokio::test]
async fn a_checkpoint_moves_the_log_into_the_file_beside_the_writer() {
    let (_folder, file) = folder();
    let db = Db::open_sqlite(&file).await.unwrap();
    db.migrate().await.unwrap();
    // More than the thousand pages after which SQLite would do it by itself.
    let mut tx = db.begin().await.unwrap();
    flashes::insert_flash(&mut tx, &[1; 32], &"x".repeat(8 << 20), Timestamp(1)).await.unwrap();
    tx.commit().await.unwrap();
    let before = fs::metadata(&file).unwrap().len();
    assert_eq!(before, 4096, "no commit writes into the file");
    let tx = db.begin().await.unwrap();
    db.checkpoint().await.unwrap();
    tx.rollback().await.unwrap();
    assert!(fs::metadata(&file).unwrap().len() > 8 << 20);
    db.close().await;
}

#[tokio::test]
async fn readers_cannot_write() {
    let (_folder, file) = folder();
    let db = Db::open_sqlite(&file).await.unwrap();
    db.migrate().await.unwrap();
    let Db::Sqlite { reader, .. } = &db else { unreachable!("a file was opened") };
    let error = sqlx::query("DELETE FROM people").execute(reader).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
    db.close().await;
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let (folder, file) = folder();
    fs::write(&file, "Dear diary, today I wrote a chat server. ".repeat(1000)).unwrap();
    assert!(refusal(&file).await.ends_with("telicat.db is no SQLite database."));
    assert!(fs::read_to_string(&file).unwrap().starts_with("Dear diary"), "it is left as it was");
    assert!(refusal(folder.path()).await.contains("cannot be opened for writing"));
    assert!(refusal(&folder.path().join("missing/telicat.db")).await.contains("cannot be opened for writing"));
}

#[tokio::test]
async fn a_damaged_file_is_refused() {
    let (_folder, file) = folder();
    let db = Db::open_sqlite(&file).await.unwrap();
    db.migrate().await.unwrap();
    for number in 0..200 {
        sign_up(&db, &format!("cat{number}")).await;
    }
    db.close().await;
    let whole = fs::read(&file).unwrap();

    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert!(refusal(&file).await.ends_with("telicat.db is damaged; restore a backup."));

    let mut scribbled = whole.clone();
    scribbled[whole.len() / 2..whole.len() / 2 + 8192].fill(0xa5);
    fs::write(&file, scribbled).unwrap();
    assert!(refusal(&file).await.ends_with("telicat.db is damaged; restore a backup."));

    fs::write(&file, whole).unwrap();
    Db::open_sqlite(&file).await.unwrap().close().await;
}

#[tokio::test]
async fn a_postgres_that_cannot_be_reached_is_named_without_the_password() {
    let (folder, _) = folder();
    let socket = folder.path().display().to_string().replace('/', "%2F");
    for url in ["postgres://cat:hunter2@127.0.0.1:1/x", "hunter2", &format!("postgres://cat:hunter2@{socket}/x")] {
        let error = Db::open_postgres(url).await.unwrap_err();
        assert!(matches!(error, Error::Open { .. }), "{error:?}");
        assert!(error.to_string().ends_with('.') && !format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}
