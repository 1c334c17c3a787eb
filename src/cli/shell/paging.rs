//! Answers that are larger than the screen go through a pager.

use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use unicode_width::UnicodeWidthStr as _;

/// Shows a text on the terminal: as it is where it fits or there is no pager, else page by page.
pub fn show(text: &[u8]) -> io::Result<()> {
    let size = terminal_size::terminal_size().map(|(width, height)| (width.0, height.0));
    let fits = size.is_none_or(|size| fits(&String::from_utf8_lossy(text), size));
    let mut child = match pager().filter(|_| !fits).map(|mut pager| pager.spawn()) {
        Some(Ok(child)) => child,
        _ => {
            let mut out = io::stdout().lock();
            out.write_all(text)?;
            return out.flush();
        }
    };
    let fed = feed(&mut child, text);
    child.wait()?;
    fed
}

/// Gives the pager the text. One that is left early reads no further, which is no error.
fn feed(child: &mut Child, text: &[u8]) -> io::Result<()> {
    let Some(mut input) = child.stdin.take() else { return Ok(()) };
    match input.write_all(text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        fed => fed,
    }
}

/// Whether a text leaves a line of the screen to the prompt.
fn fits(text: &str, (width, height): (u16, u16)) -> bool {
    let mut lines = 0;
    text.lines().all(|line| {
        lines += 1;
        let line = anstream::adapter::strip_str(line).to_string();
        lines < usize::from(height) && line.width() <= usize::from(width)
    })
}

/// The pager: `$PAGER`, else `less` where there is one. Lines wider than the screen are not folded.
fn pager() -> Option<Command> {
    let asked = env::var("PAGER").ok();
    let words: Vec<&str> = match &asked {
        Some(words) => words.split_whitespace().collect(),
        None => vec!["less"],
    };
    let (program, arguments) = words.split_first()?;
    // `cat` says that none is wanted
    if *program == "cat" || asked.is_none() && !is_installed(program) {
        return None;
    }
    let mut pager = Command::new(program);
    pager.args(arguments).stdin(Stdio::piped());
    for (name, value) in [("LESS", "RS"), ("LESSCHARSET", "utf-8"), ("LV", "-c")] {
        if env::var_os(name).is_none() {
            pager.env(name, value);
        }
    }
    Some(pager)
}

fn is_installed(program: &str) -> bool {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    let is_there = |folder: &Path| folder.join(&file).is_file();
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| is_there(&folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_or_wider_than_the_screen_does_not_fit() {
        let screen = (4, 3);
        assert!(fits("abcd\n政府\n", screen));
        assert!(!fits("abcde\n", screen), "too wide");
        assert!(!fits("政府信\n", screen), "a Chinese character takes two cells");
        assert!(!fits("a\nb\nc\n", screen), "the prompt needs a line");
        assert!(fits("\u{1b}[1mabcd\u{1b}[0m\n", screen), "colours take no cells");
    }
}
