//! Where a link may lead, and addresses that stand in a text by themselves.

use telicat_domain::rich::Inline;

/// Ways that a link may lead.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// The target of a link, when it is one that may be followed: `http` and `https` with a host, and `mailto`. A list of
/// what may be, so that no spelling of what may not needs to be known.
pub(super) fn allowed(target: &str) -> Option<String> {
    let target = target.trim();
    if target.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let scheme = SCHEMES.iter().find(|scheme| starts_with(target, scheme))?;
    let rest = target.get(scheme.len()..)?;
    let host_follows = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !host_follows {
        return None;
    }
    // In the form that browsers and readers compare.
    Some(format!("{scheme}{rest}"))
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Puts a text in pieces: what is an address becomes a link, as long as `left` allows more of them.
pub(super) fn split(text: &str, left: &mut usize, into: &mut Vec<Inline>) {
    let mut done = 0;
    let mut from = 0;
    while let Some(colon) = text[from..].find("://").map(|at| from + at) {
        let start = ["https", "http"].iter().find_map(|name| {
            let start = colon.checked_sub(name.len())?;
            text.get(start..colon).filter(|found| found.eq_ignore_ascii_case(name)).map(|_| start)
        });
        let end = colon + run_of(&text[colon..]);
        // Whatever becomes of it, it is looked at once.
        from = end;
        let Some(start) = start.filter(|start| *start >= done && begins_word(&text[..*start])) else { continue };
        let address = without_what_ends_a_sentence(&text[start..end]);
        let Some(href) = allowed(address) else { continue };
        if *left == 0 {
            break;
        }
        *left -= 1;
        push_text(into, &text[done..start]);
        into.push(Inline::Link { href, content: vec![Inline::Text(address.to_owned())] });
        done = start + address.len();
    }
    push_text(into, &text[done..]);
}

/// Adds text to what there is.
pub(super) fn push_text(into: &mut Vec<Inline>, text: &str) {
    match into.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(last)) => last.push_str(text),
        _ => into.push(Inline::Text(text.to_owned())),
    }
}

fn begins_word(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric())
}

/// Bytes up to what cannot be in an address.
fn run_of(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`');
    text.find(ends).unwrap_or(text.len())
}

/// An address as it was meant: a full stop behind it is the sentence's, and so is a bracket that was opened before it.
fn without_what_ends_a_sentence(address: &str) -> &str {
    let mut open = address.bytes().filter(|byte| *byte == b'(').count();
    let mut closed = address.bytes().filter(|byte| *byte == b')').count();
    let mut end = address.len();
    for (at, c) in address.char_indices().rev() {
        match c {
            ')' if closed > open => closed -= 1,
            '(' => open -= 1,
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '}' | '…' | '。' | '、' => {}
            _ => break,
        }
        end = at;
    }
    &address[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        split(text, &mut 50, &mut pieces);
        let href = |piece: Inline| match piece {
            Inline::Link { href, .. } => Some(href),
            _ => None,
        };
        pieces.into_iter().filter_map(href).collect()
    }

    #[test]
    fn only_three_ways_lead_out() {
        for target in ["http://a", "HTTPS://a.example/x?y#z", "mailto:mei@cats.example", "http://[::1]/", " http://a "]
        {
            assert!(allowed(target).is_some(), "{target}");
        }
        assert_eq!(allowed("HtTp://a").as_deref(), Some("http://a"));
        for target in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil.example",
            "/chat",
            "http:",
            "http://",
            "http:///x",
            "http://?x",
            "https:javascript:x",
            "http://a b",
            "ftp://a",
            "x-http://a",
            "mailto:",
            "ähttp://a",
        ] {
            assert_eq!(allowed(target), None, "{target:?}");
        }
    }

    #[test]
    fn an_address_ends_where_its_writer_thinks() {
        for (text, expected) in [
            ("see http://a.example/b.", vec!["http://a.example/b"]),
            ("(http://a.example/b)", vec!["http://a.example/b"]),
            ("http://a.example/b_(c) and", vec!["http://a.example/b_(c)"]),
            ("http://a.example, https://b.example!", vec!["http://a.example", "https://b.example"]),
            ("xhttp://a.example", vec![]),
            ("http://", vec![]),
            ("://a", vec![]),
            ("ä http://ä.example/ö…", vec!["http://ä.example/ö"]),
            ("http://a.http://b", vec!["http://a.http://b"]),
            ("<http://a>", vec!["http://a"]),
            ("ftp://http://a", vec![]),
        ] {
            assert_eq!(links(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        for text in ["a http://b.c d", "http://b.", "((http://b))", "x://", "http://a://b", ""] {
            let mut pieces = Vec::new();
            split(text, &mut 50, &mut pieces);
            let whole: String = pieces
                .into_iter()
                .map(|piece| match piece {
                    Inline::Text(text) => text,
                    Inline::Link { content, .. } => match content.into_iter().next() {
                        Some(Inline::Text(text)) => text,
                        _ => String::new(),
                    },
                    _ => String::new(),
                })
                .collect();
            assert_eq!(whole, text);
        }
    }
}
