//! Builds a [`Document`] out of what a word processor's file tells in order: text, ends of
//! paragraphs, and tables that open and close, one within another.
//!
//! A row with a cell that holds a table or running text is a means of layout: what its cells hold
//! is read through, one cell after another.

use super::document::{Block, Document, Grid, GridCell, Paragraph};
use super::look::{Look, join_lines, struck_out};
use super::{MAX_UNPACKED, Unreadable};
use crate::report::Place;

/// A cell with more characters than this holds running text.
const MAX_CELL: usize = 400;
/// A line that tabs cut into fewer pieces is a line with tabs in it.
const MIN_COLUMNS: usize = 3;
/// What a cell or a paragraph costs beside its text.
const COST: u64 = 64;

/// A document in the making.
#[derive(Default)]
pub struct Flow {
    blocks: Vec<Block>,
    /// Text of the open paragraphs: one in a text box stands within another.
    text: Vec<String>,
    open: Vec<Table>,
    tables: u32,
    size: u64,
    /// Whether text was left out because it is struck out.
    struck: bool,
    pictures: usize,
}

#[derive(Default)]
struct Table {
    number: u32,
    rows: u32,
    grid: Grid,
    row: Vec<Cell>,
    /// Column in which the next cell begins.
    x: u16,
    cell: Option<Vec<Block>>,
}

/// A cell of the row being read.
#[derive(Clone, Default)]
pub struct Cell {
    blocks: Vec<Block>,
    /// Column it begins in, where that is known.
    pub x: Option<u16>,
    /// Whether it belongs to a cell that began before it.
    pub covered: bool,
}

impl Flow {
    /// Adds text to the paragraph.
    pub fn text(&mut self, text: &str) {
        if !self.take(text.len() as u64) {
            return;
        }
        match self.text.last_mut() {
            Some(open) => open.push_str(text),
            None => self.text.push(text.to_owned()),
        }
    }

    /// Adds text that looks so: neither what is hidden nor what is struck out.
    pub fn styled(&mut self, text: &str, look: Look) {
        if look.hidden == Some(true) {
            return;
        }
        if look.struck == Some(true) {
            self.struck |= !text.trim().is_empty();
            return;
        }
        self.text(&look.script.unwrap_or_default().of(text));
    }

    /// Notes that a picture stands here.
    pub fn picture(&mut self) {
        self.pictures += 1;
    }

    /// Accounts for what is added; false once it is more than a document may have.
    fn take(&mut self, size: u64) -> bool {
        self.size = self.size.saturating_add(size);
        self.size <= MAX_UNPACKED
    }

    /// Begins a paragraph, within another perhaps.
    pub fn begin_paragraph(&mut self) {
        self.text.push(String::new());
    }

    /// Ends the innermost paragraph. Its lines are paragraphs of their own, and one that tabs cut
    /// into columns is a row.
    pub fn end_paragraph(&mut self) {
        let text = self.text.pop().unwrap_or_default();
        let is_in_table = !self.open.is_empty();
        for line in text.split('\n') {
            let columns = if is_in_table { 1 } else { line.trim().split('\t').count() };
            if !self.take(COST * columns as u64) {
                return;
            }
            if columns < MIN_COLUMNS {
                let (text, place) = (squeeze(line), Place::default());
                if !text.is_empty() {
                    self.sink().push(Block::Paragraph(Paragraph { text, place }));
                }
                continue;
            }
            let cell = |text| GridCell {
                text: squeeze(text),
                place: Place::default(),
                x: None,
                confidence: None,
            };
            let row: Vec<GridCell> = line.trim().split('\t').map(cell).collect();
            match self.blocks.last_mut() {
                Some(Block::Grid(grid)) if grid.is_tabbed() => grid.rows.push(row),
                _ => self.blocks.push(Block::Grid(Grid { rows: vec![row] })),
            }
        }
    }

    /// Where content goes: the innermost open cell, or the document.
    fn sink(&mut self) -> &mut Vec<Block> {
        let cell = self.open.iter_mut().rev().find_map(|table| table.cell.as_mut());
        cell.unwrap_or(&mut self.blocks)
    }

    /// How many tables are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a cell is open in the innermost table.
    pub fn in_cell(&self) -> bool {
        self.open.last().is_some_and(|table| table.cell.is_some())
    }

    /// Begins a table, which may stand in a cell of another.
    pub fn open_table(&mut self) {
        self.tables += 1;
        self.open.push(Table { number: self.tables, ..Table::default() });
    }

    /// Ends the innermost table.
    pub fn close_table(&mut self) {
        self.close_row();
        if let Some(table) = self.open.pop() {
            self.push_grid(table.grid);
        }
    }

    fn push_grid(&mut self, grid: Grid) {
        if grid.rows.iter().any(|row| !row.is_empty()) {
            self.sink().push(Block::Grid(grid));
        }
    }

    /// Leaves columns before the next cell out.
    pub fn skip_columns(&mut self, columns: u16) {
        if let Some(table) = self.open.last_mut() {
            table.x = table.x.saturating_add(columns);
        }
    }

    /// Begins a cell.
    pub fn open_cell(&mut self) {
        self.close_cell(1, false);
        if let Some(table) = self.open.last_mut() {
            table.cell = Some(Vec::new());
        }
    }

    /// Ends the open cell, if there is one.
    pub fn close_cell(&mut self, columns: u16, covered: bool) {
        let room = self.take(COST);
        let Some(table) = self.open.last_mut() else { return };
        let Some(blocks) = table.cell.take() else { return };
        if room {
            table.row.push(Cell { blocks, x: Some(table.x), covered });
        }
        table.x = table.x.saturating_add(columns);
    }

    /// Puts the cell that ended last there as often again, side by side.
    pub fn repeat_cell(&mut self, times: u16) {
        let Some(cell) = self.open.last().and_then(|table| table.row.last()).cloned() else {
            return;
        };
        for _ in 0..times {
            if !self.take(COST + cell.size()) {
                return;
            }
            if let Some(table) = self.open.last_mut() {
                table.row.push(Cell { x: Some(table.x), ..cell.clone() });
                table.x = table.x.saturating_add(1);
            }
        }
    }

    /// The cells of the row being read, to say what is only known at its end.
    pub fn row(&mut self) -> &mut [Cell] {
        self.open.last_mut().map(|table| table.row.as_mut_slice()).unwrap_or_default()
    }

    /// Ends a row; nothing if none has begun.
    pub fn close_row(&mut self) {
        self.close_cell(1, false);
        let Some(table) = self.open.last_mut() else { return };
        table.x = 0;
        let row = std::mem::take(&mut table.row);
        if row.is_empty() {
            return;
        }
        table.rows += 1;
        let shown: Vec<Cell> = row.into_iter().filter(|cell| !cell.covered).collect();
        if shown.iter().any(Cell::is_layout) {
            let grid = std::mem::take(&mut table.grid);
            self.push_grid(grid);
            let blocks = shown.into_iter().flat_map(|cell| cell.blocks);
            self.sink().extend(blocks);
            return;
        }
        let (number, row) = (table.number, table.rows);
        let place = |column: usize| Place {
            table: Some(number),
            row: Some(row),
            column: Some(column as u32 + 1),
            ..Place::default()
        };
        let cells = shown.into_iter().enumerate();
        let cells = cells.map(|(i, c)| GridCell {
            text: c.text(),
            place: place(i),
            x: c.x,
            confidence: None,
        });
        table.grid.rows.push(cells.collect());
    }

    /// The document.
    ///
    /// # Errors
    /// When it holds more than a document may have.
    pub fn finish(mut self, media_type: &'static str) -> Result<Document, Unreadable> {
        while !self.text.is_empty() {
            self.end_paragraph();
        }
        while !self.open.is_empty() {
            self.close_table();
        }
        if self.size > MAX_UNPACKED {
            return Err(Unreadable::TooLarge);
        }
        let findings = self.struck.then(struck_out).into_iter().collect();
        let (blocks, pictures) = (self.blocks, self.pictures);
        Ok(Document { blocks, findings, pictures, media_type, ..Document::default() })
    }
}

impl Grid {
    /// Whether it is made of lines with tabs, which have no place in a table.
    fn is_tabbed(&self) -> bool {
        self.rows.iter().flatten().next().is_some_and(|cell| cell.place.table.is_none())
    }
}

impl Cell {
    /// What its paragraphs say, as one line where no figure could be made of two.
    fn text(&self) -> String {
        join_lines(self.paragraphs())
    }

    fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(p) => Some(p.text.as_str()),
            Block::Grid(_) => None,
        })
    }

    fn size(&self) -> u64 {
        self.paragraphs().map(|text| text.len() as u64 + COST).sum()
    }

    fn is_layout(&self) -> bool {
        let has_table = self.blocks.iter().any(|block| matches!(block, Block::Grid(_)));
        has_table || self.paragraphs().map(|text| text.chars().count()).sum::<usize>() > MAX_CELL
    }
}

/// Runs of blanks and line ends as one blank, none at the ends.
pub fn squeeze(text: &str) -> String {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}';
    let text = text.trim_matches(is_blank);
    if !text.contains(is_blank) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_blank) {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
pub(super) mod tests;
