//! Loading: many files read and parsed side by side, written by one hand in the order given.
//!
//! The order makes a load repeatable: ids and the choice between two sources of one report do not
//! depend on which thread was faster. Memory holds a window of files, never all of them.

mod input;
mod known;
mod lineage;
mod notes;
mod sizes;
mod unread;

pub use input::{bytes, parse_any};
pub use lineage::{follow_bodies, idle_changes};
pub use notes::filing;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;
use rust_i18n::t;

use crate::form::Forms;
use crate::parse::{Hints, Input, Parser};
use crate::region::{Code, Context, Level, Region, Regions};
use crate::report::Report;
use crate::store::{Filed, OrganRecord, Outcome, RegionRecord, Store, StoreError, Written};
use input::{input, is_json, parse_input};
use known::Known;
use sizes::Sizes;
use unread::Unread;

/// Files under way at once: enough to keep all threads busy behind a slow one.
const WINDOW: usize = 64;
/// Bytes of files under way at once: what is parsed takes several times as many.
const WINDOW_BYTES: u64 = 128 << 20;
/// A file larger than this is no report: the longest seen has 200 KB.
const MAX_FILE: u64 = 64 << 20;

/// One file to load.
#[derive(Debug, Clone)]
pub struct Job {
    /// Path; `-` is standard input.
    pub path: String,
    /// What the file is known by in the database, however its path is written.
    pub name: String,
    /// What is known of it beside its content.
    pub hints: Hints,
}

impl Job {
    /// A file known by its path as it is written.
    #[must_use]
    pub fn new(path: String, hints: Hints) -> Job {
        Job { name: path.clone(), path, hints }
    }
}

/// What became of one file.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is in the store.
    Done(Done),
    /// It could not be loaded, in one sentence.
    Failed(String),
}

/// A file that is in the store.
#[derive(Debug, Clone)]
pub struct Done {
    /// How it came there.
    pub outcome: Outcome,
    /// Body, year and scope, where it was written now.
    pub filed: Option<Filed>,
    /// What must be told of it, a sentence each.
    pub notes: Vec<String>,
}

/// A file read and parsed, with its bytes.
struct Parsed {
    report: Report,
    notes: Vec<String>,
    /// None where the file is a report parsed elsewhere: those of the document are not at hand.
    bytes: Option<Vec<u8>>,
}

enum Reading {
    /// Loaded from this path with this content before; what must be told of that.
    Known(Option<String>),
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
        let with_bytes = store.as_ref().is_some_and(|store| store.archives());
        let (send_job, take_job) = bounded::<usize>(WINDOW);
        let (send_done, take_done) = bounded::<(usize, Result<Reading, Unread>)>(WINDOW);
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (take, send): (Receiver<_>, Sender<_>) = (take_job.clone(), send_done.clone());
                scope.spawn(move || {
                    let known = database.and_then(|path| Known::open(path, with_bytes));
                    self.work(jobs, known.as_ref(), &take, &send);
                });
            }
            drop((take_job, send_done));
            let mut waiting = BTreeMap::new();
            let (mut sent, mut next) = (0, 0);
            let mut sizes = Sizes::default();
            while next < jobs.len() {
                while sent < jobs.len() && sent - next < WINDOW && !self.stopped() {
                    if !sizes.take(&jobs[sent]) || send_job.send(sent).is_err() {
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
                        Err(unread) => self.failed(store.as_deref_mut(), &jobs[next], unread)?,
                        Ok(Reading::Known(note)) => {
                            if let Some(store) = store.as_deref_mut() {
                                store.count(Outcome::Unchanged);
                            }
                            let notes = note.into_iter().collect();
                            Fate::Done(Done { outcome: Outcome::Unchanged, filed: None, notes })
                        }
                        Ok(Reading::Report(parsed)) => {
                            self.write(store.as_deref_mut(), &jobs[next], *parsed)?
                        }
                    };
                    if let (Fate::Done(_), Some(store)) = (&fate, store.as_deref_mut()) {
                        store.clear_failure(&jobs[next].name)?;
                    }
                    tell(&jobs[next], &fate);
                    sizes.give_back();
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
        known: Option<&Known>,
        take: &Receiver<usize>,
        send: &Sender<(usize, Result<Reading, Unread>)>,
    ) {
        let parser = Parser::new(self.forms, self.regions);
        while let Ok(index) = take.recv() {
            let result = read(&parser, &jobs[index], known);
            if send.send((index, result)).is_err() {
                break;
            }
        }
    }

    fn write(
        &self,
        store: Option<&mut Store>,
        job: &Job,
        parsed: Parsed,
    ) -> Result<Fate, StoreError> {
        let report = &parsed.report;
        let unread = |reason| Unread { reason, sha256: Some(report.source.sha256.clone()) };
        let organ = match organ_record(report, self.regions) {
            Ok(organ) => organ,
            Err(reason) => return self.failed(store, job, unread(reason)),
        };
        let filed = filed(report, &organ);
        let Some(store) = store else {
            let (outcome, notes) = (Outcome::Loaded, parsed.notes);
            return Ok(Fate::Done(Done { outcome, filed, notes }));
        };
        let township = report.township_code.as_ref().and_then(|c| c.parse::<Code>().ok());
        let township = township.and_then(|c| self.regions.get(c)).map(region_record);
        match store.write(report, &organ, township.as_ref(), parsed.bytes.as_deref()) {
            Ok(Written { outcome, left }) => {
                let mut notes = parsed.notes;
                notes.extend(left.iter().map(notes::left));
                Ok(Fate::Done(Done { outcome, filed, notes }))
            }
            Err(e @ StoreError::UnknownEdition(_)) => {
                self.failed(Some(store), job, unread(e.to_string()))
            }
            Err(e) => Err(e),
        }
    }
}

fn read(parser: &Parser<'_>, job: &Job, known: Option<&Known>) -> Result<Reading, Unread> {
    let bytes = bytes(&job.path).map_err(|reason| Unread { reason, sha256: None })?;
    let input = input(&job.name, &bytes);
    if let Some(known) = known.filter(|known| known.has(&input)) {
        return Ok(Reading::Known(filed_elsewhere(parser, job, &input, &known.conn)));
    }
    let (report, notes) = parse_input(parser, &input, job)
        .map_err(|reason| Unread { reason, sha256: Some(input.sha256.clone()) })?;
    let bytes = (!is_json(&bytes)).then_some(bytes);
    Ok(Reading::Report(Box::new(Parsed { report, notes, bytes })))
}

/// Whether what is said of a known file would file it elsewhere now. Where nothing is said the
/// file need not be parsed for that.
fn filed_elsewhere(
    parser: &Parser<'_>,
    job: &Job,
    input: &Input<'_>,
    conn: &Connection,
) -> Option<String> {
    if job.hints.are_empty() {
        return None;
    }
    let before = crate::store::filed(conn, &input.path, &input.sha256).ok()??;
    let (report, _) = parse_input(parser, input, job).ok()?;
    let organ = organ_record(&report, parser.regions()).ok()?;
    notes::filed_elsewhere(&before, &filed(&report, &organ)?)
}

/// Where a report is filed.
fn filed(report: &Report, organ: &OrganRecord) -> Option<Filed> {
    Some(Filed {
        key: organ.key.clone(),
        organ: organ.name.clone(),
        year: report.year?,
        scope: report.scope?.key().to_owned(),
    })
}

/// Whether anything in it is of an annual report. Many have no tables, and old ones no sections by
/// the names of today; then the title tells.
fn looks_like_one(report: &Report) -> bool {
    let has_section = report.sections.iter().any(|section| (1..=6).contains(&section.no));
    report.edition.is_some() || report.title.is_some() || has_section
}

/// The body of a report as the store keeps it.
///
/// # Errors
/// One sentence, when it is no report, or does not tell body or year.
fn organ_record(report: &Report, regions: &Regions) -> Result<OrganRecord, String> {
    if !looks_like_one(report) {
        return Err(t!("load.no_report").to_string());
    }
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
