//! Colours for code.
//!
//! A small lexer with a table of languages, and not a library, because none fits: `syntect` and what is built on it
//! backtracks on the text of strangers (with the regex crate behind it: it compiles hundreds of expressions and holds
//! megabytes for them), `tree-sitter` is a C parser for each language, `synoptic` compiles dozens of expressions for a
//! language each time and counts the cells of an editor. Comments, strings, numbers and the words of a language are
//! what one sees at a glance; this finds them in one pass that looks at every character once.

mod languages;

use languages::{Language, find};
use telicat_domain::rich::{CodeSpan, Token};

/// Bytes of a block that are coloured; what is behind them is not.
const BYTES_MAX: usize = 16 * 1024;
/// Pieces of a block: what is behind them is one more.
const SPANS_MAX: usize = 2_000;

/// A block of code in coloured pieces, and what its language is called. The pieces put together are the code.
pub(super) fn highlight(language: Option<&str>, code: &str) -> (Option<String>, Vec<CodeSpan>) {
    let Some((name, language)) = language.and_then(find) else {
        return (None, vec![CodeSpan { token: None, text: code.to_owned() }]);
    };
    let mut lexer = Lexer { language, code, at: 0, spans: Vec::new() };
    lexer.run();
    (Some(name.to_owned()), lexer.spans)
}

struct Lexer<'a> {
    language: &'static Language,
    code: &'a str,
    at: usize,
    spans: Vec<CodeSpan>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.code.len() {
            if self.at >= BYTES_MAX || self.spans.len() >= SPANS_MAX {
                self.push(None, self.code.len());
                return;
            }
            let (token, end) = self.next();
            self.push(token, end);
        }
    }

    fn rest(&self) -> &str {
        &self.code[self.at..]
    }

    /// Moves to `end`, which is behind where it stands.
    fn push(&mut self, token: Option<Token>, end: usize) {
        let text = &self.code[self.at..end];
        match self.spans.last_mut() {
            Some(last) if last.token == token => last.text.push_str(text),
            _ => self.spans.push(CodeSpan { token, text: text.to_owned() }),
        }
        self.at = end;
    }

    /// What comes next, and where it ends.
    fn next(&self) -> (Option<Token>, usize) {
        let (rest, language) = (self.rest(), self.language);
        let line_begins = self.at == 0 || self.code[..self.at].ends_with('\n');
        if language.by_line && !rest.starts_with('\n') {
            return (line_token(rest), self.at + end_of_line(rest));
        }
        if language.line_comments.iter().any(|mark| rest.starts_with(mark)) && self.may_be_comment() {
            return (Some(Token::Comment), self.at + end_of_line(rest));
        }
        if let Some((open, close)) = language.block_comments.iter().find(|(open, _)| rest.starts_with(open)) {
            let length = rest[open.len()..].find(close).map_or(rest.len(), |at| open.len() + at + close.len());
            return (Some(Token::Comment), self.at + length);
        }
        if let Some(quote) = language.strings.iter().find(|quote| rest.starts_with(**quote)) {
            return match string(rest, quote, language.escapes) {
                Some(length) => (Some(Token::String), self.at + length),
                // No text after all. The line is not looked at once more.
                None => (None, self.at + end_of_line(rest)),
            };
        }
        if let Some(length) = self.attribute(line_begins) {
            return (Some(Token::Attribute), self.at + length);
        }
        let Some(first) = rest.chars().next() else { return (None, self.code.len()) };
        if first.is_ascii_digit() {
            return (Some(Token::Number), self.at + number(rest));
        }
        if is_word(first) {
            return self.word();
        }
        (None, self.at + first.len_utf8())
    }

    /// In a shell `#` is a sign of a comment only where a word begins.
    fn may_be_comment(&self) -> bool {
        !self.language.comment_begins_word || self.at == 0 || self.code[..self.at].ends_with(char::is_whitespace)
    }

    fn attribute(&self, line_begins: bool) -> Option<usize> {
        let rest = self.rest();
        let mark = self.language.attributes.iter().find(|mark| rest.starts_with(**mark))?;
        if *mark == "#" && !line_begins && !self.code[..self.at].trim_end_matches([' ', '\t']).ends_with('\n') {
            return None;
        }
        if mark.ends_with('[') {
            // `#[derive(Debug)]`: to the bracket on its line.
            let line = &rest[..end_of_line(rest)];
            return Some(line.find(']').map_or(line.len(), |at| at + 1));
        }
        let word = word_length(&rest[mark.len()..]);
        (word > 0).then_some(mark.len() + word)
    }

    fn word(&self) -> (Option<Token>, usize) {
        let rest = self.rest();
        let length = word_length(rest);
        let (word, behind) = rest.split_at(length);
        let end = self.at + length;
        let is_keyword = if self.language.any_case {
            self.language.keywords.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
        } else {
            self.language.keywords.contains(&word)
        };
        if self.language.tags {
            let before = &self.code[..self.at];
            let opens = before.ends_with('<') || before.ends_with("</");
            return (opens.then_some(Token::Keyword), end);
        }
        if is_keyword {
            return (Some(Token::Keyword), end);
        }
        if self.language.macros && behind.starts_with('!') && !behind.starts_with("!=") {
            return (Some(Token::Attribute), end + 1);
        }
        if self.language.calls && behind.starts_with('(') {
            return (Some(Token::Function), end);
        }
        let is_type = self.language.types && word.starts_with(char::is_uppercase);
        (is_type.then_some(Token::Type), end)
    }
}

fn end_of_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// A line of a difference between two texts.
fn line_token(rest: &str) -> Option<Token> {
    match rest.as_bytes().first()? {
        b'+' => Some(Token::String),
        b'-' => Some(Token::Keyword),
        b'@' => Some(Token::Attribute),
        _ => None,
    }
}

/// Bytes of a text in quotes; nothing when it does not end where it should, which is the end of its line unless the
/// quotes are long ones.
fn string(rest: &str, quote: &str, escapes: bool) -> Option<usize> {
    let long = quote.len() > 1 || quote == "`";
    let mut at = quote.len();
    let bytes = rest.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if escapes => at += 1,
            b'\n' if !long => return None,
            _ if bytes[at..].starts_with(quote.as_bytes()) => return Some(at + quote.len()),
            _ => {}
        }
        at += 1;
    }
    long.then_some(rest.len())
}

fn number(rest: &str) -> usize {
    let mut end = 0;
    let mut before = ' ';
    for c in rest.chars() {
        let exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !(c.is_ascii_alphanumeric() || c == '_' || (c == '.' && before != '.') || exponent) {
            break;
        }
        end += c.len_utf8();
        before = c;
    }
    // `1..2` and the end of a sentence.
    rest[..end].trim_end_matches('.').len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(language: &str, code: &str) -> Vec<(Option<Token>, String)> {
        let (_, spans) = highlight(Some(language), code);
        assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), code, "{language}");
        spans.into_iter().map(|span| (span.token, span.text)).collect()
    }

    fn only(language: &str, code: &str, token: Token) -> Vec<String> {
        marked(language, code).into_iter().filter(|(found, _)| *found == Some(token)).map(|(_, text)| text).collect()
    }

    #[test]
    fn rust_is_read_as_rust() {
        let code = "#[derive(Debug)]\npub fn count(of: &Vec<u8>) -> u64 { // all\n    println!(\"{} \\\" {}\", 0x1f, 1..2);\n}";
        assert_eq!(only("rs", code, Token::Attribute), ["#[derive(Debug)]", "println!"]);
        assert_eq!(only("rust", code, Token::Keyword), ["pub", "fn"]);
        assert_eq!(only("Rust", code, Token::Function), ["count"]);
        assert_eq!(only("rust", code, Token::Type), ["Vec"]);
        assert_eq!(only("rust", code, Token::Comment), ["// all"]);
        assert_eq!(only("rust", code, Token::String), ["\"{} \\\" {}\""]);
        assert_eq!(only("rust", code, Token::Number), ["0x1f", "1", "2"]);
        assert_eq!(only("rust", "fn f<'a>(x: &'a str) {}", Token::String), Vec::<String>::new());
    }

    #[test]
    fn other_languages_have_their_own_signs() {
        assert_eq!(only("python", "@cache\ndef f(): return \"\"\"a\nb\"\"\" # c", Token::String), ["\"\"\"a\nb\"\"\""]);
        assert_eq!(only("py", "@cache\ndef f(): pass", Token::Attribute), ["@cache"]);
        assert_eq!(only("sh", "echo ${#a} # says", Token::Comment), ["# says"]);
        assert_eq!(only("sql", "select A from b -- all", Token::Keyword), ["select", "from"]);
        assert_eq!(only("c", "#include <x>\nint a; /* b\nc */", Token::Attribute), ["#include"]);
        assert_eq!(only("html", "<p class=\"x\">it's</p><!-- y -->", Token::Keyword), ["p", "p"]);
        assert_eq!(only("diff", "+a\n-b\n c", Token::String), ["+a"]);
        assert_eq!(only("json", "{\"a\": [1, true, null]}", Token::Keyword), ["true", "null"]);
        assert_eq!(only("yaml", "a: b # c", Token::Comment), ["# c"]);
        assert_eq!(only("js", "const a = `x\n${b}`", Token::String), ["`x\n${b}`"]);
    }

    #[test]
    fn an_unknown_language_is_one_piece() {
        let (name, spans) = highlight(Some("klingon"), "if (x)");
        assert_eq!((name, spans.len()), (None, 1));
        assert_eq!(highlight(None, "").1.len(), 1);
        assert_eq!(highlight(Some("rust"), "").1.len(), 0);
    }

    #[test]
    fn whatever_comes_it_is_kept_and_bounded() {
        let long = 40_000;
        for piece in ["\"", "'", "`", "/*", "//", "#", "1 a ", "ä", "\\", "\"\\", "<", "@", "r#\"", "a(", "é!", "\n"]
        {
            let code = piece.repeat(long / piece.len());
            for language in languages::all() {
                let (_, spans) = highlight(Some(language), &code);
                assert!(spans.len() <= SPANS_MAX + 1, "{language} {piece}");
                assert_eq!(spans.iter().map(|span| span.text.len()).sum::<usize>(), code.len(), "{language} {piece}");
            }
        }
    }
}
