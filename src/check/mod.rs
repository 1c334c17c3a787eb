//! Checking what is in the store: many reports read and looked at side by side, written by one hand.
//!
//! First come the rules on single reports and on a body's years, chunk by chunk, then the rules over
//! bodies, family by family (`bodies`). A report is checked again only if it, last year's report
//! of its body, another report that its findings name or the rules changed since, a summary compared
//! only if something below it changed; triggers in `schema.sql` keep track of that. Memory holds a
//! few chunks of reports, never all.

mod below;
mod bodies;
mod copied;
mod duplicate;
mod outlier;
mod reconcile;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

pub use below::Below;
use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;

use crate::form::{Form, Forms};
use crate::region::{Context, Organ, Regions};
use crate::report::{Cell, Report};
use crate::store::{
    self, CellReader, CheckRun, Due, Found, Shown, Store, StoreError, Stored, SubjectReader,
};
use crate::validate::copied::Prescribed;
use crate::validate::{self, Before, Case, Sheet, Subject, Verdict, repair};

/// Reports read at once: enough that a range of each line is worth its query, few enough for memory.
const CHUNK: usize = 512;
/// Chunks under way behind the writer.
const WINDOW: usize = 4;

/// What was found in each report of a chunk, by its id.
type Checked = Vec<(i64, Vec<Found>)>;

/// Looks at reports of a database.
pub struct Checker<'c> {
    /// Editions.
    pub forms: &'c Forms,
    /// The database.
    pub database: &'c Path,
    /// Threads that read and check.
    pub threads: usize,
    /// Set from outside to stop after the chunk in hand.
    pub stop: &'c AtomicBool,
}

/// A thread's side of [`Checker::side_by_side`].
struct Share<'i, I, T> {
    take: Receiver<&'i [I]>,
    send: Sender<Result<T, StoreError>>,
}

impl<I, T> Share<'_, I, T> {
    /// Works on chunks until there are no more, or nobody wants what is made of them.
    fn each(&self, mut work: impl FnMut(&[I]) -> Result<T, StoreError>) {
        for chunk in &self.take {
            if self.send.send(work(chunk)).is_err() {
                break;
            }
        }
    }
}

impl Checker<'_> {
    /// What is to be checked. Signatures that other texts are prescribed for now are made anew.
    ///
    /// # Errors
    /// When the store fails.
    pub fn due(&self, store: &mut Store) -> Result<Due, StoreError> {
        store.renew_signatures(Prescribed::stamp_of(self.forms))?;
        store::due(store.connection())
    }

    /// Checks the reports that are due and keeps what was found. `tell` is called with the number
    /// of reports done.
    ///
    /// # Errors
    /// When the store fails; what was committed before stays.
    pub fn run(
        &self,
        store: &mut Store,
        due: &Due,
        tell: impl FnMut(usize),
    ) -> Result<(), StoreError> {
        let mut run = store.begin_check(&format!("{{\"reports\":{}}}", due.count()))?;
        store.commit()?;
        self.one_by_one(store, &mut run, &due.reports, tell)?;
        if !self.stopped() {
            bodies::check(self, store, &mut run, due)?;
            run.add_reports(due.count().saturating_sub(due.reports.len()));
        }
        store.end_check(run)?;
        store.renew_found()
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The rules on single reports and on a body's years.
    fn one_by_one(
        &self,
        store: &mut Store,
        run: &mut CheckRun,
        ids: &[i64],
        mut tell: impl FnMut(usize),
    ) -> Result<(), StoreError> {
        let work = |conn: &Connection, share: &Share<'_, i64, Checked>| {
            let reader = SubjectReader::new(conn, self.forms)?;
            let cells = CellReader::new(conn)?;
            share.each(|chunk| self.chunk(&cells, &reader, chunk));
            Ok(())
        };
        self.side_by_side(ids, CHUNK, work, |done| {
            store.begin()?;
            for (report, found) in &done {
                store.put_outcomes(run, *report, found)?;
            }
            store.commit()?;
            tell(done.len());
            Ok(())
        })
    }

    /// Hands chunks of the items to several threads, each with a connection of its own, and what
    /// they make of them to `keep`, in no order.
    fn side_by_side<I: Sync, T: Send>(
        &self,
        items: &[I],
        size: usize,
        work: impl Fn(&Connection, &Share<'_, I, T>) -> Result<(), StoreError> + Sync,
        mut keep: impl FnMut(T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let chunks = items.chunks(size);
        let connections = (0..self.threads.clamp(1, chunks.len().max(1)))
            .map(|_| store::open_steady(self.database))
            .collect::<Result<Vec<_>, _>>()?;
        std::thread::scope(|scope| {
            let (send_chunk, take_chunk) = bounded::<&[I]>(WINDOW);
            let (send_done, take_done) = bounded::<Result<T, StoreError>>(WINDOW);
            for conn in connections {
                let share = Share { take: take_chunk.clone(), send: send_done.clone() };
                let work = &work;
                scope.spawn(move || {
                    if let Err(e) = work(&conn, &share) {
                        // who does not listen has an error already
                        let _ = share.send.send(Err(e));
                    }
                });
            }
            drop((take_chunk, send_done));
            scope.spawn(move || {
                for chunk in chunks {
                    if self.stopped() || send_chunk.send(chunk).is_err() {
                        break;
                    }
                }
            });
            take_done.into_iter().try_for_each(|done| keep(done?))
        })
    }

    /// Looks at one chunk.
    fn chunk(
        &self,
        cells: &CellReader<'_>,
        reader: &SubjectReader<'_, '_>,
        ids: &[i64],
    ) -> Result<Checked, StoreError> {
        let reports = reader.read(ids, true)?;
        let before = reader.before(&reports)?;
        let mut elsewhere: Vec<i64> = before.iter().flat_map(|(ids, _)| ids).copied().collect();
        elsewhere.sort_unstable();
        elsewhere.dedup();
        elsewhere.retain(|id| reports.binary_search_by_key(id, |r| r.id).is_err());
        let elsewhere = reader.read(&elsewhere, false)?;
        let of = |id: &i64| {
            let here = of_id(&reports, *id).or_else(|| of_id(&elsewhere, *id))?;
            Some(&here.subject)
        };
        let mut out = Vec::with_capacity(reports.len());
        for (report, (ids, reorganized)) in reports.iter().zip(&before) {
            let last: Vec<&Subject<'_>> = ids.iter().filter_map(of).collect();
            let before = Before::Known { reports: &last, reorganized: *reorganized };
            let case = Case { now: &report.subject, before, forms: self.forms };
            let outcomes = validate::check(&case, |_| true);
            let cells = match repair::is_possible(&case, &outcomes) {
                true => cells.all(report.id)?,
                false => cells.about(report.id, &outcomes)?,
            };
            out.push((report.id, Found::all(report, &case, outcomes, &cells)));
        }
        Ok(out)
    }
}

/// What the rules see of a parsed report that is in no store.
#[must_use]
pub fn subject<'f>(report: Report, forms: &'f Forms, regions: &Regions) -> Stored<'f> {
    let region = report.region_code.as_ref().and_then(|c| c.parse().ok());
    let context = Context { region, year: report.year, mentions: &[] };
    let organ = report.organ.as_ref().and_then(|name| regions.resolve(name, context));
    let sheets = {
        let own = report.edition.as_ref();
        let edition = |c: &Cell| c.edition.as_ref().or(own).cloned();
        let mut editions: Vec<String> = own.cloned().into_iter().collect();
        editions.extend(report.cells.iter().filter_map(edition));
        let mut seen = HashSet::new();
        editions.retain(|e| seen.insert(e.clone()));
        let forms = editions.iter().filter_map(|e| forms.get(e));
        let sheet = |form: &'f Form| {
            let cells = report.cells.iter().filter(|c| edition(c).as_ref() == Some(&form.edition));
            Sheet::of_cells(form, cells)
        };
        forms.map(sheet).collect()
    };
    Stored {
        id: 0,
        organ_id: 0,
        organ_key: organ.as_ref().map_or_else(String::new, Organ::key),
        path: report.source.path,
        subject: Subject {
            organ: report.organ,
            kind: organ.map(|o| o.kind),
            year: report.year,
            scope: report.scope,
            published: report.published,
            edition: report.edition,
            sheets,
            sections: report.sections,
            reading: report.findings,
            ..Subject::default()
        },
    }
}

/// Looks at one parsed report by the rules that need nothing beside it.
#[must_use]
pub fn report(report: Report, forms: &Forms, regions: &Regions) -> Vec<Shown> {
    let (cells, region) = (report.cells.clone(), report.region_code.clone());
    let stored = subject(report, forms, regions);
    let case = Case { now: &stored.subject, before: Before::Unknown, forms };
    let outcomes = validate::check(&case, |_| true);
    let found = Found::all(&stored, &case, outcomes, &cells);
    found.iter().map(|f| f.shown(&stored, region.as_ref())).collect()
}

/// What such a report fails, the worst first.
#[must_use]
pub fn failures(of: &Report, forms: &Forms, regions: &Regions) -> Vec<Shown> {
    let mut found = report(of.clone(), forms, regions);
    found.retain(|s| s.outcome == Verdict::Fail.key());
    found.sort_by_key(|s| std::cmp::Reverse(s.severity));
    found
}

fn of_id<'s, 'f>(reports: &'s [Stored<'f>], id: i64) -> Option<&'s Stored<'f>> {
    reports.binary_search_by_key(&id, |r| r.id).ok().map(|at| &reports[at])
}
