//! Loading: many files read and parsed side by side, written by one hand in the order given.
//!
//! The order makes a load repeatable: ids and the choice between two sources of one report do not
//! depend on which thread was faster. Memory holds a window of files, never all of them.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use rust_i18n::t;

use crate::form::Forms;
use crate::parse::{Hints, Misfit, Parser, sha256};
use crate::reason;
use crate::region::{Code, Context, Level, Region, Regions, Succession};
use crate::report::{Report, SCHEMA};
use crate::store::{self, OrganRecord, Outcome, RegionRecord, Store, StoreError};

/// Files under way at once: enough to keep all threads busy behind a slow one.
const WINDOW: usize = 64;
/// A file larger than this is no report: the longest seen has 200 KB.
const MAX_FILE: u64 = 64 << 20;

/// One file to load.
#[derive(Debug, Clone)]
pub struct Job {
    /// Path; `-` is standard input.
    pub path: String,
    /// What is known of it beside its content.
    pub hints: Hints,
}

/// What became of one file.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is in the store.
    Done(Outcome),
    /// It could not be loaded, in one sentence.
    Failed(String),
}

/// A file read and parsed, with its bytes.
struct Parsed {
    report: Report,
    bytes: Vec<u8>,
}

enum Reading {
    /// Loaded from this path with this content before.
    Known,
    Report(Box<Parsed>),
}

/// Reads the files and tells the fate of each, in order.
pub struct Loader<'l> {
    /// Editions.
    pub forms: &'l Forms,
    /// Regions.
    pub regions: &'l Regions,
    /// Threads that parse.
    pub threads: usize,
    /// Set from outside to stop after the file in hand.
    pub stop: &'l AtomicBool,
}

impl Loader<'_> {
    /// Loads into `store`, or only parses where there is none. `tell` is called for each file.
    ///
    /// # Errors
    /// When the store fails; what was committed before stays.
    pub fn run(
        &self,
        jobs: &[Job],
        mut store: Option<&mut Store>,
        database: Option<&Path>,
        mut tell: impl FnMut(&Job, &Fate),
    ) -> Result<(), StoreError> {
        let (send_job, take_job) = bounded::<usize>(WINDOW);
        let (send_done, take_done) = bounded::<(usize, Result<Reading, String>)>(WINDOW);
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (take, send): (Receiver<_>, Sender<_>) = (take_job.clone(), send_done.clone());
                scope.spawn(move || self.work(jobs, database, &take, &send));
            }
            drop((take_job, send_done));
            let mut waiting = BTreeMap::new();
            let (mut sent, mut next) = (0, 0);
            while next < jobs.len() {
                while sent < jobs.len() && sent - next < WINDOW && !self.stopped() {
                    if send_job.send(sent).is_err() {
                        break;
                    }
                    sent += 1;
                }
                if next == sent {
                    break;
                }
                let Ok((index, result)) = take_done.recv() else { break };
                waiting.insert(index, result);
                while let Some(result) = waiting.remove(&next) {
                    let fate = match result {
                        Err(reason) => Fate::Failed(reason),
                        Ok(Reading::Known) => {
                            store.as_deref_mut().map_or(Ok(()), Store::count_unchanged)?;
                            Fate::Done(Outcome::Unchanged)
                        }
                        Ok(Reading::Report(parsed)) => self.write(store.as_deref_mut(), &parsed)?,
                    };
                    tell(&jobs[next], &fate);
                    next += 1;
                }
            }
            drop(send_job);
            Ok(())
        })
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn work(
        &self,
        jobs: &[Job],
        database: Option<&Path>,
        take: &Receiver<usize>,
        send: &Sender<(usize, Result<Reading, String>)>,
    ) {
        let parser = Parser::new(self.forms, self.regions);
        // what is there already need not be parsed again; without a database all is new
        let known = database.and_then(|path| store::open_read_only(path).ok());
        while let Ok(index) = take.recv() {
            let result = read(&parser, &jobs[index], known.as_ref());
            if send.send((index, result)).is_err() {
                break;
            }
        }
    }

    fn write(&self, store: Option<&mut Store>, parsed: &Parsed) -> Result<Fate, StoreError> {
        let report = &parsed.report;
        let organ = match organ_record(report, self.regions) {
            Ok(organ) => organ,
            Err(reason) => return Ok(Fate::Failed(reason)),
        };
        let Some(store) = store else { return Ok(Fate::Done(Outcome::Loaded)) };
        let township = report.township_code.as_ref().and_then(|c| c.parse::<Code>().ok());
        let township = township.and_then(|c| self.regions.get(c)).map(region_record);
        match store.write(report, &organ, township.as_ref(), Some(&parsed.bytes)) {
            Ok(outcome) => Ok(Fate::Done(outcome)),
            Err(e @ StoreError::UnknownEdition(_)) => Ok(Fate::Failed(e.to_string())),
            Err(e) => Err(e),
        }
    }
}

fn read(
    parser: &Parser<'_>,
    job: &Job,
    known: Option<&rusqlite::Connection>,
) -> Result<Reading, String> {
    let bytes = bytes(&job.path)?;
    if let Some(conn) = known {
        let path = source_path(&job.path, &bytes);
        // what cannot be asked now is asked again when it is written
        if store::has_source(conn, &path, &sha256(&bytes)).unwrap_or(false) {
            return Ok(Reading::Known);
        }
    }
    let report = parse_any(parser, &bytes, job)?;
    Ok(Reading::Report(Box::new(Parsed { report, bytes })))
}

/// The bytes of a file, or of standard input.
///
/// # Errors
/// One sentence, when it cannot be read or is too large.
pub fn bytes(path: &str) -> Result<Vec<u8>, String> {
    let cannot = |e: std::io::Error| t!("load.cannot_read", reason = reason::of_io(&e)).to_string();
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        let file = std::fs::File::open(path).map_err(cannot)?;
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    }
    if bytes.len() as u64 > MAX_FILE {
        return Err(t!("load.too_large", limit = MAX_FILE >> 20).to_string());
    }
    Ok(bytes)
}

/// What a source is known by: standard input has no name, so its content must do.
fn source_path(path: &str, bytes: &[u8]) -> String {
    if path == "-" { format!("stdin:{}", &sha256(bytes)[..16]) } else { path.to_owned() }
}

/// Parses a document, or takes a parsed report as it is.
///
/// # Errors
/// One sentence, when it is neither.
pub fn parse_any(parser: &Parser<'_>, bytes: &[u8], job: &Job) -> Result<Report, String> {
    let path = source_path(&job.path, bytes);
    let mut report = match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => parsed_json(parser, bytes)?,
        _ => parser.parse(bytes, &path, &job.hints).map_err(|e| e.to_string())?,
    };
    let hints = &job.hints;
    report.year = hints.year.or(report.year);
    report.scope = hints.scope.or(report.scope);
    if report.source.sha256.is_empty() {
        report.source.sha256 = sha256(bytes);
    }
    Ok(report)
}

fn parsed_json(parser: &Parser<'_>, bytes: &[u8]) -> Result<Report, String> {
    let report: Report = serde_json::from_slice(bytes)
        .map_err(|e| t!("load.bad_json", reason = reason::of_json(&e)).to_string())?;
    if report.schema != SCHEMA {
        return Err(t!("load.bad_schema", found = report.schema, expected = SCHEMA).to_string());
    }
    let told = parser.check(&report).map_err(|misfit| match misfit {
        Misfit::Edition(edition) => StoreError::UnknownEdition(edition).to_string(),
        Misfit::Cell(cell) => t!("load.bad_cell", cell = cell).to_string(),
        Misfit::Twice(cell) => t!("load.cell_twice", cell = cell).to_string(),
        Misfit::State(cell) => t!("load.bad_state", cell = cell).to_string(),
        Misfit::Region(code) => t!("load.bad_region", code = code).to_string(),
    });
    told.map(|()| report)
}

/// The body of a report as the store keeps it.
///
/// # Errors
/// One sentence, when the report does not tell body or year.
fn organ_record(report: &Report, regions: &Regions) -> Result<OrganRecord, String> {
    let Some(name) = &report.organ else { return Err(t!("load.no_organ").to_string()) };
    let Some(year) = report.year else { return Err(t!("load.no_year").to_string()) };
    if !(2000..2100).contains(&year) {
        return Err(t!("load.bad_year", year = year).to_string());
    }
    if report.scope.is_none() {
        return Err(t!("load.no_scope").to_string());
    }
    let region = report.region_code.as_ref().and_then(|c| c.parse().ok());
    let context = Context { region, year: Some(year), mentions: &[] };
    let organ = regions.resolve(name, context).ok_or_else(|| t!("load.no_organ").to_string())?;
    Ok(OrganRecord {
        key: organ.key(),
        name: name.clone(),
        kind: organ.kind.key(),
        region_code: report
            .region_code
            .clone()
            .filter(|c| c.parse::<Code>().is_ok_and(|c| regions.get(c).is_some())),
        township_code: report.township_code.clone(),
    })
}

/// Works out which of the store's bodies became which, from the lists and all that is loaded.
///
/// The whole is worked out anew each time, so that it depends on what is in the store alone: not
/// on the order of loads, nor on one that was killed.
///
/// # Errors
/// When the store fails.
pub fn follow_bodies(store: &mut Store, regions: &Regions) -> Result<(), StoreError> {
    let known = regions.known_organ_changes().unwrap_or_default();
    let (user, places) = (store.organ_changes()?, store.places()?);
    let lineage = Succession::new(&known, &user, &places).follow(&store.bodies()?);
    store.put_lineage(&lineage)
}

/// A region as the store keeps it.
#[must_use]
pub fn region_record(region: &Region) -> RegionRecord {
    let level = match region.level() {
        Level::Central => 0,
        Level::Province => 1,
        Level::City => 2,
        Level::County => 3,
        Level::Township => 4,
    };
    RegionRecord {
        code: region.code.to_string(),
        name: region.name.to_string(),
        level,
        parent: region.parent.map(|c| c.to_string()),
        valid: (region.valid_from.map(i64::from), region.valid_to.map(i64::from)),
        successors: region.successors.iter().map(ToString::to_string).collect(),
        note: Some(region.note.clone()).filter(|n| !n.is_empty()),
    }
}
