//! Corrections by hand: beside what a report says, never over it.
//!
//! The cells as parsed stay in `report_cell_json`; facts, marks and series are worked out anew from
//! the corrected ones, so that every query, rule and sum sees these.

use rusqlite::{Connection, OptionalExtension, Row, params};
use rust_decimal::Decimal;
use rust_i18n::t;

use super::{CellReader, Store, StoreError, damaged, read_key};
use crate::form::{ValueKind, read_cell};
use crate::nearest::{closest, suggestion};
use crate::report::{Cell, Correction, State};

/// No office counts as many of anything.
const MOST: i64 = 1_000_000_000_000;

/// A correction that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorrectionError {
    /// The form has no such cell.
    #[error("{}", t!("correction.no_cell", cell = cell, nearest = suggestion(nearest.as_deref())))]
    NoCell {
        /// As it was asked for.
        cell: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// What the cell is to say is no number.
    #[error("{}", t!("correction.no_number", value = .0))]
    NoNumber(String),
    /// The cell says that already.
    #[error("{}", t!("correction.same", cell = cell, value = value))]
    Same {
        /// Name of the cell.
        cell: String,
        /// What it says.
        value: String,
    },
    /// The cell is not corrected.
    #[error("{}", t!("correction.none", cell = .0))]
    None(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for CorrectionError {
    fn from(error: rusqlite::Error) -> CorrectionError {
        CorrectionError::Store(error.into())
    }
}

/// A correction in the list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Number.
    pub id: i64,
    /// Id of the report.
    pub report: i64,
    /// Edition of the form that the cell is of.
    pub edition: String,
    /// Body.
    pub organ: String,
    /// The same for all names of the body over the years.
    pub series: i64,
    /// Region of the report.
    pub region_code: Option<String>,
    /// Reporting year.
    pub year: i32,
    /// `own` or `aggregate`.
    pub scope: String,
    /// `table/row/column`.
    pub cell: String,
    /// The text as it stands; none where there is no cell.
    pub original: Option<String>,
    /// What the cell is taken to say.
    pub raw: String,
    /// Why.
    pub reason: String,
    /// Who corrected it.
    pub by: String,
    /// When, in UTC.
    pub at: String,
    /// `active`, `withdrawn`, `replaced` by another of the cell, `carried` over to a later report, or
    /// `lapsed` where the report does not count any more.
    pub standing: String,
    /// Why, by whom and when it was withdrawn or replaced.
    pub withdrawal: Option<Withdrawal>,
    /// Source of the report.
    pub path: String,
}

/// The end of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When, in UTC.
    pub at: String,
}

/// All corrections, the active ones first.
///
/// # Errors
/// When SQLite fails.
pub fn corrections(conn: &Connection) -> Result<Vec<Corrected>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT c.id, c.organ, c.year, c.scope, c.cell, c.original_raw, c.raw, c.reason, c.made_by,
             c.made_at, c.standing, s.path, c.region_code, COALESCE(o.series_id, o.id),
             c.withdrawn_reason, c.withdrawn_by, c.withdrawn_at, c.report_id, c.edition
         FROM v_correction AS c
         INNER JOIN report AS r ON r.id = c.report_id
         INNER JOIN organ AS o ON o.id = r.organ_id
         INNER JOIN source AS s ON s.id = r.source_id
         ORDER BY c.standing <> 'active', c.year, c.organ, c.id",
    )?;
    let rows = statement.query_map([], |r| {
        let (reason, by, at): (Option<String>, Option<String>, Option<String>) =
            (r.get(14)?, r.get(15)?, r.get(16)?);
        let withdrawal = reason.zip(by).zip(at);
        Ok(Corrected {
            id: r.get(0)?,
            report: r.get(17)?,
            edition: r.get(18)?,
            organ: r.get(1)?,
            year: r.get(2)?,
            scope: r.get(3)?,
            cell: r.get(4)?,
            original: r.get(5)?,
            raw: r.get(6)?,
            reason: r.get(7)?,
            by: r.get(8)?,
            at: r.get(9)?,
            standing: r.get(10)?,
            path: r.get(11)?,
            region_code: r.get(12)?,
            series: r.get(13)?,
            withdrawal: withdrawal.map(|((reason, by), at)| Withdrawal { reason, by, at }),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lays the corrections of a report over its cells.
pub(super) fn lay_over(
    conn: &Connection,
    report: i64,
    cells: &mut [Cell],
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.edition, c.cell, c.raw, c.state, c.value, c.unit, c.reason, c.made_by,
             c.made_at, r.edition
         FROM correction AS c INNER JOIN report AS r ON r.id = c.report_id
         WHERE c.report_id = ?1 AND c.withdrawn_at IS NULL",
    )?;
    let mut rows = statement.query([report])?;
    while let Some(r) = rows.next()? {
        let (edition, name): (String, String) = (r.get(1)?, r.get(2)?);
        let own: Option<String> = r.get(10)?;
        let is = |c: &&mut Cell| {
            c.edition.as_ref().or(own.as_ref()) == Some(&edition) && c.name() == name
        };
        if let Some(cell) = cells.iter_mut().find(is) {
            correct(cell, r)?;
        }
    }
    Ok(())
}

/// Corrects a cell by a row of [`lay_over`].
fn correct(cell: &mut Cell, r: &Row<'_>) -> Result<(), StoreError> {
    let value: Option<String> = r.get(5)?;
    let correction = Correction {
        id: r.get(0)?,
        raw: cell.raw.take(),
        state: cell.state,
        reason: r.get(7)?,
        by: r.get(8)?,
        at: r.get(9)?,
    };
    cell.raw = r.get(3)?;
    cell.state = read_key(r, 4, State::of_key)?;
    cell.value = value.map(|v| v.parse::<Decimal>()).transpose().map_err(damaged)?;
    cell.unit = r.get(6)?;
    cell.confidence = None;
    cell.correction = Some(Box::new(correction));
    Ok(())
}

impl Store {
    /// Corrects a cell of a report: it is taken to say `value`, as a form would print it. What was
    /// set for it before is withdrawn.
    ///
    /// # Errors
    /// When there is no such cell, or `value` is no number and no mark that the line does not apply.
    pub fn correct(
        &mut self,
        report: i64,
        cell: &str,
        value: &str,
        reason: &str,
        by: &str,
    ) -> Result<Cell, CorrectionError> {
        let (edition, original) = self.original(report, cell)?;
        let def = (self.forms.get(&edition))
            .and_then(|f| f.table(&original.table)?.cell(&original.row, &original.column));
        let Some(def) = def else { return Err(no_cell(cell, &[])) };
        let value = value.trim();
        let reading = read_cell(value, def.kind());
        let is_number = reading.value.is_some_and(|v| may_stand(v, def.kind()));
        if !is_number && reading.state != State::NotApplicable {
            return Err(CorrectionError::NoNumber(value.to_owned()));
        }
        let unit = reading.unit.clone().or_else(|| def.unit().map(str::to_owned));
        let says = (reading.state, reading.value, &unit);
        if says == (original.state, original.value, &original.unit) {
            let cell = cell.to_owned();
            return Err(CorrectionError::Same { cell, value: value.to_owned() });
        }
        self.begin()?;
        self.end_correction(report, &edition, cell, reason, by)?;
        self.conn.execute(
            "INSERT INTO correction (report_id, edition, cell, original_state, original_raw, raw, state,
                 value, unit, reason, made_by, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, strftime('%Y-%m-%dT%H:%M:%SZ'))",
            params![
                report,
                edition,
                cell,
                original.state.key(),
                original.raw,
                value,
                reading.state.key(),
                reading.value.map(|v| v.to_string()),
                unit,
                reason,
                by
            ],
        )?;
        self.rebuild(report)?;
        self.commit()?;
        Ok(original)
    }

    /// Withdraws the correction of a cell: it counts again as it stands.
    ///
    /// # Errors
    /// When the cell is not corrected.
    pub fn withdraw_correction(
        &mut self,
        report: i64,
        cell: &str,
        reason: &str,
        by: &str,
    ) -> Result<Cell, CorrectionError> {
        let (edition, original) = self.original(report, cell)?;
        self.begin()?;
        if !self.end_correction(report, &edition, cell, reason, by)? {
            self.commit()?;
            return Err(CorrectionError::None(cell.to_owned()));
        }
        self.rebuild(report)?;
        self.commit()?;
        Ok(original)
    }

    /// A cell as the document has it, with its edition.
    fn original(&self, report: i64, name: &str) -> Result<(String, Cell), CorrectionError> {
        let own: Option<String> = self
            .conn
            .query_row("SELECT edition FROM report WHERE id = ?1", [report], |r| r.get(0))
            .optional()?
            .ok_or(StoreError::NoReport(report))?;
        let cells = CellReader::new(&self.conn)?.originals(report)?;
        // of a report that mixes editions its own comes first
        let mut named: Vec<&Cell> = cells.iter().filter(|c| c.name() == name).collect();
        named.sort_by_key(|c| c.edition.is_some());
        let Some(cell) = named.first() else {
            let names: Vec<String> = cells.iter().map(Cell::name).collect();
            return Err(no_cell(name, &names));
        };
        let edition = cell.edition.clone().or(own).unwrap_or_default();
        Ok((edition, (*cell).clone()))
    }

    /// Whether there was a correction of the cell to end.
    pub(super) fn end_correction(
        &self,
        report: i64,
        edition: &str,
        cell: &str,
        reason: &str,
        by: &str,
    ) -> Result<bool, StoreError> {
        let ended = self.conn.execute(
            "UPDATE correction
             SET withdrawn_at = strftime('%Y-%m-%dT%H:%M:%SZ'), withdrawn_reason = ?4, withdrawn_by = ?5
             WHERE report_id = ?1 AND edition = ?2 AND cell = ?3 AND withdrawn_at IS NULL",
            params![report, edition, cell, reason, by],
        )?;
        Ok(ended > 0)
    }

    /// Works the figures of a report out anew. While it is not current, all that is kept of current
    /// reports lets go of it, and takes it up again.
    pub(super) fn rebuild(&self, report: i64) -> Result<(), StoreError> {
        let (edition, is_current): (Option<String>, bool) = self.conn.query_row(
            "SELECT edition, is_current FROM report WHERE id = ?1",
            [report],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let set = "UPDATE report SET is_current = ?2 WHERE id = ?1";
        if is_current {
            self.conn.execute(set, params![report, false])?;
        }
        for table in self.fact_tables()? {
            // by the key of the table, of which the report is the second part
            let sql = format!(
                "DELETE FROM {table} WHERE row_id IN (SELECT id FROM form_row) AND report_id = ?1"
            );
            self.conn.execute(&sql, [report])?;
        }
        self.conn.execute("DELETE FROM cell_mark WHERE report_id = ?1", [report])?;
        for proceeding in ["review", "litigation"] {
            self.conn.execute(
                "DELETE FROM case_total WHERE proceeding = ?1 AND report_id = ?2",
                params![proceeding, report],
            )?;
        }
        self.conn.execute("DELETE FROM request_total WHERE report_id = ?1", [report])?;
        let cells = CellReader::new(&self.conn)?.all(report)?;
        self.put_figures(edition.as_deref(), &cells, report)?;
        if is_current {
            self.conn.execute(set, params![report, true])?;
        }
        Ok(())
    }

    /// The tables of facts, those of further forms among them.
    fn fact_tables(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%@_fact' ESCAPE '@'",
        )?;
        let names = statement.query_map([], |r| r.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }
}

/// Whether a number can stand in a cell of that kind.
fn may_stand(value: Decimal, kind: ValueKind) -> bool {
    let whole = value.is_integer() && value.abs() < Decimal::from(MOST);
    match kind {
        ValueKind::Count => whole && !value.is_sign_negative(),
        ValueKind::Signed => whole,
        ValueKind::Money => !value.is_sign_negative(),
    }
}

fn no_cell(name: &str, names: &[String]) -> CorrectionError {
    let nearest = closest(name, names.iter().map(String::as_str));
    CorrectionError::NoCell { cell: name.to_owned(), nearest }
}
