//! Cells of many reports that are no plain number: blank ones, marks that a line does not apply.

use rusqlite::Connection;

use super::{StoreError, read_key};
use crate::report::State;

/// A cell that holds no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfilled {
    /// Id of the report.
    pub report: i64,
    /// `table/row/column`.
    pub cell: String,
    /// What it holds.
    pub state: State,
    /// The text as it stands.
    pub raw: Option<String>,
    /// Whether the form's sums settle it all the same.
    pub implied: bool,
}

/// The cells of reports that hold no number. A line that is not there at all has none.
///
/// # Errors
/// When SQLite fails.
pub fn unfilled(conn: &Connection, reports: &[i64]) -> Result<Vec<Unfilled>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT m.report_id, d.table_key || '/' || d.row_key || '/' || m.column_key, m.state, m.raw, m.implied IS NOT NULL
         FROM json_each(?1) AS l
         CROSS JOIN cell_mark AS m ON m.report_id = l.value
         CROSS JOIN form_row AS d ON d.id = m.row_id
         WHERE m.state NOT IN ('number', 'zero')",
    )?;
    let ids: Vec<String> = reports.iter().map(ToString::to_string).collect();
    let rows = statement.query_map([format!("[{}]", ids.join(","))], |r| {
        Ok(Unfilled {
            report: r.get(0)?,
            cell: r.get(1)?,
            state: read_key(r, 2, State::of_key)?,
            raw: r.get(3)?,
            implied: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
