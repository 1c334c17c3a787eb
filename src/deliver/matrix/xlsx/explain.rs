//! The second sheet: what was asked for, what colours and marks mean, what each measure is.

use rust_i18n::t;
use rust_xlsxwriter::{Format as Style, Worksheet, XlsxError};

use super::super::{About, Matrix};
use super::LINE_HEIGHT;
use super::style::{CellStyle, Fill};
use crate::export::workbook::{FONT, Look};
use crate::export::{printable, text_width};
use crate::lang::Lang;
use crate::table::{Table, Value};

/// Widths of the columns, and the last of those that a sentence takes.
const WIDTHS: [usize; 8] = [36, 34, 44, 44, 12, 12, 12, 12];
const LAST: usize = 3;

/// The sheet that says what the other is.
pub(super) fn explain(
    matrix: &Matrix<'_>,
    about: &About,
    lang: Lang,
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    let locale = lang.key();
    let said = CellStyle::of(Look::Text, Fill::Plain).style();
    let bold = said.clone().set_bold();
    let mut lines: Vec<(String, Style, String)> = Vec::new();
    for (name, value) in &about.facts {
        lines.push((name.clone(), bold.clone(), value.clone()));
    }
    for (fill, which) in [
        (Fill::Error, "error"),
        (Fill::Warning, "warning"),
        (Fill::Corrected, "corrected"),
        (Fill::Open, "open"),
        (Fill::NotAsked, "not_asked"),
    ] {
        let name = t!(format!("deliver.matrix.fill.{which}"), locale = locale);
        let meaning = t!(format!("deliver.matrix.means.{which}"), locale = locale);
        let style = CellStyle::of(Look::Text, fill).style();
        lines.push((name.into(), style, meaning.into()));
    }
    for note in matrix.notes(about, lang) {
        lines.push((t!("export.note", locale = locale).into(), bold.clone(), note));
    }
    let title = Style::new().set_font_name(FONT).set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, printable(&about.title), &title)?;
    let room: usize = WIDTHS[1..=LAST].iter().sum();
    for (row, (name, style, value)) in (1..).zip(&lines) {
        sheet.write_string_with_format(row, 0, printable(name), style)?;
        sheet.merge_range(row, 1, row, LAST as u16, &printable(value), &said)?;
        // rows do not grow with merged cells
        let height = value.split('\n').map(|line| (text_width(line) + 2).div_ceil(room)).sum();
        sheet.set_row_height(row, height_of(height))?;
    }
    let first = u32::try_from(lines.len() + 2).unwrap_or(u32::MAX);
    definitions(&matrix.measures(lang), first, sheet)?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width as f64)?;
    }
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn height_of(lines: usize) -> f64 {
    LINE_HEIGHT * lines.max(1) as f64
}

/// The table of measures from a row on.
fn definitions(table: &Table, first: u32, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let heading = CellStyle::of(Look::Text, Fill::Heading).style();
    let text = CellStyle::of(Look::Text, Fill::Plain).style();
    let count = CellStyle::of(Look::Count, Fill::Plain).style();
    for (to, column) in (0..).zip(&table.columns) {
        let title = column.title.as_deref().unwrap_or(&column.name);
        sheet.write_string_with_format(first, to, title, &heading)?;
    }
    for (row, values) in (first + 1..).zip(&table.rows) {
        let mut lines = 1;
        for (to, value) in (0..).zip(values) {
            match value {
                Value::Text(said) => {
                    sheet.write_string_with_format(row, to, printable(said), &text)?;
                    let room = WIDTHS.get(usize::from(to)).copied().unwrap_or(10);
                    lines = lines.max((text_width(said) + 2).div_ceil(room));
                }
                Value::Int(n) => {
                    sheet.write_number_with_format(row, to, *n as f64, &count)?;
                }
                _ => {
                    sheet.write_blank(row, to, &text)?;
                }
            }
        }
        sheet.set_row_height(row, height_of(lines))?;
    }
    Ok(())
}
