//! Tables by their ruled lines.
//!
//! Pieces of one line are put together first: browsers and Word draw a border as many short boxes,
//! one a cell side. Lines that touch make one table. Their places part it into slots, and slots
//! with no line between them are one cell.

use super::lines::cell_text;
use super::{Glyph, Page, Rule};
use crate::reader::MAX_SPAN;

/// Pieces of one line stand no farther apart than this across it, in points.
const ALIGNED: f32 = 2.9;
/// Lines meet, and pieces of one follow one another, where no more than this lies between.
const TOUCH: f32 = 3.2;
/// Lines of one page that are looked at: more are a drawing.
const MOST: usize = 3_000;
/// Rows of one page.
const MOST_ROWS: usize = 2_000;

/// A table on one page.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// Places of the lines from left to right.
    pub xs: Vec<f32>,
    /// Places of the lines from top to bottom.
    pub ys: Vec<f32>,
    /// Its cells, from top to bottom and left to right.
    pub cells: Vec<Cell>,
    /// Whether the page cuts the first row: no line above it.
    pub open_above: bool,
    /// Whether the page cuts the last row: no line below it.
    pub open_below: bool,
}

/// A cell: the slots that it covers and what it says.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// First row, from 0.
    pub row: usize,
    /// Row behind its last.
    pub row_end: usize,
    /// First column, from 0.
    pub column: usize,
    /// Column behind its last.
    pub column_end: usize,
    /// Its text.
    pub text: String,
    /// Whether its last line is so full that it may go on elsewhere.
    pub full: bool,
    /// How sure its least sure character is, of 100, where they were recognized.
    pub confidence: Option<u8>,
}

/// The tables of a page, and the glyphs that stand in none.
pub fn tables(page: &Page) -> (Vec<Ruled>, Vec<Glyph>) {
    let across = put_together(&page.across);
    let down = put_together(&page.down);
    if across.len() > MOST || down.len() > MOST {
        return (Vec::new(), page.glyphs.clone());
    }
    let mut frames: Vec<Frame> =
        connected(&across, &down).into_iter().filter_map(|(a, d)| Frame::new(&a, &d)).collect();
    // what stands within two, a table in a frame, belongs to the smaller
    frames.sort_by(|a, b| a.area().total_cmp(&b.area()));
    let mut free = Vec::new();
    for glyph in &page.glyphs {
        match frames.iter_mut().find_map(|f| Some((f.slot(glyph)?, f))) {
            Some((slot, frame)) => frame.glyphs[slot].push(*glyph),
            None => free.push(*glyph),
        }
    }
    let tables = frames.into_iter().map(|f| f.read(page.number)).collect();
    (tables, free)
}

/// Lines from their pieces.
fn put_together(pieces: &[Rule]) -> Vec<Rule> {
    let mut pieces = pieces.to_vec();
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out: Vec<Rule> = Vec::new();
    let mut rest = &pieces[..];
    while let Some(first) = rest.first() {
        let count = rest.partition_point(|r| r.at - first.at <= ALIGNED);
        let (here, after) = rest.split_at(count);
        rest = after;
        let at = here.iter().map(|r| r.at).sum::<f32>() / count as f32;
        let mut here = here.to_vec();
        here.sort_by(|a, b| a.from.total_cmp(&b.from));
        let begin = out.len();
        for piece in here {
            match out[begin..].last_mut() {
                Some(last) if piece.from - last.to <= TOUCH => last.to = last.to.max(piece.to),
                _ => out.push(Rule { at, ..piece }),
            }
        }
    }
    // a dash or a letter drawn as a path is no line
    out.retain(|r| r.to - r.from > TOUCH);
    out
}

/// Lines that touch one another, directly or over others.
fn connected(across: &[Rule], down: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut sets = Sets::new(across.len() + down.len());
    for (d, v) in down.iter().enumerate() {
        let first = across.partition_point(|h| h.at < v.from - TOUCH);
        for (a, h) in across.iter().enumerate().skip(first) {
            if h.at > v.to + TOUCH {
                break;
            }
            if h.from - TOUCH <= v.at && v.at <= h.to + TOUCH {
                sets.join(a, across.len() + d);
            }
        }
    }
    let mut groups: Vec<(Vec<Rule>, Vec<Rule>)> =
        vec![Default::default(); across.len() + down.len()];
    for (i, rule) in across.iter().enumerate() {
        groups[sets.find(i)].0.push(*rule);
    }
    for (i, rule) in down.iter().enumerate() {
        groups[sets.find(across.len() + i)].1.push(*rule);
    }
    groups.retain(|(a, d)| !a.is_empty() && !d.is_empty());
    groups
}

/// Disjoint sets of numbers.
struct Sets(Vec<usize>);

impl Sets {
    fn new(n: usize) -> Sets {
        Sets((0..n).collect())
    }

    fn find(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    /// The smaller number names the set.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// The lines of one table, and the glyphs in its slots.
struct Frame {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// The slot whose cell a slot belongs to.
    cell: Vec<usize>,
    glyphs: Vec<Vec<Glyph>>,
    open_above: bool,
    open_below: bool,
}

impl Frame {
    /// None where the lines make no table: a frame around one text, or too much of it.
    fn new(across: &[Rule], down: &[Rule]) -> Option<Frame> {
        let (mut ys, mut xs) = (places(across), places(down));
        let open_above = reach(&mut ys, down, |r| r.from, true);
        let open_below = reach(&mut ys, down, |r| r.to, false);
        reach(&mut xs, across, |r| r.from, true);
        reach(&mut xs, across, |r| r.to, false);
        let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if columns * rows < 2 || columns > usize::from(MAX_SPAN) || rows > MOST_ROWS {
            return None;
        }
        // which sides of the slots are ruled: to the right, and below
        let mut right = vec![false; columns * rows];
        let mut below = vec![false; columns * rows];
        for rule in down {
            let x = nearest(&xs, rule.at);
            for y in covered(&ys, rule).filter(|_| x > 0) {
                right[y * columns + x - 1] = true;
            }
        }
        for rule in across {
            let y = nearest(&ys, rule.at);
            for x in covered(&xs, rule).filter(|_| y > 0) {
                below[(y - 1) * columns + x] = true;
            }
        }
        let mut sets = Sets::new(columns * rows);
        for slot in 0..columns * rows {
            if (slot + 1) % columns != 0 && !right[slot] {
                sets.join(slot, slot + 1);
            }
            if slot / columns + 1 < rows && !below[slot] {
                sets.join(slot, slot + columns);
            }
        }
        let cell: Vec<usize> = (0..columns * rows).map(|slot| sets.find(slot)).collect();
        let glyphs = vec![Vec::new(); cell.len()];
        let frame = Frame { xs, ys, cell, glyphs, open_above, open_below };
        let one = frame.cell.iter().all(|c| *c == 0);
        (!one).then_some(frame)
    }

    fn area(&self) -> f32 {
        let side = |places: &[f32]| places[places.len() - 1] - places[0];
        side(&self.xs) * side(&self.ys)
    }

    /// The cell that a glyph stands in, by its middle.
    fn slot(&self, glyph: &Glyph) -> Option<usize> {
        let (x, y) = (glyph.x(), glyph.middle());
        let column = self.xs.partition_point(|at| *at <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|at| *at <= y).checked_sub(1)?;
        let columns = self.xs.len() - 1;
        (column < columns && row < self.ys.len() - 1).then(|| self.cell[row * columns + column])
    }

    fn read(mut self, page: u32) -> Ruled {
        let columns = self.xs.len() - 1;
        let mut bounds: Vec<Option<Cell>> = vec![None; self.cell.len()];
        for (slot, cell) in self.cell.iter().enumerate() {
            let (row, column) = (slot / columns, slot % columns);
            let here =
                Cell { row, row_end: row + 1, column, column_end: column + 1, ..Cell::default() };
            let known = bounds[*cell].get_or_insert(here);
            known.row_end = known.row_end.max(row + 1);
            known.column = known.column.min(column);
            known.column_end = known.column_end.max(column + 1);
        }
        let mut cells: Vec<Cell> = Vec::new();
        for (slot, cell) in bounds.into_iter().enumerate() {
            let Some(mut cell) = cell else { continue };
            let width = self.xs[cell.column_end] - self.xs[cell.column];
            let glyphs = std::mem::take(&mut self.glyphs[slot]);
            cell.confidence = glyphs.iter().filter_map(|g| g.confidence).min();
            (cell.text, cell.full) = cell_text(glyphs, page, width);
            cells.push(cell);
        }
        cells.sort_by_key(|c| (c.row, c.column));
        let Frame { xs, ys, open_above, open_below, .. } = self;
        Ruled { xs, ys, cells, open_above, open_below }
    }
}

/// Distinct places of lines, in order.
fn places(rules: &[Rule]) -> Vec<f32> {
    let mut places: Vec<f32> = rules.iter().map(|r| r.at).collect();
    places.sort_by(f32::total_cmp);
    places.dedup_by(|b, a| *b - *a <= ALIGNED);
    places
}

/// Adds a place where two or more lines the other way run on beyond the outermost one: the page
/// cuts the table there, or it has no border on that side.
fn reach(places: &mut Vec<f32>, rules: &[Rule], end: fn(&Rule) -> f32, before: bool) -> bool {
    const BEYOND: f32 = 6.0;
    let Some(outer) = (if before { places.first() } else { places.last() }).copied() else {
        return false;
    };
    let beyond = |r: &&Rule| match before {
        true => end(r) < outer - BEYOND,
        false => end(r) > outer + BEYOND,
    };
    let ends: Vec<f32> = rules.iter().filter(beyond).map(end).collect();
    if ends.len() < 2 {
        return false;
    }
    match before {
        true => places.insert(0, ends.into_iter().fold(outer, f32::min)),
        false => places.push(ends.into_iter().fold(outer, f32::max)),
    }
    true
}

/// The number of the place nearest to another.
fn nearest(places: &[f32], at: f32) -> usize {
    let after = places.partition_point(|p| *p < at);
    match after {
        0 => 0,
        n if n == places.len() => n - 1,
        n if at - places[n - 1] <= places[n] - at => n - 1,
        n => n,
    }
}

/// The gaps between places that a line covers by at least half.
fn covered<'p>(places: &'p [f32], rule: &Rule) -> impl Iterator<Item = usize> + 'p {
    let Rule { from, to, .. } = *rule;
    let first = places.partition_point(|p| *p <= from).saturating_sub(1);
    (first..places.len().saturating_sub(1)).take_while(move |i| places[*i] < to).filter(move |i| {
        let (a, b) = (places[*i], places[*i + 1]);
        to.min(b) - from.max(a) >= (b - a) / 2.0
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::print;
    use super::*;

    fn across(at: f32, from: f32, to: f32) -> Rule {
        Rule { at, from, to }
    }

    /// Cells as `row,column: text`, spans behind them where there are any.
    fn sketch(page: &Page) -> Vec<String> {
        let (tables, free) = tables(page);
        let mut out: Vec<String> = Vec::new();
        for table in &tables {
            for c in &table.cells {
                let span = match (c.row_end - c.row, c.column_end - c.column) {
                    (1, 1) => String::new(),
                    (rows, columns) => format!(" {rows}x{columns}"),
                };
                out.push(format!("{},{}: {}{span}", c.row, c.column, c.text));
            }
        }
        if !free.is_empty() {
            out.push(format!("free: {}", free.iter().map(|g| g.c).collect::<String>()));
        }
        out
    }

    /// A table of two rows whose first cell spans both, its border drawn piece by piece.
    fn page() -> Page {
        let down = [10.0, 60.0, 110.0].map(|at| Rule { at, from: 10.0, to: 50.0 });
        Page {
            number: 1,
            width: 200.0,
            height: 200.0,
            across: vec![
                across(10.0, 10.0, 60.0),
                across(10.4, 61.0, 110.0),
                across(30.0, 60.0, 110.0),
                across(50.0, 10.0, 110.0),
            ],
            down: down.to_vec(),
            glyphs: [
                print("甲", 20.0, 32.0),
                print("12", 70.0, 24.0),
                print("乙丙", 70.0, 44.0),
                print("外", 20.0, 90.0),
            ]
            .concat(),
            ..Page::default()
        }
    }

    #[test]
    fn slots_without_a_line_between_them_are_one_cell() {
        assert_eq!(sketch(&page()), ["0,0: 甲 2x1", "0,1: 12", "1,1: 乙丙", "free: 外"]);
    }

    #[test]
    fn a_page_end_leaves_the_last_row_open() {
        let mut page = page();
        page.across.pop();
        let (tables, _) = tables(&page);
        assert!(tables[0].open_below && !tables[0].open_above);
        assert_eq!(tables[0].cells.len(), 3);
    }

    #[test]
    fn a_frame_around_text_is_no_table() {
        let mut page = page();
        page.across = vec![across(10.0, 10.0, 110.0), across(50.0, 10.0, 110.0)];
        page.down.remove(1);
        assert_eq!(sketch(&page), ["free: 甲12乙丙外"]);
    }
}
