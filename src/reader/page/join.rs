//! Pages put together: tables that a page end cuts become one again, labels and paragraphs run on.

use super::Page;
use super::grid::{self, Ruled};
use super::lines::{Line, Paragraphs, is_numbered, lines};
use super::rows::{self, Piece, Unruled};
use super::spread::{Table, place};
use crate::reader::document::{Block, Grid, GridCell, Paragraph};
use crate::report::Place;

/// What pages show in reading order.
#[derive(Debug, Default)]
pub struct Joined {
    /// Paragraphs and grids.
    pub blocks: Vec<Block>,
    /// Pages with tables that have no lines.
    pub guessed: Vec<u32>,
    /// Places of cells that could not be told for certain.
    pub unsure: Vec<Place>,
}

/// A page in pieces, from top to bottom.
enum Part {
    Ruled(Ruled),
    Other(Piece),
}

/// Puts pages together.
pub fn join(pages: Vec<Page>) -> Joined {
    let mut parts: Vec<(u32, i32, Part)> = Vec::new();
    for (page, tables, free) in with_headers(pages) {
        let mut here: Vec<(f32, Part)> =
            tables.into_iter().map(|t| (t.ys[0], Part::Ruled(t))).collect();
        here.extend(rows::pieces(free).into_iter().map(|p| (p.top(), Part::Other(p))));
        here.sort_by(|a, b| a.0.total_cmp(&b.0));
        parts.extend(here.into_iter().map(|(_, p)| (page.number, page.width as i32, p)));
    }
    let margins = Margins::of(&parts);
    let mut flow = Flow::default();
    for (page, width, part) in parts {
        flow.part(page, part, margins.of_width(width));
    }
    flow.end_table();
    flow.end_text();
    flow.out.guessed.dedup();
    flow.out
}

/// Pages with their ruled tables and their other lines, headers on the page of their rows.
fn with_headers(pages: Vec<Page>) -> Vec<(Page, Vec<Ruled>, Vec<Line>)> {
    let mut read: Vec<(Page, Vec<Ruled>, Vec<Line>)> = Vec::with_capacity(pages.len());
    for page in pages {
        let (tables, free) = grid::tables(&page);
        let mut free = lines(free, page.number);
        if let Some((_, above, end)) = read.last_mut()
            && above.is_empty()
            && tables.is_empty()
        {
            rows::carry(end, &mut free);
        }
        read.push((page, tables, free));
    }
    read
}

/// Where the lines of running text begin and end, by the width of the page.
struct Margins(Vec<(i32, f32, f32)>);

impl Margins {
    fn of(parts: &[(u32, i32, Part)]) -> Margins {
        let mut by_width: Vec<(i32, Vec<f32>, f32)> = Vec::new();
        for (_, width, part) in parts {
            let Part::Other(Piece::Line(line)) = part else { continue };
            match by_width.iter_mut().find(|(w, ..)| w == width) {
                Some((_, ends, left)) => {
                    ends.push(line.x1);
                    *left = left.min(line.x0);
                }
                None => by_width.push((*width, vec![line.x1], line.x0)),
            }
        }
        let margin = |(width, mut ends, left): (i32, Vec<f32>, f32)| {
            ends.sort_by(|a, b| b.total_cmp(a));
            // a line or two may stick out
            (width, left, ends[ends.len() / 12].max(0.7 * width as f32))
        };
        Margins(by_width.into_iter().map(margin).collect())
    }

    fn of_width(&self, width: i32) -> (f32, f32) {
        let found = self.0.iter().find(|(w, ..)| *w == width);
        found.map_or((0.0, f32::INFINITY), |(_, left, right)| (*left, *right))
    }
}

/// The document being written.
#[derive(Default)]
struct Flow {
    out: Joined,
    text: Paragraphs,
    table: Option<Table>,
    tables: u32,
    broken: Option<Broken>,
}

/// A label that may go on on the next page: it fills its column in the last row of a table without
/// lines.
#[derive(Clone, Copy)]
struct Broken {
    page: u32,
    /// Number of its cell in the row.
    cell: usize,
    /// Its left end.
    x0: f32,
    /// Baseline of its last line.
    y: f32,
}

/// Lines of a label begin no farther apart than this, in points.
const SAME: f32 = 2.0;
/// A rest of more characters than this is none.
const REST: usize = 40;

impl Flow {
    fn part(&mut self, page: u32, part: Part, (left, right): (f32, f32)) {
        match part {
            Part::Ruled(ruled) => {
                self.broken = None;
                self.end_text();
                let next = Table::new(&ruled, page);
                match &mut self.table {
                    Some(table) if table.goes_on(&next) => table.append(next, ruled.open_above),
                    _ => {
                        self.end_table();
                        self.table = Some(next);
                    }
                }
            }
            Part::Other(Piece::Line(line)) if self.takes_rest(&line) => {}
            Part::Other(Piece::Line(line)) => self.line(&line, left, right),
            Part::Other(Piece::Rows(table)) => {
                self.end_table();
                self.end_text();
                self.out.guessed.push(table.page);
                self.rows(table);
            }
        }
    }

    /// Whether a line at the head of a page is the rest of a label that the page end broke: it
    /// begins where the label does, before the rows that go on there.
    fn takes_rest(&mut self, line: &Line) -> bool {
        let Some(Broken { page, cell, x0, y }) = self.broken else { return false };
        if line.page == page && line.y <= y {
            // a label beside rows above
            return false;
        }
        let text = line.text();
        if line.page != page + 1 || is_numbered(&text) {
            self.broken = None;
            return false;
        }
        let is_rest = (line.x0 - x0).abs() < SAME && text.chars().count() <= REST;
        let last = match self.out.blocks.last_mut() {
            Some(Block::Grid(grid)) if is_rest => grid.rows.last_mut(),
            _ => None,
        };
        let label = last.and_then(|row| row.get_mut(cell));
        label.map(|label| label.text.push_str(&text)).is_some()
    }

    fn line(&mut self, line: &Line, left: f32, right: f32) {
        self.end_table();
        self.text.push(line, left, right);
    }

    fn end_text(&mut self) {
        self.text.close();
        for (text, page) in self.text.done.drain(..) {
            let place = Place { page: Some(page), ..Place::default() };
            self.out.blocks.push(Block::Paragraph(Paragraph { text, place }));
        }
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take() {
            self.tables += 1;
            let (grid, unsure) = table.grid(self.tables);
            self.out.unsure.extend(unsure);
            if !grid.rows.is_empty() {
                self.out.blocks.push(Block::Grid(grid));
            }
        }
    }

    fn rows(&mut self, Unruled { rows, page, broken, unsure, .. }: Unruled) {
        self.broken = broken.map(|(cell, x0, y)| Broken { page, cell, x0, y });
        self.tables += 1;
        let mut grid = Grid::default();
        for row in rows {
            let y = grid.rows.len() as u32 + 1;
            let doubted = unsure.contains(&grid.rows.len());
            let cell = |(i, (text, x)): (usize, (String, Option<u16>))| {
                let place = place(page, self.tables, y, i);
                self.out.unsure.extend(doubted.then(|| place.clone()));
                GridCell { text, place, x, confidence: None }
            };
            grid.rows.push(row.into_iter().enumerate().map(cell).collect());
        }
        self.out.blocks.push(Block::Grid(grid));
    }
}
