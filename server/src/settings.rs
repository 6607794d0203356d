//! Every setting: a flag, the variable behind it, and a default that works. `telicat --help` is their reference.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use http::Uri;
use ipnet::IpNet;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};
use telicat_service::secret::Secret;

/// A chat server that you run for yourself: one executable, one data directory.
#[derive(Debug, Parser)]
#[command(name = "telicat", about, args_conflicts_with_subcommands = true, disable_version_flag = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<CliCommand>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serves the chat. This is what `telicat` alone does.
    Serve(Settings),
    /// Brings the database up to date, and ends. `serve` does so by itself.
    Migrate(Settings),
    /// Looks after accounts, beside a server that runs or without one. Takes the same settings as `serve`.
    #[command(subcommand)]
    Admin(Admin),
}

/// What can be done to accounts from the command line. What stands here is what `--help` prints.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Makes an account that runs the site. Asks for its password, or reads it as one line from a pipe.
    CreateOwner {
        /// Its e-mail address.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// Its username, which others address it by.
        #[arg(long, value_name = "NAME")]
        username: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Lists all accounts.
    List {
        /// As JSON, one object for each account, with times as RFC 3339 writes them.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Prints a link by which somebody chooses another password. It works once, within 60 minutes. Earlier links end.
    ResetPassword(Of),
    /// Keeps somebody out: all sessions end at once, and no new one begins. Messages stay.
    Deactivate(Of),
    /// Lets somebody in again who was deactivated.
    Reactivate(Of),
    /// Lets somebody run the site: owners make invitations.
    GrantOwner(Of),
    /// Lets somebody run the site no more. The last owner stays.
    RevokeOwner(Of),
}

/// Whom it is about.
#[derive(Debug, Args)]
pub struct Of {
    /// The username, with or without @, in any letter case.
    #[arg(value_name = "HANDLE")]
    pub handle: String,
    #[command(flatten)]
    pub settings: Settings,
}

impl Admin {
    /// The settings that came with it.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        match self {
            Self::CreateOwner { settings, .. } | Self::List { settings, .. } => settings,
            Self::ResetPassword(of)
            | Self::Deactivate(of)
            | Self::Reactivate(of)
            | Self::GrantOwner(of)
            | Self::RevokeOwner(of) => &of.settings,
        }
    }
}

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// Serve.
    Serve,
    /// Migrate and end.
    Migrate,
    /// Look after accounts and end.
    Admin(Box<Admin>),
}

impl Cli {
    /// The command, and the settings for it.
    #[must_use]
    pub fn into_parts(self) -> (Command, Settings) {
        match self.command {
            None => (Command::Serve, self.settings),
            Some(CliCommand::Serve(settings)) => (Command::Serve, settings),
            Some(CliCommand::Migrate(settings)) => (Command::Migrate, settings),
            Some(CliCommand::Admin(admin)) => {
                let settings = admin.settings().clone();
                (Command::Admin(Box::new(admin)), settings)
            }
        }
    }
}

/// All settings. What stands here is what `--help` prints, so it is no Markdown.
#[expect(clippy::doc_markdown, reason = "the texts are printed as they are")]
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The address and port to listen on. Port 0 takes a free one.
    #[arg(long, env = "TELICAT_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// The folder for everything that Telicat keeps. Made when it is missing.
    #[arg(long, env = "TELICAT_DATA", default_value = "./data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// The database: a URL that begins with postgres://, or a file for SQLite. By default telicat.db in the data folder.
    #[arg(long, env = "TELICAT_DATABASE", value_name = "URL or FILE", hide_env_values = true, value_parser = secret)]
    pub database: Option<Secret>,
    /// The address that people type, such as https://chat.example.org, when a proxy stands before Telicat. With https
    /// the cookies are bound to it.
    #[arg(long, env = "TELICAT_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Uri>,
    /// Who may make an account.
    #[arg(long, env = "TELICAT_SIGNUPS", value_enum, default_value_t = Signups::Open)]
    pub signups: Signups,
    /// Whether an account begins only when its address is confirmed. Signing up then tells nobody who has an account.
    #[arg(long, env = "TELICAT_VERIFY_SIGNUPS", value_enum, default_value_t = Switch::Off)]
    pub verify_signups: Switch,
    /// The mail server: smtps://user:password@host, or smtp://user:password@host:587?tls=required. By default there is
    /// none: each mail becomes a file in the folder outbox in the data folder, and the log says so.
    #[arg(long, env = "TELICAT_MAIL", value_name = "URL", hide_env_values = true, value_parser = secret)]
    pub mail: Option<Secret>,
    /// The address that mail comes from. By default telicat@ and the host of the public URL.
    #[arg(long, env = "TELICAT_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Limits how often somebody may log in, sign up and post. Turn it off only to measure.
    #[arg(long, env = "TELICAT_RATE_LIMITS", value_enum, default_value_t = Switch::On)]
    pub rate_limits: Switch,
    /// The proxies whose X-Forwarded-For is believed, as addresses or networks with commas between them. Everybody
    /// else's is ignored.
    #[arg(long, env = "TELICAT_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS", value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// How much is logged: error, warn, info, debug or trace, or a filter such as telicat_server=debug.
    #[arg(long, env = "TELICAT_LOG", default_value = "info", value_name = "LEVEL")]
    pub log: String,
    /// How it is logged.
    #[arg(long, env = "TELICAT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Signups {
    /// Everybody who finds the page.
    Open,
    /// Whoever bears an invitation of an owner of the site.
    Invite,
    /// Nobody.
    Closed,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A URL may hold a password, so it is shown nowhere.
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text.to_owned()))
}

fn public_url(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| "it is no URL".to_owned())?;
    let plain = uri.authority().is_some() && uri.path() == "/" && uri.query().is_none();
    if plain && matches!(uri.scheme_str(), Some("http" | "https")) {
        Ok(uri)
    } else {
        Err("it must be http:// or https://, a host, and nothing behind it".to_owned())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| "it is no address".into())
}

/// Variables by which the project's own tests find things.
const FOR_TESTS: [&str; 2] = ["TELICAT_BIN", "TELICAT_TEST_POSTGRES"];

/// The first variable that looks like a setting and is none: most likely a slip of the pen.
#[must_use]
pub fn unknown_variable() -> Option<String> {
    let command = Settings::augment_args(Cli::command());
    let known: Vec<String> =
        command.get_arguments().filter_map(|arg| arg.get_env()?.to_str().map(str::to_owned)).collect();
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with("TELICAT_") && !known.contains(name) && !FOR_TESTS.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_a_flag_and_a_variable() {
        Cli::command().debug_assert();
        for argument in Settings::augment_args(clap::Command::new("x")).get_arguments() {
            assert!(argument.get_env().is_some(), "{argument} has no variable");
            assert!(argument.get_help().is_some(), "{argument} has no help");
        }
    }

    #[test]
    fn serve_may_be_left_out() {
        let of = |args: &[&str]| Cli::try_parse_from(args).unwrap().into_parts();
        let (command, settings) = of(&["telicat", "--listen", "127.0.0.1:0"]);
        assert!(matches!(command, Command::Serve) && settings.listen.port() == 0);
        assert_eq!(of(&["telicat", "serve", "--listen", "127.0.0.1:0"]).1.listen.port(), 0);
        assert!(matches!(of(&["telicat", "migrate"]).0, Command::Migrate));
    }

    #[test]
    fn what_is_done_to_accounts_takes_the_same_settings() {
        let args = ["telicat", "admin", "deactivate", "@mei", "--data", "elsewhere", "--log", "warn"];
        let (command, settings) = Cli::try_parse_from(args).unwrap().into_parts();
        let Command::Admin(admin) = command else { panic!("{command:?}") };
        let Admin::Deactivate(of) = *admin else { panic!("{admin:?}") };
        assert_eq!(
            (of.handle.as_str(), settings.data.to_str(), settings.log.as_str()),
            ("@mei", Some("elsewhere"), "warn")
        );
        for args in
            [&["telicat", "admin"][..], &["telicat", "admin", "deactivate"], &["telicat", "admin", "create-owner"]]
        {
            assert!(Cli::try_parse_from(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for args in [
            ["--listen", "nowhere"],
            ["--public-url", "chat.example.org"],
            ["--public-url", "https://chat.example.org/sub"],
            ["--signups", "maybe"],
            ["--verify-signups", "maybe"],
            ["--trusted-proxies", "10.0.0.0/99"],
        ] {
            assert!(Cli::try_parse_from(["telicat", args[0], args[1]]).is_err(), "{args:?}");
        }
    }
}
