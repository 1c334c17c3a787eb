//! A table without lines as cells: the header over its columns, and its rows.

use super::lanes::{Lanes, Over, Part, Placed, place};
use super::spacing::Spacing;
use super::span::Span;
use super::table::Row;
use super::{Cut, Piece, Unruled};

/// Columns kept for labels.
const LABELS: usize = 4;

/// A cell and its column, where that is told.
type Cell = (String, Option<u16>);

/// A header and the rows under it up to a line that is neither; `line`: that line.
#[derive(Default)]
pub(super) struct Block {
    pub(super) header: Vec<Cut>,
    pub(super) rows: Vec<Row>,
    pub(super) line: Option<Cut>,
}

impl Block {
    fn is_empty(&self) -> bool {
        self.header.is_empty() && self.rows.is_empty()
    }
}

/// Gives blocks from top to bottom, those under one header by the same columns.
pub(super) fn give(blocks: Vec<Block>, spacing: Spacing, out: &mut Vec<Piece>) {
    let mut rest = blocks.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut chain = vec![first];
        while let Some(next) = rest.next_if(|block| block.header.is_empty()) {
            chain.push(next);
        }
        let mut columns = Columns::of(&chain, spacing);
        for block in chain {
            let Block { header, rows, line } = block;
            let block = Block { header, rows, line: None };
            if !block.is_empty() {
                out.extend(columns.block(block).map(Piece::Rows));
            }
            out.extend(line.map(|cut| Piece::Line(cut.line_of_label())));
        }
    }
}

/// The columns of rows under one header.
struct Columns {
    lanes: Lanes,
    header: Vec<Part>,
    sure: bool,
    spacing: Spacing,
}

impl Columns {
    fn of(chain: &[Block], spacing: Spacing) -> Columns {
        let rows = || chain.iter().flat_map(|block| &block.rows);
        let (mut lanes, sure) = Lanes::of(rows().map(|row| &row.figures[..]));
        let header: &[Cut] = chain.first().map_or(&[], |block| &block.header);
        if rows().next().is_none() {
            // without rows, as most labels stand
            let widest = header.iter().max_by_key(|cut| cut.parts.len());
            let spans = widest.iter().flat_map(|cut| cut.parts.iter().map(|p| (p.x0, p.x1)));
            lanes = Lanes(spans.collect());
        }
        let labels = rows().map(Row::label_end).fold(f32::NEG_INFINITY, f32::max);
        let Placed { parts, lanes, sure: placed } = place(header, &lanes, labels);
        Columns { lanes, header: parts, sure: sure && placed, spacing }
    }

    /// The cells of a block.
    fn block(&mut self, block: Block) -> Option<Unruled> {
        let Block { header, rows, .. } = block;
        let first = header.first().map(|c| (c.line.page, c.line.top()));
        let (page, top) = first.or(rows.first().map(|r| (r.page, r.top - r.size)))?;
        let broken = rows.last().and_then(Row::broken);
        let mut cells = self.header();
        let mut unsure = Vec::new();
        for row in rows {
            let told = self.sure && !row.unsure;
            let (row, placed) = self.row(row);
            if !told || !placed {
                unsure.push(cells.len());
            }
            cells.push(row);
        }
        Some(Unruled { rows: cells, page, top, broken, unsure })
    }

    /// The number of a column in the grid: labels stand before the figures.
    fn x(column: usize) -> Option<u16> {
        u16::try_from(LABELS + column).ok()
    }

    /// A row with a blank cell where a figure is missing, and whether it is sure where.
    fn row(&self, row: Row) -> (Vec<Cell>, bool) {
        let mut texts = row.cells;
        let figures = texts.split_off(texts.len() - row.figures.len());
        let (at, sure) = self.lanes.columns(&row.figures);
        let label = |(i, t): (usize, String)| (t, u16::try_from(i.min(LABELS - 1)).ok());
        let mut cells: Vec<Cell> = texts.into_iter().enumerate().map(label).collect();
        let mut figures = at.into_iter().zip(figures).peekable();
        for column in 0..self.lanes.len() {
            let here = figures.next_if(|(at, _)| *at == column);
            cells.push((here.map(|(_, t)| t).unwrap_or_default(), Columns::x(column)));
        }
        (cells, sure)
    }

    /// What stands over the columns, given once: headings line by line, then each column's own.
    fn header(&mut self) -> Vec<Vec<Cell>> {
        let parts = std::mem::take(&mut self.header);
        let mut label = String::new();
        let mut own: Vec<(String, f32)> = vec![(String::new(), 0.0); self.lanes.len()];
        let mut headings: Vec<Heading> = Vec::new();
        for part in parts.into_iter().rev() {
            let (text, y) = (part.line.text(), part.line.y);
            let goes_on = |below: f32| self.spacing.of_one_text(below - y, part.line.size);
            let column = match part.over {
                Over::Labels => {
                    label.insert_str(0, &text);
                    continue;
                }
                Over::Column(i) if own[i].0.is_empty() || goes_on(own[i].1) => {
                    own[i].0.insert_str(0, &text);
                    own[i].1 = y;
                    continue;
                }
                Over::Column(i) | Over::Group(i) => i,
            };
            let span = (part.line.x0, part.line.x1);
            match headings.iter_mut().find(|h| h.is_under(span) && goes_on(h.y)) {
                Some(heading) => {
                    heading.text.insert_str(0, &text);
                    (heading.y, heading.span) = (y, span);
                }
                None => headings.push(Heading { text, span, y, bottom: y, column }),
            }
        }
        headings.sort_by(|a, b| {
            (a.bottom, a.span.0)
                .partial_cmp(&(b.bottom, b.span.0))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut last = f32::NEG_INFINITY;
        for heading in headings {
            let cell = (heading.text, Columns::x(heading.column));
            match rows.last_mut() {
                Some(row) if heading.bottom - last < 4.0 => row.push(cell),
                _ => rows.push(vec![cell]),
            }
            last = heading.bottom;
        }
        if !label.is_empty() {
            let label = (label, Some(0));
            match rows.first_mut() {
                Some(row) => row.insert(0, label),
                None => rows.push(vec![label]),
            }
        }
        let own = own.into_iter().enumerate().filter(|(_, (text, _))| !text.is_empty());
        let own: Vec<Cell> = own.map(|(i, (text, _))| (text, Columns::x(i))).collect();
        rows.extend((!own.is_empty()).then_some(own));
        rows
    }
}

/// A heading over several columns.
struct Heading {
    text: String,
    /// Of its upper line.
    span: Span,
    /// Baselines of its upper and its lower line.
    y: f32,
    bottom: f32,
    /// The first of the columns.
    column: usize,
}

impl Heading {
    /// Whether a line above stands over it.
    fn is_under(&self, span: Span) -> bool {
        self.span.0 < span.1 && span.0 < self.span.1
    }
}
