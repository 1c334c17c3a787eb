//! Ruled tables over several pages: what a page end cuts becomes one again.

use super::grid::Ruled;
use super::lines::is_numbered;
use crate::reader::document::{Grid, GridCell};
use crate::report::Place;

/// Edges that are the same on two pages differ by no more than this, in points.
const SAME: f32 = 4.0;

/// A cell of a table over several pages, by its edges.
#[derive(Debug, Clone)]
struct Cell {
    x0: f32,
    x1: f32,
    /// Rows that it spans on its page.
    rows: usize,
    text: String,
    full: bool,
    confidence: Option<u8>,
}

impl Cell {
    fn is_over(&self, other: &Cell) -> bool {
        (self.x0 - other.x0).abs() <= SAME && (self.x1 - other.x1).abs() <= SAME
    }

    /// Takes the rest of what it says.
    fn push(&mut self, rest: &Cell) {
        self.text.push_str(&rest.text);
        self.confidence = self.confidence.into_iter().chain(rest.confidence).min();
    }

    fn has_figure(&self) -> bool {
        let mut chars = self.text.trim_start_matches(['-', '+', '－', '＋']).chars();
        chars.next().is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
            && !is_numbered(&self.text)
    }
}

/// Cells that begin in one row.
#[derive(Debug, Clone, Default)]
struct Row {
    page: u32,
    cells: Vec<Cell>,
}

/// A table over several pages.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    page: u32,
    left: f32,
    right: f32,
    edges: Vec<f32>,
    /// The cells along its lower end: the row and number of each.
    last: Vec<(usize, usize)>,
    open: bool,
}

impl Table {
    /// The table of one page.
    pub fn new(ruled: &Ruled, page: u32) -> Table {
        let mut rows = vec![Row { page, cells: Vec::new() }; ruled.ys.len() - 1];
        let mut last = Vec::new();
        for c in &ruled.cells {
            let cell = Cell {
                x0: ruled.xs[c.column],
                x1: ruled.xs[c.column_end],
                rows: c.row_end - c.row,
                text: c.text.clone(),
                full: c.full,
                confidence: c.confidence,
            };
            if c.row_end == rows.len() {
                last.push((c.row, rows[c.row].cells.len()));
            }
            rows[c.row].cells.push(cell);
        }
        let by_left = |t: &(usize, usize)| rows[t.0].cells[t.1].x0;
        last.sort_by(|a, b| by_left(a).total_cmp(&by_left(b)));
        let (left, right) = (ruled.xs[0], ruled.xs[ruled.xs.len() - 1]);
        let edges = ruled.xs.clone();
        Table { rows, page, left, right, edges, last, open: ruled.open_below }
    }

    /// Whether a table on the next page is the rest of this one.
    pub fn goes_on(&self, next: &Table) -> bool {
        let all = |some: &[f32], of: &[f32]| {
            some.iter().all(|x| of.iter().any(|o| (o - x).abs() <= SAME))
        };
        next.page == self.page + 1
            && (self.left - next.left).abs() <= SAME
            && (self.right - next.right).abs() <= SAME
            && (all(&next.edges, &self.edges) || all(&self.edges, &next.edges))
    }

    /// Takes the rest of it from the next page.
    pub fn append(&mut self, mut next: Table, open_above: bool) {
        let repeated = self.repeated(&next);
        next.drop_rows(repeated);
        let cut = self.open || open_above && repeated == 0;
        if cut && self.last_is_empty() && self.last.iter().all(|(r, _)| *r + 1 == self.rows.len()) {
            // nothing but the padding of a row stands before the page end
            self.rows.pop();
        } else if let Some(first) = next.rows.first_mut() {
            let glued = Self::glue(&mut self.rows, &self.last, first, cut);
            if glued {
                next.drop_rows(1);
            }
        }
        let base = self.rows.len();
        if !next.rows.is_empty() {
            self.last = next.last.iter().map(|(r, c)| (r + base, *c)).collect();
        }
        self.rows.append(&mut next.rows);
        self.edges.extend(next.edges);
        (self.page, self.open) = (next.page, next.open);
    }

    fn last_is_empty(&self) -> bool {
        self.last.iter().all(|(r, c)| self.rows[*r].cells[*c].text.is_empty())
    }

    /// How many rows at its head stand again at the head of its rest.
    fn repeated(&self, next: &Table) -> usize {
        let bare = |c: &Cell| c.text.replace(char::is_whitespace, "");
        let same = |(a, b): &(&Row, &Row)| {
            a.cells.len() == b.cells.len()
                && a.cells.iter().any(|c| !c.text.is_empty())
                && a.cells.iter().zip(&b.cells).all(|(a, b)| a.is_over(b) && bare(a) == bare(b))
        };
        self.rows.iter().zip(&next.rows).take_while(same).count()
    }

    fn drop_rows(&mut self, count: usize) {
        self.rows.drain(..count.min(self.rows.len()));
        self.last.retain(|(r, _)| *r >= count);
        self.last.iter_mut().for_each(|(r, _)| *r -= count);
    }

    /// Puts the two halves of a row, or of cells that span several, together. Whether the whole
    /// first row was taken.
    fn glue(rows: &mut [Row], last: &[(usize, usize)], first: &mut Row, cut: bool) -> bool {
        let above =
            |cell: &Cell| last.iter().copied().find(|(r, c)| rows[*r].cells[*c].is_over(cell));
        let pairs: Vec<Option<(usize, usize)>> = first.cells.iter().map(above).collect();
        let upper = |at: (usize, usize)| &rows[at.0].cells[at.1];
        let (mut figures_above, mut figures_below, mut both) = (false, false, false);
        let (mut text_below, mut apart) = (false, false);
        for (cell, above) in first.cells.iter().zip(&pairs) {
            let Some(above) = above.map(upper) else { continue };
            figures_above |= above.rows == 1 && above.has_figure();
            figures_below |= cell.rows == 1 && cell.has_figure();
            text_below |= !cell.text.is_empty();
            // a figure below words: a header and its row
            apart |= !cell.text.is_empty()
                && !above.text.is_empty()
                && cell.has_figure() != above.has_figure();
            both |= !cell.text.is_empty()
                && !above.text.is_empty()
                && !is_numbered(&cell.text)
                && (cut || above.full);
        }
        let whole = !apart
            && first.cells.iter().zip(&pairs).all(|(c, a)| a.is_some() || c.text.is_empty())
            && first
                .cells
                .iter()
                .zip(&pairs)
                .any(|(c, a)| c.rows == 1 && a.map(upper).is_some_and(|a| a.rows == 1));
        if whole && text_below && both && !(figures_above && figures_below) {
            for (cell, at) in first.cells.iter().zip(&pairs) {
                let Some((r, c)) = *at else { continue };
                let above = &mut rows[r].cells[c];
                above.push(cell);
                above.full = cell.full;
            }
            return true;
        }
        // a cell that spans rows on both pages
        let mut keep = Vec::new();
        for (cell, at) in first.cells.drain(..).zip(pairs) {
            match at {
                Some((r, c)) if rows[r].cells[c].rows > 1 || cell.rows > 1 => {
                    let above = &mut rows[r].cells[c];
                    let goes_on =
                        !above.text.is_empty() && !is_numbered(&cell.text) && !cell.has_figure();
                    if goes_on || cell.text.is_empty() {
                        above.push(&cell);
                    } else {
                        keep.push(cell);
                    }
                }
                _ => keep.push(cell),
            }
        }
        first.cells = keep;
        false
    }

    /// Its rows with their places; `number`: of the table in the document.
    pub fn grid(mut self, number: u32) -> Grid {
        self.edges.sort_by(f32::total_cmp);
        self.edges.dedup_by(|b, a| *b - *a <= SAME);
        let column = |x: f32| self.edges.partition_point(|e| *e < x - SAME);
        let mut grid = Grid::default();
        for row in self.rows.into_iter().filter(|r| !r.cells.is_empty()) {
            let y = grid.rows.len() as u32 + 1;
            let cell = |(i, c): (usize, Cell)| GridCell {
                x: u16::try_from(column(c.x0)).ok(),
                text: c.text,
                place: place(row.page, number, y, i),
                confidence: c.confidence,
            };
            grid.rows.push(row.cells.into_iter().enumerate().map(cell).collect());
        }
        grid
    }
}

/// A place in a table.
pub fn place(page: u32, table: u32, row: u32, column: usize) -> Place {
    Place {
        page: Some(page),
        table: Some(table),
        row: Some(row),
        column: Some(column as u32 + 1),
        ..Place::default()
    }
}
