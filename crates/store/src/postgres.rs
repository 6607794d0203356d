//! Opening a `PostgreSQL` database.

use crate::Error;
use sqlx::{
    ConnectOptions, Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};

/// Connections of one process. `PostgreSQL` lets in a hundred by default, which several nodes and a backup must share.
const CONNECTIONS: u32 = 16;
/// How long to wait for a free connection, or for the server at the start.
const PATIENCE: Duration = Duration::from_secs(5);
/// Prepared statements that a connection keeps: more than there are texts in this crate.
const STATEMENTS: usize = 256;

pub(crate) async fn open(url: &str) -> Result<PgPool, Error> {
    // What the parser says may quote the URL, and with it the password.
    let options = PgConnectOptions::from_str(url).map_err(|_| Error::Open {
        reason: "The address of the PostgreSQL database cannot be read; it looks like \
                 postgres://user:password@host:port/database."
            .to_owned(),
    })?;
    let options = options.application_name("telicat").statement_cache_capacity(STATEMENTS);

    // One connection by hand: the pool would try again until its time is over, and then not know why.
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => connection.close().await?,
        Ok(Err(error)) => return Err(Error::Open { reason: refusal(&options, &error) }),
        Err(_) => {
            let reason = format!("The PostgreSQL server {} does not answer.", place(&options));
            return Err(Error::Open { reason });
        }
    }
    Ok(PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_lazy_with(options))
}

fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(folder) => format!("at the socket in {}", folder.display()),
        None => format!("at {}:{}", options.get_host(), options.get_port()),
    }
}

fn refusal(options: &PgConnectOptions, error: &sqlx::Error) -> String {
    let place = place(options);
    match error {
        sqlx::Error::Io(error) => format!("The PostgreSQL server {place} cannot be reached: {error}."),
        sqlx::Error::Database(error) => {
            format!("The PostgreSQL server {place} refuses the connection: {}.", error.message())
        }
        sqlx::Error::Tls(error) => format!("The PostgreSQL server {place} cannot be reached by TLS: {error}."),
        _ => format!("The PostgreSQL server {place} does not speak as expected."),
    }
}
