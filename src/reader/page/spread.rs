//! Ruled tables over several pages: what a page end cuts becomes one again.

use super::grid::Ruled;
use super::halves::{Halves, Joint};
use super::lines::is_numbered;
use crate::reader::document::{Grid, GridCell};
use crate::report::Place;

/// Edges that are the same on two pages differ by no more than this, in points.
const SAME: f32 = 4.0;

/// A cell of a table over several pages, by its edges.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    x0: f32,
    x1: f32,
    /// Rows that it spans on its page.
    pub(super) rows: usize,
    pub(super) text: String,
    pub(super) full: bool,
    confidence: Option<u8>,
    /// Whether it was put together across a page end without being sure.
    unsure: bool,
}

impl Cell {
    fn is_over(&self, other: &Cell) -> bool {
        (self.x0 - other.x0).abs() <= SAME && (self.x1 - other.x1).abs() <= SAME
    }

    /// Takes the rest of what it says.
    fn push(&mut self, rest: &Cell) {
        self.text.push_str(&rest.text);
        self.rows = self.rows.max(rest.rows);
        self.full = rest.full;
        self.confidence = self.confidence.into_iter().chain(rest.confidence).min();
    }

    /// Whether it and one under it at the head of the next page are one that spans several rows.
    fn spans_with(&self, below: &Cell) -> bool {
        let goes_on = !self.text.is_empty() && !is_numbered(&below.text) && !below.has_figure();
        (self.rows > 1 || below.rows > 1) && (goes_on || below.text.is_empty())
    }

    pub(super) fn has_figure(&self) -> bool {
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

/// Where a cell at the head of a page went.
enum Went {
    /// Into one on the page before: its row and number.
    Above(usize, usize),
    /// It stays in its row, by this number.
    Kept(usize),
    /// It says nothing and has none above it.
    Nowhere,
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
                unsure: false,
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

    /// Whether a table on the next page is the rest of this one. The columns of cells that span all
    /// its rows may have no lines there.
    pub fn goes_on(&self, next: &Table) -> bool {
        let among = |x: f32, of: &[f32]| of.iter().any(|o| (o - x).abs() <= SAME);
        let all = |some: &[f32], of: &[f32]| some.iter().all(|x| among(*x, of));
        let flush = (self.left - next.left).abs() <= SAME;
        let within = next.left > self.left && next.edges.len() > 2;
        next.page == self.page + 1
            && (self.right - next.right).abs() <= SAME
            && (flush && all(&self.edges, &next.edges)
                || (flush || within) && all(&next.edges, &self.edges))
    }

    /// Takes the rest of it from the next page.
    pub fn append(&mut self, mut next: Table, open_above: bool) {
        let repeated = self.repeated(&next);
        next.drop_rows(repeated);
        let cut = self.open || open_above && repeated == 0;
        if !next.rows.is_empty() {
            self.last = self.lower_end(&mut next, cut);
        }
        self.rows.append(&mut next.rows);
        self.edges.extend(next.edges);
        (self.page, self.open) = (next.page, next.open);
    }

    /// Puts together what the page end cuts, and tells where the cells along the lower end of the
    /// next page are then.
    fn lower_end(&mut self, next: &mut Table, cut: bool) -> Vec<(usize, usize)> {
        let mut went = Vec::new();
        if cut && self.ends_in_padding() {
            self.rows.pop();
        } else if let Some(first) = next.rows.first_mut() {
            went = Self::glue(&mut self.rows, &self.last, first, cut);
        }
        let taken = next.rows.first().is_some_and(|row| row.cells.is_empty());
        let base = self.rows.len();
        let place = |(r, c): (usize, usize)| match went.get(c).filter(|_| r == 0) {
            Some(Went::Above(row, cell)) => Some((*row, *cell)),
            Some(Went::Kept(cell)) => Some((base, *cell)),
            Some(Went::Nowhere) => None,
            None => Some((base + r - usize::from(taken), c)),
        };
        let last = next.last.iter().copied().filter_map(place).collect();
        next.rows.drain(..usize::from(taken));
        last
    }

    /// Whether nothing but the padding of a row stands before the page end.
    fn ends_in_padding(&self) -> bool {
        !self.last.is_empty()
            && self.last_is_empty()
            && self.last.iter().all(|(r, _)| *r + 1 == self.rows.len())
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

    /// Puts the two halves of a row, or of cells that span several, together, and tells where each
    /// cell of the first row went.
    fn glue(rows: &mut [Row], last: &[(usize, usize)], first: &mut Row, cut: bool) -> Vec<Went> {
        let above =
            |cell: &Cell| last.iter().copied().find(|(r, c)| rows[*r].cells[*c].is_over(cell));
        let at: Vec<Option<(usize, usize)>> = first.cells.iter().map(above).collect();
        let upper = at.iter().map(|at| at.map(|(r, c)| &rows[r].cells[c]));
        let halves = Halves(first.cells.iter().zip(upper).collect());
        let joint = halves.joint(cut);
        let mut keep = Vec::new();
        let mut went = Vec::with_capacity(at.len());
        for (cell, at) in first.cells.drain(..).zip(at) {
            let is_taken =
                |(r, c): &(usize, usize)| joint.is_some() || rows[*r].cells[*c].spans_with(&cell);
            match at.filter(is_taken) {
                Some((r, c)) => {
                    let above = &mut rows[r].cells[c];
                    above.unsure |= joint == Some(Joint::Likely) && !cell.text.is_empty();
                    above.push(&cell);
                    went.push(Went::Above(r, c));
                }
                None if joint.is_some() => went.push(Went::Nowhere),
                None => {
                    went.push(Went::Kept(keep.len()));
                    keep.push(cell);
                }
            }
        }
        first.cells = keep;
        went
    }

    /// Its rows with their places, and the places of the cells that were put together without
    /// being sure; `number`: of the table in the document.
    pub fn grid(mut self, number: u32) -> (Grid, Vec<Place>) {
        self.edges.sort_by(f32::total_cmp);
        self.edges.dedup_by(|b, a| *b - *a <= SAME);
        let column = |x: f32| self.edges.partition_point(|e| *e < x - SAME);
        let (mut grid, mut unsure) = (Grid::default(), Vec::new());
        for row in self.rows.into_iter().filter(|r| !r.cells.is_empty()) {
            let y = grid.rows.len() as u32 + 1;
            let cell = |(i, c): (usize, Cell)| {
                let place = place(row.page, number, y, i);
                unsure.extend(c.unsure.then(|| place.clone()));
                let x = u16::try_from(column(c.x0)).ok();
                GridCell { x, text: c.text, place, confidence: c.confidence }
            };
            grid.rows.push(row.cells.into_iter().enumerate().map(cell).collect());
        }
        (grid, unsure)
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

#[cfg(test)]
mod tests {
    use super::super::grid;
    use super::*;

    /// Cells as row and row behind the last, column and column behind the last, and text.
    type Printed = (usize, usize, usize, usize, &'static str);

    /// A page of a table with columns of 100 points and rows of 20.
    fn page(number: u32, rows: usize, cells: &[Printed]) -> Table {
        let columns = cells.iter().map(|c| c.3).max().unwrap();
        let cell = |&(row, row_end, column, column_end, text): &Printed| grid::Cell {
            row,
            row_end,
            column,
            column_end,
            text: text.to_owned(),
            ..grid::Cell::default()
        };
        let ruled = Ruled {
            xs: (0..=columns).map(|i| 100.0 * i as f32).collect(),
            ys: (0..=rows).map(|i| 20.0 * i as f32).collect(),
            cells: cells.iter().map(cell).collect(),
            open_above: false,
            open_below: false,
        };
        Table::new(&ruled, number)
    }

    /// The rows of pages, those that are not sure marked.
    fn joined(pages: Vec<Table>) -> Vec<String> {
        let mut pages = pages.into_iter();
        let mut table = pages.next().unwrap();
        for next in pages {
            assert!(table.goes_on(&next));
            table.append(next, false);
        }
        let (grid, unsure) = table.grid(1);
        let cell = |c: &GridCell| c.text.clone() + if unsure.contains(&c.place) { "?" } else { "" };
        let row = |row: &Vec<GridCell>| row.iter().map(cell).collect::<Vec<_>>().join(",");
        grid.rows.iter().map(row).collect()
    }

    #[test]
    fn a_cell_over_rows_of_three_pages_is_one() {
        let first = page(1, 2, &[(0, 2, 0, 1, "组"), (0, 1, 1, 2, "1.甲"), (1, 2, 1, 2, "2.乙")]);
        let second = page(2, 1, &[(0, 1, 0, 1, ""), (0, 1, 1, 2, "3.丙")]);
        let third = page(3, 1, &[(0, 1, 0, 1, ""), (0, 1, 1, 2, "4.丁")]);
        assert_eq!(joined(vec![first, second, third]), ["组,1.甲", "2.乙", "3.丙", "4.丁"]);
    }

    #[test]
    fn digits_on_the_next_page_without_a_label_are_the_rest_of_a_figure() {
        let row = |label, a, b| -> [Printed; 3] {
            [(0, 1, 0, 1, label), (0, 1, 1, 2, a), (0, 1, 2, 3, b)]
        };
        let pages =
            |below: [Printed; 3]| vec![page(1, 1, &row("甲", "2822", "7")), page(2, 1, &below)];
        assert_eq!(joined(pages(row("", "652", ""))), ["甲,2822652,7"]);
        assert_eq!(joined(pages(row("乙", "652", "1"))), ["甲,2822,7", "乙,652,1"]);
        let three = [page(1, 1, &row("甲", "28", "7")), page(2, 1, &row("", "22", ""))];
        let all = three.into_iter().chain([page(3, 1, &row("", "652", ""))]).collect();
        assert_eq!(joined(all), ["甲,2822652,7"]);
    }

    #[test]
    fn figures_without_labels_that_lack_some_are_joined_and_doubted() {
        let row = |a, b| -> [Printed; 2] { [(0, 1, 0, 1, a), (0, 1, 1, 2, b)] };
        let pages = |below: [Printed; 2]| vec![page(1, 1, &row("30", "7")), page(2, 1, &below)];
        assert_eq!(joined(pages(row("9", ""))), ["309?,7"]);
        assert_eq!(joined(pages(row("9", "1"))), ["30,7", "9,1"]);
    }
}
