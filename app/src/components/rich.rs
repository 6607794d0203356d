//! A text with emphasis, code, lists, quotes, links and names in it.
//!
//! The server writes it by hand ([`written`]), a browser takes it over as views: the same markup, which a test holds
//! against each other. Whatever is no node of the tree is a text here, so nothing that somebody typed becomes a tag.

#[cfg(not(feature = "hydrate"))]
pub(crate) mod written;

use crate::{room_list::RoomList, text};
use leptos::prelude::*;
use telicat_domain::{
    PersonId,
    rich::{Block, CodeSpan, Inline},
};

/// Who reads a text.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) me: PersonId,
    /// Whether they wrote it: one does not call oneself.
    pub(crate) own: bool,
    /// Their rooms: the name of another one stays the text that it was.
    pub(crate) rooms: RoomList,
}

impl Reader {
    fn is_called(self, person: Option<PersonId>) -> bool {
        !self.own && person.is_none_or(|person| person == self.me)
    }
}

/// What a link opens in a page of its own, which learns nothing of this one.
const REL: &str = "noopener noreferrer nofollow";
const MENTION: &str = "mention";
const MENTION_ME: &str = "mention mention--me";
const CODE_COPY: &str = "button button--small button--quiet code__copy needs-script";

fn mention_class(is_called: bool) -> &'static str {
    if is_called { MENTION_ME } else { MENTION }
}

/// Whether an address is of a kind that a link may have. The server makes no others; a page does not rely on it.
fn is_harmless(href: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| href.starts_with(scheme))
}

fn token_class(span: &CodeSpan) -> Option<String> {
    span.token.map(|token| format!("code__{}", token.name()))
}

/// The blocks of a text. Each goes in the direction of its first letter, a list or quote as a whole: with directions of
/// their own inside, HTML would not look there for its first letter.
pub(crate) fn blocks(blocks: &[Block], reader: Reader) -> Vec<AnyView> {
    blocks.iter().map(|block| view_of(block, reader, Some("auto"))).collect()
}

/// What is inside of a list or a quote.
fn inner(blocks: &[Block], reader: Reader) -> Vec<AnyView> {
    blocks.iter().map(|block| view_of(block, reader, None)).collect()
}

fn view_of(block: &Block, reader: Reader, direction: Option<&'static str>) -> AnyView {
    match block {
        Block::Paragraph(content) => view! { <p dir=direction>{inlines(content, reader)}</p> }.into_any(),
        Block::Heading(content) => {
            view! { <p dir=direction class="rich__heading">{inlines(content, reader)}</p> }.into_any()
        }
        Block::Quote(content) => view! { <blockquote dir=direction>{inner(content, reader)}</blockquote> }.into_any(),
        Block::List { start: Some(start), items } => {
            view! { <ol dir=direction start=start.to_string()>{list(items, reader)}</ol> }.into_any()
        }
        Block::List { start: None, items } => view! { <ul dir=direction>{list(items, reader)}</ul> }.into_any(),
        Block::Code { language, spans } => code(language.as_deref(), spans),
        Block::Rule => view! { <hr/> }.into_any(),
    }
}

fn list(items: &[Vec<Block>], reader: Reader) -> Vec<AnyView> {
    items.iter().map(|item| view! { <li>{inner(item, reader)}</li> }.into_any()).collect()
}

fn code(language: Option<&str>, spans: &[CodeSpan]) -> AnyView {
    let language = language.map(|language| view! { <span class="code__language">{language.to_owned()}</span> });
    let spans: Vec<AnyView> = spans
        .iter()
        .map(|span| match token_class(span) {
            Some(class) => view! { <span class=class>{span.text.clone()}</span> }.into_any(),
            None => span.text.clone().into_any(),
        })
        .collect();
    view! {
        <div class="code" dir="ltr">
            <div class="code__head">
                {language}
                <button type="button" class=CODE_COPY on:click=copy>
                    {text::COPY}
                </button>
            </div>
            <pre tabindex="0">
                <code>{spans}</code>
            </pre>
        </div>
    }
    .into_any()
}

fn inlines(content: &[Inline], reader: Reader) -> Vec<AnyView> {
    content.iter().map(|inline| inline_view(inline, reader)).collect()
}

fn inline_view(inline: &Inline, reader: Reader) -> AnyView {
    match inline {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Break => view! { <br/> }.into_any(),
        Inline::Strong(content) => view! { <strong>{inlines(content, reader)}</strong> }.into_any(),
        Inline::Emphasis(content) => view! { <em>{inlines(content, reader)}</em> }.into_any(),
        Inline::Strike(content) => view! { <s>{inlines(content, reader)}</s> }.into_any(),
        Inline::Code(code) => view! { <code>{code.clone()}</code> }.into_any(),
        Inline::Link { href, content } if is_harmless(href) => {
            view! { <a href=href.clone() target="_blank" rel=REL>{inlines(content, reader)}</a> }.into_any()
        }
        Inline::Link { content, .. } => view! { <span>{inlines(content, reader)}</span> }.into_any(),
        Inline::Mention { handle, person } => {
            let class = mention_class(reader.is_called(Some(*person)));
            view! { <a href=format!("/@{handle}") class=class>{format!("@{handle}")}</a> }.into_any()
        }
        Inline::MentionAll => {
            let class = mention_class(reader.is_called(None));
            view! { <span class=class>{text::messages::EVERYBODY}</span> }.into_any()
        }
        Inline::Room(slug) => match reader.rooms.sign_of(slug) {
            Some(name) => view! { <a href=format!("/chat/room/{slug}") class=MENTION>{name}</a> }.into_any(),
            None => format!("#{slug}").into_any(),
        },
    }
}

#[cfg(feature = "hydrate")]
fn copy(event: leptos::ev::MouseEvent) {
    use crate::{browser, components::toasts::Toasts};
    let Some(toasts) = Toasts::get() else { return };
    let code = browser::target(&event).and_then(|button| button.closest(".code").ok().flatten());
    let code = code.and_then(|code| code.query_selector("code").ok().flatten());
    let Some(code) = code.and_then(|code| code.text_content()) else { return };
    toasts.copy(code, text::COPIED);
}

#[cfg(not(feature = "hydrate"))]
fn copy(_event: leptos::ev::MouseEvent) {}
