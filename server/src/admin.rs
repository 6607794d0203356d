//! `telicat admin`: looks after accounts, beside a server that runs or without one.
//!
//! It never takes the data folder from a server: `SQLite` lets a second process write, which waits for its turn, and
//! the server sees what was written at once. What it must not do beside a server is to change the tables, so it uses
//! only a database that fits, and makes only one that is new.

use crate::{
    data::DataFolder,
    serve,
    settings::{Admin, Settings},
};
use anyhow::{anyhow, bail};
use serde_json::json;
use std::{
    fmt::Write as _,
    io::{self, BufRead, IsTerminal},
    path::Path,
    sync::Arc,
};
use telicat_domain::{ApiError, Field, Timestamp};
use telicat_service::{
    accounts::SignUp,
    admin::{Admin as Service, RESET_MINUTES, Refusal},
    clock::SystemClock,
    secret::Secret,
};
use telicat_store::{Db, Version, owners::Member};

/// A line that is longer is no password.
const LINE_MAX: u64 = 4096;

/// Does it, and prints what came of it.
///
/// # Errors
/// One sentence for whoever asked.
pub async fn run(what: Admin, settings: &Settings) -> anyhow::Result<()> {
    // Before anything is opened, so that nothing waits while somebody types.
    let password = match &what {
        Admin::CreateOwner { .. } => Some(read_password()?),
        _ => None,
    };
    let db = open(settings, password.is_some()).await?;
    let base_url = serve::base_url(settings, settings.listen);
    let service = Service::new(db, Arc::new(SystemClock), base_url)?;
    let answer = answer(&service, what, password).await;
    service.close().await;
    say(&answer.map_err(sentence)?);
    Ok(())
}

async fn answer(service: &Service, what: Admin, password: Option<Secret>) -> Result<String, Refusal> {
    Ok(match what {
        Admin::CreateOwner { email, username, .. } => {
            let password = password.unwrap_or_else(|| Secret::new(String::new()));
            let handle = service.create_owner(SignUp { email: &email, username: &username, password }).await?;
            format!("@{handle} runs the site.")
        }
        Admin::List { json, .. } => {
            let members = service.members().await?;
            if json { as_json(&members) } else { as_table(&members) }
        }
        Admin::ResetPassword(of) => {
            let link = service.reset_link(&of.handle).await?;
            format!("Whoever opens this within {RESET_MINUTES} minutes chooses another password: {link}")
        }
        Admin::Deactivate(of) => format!("@{} is kept out.", service.deactivate(&of.handle).await?),
        Admin::Reactivate(of) => format!("@{} may log in again.", service.reactivate(&of.handle).await?),
        Admin::GrantOwner(of) => format!("@{} runs the site.", service.grant_owner(&of.handle).await?),
        Admin::RevokeOwner(of) => format!("@{} runs the site no more.", service.revoke_owner(&of.handle).await?),
    })
}

/// Why it was not done, in one sentence.
fn sentence(refusal: Refusal) -> anyhow::Error {
    let Refusal::Failed(error) = refusal else { return anyhow!(refusal) };
    match error.api() {
        ApiError::Invalid { fields } => {
            let what = fields.iter().map(|error| format!("the {} is refused: {}", name(error.field), error.problem));
            anyhow!(what.collect::<Vec<_>>().join("; "))
        }
        _ => anyhow!(error),
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Email => "e-mail address",
        Field::Username => "username",
        _ => "password",
    }
}

/// Opens the database without touching what a server has: neither its folder nor its tables.
async fn open(settings: &Settings, may_make: bool) -> anyhow::Result<Db> {
    let folder = &settings.data;
    let in_folder = settings.database.is_none();
    let file = folder.join("telicat.db");
    if in_folder && !file.exists() {
        if !may_make {
            bail!("there is no database in the data folder {}; name the one that the server uses", folder.display());
        }
        return make(settings, folder).await;
    }
    let db = serve::open(settings, &file).await?;
    match db.version().await? {
        Version::Current => Ok(db),
        Version::Empty if may_make => {
            db.close().await;
            make(settings, folder).await
        }
        Version::Empty => bail!("the database is empty; name the one that the server uses"),
        Version::Other => bail!(
            "the database is not that of this version of Telicat; use the executable of the server, or start this one \
             as the server first"
        ),
    }
}

/// A new database, while no server runs.
async fn make(settings: &Settings, folder: &Path) -> anyhow::Result<Db> {
    let folder = DataFolder::take(folder)?;
    let db = serve::open(settings, &folder.database()).await?;
    db.migrate().await?;
    Ok(db)
}

/// From the terminal without showing it, or one line of what is piped in.
fn read_password() -> anyhow::Result<Secret> {
    let typed = if io::stdin().is_terminal() {
        rpassword::prompt_password("Password: ").map_err(|error| anyhow!("no password could be read: {error}"))?
    } else {
        let mut line = String::new();
        let mut input = io::Read::take(io::stdin().lock(), LINE_MAX);
        input.read_line(&mut line).map_err(|error| anyhow!("no password could be read: {error}"))?;
        line
    };
    Ok(Secret::new(typed.trim_end_matches(['\r', '\n']).to_owned()))
}

fn as_json(members: &[Member]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|member| {
            json!({
                "id": member.id,
                "handle": member.handle,
                "name": member.name,
                "address": member.address,
                "verified": member.verified,
                "owner": member.is_owner,
                "deactivated_at": member.deactivated_at.map(Timestamp::rfc3339),
                "joined_at": member.joined_at.rfc3339(),
                "last_seen_at": member.last_seen_at.map(Timestamp::rfc3339),
            })
        })
        .collect();
    let lines: Vec<String> = members.iter().map(ToString::to_string).collect();
    format!("[{}]", lines.join(",\n "))
}

fn as_table(members: &[Member]) -> String {
    let day = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.day(0).iso());
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let head = ["HANDLE", "NAME", "ADDRESS", "VERIFIED", "OWNER", "DEACTIVATED", "JOINED", "LAST SEEN"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(members.iter().map(|member| {
        [
            format!("@{}", member.handle),
            plain(member.name.as_deref().unwrap_or("-")),
            plain(member.address.as_deref().unwrap_or("-")),
            yes(member.verified),
            yes(member.is_owner),
            day(member.deactivated_at),
            day(Some(member.joined_at)),
            day(member.last_seen_at),
        ]
    }));
    let widths: [usize; 8] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let mut table = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing into a text cannot fail.
            let _written = write!(line, "{cell:width$}  ");
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table.trim_end().to_owned()
}

/// What people typed must not move the cursor of a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The program's answer, which is no log line. Nobody may listen any more, as behind `head`.
fn say(answer: &str) {
    let _heard = io::Write::write_all(&mut io::stdout().lock(), format!("{answer}\n").as_bytes());
}
