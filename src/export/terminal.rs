//! `table`: drawn with lines, as wide as its reader has room.

use std::io::{self, Write};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Width};

use super::Options;
use super::markup::{cells, heading, is_numeric, notice};
use crate::table::Table;

/// Blank columns that comfy-table puts around a cell.
const PADDING: u16 = 2;

pub(super) fn write(table: &Table, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(UTF8_FULL_CONDENSED);
    if let Some(width) = options.width {
        drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for row in 0..table.rows.len() {
        drawn.add_row(cells(table, row).map(Cell::new));
    }
    // Measured before the headings are added: a heading may break over lines, a number may not.
    let widths = drawn.column_max_content_widths();
    drawn.set_header(table.columns.iter().map(|column| Cell::new(heading(column))));
    for (index, column) in drawn.column_iter_mut().enumerate() {
        if is_numeric(table, index) {
            column.set_cell_alignment(CellAlignment::Right);
            let least = widths.get(index).copied().unwrap_or(0).saturating_add(PADDING);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
    }
    if !table.columns.is_empty() {
        for line in drawn.lines() {
            writeln!(out, "{line}")?;
        }
    }
    match notice(table, options.lang) {
        Some(notice) => writeln!(out, "{notice}"),
        None => Ok(()),
    }
}
