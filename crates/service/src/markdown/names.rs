//! `@somebody` and `#room` in a text.

use super::{Called, EVERYBODY, links::push_text};
use std::collections::HashSet;
use telicat_domain::{
    RoomSlug,
    limits::HANDLE_MAX,
    rich::{Block, Inline},
};

/// Different names that are looked up: more than can be called, because some are nobody's. A word can have two readings.
const NAMES_MAX: usize = 200;

/// Words that call everybody.
const ALL: [&str; 2] = ["room", "everyone"];

/// The names that may be meant, folded.
pub(super) fn list(blocks: &[Block]) -> Vec<String> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    each_text(blocks, &mut |text| {
        for name in marked(text, '@').flat_map(|(_, word)| readings(word)) {
            if seen.len() < NAMES_MAX && !ALL.contains(&name.as_str()) && seen.insert(name.clone()) {
                names.push(name);
            }
        }
    });
    names
}

pub(super) fn asks_for_everybody(blocks: &[Block]) -> bool {
    let mut asks = false;
    each_text(blocks, &mut |text| {
        asks |= marked(text, '@').any(|(_, word)| readings(word).any(|name| ALL.contains(&name.as_str())));
    });
    asks
}

/// Puts those who are called, and what may be the name of a room, in the place of their names.
pub(super) fn put_in(blocks: &mut [Block], called: &Called) {
    for block in blocks {
        match block {
            Block::Paragraph(content) | Block::Heading(content) => put_in_line(content, called),
            Block::Quote(blocks) => put_in(blocks, called),
            Block::List { items, .. } => items.iter_mut().for_each(|item| put_in(item, called)),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn put_in_line(content: &mut Vec<Inline>, called: &Called) {
    let mut done = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        match &mut inline {
            Inline::Text(text) => {
                split(text, called, &mut done);
                continue;
            }
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => {
                put_in_line(inner, called);
            }
            _ => {}
        }
        done.push(inline);
    }
    *content = done;
}

fn split(text: &str, called: &Called, into: &mut Vec<Inline>) {
    let mut done = 0;
    let people = marked(text, '@').filter_map(|(at, word)| mention(word, called).map(|found| (at, found)));
    let named = marked(text, '#').filter_map(|(at, word)| room(word).map(|found| (at, found)));
    let mut found: Vec<(usize, (Inline, usize))> = people.chain(named).collect();
    found.sort_by_key(|(at, _)| *at);
    for (at, (inline, length)) in found {
        push_text(into, &text[done..at]);
        into.push(inline);
        done = at + 1 + length;
    }
    push_text(into, &text[done..]);
}

fn mention(word: &str, called: &Called) -> Option<(Inline, usize)> {
    readings(word).find_map(|name| {
        let handle = word[..name.len()].to_owned();
        let length = name.len();
        if ALL.contains(&name.as_str()) {
            return called.contains_key(EVERYBODY).then_some((Inline::MentionAll, length));
        }
        let person = (*called.get(&name)?)?;
        Some((Inline::Mention { handle, person }, length))
    })
}

/// Whether there is such a room only its readers know, so nobody is asked: whoever has it in their list sees a link.
fn room(word: &str) -> Option<(Inline, usize)> {
    let whole = word.trim_end_matches(['.', '-', '_']);
    let slug = RoomSlug::parse(whole).ok()?;
    // Every room has a stem and something that tells it from others of its name.
    let (stem, suffix) = whole.rsplit_once('-')?;
    (!stem.is_empty() && !suffix.is_empty()).then_some((Inline::Room(slug), whole.len()))
}

/// A word as it may have been meant, folded: as it stands, and without what may end a sentence.
fn readings(word: &str) -> impl Iterator<Item = String> {
    let short = word.trim_end_matches(['.', '-', '_']);
    let short = (short.len() < word.len()).then_some(short);
    [Some(word), short]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty() && name.len() <= HANDLE_MAX)
        .map(str::to_ascii_lowercase)
}

/// The words behind a sign, and where the sign stands. A sign inside a word is none: that is an e-mail address.
fn marked(text: &str, sign: char) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices(sign).filter_map(move |(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '@' | '#' | '&')) {
            return None;
        }
        let rest = &text[at + 1..];
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
        // A name that goes on in another script is another name.
        let goes_on = rest[end..].starts_with(char::is_alphanumeric);
        (end > 0 && !goes_on).then_some((at, &rest[..end]))
    })
}

fn each_text(blocks: &[Block], look: &mut impl FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Paragraph(content) | Block::Heading(content) => each_text_of_line(content, look),
            Block::Quote(blocks) => each_text(blocks, look),
            Block::List { items, .. } => items.iter().for_each(|item| each_text(item, look)),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn each_text_of_line(content: &[Inline], look: &mut impl FnMut(&str)) {
    for inline in content {
        match inline {
            Inline::Text(text) => look(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => each_text_of_line(inner, look),
            // What stands in a link belongs to the link.
            _ => {}
        }
    }
}
