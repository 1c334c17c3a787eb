//! The matrix as a workbook: the figures with live sums at the foot, colours and notes where
//! something was found; a second sheet with what must be known.

mod explain;
mod style;

use std::collections::HashMap;
use std::io::{self, Write};

use rust_i18n::t;
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{
    Format as Style, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::table::{Field, fact, heading, severities, word};
use super::{About, Line, Matrix, Remark, RemarkKind, State, Total};
use crate::export::workbook::{Look, properties};
use crate::export::{printable, text_width};
use crate::lang::Lang;
use crate::metric::{Measured, Metric, Unit};
use crate::table::Value;
use explain::explain;
use style::{CellStyle, Fill, look_of};

/// Up to here every whole number is one in a spreadsheet, too.
const MAX_EXACT: u64 = 1 << 53;
/// Characters of a note, and remarks in it: what is more stands in `findings`.
const MOST_SAID: usize = 1500;
const MOST_REMARKS: usize = 12;
/// Widths of columns of text and of figures, in characters of which a Chinese one is two.
const WIDEST_TEXT: usize = 44;
const FIGURES: usize = 12;
/// Points that a line of a heading is high.
const LINE_HEIGHT: f64 = 15.0;

pub(super) fn write(
    matrix: &Matrix<'_>,
    about: &About,
    out: &mut dyn Write,
    lang: Lang,
) -> io::Result<()> {
    let bytes = workbook(matrix, about, lang)
        .map_err(|error| io::Error::other(t!("export.xlsx_failed", said = error).into_owned()))?;
    out.write_all(&bytes)
}

fn workbook(matrix: &Matrix<'_>, about: &About, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&about.title)?);
    let name = t!("export.data", locale = lang.key());
    let mut sheet = Sheet {
        matrix,
        lang,
        styles: HashMap::new(),
        at: workbook.add_worksheet().set_name(&*name)?,
    };
    sheet.fill()?;
    let name = t!("export.notes", locale = lang.key());
    explain(matrix, about, lang, workbook.add_worksheet().set_name(&*name)?)?;
    workbook.save_to_buffer()
}

/// The sheet of figures under way.
struct Sheet<'w, 'a> {
    matrix: &'a Matrix<'a>,
    lang: Lang,
    /// Each made once.
    styles: HashMap<CellStyle, Style>,
    at: &'w mut Worksheet,
}

impl Sheet<'_, '_> {
    fn text(&mut self, row: u32, column: u16, text: &str, fill: Fill) -> Result<(), XlsxError> {
        let style = style(&mut self.styles, CellStyle::of(Look::Text, fill));
        self.at.write_string_with_format(row, column, printable(text), style)?;
        Ok(())
    }

    fn number(&mut self, at: (u32, u16), value: &Value, cell: CellStyle) -> Result<(), XlsxError> {
        let style = style(&mut self.styles, cell);
        let (row, column) = at;
        match number(value, cell.look) {
            Ok(number) => self.at.write_number_with_format(row, column, number, style)?,
            Err(Some(digits)) => self.at.write_string_with_format(row, column, digits, style)?,
            Err(None) => self.at.write_blank(row, column, style)?,
        };
        Ok(())
    }

    fn fill(&mut self) -> Result<(), XlsxError> {
        let widths = self.headings()?;
        for number in 0..self.matrix.lines.len() {
            self.line(number)?;
        }
        // a free line, so that sorting and filtering never reach the sums
        let first = row_of(self.matrix.lines.len()) + u32::from(!self.matrix.totals.is_empty());
        for (row, total) in (first..).zip(&self.matrix.totals) {
            self.total(row, total)?;
        }
        for (column, width) in (0..).zip(&widths) {
            self.at.set_column_width(column, *width as f64 + 1.0)?;
        }
        let last = u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = row_of(self.matrix.lines.len()) - 1;
        self.at.set_freeze_panes(1, 1)?.autofilter(0, 0, rows, last)?;
        self.at.set_repeat_rows(0, 0)?.set_repeat_columns(0, 0)?;
        self.at.set_paper_size(9).set_landscape();
        // some thirty columns can be read on one sheet of paper, more must go on the next
        let across = u16::try_from(widths.len().div_ceil(30)).unwrap_or(1);
        self.at.set_print_fit_to_pages(across, 0);
        Ok(())
    }

    /// The headings; the widths of the columns.
    fn headings(&mut self) -> Result<Vec<usize>, XlsxError> {
        let (matrix, lang) = (self.matrix, self.lang);
        let style = CellStyle::of(Look::Text, Fill::Heading)
            .style()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter);
        let mut all: Vec<(String, usize)> = Vec::new();
        for key in matrix.facts() {
            let said = matrix.lines.iter().map(|line| text_width(&self.said(key, line)));
            let title = heading(key, lang);
            let width = said.max().unwrap_or(0).max(text_width(&title) + 3);
            all.push((title, width.min(WIDEST_TEXT)));
        }
        // the names of the totals stand in the first one, in bold
        if let Some((_, first)) = all.first_mut() {
            let names = matrix.totals.iter().map(|total| matrix.total_name(total, lang));
            let width = names.map(|name| text_width(&name) + 3).max().unwrap_or(0);
            *first = width.max(*first).min(WIDEST_TEXT);
        }
        for column in 0..matrix.columns.len() {
            for field in matrix.fields(column) {
                all.push((matrix.title(column, *field, lang), FIGURES));
            }
        }
        all.extend(["errors", "warnings"].map(|key| (heading(key, lang), 8)));
        let mut lines = 1;
        for (column, (title, width)) in (0..).zip(&all) {
            self.at.write_string_with_format(0, column, printable(title), &style)?;
            // a little more than the letters need: they do not break where they would best
            lines = lines.max((text_width(title) + 4).div_ceil(*width));
        }
        self.at.set_row_height(0, LINE_HEIGHT * lines.min(12) as f64)?;
        Ok(all.into_iter().map(|(_, width)| width).collect())
    }

    /// What people read of a report under a key.
    fn said(&self, key: &str, line: &Line) -> String {
        match (word(key, line, self.lang), fact(key, line)) {
            (Some(word), _) => word,
            (None, Value::Text(text)) => text,
            (None, Value::Int(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn line(&mut self, number: usize) -> Result<(), XlsxError> {
        let matrix = self.matrix;
        let (line, row) = (&matrix.lines[number], row_of(number));
        let worst = line.remarks.iter().map(|r| r.kind).max();
        let mut to = 0;
        for key in matrix.facts() {
            match key {
                "year" => {
                    let year = Value::Int(line.report.year.into());
                    self.number((row, to), &year, CellStyle::of(Look::Whole, Fill::Plain))?;
                }
                _ => {
                    let fill = if to == 0 { Fill::of(worst) } else { Fill::Plain };
                    self.text(row, to, &self.said(key, line), fill)?;
                }
            }
            to += 1;
        }
        let lines = text_width(&line.report.organ).div_ceil(WIDEST_TEXT);
        if lines > 1 {
            self.at.set_row_height(row, LINE_HEIGHT * lines.min(6) as f64)?;
        }
        self.note(row, 0, line.remarks.iter())?;
        for (column, entry) in line.entries.iter().enumerate() {
            let about = || line.remarks.iter().filter(move |r| r.columns.contains(&column));
            let worst = about().map(|r| r.kind).max();
            let fill = match entry.state {
                _ if worst.is_some() => Fill::of(worst),
                State::Known => Fill::Plain,
                State::Open => Fill::Open,
                State::NotAsked | State::NoReport => Fill::NotAsked,
            };
            self.note(row, to, about())?;
            let metric = matrix.columns[column].metric;
            let mark = match entry.state {
                // an open entry is empty but for what is printed there
                State::Open => matrix.said.get(&(number, column)).cloned(),
                _ => matrix.mark(number, column, self.lang),
            };
            for field in matrix.fields(column) {
                let look = look_of(*field, metric.unit);
                let aside = entry.implied || entry.is_small(metric);
                match &mark {
                    Some(mark) => self.text(row, to, mark, fill)?,
                    None => {
                        let cell = CellStyle { look, fill, aside };
                        self.number((row, to), &field.of(entry, metric.unit), cell)?;
                    }
                }
                to += 1;
            }
        }
        for severity in severities() {
            let count = Value::Int(line.count(severity));
            self.number((row, to), &count, CellStyle::of(Look::Count, Fill::Plain))?;
            to += 1;
        }
        Ok(())
    }

    /// What was found, beside a cell.
    fn note<'r>(
        &mut self,
        row: u32,
        column: u16,
        remarks: impl Iterator<Item = &'r Remark>,
    ) -> Result<(), XlsxError> {
        let remarks: Vec<&Remark> = remarks.collect();
        if remarks.is_empty() {
            return Ok(());
        }
        let locale = self.lang.key();
        let mut lines: Vec<String> = Vec::new();
        for remark in remarks.iter().take(MOST_REMARKS) {
            let severity = match remark.kind {
                RemarkKind::Corrected => t!("deliver.matrix.fill.corrected", locale = locale),
                RemarkKind::Found(severity) => {
                    t!(format!("finding.severity.{}", severity.key()), locale = locale)
                }
            };
            let said: String = printable(&remark.sentence).chars().take(MOST_SAID / 4).collect();
            let said =
                t!("deliver.matrix.remark", locale = locale, severity = severity, said = said);
            lines.push(said.into());
        }
        if let Some(more) = remarks.len().checked_sub(MOST_REMARKS).filter(|more| *more > 0) {
            lines.push(t!("deliver.matrix.more_remarks", locale = locale, count = more).into());
        }
        let text: String = lines.join("\n").chars().take(MOST_SAID).collect();
        let height = 20 * (text_width(&text).div_ceil(40) + lines.len()).clamp(3, 25);
        let height = u32::try_from(height).unwrap_or(300);
        let note = Note::new(text).add_author_prefix(false).set_width(300).set_height(height);
        self.at.insert_note(row, column, &note)?;
        Ok(())
    }

    /// The sums of lines: formulas where a sum is one, and where a rate has its parts beside it.
    fn total(&mut self, row: u32, total: &Total) -> Result<(), XlsxError> {
        let matrix = self.matrix;
        let name = matrix.total_name(total, self.lang);
        self.text(row, 0, &name, Fill::Heading)?;
        let facts = u16::try_from(matrix.facts().len()).unwrap_or(u16::MAX);
        for column in 1..facts {
            self.text(row, column, "", Fill::Heading)?;
        }
        let mut to = facts;
        for (column, sum) in total.sums.iter().enumerate() {
            let metric = matrix.columns[column].metric;
            for field in matrix.fields(column) {
                self.sum((row, to), total, (*field, metric), sum)?;
                to += 1;
            }
        }
        for severity in severities() {
            let lines = &matrix.lines[total.lines.clone()];
            let count: i64 = lines.iter().map(|line| line.count(severity)).sum();
            let cell = CellStyle::of(Look::Count, Fill::Heading);
            self.formula((row, to), &range_sum(total, to), &Value::Int(count), cell)?;
            to += 1;
        }
        Ok(())
    }

    fn sum(
        &mut self,
        at: (u32, u16),
        total: &Total,
        (field, metric): (Field, &Metric),
        sum: &Measured,
    ) -> Result<(), XlsxError> {
        let value = field.of_sum(sum, metric.unit);
        let mut cell = CellStyle::of(look_of(field, metric.unit), Fill::Heading);
        cell.aside = field == Field::Value && sum.is_small(metric);
        let (row, to) = at;
        let formula = match field {
            _ if value == Value::Null => return self.number(at, &value, cell),
            Field::Value if metric.unit.is_plain() => range_sum(total, to),
            // the parts stand on its right, if they do
            Field::Value if self.matrix.parts => {
                let (part, of) = (row_col_to_cell(row, to + 1), row_col_to_cell(row, to + 2));
                let scale = if metric.unit == Unit::Per100 { "100*" } else { "" };
                format!("={scale}{part}/{of}")
            }
            Field::Value => return self.number(at, &value, cell),
            Field::Numerator | Field::Denominator => range_sum(total, to),
        };
        self.formula(at, &formula, &value, cell)
    }

    /// A formula with what it gives, so that it can be read before anything is worked out.
    fn formula(
        &mut self,
        (row, column): (u32, u16),
        formula: &str,
        value: &Value,
        cell: CellStyle,
    ) -> Result<(), XlsxError> {
        match number(value, cell.look) {
            Ok(number) => {
                let style = style(&mut self.styles, cell);
                let formula = Formula::new(formula).set_result(number.to_string());
                self.at.write_formula_with_format(row, column, formula, style)?;
                Ok(())
            }
            // beyond what a spreadsheet counts exactly
            Err(_) => self.number((row, column), value, cell),
        }
    }
}

/// The style of a cell, made when it is first needed.
fn style(styles: &mut HashMap<CellStyle, Style>, cell: CellStyle) -> &Style {
    styles.entry(cell).or_insert_with(|| cell.style())
}

/// The row of a line in the sheet.
fn row_of(line: usize) -> u32 {
    u32::try_from(line + 1).unwrap_or(u32::MAX)
}

/// The sum of a column over the lines of a total.
fn range_sum(total: &Total, column: u16) -> String {
    let first = row_col_to_cell(row_of(total.lines.start), column);
    let last = row_col_to_cell(row_of(total.lines.end) - 1, column);
    format!("=SUM({first}:{last})")
}

/// A number as a spreadsheet has it, or its digits where it would lose some; nothing where there is
/// no number.
fn number(value: &Value, look: Look) -> Result<f64, Option<String>> {
    match value {
        Value::Int(n) if n.unsigned_abs() > MAX_EXACT => Err(Some(n.to_string())),
        Value::Int(n) if look == Look::Yuan => Ok(*n as f64 / 100.0),
        Value::Int(n) => Ok(*n as f64),
        Value::Real(x) if x.is_finite() => Ok(*x),
        _ => Err(None),
    }
}
