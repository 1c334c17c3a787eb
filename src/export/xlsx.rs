//! `xlsx`: a workbook with a sheet for each table and one that says what they are. Numbers are
//! numbers and look as in tables for people; codes, names and what is longer than a spreadsheet's
//! numbers are text.

use std::io::{self, Write};

use rust_i18n::t;
use rust_xlsxwriter::{Format as Style, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::layout::width;
use super::markup::{notice, real, shown, whole_heading, yuan};
use super::workbook::{FONT, Look, Names, failed, properties};
use super::{Document, Options};
use crate::table::{Column, Table, Unit, Value, blob_literal};

/// Rows of a sheet, the headings among them, and characters of a cell: more cannot be written.
const MAX_ROWS: usize = 1 << 20;
const MAX_TEXT: usize = 32_767;
/// Up to here every whole number is one in a spreadsheet, too.
const MAX_EXACT: u64 = 1 << 53;
/// Widths of columns in characters; what is longer takes more lines.
const NARROWEST: usize = 6;
const WIDEST: usize = 60;
/// What a line of the widest column holds wherever it is opened: programs count characters unlike.
const LINE: usize = WIDEST - 8;
/// Points that a line takes, and a row at most.
const LINE_HEIGHT: f64 = 15.0;
const HIGHEST: f64 = 409.0;
/// What the arrow of the filter takes from a heading.
const ARROW: usize = 3;
pub(super) fn write(
    document: &Document<'_>,
    out: &mut dyn Write,
    options: &Options,
) -> io::Result<()> {
    let locale = options.lang.key();
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&document.about.title).map_err(failed)?);
    let mut names = Names::default();
    for part in &document.parts {
        let name = match part.title.as_str() {
            "" => t!("export.data", locale = locale).into_owned(),
            title => title.to_owned(),
        };
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.take(&name)).map_err(failed)?;
        fill(sheet, &part.table)?;
    }
    let name = names.take(&t!("export.notes", locale = locale));
    let sheet = workbook.add_worksheet().set_name(name).map_err(failed)?;
    explain(sheet, document, options).map_err(failed)?;
    out.write_all(&workbook.save_to_buffer().map_err(failed)?)
}

/// The looks of an answer's cells.
const LOOKS: [Look; 6] =
    [Look::General, Look::Whole, Look::Count, Look::Decimal, Look::Rate, Look::Yuan];

/// What stands in a cell.
#[derive(Debug, PartialEq)]
enum Cell {
    Empty,
    Text(String),
    Number(f64, Look),
}

/// A value as a spreadsheet has it; `label` is what people read in its place.
fn cell(value: &Value, unit: Unit, label: Option<&str>) -> Cell {
    let unit = meant(value, unit, label);
    let labelled = |text: String| Cell::Text(label.map_or(text, str::to_owned));
    match (value, unit) {
        (Value::Null, _) => label.map_or(Cell::Empty, |text| Cell::Text(text.to_owned())),
        (Value::Text(text), _) => labelled(text.clone()),
        (Value::Blob(bytes), _) => labelled(blob_literal(bytes)),
        (Value::Int(n), Unit::Plain | Unit::Label | Unit::Severity) if label.is_some() => {
            labelled(n.to_string())
        }
        (Value::Int(n), Unit::Fen) if n.unsigned_abs() > MAX_EXACT => Cell::Text(yuan(*n)),
        (Value::Int(n), _) if n.unsigned_abs() > MAX_EXACT => Cell::Text(n.to_string()),
        (Value::Int(n), Unit::Fen) => Cell::Number(*n as f64 / 100.0, Look::Yuan),
        (Value::Int(n), Unit::Rate | Unit::Growth) => Cell::Number(*n as f64, Look::Rate),
        (Value::Int(n), Unit::Points) => Cell::Number(*n as f64 * 100.0, Look::Decimal),
        (Value::Int(n), Unit::Count) => Cell::Number(*n as f64, Look::Count),
        (Value::Int(n), _) => Cell::Number(*n as f64, Look::Whole),
        (Value::Real(x), _) if x.is_nan() => Cell::Empty,
        (Value::Real(x), _) if x.is_infinite() => Cell::Text(real(*x)),
        (Value::Real(x), Unit::Fen) => Cell::Number(x / 100.0, Look::Yuan),
        (Value::Real(x), Unit::Rate | Unit::Growth) => Cell::Number(*x, Look::Rate),
        (Value::Real(x), Unit::Points) => Cell::Number(x * 100.0, Look::Decimal),
        (Value::Real(x), Unit::Count | Unit::Ratio) => Cell::Number(*x, Look::Decimal),
        (Value::Real(x), _) => Cell::Number(*x, Look::General),
    }
}

/// The unit that a number is shown in: a label may write it in another than its column's.
fn meant(value: &Value, unit: Unit, label: Option<&str>) -> Unit {
    let written = |unit: &Unit| label.is_some_and(|label| label == shown(value, *unit));
    let number = matches!(value, Value::Int(_) | Value::Real(_));
    [unit, Unit::Rate, Unit::Fen].into_iter().find(|u| number && written(u)).unwrap_or(unit)
}

/// The styles of a sheet, each made once.
struct Styles {
    heading: Style,
    text: Style,
    title: Style,
    numbers: Vec<Style>,
}

impl Styles {
    fn new() -> Styles {
        let plain = Style::new().set_font_name(FONT).set_align(FormatAlign::Top);
        let text = plain.clone().set_num_format("@").set_text_wrap();
        let number =
            |look: Look| plain.clone().set_num_format(look.code()).set_align(FormatAlign::Right);
        Styles {
            heading: Style::new()
                .set_font_name(FONT)
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#EDEDED")
                .set_border_bottom(FormatBorder::Thin),
            title: text.clone().set_bold(),
            text,
            numbers: LOOKS.map(number).to_vec(),
        }
    }

    fn number(&self, look: Look) -> &Style {
        let at = LOOKS.iter().position(|known| *known == look).unwrap_or_default();
        &self.numbers[at]
    }
}

/// Writes a table: headings that stay in sight and filter, then its rows.
pub(crate) fn fill(sheet: &mut Worksheet, table: &Table) -> io::Result<()> {
    if table.rows.len() >= MAX_ROWS {
        let (rows, most) = (table.rows.len(), MAX_ROWS - 1);
        return Err(io::Error::other(
            t!("export.xlsx_rows", rows = rows, most = most).into_owned(),
        ));
    }
    let styles = Styles::new();
    let mut widths: Vec<usize> = Vec::with_capacity(table.columns.len());
    for (at, column) in (0..).zip(&table.columns) {
        let heading = whole_heading(column);
        sheet.write_string_with_format(0, at, &heading, &styles.heading).map_err(failed)?;
        let longest = heading.split('\n').map(width).max().unwrap_or(0);
        widths.push(longest + ARROW);
    }
    for (number, row) in table.rows.iter().enumerate() {
        let is_heading = row.len() == 1 && table.columns.len() > 1;
        let text = if is_heading { &styles.title } else { &styles.text };
        let at = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let mut lines = 1;
        for (index, (value, column)) in row.iter().zip(&table.columns).enumerate() {
            let label = column.labels.get(number).and_then(Option::as_deref);
            let made = cell(value, column.unit, label);
            if !is_heading {
                widths[index] = widths[index].max(room(&made));
            }
            let to = u16::try_from(index).unwrap_or(u16::MAX);
            match made {
                Cell::Empty => {}
                Cell::Number(x, look) => {
                    let style = styles.number(look);
                    sheet.write_number_with_format(at, to, x, style).map_err(failed)?;
                }
                Cell::Text(said) => {
                    fits(&said, number, column)?;
                    lines = lines.max(said.split('\n').map(lines_of).sum());
                    sheet.write_string_with_format(at, to, said, text).map_err(failed)?;
                }
            }
        }
        // rows do not grow everywhere by themselves
        if lines > 1 {
            let height = (LINE_HEIGHT * lines as f64).min(HIGHEST);
            sheet.set_row_height(at, height).map_err(failed)?;
        }
    }
    arrange(sheet, table, &widths).map_err(failed)?;
    Ok(())
}

/// The lines that a text takes in the widest column.
fn lines_of(text: &str) -> usize {
    width(text).div_ceil(LINE).max(1)
}

/// Refuses a text that a cell cannot hold: cutting it off would be no export.
fn fits(text: &str, row: usize, column: &Column) -> io::Result<()> {
    let length = text.encode_utf16().count();
    if length <= MAX_TEXT {
        return Ok(());
    }
    let said = t!(
        "export.xlsx_text",
        row = row + 1,
        column = column.name,
        length = length,
        most = MAX_TEXT
    );
    Err(io::Error::other(said.into_owned()))
}

/// The characters that a cell takes, of which a Chinese one is two.
fn room(cell: &Cell) -> usize {
    let grouped = |x: f64, digits: usize| {
        let text = format!("{:.0}", x.trunc().abs());
        text.len() + text.len().saturating_sub(1) / 3 + digits + usize::from(x < 0.0)
    };
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) => text.split('\n').map(width).max().unwrap_or(0),
        Cell::Number(x, Look::General | Look::Text) => real(*x).len().min(12),
        Cell::Number(x, Look::Whole | Look::Count) => grouped(*x, 0),
        Cell::Number(x, Look::Rate) => grouped(x * 100.0, 4),
        Cell::Number(x, Look::Decimal | Look::Yuan) => grouped(*x, 5),
    }
}

/// Widths, the frozen headings, their filter, and how the sheet prints.
fn arrange(sheet: &mut Worksheet, table: &Table, widths: &[usize]) -> Result<(), XlsxError> {
    for (at, width) in (0..).zip(widths) {
        sheet.set_column_width(at, (width + 1).clamp(NARROWEST, WIDEST) as f64)?;
    }
    if let Some(last) = table.columns.len().checked_sub(1).and_then(|n| u16::try_from(n).ok()) {
        let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, rows, last)?;
        sheet.set_repeat_rows(0, 0)?;
    }
    // A4, as wide as the paper and as long as it must be
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// The sheet that says what the others are: title, notes, what was asked for, what each column is.
fn explain(
    sheet: &mut Worksheet,
    document: &Document<'_>,
    options: &Options,
) -> Result<(), XlsxError> {
    let locale = options.lang.key();
    let styles = Styles::new();
    let mut lines: Vec<[String; 3]> = Vec::new();
    let line = |name: &str, value: &str| [name.to_owned(), value.to_owned(), String::new()];
    for note in &document.about.notes {
        lines.push(line(&t!("export.note", locale = locale), note));
    }
    for (name, value) in &document.about.facts {
        lines.push(line(name, value));
    }
    for part in &document.parts {
        lines.push(line("", ""));
        let [key, heading, unit] = ["key", "heading", "unit"]
            .map(|name| t!(format!("export.column.{name}"), locale = locale).into_owned());
        if let Some(notice) = notice(&part.table, options.lang) {
            lines.push(line(&t!("export.rows", locale = locale), &notice));
        }
        lines.push([if part.title.is_empty() { key } else { part.title.clone() }, heading, unit]);
        for column in &part.table.columns {
            let heading = whole_heading(column).replace('\n', " ");
            lines.push([column.name.clone(), heading, unit_of(column, locale)]);
        }
    }
    sheet.write_string_with_format(0, 0, &document.about.title, &styles.title)?;
    for (row, texts) in (1..).zip(&lines) {
        for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            let style = if column == 0 { &styles.title } else { &styles.text };
            let text: String = text.chars().take(MAX_TEXT / 2).collect();
            sheet.write_string_with_format(row, column, text, style)?;
        }
    }
    let names = lines.iter().map(|[name, ..]| width(name)).max().unwrap_or(0);
    sheet.set_column_width(0, (names + 2).clamp(12, 40) as f64)?;
    sheet.set_column_width(1, 90)?;
    sheet.set_column_width(2, 20)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// What the numbers of a column are, in words.
fn unit_of(column: &Column, locale: &str) -> String {
    match column.unit {
        Unit::Rate | Unit::Growth => t!("export.unit_of.rate", locale = locale).into(),
        Unit::Points => t!("export.unit_of.points", locale = locale).into(),
        Unit::Ratio => t!("export.unit_of.ratio", locale = locale).into(),
        Unit::Fen => t!("export.unit_of.yuan", locale = locale).into(),
        Unit::Count => t!("export.unit_of.count", locale = locale).into(),
        Unit::Plain | Unit::Label | Unit::Severity => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_what_would_lose_digits_is_text() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let exact = 9_007_199_254_740_992;
        for (value, unit, label, expected) in [
            (Value::Int(1234), Unit::Count, None, Cell::Number(1234.0, Look::Count)),
            (Value::Int(exact), Unit::Plain, None, Cell::Number(exact as f64, Look::Whole)),
            (Value::Int(exact + 1), Unit::Plain, None, text("9007199254740993")),
            (Value::Int(i64::MIN), Unit::Fen, None, text("-92233720368547758.08")),
            (Value::Int(-5), Unit::Fen, None, Cell::Number(-0.05, Look::Yuan)),
            (Value::Real(0.125), Unit::Rate, None, Cell::Number(0.125, Look::Rate)),
            (Value::Real(f64::INFINITY), Unit::Plain, None, text("9e999")),
            (Value::Null, Unit::Count, None, Cell::Empty),
            (Value::Text("032".to_owned()), Unit::Label, None, text("032")),
            (Value::Text("own".to_owned()), Unit::Plain, Some("本机关"), text("本机关")),
            (Value::Int(1), Unit::Label, Some("省"), text("省")),
            // a row in another unit than its column's
            (Value::Real(0.5), Unit::Count, Some("50.00%"), Cell::Number(0.5, Look::Rate)),
            (Value::Int(250), Unit::Count, Some("2.50"), Cell::Number(2.5, Look::Yuan)),
            (Value::Real(2.3456), Unit::Count, Some("2.35"), Cell::Number(2.3456, Look::Decimal)),
        ] {
            assert_eq!(cell(&value, unit, label), expected, "{value:?} {unit:?} {label:?}");
        }
    }
}
