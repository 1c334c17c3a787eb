//! A table's cells by number, and its sums written out over them.

use std::collections::HashMap;
use std::ops::Range;

use super::{CellDef, FormTable, Over, Row};

/// The cells of a table numbered in form order; made once when a form is read.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    rows: HashMap<String, usize>,
    columns: HashMap<String, usize>,
    /// Columns of the table.
    width: usize,
    /// Number of the cell where row and column meet, by `row * width + column`.
    numbers: Vec<Option<usize>>,
    /// Block, row of the block and column of the table for each number.
    places: Vec<(usize, usize, usize)>,
    /// Block of each row.
    blocks: Vec<usize>,
    /// Columns of each block, by their index in the table.
    block_columns: Vec<Vec<u16>>,
    equations: Vec<Equation>,
    ties: Vec<Tie>,
}

/// One of a table's sums in one row or column: the cells of `total` together equal those of
/// `parts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// Index in the table's `sums`.
    pub sum: usize,
    /// Numbers of the cells on one side.
    pub total: Vec<usize>,
    /// Numbers of the cells on the other side.
    pub parts: Vec<usize>,
}

/// One of a table's continuities in one row or column: numbers of this year's cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Index in the table's `continuities`.
    pub continuity: usize,
    /// Key of the row or column.
    pub line: String,
    /// What is explained.
    pub now: Vec<usize>,
    /// What comes in.
    pub plus: Vec<usize>,
    /// What goes out.
    pub minus: Vec<usize>,
    /// Cells of last year's report, where that has the same table; none where this lacks one.
    pub before: Option<Vec<usize>>,
}

impl Grid {
    /// Numbers the cells of a table.
    fn new(table: &FormTable) -> Grid {
        let keys = |keys: &mut dyn Iterator<Item = &String>| -> HashMap<String, usize> {
            keys.enumerate().map(|(i, key)| (key.clone(), i)).collect()
        };
        let mut grid = Grid {
            rows: keys(&mut table.rows().map(|r| &r.key)),
            columns: keys(&mut table.columns.iter().map(|c| &c.key)),
            width: table.columns.len(),
            // a definition that is still to be checked may give a key twice
            numbers: vec![None; table.rows().count() * table.columns.len()],
            ..Grid::default()
        };
        let mut row = 0;
        for (b, block) in table.blocks.iter().enumerate() {
            let columns = block.columns.iter().filter_map(|key| grid.columns.get(key).copied());
            let columns: Vec<usize> = columns.collect();
            for r in 0..block.rows.len() {
                for column in columns.iter().copied() {
                    grid.numbers[row * grid.width + column] = Some(grid.places.len());
                    grid.places.push((b, r, column));
                }
                grid.blocks.push(b);
                row += 1;
            }
            grid.block_columns.push(columns.into_iter().map(|c| c as u16).collect());
        }
        grid.equations = grid.write_out_sums(table);
        grid.ties = grid.write_out_continuities(table);
        grid
    }

    fn write_out_sums(&self, table: &FormTable) -> Vec<Equation> {
        let mut out = Vec::new();
        for (sum, def) in table.sums.iter().enumerate() {
            for line in lines(table, def.over) {
                let side = |terms: &[String]| self.numbers_of(def.over, line, terms);
                // a sum over columns holds in the rows that have them all, and the other way round
                if let (Some(total), Some(parts)) = (side(&def.total), side(&def.parts)) {
                    out.push(Equation { sum, total, parts });
                }
            }
        }
        out
    }

    fn write_out_continuities(&self, table: &FormTable) -> Vec<Tie> {
        let mut out = Vec::new();
        for (continuity, def) in table.continuities.iter().enumerate() {
            for line in lines(table, def.over) {
                let side = |terms: &[String]| self.numbers_of(def.over, line, terms);
                let sides = (side(&def.now), side(&def.plus), side(&def.minus));
                if let (Some(now), Some(plus), Some(minus)) = sides {
                    let (line, before) = (line.to_owned(), side(&def.before));
                    out.push(Tie { continuity, line, now, plus, minus, before });
                }
            }
        }
        out
    }

    /// Numbers of the cells of terms in one row or column; none where one of them is not there.
    fn numbers_of(&self, over: Over, line: &str, terms: &[String]) -> Option<Vec<usize>> {
        let number = |term: &String| match over {
            Over::Columns => self.number(line, term),
            Over::Rows => self.number(term, line),
        };
        terms.iter().map(number).collect()
    }

    /// Number of the cell where row and column meet.
    fn number(&self, row: &str, column: &str) -> Option<usize> {
        let (row, column) = (self.rows.get(row)?, self.columns.get(column)?);
        self.numbers[row * self.width + column]
    }
}

/// The rows or columns in which a relation can hold.
fn lines(table: &FormTable, over: Over) -> Vec<&str> {
    match over {
        Over::Columns => table.rows().map(|r| r.key.as_str()).collect(),
        Over::Rows => table.columns.iter().map(|c| c.key.as_str()).collect(),
    }
}

impl FormTable {
    /// Numbers the cells anew after its rows, columns, sums or continuities were set.
    pub(super) fn number_cells(&mut self) {
        self.grid = Grid::new(self);
    }

    /// Number of cells.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.grid.places.len()
    }

    /// Number, in form order, of the cell where row and column meet.
    #[must_use]
    pub fn cell_number(&self, row: &str, column: &str) -> Option<usize> {
        self.grid.number(row, column)
    }

    /// The cell of a number below [`FormTable::cell_count`].
    #[must_use]
    pub fn numbered_cell(&self, number: usize) -> CellDef<'_> {
        let (block, row, column) = self.grid.places[number];
        CellDef { table: self, row: &self.blocks[block].rows[row], column: &self.columns[column] }
    }

    /// Number, in another edition's table, of the cell that a numbered cell of this one is there.
    #[must_use]
    pub fn same_cell(&self, number: usize, other: &FormTable) -> Option<usize> {
        if std::ptr::eq(self, other) {
            return Some(number);
        }
        let cell = self.numbered_cell(number);
        other.cell_number(&cell.row.key, &cell.column.key)
    }

    /// The rows in form order, each with the numbers of its cells.
    pub fn numbered_rows(&self) -> impl Iterator<Item = (&Row, Range<usize>)> {
        let width = |block: usize| self.grid.block_columns[block].len();
        let blocks = self.blocks.iter().enumerate();
        let rows = blocks.flat_map(move |(b, block)| block.rows.iter().map(move |r| (r, width(b))));
        rows.scan(0, |at, (row, width)| {
            let first = std::mem::replace(at, *at + width);
            Some((row, first..*at))
        })
    }

    /// Index, in the table's columns, of the column that a numbered cell stands in.
    #[must_use]
    pub fn column_of(&self, number: usize) -> usize {
        self.grid.places[number].2
    }

    /// Index, in the table's rows, of the row that a numbered cell stands in.
    #[must_use]
    pub fn row_of(&self, number: usize) -> usize {
        let (block, row, _) = self.grid.places[number];
        self.blocks[..block].iter().map(|b| b.rows.len()).sum::<usize>() + row
    }

    /// Indexes, in the table's columns, of those that the row of an index has.
    #[must_use]
    pub fn columns_of_row(&self, row: u16) -> Option<&[u16]> {
        let block = self.grid.blocks.get(usize::from(row))?;
        self.grid.block_columns.get(*block).map(Vec::as_slice)
    }

    /// All cells in form order.
    pub fn cells(&self) -> impl Iterator<Item = CellDef<'_>> {
        (0..self.cell_count()).map(|number| self.numbered_cell(number))
    }

    /// The cell where row and column meet, if the form has one.
    #[must_use]
    pub fn cell(&self, row: &str, column: &str) -> Option<CellDef<'_>> {
        self.cell_number(row, column).map(|number| self.numbered_cell(number))
    }

    /// The table's sums, written out for each row or column they hold in.
    #[must_use]
    pub fn equations(&self) -> &[Equation] {
        &self.grid.equations
    }

    /// The table's continuities, written out for each row or column that has their cells.
    #[must_use]
    pub fn ties(&self) -> &[Tie] {
        &self.grid.ties
    }

    /// Numbers of the cells of terms in one row or column; none where one of them is not there.
    #[must_use]
    pub fn numbers_of(&self, over: Over, line: &str, terms: &[String]) -> Option<Vec<usize>> {
        self.grid.numbers_of(over, line, terms)
    }
}
