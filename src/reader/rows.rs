//! Tables whose cells are told by marks in the text and by where their edges lie, as Word keeps
//! them (doc, rtf): the edges of all rows of a table give its columns.

use super::document::{Block, Document};
use super::flow::Flow;

/// Tables nested deeper than this are taken for ones at this depth.
const MAX_LEVEL: usize = 50;
/// Edges nearer than this, in twips, are one: rows are not always ruled alike to the hair.
const NEAR: u16 = 60;
/// What is added to edges, which lie left of the margin by a few hundred.
const MARGIN: i32 = 8_192;

/// A cell of a row, as the row defines it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ruled {
    /// Left edge in twips.
    pub left: i32,
    /// Whether it belongs to the cell above or before it.
    pub covered: bool,
}

/// Opens and closes tables until the text stands in as many, in a cell of each.
pub fn enter(flow: &mut Flow, level: usize) {
    let level = level.min(MAX_LEVEL);
    while flow.depth() > level {
        flow.close_table();
    }
    while flow.depth() < level {
        if flow.depth() > 0 && !flow.in_cell() {
            flow.open_cell();
        }
        flow.open_table();
    }
    if level > 0 && !flow.in_cell() {
        flow.open_cell();
    }
}

/// Ends the cell at a level.
pub fn end_cell(flow: &mut Flow, level: usize) {
    // what stands in a deeper table ended with its own marks
    enter(flow, level);
    flow.end_paragraph();
    flow.close_cell(1, false);
}

/// Ends the row at a level; whether its definition tells of all its cells.
pub fn end_row(flow: &mut Flow, level: usize, cells: &[Ruled]) -> bool {
    while flow.depth() > level.min(MAX_LEVEL) {
        flow.close_table();
    }
    let marked = flow.row().len();
    // a cell without a mark at its end ends with the row; what is beyond the definition is none
    flow.close_cell(1, false);
    let row = flow.row();
    let count = if row.len() <= cells.len() { row.len() } else { marked };
    // a definition whose edges go back tells no columns
    let is_told = cells.get(..count).is_some_and(|cells| cells.is_sorted_by_key(|c| c.left));
    for (i, cell) in row.iter_mut().enumerate() {
        let ruled = cells.get(i).filter(|_| is_told);
        cell.x = ruled.map(|ruled| position(ruled.left));
        cell.covered = ruled.is_some_and(|ruled| ruled.covered);
    }
    flow.close_row();
    is_told
}

fn position(edge: i32) -> u16 {
    let edge = edge.saturating_add(MARGIN).clamp(0, i32::from(u16::MAX));
    u16::try_from(edge).unwrap_or(u16::MAX)
}

/// Numbers the columns of every grid by the edges in it.
pub fn number_columns(doc: &mut Document) {
    for block in &mut doc.blocks {
        let Block::Grid(grid) = block else { continue };
        let mut edges: Vec<u16> = grid.rows.iter().flatten().filter_map(|cell| cell.x).collect();
        edges.sort_unstable();
        edges.dedup_by(|next, kept| next.saturating_sub(*kept) < NEAR);
        for cell in grid.rows.iter_mut().flatten() {
            let column = |x| edges.partition_point(|edge| *edge <= x).saturating_sub(1);
            cell.x = cell.x.map(|x| u16::try_from(column(x)).unwrap_or(u16::MAX));
        }
    }
}
