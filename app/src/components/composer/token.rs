//! What is being typed where the caret is: the beginning of a name, a room or an emoji.

/// What a word begins to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `@`
    Person,
    /// `#`
    Room,
    /// `:`
    Emoji,
}

/// A word that can be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// What stands behind the sign.
    pub(crate) text: String,
    /// Where the sign stands, counted as browsers count: in UTF-16 code units.
    pub(crate) start: u32,
    /// Where the caret is.
    pub(crate) end: u32,
}

/// Characters behind the sign, at most: no name is longer.
const LENGTH_MAX: usize = 40;

impl Token {
    /// The word that ends at the caret, if it is one to be completed. The sign stands at the beginning, behind a space, or
    /// behind an opening bracket or quotation mark, so that an address of mail is none.
    pub(crate) fn at(text: &str, caret: u32) -> Option<Self> {
        let before = until(text, caret);
        let word_start = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let word = &before[word_start..];
        let sign = word.find(['@', '#', ':'])?;
        if !word[..sign].chars().all(|c| matches!(c, '(' | '[' | '{' | '"' | '\'' | '*' | '_' | '~')) {
            return None;
        }
        let typed = &word[sign + 1..];
        let kind = match word.as_bytes().get(sign)? {
            b'@' => Kind::Person,
            b'#' => Kind::Room,
            _ => Kind::Emoji,
        };
        let fits = match kind {
            Kind::Person => typed.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')),
            Kind::Room => typed.chars().all(|c| c.is_alphanumeric() || c == '-'),
            // Two letters at least: a colon alone, or a smile of old, is no question.
            Kind::Emoji => {
                typed.chars().count() >= 2
                    && typed.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'))
            }
        };
        (fits && typed.chars().count() <= LENGTH_MAX).then(|| Self {
            kind,
            text: typed.to_owned(),
            start: units(&before[..word_start + sign]),
            end: caret,
        })
    }
}

/// The text before a place that is counted in UTF-16 code units.
fn until(text: &str, caret: u32) -> &str {
    let mut count = 0;
    for (at, c) in text.char_indices() {
        if count >= caret {
            return &text[..at];
        }
        count += c.len_utf16() as u32;
    }
    text
}

/// How long a text is in UTF-16 code units.
pub(crate) fn units(text: &str) -> u32 {
    text.chars().map(|c| c.len_utf16() as u32).sum()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<(Kind, String, u32)> {
        Token::at(text, units(text)).map(|token| (token.kind, token.text, token.start))
    }

    #[test]
    fn a_sign_at_the_beginning_of_a_word_asks() {
        assert_eq!(token("@"), Some((Kind::Person, String::new(), 0)));
        assert_eq!(token("hi @me"), Some((Kind::Person, "me".into(), 3)));
        assert_eq!(token("see\n#dome"), Some((Kind::Room, "dome".into(), 4)));
        assert_eq!(token("so :ta"), Some((Kind::Emoji, "ta".into(), 3)));
        assert_eq!(token("(@mei"), Some((Kind::Person, "mei".into(), 1)));
        assert_eq!(token("🐈 @mei"), Some((Kind::Person, "mei".into(), 3)), "a cat has two units");
    }

    #[test]
    fn what_is_no_name_asks_nothing() {
        for text in
            ["", "mei", "mei@example.org", "@mei,", "@mei ", ":)", ":D", ":", "10:30", "https://x", "a#b", "::aa"]
        {
            assert_eq!(token(text), None, "{text}");
        }
        assert_eq!(token(&format!("@{}", "m".repeat(41))), None);
    }

    #[test]
    fn only_what_is_before_the_caret_counts() {
        assert_eq!(Token::at("@mei and more", 3).map(|token| (token.text, token.end)), Some(("me".into(), 3)));
        assert_eq!(Token::at("@mei", 0), None);
    }
}
