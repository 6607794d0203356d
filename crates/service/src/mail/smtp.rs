//! Mail goes to a mail server (RFC 5321), over connections that are kept for a while.

use super::{AT_ONCE, Answer, Mail, Transport, Undelivered, Unusable, message::compose};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{PoolConfig, extension::ClientId},
};
use std::{fmt, time::Duration};

/// Each word with the server has this long.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// A connection that is not used is closed after this long.
const IDLE: Duration = Duration::from_secs(30);

/// A mail server.
pub(super) struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Smtp {
    /// The server at `url`, to which we are `host`.
    pub(super) fn new(url: &str, from: Mailbox, host: &str) -> Result<Self, Unusable> {
        let url = checked(url)?;
        // The library's own words could hold parts of the URL.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
            .map_err(|_| unusable("is a URL that cannot be read: a user name or password may need percent-encoding"))?;
        let pool = PoolConfig::new().max_size(u32::try_from(AT_ONCE).unwrap_or(1)).idle_timeout(IDLE);
        let server = builder
            .hello_name(ClientId::Domain(host.to_owned()))
            .timeout(Some(ANSWERS_WITHIN))
            .pool_config(pool)
            .build();
        Ok(Self { server, from })
    }
}

impl Transport for Smtp {
    fn sends(&self) -> bool {
        true
    }

    fn hand_over<'a>(&'a self, mail: &'a Mail) -> Answer<'a> {
        Box::pin(async move {
            let message = compose(&self.from, mail)?;
            // A refusal that the server calls permanent is not believed at once: it may be a setting that somebody
            // mends, and what is given up is lost.
            self.server.send(message).await.map(drop).map_err(|error| Undelivered::Later(error.to_string()))
        })
    }
}

/// The URL as the library wants it. It would take no notice of an option that it does not know, and send a password in
/// the clear: neither is done here.
fn checked(url: &str) -> Result<String, Unusable> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !matches!(scheme, "smtp" | "smtps") {
        return Err(unusable("is no URL that begins with smtp:// or smtps://"));
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    if host.is_empty() {
        return Err(unusable("names no host"));
    }
    if user.is_some_and(|user| !user.contains(':')) {
        return Err(unusable("has a user name without a password"));
    }
    let is_here = ["localhost", "127.", "[::1]"].iter().any(|here| host.starts_with(here));
    match (scheme, query) {
        // Between two programs on one machine there is nobody to listen.
        ("smtp", "" | "tls=opportunistic") if user.is_some() && !is_here => {
            Err(unusable("would send a password that others can read: add ?tls=required, or begin it with smtps://"))
        }
        ("smtp", "") if !is_here => Ok(format!("{url}?tls=opportunistic")),
        ("smtps", "") | ("smtp", "" | "tls=required" | "tls=opportunistic") => Ok(url.to_owned()),
        _ => Err(unusable("has an option that is neither ?tls=required nor ?tls=opportunistic")),
    }
}

fn unusable(what: &str) -> Unusable {
    Unusable(format!("the setting mail {what}"))
}
