//! What becomes of a text: the tree, and that nothing in it can do harm, whatever was typed.

use proptest::prelude::*;
use telicat_domain::{
    PersonId, RoomSlug,
    limits::{LINKS_MAX, NESTING_MAX},
    rich::{Block, Inline, RichText},
};
use telicat_service::markdown::{Called, Draft, EVERYBODY};
use uuid::Uuid;

fn read(body: &str) -> Option<RichText> {
    Draft::read(body).finish(body, &Called::new()).map(|rich| *rich)
}

fn blocks(body: &str) -> Vec<Block> {
    read(body).unwrap_or_else(|| panic!("{body:?} is plain")).0
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn line(body: &str) -> Vec<Inline> {
    match blocks(body).as_slice() {
        [Block::Paragraph(content)] => content.clone(),
        other => panic!("{body:?}: {other:?}"),
    }
}

fn link(href: &str, shown: &str) -> Inline {
    Inline::Link { href: href.to_owned(), content: vec![text(shown)] }
}

/// Everything of a tree, in order: links by where they lead, and the texts.
fn flat(rich: &RichText) -> (Vec<String>, String) {
    fn lines(content: &[Inline], links: &mut Vec<String>, shown: &mut String) {
        for inline in content {
            match inline {
                Inline::Text(text) | Inline::Code(text) => shown.push_str(text),
                Inline::Break => shown.push('\n'),
                Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => lines(inner, links, shown),
                Inline::Link { href, content } => {
                    links.push(href.clone());
                    lines(content, links, shown);
                }
                Inline::Mention { handle, .. } => shown.extend(["@", handle]),
                Inline::MentionAll => shown.push_str("@room"),
                Inline::Room(slug) => shown.extend(["#", slug.as_str()]),
            }
        }
    }
    fn walk(blocks: &[Block], links: &mut Vec<String>, shown: &mut String) {
        for block in blocks {
            match block {
                Block::Paragraph(content) | Block::Heading(content) => lines(content, links, shown),
                Block::Quote(inner) => walk(inner, links, shown),
                Block::List { items, .. } => items.iter().for_each(|item| walk(item, links, shown)),
                Block::Code { spans, .. } => spans.iter().for_each(|span| shown.push_str(&span.text)),
                Block::Rule => {}
            }
            shown.push('\n');
        }
    }
    let (mut links, mut shown) = (Vec::new(), String::new());
    walk(&rich.0, &mut links, &mut shown);
    (links, shown)
}

/// How many nodes a tree has, and how deep it is.
fn size(rich: &RichText) -> (usize, usize) {
    fn line(content: &[Inline], depth: usize) -> (usize, usize) {
        content.iter().fold((0, depth), |(nodes, deepest), inline| {
            let (inner, deep) = match inline {
                Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => line(inner, depth + 1),
                Inline::Link { content, .. } => line(content, depth + 1),
                _ => (0, depth),
            };
            (nodes + 1 + inner, deepest.max(deep))
        })
    }
    fn walk(blocks: &[Block], depth: usize) -> (usize, usize) {
        blocks.iter().fold((0, depth), |(nodes, deepest), block| {
            let (inner, deep) = match block {
                Block::Paragraph(content) | Block::Heading(content) => line(content, depth),
                Block::Quote(inner) => walk(inner, depth + 1),
                Block::List { items, .. } => items.iter().fold((0, depth), |(nodes, deepest), item| {
                    let (inner, deep) = walk(item, depth + 1);
                    (nodes + inner, deepest.max(deep))
                }),
                Block::Code { spans, .. } => (spans.len(), depth),
                Block::Rule => (0, depth),
            };
            (nodes + 1 + inner, deepest.max(deep))
        })
    }
    walk(&rich.0, 0)
}

#[test]
fn lines_of_text_are_shown_as_they_were_typed() {
    for body in [
        "hello",
        "two\nlines",
        "  indented\nthen not",
        "a\n\n\nb",
        "5 > 3",
        "a_b_c",
        "1 * 2",
        "snake_case_name",
        "it's",
        "AT&T",
        "50 %",
        "a - b",
        "what? #1",
        "mail mei@cats.example",
        "🐈 ~ 🐕",
        "x = y",
        "trailing  \nspaces",
        "[x]",
        "(c) C# c++",
        "I'd say -5",
        "100 + 3",
        "@nobody",
    ] {
        assert_eq!(read(body), None, "{body:?}");
    }
}

#[test]
fn signs_become_what_they_mean() {
    assert_eq!(
        line("**a** *b* ~~c~~ `d`"),
        [
            Inline::Strong(vec![text("a")]),
            text(" "),
            Inline::Emphasis(vec![text("b")]),
            text(" "),
            Inline::Strike(vec![text("c")]),
            text(" "),
            Inline::Code("d".to_owned()),
        ]
    );
    assert_eq!(line("*a*\nb"), [Inline::Emphasis(vec![text("a")]), Inline::Break, text("b")]);
    assert_eq!(line(r"\*not\*"), [text("*not*")]);
    assert_eq!(blocks("# big"), [Block::Heading(vec![text("big")])]);
    assert_eq!(blocks("a\n\n---\n\nb")[1], Block::Rule);
    assert_eq!(blocks("> a\n> b"), [Block::Quote(vec![Block::Paragraph(vec![text("a"), Inline::Break, text("b")])])]);
}

#[test]
fn lists_hold_what_stands_in_them() {
    let Block::List { start, items } = blocks("3. a\n   - **b** c\n4. d").remove(0) else { panic!("no list") };
    assert_eq!((start, items.len()), (Some(3), 2));
    assert_eq!(items[0][0], Block::Paragraph(vec![text("a")]));
    let Block::List { start: None, items: inner } = &items[0][1] else { panic!("no list in the list") };
    assert_eq!(inner[0], [Block::Paragraph(vec![Inline::Strong(vec![text("b")]), text(" c")])]);
    let Block::List { items, .. } = blocks("- a\n\n  b\n- c").remove(0) else { panic!("no list") };
    assert_eq!(items[0], [Block::Paragraph(vec![text("a")]), Block::Paragraph(vec![text("b")])]);
    let Block::List { items, .. } = blocks("- see [x](javascript:y) here\n- c").remove(0) else { panic!("no list") };
    assert_eq!(items[0], [Block::Paragraph(vec![text("see [x](javascript:y) here")])]);
}

#[test]
fn code_is_kept_to_the_letter() {
    let code = "fn main() {\n    let a = \"<b>\"; // *no*\n\n}";
    let Block::Code { language, spans } = blocks(&format!("```Rust\n{code}\n```")).remove(0) else { panic!("no code") };
    assert_eq!(language.as_deref(), Some("rust"));
    assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), code);
    assert!(spans.iter().any(|span| span.token.is_some()));
    let Block::Code { language: None, spans } = blocks("```klingon\nx\n```").remove(0) else { panic!("no code") };
    assert_eq!(spans.len(), 1);
    assert!(matches!(&blocks("```\n@mei http://a.example\n```")[0], Block::Code { .. }));
    assert_eq!(line("`@mei http://a.example`"), [Inline::Code("@mei http://a.example".to_owned())]);
}

#[test]
fn addresses_and_links_lead_out() {
    assert_eq!(
        line("see https://a.example/x."),
        [text("see "), link("https://a.example/x", "https://a.example/x"), text(".")]
    );
    assert_eq!(line("[here](https://a.example)"), [link("https://a.example", "here")]);
    assert_eq!(line("<https://a.example>"), [link("https://a.example", "https://a.example")]);
    assert_eq!(line("<mei@cats.example>"), [link("mailto:mei@cats.example", "mei@cats.example")]);
    assert_eq!(line("![a cat](https://a.example/cat.png)"), [link("https://a.example/cat.png", "a cat")]);
    assert_eq!(line("![](https://a.example/c.png)"), [link("https://a.example/c.png", "https://a.example/c.png")]);
    assert_eq!(line("[![a](https://b.example)](https://a.example)"), [link("https://a.example", "a")]);
    assert_eq!(
        line("**https://a.example/b_c**"),
        [Inline::Strong(vec![link("https://a.example/b_c", "https://a.example/b_c")])]
    );
    assert_eq!(line("[https://a.example](https://b.example)"), [link("https://b.example", "https://a.example")]);
}

#[test]
fn what_would_vanish_is_shown() {
    for (body, shown) in [
        ("[alice]: hello", "[alice]: hello"),
        ("[a]: http://b.example\n\n[a]", "[a]: http://b.example\n[a]"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("<div>\n**x**\n</div>\n\n*y*", "<div>\n**x**\n</div>\ny"),
        ("<!-- a -->", "<!-- a -->"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("[^1] and $x$", "[^1] and $x$"),
        ("- [ ] to do", "[ ] to do"),
    ] {
        let found = read(body).map_or_else(|| body.to_owned(), |rich| flat(&rich).1.trim_end().to_owned());
        assert_eq!(found, shown, "{body:?}");
    }
}

#[test]
fn who_is_meant_is_found_in_the_text_and_nowhere_else() {
    let names = |body: &str| Draft::read(body).names();
    assert_eq!(names("@Mei, @tom and (@ines)!"), ["mei", "tom", "ines"]);
    assert_eq!(names("ask @mei."), ["mei.", "mei"]);
    assert_eq!(names("**@mei** _@tom_ > @x"), ["mei", "tom", "x"]);
    assert_eq!(names("> @mei\n\n- @tom"), ["mei", "tom"]);
    for body in ["`@mei`", "```\n@mei\n```", "a@mei.example", "[@mei](http://a.example)", "http://a.example/@mei", "@"]
    {
        assert_eq!(names(body), Vec::<String>::new(), "{body}");
    }
    assert!(names(&"@a".repeat(9_000)).len() < 3);
    let many: String = (0..5_000).map(|number| format!("@n{number} ")).collect();
    assert!(names(&many).len() <= 200);
    assert!(Draft::read("hey @room").asks_for_everybody() && Draft::read("*@Everyone*.").asks_for_everybody());
    assert!(!Draft::read("`@room` @roomy").asks_for_everybody());
}

#[test]
fn names_that_were_found_are_put_in() {
    let mei = PersonId(Uuid::from_u128(7));
    let called = Called::from([("mei".to_owned(), Some(mei)), (EVERYBODY.to_owned(), None)]);
    let body = "@Mei. @tom @room **@mei** #public-chat. #secret #-a #1 `@mei`";
    let rich = Draft::read(body).finish(body, &called).unwrap();
    let mention = |handle: &str| Inline::Mention { handle: handle.to_owned(), person: mei };
    assert_eq!(
        rich.0,
        [Block::Paragraph(vec![
            mention("Mei"),
            text(". @tom "),
            Inline::MentionAll,
            text(" "),
            Inline::Strong(vec![mention("mei")]),
            text(" "),
            Inline::Room(RoomSlug::public_chat()),
            text(". #secret #-a #1 "),
            Inline::Code("@mei".to_owned()),
        ])]
    );
    assert_eq!(Draft::read("@tom and @room").finish("@tom and @room", &Called::new()), None);
}

/// From the OWASP XSS Filter Evasion Cheat Sheet, as links where they can be.
const EVASIONS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://cdn.jsdelivr.net/gh/Moksh45/host-xss.rocks/index.js></SCRIPT>",
    "<IMG SRC=\"javascript:alert('XSS');\">",
    "<IMG SRC=JaVaScRiPt:alert('XSS')>",
    "<IMG SRC=`javascript:alert(\"RSnake says, 'XSS'\")`>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<IMG \"\"\"><SCRIPT>alert(\"XSS\")</SCRIPT>\"\\>",
    "<IMG SRC=/ onerror=\"alert(String.fromCharCode(88,83,83))\"></img>",
    "<IMG SRC=\"jav&#x09;ascript:alert('XSS');\">",
    "<svg/onload=alert('XSS')>",
    "<BODY ONLOAD=alert('XSS')>",
    "<iframe src=http://xss.rocks/scriptlet.html <",
    "<META HTTP-EQUIV=\"refresh\" CONTENT=\"0;url=javascript:alert('XSS');\">",
    "<STYLE>@import'http://xss.rocks/xss.css';</STYLE>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo('<script>alert(1)</script>'); ?>",
    "<!--[if gte IE 4]><SCRIPT>alert('XSS');</SCRIPT><![endif]-->",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](\u{1}javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](javascript://%0aalert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](feed:javascript:alert(1))",
    "[x](jar:http://a!/)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/accounts/logout)",
    "[x](\\\\evil.example)",
    "[x](#\" onclick=\"alert(1))",
    "[x](blob:http://a/b)",
    "[x](view-source:http://a)",
    "[x](http:javascript:alert(1))",
    "[x](https:&sol;&sol;)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](x\"onerror=\"alert(1))",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<JaVaScRiPt:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "> [y]: javascript:alert(1)\n\n[y]",
    "[x](http://a.example/\"onmouseover=\"alert(1))",
    "http://a.example/\"onmouseover=\"alert(1)",
    "http://a.example/<script>alert(1)</script>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "`<script>`<script>alert(1)</script>",
    "```html\n<script>alert(1)</script>\n```",
    "[a](javascript:x \"title\")[b](http://ok.example)",
    "xjavascript://http://a",
    "mailto:x%0d%0aBcc:y",
];

#[test]
fn no_evasion_becomes_a_link_that_does_something() {
    for evasion in EVASIONS {
        for body in
            [(*evasion).to_owned(), format!("**{evasion}**"), format!("> {evasion}"), format!("- {evasion}\n- x")]
        {
            let Some(rich) = read(&body) else { continue };
            for href in flat(&rich).0 {
                let fine = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
                assert!(
                    fine && !href.contains(char::is_whitespace) && !href.contains(char::is_control),
                    "{body}: {href}"
                );
            }
        }
    }
}

#[test]
fn links_and_nesting_end_somewhere() {
    let many = "[a](http://b.example) ".repeat(LINKS_MAX + 10) + &"http://c.example ".repeat(10);
    let (links, shown) = flat(&read(&many).unwrap());
    assert_eq!(links.len(), LINKS_MAX);
    assert_eq!(shown.matches("[a](http://b.example)").count(), 10, "the others are as they were typed");
    assert!(shown.contains("http://c.example"));
    for (body, inside) in [
        (">".repeat(100) + " deep", "deep"),
        ("- ".repeat(100) + "deep", "deep"),
        ("*a **b ".repeat(60) + "deep" + &"** *".repeat(60), "deep"),
    ] {
        let rich = read(&body).unwrap();
        assert!(size(&rich).1 <= NESTING_MAX, "{body}");
        assert!(flat(&rich).1.contains(inside), "{body}");
    }
}

#[test]
fn the_work_is_bounded_whatever_is_typed() {
    let full = 64 * 1024;
    for piece in [
        "[",
        "]",
        "![",
        "[](",
        "*",
        "_",
        "*_",
        "**_",
        "~~",
        ">",
        "> ",
        ">\n",
        "`",
        "``",
        "` ",
        "```\n",
        "~~~\n",
        "<",
        "<a ",
        "</",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "&#x",
        "\\",
        "#",
        "# ",
        "- ",
        "-\n",
        "1. ",
        "* \n",
        "=\n",
        "a\n=",
        "    ",
        "\t",
        "@",
        "@a",
        "@a ",
        "#a ",
        "http://a.",
        "http://",
        "://",
        "https://a ",
        "a@b.c ",
        "[a]: b\n",
        "[a][",
        "[a](b",
        "(((",
        "http://a((",
        "http://a))",
        "|",
        "|a|\n|-|\n",
        "*a_ ",
        "[`",
        "**a*",
        "a**b_c~~",
        "\u{1f63a}*",
        "\n\n",
        "- >",
        "[^1]",
        "1) - > ",
        "<a@b ",
        "!\\[",
        "***a**",
    ] {
        let body = piece.repeat(full / piece.len());
        let Some(rich) = read(&body) else { continue };
        let (nodes, depth) = size(&rich);
        assert!(depth <= NESTING_MAX, "{piece:?}: {depth} deep");
        assert!(nodes <= body.len() + 1, "{piece:?}: {nodes} nodes");
        let (links, shown) = flat(&rich);
        assert!(links.len() <= LINKS_MAX, "{piece:?}");
        assert!(shown.len() <= 3 * body.len(), "{piece:?}: {} bytes", shown.len());
    }
}

/// Texts of signs and little else.
fn signs() -> impl Strategy<Value = String> {
    let pieces = [
        "*",
        "_",
        "~",
        "`",
        ">",
        "<",
        "[",
        "]",
        "(",
        ")",
        "!",
        "#",
        "-",
        "1.",
        " ",
        "\n",
        "\\",
        "&",
        ";",
        ":",
        "/",
        "@",
        "a",
        "b",
        "http://",
        "javascript:",
        "é",
        "|",
        "=",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn anything_is_read(body in signs()) {
        if let Some(rich) = read(&body) {
            let (nodes, depth) = size(&rich);
            prop_assert!(depth <= NESTING_MAX && nodes <= 2 * body.len() + 2);
            let (links, shown) = flat(&rich);
            prop_assert!(links.iter().all(|href| href.starts_with("http://") || href.starts_with("mailto:")));
            // Every letter that was typed is there, but for those that are a part of a target.
            let letters = |text: &str| text.matches(['a', 'b', 'é']).count();
            let hidden: usize = links.iter().map(|href| letters(href)).sum();
            prop_assert!(letters(&shown) + hidden >= letters(&body), "{:?}", rich);
        }
    }
}
