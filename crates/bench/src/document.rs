//! What a page refers to and a browser therefore fetches: scripts, modules, styles, icons, pictures, wasm.
//!
//! Enough of HTML, CSS and JavaScript for pages of one's own making, written strictly enough that a page which refers
//! to something in a new way is more likely an error than a smaller figure.

use anyhow::{Context, Result};

/// What is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Page,
    Script,
    Style,
    Wasm,
    Icon,
    Other,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [Self::Page, Self::Script, Self::Style, Self::Wasm, Self::Icon, Self::Other];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Script => "script",
            Self::Style => "style",
            Self::Wasm => "wasm",
            Self::Icon => "icons",
            Self::Other => "other",
        }
    }

    /// As browsers say it.
    pub(crate) fn accept(self) -> &'static str {
        match self {
            Self::Page => "text/html",
            Self::Style => "text/css,*/*;q=0.1",
            _ => "*/*",
        }
    }

    /// Whether there can be references in it.
    pub(crate) fn may_refer(self) -> bool {
        matches!(self, Self::Page | Self::Script | Self::Style)
    }

    fn of(path: &str) -> Self {
        let file = path.split(['?', '#']).next().unwrap_or(path);
        match file.rsplit_once('.').map(|(_, extension)| extension) {
            Some("js" | "mjs") => Self::Script,
            Some("css") => Self::Style,
            Some("wasm") => Self::Wasm,
            Some("ico" | "svg" | "png" | "webp") => Self::Icon,
            _ => Self::Other,
        }
    }
}

/// All that the text at `path` makes a browser fetch from the same site, as absolute paths.
///
/// # Errors
///
/// When there is a reference that cannot be followed.
pub(crate) fn references(text: &str, path: &str, kind: Kind) -> Result<Vec<(String, Kind)>> {
    let found = match kind {
        Kind::Page => in_page(text)?,
        Kind::Script => in_script(text)?,
        Kind::Style => in_style(text),
        Kind::Wasm | Kind::Icon | Kind::Other => Vec::new(),
    };
    let local = found.into_iter().filter(|reference| !reference.starts_with("data:") && !reference.starts_with('#'));
    local.map(|reference| absolute(path, &reference).map(|path| (path.clone(), Kind::of(&path)))).collect()
}

fn absolute(base: &str, reference: &str) -> Result<String> {
    if reference.starts_with('/') && !reference.starts_with("//") {
        return Ok(reference.to_owned());
    }
    let foreign = reference.contains("//");
    anyhow::ensure!(!foreign, "a page fetches {reference}, which is on another site");
    let mut folders: Vec<&str> = base.split('/').collect();
    folders.pop();
    for step in reference.split('/') {
        match step {
            "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    Ok(folders.join("/"))
}

fn in_page(html: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        match tag.name.as_str() {
            "link" if fetches(&tag) => found.extend(tag.value("href")),
            "img" | "source" | "iframe" | "embed" | "video" | "audio" => found.extend(tag.value("src")),
            "script" => {
                let (inline, after) = rest.split_once("</script").context("a script without an end")?;
                rest = after;
                match tag.value("src") {
                    Some(src) => found.push(src),
                    None => found.extend(in_script(inline)?),
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Links that a browser follows by itself.
fn fetches(link: &Tag) -> bool {
    const FETCHED: [&str; 7] =
        ["stylesheet", "preload", "modulepreload", "prefetch", "icon", "apple-touch-icon", "manifest"];
    link.value("rel").is_some_and(|rel| rel.split_whitespace().any(|word| FETCHED.contains(&word)))
}

#[derive(Debug, PartialEq)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn value(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.replace("&amp;", "&"))
    }
}

/// The tag at the beginning of `html`, and what follows it.
fn tag(html: &str) -> (Tag, &str) {
    let is_end = |c: char| c.is_ascii_whitespace() || c == '>';
    let inner = html.strip_prefix('<').unwrap_or(html);
    let end = inner.find(is_end).unwrap_or(inner.len());
    let mut tag = Tag { name: inner[..end].to_ascii_lowercase(), attributes: Vec::new() };
    let mut rest = inner[end..].trim_start();
    while !rest.is_empty() && !rest.starts_with('>') {
        let end = rest.find(|c: char| is_end(c) || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(is_end).unwrap_or(after.len())),
            };
        }
        tag.attributes.push((name, value.to_owned()));
        rest = rest.trim_start();
    }
    (tag, rest.strip_prefix('>').unwrap_or(rest))
}

fn in_style(css: &str) -> Vec<String> {
    let unquoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let by_url = css.split("url(").skip(1).filter_map(|rest| rest.split_once(')')).map(|(url, _)| unquoted(url));
    let by_import = css.split("@import").skip(1).filter_map(|rest| rest.split_once(';')).map(|(url, _)| url.trim());
    let by_import = by_import.filter(|url| !url.starts_with("url(")).map(unquoted);
    by_url.chain(by_import).collect()
}

/// Modules that a script imports, and the wasm that it names.
fn in_script(script: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for literal in literals(script) {
        // Without a folder it is a module's own guess where its wasm lies, for pages that do not say.
        let named = literal.text.ends_with(".wasm") && literal.text.contains('/');
        if !literal.imported && !named {
            continue;
        }
        let filled =
            if literal.text.contains("${") { filled_in(script, literal.text)? } else { literal.text.to_owned() };
        found.push(filled);
    }
    Ok(found)
}

struct Literal<'a> {
    text: &'a str,
    imported: bool,
}

/// Strings and templates, with whether `import` or `from` stands before them.
fn literals(script: &str) -> Vec<Literal<'_>> {
    let mut literals = Vec::new();
    let mut from = 0;
    while let Some(start) = script[from..].find(['"', '\'', '`']).map(|place| from + place) {
        let quote = &script[start..=start];
        let Some(length) = script[start + 1..].find(quote) else { break };
        let before = script[from..start].trim_end().trim_end_matches('(').trim_end();
        let imported = before.ends_with("import") || before.ends_with("from");
        literals.push(Literal { text: &script[start + 1..start + 1 + length], imported });
        from = start + length + 2;
    }
    literals
}

/// A template whose parts are parameters of the function that the script is: `(function (a, b) { … })("x", "y")`.
fn filled_in(script: &str, template: &str) -> Result<String> {
    let parameters = script.split_once("function (").and_then(|(_, rest)| rest.split_once(')'));
    let arguments = script.rsplit_once("})(").and_then(|(_, rest)| rest.rsplit_once(')'));
    let ((parameters, _), (arguments, _)) = parameters.zip(arguments).context("a template that cannot be filled in")?;
    let values = arguments.split(',').map(|value| value.trim().trim_matches('"'));
    let filled = parameters
        .split(',')
        .zip(values)
        .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("${{{}}}", name.trim()), value));
    anyhow::ensure!(!filled.contains("${"), "a template that cannot be filled in: {template}");
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Vec<String> {
        references(html, "/chat/room/tea", Kind::Page).unwrap().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn what_a_browser_fetches_is_found_and_what_it_only_links_to_is_not() {
        let html = r##"<!DOCTYPE html><html><head>
            <link rel="stylesheet" href="/a/1/pkg/t.css?x=1&amp;y=2"><link rel=icon href='/favicon.svg'>
            <link rel="canonical" href="/nowhere"><!-- <script src="/old.js"></script> -->
            <link crossorigin="n" href="/a/1/pkg/t.js" rel="modulepreload"><script src="/theme.js"></script>
            </head><body><a href="/elsewhere">x</a><img alt="a > b" src="../pictures/cat.png"/>
            <img src="data:image/png;base64,AA"></body></html>"##;
        let expected =
            ["/a/1/pkg/t.css?x=1&y=2", "/favicon.svg", "/a/1/pkg/t.js", "/theme.js", "/chat/pictures/cat.png"];
        assert_eq!(page(html), expected);
        assert!(references(r#"<img src="https://elsewhere.example/x.png">"#, "/", Kind::Page).is_err());
    }

    #[test]
    fn the_imports_of_an_inline_module_are_found() {
        let leptos = r#"<script type="module" nonce="q">(function (root, pkg_path, output_name, wasm_output_name) {
            import(`${root}/${pkg_path}/${output_name}.js`).then(mod => {
                mod.default({module_or_path: `${root}/${pkg_path}/${wasm_output_name}.wasm`}).then(() => mod.hydrate());
            });
        })("/a/1", "pkg", "telicat", "telicat_bg");</script>"#;
        assert_eq!(page(leptos), ["/a/1/pkg/telicat.js", "/a/1/pkg/telicat_bg.wasm"]);
        let own = r#"<script>import init from "/x.js"; const a = "import"; import('/y.js'); say("from here")</script>"#;
        assert_eq!(page(own), ["/x.js", "/y.js"]);
    }

    #[test]
    fn modules_and_styles_lead_on() {
        let script = references("import {a} from './snippets/b.js';let c='d'", "/a/1/pkg/t.js", Kind::Script).unwrap();
        assert_eq!(script, [("/a/1/pkg/snippets/b.js".to_owned(), Kind::Script)]);
        let css = r#"@import "more.css"; a{background:url(../x.svg)} b{src:url("/f.woff2")} c{d:url(#id)}"#;
        let style = references(css, "/pkg/t.css", Kind::Style).unwrap();
        let paths: Vec<_> = style.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["/x.svg", "/f.woff2", "/pkg/more.css"]);
    }

    #[test]
    fn attributes_are_read_in_every_form() {
        let (tag, rest) = tag(r#"<IMG src = "a b" alt='>' width=3 hidden>after"#);
        assert_eq!(tag.name, "img");
        assert_eq!(tag.value("src").as_deref(), Some("a b"));
        assert_eq!(tag.value("alt").as_deref(), Some(">"));
        assert_eq!(tag.value("width").as_deref(), Some("3"));
        assert_eq!(tag.value("hidden").as_deref(), Some(""));
        assert_eq!(rest, "after");
    }
}
