//! Child processes. A failure becomes one sentence that names what was run.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, thread};

use anyhow::{Context, Result, anyhow, bail};

/// Runs it with this program's own input and output, and waits.
///
/// # Errors
///
/// When it cannot start, or ends with anything but success.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    verdict(command, status)
}

/// Runs it quietly and returns what it wrote to its standard output.
///
/// # Errors
///
/// When it cannot start, or ends with anything but success: then with what it wrote to its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    verdict(command, output.status).map_err(|error| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        if complaint.trim().is_empty() { error } else { anyhow!("{error}: {}", complaint.trim()) }
    })?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Becomes that program, so that signals and the exit code are its own. Returns only when it cannot start.
pub(crate) fn replace(command: &mut Command) -> anyhow::Error {
    anyhow!(command.exec()).context(cannot_start(command))
}

/// What came of a program that was listened to.
pub(crate) struct Heard {
    pub(crate) ended: Result<()>,
    /// The lines that were asked for, without colours, in order for each of the two outputs.
    pub(crate) lines: Vec<String>,
}

/// Runs it, shows all that it writes, and keeps the lines for which `wanted` holds.
///
/// # Errors
///
/// When it cannot start or cannot be read.
pub(crate) fn listen(command: &mut Command, wanted: fn(&str) -> bool) -> Result<Heard> {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let lines = thread::scope(|scope| -> Result<Vec<String>> {
        // Two threads, because a full pipe that nobody reads stops the child.
        let errors = scope.spawn(|| stderr.map_or(Ok(Vec::new()), |pipe| pass_on(pipe, io::stderr(), wanted)));
        let mut lines = stdout.map_or(Ok(Vec::new()), |pipe| pass_on(pipe, io::stdout(), wanted))?;
        lines.extend(errors.join().map_err(|_| anyhow!("reading the child's standard error panicked"))??);
        Ok(lines)
    })?;
    let status = child.wait()?;
    Ok(Heard { ended: verdict(command, status), lines })
}

fn pass_on(pipe: impl Read, mut to: impl Write, wanted: fn(&str) -> bool) -> io::Result<Vec<String>> {
    let mut pipe = BufReader::new(pipe);
    let mut kept = Vec::new();
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        let plain = without_colour(&String::from_utf8_lossy(&line));
        if wanted(&plain) {
            kept.push(plain.trim_end().to_owned());
        }
        line.clear();
    }
    Ok(kept)
}

/// Terminal colours are `ESC [ numbers m` (ECMA-48, SGR).
fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

fn verdict(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    match status.code() {
        Some(code) => bail!("`{}` failed with exit code {code}", sentence(command)),
        None => bail!("`{}` was stopped by a signal", sentence(command)),
    }
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", sentence(command))
}

/// The command as a person would type it, without folders before the program's name.
fn sentence(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

/// What a child would start when it asks for `program`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    find_in(&env::var_os("PATH").unwrap_or_default(), program)
}

pub(crate) fn find_in(path: &OsStr, program: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_its_code() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` failed with exit code 3");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("telicat-no-such-program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `telicat-no-such-program`");
    }

    #[test]
    fn a_quiet_failure_still_tells_what_the_program_complained_about() {
        let error = output(Command::new("/bin/sh").args(["-c", "echo no room >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().ends_with("failed with exit code 1: no room"), "{error}");
    }

    #[test]
    fn listening_keeps_wanted_lines_of_both_outputs() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r"printf 'keep 1\nother\n'; printf '\033[1mkeep\033[0m 2\n' >&2; exit 1"]);
        let heard = listen(&mut command, |line| line.starts_with("keep")).unwrap();
        assert_eq!(heard.lines, ["keep 1", "keep 2"]);
        assert!(heard.ended.is_err());
    }
}
