//! Which reports go into a file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rusqlite::{Connection, Row};

use crate::analyze::LEVELS;
use crate::form::{Form, Forms};
use crate::metric::Selection;
use crate::region::{Code, Kind, Level};
use crate::report::Scope;
use crate::store::{StoreError, read_key};

/// What is asked for. What is left out does not narrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Reporting years.
    pub years: RangeInclusive<i32>,
    /// Bodies, each as what it is in the end.
    pub series: Vec<i64>,
    /// Region with all under it.
    pub region: Option<Code>,
    /// How high the bodies stand.
    pub level: Option<Level>,
    /// What they are.
    pub kind: Option<Kind>,
    /// Edition of the form.
    pub edition: Option<String>,
    /// Own reports or summaries only; without it a chosen summary stands for the chosen reports
    /// under it, so that no body is counted twice.
    pub scope: Option<Scope>,
}

/// A current report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Id of the report.
    pub id: i64,
    /// Id of the body.
    pub organ_id: i64,
    /// What the body is in the end.
    pub series: i64,
    /// Its name.
    pub organ: String,
    /// What it is.
    pub kind: Kind,
    /// How high it stands; none where its place is not known.
    pub level: Option<Level>,
    /// Region, six digits.
    pub region_code: Option<String>,
    /// Name of the region.
    pub region: Option<String>,
    /// Township or street that it is, nine digits.
    pub township_code: Option<String>,
    /// Reporting year.
    pub year: i32,
    /// Own report or summary.
    pub scope: Scope,
    /// Edition of its form; none where it has no table.
    pub edition: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Source it was read from.
    pub path: String,
    /// Deepest level whose summary stands for it.
    pub covered_depth: i64,
}

impl Chosen {
    fn read(r: &Row<'_>) -> rusqlite::Result<Chosen> {
        let level: Option<i64> = r.get(5)?;
        Ok(Chosen {
            id: r.get(0)?,
            organ_id: r.get(1)?,
            series: r.get(2)?,
            organ: r.get(3)?,
            kind: read_key(r, 4, Kind::of_key)?,
            level: level.and_then(|level| LEVELS.get(usize::try_from(level).ok()?).copied()),
            region_code: r.get(6)?,
            region: r.get(7)?,
            township_code: r.get(8)?,
            year: r.get(9)?,
            scope: read_key(r, 10, Scope::of_key)?,
            edition: r.get(11)?,
            published: r.get(12)?,
            path: r.get(13)?,
            covered_depth: r.get(14)?,
        })
    }

    /// Where it stands among reports of a year, as [`Choice::reports`] lists them.
    pub(super) fn place_in_list(&self) -> impl Ord + '_ {
        let is_under = self.kind != Kind::Government;
        let place = (self.region_code.as_deref(), self.township_code.as_deref(), self.level);
        (place, is_under, self.organ.as_str(), self.scope)
    }

    /// The place whose level it sums up; none for an own report.
    fn place(&self) -> Option<(i32, &str)> {
        let place = self.township_code.as_deref().or(self.region_code.as_deref())?;
        (self.scope == Scope::Aggregate).then_some((self.year, place))
    }
}

/// Where a report stands, for those who have too many to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'r> {
    /// Id of the report.
    pub report_id: i64,
    /// Reporting year.
    pub year: i32,
    /// Region, six digits.
    pub region_code: Option<&'r str>,
}

impl<'r> Place<'r> {
    /// That of a report.
    #[must_use]
    pub fn of(report: &'r Chosen) -> Place<'r> {
        let region_code = report.region_code.as_deref();
        Place { report_id: report.id, year: report.year, region_code }
    }
}

/// What a [`Chosen`] is read from, in the order of its fields.
const SELECT: &str = "SELECT r.report_id, r.organ_id, r.series_id, r.organ, r.kind, r.level, r.region_code, r.region,
     r.township_code, r.year, r.scope, r.edition, r.published, r.path, r.covered_depth
     FROM v_report AS r";
/// As people list bodies: by year, and down the tree of regions.
const ORDER: &str = "ORDER BY r.year, r.region_code, r.township_code, r.level, r.kind <> 'government', r.organ, r.scope";

impl Choice {
    /// Conditions on `v_report AS r`, of keys and numbers only: nothing that somebody typed goes into
    /// a statement but the edition, which is `?1`.
    fn condition(&self) -> String {
        let selection = Selection::Current { years: self.years.clone(), region: self.region };
        let mut sql = selection.reports();
        if let Some(level) = LEVELS.iter().position(|l| Some(*l) == self.level) {
            sql += &format!(" AND r.level = {level}");
        }
        if let Some(kind) = self.kind {
            sql += &format!(" AND r.kind = '{}'", kind.key());
        }
        if let Some(scope) = self.scope {
            sql += &format!(" AND r.scope = '{}'", scope.key());
        }
        if !self.series.is_empty() {
            let ids: Vec<String> = self.series.iter().map(ToString::to_string).collect();
            sql += &format!(" AND r.series_id IN ({})", ids.join(", "));
        }
        sql + " AND (?1 IS NULL OR r.edition = ?1)"
    }

    /// The last year of which there is such a report.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn last_year(&self, conn: &Connection) -> Result<Option<i32>, StoreError> {
        let sql = format!("SELECT MAX(r.year) FROM v_report AS r WHERE {}", self.condition());
        Ok(conn.query_row(&sql, [&self.edition], |r| r.get(0))?)
    }

    /// The years of which there are such reports, whatever years are asked for.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn years_there(&self, conn: &Connection) -> Result<Vec<i32>, StoreError> {
        let any = Choice { years: i32::MIN..=i32::MAX, ..self.clone() };
        let condition = any.condition();
        let mut statement = conn.prepare(&format!(
            "SELECT DISTINCT r.year FROM v_report AS r WHERE {condition} ORDER BY r.year"
        ))?;
        let years = statement.query_map([&any.edition], |r| r.get(0))?;
        Ok(years.collect::<Result<_, _>>()?)
    }

    /// The reports, by year and down the tree of regions.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn reports(&self, conn: &Connection) -> Result<Vec<Chosen>, StoreError> {
        Ok(self.counted(conn)?.0)
    }

    /// The reports, and how many more there are that a summary among them stands for.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn counted(&self, conn: &Connection) -> Result<(Vec<Chosen>, usize), StoreError> {
        let mut found = self.all(conn)?;
        let all = found.len();
        if self.scope.is_none() {
            once(&mut found);
        }
        let covered = all - found.len();
        Ok((found, covered))
    }

    /// The same with those that a summary among them stands for.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn all(&self, conn: &Connection) -> Result<Vec<Chosen>, StoreError> {
        let sql = format!("{SELECT} WHERE {} {ORDER}", self.condition());
        let mut statement = conn.prepare(&sql)?;
        let rows = statement.query_map([&self.edition], Chosen::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands over where each report stands, one after the other and without holding them; what a
    /// summary stands for is not left out.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn places(
        &self,
        conn: &Connection,
        mut take: impl FnMut(Place<'_>),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT r.report_id, r.year, r.region_code FROM v_report AS r WHERE {}",
            self.condition()
        );
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([&self.edition])?;
        while let Some(row) = rows.next()? {
            let region_code = row.get_ref(2)?.as_str_or_null().ok().flatten();
            take(Place { report_id: row.get(0)?, year: row.get(1)?, region_code });
        }
        Ok(())
    }
}

/// The reports of these ids, in the same order.
///
/// # Errors
/// When SQLite fails.
pub fn of_ids(conn: &Connection, ids: &[i64]) -> Result<Vec<Chosen>, StoreError> {
    let mut statement = conn.prepare(&format!(
        "{SELECT} WHERE r.report_id IN (SELECT value FROM json_each(?1)) {ORDER}"
    ))?;
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows = statement.query_map([format!("[{}]", list.join(","))], Chosen::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The form of the edition that most reports have, of several the newest; none where no report has a
/// form that is known.
#[must_use]
pub fn form_of<'f>(reports: &[Chosen], forms: &'f Forms) -> Option<&'f Form> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for edition in reports.iter().filter_map(|r| r.edition.as_deref()) {
        *counts.entry(edition).or_default() += 1;
    }
    let known = counts.into_iter().filter_map(|(edition, n)| Some((n, forms.get(edition)?)));
    known.max_by_key(|(n, form)| (*n, form.first_year)).map(|(_, form)| form)
}

/// Leaves out what a summary among the reports stands for.
fn once(found: &mut Vec<Chosen>) {
    let places: BTreeSet<(i32, String)> = found
        .iter()
        .filter_map(Chosen::place)
        .map(|(year, place)| (year, place.to_owned()))
        .collect();
    found.retain(|report| {
        let above = |depth: usize| {
            let code = match depth {
                4 => report.township_code.clone()?,
                _ => {
                    let digits = report.region_code.as_deref()?.get(..2 * depth)?;
                    format!("{digits:0<6}")
                }
            };
            // what it sums up itself does not stand for it
            (report.place() != Some((report.year, &code))).then_some((report.year, code))
        };
        let covers = |depth| above(depth).is_some_and(|place| places.contains(&place));
        let deepest = usize::try_from(report.covered_depth).unwrap_or(0);
        !(1..=deepest).any(covers)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(id: i64, scope: Scope, region: &str, township: Option<&str>, depth: i64) -> Chosen {
        Chosen {
            id,
            organ_id: id,
            series: id,
            organ: String::new(),
            kind: Kind::Government,
            level: None,
            region_code: Some(region.to_owned()),
            region: None,
            township_code: township.map(str::to_owned),
            year: 2023,
            scope,
            edition: None,
            published: None,
            path: String::new(),
            covered_depth: depth,
        }
    }

    #[test]
    fn a_summary_stands_for_what_is_under_it_and_not_for_itself() {
        let mut found = vec![
            report(1, Scope::Aggregate, "321300", None, 0),
            report(2, Scope::Own, "321300", None, 2),
            report(3, Scope::Aggregate, "321322", None, 2),
            report(4, Scope::Own, "321322", Some("321322100"), 3),
            report(5, Scope::Own, "320500", None, 0),
        ];
        let ids = |found: &[Chosen]| found.iter().map(|r| r.id).collect::<Vec<_>>();
        let mut below = found[1..].to_vec();
        once(&mut found);
        assert_eq!(ids(&found), [1, 5]);
        // a summary that was not chosen stands for nobody here
        once(&mut below);
        assert_eq!(ids(&below), [2, 3, 5]);
    }

    #[test]
    fn a_year_has_its_own_summaries() {
        let mut found = vec![
            report(1, Scope::Aggregate, "321300", None, 0),
            Chosen { year: 2022, ..report(2, Scope::Own, "321300", None, 2) },
        ];
        once(&mut found);
        assert_eq!(found.len(), 2);
    }
}
