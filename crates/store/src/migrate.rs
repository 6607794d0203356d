//! Bringing a database to the tables that this program expects.

use crate::{Db, Error};
use sqlx::migrate::{MigrateError, Migrator};

pub(crate) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

pub(crate) async fn run(db: &Db) -> Result<(), Error> {
    let done = match db {
        Db::Sqlite { writer, .. } => SQLITE.run(writer).await,
        Db::Postgres(pool) => POSTGRES.run(pool).await,
    };
    done.map_err(|error| match error {
        MigrateError::VersionMissing(_) => Error::Newer,
        MigrateError::VersionMismatch(version) => Error::Open {
            reason: format!(
                "The database was made by another line of versions of Telicat: its migration {version} \
                 is not this one's."
            ),
        },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Error::Database(error),
        other => Error::Database(other.into()),
    })
}

/// Whether a database has the tables that this program expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// It has none at all.
    Empty,
    /// It has them.
    Current,
    /// It has those of another version.
    Other,
}

/// Looks at the version, and changes nothing.
pub(crate) async fn version(db: &Db) -> Result<Version, Error> {
    // The table that sqlx keeps its account in.
    const TABLES: &str = "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    const RELATIONS: &str = "SELECT count(*) FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'";
    const DONE: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    let (tables, done): (i64, Vec<i64>) = match db {
        Db::Sqlite { reader, .. } => match sqlx::query_scalar(TABLES).fetch_one(reader).await? {
            0 => (0, Vec::new()),
            tables => (tables, sqlx::query_scalar(DONE).fetch_all(reader).await?),
        },
        Db::Postgres(pool) => match sqlx::query_scalar(RELATIONS).fetch_one(pool).await? {
            0 => (0, Vec::new()),
            tables => (tables, sqlx::query_scalar(DONE).fetch_all(pool).await?),
        },
    };
    let expected: Vec<i64> = SQLITE.iter().map(|migration| migration.version).collect();
    Ok(match (tables, done) {
        (0, _) => Version::Empty,
        (_, done) if done == expected => Version::Current,
        _ => Version::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_migrations() {
        let names = |migrator: &'static Migrator| -> Vec<(i64, &str)> {
            migrator.iter().map(|migration| (migration.version, &*migration.description)).collect()
        };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        assert!(names(&SQLITE).iter().map(|(version, _)| *version).eq(1..=names(&SQLITE).len() as i64));
    }
}
