//! The rules over bodies: each family looks at the reports that are due and hands what it finds to
//! one writer.
//!
//! Another rule over bodies is a file beside this one and a line in [`FAMILIES`].

use rusqlite::Connection;

use super::{Checker, copied, duplicate, outlier, reconcile};
use crate::store::{self, CellReader, CheckRun, Due, Found, Store, StoreError, SubjectReader};
use crate::validate::{self, Outcome, Rule};

/// Looks at the reports that are due, and gives the writer what its rule says of them.
type Family = fn(&Pass<'_>, &mut Writer<'_>) -> Result<(), StoreError>;

/// Each rule over bodies that has code, with the function that looks.
const FAMILIES: [(&str, Family); 4] = [
    ("duplicate-report", duplicate::look),
    ("outlier", outlier::look),
    ("copied-text", copied::look),
    ("reconcile", reconcile::look),
];

/// Reports written between two commits.
const BATCH: usize = 512;

/// What the families look at.
pub(super) struct Pass<'p> {
    /// Threads, forms and the database.
    pub checker: &'p Checker<'p>,
    /// For reading: sees what the writer committed.
    pub conn: &'p Connection,
    /// What is printed in the cells of a report.
    pub cells: CellReader<'p>,
    /// Who the reports are of.
    pub reader: &'p SubjectReader<'p, 'p>,
    /// Current reports whose findings are to be made anew, ascending.
    pub due: &'p [i64],
    /// Summaries to be compared with the reports below them, ascending.
    pub summaries: &'p [i64],
    /// Reports that do not count, each with the one of `due` that counts in their place.
    pub superseded: Vec<(i64, i64)>,
    /// Number of current reports.
    pub current: usize,
}

impl Pass<'_> {
    /// Whether so many are due that looking at all at once is cheaper than at one after another.
    pub fn is_large(&self) -> bool {
        self.due.len() * 8 > self.current
    }

    /// Whether somebody wants to stop.
    pub fn stopped(&self) -> bool {
        self.checker.stopped()
    }
}

/// Keeps what one rule after another finds.
pub(super) struct Writer<'w> {
    store: &'w mut Store,
    run: &'w mut CheckRun,
    /// The rule whose family is at work.
    pub rule: &'static Rule,
    pending: usize,
}

impl Writer<'_> {
    /// Keeps what the rule says of a report in place of what it said before; nothing where it does
    /// not apply.
    pub fn put(&mut self, report: i64, found: &[Found]) -> Result<(), StoreError> {
        self.store.begin()?;
        self.store.put_over_bodies(self.run, report, self.rule, found)?;
        self.step()
    }

    /// Keeps what the rule says of a summary compared with the reports below it.
    pub fn put_reconciled(&mut self, summary: i64, found: &[Found]) -> Result<(), StoreError> {
        self.store.begin()?;
        self.store.put_reconciled(self.run, summary, self.rule, found)?;
        self.step()
    }

    /// Keeps that a report holds.
    pub fn put_passed(&mut self, report: i64) -> Result<(), StoreError> {
        self.put(report, &[Found::passed(self.rule)])
    }

    /// Says what the rule found in a report before in the words of these outcomes, one for each of
    /// the findings.
    pub fn reword(
        &mut self,
        findings: impl Iterator<Item = i64>,
        outcomes: &[Outcome],
    ) -> Result<(), StoreError> {
        self.store.begin()?;
        for (finding, outcome) in findings.zip(outcomes) {
            self.store.reword(self.run, finding, outcome)?;
        }
        self.count(validate::Verdict::Fail);
        self.step()
    }

    /// Counts a report about which nothing has changed.
    pub fn count(&mut self, verdict: validate::Verdict) {
        self.run.count(&self.rule.id, verdict);
    }

    /// Changes what the rule keeps for itself.
    pub fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.store.begin()?;
        let value = change(self.store)?;
        self.step()?;
        Ok(value)
    }

    /// Commits: what is read from now on is as it was written.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.pending = 0;
        self.store.commit()
    }

    fn step(&mut self) -> Result<(), StoreError> {
        self.pending += 1;
        if self.pending < BATCH { Ok(()) } else { self.commit() }
    }
}

/// Asks the rules over bodies of the reports that are due. Broken off, it is done again by the next
/// run.
pub(super) fn check(
    checker: &Checker<'_>,
    store: &mut Store,
    run: &mut CheckRun,
    due: &Due,
) -> Result<(), StoreError> {
    let conn = store::open_steady(checker.database)?;
    let superseded = store::superseded(&conn, &due.bodies)?;
    let current = store::count_current(&conn)?;
    let reader = &SubjectReader::new(&conn, checker.forms)?;
    let (due, summaries) = (due.bodies.as_slice(), due.summaries.as_slice());
    let cells = CellReader::new(&conn)?;
    let pass = Pass { checker, conn: &conn, cells, reader, due, summaries, superseded, current };
    for (id, look) in FAMILIES {
        let Some(rule) = validate::rule(id) else { continue };
        let mut writer = Writer { store, run, rule, pending: 0 };
        look(&pass, &mut writer)?;
        writer.commit()?;
        if pass.stopped() {
            return Ok(());
        }
    }
    store.end_bodies(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Reach;

    #[test]
    fn every_family_speaks_for_a_rule_over_bodies() {
        for (id, _) in FAMILIES {
            assert_eq!(validate::rule(id).map(|r| r.reach), Some(Reach::Bodies), "{id}");
        }
    }
}
