//! The program `tesseract`: it reads lines of text, each a small picture, many in one process.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rust_i18n::t;

use super::raster::Gray;

/// Names the program where it is not on the path.
pub const PROGRAM: &str = "NIANBAO_TESSERACT";
/// Longest that one process may take.
const LIMIT: Duration = Duration::from_secs(240);
/// Processes side by side.
const MOST: usize = 4;
/// Pictures that make the program crash; if there are more, it is broken.
const MOST_CRASHES: usize = 4;
/// Pictures for which another process is not worth its start.
const FEWEST: usize = 24;
/// The languages that a report needs.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];

/// Why no characters were recognized.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The program is not there.
    #[error("{}", t!("parse.ocr.no_program", program = .0, variable = PROGRAM))]
    NoProgram(String),
    /// It does not know a language.
    #[error("{}", t!("parse.ocr.no_language", languages = .0.join(&t!("parse.and")), packages = packages(.0)))]
    NoLanguage(Vec<&'static str>),
    /// It broke down, and what it said.
    #[error("{}", t!("parse.ocr.failed", said = .0))]
    Failed(String),
    /// It took too long.
    #[error("{}", t!("parse.ocr.too_long", limit = LIMIT.as_secs()))]
    TooLong,
    /// A picture of a format that is not decoded.
    #[error("{}", t!("parse.ocr.format"))]
    Format,
}

/// The packages of Debian that languages are in.
fn packages(languages: &[&str]) -> String {
    let package = |l: &&str| format!("tesseract-ocr-{}", l.replace('_', "-"));
    languages.iter().map(package).collect::<Vec<_>>().join(" ")
}

/// What a picture holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// One line in Chinese.
    Line,
    /// Likewise, at another size.
    Again,
    /// Several lines in Chinese.
    Block,
    /// One line of digits, the program deciding what they are.
    Figure,
    /// One word of nothing but digits.
    Digits,
}

impl Look {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Look::Line | Look::Again => &["-l", "chi_sim", "--psm", "7"],
            Look::Block => &["-l", "chi_sim", "--psm", "6"],
            Look::Figure => &["-l", "eng", "--psm", "7"],
            Look::Digits => {
                &["-l", "eng", "--psm", "8", "-c", "tessedit_char_whitelist=0123456789.-/"]
            }
        }
    }
}

/// Characters that stand together.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What they are.
    pub text: String,
    /// How sure that is, of 100.
    pub confidence: u8,
    /// Left end in the picture.
    pub x0: f32,
    /// Right end.
    pub x1: f32,
    /// Upper end.
    pub y0: f32,
    /// Lower end.
    pub y1: f32,
}

/// The program, known to be there.
#[derive(Debug, Clone)]
pub struct Tesseract {
    program: OsString,
}

impl Tesseract {
    /// Looks for the program: where `NIANBAO_TESSERACT` says, or on the path.
    ///
    /// # Errors
    /// When it is not there, or knows no Chinese.
    pub fn find() -> Result<Tesseract, Failure> {
        let named = std::env::var_os(PROGRAM).filter(|p| !p.is_empty());
        Tesseract::at(named.unwrap_or_else(|| OsString::from("tesseract")))
    }

    /// The program of a name or path.
    ///
    /// # Errors
    /// As [`Tesseract::find`].
    pub fn at(program: impl Into<OsString>) -> Result<Tesseract, Failure> {
        let program = program.into();
        let found = Command::new(&program).arg("--list-langs").stdin(Stdio::null()).output();
        let name = || PathBuf::from(&program).display().to_string();
        let found = found.map_err(|_| Failure::NoProgram(name()))?;
        let known = String::from_utf8_lossy(&found.stdout).into_owned();
        // old versions list them among their complaints
        let known = known + &String::from_utf8_lossy(&found.stderr);
        let lacks = |l: &&'static str| !known.lines().any(|line| line.trim() == *l);
        let lacking: Vec<&'static str> = LANGUAGES.into_iter().filter(lacks).collect();
        match lacking.is_empty() {
            true => Ok(Tesseract { program }),
            false => Err(Failure::NoLanguage(lacking)),
        }
    }

    /// Reads pictures, many in one process: the words of each.
    ///
    /// # Errors
    /// When the program breaks down.
    pub fn read(&self, pictures: &[&Gray], look: Look) -> Result<Vec<Vec<Word>>, Failure> {
        let most = std::thread::available_parallelism().map_or(1, usize::from).min(MOST);
        let share = pictures.len().div_ceil(most).max(FEWEST);
        std::thread::scope(|scope| {
            let parts = pictures.chunks(share);
            let running: Vec<_> =
                parts.map(|part| scope.spawn(|| self.read_part(part, look, &mut 0))).collect();
            let mut out = Vec::with_capacity(pictures.len());
            for part in running {
                let crashed = |_| Failure::Failed("?".to_owned());
                out.extend(part.join().map_err(crashed)??);
            }
            Ok(out)
        })
    }

    /// Reads pictures in one process. Some pictures make the program crash (5.3.0 divides by
    /// nothing): it is tried again with half of them, down to the one, which then has no words.
    fn read_part(
        &self,
        pictures: &[&Gray],
        look: Look,
        crashes: &mut usize,
    ) -> Result<Vec<Vec<Word>>, Failure> {
        match (self.run(pictures, look), pictures) {
            (Err(Failure::Failed(_)), [_]) if *crashes < MOST_CRASHES => {
                *crashes += 1;
                Ok(vec![Vec::new()])
            }
            (Err(Failure::Failed(_)), [_, _, ..]) if *crashes < MOST_CRASHES => {
                let (some, others) = pictures.split_at(pictures.len() / 2);
                let mut read = self.read_part(some, look, crashes)?;
                read.extend(self.read_part(others, look, crashes)?);
                Ok(read)
            }
            (read, _) => read,
        }
    }

    fn run(&self, pictures: &[&Gray], look: Look) -> Result<Vec<Vec<Word>>, Failure> {
        let failed = |e: std::io::Error| Failure::Failed(e.to_string());
        let folder = tempfile::tempdir().map_err(failed)?;
        let mut list = String::new();
        for (i, picture) in pictures.iter().enumerate() {
            let path = folder.path().join(format!("{i}.pgm"));
            std::fs::write(&path, picture.pgm()).map_err(failed)?;
            let _ = writeln!(list, "{}", path.display());
        }
        let names = folder.path().join("list.txt");
        std::fs::write(&names, list).map_err(failed)?;
        let child = Command::new(&self.program)
            .arg(&names)
            .arg("-")
            .args(look.arguments())
            .arg("tsv")
            // its threads take longer than they save on pictures so small
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let table = finish(child)?;
        Ok(words(&table, pictures.len()))
    }
}

/// Waits for a process and gives what it wrote.
fn finish(mut child: Child) -> Result<String, Failure> {
    let drain = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut pipe) = pipe {
                // what was written before a failure is all there is
                let _ = pipe.read_to_end(&mut bytes);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let out = drain(child.stdout.take().map(|p| Box::new(p) as Box<dyn Read + Send>));
    let complaints = drain(child.stderr.take().map(|p| Box::new(p) as Box<dyn Read + Send>));
    let start = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|e| Failure::Failed(e.to_string()))? {
            Some(status) => break status,
            None if start.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Failure::TooLong);
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let (out, complaints) = (out.join().unwrap_or_default(), complaints.join().unwrap_or_default());
    match status.success() {
        true => Ok(out),
        false => {
            let last = complaints.lines().rev().find(|l| !l.trim().is_empty());
            Err(Failure::Failed(last.unwrap_or("?").trim().to_owned()))
        }
    }
}

/// The words of each of so many pictures, from the program's table: a line for each, its columns
/// level, page, block, paragraph, line, word, left, top, width, height, confidence and text.
fn words(table: &str, pictures: usize) -> Vec<Vec<Word>> {
    let mut out = vec![Vec::new(); pictures];
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let ["5", page, _, _, _, _, left, top, width, height, confidence, text] = columns[..]
        else {
            continue;
        };
        let place = page.parse::<usize>().ok().and_then(|n| out.get_mut(n.checked_sub(1)?));
        let number = |text: &str| text.parse::<f32>().unwrap_or_default();
        let Some(words) = place else { continue };
        if text.trim().is_empty() {
            continue;
        }
        words.push(Word {
            text: text.trim().to_owned(),
            confidence: number(confidence).clamp(0.0, 100.0) as u8,
            x0: number(left),
            x1: number(left) + number(width),
            y0: number(top),
            y1: number(top) + number(height),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_their_pictures() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t48\t54\t-1\t\n\
            5\t2\t1\t1\t1\t1\t10\t12\t20\t30\t96.5\t109\n\
            5\t2\t1\t1\t1\t2\t40\t12\t20\t30\t95.0\t \n\
            5\t9\t1\t1\t1\t1\t10\t12\t20\t30\t96.5\t1\n";
        let read = words(table, 2);
        assert!(read[0].is_empty());
        let [word] = &read[1][..] else { panic!("{read:?}") };
        assert_eq!(
            (word.text.as_str(), word.confidence, word.x0, word.x1),
            ("109", 96, 10.0, 30.0)
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = Tesseract::at("/nowhere/tesseract").unwrap_err();
        assert!(matches!(&failure, Failure::NoProgram(p) if p == "/nowhere/tesseract"));
    }
}
