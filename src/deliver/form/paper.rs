//! The official form as it stands on paper: boxes in a grid, whatever is written in them.

use std::borrow::Cow;

use crate::export::form::Labels;
use crate::form::{Block, Column, Form, FormTable, Layout};

/// A table of the form, laid out.
#[derive(Debug, Clone)]
pub struct Sheet<'f> {
    /// The table.
    pub table: &'f FormTable,
    /// Its heading, with the number of its section.
    pub title: String,
    /// Lines of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub columns: usize,
    /// Columns on the left that hold labels.
    pub labels: usize,
    /// Lines at the top that are its header.
    pub head: usize,
    /// The boxes, line by line from the left; together they fill the grid.
    pub boxes: Vec<Placed<'f>>,
}

/// A box of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'f> {
    /// Line of its upper edge, from 0.
    pub row: usize,
    /// Column of its left edge, from 0.
    pub column: usize,
    /// Lines that it takes.
    pub rows: usize,
    /// Columns that it takes.
    pub columns: usize,
    /// What stands in it.
    pub content: Content<'f>,
}

/// What stands in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'f> {
    /// A heading over columns or blocks.
    Heading(Cow<'f, str>),
    /// The label of a row.
    Label(Cow<'f, str>),
    /// The cell of that number in the table.
    Cell(usize),
}

/// The tables of a form, laid out in its order.
#[must_use]
pub fn sheets(form: &Form) -> Vec<Sheet<'_>> {
    form.tables.iter().map(sheet).collect()
}

fn sheet(table: &FormTable) -> Sheet<'_> {
    let mut drawing = Drawing { table, row: 0, boxes: Vec::new(), next: 0 };
    let shape = match table.layout {
        Layout::Line => drawing.line(),
        Layout::Rows if table.rows().any(|row| row.unit.is_some()) => drawing.list(),
        Layout::Rows => drawing.rows(),
    };
    let mut boxes = drawing.boxes;
    boxes.sort_by_key(|b| (b.row, b.column));
    Sheet {
        table,
        title: title(table),
        rows: drawing.row,
        columns: shape.columns,
        labels: shape.labels,
        head: shape.head,
        boxes,
    }
}

/// `三、收到和处理政府信息公开申请情况`; without a section the heading alone.
fn title(table: &FormTable) -> String {
    let number = table
        .section
        .and_then(|n| "一二三四五六七八九十".chars().nth(usize::from(n).checked_sub(1)?));
    match number {
        Some(number) => format!("{number}、{}", table.title),
        None => table.title.clone(),
    }
}

struct Shape {
    columns: usize,
    labels: usize,
    head: usize,
}

/// A table being laid out, from the top.
struct Drawing<'f> {
    table: &'f FormTable,
    /// The next free line.
    row: usize,
    boxes: Vec<Placed<'f>>,
    /// Number of the next cell.
    next: usize,
}

impl<'f> Drawing<'f> {
    fn put(
        &mut self,
        (row, column): (usize, usize),
        (rows, columns): (usize, usize),
        content: Content<'f>,
    ) {
        self.boxes.push(Placed { row, column, rows, columns, content });
    }

    fn heading(&mut self, at: (usize, usize), size: (usize, usize), text: impl Into<Cow<'f, str>>) {
        self.put(at, size, Content::Heading(text.into()));
    }

    fn cell(&mut self, at: (usize, usize), size: (usize, usize)) {
        self.put(at, size, Content::Cell(self.next));
        self.next += 1;
    }

    /// A header over each block, the headings above a row to its left.
    fn rows(&mut self) -> Shape {
        let table = self.table;
        let labels = table.rows().map(|row| row.path.len() + 1).max().unwrap_or(1);
        // so that the columns of every block share the width evenly
        let width =
            table.blocks.iter().map(|b| b.columns.len().max(1)).fold(1, least_common_multiple);
        let mut head = 0;
        for (number, block) in table.blocks.iter().enumerate() {
            if let Some(caption) = &block.caption {
                self.heading((self.row, 0), (1, labels + width), caption);
                self.row += 1;
            }
            self.header(block, labels, width);
            if number == 0 {
                head = self.row;
            }
            self.block(block, labels, width);
        }
        Shape { columns: labels + width, labels, head }
    }

    /// The header of a block: what stands over all columns, over some, and over each.
    fn header(&mut self, block: &'f Block, labels: usize, width: usize) {
        let table = self.table;
        let columns: Vec<&Column> = table.block_columns(block).collect();
        let each = width / columns.len().max(1);
        let grouped = columns.iter().any(|column| column.group.is_some());
        // what belongs to one block stands beside its labels
        let over = table.corner.as_ref().filter(|_| block.corner.is_none());
        let depth = usize::from(over.is_some()) + usize::from(grouped) + 1;
        let beside = block.corner.as_ref().or(table.note.as_ref()).map_or("", String::as_str);
        self.heading((self.row, 0), (depth, labels), beside);
        if let Some(over) = over {
            self.heading((self.row, labels), (1, width), over);
            self.row += 1;
        }
        let mut at = 0;
        while let Some(column) = columns.get(at) {
            let left = labels + at * each;
            let Some(group) = &column.group else {
                self.heading((self.row, left), (1 + usize::from(grouped), each), &column.label);
                at += 1;
                continue;
            };
            let of_group = columns[at..].iter().take_while(|c| c.group.as_ref() == Some(group));
            let of_group: Vec<&&Column> = of_group.collect();
            self.heading((self.row, left), (1, each * of_group.len()), group);
            for (n, column) in of_group.iter().enumerate() {
                self.heading((self.row + 1, left + n * each), (1, each), &column.label);
            }
            at += of_group.len();
        }
        self.row += 1 + usize::from(grouped);
    }

    /// The rows of a block; a heading stands once beside all rows that it is above.
    fn block(&mut self, block: &'f Block, labels: usize, width: usize) {
        let each = width / block.columns.len().max(1);
        for (number, row) in block.rows.iter().enumerate() {
            for (depth, heading) in row.path.iter().enumerate() {
                let shares = |other: &&crate::form::Row| {
                    other.path.get(..=depth) == Some(&row.path[..=depth])
                };
                let begins = number == 0 || !shares(&&block.rows[number - 1]);
                if begins {
                    let lines = block.rows[number..].iter().take_while(shares).count();
                    self.put((self.row, depth), (lines, 1), Content::Label(heading.into()));
                }
            }
            let depth = row.path.len();
            let label = Content::Label((&row.label).into());
            self.put((self.row, depth), (1, labels - depth), label);
            for n in 0..block.columns.len() {
                self.cell((self.row, labels + n * each), (1, each));
            }
            self.row += 1;
        }
    }

    /// All rows side by side on one line, their labels above their columns.
    fn line(&mut self) -> Shape {
        let table = self.table;
        let depth = table.rows().map(|row| row.path.len()).max().unwrap_or(0);
        let mut left = 0;
        for block in &table.blocks {
            let each = block.columns.len();
            for (number, row) in block.rows.iter().enumerate() {
                for (level, heading) in row.path.iter().enumerate() {
                    let shares = |other: &&crate::form::Row| {
                        other.path.get(..=level) == Some(&row.path[..=level])
                    };
                    if number == 0 || !shares(&&block.rows[number - 1]) {
                        let rows = block.rows[number..].iter().take_while(shares).count();
                        self.heading((level, left), (1, rows * each), heading);
                    }
                }
                let above = row.path.len();
                self.heading((above, left), (depth + 1 - above, each), &row.label);
                for (n, column) in table.block_columns(block).enumerate() {
                    self.heading((depth + 1, left + n), (1, 1), &column.label);
                    self.cell((depth + 2, left + n), (1, 1));
                }
                left += each;
            }
        }
        self.row = depth + 3;
        Shape { columns: left, labels: 0, head: depth + 2 }
    }

    /// A line a row with its unit, headings as lines of their own.
    fn list(&mut self) -> Shape {
        let table = self.table;
        let width =
            table.blocks.iter().map(|b| b.columns.len().max(1)).fold(1, least_common_multiple);
        let columns = 2 + width;
        let mut labels = Labels::default();
        let mut head = 0;
        for (number, block) in table.blocks.iter().enumerate() {
            let each = width / block.columns.len().max(1);
            self.heading((self.row, 0), (1, 1), block.corner.as_deref().unwrap_or(""));
            self.heading(
                (self.row, 1),
                (1, 1),
                block.unit_labels.first().map_or("", String::as_str),
            );
            for (n, column) in table.block_columns(block).enumerate() {
                self.heading((self.row, 2 + n * each), (1, each), &column.label);
            }
            self.row += 1;
            if number == 0 {
                head = self.row;
            }
            for row in &block.rows {
                let (headings, label) = labels.next(row);
                for heading in headings {
                    self.put((self.row, 0), (1, columns), Content::Label(heading.into()));
                    self.row += 1;
                }
                self.put((self.row, 0), (1, 1), Content::Label(label.into()));
                self.heading((self.row, 1), (1, 1), row.unit.as_deref().unwrap_or(""));
                for n in 0..block.columns.len() {
                    self.cell((self.row, 2 + n * each), (1, each));
                }
                self.row += 1;
            }
        }
        Shape { columns, labels: 1, head }
    }
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    /// Every place of the grid is in one box, and every cell of the table in one place.
    #[test]
    fn the_boxes_fill_the_grid() {
        for form in Forms::builtin().iter() {
            for sheet in sheets(form) {
                let name = format!("{} {}", form.edition, sheet.table.key);
                let mut places = vec![0; sheet.rows * sheet.columns];
                let mut cells = Vec::new();
                for placed in &sheet.boxes {
                    for row in placed.row..placed.row + placed.rows {
                        for column in placed.column..placed.column + placed.columns {
                            places[row * sheet.columns + column] += 1;
                        }
                    }
                    if let Content::Cell(number) = placed.content {
                        cells.push(number);
                    }
                }
                assert!(places.iter().all(|n| *n == 1), "{name}: {places:?}");
                cells.sort_unstable();
                assert!(cells.into_iter().eq(0..sheet.table.cell_count()), "{name}");
            }
        }
    }

    #[test]
    fn applications_stand_as_on_the_official_form() {
        let forms = Forms::builtin();
        let tables = sheets(forms.get("2021").expect("it is there"));
        let sheet = &tables[1];
        assert_eq!(sheet.title, "三、收到和处理政府信息公开申请情况");
        assert_eq!((sheet.head, sheet.labels, sheet.columns, sheet.rows), (3, 3, 10, 28));
        let at = |row, column| {
            let found = sheet.boxes.iter().find(|b| (b.row, b.column) == (row, column));
            let found = found.expect("a box begins there");
            (found.content.clone(), found.rows, found.columns)
        };
        let heading = |text: &'static str| Content::Heading(text.into());
        let label = |text: &'static str| Content::Label(text.into());
        assert_eq!(at(0, 3), (heading("申请人情况"), 1, 7));
        assert_eq!(at(1, 3), (heading("自然人"), 2, 1));
        assert_eq!(at(1, 4), (heading("法人或其他组织"), 1, 5));
        assert_eq!(at(3, 0), (label("一、本年新收政府信息公开申请数量"), 1, 3));
        assert_eq!(at(5, 0), (label("三、本年度办理结果"), 22, 1));
        assert_eq!(at(7, 1), (label("（三）不予公开"), 8, 1));
        assert_eq!(at(7, 2), (label("1.属于国家秘密"), 1, 1));
        assert_eq!(at(3, 3), (Content::Cell(0), 1, 1));
        let line = &tables[2];
        assert_eq!((line.head, line.columns, line.rows), (3, 15, 4));
    }
}
