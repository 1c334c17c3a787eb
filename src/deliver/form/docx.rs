//! The form as a document for Word, ready to be pasted into a level's own report.

use std::io::{self, Write};

use super::file::{Entry, FormFile, Formula};
use super::paper::{Content, Placed, Sheet};
use crate::deliver::docx::{Align, Cell, Docx, Look, Paper, Paragraph, Row, Table};

/// Widths against each other: a column of labels, the last of them, a column of figures.
const WIDTHS: [u32; 3] = [5, 15, 5];

/// Writes the document.
///
/// # Errors
/// Where the target cannot be written.
pub fn write(file: &FormFile<'_>, out: &mut dyn Write) -> io::Result<()> {
    let paper = Paper { margins: [20, 18, 18, 18], numbered: true, ..Paper::default() };
    let mut document = Docx::new(&file.title, paper);
    if !file.title.is_empty() {
        document.paragraph(&Paragraph::new(Look::Title, file.title.as_str()));
    }
    for fact in &file.facts {
        document.paragraph(&Paragraph::new(Look::Text, fact.as_str()));
    }
    for (sheet, entries) in file.sheets.iter().zip(&file.entries) {
        document.paragraph(&Paragraph::new(Look::Heading, sheet.title.as_str()));
        document.table(&form(file.formula, sheet, entries));
    }
    for annex in file.all_annexes() {
        document.paragraph(&Paragraph::new(Look::Heading, annex.title.as_str()));
        document.table(&Table::answer(&annex.table));
    }
    for note in &file.notes {
        document.paragraph(&Paragraph::new(Look::Small, note.as_str()));
    }
    document.write(out)
}

/// A table of the form.
fn form(formula: Formula, sheet: &Sheet<'_>, entries: &[Entry]) -> Table {
    let mut rows = vec![Row::default(); sheet.rows];
    for placed in &sheet.boxes {
        let cell = match &placed.content {
            Content::Heading(text) => Cell::new(text.as_ref()).aligned(Align::Center),
            Content::Label(text) => Cell::new(text.as_ref()),
            Content::Cell(n) => {
                let cell = Cell::new(entries[*n].text.as_str()).aligned(Align::Center);
                let sum = (formula == Formula::Form).then(|| sum(sheet, *n)).flatten();
                Cell { formula: sum, ..cell }
            }
        };
        rows[placed.row].cells.push(cell.over(placed.columns, placed.rows));
    }
    let width = |column: usize| match sheet.labels {
        labels if column + 1 == labels => WIDTHS[1],
        labels if column < labels => WIDTHS[0],
        _ => WIDTHS[2],
    };
    let headings = if sheet.table.blocks.len() == 1 { sheet.head } else { 0 };
    Table { widths: (0..sheet.columns).map(width).collect(), headings, rows, look: None }
}

/// The sum that a cell is, as Word writes it; none where the form demands none.
fn sum(sheet: &Sheet<'_>, n: usize) -> Option<String> {
    let parts = &sheet.table.equations().iter().find(|e| e.total == [n])?.parts;
    let at = |n: &usize| sheet.boxes.iter().find(|b| b.content == Content::Cell(*n));
    let names = parts.iter().map(|n| at(n).map(|placed| address(sheet, placed)));
    Some(format!("=SUM({})", names.collect::<Option<Vec<String>>>()?.join(",")))
}

/// How Word names a box: its row, and which of the cells of that row it is. A cell that hangs down
/// is one of each row that it reaches, one over several columns is one.
fn address(sheet: &Sheet<'_>, placed: &Placed<'_>) -> String {
    let reaches = |other: &&Placed<'_>| (other.row..other.row + other.rows).contains(&placed.row);
    let before = sheet.boxes.iter().filter(reaches).filter(|other| other.column < placed.column);
    let letter = char::from(b'A' + u8::try_from(before.count()).unwrap_or(u8::MAX).min(25));
    format!("{letter}{}", placed.row + 1)
}
