//! `size`: what a visit and the executable weigh, against the budgets.
//!
//! Sums are over every file of the site, which is more than any one visit fetches: when they fit, each visit does.
//! A page's own HTML is not in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::release;
use crate::workspace::Workspace;

/// The first visit to a room, in bytes after brotli.
const ROOM: u64 = 300_000;
/// What the first visit to a room shall come down to.
const ROOM_AIM: u64 = 200_000;
/// A page for somebody who is not logged in, which needs no wasm, in bytes after brotli.
const VISITOR: u64 = 60_000;
/// The executable, in bytes.
const EXECUTABLE: u64 = 30_000_000;

struct File {
    name: PathBuf,
    raw: u64,
    brotli: u64,
}

/// # Errors
///
/// When the release cannot be built or read.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let (executable, site) = release::executable_and_site(workspace)?;
    let files = read(&site)?;
    println!("{:>10} {:>10}  file of the site", "raw", "brotli");
    for file in &files {
        println!("{:>10} {:>10}  {}", readable(file.raw), readable(file.brotli), file.name.display());
    }
    println!();

    let room = files.iter().map(|file| file.brotli).sum();
    let visitor = files.iter().filter(|file| !is_wasm(&file.name)).map(|file| file.brotli).sum();
    let executable = fs::metadata(executable)?.len();
    let within = [
        compare("first visit to a room, brotli", room, ROOM),
        compare("visitor's page without wasm, brotli", visitor, VISITOR),
        compare("executable", executable, EXECUTABLE),
    ];
    if room > ROOM_AIM {
        println!("The aim for the first visit to a room is {}.", readable(ROOM_AIM));
    }
    Ok(if within.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn compare(what: &str, size: u64, budget: u64) -> bool {
    let within = size <= budget;
    let verdict = if within { "ok" } else { "OVER BUDGET" };
    println!("{what:<36} {:>10} of {:>10}  {verdict}", readable(size), readable(budget));
    within
}

fn read(site: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut open = vec![site.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if is_served(&path) {
                let raw = fs::metadata(&path)?.len();
                let compressed = fs::metadata(with_brotli(&path)).map_or(raw, |file| file.len());
                let name = path.strip_prefix(site)?.to_owned();
                // What is compressed already only grows, and is sent as it is.
                files.push(File { name, raw, brotli: compressed.min(raw) });
            }
        }
    }
    files.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    Ok(files)
}

/// Compressed copies stand for their original, and hidden files are the build's own.
fn is_served(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !hidden && !path.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}

fn is_wasm(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wasm")
}

fn with_brotli(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

/// In the unit that fits; a kilobyte is 1000 bytes, as in the budgets.
pub(crate) fn readable(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_weighs_what_is_sent_of_it() {
        let site = std::env::temp_dir().join(format!("telicat-size-{}", std::process::id()));
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(site.join("pkg/telicat.wasm"), [0; 1000]).unwrap();
        fs::write(site.join("pkg/telicat.wasm.br"), [0; 100]).unwrap();
        fs::write(site.join("pkg/telicat.wasm.gz"), [0; 200]).unwrap();
        fs::write(site.join("icon.png"), [0; 50]).unwrap();
        fs::write(site.join("icon.png.br"), [0; 60]).unwrap();
        fs::write(site.join(".built-from"), "not served").unwrap();
        let files = read(&site).unwrap();
        fs::remove_dir_all(&site).unwrap();
        let weights: Vec<_> = files.iter().map(|file| (file.name.to_str().unwrap(), file.raw, file.brotli)).collect();
        assert_eq!(weights, [("pkg/telicat.wasm", 1000, 100), ("icon.png", 50, 50)]);
    }

    #[test]
    fn sizes_are_printed_in_the_unit_of_the_budgets() {
        assert_eq!(readable(999), "999 B");
        assert_eq!(readable(187_250), "187.2 kB");
        assert_eq!(readable(29_999_999), "29.9 MB");
    }
}
