//! The files that a command's paths stand for, and the values of its options as people write them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{anyhow, bail};
use clap::builder::{PossibleValue, PossibleValuesParser};
use rust_i18n::t;
use walkdir::DirEntry;

use super::cannot_read;
use crate::analyze::LEVELS;
use crate::form::fold_year;
use crate::load::{Job, Member, Unread, members};
use crate::parse::Hints;
use crate::query::catalog::words_of_level;
use crate::region::{Code, Kind, Level, Regions};
use crate::report::SCHEMA;

/// Standard input, as a path.
pub const STDIN: &str = "-";

/// Extensions of files that hold reports as this program reads them.
const REPORTS: [&str; 24] = [
    "txt", "md", "markdown", "html", "htm", "shtml", "xhtml", "mht", "mhtml", "json", "docx",
    "docm", "doc", "wps", "rtf", "odt", "xlsx", "xlsm", "xlsb", "xls", "et", "ods", "pdf", "ofd",
];

/// Extensions of documents and archives that may well be reports, but in a format that is not read:
/// from a folder they are taken all the same, and fail with the reason.
const OTHER_DOCUMENTS: [&str; 13] =
    ["ppt", "pptx", "zip", "rar", "7z", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"];

/// Extensions of what is no document: data, databases, programs and what pages are made of.
const NO_DOCUMENTS: [&str; 25] = [
    "csv",
    "tsv",
    "db",
    "sqlite",
    "sqlite3",
    "db-wal",
    "db-shm",
    "db-journal",
    "tmp",
    "bak",
    "log",
    "css",
    "js",
    "svg",
    "ico",
    "woff",
    "woff2",
    "ttf",
    "py",
    "sh",
    "bat",
    "exe",
    "dll",
    "sql",
    "toml",
];

/// Paths as a sentence names them.
pub fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ")
}

/// The files to load.
#[derive(Default)]
pub struct Inputs {
    /// In order and without repetition.
    pub files: Vec<PathBuf>,
    /// Where those that are in archives are; why not, where an archive cannot be opened.
    members: HashMap<PathBuf, Result<Member, Unread>>,
    /// How many files of folders were left aside because nothing tells what they are, by extension.
    pub unknown: BTreeMap<String, usize>,
    seen: HashSet<PathBuf>,
}

impl Inputs {
    /// Expands files, folders and patterns.
    pub fn of(paths: &[PathBuf]) -> anyhow::Result<Inputs> {
        let mut inputs = Inputs::default();
        for path in paths {
            let text = path.to_string_lossy();
            if text == STDIN || path.is_file() {
                inputs.add_file(path.clone());
            } else if path.is_dir() {
                inputs.add_folder(path)?;
            } else if text.contains(['*', '?', '[']) {
                let found = glob::glob(&text)
                    .map_err(|_| anyhow!("{}", t!("cli.bad_pattern", pattern = text)))?;
                let mut found: Vec<PathBuf> = found.filter_map(Result::ok).collect();
                if found.is_empty() {
                    bail!("{}", t!("cli.no_match", pattern = text));
                }
                found.sort();
                for path in found {
                    match path.is_dir() {
                        true => inputs.add_folder(&path)?,
                        false => inputs.add_file(path),
                    }
                }
            } else if path.exists() {
                bail!("{}", t!("cli.not_a_file", path = path.display()));
            } else {
                bail!("{}", t!("cli.no_such_file", path = path.display()));
            }
        }
        Ok(inputs)
    }

    /// What is to be done with one of the files; `database`: where it will be.
    pub fn job(&self, path: &Path, database: Option<&Path>, hints: Hints) -> Job {
        let text = path.to_string_lossy().into_owned();
        let name = database.map_or_else(|| text.clone(), |database| source_name(path, database));
        Job { path: text, name, hints, member: self.members.get(path).cloned() }
    }

    /// A file, or those in an archive.
    fn add_file(&mut self, path: PathBuf) {
        if extension(&path) != "zip" {
            return self.add(path);
        }
        match members(&path) {
            Ok(None) => self.add(path),
            Ok(Some(found)) => {
                for (name, member) in found {
                    self.add_member(&path, &name, member);
                }
            }
            Err(unread) => {
                self.members.insert(path.clone(), Err(unread));
                self.add(path);
            }
        }
    }

    /// A file in an archive, where it may hold a report, as of files in a folder.
    fn add_member(&mut self, archive: &Path, name: &str, member: Result<Member, Unread>) {
        let hidden = |part: &std::ffi::OsStr| {
            let part = part.to_string_lossy();
            part.starts_with('.') || part.starts_with("~$") || part == "__MACOSX"
        };
        if Path::new(name).iter().any(hidden) {
            return;
        }
        // two names may be one once they are made to stay within the archive
        let mut path = archive.join(name);
        while self.members.contains_key(&path) {
            path.as_mut_os_string().push("_");
        }
        let extension = extension(Path::new(name));
        let known = |list: &[&str]| list.contains(&extension.as_str());
        if extension == "json" || known(&REPORTS) || known(&OTHER_DOCUMENTS) {
            self.members.insert(path.clone(), member);
            self.add(path);
        } else if !known(&NO_DOCUMENTS) {
            *self.unknown.entry(extension).or_default() += 1;
        }
    }

    fn add(&mut self, path: PathBuf) {
        if self.seen.insert(from_root(&path)) {
            self.files.push(path);
        }
    }

    fn add_folder(&mut self, dir: &Path) -> anyhow::Result<()> {
        let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter();
        for entry in entries.filter_entry(|e| e.depth() == 0 || !is_beside_the_point(e)) {
            let entry = match entry {
                Ok(entry) => entry,
                // what is in it is not known, so it fails like a file; the others are no worse for it
                Err(e) if e.depth() > 0 => {
                    self.add(e.path().unwrap_or(dir).to_owned());
                    continue;
                }
                Err(e) => return Err(cannot_read(dir, &e.into())),
            };
            if !entry.file_type().is_file() {
                continue;
            }
            let extension = extension(entry.path());
            let known = |list: &[&str]| list.contains(&extension.as_str());
            if extension == "json" {
                // other data is nobody's report
                if is_parsed_report(entry.path()) {
                    self.add(entry.into_path());
                }
            } else if known(&REPORTS) || known(&OTHER_DOCUMENTS) {
                self.add_file(entry.into_path());
            } else if !known(&NO_DOCUMENTS) {
                *self.unknown.entry(extension).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// A path from the root, without `.` and `..`.
pub fn from_root(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// What a file is known by in a database, from wherever it is loaded: its path from the folder of
/// the database if it is under that, so that both can be moved together, else from the root.
pub fn source_name(path: &Path, database: &Path) -> String {
    if path.as_os_str() == STDIN {
        return STDIN.to_owned();
    }
    let (path, database) = (from_root(path), from_root(database));
    let below = database.parent().and_then(|folder| path.strip_prefix(folder).ok());
    below.unwrap_or(&path).to_string_lossy().into_owned()
}

/// The extension of a path in small letters; empty where it has none.
pub fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Hidden files, what office programs keep beside a file they have open, and the folder that a
/// browser saves beside a page with its pictures.
fn is_beside_the_point(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if name.starts_with('.') || name.starts_with("~$") {
        return true;
    }
    let page = ["_files", ".files", "_文件"].iter().find_map(|end| name.strip_suffix(end));
    entry.file_type().is_dir()
        && page.is_some_and(|page| {
            ["html", "htm", "shtml"].iter().any(|extension| {
                entry.path().with_file_name(format!("{page}.{extension}")).is_file()
            })
        })
}

/// Whether a JSON file in a folder is a parsed report.
fn is_parsed_report(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|f| f.take(4096).read_to_end(&mut head));
    read.is_ok() && String::from_utf8_lossy(&head).contains(SCHEMA)
}

/// The code of the region of a name or code.
pub fn find_region(text: &str, regions: &Regions) -> anyhow::Result<Code> {
    Ok(regions.find(text, None)?.code)
}

/// A year as an option gives it: `2023`, `２０２３`, `2023年`.
pub fn year(text: &str) -> Result<i32, String> {
    fold_year(text).ok_or_else(|| t!("cli.no_year").into())
}

/// The first year of which the regulations demand a report: in force from 1 May 2008.
const FIRST_YEAR: i32 = 2008;

/// A year that a report can be about.
pub fn reporting_year(text: &str) -> Result<i32, String> {
    let (year, last) = (year(text)?, this_year());
    match (FIRST_YEAR..=last).contains(&year) {
        true => Ok(year),
        false => Err(t!("cli.no_reporting_year", first = FIRST_YEAR, last = last).into()),
    }
}

/// The year of the clock, in China.
fn this_year() -> i32 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let mut days = (seconds + 8 * 3600) / 86_400;
    let mut year = 1970;
    loop {
        let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
        let length = 365 + u64::from(leap);
        if days < length {
            return year;
        }
        days -= length;
        year += 1;
    }
}

/// The levels that an option takes: by their keys, or by the Chinese words for them.
pub fn levels() -> PossibleValuesParser {
    PossibleValuesParser::new(
        LEVELS.map(|level| PossibleValue::new(level.key()).aliases(words_of_level(level.key()))),
    )
}

/// The kinds of bodies that an option can name.
pub fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(Kind::ALL.map(Kind::key))
}

/// The level that a word stands for.
pub fn level(word: &str) -> Option<Level> {
    let is = |level: &Level| level.key() == word || words_of_level(level.key()).any(|w| w == word);
    LEVELS.into_iter().find(is)
}

/// How many of something, as an option gives it.
pub fn count(text: &str) -> Result<usize, String> {
    text.trim().parse().map_err(|_| t!("cli.no_count").into())
}

/// A whole number between bounds, as an option gives it.
pub fn whole(least: u64, most: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| match text.trim().parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(t!("cli.not_between", least = least, most = most).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_as_people_write_them() {
        for text in ["2023", " ２０２３ ", "2023年", "2023 年度"] {
            assert_eq!(reporting_year(text), Ok(2023), "{text}");
        }
        for text in ["2007", "2999", "23", "去年", "-2023", ""] {
            assert!(reporting_year(text).is_err(), "{text}");
        }
        assert!((2024..2200).contains(&this_year()));
    }

    #[test]
    fn a_source_has_one_name_however_its_path_is_written() {
        let here = std::env::current_dir().unwrap();
        let database = Path::new("县.db");
        for path in ["报告/a.html", "./报告/a.html", "报告/../报告/./a.html"] {
            assert_eq!(source_name(Path::new(path), database), "报告/a.html", "{path}");
            assert_eq!(source_name(&here.join(path), database), "报告/a.html", "{path}");
        }
        let elsewhere = source_name(Path::new("报告/a.html"), Path::new("/库/县.db"));
        assert_eq!(elsewhere, here.join("报告/a.html").to_string_lossy());
        assert_eq!(source_name(Path::new("-"), database), "-");
    }

    #[test]
    fn bounds_are_kept_and_told() {
        let megabytes = whole(16, 1024);
        assert_eq!((megabytes("16"), megabytes(" 1024 ")), (Ok(16), Ok(1024)));
        for text in ["15", "1025", "-1", "many", "", "1.5", "99999999999999999999"] {
            let said = megabytes(text).unwrap_err();
            assert!(said.contains("16") && said.contains("1024"), "{said}");
        }
    }

    #[test]
    fn a_count_is_never_negative() {
        assert_eq!(count("20"), Ok(20));
        assert!(count("-1").is_err());
    }
}
