//! Tables: cells over several columns and rows, rows that are repeated on every page.

use docx_rs::{
    HeightRule, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins,
    TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};

use super::text::{Align, Look, Paragraph, Text};
use super::twips;
use super::widths::{Need, fit};
use crate::export::row_as_read;
use crate::table;

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
    /// The widths of its columns against each other, as far as they have room for numbers and words;
    /// none where they follow from what stands in them.
    pub widths: Vec<u32>,
    /// Rows at its head that are repeated on every page.
    pub headings: usize,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What is said in it; 五号 of 宋体 as a rule. It is smaller where there is too little room.
    pub look: Option<Look>,
}

/// A cell above that reaches down into a row: its columns, and rows still to come.
#[derive(Clone, Copy, Default)]
struct Hanging {
    columns: usize,
    rows: usize,
}

/// A cell in its row.
#[derive(Clone, Copy)]
struct Placed<'t> {
    cell: &'t Cell,
    /// Its first column.
    column: usize,
    /// Columns that it takes there.
    columns: usize,
    merge: Option<VMergeType>,
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
        Table { widths: Vec::new(), headings: 1, rows, look: None }
    }

    /// How many columns it has.
    fn columns(&self) -> usize {
        let of_row = |row: &Row| row.cells.iter().map(|cell| cell.columns).sum();
        match self.widths.len() {
            0 => self.rows.iter().map(of_row).max().unwrap_or(0),
            columns => columns,
        }
    }

    /// What each column needs; a cell over several counts for none.
    fn needs(&self, rows: &[Vec<Placed<'_>>]) -> Vec<Need> {
        let mut needs = vec![Need::default(); self.columns()];
        for (number, row) in rows.iter().enumerate() {
            for placed in row.iter().filter(|placed| placed.columns == 1) {
                needs[placed.column].take(placed.cell.text.parts(), number < self.headings);
            }
        }
        needs
    }

    /// The table with lines of that many twips; `kept` on the page of what follows.
    pub(super) fn word(&self, room: u32, kept: bool) -> docx_rs::Table {
        let empty = Cell::new("");
        let placed = self.placed(&empty);
        let first = self.look.unwrap_or(Look::Small);
        let (looks, widths) = fit(&self.needs(&placed), &self.widths, first, room);
        let rows = self.rows.iter().zip(&placed).enumerate().map(|(number, (row, cells))| {
            let look = if number < self.headings { looks.headings } else { looks.cells };
            let made_of = |placed: &Placed<'_>| {
                let width = widths[placed.column..placed.column + placed.columns].iter().sum();
                placed.word(look, width, kept)
            };
            let made = TableRow::new(cells.iter().map(made_of).collect()).cant_split();
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
        let beside = looks.cells.beside() as usize;
        docx_rs::Table::new(rows)
            .set_grid(widths)
            .set_borders(borders)
            .layout(TableLayoutType::Fixed)
            .width(room as usize, WidthType::Dxa)
            .margins(TableCellMargins::new().margin(30, beside, 30, beside))
    }

    /// The cells of its rows with those that hang down into them; columns that a row has no cell for
    /// are `empty` ones.
    fn placed<'t>(&'t self, empty: &'t Cell) -> Vec<Vec<Placed<'t>>> {
        let mut hanging = vec![Hanging::default(); self.columns()];
        self.rows.iter().map(|row| place(row, empty, &mut hanging)).collect()
    }
}

/// The cells of a row in their columns.
fn place<'t>(row: &'t Row, empty: &'t Cell, hanging: &mut [Hanging]) -> Vec<Placed<'t>> {
    let mut cells = row.cells.iter();
    let mut made = Vec::new();
    let mut column = 0;
    while column < hanging.len() {
        let above = hanging[column];
        let placed = if above.rows > 0 {
            hanging[column].rows -= 1;
            let merge = Some(VMergeType::Continue);
            Placed { cell: empty, column, columns: above.columns, merge }
        } else {
            let cell = cells.next().unwrap_or(empty);
            // a cell ends before the next that hangs down
            let free = hanging[column..].iter().take_while(|h| h.rows == 0).count();
            let columns = cell.columns.clamp(1, free.max(1));
            hanging[column] = Hanging { columns, rows: cell.rows.saturating_sub(1) };
            let merge = (cell.rows > 1).then_some(VMergeType::Restart);
            Placed { cell, column, columns, merge }
        };
        column += placed.columns;
        made.push(placed);
    }
    made
}

impl Placed<'_> {
    fn word(&self, look: Look, width: usize, kept: bool) -> TableCell {
        let cell = self.cell;
        let text = Paragraph { text: cell.text.clone(), look, align: Some(cell.align) };
        let paragraph = match &cell.formula {
            Some(formula) => text.field(formula),
            None => text.word(),
        };
        let paragraph = if kept { paragraph.keep_next(true) } else { paragraph };
        let mut made = TableCell::new()
            .add_paragraph(paragraph)
            .width(width, WidthType::Dxa)
            .vertical_align(VAlignType::Center);
        if self.columns > 1 {
            made = made.grid_span(self.columns);
        }
        match self.merge {
            Some(merge) => made.vertical_merge(merge),
            None => made,
        }
    }
}
