//! The figures of a measure: summed by year, or report by report with what was left out.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::definition::{Metric, Unit};
use super::statement::{Selection, statement};
use crate::form::Forms;
use crate::table::Value;

/// Half the width of a 95 % interval of the normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// A measure over a set of reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// Reports asked for, no body twice.
    pub reports: i64,
    /// Those that are in the sums.
    pub used: i64,
    /// Those left out because a figure is not settled, or no table was read.
    pub incomplete: i64,
    /// Those left out because their edition, or a summary, does not tell it.
    pub not_asked: i64,
    /// Sum of the numerators; none where no report is used.
    pub numerator: Option<i64>,
    /// Sum of the denominators; none where no report is used, or the measure has none.
    pub denominator: Option<i64>,
    /// Whose reports are used: `own`, `aggregate`, `aggregate+own`.
    pub scope_used: Option<&'static str>,
    /// Editions of those used: a series over more than one has the measure's caveats.
    pub editions: BTreeSet<String>,
}

impl Measured {
    /// The value; none where no report is used, or the denominator is 0.
    #[must_use]
    pub fn value(&self, unit: Unit) -> Value {
        value(unit, self.numerator, self.denominator)
    }

    /// Whether the denominator is below what the measure names.
    #[must_use]
    pub fn is_small(&self, metric: &Metric) -> bool {
        metric.least.zip(self.denominator).is_some_and(|(least, n)| n < least)
    }

    /// Adds reports of one edition and scope.
    fn add(&mut self, metric: &Metric, part: Sums) {
        self.reports += part.reports;
        self.used += part.used;
        match part.asked || part.edition.is_none() {
            true => self.incomplete += part.reports - part.used,
            false => self.not_asked += part.reports,
        }
        if part.used == 0 {
            return;
        }
        let add = |sum: &mut Option<i64>, more| *sum = Some(sum.unwrap_or(0) + more);
        add(&mut self.numerator, part.numerator);
        if metric.denominator.is_some() {
            add(&mut self.denominator, part.denominator);
        }
        self.scope_used = Some(match (self.scope_used, part.scope.as_str()) {
            (None | Some("own"), "own") => "own",
            (None | Some("aggregate"), "aggregate") => "aggregate",
            _ => "aggregate+own",
        });
        self.editions.extend(part.edition);
    }
}

/// The value of a numerator and, where the unit has one, a denominator.
#[must_use]
pub fn value(unit: Unit, numerator: Option<i64>, denominator: Option<i64>) -> Value {
    let Some(numerator) = numerator else { return Value::Null };
    if unit.is_plain() {
        return Value::Int(numerator);
    }
    match denominator {
        None | Some(0) => Value::Null,
        Some(denominator) => {
            let scale = if unit == Unit::Per100 { 100.0 } else { 1.0 };
            Value::Real(scale * numerator as f64 / denominator as f64)
        }
    }
}

/// The 95 % interval of a share by Wilson: what it may be if these cases were drawn from many. None
/// where it is no share.
#[must_use]
pub fn wilson(part: i64, of: i64) -> Option<(f64, f64)> {
    if of <= 0 || !(0..=of).contains(&part) {
        return None;
    }
    let (n, p) = (of as f64, part as f64 / of as f64);
    let spread = Z * Z / n;
    let middle = p + spread / 2.0;
    let half = Z * (p * (1.0 - p) / n + spread / (4.0 * n)).sqrt();
    let bound = |at: f64| (at / (1.0 + spread)).clamp(0.0, 1.0);
    Some((bound(middle - half), bound(middle + half)))
}

/// Sums of the reports of one year, edition and scope.
struct Sums {
    edition: Option<String>,
    scope: String,
    asked: bool,
    reports: i64,
    used: i64,
    numerator: i64,
    denominator: i64,
}

/// A measure by year: one statement, whatever the number of reports.
///
/// # Errors
/// When SQLite fails.
pub fn evaluate(
    conn: &Connection,
    metric: &Metric,
    forms: &Forms,
    selection: &Selection,
) -> rusqlite::Result<Vec<(i32, Measured)>> {
    let mut sums = conn.prepare(&format!(
        "SELECT year, edition, scope, asked, COUNT(*), COUNT(numerator),
                COALESCE(SUM(numerator), 0), COALESCE(SUM(denominator), 0)
         FROM ({}) GROUP BY year, edition, scope, asked ORDER BY year",
        statement(conn, metric, forms, selection)?
    ))?;
    let mut rows = sums.query([])?;
    let mut out: Vec<(i32, Measured)> = Vec::new();
    while let Some(r) = rows.next()? {
        let year = r.get(0)?;
        if out.last().is_none_or(|(last, _)| *last != year) {
            out.push((year, Measured::default()));
        }
        let part = Sums {
            edition: r.get(1)?,
            scope: r.get(2)?,
            asked: r.get(3)?,
            reports: r.get(4)?,
            used: r.get(5)?,
            numerator: r.get(6)?,
            denominator: r.get(7)?,
        };
        if let Some((_, measured)) = out.last_mut() {
            measured.add(metric, part);
        }
    }
    Ok(out)
}

/// What became of a report that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is in the sums.
    Used,
    /// A figure is not settled.
    Incomplete,
    /// No statistical table was read.
    NoTable,
    /// Its edition does not ask for it.
    NotAsked,
    /// Its edition is not known to this run.
    UnknownForm,
    /// It is a summary, which cannot tell this measure.
    Summary,
    /// A summary stands for it.
    Covered,
}

impl Reason {
    /// The key, as JSON has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Reason::Used => "used",
            Reason::Incomplete => "incomplete",
            Reason::NoTable => "no_table",
            Reason::NotAsked => "not_asked",
            Reason::UnknownForm => "unknown_form",
            Reason::Summary => "summary",
            Reason::Covered => "covered",
        }
    }
}

/// One report and its part in a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Id of the report.
    pub report: i64,
    /// Body.
    pub organ: String,
    /// Its region, six digits.
    pub region_code: Option<String>,
    /// Reporting year.
    pub year: i32,
    /// `own` or `aggregate`.
    pub scope: String,
    /// Edition; none where no table was read.
    pub edition: Option<String>,
    /// From 1.
    pub revision: i64,
    /// Source it was read from.
    pub path: String,
    /// Its numerator; none where it was left out.
    pub numerator: Option<i64>,
    /// Its denominator, likewise; none if the measure has none.
    pub denominator: Option<i64>,
    /// What became of it.
    pub reason: Reason,
}

const OF_REPORT: &str = "o.name, r.region_code, r.year, r.scope, r.edition, r.revision, s.path
     FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id INNER JOIN source AS s ON s.id = r.source_id";
const IN_ORDER: &str = "ORDER BY r.year, r.scope, r.region_code, o.name, r.id";

/// The reports asked for, those of a summary first, with their parts or why they are left out.
///
/// # Errors
/// When SQLite fails.
pub fn list(
    conn: &Connection,
    metric: &Metric,
    forms: &Forms,
    selection: &Selection,
) -> rusqlite::Result<Vec<Reported>> {
    let sql = format!(
        "SELECT r.id, m.asked, m.numerator, m.denominator, {OF_REPORT}
         INNER JOIN ({}) AS m ON m.report_id = r.id {IN_ORDER}",
        statement(conn, metric, forms, selection)?
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([], |r| {
        let mut report = reported(r)?;
        report.numerator = r.get(2)?;
        report.denominator = r.get(3)?;
        let is_used = report.numerator.is_some();
        report.reason = reason(metric, forms, report.edition.as_deref(), is_used, r.get(1)?);
        report.denominator = report.denominator.filter(|_| metric.denominator.is_some());
        Ok(report)
    })?;
    rows.collect()
}

/// A report's part in a measure, and nothing else of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Id of the report.
    pub report: i64,
    /// Its numerator; none where it was left out.
    pub numerator: Option<i64>,
    /// Its denominator, likewise; none if the measure has none.
    pub denominator: Option<i64>,
    /// What became of it.
    pub reason: Reason,
}

/// The parts of the reports asked for, in the order of their ids: what [`list`] gives, for those who
/// know the reports.
///
/// # Errors
/// When SQLite fails.
pub fn figures(
    conn: &Connection,
    metric: &Metric,
    forms: &Forms,
    selection: &Selection,
) -> rusqlite::Result<Vec<Figure>> {
    let sql = format!(
        "SELECT report_id, edition, asked, numerator, denominator FROM ({}) ORDER BY report_id",
        statement(conn, metric, forms, selection)?
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([], |r| {
        let (numerator, denominator): (Option<i64>, Option<i64>) = (r.get(3)?, r.get(4)?);
        let edition = r.get_ref(1)?.as_str_or_null()?;
        Ok(Figure {
            report: r.get(0)?,
            numerator,
            denominator: denominator.filter(|_| metric.denominator.is_some()),
            reason: reason(metric, forms, edition, numerator.is_some(), r.get(2)?),
        })
    })?;
    rows.collect()
}

/// The reports of a selection that are not asked for because a summary in it stands for them.
///
/// # Errors
/// When SQLite fails.
pub fn covered(
    conn: &Connection,
    metric: &Metric,
    selection: &Selection,
) -> rusqlite::Result<Vec<Reported>> {
    let sql = format!(
        "SELECT r.id, 0, NULL, NULL, {OF_REPORT} WHERE {} {IN_ORDER}",
        selection.covered(metric)
    );
    conn.prepare(&sql)?.query_map([], reported)?.collect()
}

/// A report without its part.
fn reported(r: &rusqlite::Row<'_>) -> rusqlite::Result<Reported> {
    Ok(Reported {
        report: r.get(0)?,
        organ: r.get(4)?,
        region_code: r.get(5)?,
        year: r.get(6)?,
        scope: r.get(7)?,
        edition: r.get(8)?,
        revision: r.get(9)?,
        path: r.get(10)?,
        numerator: None,
        denominator: None,
        reason: Reason::Covered,
    })
}

fn reason(
    metric: &Metric,
    forms: &Forms,
    edition: Option<&str>,
    used: bool,
    asked: bool,
) -> Reason {
    match edition {
        _ if used => Reason::Used,
        None => Reason::NoTable,
        Some(_) if asked => Reason::Incomplete,
        Some(edition) if forms.get(edition).is_none() => Reason::UnknownForm,
        Some(edition) if metric.is_in(edition) && metric.own_only => Reason::Summary,
        Some(_) => Reason::NotAsked,
    }
}
