//! The columns of a table without lines, and the header over them.

use super::table::Row;
use super::{Cut, Piece, Unruled};

/// A header and the rows under it, by the columns that the figures stand in.
pub(super) fn block(header: &mut Vec<Cut>, rows: &mut Vec<Row>, out: &mut Vec<Piece>) {
    let (header, rows) = (std::mem::take(header), std::mem::take(rows));
    let first = header.first().map(|c| (c.line.page, c.line.top()));
    let Some((page, top)) = first.or(rows.first().map(|r| (r.page, r.top - r.size))) else {
        return;
    };
    let columns = Columns::of(&rows, &header);
    let broken = rows.last().and_then(Row::broken);
    let mut cells = columns.header(&header);
    cells.extend(rows.into_iter().map(|r| columns.row(r)));
    out.push(Piece::Rows(Unruled { rows: cells, page, top, broken }));
}

/// The middles of the columns of a table, from left to right.
struct Columns(Vec<f32>);

impl Columns {
    /// As most figures stand in one row; without rows, as most labels do.
    fn of(rows: &[Row], header: &[Cut]) -> Columns {
        let most = rows.iter().map(|r| r.figures.len()).max().unwrap_or(0);
        let full = rows.iter().filter(|r| r.figures.len() == most);
        let mut spans: Vec<(f32, f32)> = vec![(f32::INFINITY, f32::NEG_INFINITY); most];
        for row in full {
            for (span, (x0, x1)) in spans.iter_mut().zip(&row.figures) {
                *span = (span.0.min(*x0), span.1.max(*x1));
            }
        }
        if rows.is_empty() {
            let widest = header.iter().max_by_key(|c| c.parts.len());
            spans =
                widest.map_or_else(Vec::new, |c| c.parts.iter().map(|p| (p.x0, p.x1)).collect());
        }
        Columns(spans.into_iter().map(|(a, b)| (a + b) / 2.0).collect())
    }

    /// The column nearest to a place.
    fn nearest(&self, x: f32) -> usize {
        let after = self.0.partition_point(|c| *c < x);
        match (after.checked_sub(1), self.0.get(after)) {
            (Some(before), Some(next)) if x - self.0[before] < next - x => before,
            (Some(before), None) => before,
            _ => after,
        }
    }

    /// The number of a column in the grid: labels stand before the figures.
    fn x(column: usize) -> Option<u16> {
        u16::try_from(LABELS + column).ok()
    }

    /// A row with a blank cell where a figure is missing.
    fn row(&self, row: Row) -> Vec<(String, Option<u16>)> {
        let mut texts = row.cells;
        let figures = texts.split_off(texts.len() - row.figures.len());
        let mut at: Vec<usize> =
            row.figures.iter().map(|(x0, x1)| self.nearest((x0 + x1) / 2.0)).collect();
        if at.windows(2).any(|w| w[0] >= w[1]) {
            at = (0..figures.len()).collect();
        }
        let mut cells: Vec<(String, Option<u16>)> = texts
            .into_iter()
            .enumerate()
            .map(|(i, t)| (t, u16::try_from(i.min(LABELS - 1)).ok()))
            .collect();
        let mut figures = at.into_iter().zip(figures).peekable();
        for column in 0..self.0.len() {
            let here = figures.next_if(|(at, _)| *at == column);
            cells.push((here.map(|(_, t)| t).unwrap_or_default(), Columns::x(column)));
        }
        cells
    }

    /// What stands over the columns: what spans several first, then each column's own lines.
    fn header(&self, header: &[Cut]) -> Vec<Vec<(String, Option<u16>)>> {
        let mut over: Vec<(String, Option<u16>)> = Vec::new();
        let mut own: Vec<String> = vec![String::new(); self.0.len()];
        let mut label = String::new();
        let reach = match self.0[..] {
            [first, second, ..] => (second - first) / 2.0,
            _ => 40.0,
        };
        for cut in header {
            for (part, text) in cut.parts.iter().zip(&cut.texts) {
                let inside = self.0.iter().filter(|c| part.x0 <= **c && **c <= part.x1).count();
                let middle = (part.x0 + part.x1) / 2.0;
                let column = self.nearest(middle);
                match inside {
                    _ if self.0.is_empty() => label.push_str(text),
                    0 if part.x1 < self.0[0] - reach.min(part.size) => label.push_str(text),
                    0 | 1 => own[column].push_str(text),
                    _ => {
                        let first = self.0.partition_point(|c| *c < part.x0);
                        over.push((text.clone(), Columns::x(first)));
                    }
                }
            }
        }
        if !label.is_empty() {
            over.insert(0, (label, Some(0)));
        }
        over.sort_by_key(|(_, x)| *x);
        let own = own.into_iter().enumerate().filter(|(_, t)| !t.is_empty());
        let own: Vec<_> = own.map(|(i, t)| (t, Columns::x(i))).collect();
        [over, own].into_iter().filter(|row| !row.is_empty()).collect()
    }
}

/// Columns kept for labels.
const LABELS: usize = 4;
