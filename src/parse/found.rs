//! Where the values of a table were found to stand.

use super::walk::Value;
use crate::form::FormTable;

/// The values found for one table of one edition.
pub(super) struct Found<'d> {
    /// Columns of the table.
    pub width: usize,
    /// By `row * width + column`.
    pub values: Vec<Option<Value<'d>>>,
}

impl<'d> Found<'d> {
    /// Nothing found yet.
    pub fn new(table: &FormTable) -> Found<'d> {
        let width = table.columns.len();
        Found { width, values: vec![None; table.rows().count() * width] }
    }

    /// What was found for a cell.
    pub fn place(&mut self, row: u16, column: u16) -> &mut Option<Value<'d>> {
        &mut self.values[usize::from(row) * self.width + usize::from(column)]
    }

    /// The values of each row that has any.
    pub fn rows(&self) -> impl Iterator<Item = (u16, &[Option<Value<'d>>])> {
        let rows = (0u16..).zip(self.values.chunks(self.width.max(1)));
        rows.filter(|(_, values)| values.iter().any(Option::is_some))
    }

    /// Takes back what was found for a row.
    pub fn forget_row(&mut self, row: u16) {
        let start = usize::from(row) * self.width;
        self.values[start..start + self.width].fill(None);
    }
}
