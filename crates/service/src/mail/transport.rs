//! The port to whatever takes mail, and which one the settings choose.

use super::{Mail, outbox::Outbox, smtp::Smtp};
use crate::secret::Secret;
use std::{fmt::Debug, path::PathBuf, pin::Pin, sync::Arc};

/// What a transport answers, once it is done.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send + 'a>>;

/// Takes mail.
pub trait Transport: Debug + Send + Sync + 'static {
    /// Whether mail goes to those whom it is for, and not only where whoever runs the server may look.
    fn sends(&self) -> bool {
        false
    }

    /// Takes over a mail. Only when this succeeds, it is forgotten here.
    fn hand_over<'a>(&'a self, mail: &'a Mail) -> Answer<'a>;
}

/// Why a mail was not taken. The reason is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// It may be taken later.
    #[error("{0}")]
    Later(String),
    /// It is no mail that anything could take.
    #[error("{0}")]
    Never(String),
}

/// A setting that cannot be used, in one sentence and without what is secret in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub(super) String);

/// The transport that the settings ask for: the mail server at `url`, or the folder `outbox` and the log when there is
/// none. `from` is the sender's address; `telicat@` and the host of `base_url` when nothing is said.
///
/// # Errors
/// [`Unusable`].
pub fn choose(
    url: Option<&Secret>,
    from: Option<&str>,
    base_url: &str,
    outbox: PathBuf,
) -> Result<Arc<dyn Transport>, Unusable> {
    let host = host_of(base_url);
    let from = from.map_or_else(|| format!("telicat@{host}"), str::to_owned);
    let from = from.parse().map_err(|_| {
        Unusable(format!("the setting mail-from is {from:?}, which is no address that mail can come from"))
    })?;
    Ok(match url {
        Some(url) => Arc::new(Smtp::new(url.reveal(), from, host)?),
        None => Arc::new(Outbox::new(outbox, from)),
    })
}

/// The host in a URL, as far as mail knows it by that name.
fn host_of(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let is_ip = authority.starts_with('[') || authority.starts_with(|c: char| c.is_ascii_digit());
    let host = authority.split(':').next().unwrap_or_default();
    // An address by number has no mail of its own.
    if is_ip || host.is_empty() { "localhost" } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(url: Option<&str>, from: Option<&str>) -> Result<String, String> {
        let url = url.map(|url| Secret::new(url.to_owned()));
        let transport = choose(url.as_ref(), from, "https://chat.example:8443", PathBuf::from("outbox"));
        transport.map(|transport| format!("{transport:?}")).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_server_mail_goes_into_a_folder() {
        let outbox = chosen(None, None).unwrap();
        assert!(outbox.contains("Outbox") && outbox.contains("telicat@chat.example"), "{outbox}");
        let named = chosen(None, Some("Night watch <watch@hollowhill.example>")).unwrap();
        assert!(named.contains("watch@hollowhill.example"), "{named}");
        assert_eq!(host_of("http://127.0.0.1:3000"), "localhost");
        assert_eq!(host_of("http://[::1]:3000"), "localhost");
    }

    #[tokio::test]
    async fn a_server_is_named_by_its_url() {
        for url in [
            "smtp://127.0.0.1:2525",
            "smtp://mei:hunter2@127.0.0.1",
            "smtp://mei:hunter2@mail.example:587?tls=required",
            "smtps://mei%40mail.example:hunter%2F2@mail.example",
            "smtp://mail.example?tls=opportunistic",
        ] {
            let shown = chosen(Some(url), None).unwrap();
            assert!(shown.contains("Smtp") && !shown.contains("hunter") && !shown.contains("mei"), "{shown}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_in_one_sentence_without_the_password() {
        for (url, told) in [
            ("mail.example", "smtp://"),
            ("http://mei:hunter2@mail.example", "smtp://"),
            ("smtp://", "host"),
            ("smtp://mei:hunter2@", "host"),
            ("smtp://mei:hunter2@mail.example", "tls=required"),
            ("smtp://mei:hunter2@mail.example?tls=opportunistic", "tls=required"),
            ("smtp://mei:hunter2@mail.example?tls=requierd", "tls=required"),
            ("smtp://mei:hunter2@mail.example:port?tls=required", "read"),
            ("smtps://mei@mail.example", "password"),
        ] {
            let sentence = chosen(Some(url), None).unwrap_err();
            assert!(sentence.contains(told), "{url}: {sentence}");
            assert!(!sentence.contains("hunter2") && !sentence.contains('\n'), "{sentence}");
        }
        assert!(chosen(None, Some("nobody")).unwrap_err().contains("mail-from"));
        assert!(chosen(None, Some("a@b.example\r\nBcc: c@d.example")).is_err());
    }
}
