//! From the cells of a report to rows of facts: settled values, implied values, marks, and the
//! figures of the one series over all editions.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::sync::fact_columns;
use crate::form::{Form, FormTable, Implied, ValueKind, fen, imply};
use crate::report::{Cell, State};

/// One line of a form as it goes into its fact table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Row key.
    pub row: String,
    /// Values by column name of the fact table.
    pub values: Vec<(String, Option<i64>)>,
    /// Bit for each column of the form whose value is implied.
    pub implied: i64,
}

/// A cell that is more or less than a plain number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Row key.
    pub row: String,
    /// Column key.
    pub column: String,
    /// State key.
    pub state: &'static str,
    /// Text as it stands.
    pub raw: Option<String>,
    /// Printed number.
    pub value: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Value that the sums imply.
    pub implied: Option<i64>,
}

/// The cells of one report in one edition.
pub struct Facts<'f> {
    form: &'f Form,
    cells: HashMap<(&'f str, &'f str, &'f str), &'f Cell>,
    implied: HashMap<&'f str, Implied<'f>>,
}

impl<'f> Facts<'f> {
    /// Collects the cells of `form`'s edition and what its sums imply.
    pub fn new(form: &'f Form, cells: impl Iterator<Item = &'f Cell>) -> Facts<'f> {
        let cells: HashMap<_, _> =
            cells.map(|c| ((c.table.as_str(), c.row.as_str(), c.column.as_str()), c)).collect();
        let implied = form.tables.iter().map(|table| {
            let printed = |row: &str, column: &str| {
                cells
                    .get(&(table.key.as_str(), row, column))
                    .map_or((State::Missing, None), |c| (c.state, c.value))
            };
            (table.key.as_str(), imply(table, printed))
        });
        let implied = implied.collect();
        Facts { form, cells, implied }
    }

    fn printed(&self, table: &str, row: &str, column: &str) -> Option<&'f Cell> {
        self.cells.get(&(table, row, column)).copied()
    }

    fn implied(&self, table: &str, row: &str, column: &str) -> Option<Decimal> {
        self.implied.get(table)?.get(&(row, column)).copied()
    }

    /// The settled value of a cell: printed, else implied. Money is in fen, in or out of its unit.
    fn settled(&self, table: &FormTable, row: &str, column: &str) -> Option<i64> {
        let def = table.cell(row, column)?;
        let cell = self.printed(&table.key, row, column);
        let value = cell.and_then(|c| c.value).or_else(|| self.implied(&table.key, row, column))?;
        let unit = cell.and_then(|c| c.unit.as_deref()).or(def.unit());
        match def.kind() {
            // nothing is nothing in every unit
            ValueKind::Money if value.is_zero() => Some(0),
            ValueKind::Money => fen(value, unit),
            _ => count(value, unit),
        }
    }

    /// The fact rows of a table; lines of which the document shows nothing are left out.
    pub fn rows(&self, table: &'f FormTable) -> Vec<FactRow> {
        let columns = fact_columns(table);
        let mut out = Vec::new();
        for row in table.rows() {
            let seen = table
                .columns
                .iter()
                .filter_map(|c| self.printed(&table.key, &row.key, &c.key))
                .any(|c| c.state != State::Missing);
            if !seen {
                continue;
            }
            let mut implied = 0;
            let values = columns.iter().map(|column| {
                let def = table.cell(&row.key, &column.key);
                let mine = def.is_some_and(|d| (d.kind() == ValueKind::Money) == column.money);
                let value = mine.then(|| self.settled(table, &row.key, &column.key)).flatten();
                if mine && self.implied(&table.key, &row.key, &column.key).is_some() {
                    let bit = table.columns.iter().position(|c| c.key == column.key).unwrap_or(0);
                    implied |= 1i64 << bit;
                }
                (column.name.clone(), value)
            });
            let values = values.collect();
            out.push(FactRow { row: row.key.clone(), values, implied });
        }
        out
    }

    /// The cells of a table that are no plain number printed plainly.
    pub fn marks(&self, table: &'f FormTable) -> Vec<Mark> {
        let mut out = Vec::new();
        for def in table.cells() {
            let (row, column) = (&def.row.key, &def.column.key);
            let Some(cell) = self.printed(&table.key, row, column) else { continue };
            let plain = match (cell.value, &cell.raw) {
                (Some(v), Some(raw)) => {
                    let unit = cell.unit.as_deref();
                    let counts = def.kind() == ValueKind::Money || count(v, unit).is_some();
                    raw == &v.to_string() && unit == def.unit() && counts
                }
                _ => false,
            };
            // a line that is not there at all is told by the absence of its facts
            let absent = cell.state == State::Missing;
            if plain || absent {
                continue;
            }
            out.push(Mark {
                row: row.clone(),
                column: column.clone(),
                state: cell.state.key(),
                raw: cell.raw.clone(),
                value: cell.value.map(|v| v.to_string()),
                unit: cell.unit.clone(),
                implied: self.implied(&table.key, row, column).and_then(|v| v.to_i64()),
            });
        }
        out
    }

    /// The figures of a series (`review`, `litigation`, `requests`): for each measure that the
    /// edition defines the sum of its cells, or none if one of them is not settled.
    pub fn series(&self, name: &str) -> BTreeMap<&'f str, Option<i64>> {
        let figures = self.form.series.get(name).into_iter().flatten();
        let sum = |cells: &Vec<String>| {
            let mut settled = cells.iter().map(|name| {
                let def = self.form.named_cell(name)?;
                self.settled(def.table, &def.row.key, &def.column.key)
            });
            settled.try_fold(0i64, |sum, figure| sum.checked_add(figure?))
        };
        figures.map(|(measure, cells)| (measure.as_str(), sum(cells))).collect()
    }
}

/// No body counts more than this; what does is a mistake that would overflow sums.
const MOST: i64 = 1_000_000_000_000;

/// A count as a whole number; `1.2万件` is 12,000.
fn count(value: Decimal, unit: Option<&str>) -> Option<i64> {
    let scale = if unit.is_some_and(|u| u.starts_with('万')) { 10_000 } else { 1 };
    let value = value.checked_mul(Decimal::from(scale))?;
    let whole = value.fract().is_zero().then(|| value.to_i64()).flatten();
    whole.filter(|n| (-MOST..=MOST).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_whole_and_not_beyond_all_sense() {
        let read = |text: &str, unit| count(text.parse().unwrap(), unit);
        assert_eq!(read("1.2", Some("万件")), Some(12_000));
        assert_eq!(read("1.2", Some("件")), None);
        assert_eq!(read("-3", None), Some(-3));
        assert_eq!(read("1000000000001", None), None);
        assert_eq!(read("9000000000000000000", Some("万件")), None);
    }
}
