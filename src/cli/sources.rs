//! `info --sources`: the files that reports were read from, against the files there are now.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use rusqlite::Connection;
use rust_i18n::t;

use super::inputs::Inputs;
use super::output::columns;
use super::{Common, INTERRUPTED, work};
use crate::load::{Job, Unread, bytes};
use crate::parse::Hints;
use crate::parse::sha256;
use crate::report::Report;
use crate::table::{Table, Unit, Value};

/// How a source and the file of its path agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum State {
    /// The file has a content that was never loaded from there.
    Changed,
    /// There is no such file.
    Gone,
    /// The file is there and cannot be read.
    Unreadable,
    /// A file that was asked about was not loaded.
    NotLoaded,
    /// The file is as it was loaded.
    Same,
    /// An earlier content; the file is as it was loaded later.
    Replaced,
    /// It came through standard input or has an address elsewhere: there is no file to look at.
    Elsewhere,
}

impl State {
    fn key(self) -> &'static str {
        match self {
            State::Changed => "changed",
            State::Gone => "gone",
            State::Unreadable => "unreadable",
            State::NotLoaded => "not_loaded",
            State::Same => "same",
            State::Replaced => "replaced",
            State::Elsewhere => "elsewhere",
        }
    }

    fn word(self) -> String {
        match self {
            State::Changed => t!("info.is.changed").into(),
            State::Gone => t!("info.is.gone").into(),
            State::Unreadable => t!("info.is.unreadable").into(),
            State::NotLoaded => t!("info.is.not_loaded").into(),
            State::Same => t!("info.is.same").into(),
            State::Replaced => t!("info.is.replaced").into(),
            State::Elsewhere => t!("info.is.elsewhere").into(),
        }
    }
}

const NAMES: [&str; 9] =
    ["state", "path", "sha256", "media_type", "encoding", "size", "archived", "year", "organ"];

const SOURCES: &str = "
SELECT s.path, s.sha256, s.media_type, s.encoding, s.size, s.content IS NOT NULL, r.year, o.name
FROM source AS s
LEFT JOIN report_source AS l ON l.source_id = s.id
LEFT JOIN report AS r ON r.id = l.report_id
LEFT JOIN organ AS o ON o.id = r.organ_id
ORDER BY s.id";

/// A source with the values that are shown of it.
struct Source {
    path: String,
    sha256: String,
    shown: Vec<Value>,
}

/// The content of a file now; none where there is none, an error where it cannot be read.
type Now = Option<Result<String, Unread>>;

/// Runs the command.
pub fn run(common: &Common, conn: &Connection, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let sources = sources(conn)?;
    let inputs = Inputs::of(paths)?;
    let asked = &inputs.files;
    let known: HashSet<&str> = sources.iter().map(|s| s.sha256.as_str()).collect();
    let mut all: Vec<&str> = sources.iter().map(|s| s.path.as_str()).collect();
    all.sort_unstable();
    all.dedup();

    let stop = work::stop_flag();
    let bar = work::progress(common, all.len() + asked.len(), 2000);
    let threads = work::threads(None);
    // names of sources are taken from there, see `inputs::source_name`
    let folder = common.db.parent().unwrap_or(Path::new(""));
    let archives: BTreeSet<PathBuf> =
        all.iter().filter_map(|path| archive_of(&folder.join(path))).collect();
    let archived = Inputs::of(&Vec::from_iter(archives))?;
    let now = work::in_order(&all, threads, &stop, |path| {
        bar.inc(1);
        now(&archived.job(&folder.join(path), None, Hints::default()))
    });
    let new = work::in_order(asked, threads, &stop, |path| {
        bar.inc(1);
        !is_loaded(&inputs.job(path, None, Hints::default()), &known)
    });
    bar.finish_and_clear();
    if stop.load(Ordering::Relaxed) {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let now: BTreeMap<&str, Now> = all.into_iter().zip(now).collect();
    // of a path that was loaded with several contents the file may have any
    let same: HashSet<&str> = (sources.iter())
        .filter(|s| matches!(&now[s.path.as_str()], Some(Ok(now)) if *now == s.sha256))
        .map(|s| s.path.as_str())
        .collect();
    // what a file holds now differs from the content loaded last; those before it went with it
    let last: HashMap<&str, &str> =
        sources.iter().map(|s| (s.path.as_str(), s.sha256.as_str())).collect();
    let state = |s: &Source| match &now[s.path.as_str()] {
        _ if s.path.starts_with("stdin:") || s.path.contains("://") => State::Elsewhere,
        None => State::Gone,
        Some(Err(_)) => State::Unreadable,
        Some(Ok(now)) if *now == s.sha256 => State::Same,
        Some(Ok(_)) if same.contains(s.path.as_str()) => State::Replaced,
        Some(Ok(_)) if last.get(s.path.as_str()) != Some(&s.sha256.as_str()) => State::Replaced,
        Some(Ok(_)) => State::Changed,
    };
    let mut rows: Vec<(State, Vec<Value>)> =
        sources.iter().map(|s| (state(s), s.shown.clone())).collect();
    for (path, _) in asked.iter().zip(new).filter(|(_, new)| *new) {
        let mut row = vec![Value::Null; NAMES.len() - 1];
        row[0] = Value::Text(path.to_string_lossy().into_owned());
        rows.push((State::NotLoaded, row));
    }
    // what does not agree comes first
    rows.sort_by_key(|(state, _)| *state);
    common.print(&table(&rows))?;
    if !common.quiet {
        tell(&rows, &sources);
    }
    Ok(ExitCode::SUCCESS)
}

fn sources(conn: &Connection) -> anyhow::Result<Vec<Source>> {
    let mut statement = conn.prepare(SOURCES)?;
    let rows = statement.query_map([], |r| {
        let text = |at| r.get::<_, Option<String>>(at).map(|t| t.map_or(Value::Null, Value::Text));
        let int = |at| r.get::<_, Option<i64>>(at).map(|n| n.map_or(Value::Null, Value::Int));
        Ok(Source {
            path: r.get(0)?,
            sha256: r.get(1)?,
            shown: vec![
                text(0)?,
                text(1)?,
                text(2)?,
                text(3)?,
                int(4)?,
                int(5)?,
                int(6)?,
                text(7)?,
            ],
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The archive that a file was in, where it is still there.
fn archive_of(path: &Path) -> Option<PathBuf> {
    let above = path.ancestors().skip(1).find(|above| above.is_file());
    above.filter(|_| !path.exists()).map(Path::to_owned)
}

fn now(job: &Job) -> Now {
    let is_there = job.member.is_some() || Path::new(&job.path).exists();
    is_there.then(|| bytes(job).map(|bytes| sha256(&bytes)))
}

/// Whether the content of a file was loaded, from wherever; of a parsed report, what it was parsed
/// from.
fn is_loaded(job: &Job, known: &HashSet<&str>) -> bool {
    let Ok(bytes) = bytes(job) else { return false };
    let parsed: Option<Report> = serde_json::from_slice(&bytes).ok();
    let origin = parsed.map(|report| report.source.sha256).filter(|sha256| !sha256.is_empty());
    known.contains(origin.unwrap_or_else(|| sha256(&bytes)).as_str())
}

fn table(rows: &[(State, Vec<Value>)]) -> Table {
    let mut columns = columns(&NAMES, |n| t!(format!("info.{n}")).into());
    columns[0].labels = rows.iter().map(|(state, _)| Some(state.word())).collect();
    columns[7].unit = Unit::Label;
    let row = |(state, shown): &(State, Vec<Value>)| {
        [Value::Text(state.key().to_owned())].into_iter().chain(shown.iter().cloned()).collect()
    };
    Table { columns, rows: rows.iter().map(row).collect(), total_rows: None }
}

/// How many of which; a source that several reports share counts once.
fn tell(rows: &[(State, Vec<Value>)], sources: &[Source]) {
    let mut seen = HashSet::new();
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    for (state, shown) in rows {
        let key = |at: usize| match shown.get(at) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        if seen.insert((*state, key(0), key(1))) {
            *counts.entry(*state).or_default() += 1;
        }
    }
    let count = |state| counts.get(&state).copied().unwrap_or_default();
    let (same, changed, gone) = (count(State::Same), count(State::Changed), count(State::Gone));
    let (unreadable, new) = (count(State::Unreadable), count(State::NotLoaded));
    eprintln!(
        "{}",
        t!(
            "info.agree",
            same = same,
            changed = changed,
            gone = gone,
            unreadable = unreadable,
            new = new
        )
    );
    let relative = sources.iter().any(|s| Path::new(&s.path).is_relative());
    if gone > 0 && relative {
        eprintln!("{}", t!("info.relative"));
    }
}
