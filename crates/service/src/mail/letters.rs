//! What letters look like: plain text for programs that show no HTML, and the same in HTML for the others.
//!
//! Nothing in a letter is loaded from anywhere, so that opening one tells nobody anything. Each says why it came and what
//! to do when it was not asked for.

pub(crate) mod address;

use std::fmt::Write;
use telicat_domain::Timestamp;
use telicat_store::mails::NewMail;

/// Characters on a line of the plain text, as far as words allow (RFC 5322 section 2.1.1 asks for at most 78).
const LINE: usize = 72;

/// One letter.
pub(crate) struct Letter<'a> {
    /// On one line; whatever would end the line is a space there.
    pub subject: String,
    /// What it says, before the link.
    pub paragraphs: Vec<String>,
    /// What the link is called, and where it leads.
    pub link: Option<(&'a str, String)>,
    /// What it says after the link, in smaller letters.
    pub foot: Vec<String>,
}

impl Letter<'_> {
    /// The letter as a mail to somebody.
    pub(crate) fn to(self, recipient: &str, at: Timestamp) -> NewMail {
        NewMail {
            recipient: recipient.to_owned(),
            subject: one_line(&self.subject),
            text: self.text(),
            html: self.html(),
            at,
        }
    }

    fn text(&self) -> String {
        let mut parts: Vec<String> = self.paragraphs.iter().map(|paragraph| wrap(paragraph)).collect();
        if let Some((label, url)) = &self.link {
            parts.push(format!("{label}:\n{}", one_line(url)));
        }
        if !self.foot.is_empty() {
            // The mark before a signature (RFC 3676 section 4.3).
            parts.push("-- ".to_owned());
            parts.extend(self.foot.iter().map(|paragraph| wrap(paragraph)));
        }
        let mut text = parts.join("\n\n").replace("-- \n\n", "-- \n");
        text.push('\n');
        text
    }

    fn html(&self) -> String {
        let mut html = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>",
        );
        escape(&mut html, &one_line(&self.subject));
        html.push_str(
            "</title></head>\n<body style=\"font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 24px\">\n\
             <div style=\"max-width: 34em; margin: 0 auto\">\n",
        );
        for paragraph in &self.paragraphs {
            html.push_str("<p>");
            escape(&mut html, paragraph);
            html.push_str("</p>\n");
        }
        if let Some((label, url)) = &self.link {
            html.push_str("<p><a href=\"");
            escape(&mut html, url);
            html.push_str(
                "\" style=\"display: inline-block; padding: 10px 20px; border-radius: 6px; background: #1f4fd8; \
                 color: #fff; text-decoration: none\">",
            );
            escape(&mut html, label);
            html.push_str("</a></p>\n<p style=\"font-size: 14px\">Or open this address:<br>");
            escape(&mut html, url);
            html.push_str("</p>\n");
        }
        for paragraph in &self.foot {
            html.push_str("<p style=\"font-size: 14px; opacity: .75\">");
            escape(&mut html, paragraph);
            html.push_str("</p>\n");
        }
        html.push_str("</div>\n</body>\n</html>\n");
        html
    }
}

/// Without anything that could end a line, so that nothing typed becomes a header (RFC 5322 section 2.2).
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// Breaks a paragraph between words.
fn wrap(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len());
    let mut width = 0;
    for word in paragraph.split_whitespace() {
        let long = word.chars().count();
        if width > 0 && width + 1 + long > LINE {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += long;
    }
    text
}

/// As text of an element and as a value in double quotes.
fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {
                // Writing into a text cannot fail.
                let _written = write!(html, "&#{};", 0xfffd);
            }
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter<'static> {
        Letter {
            subject: "Confirm\r\nBcc: everybody@example.org".to_owned(),
            paragraphs: vec!["Hello <script>alert(1)</script> & \"you\",".to_owned(), "a word ".repeat(40)],
            link: Some(("Confirm", format!("https://chat.example/accounts/email/confirm/{}?a=b&c='", "0".repeat(64)))),
            foot: vec!["You did not ask for this? Then do nothing.".to_owned()],
        }
    }

    #[test]
    fn what_was_typed_becomes_neither_a_header_nor_markup() {
        let mail = letter().to("mei@hollowhill.example", Timestamp(0));
        assert_eq!(mail.subject, "Confirm  Bcc: everybody@example.org");
        assert!(
            mail.html.contains("Hello &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;you&quot;"),
            "{}",
            mail.html
        );
        assert!(mail.html.contains("?a=b&amp;c=&#39;\""), "{}", mail.html);
        assert!(!mail.html.contains("<script>"));
        assert!(mail.text.contains("Hello <script>alert(1)</script> & \"you\""), "a text is a text: {}", mail.text);
    }

    #[test]
    fn a_link_is_on_a_line_of_its_own_and_whole() {
        let text = letter().to("mei@hollowhill.example", Timestamp(0)).text;
        let link = format!("\nhttps://chat.example/accounts/email/confirm/{}?a=b&c='\n", "0".repeat(64));
        assert!(text.contains(&link), "{text}");
        assert!(text.lines().filter(|line| !line.starts_with("https:")).all(|line| line.len() <= LINE), "{text}");
        assert!(text.ends_with("-- \nYou did not ask for this? Then do nothing.\n"), "{text}");
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let html = letter().to("mei@hollowhill.example", Timestamp(0)).html;
        for loads in ["src=", "<img", "<link", "url(", "@import"] {
            assert!(!html.contains(loads), "{loads}");
        }
    }
}
