//! Loading: many files read and parsed side by side, written by one hand in the order given.
//!
//! The order makes a load repeatable: ids and the choice between two sources of one report do not
//! depend on which thread was faster. Memory holds a window of files, never all of them.

mod admit;
mod archive;
mod conversion;
mod hands;
mod input;
mod known;
mod lineage;
mod notes;
mod sizes;
mod unread;

pub use admit::refusal;
pub use archive::{Member, members};
pub use hands::{Hands, answer};
pub use input::{bytes, input};
pub use lineage::{follow_bodies, idle_changes};
pub use notes::filing;
pub use unread::{Cause, Unread};

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;
use rust_i18n::t;

use crate::form::Forms;
use crate::parse::{Hints, Input};
use crate::reader::Unreadable;
use crate::region::{Code, Level, Region, Regions};
use crate::report::Report;
use crate::shield::Answer;
use crate::store::{Filed, OrganRecord, Outcome, RegionRecord, Store, StoreError, Written};
use admit::organ_record;
use conversion::Conversion;
use input::is_json;
use known::Known;
use sizes::Sizes;

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
    /// Where it is in an archive, or why not; its path is then only a name.
    pub member: Option<Result<Member, Unread>>,
}

impl Job {
    /// A file known by its path as it is written.
    #[must_use]
    pub fn new(path: String, hints: Hints) -> Job {
        Job { name: path.clone(), path, hints, member: None }
    }
}

/// What became of one file.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is in the store.
    Done(Done),
    /// It could not be loaded.
    Failed(Unread),
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
    /// No report; with the hash of the bytes, where they could be read.
    Unread(Unread, Option<String>),
    /// The load was stopped before.
    Stopped,
}

/// Reads the files and tells the fate of each, in order.
pub struct Loader<'l> {
    /// Editions.
    pub forms: &'l Forms,
    /// Regions.
    pub regions: &'l Regions,
    /// What parses.
    pub hands: &'l Hands<'l>,
    /// Threads that have files parsed.
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
        let (send_done, take_done) = bounded::<(usize, Reading)>(WINDOW);
        let (send_convert, take_convert) = bounded::<Conversion>(WINDOW);
        let (send_made, take_made) = bounded::<Conversion>(WINDOW);
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let desk = Desk {
                    jobs,
                    files: take_job.clone(),
                    made: take_made.clone(),
                    convert: send_convert.clone(),
                    done: send_done.clone(),
                };
                scope.spawn(move || {
                    let known = database.and_then(|path| Known::open(path, with_bytes));
                    self.work(&desk, known.as_ref());
                });
            }
            drop((take_job, take_made, send_convert, send_done));
            if let Some(office) = &self.hands.office {
                scope.spawn(move || conversion::convert(office, &take_convert, &send_made));
            }
            let mut waiting = BTreeMap::new();
            let (mut sent, mut next) = (0, 0);
            let mut sizes = Sizes::default();
            'files: while next < jobs.len() {
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
                        Reading::Stopped => break 'files,
                        Reading::Unread(unread, sha256) => {
                            self.failed(store.as_deref_mut(), &jobs[next], unread, sha256)?
                        }
                        Reading::Known(note) => {
                            if let Some(store) = store.as_deref_mut() {
                                store.count(Outcome::Unchanged);
                            }
                            let notes = note.into_iter().collect();
                            Fate::Done(Done { outcome: Outcome::Unchanged, filed: None, notes })
                        }
                        Reading::Report(parsed) => {
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

    /// Takes files, and what LibreOffice made of some, until there are no more.
    fn work(&self, desk: &Desk<'_>, known: Option<&Known>) {
        loop {
            let (index, reading) = crossbeam_channel::select! {
                recv(desk.files) -> index => {
                    let Ok(index) = index else { break };
                    let read = || match self.stopped() {
                        true => Some(Reading::Stopped),
                        false => self.read(desk, index, known),
                    };
                    // whatever breaks down in it, the file is answered for
                    let read = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
                        Some(Reading::Unread(Unread::new(Cause::Crash, t!("shield.crash")), None))
                    });
                    let Some(reading) = read else { continue };
                    (index, reading)
                }
                recv(desk.made) -> made => {
                    let Ok(made) = made else { break };
                    let hints = &desk.jobs[made.index].hints;
                    let input = made.input();
                    let answer = self.hands.converted(&input, hints, made.kind, &made.made);
                    let sha256 = made.sha256.clone();
                    (made.index, reading(answer, made.bytes, sha256))
                }
            };
            if desk.done.send((index, reading)).is_err() {
                break;
            }
        }
    }

    /// Reads a file; none where LibreOffice has it first.
    fn read(&self, desk: &Desk<'_>, index: usize, known: Option<&Known>) -> Option<Reading> {
        let job = &desk.jobs[index];
        let bytes = match bytes(job) {
            Ok(bytes) => bytes,
            Err(unread) => return Some(Reading::Unread(unread, None)),
        };
        let input = input(&job.name, &bytes);
        if let Some(known) = known.filter(|known| known.has(&input)) {
            return Some(Reading::Known(self.filed_elsewhere(job, &input, &known.conn)));
        }
        let answer = self.hands.attempt(&input, &job.hints);
        let Input { sha256, path, .. } = input;
        let Answer::Convert(kind) = answer else { return Some(reading(answer, bytes, sha256)) };
        let asked = Conversion::new(index, kind, bytes, sha256, path);
        desk.convert.send(asked).err().map(|lost| {
            let Conversion { sha256, .. } = lost.into_inner();
            Reading::Unread(Unreadable::Kind(kind).into(), Some(sha256))
        })
    }

    /// Whether what is said of a known file would file it elsewhere now. Where nothing is said the
    /// file need not be parsed for that.
    fn filed_elsewhere(&self, job: &Job, input: &Input<'_>, conn: &Connection) -> Option<String> {
        if job.hints.are_empty() {
            return None;
        }
        let before = crate::store::filed(conn, &input.path, &input.sha256).ok()??;
        let Answer::Report(report, _) = self.hands.quickly(input, &job.hints) else { return None };
        let organ = organ_record(&report, &job.hints, self.forms, self.regions).ok()?;
        notes::filed_elsewhere(&before, &filed(&report, &organ)?)
    }

    fn write(
        &self,
        store: Option<&mut Store>,
        job: &Job,
        parsed: Parsed,
    ) -> Result<Fate, StoreError> {
        let report = &parsed.report;
        let sha256 = || Some(report.source.sha256.clone());
        let organ = match organ_record(report, &job.hints, self.forms, self.regions) {
            Ok(organ) => organ,
            Err(unread) => return self.failed(store, job, unread, sha256()),
        };
        let filed = filed(report, &organ);
        let Some(store) = store else {
            let (outcome, notes) = (Outcome::Loaded, parsed.notes);
            return Ok(Fate::Done(Done { outcome, filed, notes }));
        };
        let township = report.township_code.as_ref().and_then(|c| c.parse::<Code>().ok());
        let township = township.and_then(|c| self.regions.get(c)).map(region_record);
        match store.write(report, &organ, township.as_ref(), parsed.bytes.as_deref()) {
            Ok(Written { outcome, left, lapsed, revived }) => {
                let mut notes = parsed.notes;
                notes.extend(left.iter().map(notes::left));
                notes.extend(lapsed.iter().map(|cell| notes::lapsed(cell)));
                notes.extend(revived.iter().map(|cell| notes::revived(cell)));
                Ok(Fate::Done(Done { outcome, filed, notes }))
            }
            Err(e @ StoreError::UnknownEdition(_)) => {
                let unread = Unread::new(Cause::Parsed, e.to_string());
                self.failed(Some(store), job, unread, sha256())
            }
            Err(e) => Err(e),
        }
    }
}

/// Where a thread takes work from and lays it down.
struct Desk<'d> {
    jobs: &'d [Job],
    files: Receiver<usize>,
    made: Receiver<Conversion>,
    convert: Sender<Conversion>,
    done: Sender<(usize, Reading)>,
}

/// What is to be done with a file after the answer, which asks for no conversion any more.
fn reading(answer: Answer, bytes: Vec<u8>, sha256: String) -> Reading {
    match answer {
        Answer::Report(report, notes) => {
            let bytes = (!is_json(&bytes)).then_some(bytes);
            Reading::Report(Box::new(Parsed { report: *report, notes, bytes }))
        }
        Answer::Unread(unread) => Reading::Unread(unread, Some(sha256)),
        Answer::Convert(kind) => Reading::Unread(Unreadable::Kind(kind).into(), Some(sha256)),
    }
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
