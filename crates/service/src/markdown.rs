//! Markdown, read into a tree that can do nothing but be shown.
//!
//! `CommonMark` with `~~strikethrough~~`, as people know it from other chats, and with these differences, each for a
//! reason: a single line break is a line break, because people press Enter and mean it; HTML and definitions of link
//! targets are shown as they were typed, because nothing that was written may vanish; pictures are links, because a
//! message must not make its readers' browsers fetch anything; addresses are links without any signs round them. A link
//! that leads elsewhere than to `http`, `https` and `mailto` stays the text that it was.
//!
//! The parser works in linear time and so does everything here; what comes out has at most [`NESTING_MAX`] levels,
//! [`LINKS_MAX`] links and a number of nodes that is bounded by the length of the text. Nothing here uses a regular
//! expression.
//!
//! Who is called is looked up between reading and finishing: [`Draft::names`] says who may be meant, and
//! [`Draft::finish`] is told who they are.
//!
//! [`NESTING_MAX`]: telicat_domain::limits::NESTING_MAX
//! [`LINKS_MAX`]: telicat_domain::limits::LINKS_MAX

mod highlight;
mod links;
mod names;
mod tree;

use telicat_domain::rich::{Block, Inline, RichText};

pub use telicat_store::messages::{Called, EVERYBODY};

/// A text whose names are not looked up yet.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    blocks: Vec<Block>,
}

impl Draft {
    /// Reads a text.
    #[must_use]
    pub fn read(body: &str) -> Self {
        Self { blocks: if may_be_more_than_lines(body) { tree::read(body) } else { Vec::new() } }
    }

    /// The names after an `@` that stand in the text and not in code, folded, each once, in their order. Of a name with
    /// a dot at its end both readings: it may be the end of a sentence.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        names::list(&self.blocks)
    }

    /// Whether the text would call everybody, if its author may.
    #[must_use]
    pub fn asks_for_everybody(&self) -> bool {
        names::asks_for_everybody(&self.blocks)
    }

    /// The tree, with whom it calls. Nothing when the text that was read, `body`, is only lines, which are shown as they
    /// were typed.
    #[must_use]
    pub fn finish(mut self, body: &str, called: &Called) -> Option<Box<RichText>> {
        names::put_in(&mut self.blocks, called);
        let plain = self.blocks.is_empty() || is_as_typed(&self.blocks, body);
        (!plain).then(|| Box::new(RichText(self.blocks)))
    }
}

/// Whether there is anything in a text that could be a sign. Most messages have nothing, and cost no parser.
fn may_be_more_than_lines(body: &str) -> bool {
    let marks = |byte: u8| {
        matches!(byte, b'*' | b'_' | b'~' | b'`' | b'#' | b'>' | b'<' | b'[' | b'\\' | b'&' | b'@' | b'=' | b'\t')
    };
    body.bytes().any(marks)
        || body.contains("://")
        || body.lines().any(|line| {
            let text = line.trim_start_matches(' ');
            line.len() - text.len() >= 4 || text.starts_with(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit())
        })
}

/// Whether the blocks say nothing but the lines themselves.
fn is_as_typed(blocks: &[Block], body: &str) -> bool {
    let mut words = body.split_whitespace();
    let mut text = String::new();
    for block in blocks {
        let Block::Paragraph(content) = block else { return false };
        for inline in content {
            match inline {
                Inline::Text(part) => text.push_str(part),
                Inline::Break => text.push('\n'),
                _ => return false,
            }
        }
        text.push('\n');
    }
    text.split_whitespace().all(|word| words.next() == Some(word)) && words.next().is_none()
}
