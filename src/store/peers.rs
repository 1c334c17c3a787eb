//! Reports side by side: the figures that their rates are made of, and the rates of their peers.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::subjects::ranges;
use super::{Store, StoreError};
use crate::validate::rates::{Rate, rates};

/// Bodies that can be compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// Reporting year.
    pub year: i32,
    /// Own reports or summaries.
    pub scope: String,
    /// Edition of the form.
    pub edition: String,
    /// 0 centre, 1 province, 2 city, 3 county, 4 township or street.
    pub level: i64,
    /// Kind of body.
    pub kind: String,
}

/// A report with the figures of the one series over all editions.
#[derive(Debug)]
pub struct Figures {
    /// Id of the report.
    pub report: i64,
    /// Its edition; none where it has no table.
    pub edition: Option<String>,
    /// Its peers; none without an edition, or where the level of its body is not known.
    pub group: Option<Group>,
    names: Rc<HashMap<String, usize>>,
    values: Vec<Option<i64>>,
}

impl Figures {
    /// The value of `series/figure`, where it is settled.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<i64> {
        self.values[*self.names.get(name)?]
    }
}

/// A rate of one report.
#[derive(Debug, Clone, Copy)]
pub struct PeerRate {
    /// Id of the report.
    pub report: i64,
    /// Which rate.
    pub rate: &'static Rate,
    /// Part.
    pub part: i64,
    /// Whole; never 0.
    pub whole: i64,
}

impl PeerRate {
    /// Part by whole.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

const HEADS: &str = "
SELECT
    r.id,
    r.edition,
    r.year,
    r.scope,
    o.kind,
    o.level,
    q.*
FROM report AS r
INNER JOIN v_body AS o ON o.organ_id = r.organ_id
LEFT JOIN request_total AS q ON q.report_id = r.id
WHERE r.id BETWEEN ?1 AND ?2
ORDER BY r.id";

/// Columns of [`HEADS`] before the figures.
const BEFORE: usize = 6;

const CASES: &str = "
SELECT report_id, case_total.* FROM case_total WHERE proceeding = ?1 AND report_id BETWEEN ?2 AND ?3 ORDER BY report_id";

/// The figures of the reports of these ids, which must ascend.
///
/// # Errors
/// When SQLite fails.
pub fn figures(conn: &Connection, ids: &[i64]) -> Result<Vec<Figures>, StoreError> {
    let mut heads = conn.prepare_cached(HEADS)?;
    let mut cases = conn.prepare_cached(CASES)?;
    let mut names = Names::default();
    let requests = names.add("requests", heads.column_names().skip(BEFORE));
    let mut proceeding = |p| (p, names.add(p, cases.column_names().skip(1)));
    let proceedings = ["review", "litigation"].map(&mut proceeding);
    let (width, known) = (names.known.len(), Rc::new(names.known));
    let mut out: Vec<Figures> = Vec::with_capacity(ids.len());
    for (first, last) in ranges(ids) {
        let at = out.len();
        let mut rows = heads.query([first, last])?;
        while let Some(r) = rows.next()? {
            let report = r.get(0)?;
            if ids.binary_search(&report).is_err() {
                continue;
            }
            let edition: Option<String> = r.get(1)?;
            let group = edition.clone().map(|edition| group(r, edition)).transpose()?.flatten();
            let mut values = vec![None; width];
            fill(&mut values[requests..], r, BEFORE);
            out.push(Figures { report, edition, group, names: Rc::clone(&known), values });
        }
        let found = &mut out[at..];
        for (proceeding, first_name) in proceedings {
            let mut rows = cases.query(params![proceeding, first, last])?;
            while let Some(r) = rows.next()? {
                let id: i64 = r.get(0)?;
                if let Ok(at) = found.binary_search_by_key(&id, |f| f.report) {
                    fill(&mut found[at].values[first_name..], r, 1);
                }
            }
        }
    }
    Ok(out)
}

/// Places of figures among the values.
#[derive(Default)]
struct Names {
    known: HashMap<String, usize>,
}

impl Names {
    /// Makes room for the columns of a query; the place of the first.
    fn add<'c>(&mut self, series: &str, columns: impl Iterator<Item = &'c str>) -> usize {
        let first = self.known.len();
        self.known.extend(columns.map(|c| format!("{series}/{c}")).zip(first..));
        first
    }
}

/// Puts the numbers of a row, from its column `first` on, in their places; what is none is no
/// figure.
fn fill(values: &mut [Option<i64>], row: &Row<'_>, first: usize) {
    for (i, value) in values.iter_mut().enumerate() {
        match row.get_ref(first + i) {
            Ok(found) => *value = found.as_i64().ok(),
            Err(_) => break,
        }
    }
}

fn group(row: &Row<'_>, edition: String) -> Result<Option<Group>, StoreError> {
    let level: Option<i64> = row.get(5)?;
    let Some(level) = level else { return Ok(None) };
    let (year, scope, kind) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Some(Group { year, scope, edition, level, kind }))
}

/// The rates of a group as last kept, by report.
///
/// # Errors
/// When SQLite fails.
pub fn peer_rates(conn: &Connection, group: i64) -> Result<Vec<PeerRate>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT report_id, rate, part, whole FROM peer_rate WHERE group_id = ?1 ORDER BY report_id",
    )?;
    let mut rows = statement.query([group])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let id = r.get_ref(1)?.as_str().unwrap_or_default();
        if let Some(rate) = rates().iter().find(|rate| rate.id == id) {
            out.push(PeerRate { report: r.get(0)?, rate, part: r.get(2)?, whole: r.get(3)? });
        }
    }
    Ok(out)
}

/// Edition of a group.
///
/// # Errors
/// When SQLite fails, or there is no such group.
pub fn edition_of_group(conn: &Connection, group: i64) -> Result<String, StoreError> {
    let mut statement = conn.prepare_cached("SELECT edition FROM peer_group WHERE id = ?1")?;
    Ok(statement.query_row([group], |r| r.get(0))?)
}

/// What the rule `outlier` found in a report when it was last asked.
#[derive(Debug)]
pub struct Outlier {
    /// Id of the finding.
    pub id: i64,
    /// Whether the rule fails; else it could not be assessed.
    pub fails: bool,
    /// The cells it is about, in JSON.
    pub cells: String,
}

/// The findings of the rule `outlier` in a report, in the order in which they were kept.
///
/// # Errors
/// When SQLite fails.
pub fn outliers_of(conn: &Connection, report: i64) -> Result<Vec<Outlier>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, outcome = 'fail', cells FROM finding INDEXED BY finding_outlier
         WHERE rule = 'outlier' AND report_id = ?1
         ORDER BY id",
    )?;
    let found = statement
        .query_map([report], |r| Ok(Outlier { id: r.get(0)?, fails: r.get(1)?, cells: r.get(2)? }));
    Ok(found?.collect::<Result<_, _>>()?)
}

/// The reports that the rule `outlier` found something in.
///
/// # Errors
/// When SQLite fails.
pub fn outliers(conn: &Connection) -> Result<HashSet<i64>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT report_id FROM finding INDEXED BY finding_outlier WHERE rule = 'outlier'",
    )?;
    let ids = statement.query_map([], |r| r.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

impl Store {
    /// Id of a group, new if need be.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn peer_group(&self, group: &Group) -> Result<i64, StoreError> {
        let keys = (group.year, &group.scope, &group.edition, group.level, &group.kind);
        let mut find = self.conn.prepare_cached(
            "SELECT id FROM peer_group
             WHERE year = ?1 AND scope = ?2 AND edition = ?3 AND level = ?4 AND kind = ?5",
        )?;
        if let Some(id) = find.query_row(keys, |r| r.get(0)).optional()? {
            return Ok(id);
        }
        self.conn.execute(
            "INSERT INTO peer_group (year, scope, edition, level, kind) VALUES (?1, ?2, ?3, ?4, ?5)",
            keys,
        )?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Keeps the rates of a report in place of those it had.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_peer_rates(
        &self,
        group: i64,
        report: i64,
        rates: &[PeerRate],
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM peer_rate WHERE group_id = ?1 AND report_id = ?2")?
            .execute([group, report])?;
        for r in rates {
            self.conn
                .prepare_cached("INSERT INTO peer_rate VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![group, report, r.rate.id, r.part, r.whole])?;
        }
        Ok(())
    }
}
