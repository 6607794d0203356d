//! From the parser's events to blocks.

use super::{
    highlight::highlight,
    links::{allowed, push_text, split},
};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};
use std::ops::Range;
use telicat_domain::{
    limits::{LINKS_MAX, NESTING_MAX},
    rich::{Block, Inline},
};

/// Something that is not ended yet.
enum Open {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    Quote(Vec<Block>),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    /// A line that stands in an item without a paragraph of its own waits at the end.
    Item(Vec<Block>, Vec<Inline>),
    Code {
        language: Option<String>,
        text: String,
    },
    Html(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Strike(Vec<Inline>),
    Link {
        href: String,
        content: Vec<Inline>,
    },
    /// What is only its content: a picture inside a link.
    Content(Vec<Inline>),
}

struct Builder<'a> {
    source: &'a str,
    open: Vec<Open>,
    blocks: Vec<Block>,
    /// How many quotes, lists and spans are open.
    depth: usize,
    links_left: usize,
    /// What is shown as it was typed, with all that is in it: how many ends are missing.
    skipping: usize,
    in_link: usize,
}

/// Reads a text.
pub(super) fn read(body: &str) -> Vec<Block> {
    let options = Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(body, options);
    // What defines the target of a link would show nothing itself: it is made a text.
    let mut definitions: Vec<usize> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.start).collect();
    if definitions.is_empty() {
        return build(body, parser);
    }
    definitions.sort_unstable();
    let mut escaped = String::with_capacity(body.len() + definitions.len());
    let mut done = 0;
    for at in definitions {
        let bracket = body[at..].find('[').map_or(at, |inside| at + inside);
        escaped.push_str(&body[done..bracket]);
        escaped.push('\\');
        done = bracket;
    }
    escaped.push_str(&body[done..]);
    build(&escaped, Parser::new_ext(&escaped, options))
}

fn build<'a>(source: &'a str, parser: Parser<'a>) -> Vec<Block> {
    let mut builder = Builder {
        source,
        open: Vec::new(),
        blocks: Vec::new(),
        depth: 0,
        links_left: LINKS_MAX,
        skipping: 0,
        in_link: 0,
    };
    for (event, range) in parser.into_offset_iter() {
        builder.take(event, range);
    }
    let Builder { mut blocks, mut links_left, .. } = builder;
    // Once the text is whole: the parser gives it in pieces.
    link_addresses(&mut blocks, &mut links_left);
    blocks
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(),
            Event::Text(text) => match self.open.last_mut() {
                Some(Open::Code { text: code, .. }) => code.push_str(&text),
                _ => self.text(&text),
            },
            Event::Html(text) | Event::InlineHtml(text) => match self.open.last_mut() {
                Some(Open::Html(html)) => html.push_str(&text),
                _ => self.lines(&text),
            },
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak | Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            // None of what makes these is turned on.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let open = match tag {
            Tag::Paragraph => Open::Paragraph(Vec::new()),
            Tag::Heading { .. } => Open::Heading(Vec::new()),
            Tag::Item => Open::Item(Vec::new(), Vec::new()),
            Tag::HtmlBlock => Open::Html(String::new()),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                Open::Code { language, text: String::new() }
            }
            ref deeper if self.depth >= NESTING_MAX => return self.as_typed(deeper, range),
            Tag::BlockQuote(_) => Open::Quote(Vec::new()),
            Tag::List(start) => Open::List { start, items: Vec::new() },
            Tag::Strong => Open::Strong(Vec::new()),
            Tag::Emphasis => Open::Emphasis(Vec::new()),
            Tag::Strikethrough => Open::Strike(Vec::new()),
            Tag::Link { .. } | Tag::Image { .. } if self.in_link > 0 => Open::Content(Vec::new()),
            Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. } => {
                let target =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.into_string() };
                match allowed(&target).filter(|_| self.links_left > 0) {
                    Some(href) => Open::Link { href, content: Vec::new() },
                    None => return self.span_as_typed(range),
                }
            }
            // None of what makes the others is turned on.
            _ => return self.block_as_typed(range),
        };
        match &open {
            Open::Link { .. } => {
                self.links_left -= 1;
                self.in_link += 1;
                self.depth += 1;
            }
            Open::Content(_) => {
                self.in_link += 1;
                self.depth += 1;
            }
            Open::Quote(_) | Open::List { .. } | Open::Strong(_) | Open::Emphasis(_) | Open::Strike(_) => {
                self.depth += 1;
            }
            _ => {}
        }
        self.end_line(&open);
        self.open.push(open);
    }

    fn end(&mut self) {
        match self.open.pop() {
            None => {}
            Some(Open::Paragraph(content)) => self.block(Block::Paragraph(content)),
            Some(Open::Heading(content)) => self.block(Block::Heading(content)),
            Some(Open::Quote(blocks)) => {
                self.depth -= 1;
                self.block(Block::Quote(blocks));
            }
            Some(Open::List { start, items }) => {
                self.depth -= 1;
                self.block(Block::List { start, items });
            }
            Some(Open::Item(mut blocks, line)) => {
                if !line.is_empty() {
                    blocks.push(Block::Paragraph(line));
                }
                if let Some(Open::List { items, .. }) = self.open.last_mut() {
                    items.push(blocks);
                }
            }
            Some(Open::Code { language, text }) => {
                let (language, spans) = highlight(language.as_deref(), text.strip_suffix('\n').unwrap_or(&text));
                self.block(Block::Code { language, spans });
            }
            Some(Open::Html(html)) => self.paragraph_as_typed(&html),
            Some(Open::Strong(content)) => self.span(Inline::Strong(content)),
            Some(Open::Emphasis(content)) => self.span(Inline::Emphasis(content)),
            Some(Open::Strike(content)) => self.span(Inline::Strike(content)),
            Some(Open::Link { href, content }) => {
                self.in_link -= 1;
                // A link that shows nothing shows where it leads.
                let content = if content.is_empty() { vec![Inline::Text(href.clone())] } else { content };
                self.span(Inline::Link { href, content });
            }
            Some(Open::Content(content)) => {
                self.in_link -= 1;
                self.depth -= 1;
                content.into_iter().for_each(|inline| self.inline(inline));
            }
        }
    }

    fn span(&mut self, inline: Inline) {
        self.depth -= 1;
        self.inline(inline);
    }

    /// A block that begins inside an item ends the line before it.
    fn end_line(&mut self, begins: &Open) {
        let is_span = matches!(
            begins,
            Open::Strong(_) | Open::Emphasis(_) | Open::Strike(_) | Open::Link { .. } | Open::Content(_)
        );
        if !is_span
            && let Some(Open::Item(blocks, line)) = self.open.last_mut()
            && !line.is_empty()
        {
            blocks.push(Block::Paragraph(std::mem::take(line)));
        }
    }

    fn block(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::Quote(blocks)) => blocks.push(block),
            Some(Open::Item(blocks, line)) => {
                if !line.is_empty() {
                    blocks.push(Block::Paragraph(std::mem::take(line)));
                }
                blocks.push(block);
            }
            _ => self.blocks.push(block),
        }
    }

    fn line(&mut self) -> Option<&mut Vec<Inline>> {
        match self.open.last_mut()? {
            Open::Paragraph(content)
            | Open::Heading(content)
            | Open::Item(_, content)
            | Open::Strong(content)
            | Open::Emphasis(content)
            | Open::Strike(content)
            | Open::Link { content, .. }
            | Open::Content(content) => Some(content),
            Open::Quote(_) | Open::List { .. } | Open::Code { .. } | Open::Html(_) => None,
        }
    }

    fn inline(&mut self, inline: Inline) {
        let Some(line) = self.line() else { return };
        match inline {
            Inline::Text(text) => push_text(line, &text),
            other => line.push(other),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(line) = self.line() {
            push_text(line, text);
        }
    }

    /// Text that may have several lines.
    fn lines(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.inline(Inline::Break);
            }
            self.text(line);
        }
    }

    /// Shows a part of the source as it was typed.
    fn as_typed(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) => self.block_as_typed(range),
            _ => self.span_as_typed(range),
        }
    }

    fn span_as_typed(&mut self, range: Range<usize>) {
        self.skipping = 1;
        let source = self.source;
        self.lines(source.get(range).unwrap_or_default());
    }

    fn block_as_typed(&mut self, range: Range<usize>) {
        self.skipping = 1;
        let source = self.source;
        let text = source.get(range).unwrap_or_default();
        self.paragraph_as_typed(text);
    }

    fn paragraph_as_typed(&mut self, text: &str) {
        let open = Open::Paragraph(Vec::new());
        self.end_line(&open);
        self.open.push(open);
        self.lines(text.trim_end_matches('\n'));
        self.end();
    }
}

/// Makes links of the addresses that stand in the blocks by themselves.
fn link_addresses(blocks: &mut [Block], left: &mut usize) {
    for block in blocks {
        match block {
            Block::Paragraph(content) | Block::Heading(content) => link_addresses_of_line(content, left),
            Block::Quote(blocks) => link_addresses(blocks, left),
            Block::List { items, .. } => items.iter_mut().for_each(|item| link_addresses(item, left)),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn link_addresses_of_line(content: &mut Vec<Inline>, left: &mut usize) {
    let mut done = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        match &mut inline {
            Inline::Text(text) => {
                split(text, left, &mut done);
                continue;
            }
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => {
                link_addresses_of_line(inner, left);
            }
            _ => {}
        }
        done.push(inline);
    }
    *content = done;
}
