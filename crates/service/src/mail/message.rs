//! A mail as it goes over the wire (RFC 5322, RFC 2046): a text, and the same as HTML.

use super::{Mail, Undelivered};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart,
        header::{ContentTransferEncoding, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, UNIX_EPOCH};

/// Characters on a line without its end, at most.
const LINE_MAX: usize = 998;

/// The message. A mail that is sent twice is the same message both times, so that programs can tell.
///
/// # Errors
/// [`Undelivered::Never`] when no message can be made of it.
pub(super) fn compose(from: &Mailbox, mail: &Mail) -> Result<Message, Undelivered> {
    let to: Address = mail.recipient.parse().map_err(|_| never("its recipient is no address that mail can go to"))?;
    let written = Duration::from_micros(u64::try_from(mail.created_at.0).unwrap_or_default());
    // Programs that answer by themselves leave it alone (RFC 3834 section 5).
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.as_str())
        .date(UNIX_EPOCH + written)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(automatic)
        .multipart(MultiPart::alternative_plain_html(body(&mail.text), body(&mail.html)))
        .map_err(|_| never("no message can be made of it"))
}

/// A part as it is, when it may be: the library would break lines of more than 76 characters with marks that whoever
/// opens the file in an editor takes for a part of the link. Longer ones are allowed (RFC 5322 section 2.1.1).
fn body(text: &str) -> Body {
    let plain = text.is_ascii() && !text.contains(['\r', '\0']) && text.lines().all(|line| line.len() <= LINE_MAX);
    if plain {
        Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text.to_owned())
    }
}

fn never(why: &str) -> Undelivered {
    Undelivered::Never(why.to_owned())
}

/// What the log may say of an address.
pub(super) fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// What somebody else said, on one line and without the address it was about.
pub(super) fn without(reason: &str, address: &str) -> String {
    reason.replace(address, "…").chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use telicat_domain::Timestamp;

    fn mail(recipient: &str, subject: &str) -> Mail {
        Mail {
            id: uuid::Uuid::from_u128(7),
            recipient: recipient.to_owned(),
            subject: subject.to_owned(),
            text: format!("Open this:\nhttps://chat.example/accounts/email/confirm/{}\n", "0a".repeat(32)),
            html: "<p>Open this</p>".to_owned(),
            created_at: Timestamp(1_767_225_600_000_000),
            attempts: 1,
        }
    }

    fn written(mail: &Mail) -> Result<String, Undelivered> {
        let from = "telicat@chat.example".parse().unwrap();
        compose(&from, mail).map(|message| String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_message_has_both_parts_and_a_link_that_is_whole() {
        let message = written(&mail("mei@hollowhill.example", "Confirm your address")).unwrap();
        for part in [
            "From: telicat@chat.example\r\n",
            "To: mei@hollowhill.example\r\n",
            "Subject: Confirm your address\r\n",
            "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000007@chat.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert!(message.contains(part), "{part}\n{message}");
        }
        let link = format!("https://chat.example/accounts/email/confirm/{}\r\n", "0a".repeat(32));
        assert!(message.contains(&link), "somebody without a mail program reads the file: {message}");
    }

    #[test]
    fn a_text_that_is_not_plain_is_encoded() {
        let (umlaut, long) = ("Schöne Grüße".to_owned(), "x".repeat(2_000));
        for text in [umlaut, long] {
            let message = written(&Mail { text, ..mail("mei@hollowhill.example", "x") }).unwrap();
            assert!(message.is_ascii() && message.lines().all(|line| line.len() <= 998), "{message}");
        }
    }

    #[test]
    fn a_subject_cannot_become_a_header() {
        let message = written(&mail("mei@hollowhill.example", "a\r\nBcc: all@example.org")).unwrap();
        assert!(!message.contains("\nBcc:"), "{message}");
    }

    #[test]
    fn what_no_server_would_take_is_never_sent() {
        for recipient in ["", "mei", "mei@", "a@b.example\r\nBcc: c@d.example", ".@b.example"] {
            assert!(matches!(written(&mail(recipient, "x")), Err(Undelivered::Never(_))), "{recipient:?}");
        }
        assert!(written(&mail("Ünal@müller.example", "Schön")).is_ok());
    }

    #[test]
    fn the_log_does_not_learn_whose_mail_it_is() {
        assert_eq!(without("550 <mei@h.example>:\r\nno such user", "mei@h.example"), "550 <…>:  no such user");
        assert_eq!(domain_of("mei@h.example"), "h.example");
    }
}
