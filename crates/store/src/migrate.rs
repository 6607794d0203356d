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
