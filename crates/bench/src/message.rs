//! The messages that are sent: 200 bytes of text each, with a number that says which one it is.

/// Bytes in a message.
pub(crate) const LENGTH: usize = 200;

/// Ordinary words, so that compression has what it would have in a real room.
const WORDS: [&str; 32] = [
    "about", "after", "again", "answer", "before", "bring", "call", "coffee", "evening", "friday", "garden", "harbour",
    "house", "idea", "kitchen", "later", "letter", "little", "morning", "music", "number", "people", "picture",
    "question", "river", "summer", "table", "thank", "train", "village", "window", "winter",
];

/// The message with that number: its mark, then words that differ from one to the next.
pub(crate) fn text(number: u64) -> String {
    let mut text = mark(number);
    // A multiplicative generator: the words only have to look different (Knuth, TAOCP 3.3.4).
    let mut state = number;
    while text.len() < LENGTH {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(' ');
        text.push_str(WORDS[(state >> 59) as usize]);
    }
    text.truncate(LENGTH);
    if text.ends_with(' ') {
        // Telicat trims what is posted, and then it would be a byte shorter.
        text.pop();
        text.push('s');
    }
    text
}

/// How the message with that number begins, and no other.
pub(crate) fn mark(number: u64) -> String {
    format!("m{number:09}")
}

/// The number of a message.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.strip_prefix('m')?.get(..9)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_200_bytes_and_keeps_its_number() {
        for n in 0..2_000 {
            let text = text(n);
            assert_eq!(text.len(), LENGTH);
            assert_eq!(text.trim(), text);
            assert_eq!(number(&text), Some(n));
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' '));
        }
    }

    #[test]
    fn other_texts_have_no_number() {
        for other in ["", "m", "hello", "m12", "mälaga und so weiter"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
