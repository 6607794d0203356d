//! A text as the server writes it: the markup of [`blocks`](super::blocks).

use super::{CODE_COPY, MENTION, REL, Reader, is_harmless, mention_class, token_class};
use crate::{markup::Markup, text};
use telicat_domain::rich::{Block, CodeSpan, Inline};

type Attributes = &'static [(&'static str, &'static str)];

const AUTO: Attributes = &[("dir", "auto")];

/// Writes the blocks of a text.
pub(crate) fn blocks(html: &mut Markup, blocks: &[Block], reader: Reader) {
    write_all(html, blocks, reader, AUTO);
}

/// What is inside of a list or a quote.
fn inner(html: &mut Markup, blocks: &[Block], reader: Reader) {
    write_all(html, blocks, reader, &[]);
}

fn write_all(html: &mut Markup, blocks: &[Block], reader: Reader, direction: Attributes) {
    for block in blocks {
        write(html, block, reader, direction);
    }
    html.mark();
}

fn write(html: &mut Markup, block: &Block, reader: Reader, direction: Attributes) {
    match block {
        Block::Paragraph(content) => html.element("p", direction, |html| inlines(html, content, reader)),
        Block::Heading(content) => {
            let attributes = [direction, &[("class", "rich__heading")]].concat();
            html.element("p", &attributes, |html| inlines(html, content, reader));
        }
        Block::Quote(content) => html.element("blockquote", direction, |html| inner(html, content, reader)),
        Block::List { start: Some(start), items } => {
            let start = start.to_string();
            let attributes = [direction, &[("start", &*start)]].concat();
            html.element("ol", &attributes, |html| list(html, items, reader));
        }
        Block::List { start: None, items } => html.element("ul", direction, |html| list(html, items, reader)),
        Block::Code { language, spans } => code(html, language.as_deref(), spans),
        Block::Rule => html.void("hr", &[]),
    }
}

fn list(html: &mut Markup, items: &[Vec<Block>], reader: Reader) {
    for item in items {
        html.element("li", &[], |html| inner(html, item, reader));
    }
    html.mark();
}

fn code(html: &mut Markup, language: Option<&str>, spans: &[CodeSpan]) {
    html.parent("div", &[("dir", "ltr"), ("class", "code")], |html| {
        html.parent("div", &[("class", "code__head")], |html| {
            match language {
                Some(language) => html.text("span", &[("class", "code__language")], language),
                None => html.mark(),
            }
            html.text("button", &[("type", "button"), ("class", CODE_COPY)], text::COPY);
        });
        html.element("pre", &[("tabindex", "0")], |html| {
            html.element("code", &[], |html| {
                for span in spans {
                    match token_class(span) {
                        Some(class) => html.text("span", &[("class", &class)], &span.text),
                        None => html.words(&span.text),
                    }
                }
                html.mark();
            });
        });
    });
}

fn inlines(html: &mut Markup, content: &[Inline], reader: Reader) {
    for inline in content {
        write_inline(html, inline, reader);
    }
    html.mark();
}

fn write_inline(html: &mut Markup, inline: &Inline, reader: Reader) {
    match inline {
        Inline::Text(text) => html.words(text),
        Inline::Break => html.void("br", &[]),
        Inline::Strong(content) => html.element("strong", &[], |html| inlines(html, content, reader)),
        Inline::Emphasis(content) => html.element("em", &[], |html| inlines(html, content, reader)),
        Inline::Strike(content) => html.element("s", &[], |html| inlines(html, content, reader)),
        Inline::Code(code) => html.text("code", &[], code),
        Inline::Link { href, content } if is_harmless(href) => {
            let attributes = [("href", &**href), ("target", "_blank"), ("rel", REL)];
            html.element("a", &attributes, |html| inlines(html, content, reader));
        }
        Inline::Link { content, .. } => html.element("span", &[], |html| inlines(html, content, reader)),
        Inline::Mention { handle, person } => {
            let class = mention_class(reader.is_called(Some(*person)));
            let (href, name) = (format!("/@{handle}"), format!("@{handle}"));
            html.text("a", &[("href", &href), ("class", class)], &name);
        }
        Inline::MentionAll => {
            html.text("span", &[("class", mention_class(reader.is_called(None)))], text::messages::EVERYBODY);
        }
        Inline::Room(slug) => match reader.rooms.sign_of(slug) {
            Some(name) => html.text("a", &[("href", &format!("/chat/room/{slug}")), ("class", MENTION)], &name),
            None => html.words(&format!("#{slug}")),
        },
    }
}
