//! A measure as one SQL statement over any set of reports.
//!
//! Its text is put together of keys that were checked, ids and numbers; nothing that somebody typed
//! goes into it. Figures that the store keeps summed are read there, all others from the facts of
//! their line, which lie by line first and report second: the reports are gone through once, in the
//! order of their ids, so each line of the form is read in one pass from its first report to its
//! last.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension as _};

use super::definition::{Metric, Part};
use super::resolve::{Kept, Term};
use crate::form::{Form, Forms};
use crate::region::{Code, Level};
use crate::report::Scope;
use crate::store::fact_column;

/// Reports that a measure is asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// One, whether it is current or not.
    Report(i64),
    /// The current ones of some years, in a region or everywhere, no body counted twice: without a
    /// scope a summary stands for the bodies under it.
    Reports {
        /// Reporting years.
        years: RangeInclusive<i32>,
        /// Region with all under it; everywhere if left out.
        region: Option<Code>,
        /// Own reports or summaries only.
        scope: Option<Scope>,
    },
    /// All current ones of some years, in a region or everywhere, also those that a summary among
    /// them stands for: whoever adds them up minds `covered_depth`.
    Current {
        /// Reporting years.
        years: RangeInclusive<i32>,
        /// Region with all under it; everywhere if left out.
        region: Option<Code>,
    },
    /// All current ones of a body of some years, under whatever name.
    Series {
        /// Reporting years.
        years: RangeInclusive<i32>,
        /// What the body is in the end.
        series: i64,
    },
    /// Those of these ids, also those that a summary among them stands for.
    These(Vec<i64>),
}

impl Selection {
    /// Condition on `report AS r` for what is asked of a measure.
    fn condition(&self, metric: &Metric) -> String {
        let counted = |depth: i64| format!(" AND r.covered_depth < {depth}");
        self.with_cover(metric, counted)
    }

    /// Condition for the reports of the selection that a summary in it stands for.
    pub(super) fn covered(&self, metric: &Metric) -> String {
        let covered = |depth: i64| format!(" AND r.covered_depth >= {depth}");
        match (self, self.scope(metric)) {
            // what is asked of by itself, and own reports alone, are never left to a summary
            (Selection::Reports { .. }, scope) if scope != Some(Scope::Own) => {
                self.with_cover(metric, covered)
            }
            _ => "0".to_owned(),
        }
    }

    fn with_cover(&self, metric: &Metric, cover: impl Fn(i64) -> String) -> String {
        let mut condition = self.reports();
        let Selection::Reports { region, .. } = self else { return condition };
        let scope = self.scope(metric);
        if let Some(scope) = scope {
            condition += &format!(" AND r.scope = '{}'", scope.key());
        }
        if scope != Some(Scope::Own) {
            condition += &cover(region.map_or(1, depth));
        }
        condition
    }

    /// Condition on `report AS r` for the reports of the selection, also those that a summary in it
    /// stands for.
    #[must_use]
    pub fn reports(&self) -> String {
        let (years, place) = match self {
            Selection::Report(id) => return format!("r.id = {id}"),
            Selection::These(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                return format!("r.id IN ({})", ids.join(", "));
            }
            Selection::Reports { years, region, .. } | Selection::Current { years, region } => {
                (years, region.map(inside))
            }
            Selection::Series { years, series } => (years, Some(of_series(*series))),
        };
        // the few reports of a body are found by the body
        let year = if matches!(self, Selection::Series { .. }) { "+r.year" } else { "r.year" };
        let (first, last) = (years.start(), years.end());
        let of_years = format!("r.is_current = 1 AND {year} BETWEEN {first} AND {last}");
        of_years + &place.unwrap_or_default()
    }

    /// The scope that reports are taken from: without one, a measure that summaries cannot tell is
    /// one of own reports.
    fn scope(&self, metric: &Metric) -> Option<Scope> {
        match self {
            Selection::Report(_)
            | Selection::Current { .. }
            | Selection::Series { .. }
            | Selection::These(_) => None,
            Selection::Reports { scope, .. } => {
                scope.or_else(|| metric.own_only.then_some(Scope::Own))
            }
        }
    }
}

/// Condition for the reports of a region and all under it.
fn inside(region: Code) -> String {
    match region.level() {
        Level::Township => format!(" AND r.township_code = '{region}'"),
        _ => format!(" AND r.region_code BETWEEN '{region}' AND '{:9<6}'", region.prefix()),
    }
}

/// Condition for the reports of a body under whatever name.
fn of_series(series: i64) -> String {
    format!(
        " AND r.organ_id IN (SELECT o.id FROM organ AS o WHERE COALESCE(o.series_id, o.id) = {series})"
    )
}

/// Depth of a region, as `covered_depth` counts it.
pub(crate) fn depth(region: Code) -> i64 {
    match region.level() {
        Level::Central | Level::Province => 1,
        Level::City => 2,
        Level::County => 3,
        Level::Township => 4,
    }
}

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The joins of a measure over all its editions.
#[derive(Debug, Default)]
struct Source<'f> {
    /// Those of figures that are kept summed.
    totals: BTreeSet<String>,
    /// Lines of the form by relation: for each join the row that an edition reads there.
    lines: BTreeMap<&'f str, Vec<BTreeMap<&'f str, i64>>>,
}

impl<'f> Source<'f> {
    /// A part as an expression; none where the database does not know its edition.
    fn sum(
        &mut self,
        conn: &Connection,
        form: &'f Form,
        part: &Part,
    ) -> rusqlite::Result<Option<String>> {
        let mut columns = Vec::new();
        for term in part.of(&form.edition) {
            match self.term(conn, form, term)? {
                Some(of_term) => columns.extend(of_term),
                None => return Ok(None),
            }
        }
        Ok(Some(columns.join(" + ")))
    }

    fn term(
        &mut self,
        conn: &Connection,
        form: &'f Form,
        term: &Term,
    ) -> rusqlite::Result<Option<Vec<String>>> {
        match term.kept {
            Kept::Report => Ok(Some(vec!["1".to_owned()])),
            Kept::Case { proceeding: p, figure } => {
                let on = format!("{p}.proceeding = '{p}' AND {p}.report_id = r.id");
                self.totals.insert(format!("LEFT JOIN case_total AS {p} ON {on}"));
                Ok(Some(vec![format!("{p}.{figure}")]))
            }
            Kept::Request { figure } => {
                self.totals.insert("LEFT JOIN request_total AS q ON q.report_id = r.id".to_owned());
                Ok(Some(vec![format!("q.{figure}")]))
            }
            Kept::Cells => term.cells.iter().map(|name| self.cell(conn, form, name)).collect(),
        }
    }

    fn cell(
        &mut self,
        conn: &Connection,
        form: &'f Form,
        name: &str,
    ) -> rusqlite::Result<Option<String>> {
        // the definition was checked, so each name is a cell
        let Some(cell) = form.named_cell(name) else { return Ok(None) };
        let find = "SELECT id FROM form_row WHERE edition = ?1 AND table_key = ?2 AND row_key = ?3";
        let keys = [&form.edition, &cell.table.key, &cell.row.key];
        let row = conn.prepare_cached(find)?.query_row(keys, |r| r.get(0)).optional()?;
        let Some(row) = row else { return Ok(None) };
        let (relation, edition) = (cell.table.store.as_str(), form.edition.as_str());
        let lines = self.lines.entry(relation).or_default();
        let same = lines.iter().position(|line| line.get(edition) == Some(&row));
        let free = || lines.iter().position(|line| !line.contains_key(edition));
        let number = same.or_else(free).unwrap_or(lines.len());
        if number == lines.len() {
            lines.push(BTreeMap::new());
        }
        lines[number].insert(edition, row);
        Ok(Some(format!("{relation}_{number}.{}", fact_column(cell))))
    }

    /// The text of the joins. An edition that reads nothing on a line looks for no row there.
    fn joins(self) -> String {
        let mut joins: Vec<String> = self.totals.into_iter().collect();
        for (relation, lines) in self.lines {
            for (number, rows) in lines.iter().enumerate() {
                let name = format!("{relation}_{number}");
                let rows = rows.iter().map(|(edition, row)| (*edition, row.to_string()));
                let row = by_edition(rows.collect::<Vec<_>>().as_slice());
                joins.push(format!(
                    "LEFT JOIN {relation}_fact AS {name} ON {name}.row_id = {row} AND {name}.report_id = r.id"
                ));
            }
        }
        joins.join("\n")
    }
}

/// An expression that is another one in each edition, and NULL in all others.
fn by_edition(expressions: &[(&str, String)]) -> String {
    let when = |(edition, text): &(&str, String)| format!(" WHEN {} THEN {text}", quoted(edition));
    match expressions {
        [] => "NULL".to_owned(),
        several => format!("CASE r.edition{} END", several.iter().map(when).collect::<String>()),
    }
}

/// The statement that gives a row for each report asked for: `report_id`, `organ_id`, `year`,
/// `scope`, `edition`, `asked` (0 where its edition, or a summary, cannot tell the measure),
/// `numerator` and `denominator` (both NULL where a cell of either is not settled; without a
/// denominator every report is one).
///
/// # Errors
/// When SQLite fails.
pub fn statement(
    conn: &Connection,
    metric: &Metric,
    forms: &Forms,
    selection: &Selection,
) -> rusqlite::Result<String> {
    let mut source = Source::default();
    let (mut numerators, mut denominators) = (Vec::new(), Vec::new());
    for form in forms.iter().filter(|form| metric.is_in(&form.edition)) {
        let numerator = source.sum(conn, form, &metric.numerator)?;
        let denominator = match &metric.denominator {
            None => Some("1".to_owned()),
            Some(part) => source.sum(conn, form, part)?,
        };
        if let Some((numerator, denominator)) = numerator.zip(denominator) {
            numerators.push((form.edition.as_str(), numerator));
            denominators.push((form.edition.as_str(), denominator));
        }
    }
    let editions: Vec<String> = numerators.iter().map(|(edition, _)| quoted(edition)).collect();
    let (editions, condition) = (editions.join(", "), selection.condition(metric));
    let own = if metric.own_only { " AND r.scope = 'own'" } else { "" };
    let (n, d) = (by_edition(&numerators), by_edition(&denominators));
    let joins = source.joins();
    // the ids are found first and then gone through in order, as facts and totals are kept
    Ok(format!(
        "SELECT report_id, organ_id, year, scope, edition, asked,
         CASE WHEN asked AND d IS NOT NULL THEN n END AS numerator,
         CASE WHEN asked AND n IS NOT NULL THEN d END AS denominator
         FROM (
         SELECT r.id AS report_id, r.organ_id, r.year, r.scope, r.edition,
         COALESCE(r.edition IN ({editions}){own}, 0) AS asked,
         {n} AS n,
         {d} AS d
         FROM report AS r
         {joins}
         WHERE r.id IN (SELECT r.id FROM report AS r WHERE {condition})
         )"
    ))
}
