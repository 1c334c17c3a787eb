//! Tables: cells over several columns and rows, rows that are repeated on every page.

use docx_rs::{
    HeightRule, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins,
    TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};

use super::text::{Align, Look, Paragraph, Text};
use super::twips;
use crate::export::{row_as_read, widths_on_paper};
use crate::table;

/// Characters of a line of upright A4 in the size of tables, a Chinese one two of them, and what the
/// margins of a cell take of them.
const CHARACTERS: usize = 86;
const AROUND: usize = 2;

/// Lines around and in tables, in eighths of a point.
const LINE: usize = 4;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// Where its lines stand.
    pub align: Align,
    /// Columns that it takes, from 1.
    pub columns: usize,
    /// Rows that it takes, from 1: those below have no cell of their own there.
    pub rows: usize,
    /// What Word works out for it when its fields are updated, such as `=SUM(C5,D5)`; the text is
    /// what it comes to until then.
    pub formula: Option<String>,
}

impl Cell {
    /// Of one column and one row.
    pub fn new(text: impl Into<Text>) -> Cell {
        Cell { text: text.into(), align: Align::Left, columns: 1, rows: 1, formula: None }
    }

    /// With its lines there.
    #[must_use]
    pub fn aligned(self, align: Align) -> Cell {
        Cell { align, ..self }
    }

    /// Over so many columns and rows.
    #[must_use]
    pub fn over(self, columns: usize, rows: usize) -> Cell {
        Cell { columns: columns.max(1), rows: rows.max(1), ..self }
    }
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its cells, without those that a cell above reaches down to.
    pub cells: Vec<Cell>,
    /// Millimetres that it is high at least.
    pub height: Option<u16>,
}

impl Row {
    /// As high as its cells need.
    #[must_use]
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, height: None }
    }
}

/// A table as wide as the lines of the paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The widths of its columns against each other.
    pub widths: Vec<u32>,
    /// Rows at its head that are repeated on every page.
    pub headings: usize,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What is said in it; 五号 of 宋体 as a rule.
    pub look: Option<Look>,
}

/// A cell above that reaches down into a row: its columns, and rows still to come.
#[derive(Clone, Copy, Default)]
struct Hanging {
    columns: usize,
    rows: usize,
}

impl Table {
    /// An answer: headings, rows, and columns as wide as numbers and words need, where all fit.
    #[must_use]
    pub fn answer(table: &table::Table) -> Table {
        let heading = |column: &table::Column| {
            let title = column.title.as_deref().unwrap_or(&column.name);
            Cell::new(Text::bold(title)).aligned(Align::Center)
        };
        let mut rows = vec![Row::of(table.columns.iter().map(heading).collect())];
        for number in 0..table.rows.len() {
            let side = |column: &table::Column| match column.unit.is_of_numbers() {
                true => Align::Right,
                false => Align::Left,
            };
            let texts = row_as_read(table, number).zip(&table.columns);
            rows.push(Row::of(texts.map(|(t, c)| Cell::new(t).aligned(side(c))).collect()));
        }
        // where there is too little room, each column has its share of it
        let widths = (CHARACTERS..4 * CHARACTERS)
            .find_map(|room| widths_on_paper(table, room, AROUND))
            .unwrap_or_else(|| vec![1; table.columns.len()]);
        let widths = widths.into_iter().map(|width| width as u32).collect();
        Table { widths, headings: 1, rows, look: None }
    }

    /// The widths of its columns in twips, which together are `room`.
    fn twips(&self, room: u32) -> Vec<usize> {
        let all = u64::from(self.widths.iter().sum::<u32>().max(1));
        let mut edge = 0u64;
        let mut before = 0u64;
        let share = |width: &u32| {
            edge += u64::from(*width);
            let end = edge * u64::from(room) / all;
            let share = end - before;
            before = end;
            usize::try_from(share).unwrap_or_default()
        };
        self.widths.iter().map(share).collect()
    }

    pub(super) fn word(&self, room: u32) -> docx_rs::Table {
        let widths = self.twips(room);
        let mut hanging = vec![Hanging::default(); widths.len()];
        let rows = self.rows.iter().enumerate().map(|(number, row)| {
            let made = TableRow::new(self.cells(row, &widths, &mut hanging)).cant_split();
            match row.height {
                // see `super::REPEATED`
                _ if number < self.headings => made.row_height(1.0).height_rule(HeightRule::Auto),
                Some(height) => {
                    made.row_height(twips(height) as f32).height_rule(HeightRule::AtLeast)
                }
                None => made,
            }
        });
        let rows = rows.collect();
        let border = |position| TableBorder::new(position).size(LINE);
        use TableBorderPosition::{Bottom, InsideH, InsideV, Left, Right, Top};
        let borders = [Top, Bottom, Left, Right, InsideH, InsideV]
            .into_iter()
            .fold(TableBorders::with_empty(), |borders, at| borders.set(border(at)));
        docx_rs::Table::new(rows)
            .set_grid(widths)
            .set_borders(borders)
            .layout(TableLayoutType::Fixed)
            .width(room as usize, WidthType::Dxa)
            .margins(TableCellMargins::new().margin(30, 70, 30, 70))
    }

    /// The cells of a row with those that hang down into it; columns that it has no cell for are
    /// empty ones.
    fn cells(&self, row: &Row, widths: &[usize], hanging: &mut [Hanging]) -> Vec<TableCell> {
        let mut cells = row.cells.iter();
        let mut made = Vec::new();
        let empty = Cell::new("");
        let mut at = 0;
        while at < widths.len() {
            let above = hanging[at];
            let (cell, columns, merge) = if above.rows > 0 {
                hanging[at].rows -= 1;
                (&empty, above.columns, Some(VMergeType::Continue))
            } else {
                let cell = cells.next().unwrap_or(&empty);
                // a cell ends before the next that hangs down
                let free = hanging[at..].iter().take_while(|h| h.rows == 0).count();
                let columns = cell.columns.clamp(1, free.max(1));
                hanging[at] = Hanging { columns, rows: cell.rows.saturating_sub(1) };
                (cell, columns, (cell.rows > 1).then_some(VMergeType::Restart))
            };
            let width = widths[at..at + columns].iter().sum();
            made.push(self.cell(cell, columns, width, merge));
            at += columns;
        }
        made
    }

    fn cell(
        &self,
        cell: &Cell,
        columns: usize,
        width: usize,
        merge: Option<VMergeType>,
    ) -> TableCell {
        let look = self.look.unwrap_or(Look::Small);
        let text = Paragraph { text: cell.text.clone(), look, align: Some(cell.align) };
        let paragraph = match &cell.formula {
            Some(formula) => text.field(formula),
            None => text.word(),
        };
        let mut made = TableCell::new()
            .add_paragraph(paragraph)
            .width(width, WidthType::Dxa)
            .vertical_align(VAlignType::Center);
        if columns > 1 {
            made = made.grid_span(columns);
        }
        match merge {
            Some(merge) => made.vertical_merge(merge),
            None => made,
        }
    }
}
