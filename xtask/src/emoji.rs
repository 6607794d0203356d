//! `public/emoji.txt`, which pages fetch when somebody looks for an emoji.
//!
//! The source is the npm package `emojibase-data` (MIT), which is made from the emoji data and the English annotations of
//! Unicode (Unicode License v3): `npm pack emojibase-data`, unpacked. What the file looks like stands in
//! `app/src/emoji.rs`, which reads it and tests that it is complete.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::Workspace;

/// Unicode's groups, by their number in the package. Number 2 has parts of emoji that are none themselves.
const GROUPS: [(u64, &str); 9] = [
    (0, "Smileys and feelings"),
    (1, "People and gestures"),
    (3, "Animals and nature"),
    (4, "Food and drink"),
    (5, "Travel and places"),
    (6, "Activities"),
    (7, "Objects"),
    (8, "Symbols"),
    (9, "Flags"),
];

/// Writes the file from the package in a folder.
pub(crate) fn write(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let [folder] = arguments else { bail!("name the folder of the unpacked package `emojibase-data`") };
    let folder = Path::new(folder);
    let emoji = read(&folder.join("en/data.json"))?;
    let usual = read(&folder.join("en/shortcodes/github.json"))?;
    let others = read(&folder.join("en/shortcodes/emojibase.json"))?;
    let version = read(&folder.join("package.json"))?;
    let version = version["version"].as_str().context("the package has no version")?;

    let mut file = format!(
        "Emoji of Unicode with their English names (Unicode License v3, https://www.unicode.org/license.txt),\n\
         from the npm package emojibase-data {version} (MIT, Miles Johnson). Written by `cargo xtask emoji`.\n"
    );
    let mut emoji: Vec<&Value> = emoji.as_array().context("data.json is no list")?.iter().collect();
    emoji.sort_by_key(|one| one["order"].as_u64());
    for (group, name) in GROUPS {
        file.push_str(&format!("# {name}\n"));
        for one in emoji.iter().filter(|one| one["group"].as_u64() == Some(group)) {
            let hexcode = one["hexcode"].as_str().context("an emoji without a code point")?;
            let mut codes = texts(&usual[hexcode]);
            codes.extend(texts(&others[hexcode]).into_iter().filter(|code| !texts(&usual[hexcode]).contains(code)));
            let label = text(&one["label"]);
            let tags: Vec<String> = texts(&one["tags"]).into_iter().filter(|tag| !label.contains(tag)).collect();
            file.push_str(&format!("{}\t{label}\t{}\t{}\n", written(one), codes.join(" "), tags.join(" ")));
        }
    }
    fs::write(workspace.root().join("public/emoji.txt"), file).context("public/emoji.txt cannot be written")?;
    Ok(ExitCode::SUCCESS)
}

/// An emoji in its fully-qualified form (UTS #51, ED-18): the package asks for the look of an emoji even where that is
/// what everybody has without asking, and there people write it without.
fn written(emoji: &Value) -> String {
    const LOOK: char = '\u{fe0f}';
    let text = text(&emoji["emoji"]);
    let asks_once = text.chars().count() == 2 && text.ends_with(LOOK);
    if emoji["type"].as_u64() == Some(1) && asks_once { text.trim_end_matches(LOOK).to_owned() } else { text }
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// One text; anything that would end a field is a space.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace(['\t', '\n'], " ")
}

/// One text or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        Value::String(_) => vec![text(value)],
        _ => Vec::new(),
    }
}
