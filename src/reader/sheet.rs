//! From the cells of a sheet to paragraphs and grids.
//!
//! A row with one cell is a paragraph (a title, a heading, narrative across merged columns), rows
//! of several cells in sequence are a grid. A blank cell counts where it has a border; within a
//! grid every column has a cell. Hidden sheets are not read: nobody sees them, and what they hold is
//! often last year's.

use std::collections::BTreeMap;
use std::sync::Arc;

use calamine::ExcelDateTime;

use super::document::{Block, Document, Grid, GridCell, Paragraph};
use super::flow::squeeze;
use super::look::join_lines;
use super::{MAX_SPAN, MAX_UNPACKED, Unreadable};
use crate::report::Place;

/// A cell with more characters than this holds running text.
const MAX_CELL: usize = 400;
/// What a cell costs beside its text.
const COST: u64 = 64;
/// Digits of a number that a spreadsheet shows.
const DIGITS: usize = 15;

/// Row and column, from 0.
pub type At = (u32, u32);

/// What stands in a cell.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Text as shown.
    pub text: String,
    /// Whether it has a border.
    pub bordered: bool,
}

/// A sheet as far as it is filled.
pub struct Sheet {
    name: Arc<str>,
    cells: BTreeMap<At, Content>,
    /// Last cell of merged ranges, by their first.
    merged: BTreeMap<At, At>,
    size: u64,
}

/// The sheets of a workbook, in order.
#[derive(Default)]
pub struct Sheets {
    blocks: Vec<Block>,
    size: u64,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(name: &str) -> Sheet {
        Sheet { name: name.into(), cells: BTreeMap::new(), merged: BTreeMap::new(), size: 0 }
    }

    /// Fills a cell; one without text or border is as good as none.
    ///
    /// # Errors
    /// When the sheet holds more than a document may have.
    pub fn put(&mut self, at: At, content: Content) -> Result<(), Unreadable> {
        if content.text.is_empty() && !content.bordered {
            return Ok(());
        }
        self.size = self.size.saturating_add(COST + content.text.len() as u64);
        if self.size > MAX_UNPACKED {
            return Err(Unreadable::TooLarge);
        }
        self.cells.insert(at, content);
        Ok(())
    }

    /// Merges a range, given by its first and its last cell.
    pub fn merge(&mut self, first: At, last: At) {
        if last.0 >= first.0 && last.1 >= first.1 {
            self.merged.insert(first, last);
        }
    }

    /// Fills a row as another one.
    ///
    /// # Errors
    /// When the sheet holds more than a document may have.
    pub fn copy_row(&mut self, from: u32, to: u32) -> Result<(), Unreadable> {
        let row: Vec<(u32, Content)> =
            self.row(from).map(|(at, content)| (at.1, content.clone())).collect();
        row.into_iter().try_for_each(|(column, content)| self.put((to, column), content))
    }

    fn row(&self, row: u32) -> impl Iterator<Item = (&At, &Content)> {
        self.cells.range((row, 0)..=(row, u32::MAX))
    }

    /// Columns of a row that belong to cells merged elsewhere, as ranges in order.
    fn covered(&self) -> BTreeMap<u32, Vec<(u32, u32)>> {
        let mut covered: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for (first, last) in &self.merged {
            let end = last.0.min(first.0.saturating_add(u32::from(MAX_SPAN)));
            for row in first.0..=end {
                // the first cell of the range itself is shown
                let from = if row == first.0 { first.1.saturating_add(1) } else { first.1 };
                if from <= last.1 {
                    covered.entry(row).or_default().push((from, last.1));
                }
            }
        }
        covered.values_mut().for_each(|ranges| ranges.sort_unstable());
        covered
    }

    fn place(&self, at: At) -> Place {
        Place {
            sheet: Some(Arc::clone(&self.name)),
            row: Some(at.0.saturating_add(1)),
            column: Some(at.1.saturating_add(1)),
            ..Place::default()
        }
    }

    /// Content in reading order.
    fn blocks(&self) -> Vec<Block> {
        let covered = self.covered();
        let is_covered = |at: &At| {
            covered.get(&at.0).is_some_and(|ranges| {
                let before = ranges.partition_point(|(from, _)| *from <= at.1);
                before.checked_sub(1).and_then(|i| ranges.get(i)).is_some_and(|r| r.1 >= at.1)
            })
        };
        let mut blocks = Vec::new();
        let mut run: Vec<Vec<(At, &Content)>> = Vec::new();
        let mut row = self.cells.keys().next().map(|at| at.0);
        while let Some(number) = row {
            let shown = self.row(number).filter(|(at, _)| !is_covered(at));
            let shown: Vec<(At, &Content)> = shown.map(|(at, content)| (*at, content)).collect();
            let follows = run.last().and_then(|r| r.first()).is_none_or(|c| c.0.0 + 1 == number);
            let is_text = shown.iter().any(|(_, c)| is_long(&c.text));
            if shown.len() < 2 || is_text {
                self.push_grid(&mut run, &is_covered, &mut blocks);
                shown.iter().for_each(|(at, c)| self.push_text(*at, &c.text, &mut blocks));
            } else {
                if !follows {
                    self.push_grid(&mut run, &is_covered, &mut blocks);
                }
                run.push(shown);
            }
            let next = number.checked_add(1).map(|next| (next, 0));
            row = next.and_then(|next| self.cells.range(next..).next()).map(|(at, _)| at.0);
        }
        self.push_grid(&mut run, &is_covered, &mut blocks);
        blocks
    }

    fn push_text(&self, at: At, text: &str, blocks: &mut Vec<Block>) {
        let lines = text.split(['\n', '\r']).map(squeeze).filter(|line| !line.is_empty());
        let paragraph = |text| Block::Paragraph(Paragraph { text, place: self.place(at) });
        blocks.extend(lines.map(paragraph));
    }

    /// Rows that follow one another as a grid, blank cells filled in.
    fn push_grid(
        &self,
        run: &mut Vec<Vec<(At, &Content)>>,
        is_covered: &impl Fn(&At) -> bool,
        blocks: &mut Vec<Block>,
    ) {
        let rows = std::mem::take(run);
        let columns = || rows.iter().flatten().map(|(at, _)| at.1);
        let (Some(first), Some(last)) = (columns().min(), columns().max()) else { return };
        let is_narrow = last - first < u32::from(MAX_SPAN);
        let mut grid = Grid::default();
        for row in &rows {
            let Some(number) = row.first().map(|(at, _)| at.0) else { continue };
            let mut filled: BTreeMap<u32, &str> =
                row.iter().map(|(at, content)| (at.1, content.text.as_str())).collect();
            if is_narrow {
                let blank = (first..=last).filter(|column| !is_covered(&(number, *column)));
                blank.for_each(|column| _ = filled.entry(column).or_default());
            }
            let cell = |(column, text): (u32, &str)| GridCell {
                text: join_lines(text.split(['\n', '\r']).map(squeeze)),
                place: self.place((number, column)),
                x: Some(u16::try_from(column).unwrap_or(u16::MAX)),
                confidence: None,
            };
            grid.rows.push(filled.into_iter().map(cell).collect());
        }
        blocks.push(Block::Grid(grid));
    }
}

fn is_long(text: &str) -> bool {
    text.len() > MAX_CELL && text.chars().nth(MAX_CELL).is_some()
}

impl Sheets {
    /// Adds a sheet behind the others.
    ///
    /// # Errors
    /// When all of them hold more than a document may have.
    pub fn add(&mut self, sheet: Sheet) -> Result<(), Unreadable> {
        self.size = self.size.saturating_add(sheet.size);
        if self.size > MAX_UNPACKED {
            return Err(Unreadable::TooLarge);
        }
        self.blocks.extend(sheet.blocks());
        Ok(())
    }

    /// The document.
    pub fn finish(self, media_type: &'static str) -> Document {
        Document { blocks: self.blocks, media_type, ..Document::default() }
    }
}

/// A number as a spreadsheet shows it where the column is wide enough: what binary fractions add
/// behind its fifteenth digit is not shown.
pub fn number(value: f64) -> String {
    let rounded = format!("{value:.*e}", DIGITS - 1).parse::<f64>().unwrap_or(value);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A day that is stored as a count of days, if it is one from 1900 to 9999.
pub fn date(day: &ExcelDateTime) -> Option<String> {
    if !(1.0..2_950_000.0).contains(&day.as_f64()) {
        return None;
    }
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(sheet: &Sheet) -> String {
        let mut out = String::new();
        for block in sheet.blocks() {
            match block {
                Block::Paragraph(p) => out.push_str(&format!("<{}>", p.text)),
                Block::Grid(g) => {
                    for row in g.rows {
                        let cells = row.iter().map(|c| format!("{}{}", c.x.unwrap(), c.text));
                        out.push_str(&format!("[{}]", cells.collect::<Vec<_>>().join(",")));
                    }
                }
            }
        }
        out
    }

    fn sheet(cells: &[(At, &str)]) -> Sheet {
        let mut sheet = Sheet::new("s");
        for (at, text) in cells {
            let content = Content { text: (*text).to_owned(), bordered: text.is_empty() };
            sheet.put(*at, content).unwrap();
        }
        sheet
    }

    #[test]
    fn rows_of_one_cell_are_text_and_others_a_grid() {
        let mut sheet = sheet(&[
            ((0, 0), "标题\n二〇二三年"),
            ((2, 0), "内容"),
            ((2, 1), "数量"),
            ((2, 3), "金额"),
            ((3, 0), "规章"),
            ((3, 3), "2"),
            ((4, 1), ""),
            ((4, 0), "许可"),
        ]);
        sheet.merge((2, 1), (2, 2));
        assert_eq!(
            sketch(&sheet),
            "<标题><二〇二三年>[0内容,1数量,3金额][0规章,1,2,32][0许可,1,2,3]"
        );
    }

    #[test]
    fn a_cell_that_spans_stands_once() {
        let mut sheet = sheet(&[((0, 0), "a"), ((0, 1), "b"), ((1, 0), "c"), ((1, 1), "d")]);
        sheet.merge((0, 0), (1, 0));
        assert_eq!(sketch(&sheet), "[0a,1b]<d>");
        sheet.merge((0, 1), (u32::MAX, u32::MAX));
        assert_eq!(sketch(&sheet), "[0a,1b]");
    }

    #[test]
    fn cells_far_apart_need_no_room_between_them() {
        let sheet = sheet(&[((0, 0), "a"), ((1_048_575, 16_383), "b"), ((0, 16_383), "c")]);
        assert_eq!(sketch(&sheet), "[0a,16383c]<b>");
        let mut full = Sheet::new("s");
        let text = "文".repeat(1 << 20);
        let put = |n| full.put((n, 0), Content { text: text.clone(), bordered: false });
        assert!(matches!((0..100).try_for_each(put), Err(Unreadable::TooLarge)));
    }

    #[test]
    fn numbers_show_the_digits_that_were_typed() {
        let typed = ["0", "12", "-3", "59237.2449", "282.1", "1234567890123", "0.07"];
        for text in typed {
            assert_eq!(number(text.parse().unwrap()), text);
        }
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-0.0), "0");
        let day = |count| {
            let kind = calamine::ExcelDateTimeType::DateTime;
            date(&ExcelDateTime::new(count, kind, false))
        };
        assert_eq!(day(45_306.0).as_deref(), Some("2024-01-15"));
        assert_eq!([day(-1.0), day(f64::NAN), day(1e300)], [None, None, None]);
    }
}
