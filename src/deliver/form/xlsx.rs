//! The form as a workbook: a sheet a table, then the units with their figures, and what goes with it.
//! Where figures follow from others they are formulas, with their values beside them for programs
//! that do not calculate.

use std::io::{self, Write};

use rust_decimal::prelude::ToPrimitive as _;
use rust_i18n::t;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    ConditionalFormatFormula, Format as Style, FormatAlign, FormatBorder, Formula as Written, Note,
    Workbook, Worksheet, XlsxError,
};

use super::file::{FormFile, Formula, Remark};
use super::paper::{Content, Placed, Sheet};
use super::units;
use crate::export::text_width as width;
use crate::export::workbook::{FONT, Names, failed, properties};
use crate::export::xlsx::fill;
use crate::form::{CellDef, Equation, ValueKind};

/// Characters that a column takes, of which a Chinese one is two.
const LABEL: f64 = 13.0;
const LAST_LABEL: f64 = 34.0;
const FIGURE: f64 = 11.0;
/// Height of a line of text, in points.
pub(super) const LINE: f64 = 16.0;
/// Lines above a table: its heading; above the first also the title and what is said of it.
const HEADING: u32 = 1;
/// Rows of headings over the figures of the units: table, row, column.
pub(super) const UNIT_HEAD: u32 = 3;

/// Writes the workbook.
///
/// # Errors
/// Where the target cannot be written, or a sheet cannot hold what is to stand in it.
pub fn write(file: &FormFile<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&file.title).map_err(failed)?);
    let mut names = Names::default();
    let styles = Styles::new();
    let sheets: Vec<String> = file.sheets.iter().map(|s| names.take(&s.title)).collect();
    let units = file.units.as_ref().map(|_| names.take(&t!("deliver.form.units")));
    for (t, sheet) in file.sheets.iter().enumerate() {
        let worksheet = workbook.add_worksheet().set_name(&sheets[t]).map_err(failed)?;
        let book = Book { file, units: units.as_deref(), styles: &styles };
        book.sheet(worksheet, t, sheet).map_err(failed)?;
    }
    if let (Some(name), Some(of_units)) = (&units, &file.units) {
        let worksheet = workbook.add_worksheet().set_name(name).map_err(failed)?;
        units::write(worksheet, file, of_units, &styles).map_err(failed)?;
    }
    for annex in &file.annexes {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(names.take(&annex.title)).map_err(failed)?;
        fill(worksheet, &annex.table)?;
    }
    let is_balanced = |sheet: &Sheet<'_>| sheet.table.equations().iter().any(over_totals);
    let red = file.formula == Formula::Form && file.sheets.iter().any(is_balanced);
    let red = red.then(|| t!("deliver.form.red").into_owned());
    let notes: Vec<&String> = file.facts.iter().chain(&file.notes).chain(&red).collect();
    if !notes.is_empty() {
        let name = names.take(&t!("export.notes"));
        let worksheet = workbook.add_worksheet().set_name(name).map_err(failed)?;
        worksheet.set_column_width(0, 100).map_err(failed)?;
        for (row, note) in (0..).zip(notes) {
            worksheet.write_string_with_format(row, 0, note, &styles.note).map_err(failed)?;
        }
    }
    out.write_all(&workbook.save_to_buffer().map_err(failed)?)
}

/// How what stands in the sheets looks.
pub(super) struct Styles {
    title: Style,
    fact: Style,
    pub(super) heading: Style,
    pub(super) label: Style,
    pub(super) text: Style,
    pub(super) count: Style,
    money: Style,
    note: Style,
}

impl Styles {
    fn new() -> Styles {
        let plain = Style::new().set_font_name(FONT).set_text_wrap();
        let middle = plain.clone().set_align(FormatAlign::VerticalCenter);
        let boxed = middle.clone().set_border(FormatBorder::Thin);
        let center = boxed.clone().set_align(FormatAlign::Center);
        Styles {
            title: middle.clone().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            fact: middle.clone().set_align(FormatAlign::Left),
            heading: center.clone().set_bold(),
            label: boxed.clone().set_align(FormatAlign::Left),
            text: center.clone().set_num_format("@"),
            count: center.clone().set_num_format("0"),
            money: center.set_num_format("0.00####"),
            note: plain.set_align(FormatAlign::Top),
        }
    }

    /// Of a figure, by what the cell may hold.
    pub(super) fn figure(&self, def: CellDef<'_>) -> &Style {
        match def.kind() {
            ValueKind::Money => &self.money,
            ValueKind::Count | ValueKind::Signed => &self.count,
        }
    }

    /// The same with a colour, where something must be said of the cell.
    fn marked(&self, style: &Style, remark: Option<&Remark>) -> Style {
        let color = match remark {
            None => return style.clone(),
            Some(Remark::Corrected(_)) => "#DDEBF7",
            Some(Remark::Missing | Remark::NotAsked(_)) => "#D9D9D9",
            Some(Remark::Open(_)) => "#FFF2CC",
        };
        style.clone().set_background_color(color)
    }
}

/// What all sheets of the form share.
struct Book<'b, 'f> {
    file: &'b FormFile<'f>,
    units: Option<&'b str>,
    styles: &'b Styles,
}

impl Book<'_, '_> {
    fn sheet(&self, out: &mut Worksheet, t: usize, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
        let last = column(sheet.columns.saturating_sub(1));
        // else programs that do not calculate show 0 for the total of nothing
        out.set_formula_result_default("");
        let mut top = 0;
        if t == 0 && !self.file.title.is_empty() {
            out.merge_range(0, 0, 0, last, &self.file.title, &self.styles.title)?;
            out.set_row_height(0, 2.0 * LINE)?;
            top = 1;
        }
        out.merge_range(top, 0, top, last, &sheet.title, &self.styles.fact.clone().set_bold())?;
        out.set_row_height(top, 1.5 * LINE)?;
        top += HEADING;
        for placed in &sheet.boxes {
            self.place(out, t, sheet, placed, top)?;
        }
        self.widths(out, sheet, top)?;
        self.balance(out, sheet, top)?;
        out.set_paper_size(9).set_print_fit_to_pages(1, 0);
        if sheet.columns > 6 {
            out.set_landscape();
        }
        let head = top + u32::try_from(sheet.head).unwrap_or(0);
        if sheet.rows > 2 * sheet.head && sheet.table.blocks.len() == 1 {
            out.set_freeze_panes(head, column(sheet.labels))?;
            out.set_repeat_rows(top, head - 1)?;
        }
        Ok(())
    }

    /// A box with what stands in it.
    fn place(
        &self,
        out: &mut Worksheet,
        t: usize,
        sheet: &Sheet<'_>,
        placed: &Placed<'_>,
        top: u32,
    ) -> Result<(), XlsxError> {
        let (row, left) = (top + line(placed.row), column(placed.column));
        let (bottom, right) = (row + line(placed.rows) - 1, left + column(placed.columns) - 1);
        let (entry, style) = match &placed.content {
            Content::Heading(_) => (None, self.styles.heading.clone()),
            Content::Label(_) => (None, self.styles.label.clone()),
            Content::Cell(n) => {
                let entry = &self.file.entries[t][*n];
                let plain = match (entry.number, self.formula(t, *n, sheet, top)) {
                    (None, None) if !entry.text.is_empty() => &self.styles.text,
                    _ => self.styles.figure(sheet.table.numbered_cell(*n)),
                };
                (Some((*n, entry)), self.styles.marked(plain, entry.remark.as_ref()))
            }
        };
        if (row, left) != (bottom, right) {
            out.merge_range(row, left, bottom, right, "", &style)?;
        }
        match (&placed.content, entry) {
            (Content::Heading(text) | Content::Label(text), _) => {
                out.write_string_with_format(row, left, text.as_ref(), &style)?;
            }
            (Content::Cell(_), Some((n, entry))) => {
                let number = entry.number.and_then(|n| n.to_f64());
                match (self.formula(t, n, sheet, top), number) {
                    (Some(formula), number) if entry.text.is_empty() || number.is_some() => {
                        let shown = number.map_or(String::new(), |n| n.to_string());
                        let formula = Written::new(formula).set_result(shown);
                        out.write_formula_with_format(row, left, formula, &style)?;
                    }
                    (_, Some(number)) => {
                        out.write_number_with_format(row, left, number, &style)?;
                    }
                    (_, None) if entry.text.is_empty() => {
                        out.write_blank(row, left, &style)?;
                    }
                    (_, None) => {
                        out.write_string_with_format(row, left, &entry.text, &style)?;
                    }
                }
                if let Some(said) = entry.remark.as_ref().map(said) {
                    out.insert_note(row, left, &Note::new(said).set_author("nianbao"))?;
                }
            }
            (Content::Cell(_), None) => {}
        }
        Ok(())
    }

    /// The formula of a cell; none where its figure follows from nothing.
    fn formula(&self, t: usize, n: usize, sheet: &Sheet<'_>, top: u32) -> Option<String> {
        match self.file.formula {
            Formula::None => None,
            Formula::Units => {
                let units = self.file.units.as_ref()?;
                // nobody's figure is no 0
                self.file.entries[t][n].number?;
                let before: usize = self.file.entries[..t].iter().map(Vec::len).sum();
                let name = column_number_to_name(column(units.columns.len() + before + n));
                let (first, last) = (UNIT_HEAD + 1, UNIT_HEAD + line(units.rows.len()));
                Some(format!("=SUM('{}'!{name}{first}:{name}{last})", self.units?))
            }
            Formula::Form => {
                let mut sums = sheet.table.equations().iter();
                let parts = &sums.find(|e| e.total == [n])?.parts;
                let at = |n: &usize| sheet.boxes.iter().find(|b| b.content == Content::Cell(*n));
                let names = parts.iter().map(|n| at(n).map(|b| address(b, top)));
                let names = names.collect::<Option<Vec<String>>>()?.join(",");
                // as long as nothing is filled in, the total is not 0
                Some(format!("=IF(COUNT({names})=0,\"\",SUM({names}))"))
            }
        }
    }

    /// In a form to be filled in, what does not add up over two totals shows in red, as soon as both
    /// sides are there: first and second item together equal third and fourth.
    fn balance(&self, out: &mut Worksheet, sheet: &Sheet<'_>, top: u32) -> Result<(), XlsxError> {
        if self.file.formula != Formula::Form {
            return Ok(());
        }
        let red = Style::new().set_font_color("#C00000").set_background_color("#FFC7CE");
        for equation in sheet.table.equations().iter().filter(|e| over_totals(e)) {
            let find = |n: &usize| sheet.boxes.iter().find(|b| b.content == Content::Cell(*n));
            let names = |side: &[usize]| -> Option<String> {
                let names = side.iter().map(|n| find(n).map(|b| absolute(b, top)));
                Some(names.collect::<Option<Vec<String>>>()?.join(","))
            };
            let (Some(total), Some(parts)) = (names(&equation.total), names(&equation.parts))
            else {
                continue;
            };
            let rule =
                format!("=AND(COUNT({total})>0,COUNT({parts})>0,SUM({total})<>SUM({parts}))");
            for placed in equation.total.iter().filter_map(find) {
                let format =
                    ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&red);
                let (row, column) = (top + line(placed.row), column(placed.column));
                out.add_conditional_format(row, column, row, column, &format)?;
            }
        }
        Ok(())
    }

    /// Widths of columns, and heights of lines that a label needs more than one of.
    fn widths(&self, out: &mut Worksheet, sheet: &Sheet<'_>, top: u32) -> Result<(), XlsxError> {
        let of_column = |at: usize| match sheet.labels {
            labels if at + 1 == labels => LAST_LABEL,
            labels if at < labels => LABEL,
            _ => FIGURE,
        };
        for at in 0..sheet.columns {
            out.set_column_width(column(at), of_column(at))?;
        }
        for row in 0..sheet.rows {
            let here = sheet.boxes.iter().filter(|b| b.row == row && b.rows == 1);
            let lines = here.map(|placed| {
                let room: f64 =
                    (placed.column..placed.column + placed.columns).map(of_column).sum();
                let text = match &placed.content {
                    Content::Heading(text) | Content::Label(text) => text.as_ref(),
                    Content::Cell(_) => "",
                };
                // a line is never filled to its last character
                (width(text) as f64 / (room - 2.0)).ceil().max(1.0)
            });
            let lines = lines.fold(1.0, f64::max);
            out.set_row_height(top + line(row), lines * LINE + 4.0)?;
        }
        Ok(())
    }
}

/// Whether a sum is over two totals, of which no formula can make one.
fn over_totals(equation: &Equation) -> bool {
    equation.total.len() > 1
}

/// A remark in words.
fn said(remark: &Remark) -> String {
    match remark {
        Remark::Corrected(original) => t!("deliver.form.note.corrected", original = original),
        Remark::Missing => t!("deliver.form.note.missing"),
        Remark::Open(count) => t!("deliver.form.note.open", count = count),
        Remark::NotAsked(editions) => t!("deliver.form.note.not_asked", editions = editions),
    }
    .into_owned()
}

/// The name of a box's first place.
fn address(placed: &Placed<'_>, top: u32) -> String {
    format!("{}{}", column_number_to_name(column(placed.column)), top + line(placed.row) + 1)
}

/// The same, whatever cell it is said in.
fn absolute(placed: &Placed<'_>, top: u32) -> String {
    format!("${}${}", column_number_to_name(column(placed.column)), top + line(placed.row) + 1)
}

/// A form has a few hundred lines and columns.
pub(super) fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn column(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
