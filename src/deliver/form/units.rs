//! The sheet of a workbook that has the figures of each unit, which the sums of the form refer to.

use std::ops::Range;

use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{Format as Style, FormatAlign, Worksheet, XlsxError};

use super::file::{Entry, FormFile, Units};
use super::xlsx::{LINE, Styles, UNIT_HEAD, column, line};
use crate::form::CellDef;
use crate::table::Value;

/// Widths of the columns before the figures.
const WIDTHS: [f64; 7] = [6.0, 30.0, 14.0, 11.0, 9.0, 7.0, 12.0];

/// Width of the others.
const FIGURE: f64 = 9.0;
/// How much smaller it is printed, in hundredths, and the characters that an A3 sheet takes across
/// then in the programs with the widest ones.
const SCALE: u16 = 60;
const PAPER: f64 = 228.0;
/// Columns that stand on every sheet of paper: number and body.
const REPEATED: usize = 2;

/// The figures of each unit, a line a unit.
pub(super) fn write(
    out: &mut Worksheet,
    file: &FormFile<'_>,
    units: &Units,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (at, heading) in units.columns.iter().enumerate() {
        let title = heading.title.as_deref().unwrap_or(&heading.name);
        out.merge_range(0, column(at), UNIT_HEAD - 1, column(at), title, &styles.heading)?;
    }
    let mut left = units.columns.len();
    // columns that stand under one heading, which no edge of the paper may cut
    let mut groups = Vec::new();
    groups.push(REPEATED..left);
    let table_heading = styles.heading.clone().set_align(FormatAlign::Left);
    for (t, sheet) in file.sheets.iter().enumerate() {
        let width = file.entries[t].len();
        merge(out, (0, left), width, &sheet.title, &table_heading)?;
        let mut n = 0;
        for block in &sheet.table.blocks {
            for row in &block.rows {
                groups.push(left + n..left + n + block.columns.len());
                merge(
                    out,
                    (1, left + n),
                    block.columns.len(),
                    &sheet.table.row_label(row),
                    &styles.heading,
                )?;
                for heading in sheet.table.block_columns(block) {
                    out.write_string_with_format(
                        2,
                        column(left + n),
                        &heading.label,
                        &styles.heading,
                    )?;
                    n += 1;
                }
            }
        }
        left += width;
    }
    for (number, (values, tables)) in units.rows.iter().enumerate() {
        let row = UNIT_HEAD + line(number);
        for (at, value) in values.iter().enumerate() {
            match value {
                Value::Int(n) => {
                    out.write_number_with_format(row, column(at), *n as f64, &styles.count)?;
                }
                Value::Text(text) => {
                    out.write_string_with_format(row, column(at), text, &styles.label)?;
                }
                _ => {
                    out.write_blank(row, column(at), &styles.label)?;
                }
            }
        }
        let mut at = units.columns.len();
        for (t, entries) in tables.iter().enumerate() {
            for (n, entry) in entries.iter().enumerate() {
                unit_cell(
                    out,
                    (row, column(at)),
                    entry,
                    file.sheets[t].table.numbered_cell(n),
                    styles,
                )?;
                at += 1;
            }
        }
    }
    for at in 0..left {
        out.set_column_width(column(at), width(at..at + 1))?;
    }
    out.set_row_height(1, 4.0 * LINE)?;
    out.set_row_height(2, 3.0 * LINE)?;
    out.set_freeze_panes(UNIT_HEAD, 2)?;
    let last = column(left.saturating_sub(1));
    let bottom = UNIT_HEAD + line(units.rows.len()).saturating_sub(1);
    out.autofilter(UNIT_HEAD - 1, 0, bottom, last)?;
    out.set_paper_size(8).set_landscape().set_print_scale(SCALE);
    out.set_repeat_rows(0, UNIT_HEAD - 1)?.set_repeat_columns(0, column(REPEATED - 1))?;
    out.set_vertical_page_breaks(&page_breaks(&groups))?;
    Ok(())
}

fn width(columns: Range<usize>) -> f64 {
    columns.map(|at| WIDTHS.get(at).copied().unwrap_or(FIGURE)).sum()
}

/// The columns that begin a sheet of paper, so that each has as many groups as it takes.
fn page_breaks(groups: &[Range<usize>]) -> Vec<u32> {
    let room = PAPER - width(0..REPEATED);
    let (mut breaks, mut taken) = (Vec::new(), 0.0);
    for group in groups {
        let width = width(group.clone());
        if taken > 0.0 && taken + width > room {
            breaks.push(line(group.start));
            taken = 0.0;
        }
        taken += width;
    }
    breaks
}

fn unit_cell(
    out: &mut Worksheet,
    (row, column): (u32, u16),
    entry: &Entry,
    def: CellDef<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match entry.number.and_then(|n| n.to_f64()) {
        Some(number) => out.write_number_with_format(row, column, number, styles.figure(def))?,
        None if entry.text.is_empty() => out.write_blank(row, column, &styles.text)?,
        None => out.write_string_with_format(row, column, &entry.text, &styles.text)?,
    };
    Ok(())
}

/// A heading over several columns.
fn merge(
    out: &mut Worksheet,
    (row, left): (u32, usize),
    columns: usize,
    text: &str,
    style: &Style,
) -> Result<(), XlsxError> {
    match columns {
        0 => {}
        1 => {
            out.write_string_with_format(row, column(left), text, style)?;
        }
        _ => {
            out.merge_range(row, column(left), row, column(left + columns - 1), text, style)?;
        }
    }
    Ok(())
}
