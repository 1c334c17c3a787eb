//! From the cells of a report to rows of facts: settled values, implied values, marks, and the
//! figures of the one series over all editions.

use rust_decimal::Decimal;

use super::sync::{FactTable, Figure};
use crate::form::{CellDef, Form, FormTable, ValueKind, plain_number};
use crate::report::{Cell, State};
use crate::validate::{Seen, Sheet, count};

/// One line of a form as it goes into its fact table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Id of the row of the form.
    pub row_id: i64,
    /// Values in the order of the fact table's columns.
    pub values: Vec<Option<i64>>,
    /// Bit for each column of the form whose value is implied.
    pub implied: i64,
}

/// A cell that is more or less than a plain number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark<'f> {
    /// Id of the row of the form.
    pub row_id: i64,
    /// Column key.
    pub column: &'f str,
    /// State key.
    pub state: &'static str,
    /// Text as it stands.
    pub raw: Option<&'f str>,
    /// Printed number.
    pub value: Option<String>,
    /// Unit.
    pub unit: Option<&'f str>,
    /// Value that the sums imply.
    pub implied: Option<i64>,
}

/// The cells of one report in one edition.
pub struct Facts<'f> {
    tables: Vec<TableFacts<'f>>,
}

/// The cells of one table, by their number in the form.
struct TableFacts<'f> {
    table: &'f FormTable,
    cells: Vec<Option<&'f Cell>>,
    seen: Vec<Seen>,
}

impl<'f> Facts<'f> {
    /// Collects the cells of `form`'s edition and what its sums imply.
    pub fn new(form: &'f Form, cells: impl Iterator<Item = &'f Cell>) -> Facts<'f> {
        let of_table = |table: &'f FormTable| TableFacts {
            table,
            cells: vec![None; table.cell_count()],
            seen: Vec::new(),
        };
        let mut tables: Vec<TableFacts<'f>> = form.tables.iter().map(of_table).collect();
        for cell in cells {
            let Some(t) = tables.iter_mut().find(|t| t.table.key == cell.table) else { continue };
            if let Some(number) = t.table.cell_number(&cell.row, &cell.column) {
                t.cells[number] = Some(cell);
            }
        }
        for t in &mut tables {
            t.seen = Sheet::seen_table(t.table, &t.cells);
        }
        Facts { tables }
    }

    /// The fact rows of the form's table `t`; lines of which the document shows nothing are left
    /// out.
    pub fn rows(&self, t: usize, target: &FactTable) -> Vec<FactRow> {
        let facts = &self.tables[t];
        let mut out = Vec::new();
        for line in &target.lines {
            let cells = || line.cells.iter().flatten().copied();
            let seen = |n: usize| facts.cells[n].is_some_and(|c| c.state != State::Missing);
            if !cells().any(seen) {
                continue;
            }
            let values = line.cells.iter().map(|n| facts.seen[(*n)?].settled()).collect();
            let bits = cells().filter(|n| facts.seen[*n].implied.is_some());
            let implied = bits.map(|n| 1i64 << facts.table.column_of(n)).fold(0, |a, b| a | b);
            out.push(FactRow { row_id: line.row_id, values, implied });
        }
        out
    }

    /// The cells of the form's table `t` that are no plain number printed plainly.
    pub fn marks(&self, t: usize, target: &FactTable) -> Vec<Mark<'f>> {
        let facts = &self.tables[t];
        let mut out = Vec::new();
        for line in &target.lines {
            for n in line.cells.iter().flatten().copied() {
                let Some(cell) = facts.cells[n] else { continue };
                let def = facts.table.numbered_cell(n);
                // a line that is not there at all is told by the absence of its facts
                if cell.state == State::Missing || is_plain(cell, def) {
                    continue;
                }
                out.push(Mark {
                    row_id: line.row_id,
                    column: &def.column.key,
                    state: cell.state.key(),
                    raw: cell.raw.as_deref(),
                    value: cell.value.map(|v| v.to_string()),
                    unit: cell.unit.as_deref(),
                    implied: facts.seen[n].implied,
                });
            }
        }
        out
    }

    /// A figure: the sum of its cells, or none if one of them is not settled.
    pub fn figure(&self, figure: &Figure) -> Option<i64> {
        let mut settled =
            figure.cells.iter().map(|(t, number)| self.tables[*t].seen[*number].settled());
        settled.try_fold(0i64, |sum, value| sum.checked_add(value?))
    }
}

/// Whether a cell says no more than its number in the form's own unit.
fn is_plain(cell: &Cell, def: CellDef<'_>) -> bool {
    match (cell.value, &cell.raw) {
        (Some(value), Some(raw)) => {
            let unit = cell.unit.as_deref();
            let counts = def.kind() == ValueKind::Money || count(value, unit).is_some();
            is_printing(raw, value) && unit == def.unit() && counts
        }
        _ => false,
    }
}

/// Whether a text is the plainest printing of a number.
fn is_printing(raw: &str, value: Decimal) -> bool {
    match plain_number(raw) {
        Some(digits) => {
            value.scale() == 0 && !value.is_sign_negative() && value == Decimal::from(digits)
        }
        None => raw == value.to_string(),
    }
}
