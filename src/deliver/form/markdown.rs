//! The form in Markdown: a pipe table a block, which has no spans. Headings above rows are rows of
//! their own; where rows stand side by side on paper, what spans columns is said in each of them.

use std::io::{self, Write};

use super::file::{Entry, FormFile};
use super::paper::{Content, Sheet};
use crate::export::form::Labels;
use crate::export::{Format, Options, escape_markdown};
use crate::form::{Block, Layout};
use crate::table::{Column, Table, Unit, Value};

/// Writes the text.
///
/// # Errors
/// Where the target cannot be written.
pub fn write(file: &FormFile<'_>, out: &mut dyn Write) -> io::Result<()> {
    let options = Options::default();
    let print = |table: &Table, out: &mut dyn Write| Format::Markdown.write(table, out, &options);
    if !file.title.is_empty() {
        writeln!(out, "# {}\n", escape_markdown(&file.title))?;
    }
    for fact in &file.facts {
        writeln!(out, "{}\n", escape_markdown(fact))?;
    }
    for (sheet, entries) in file.sheets.iter().zip(&file.entries) {
        writeln!(out, "## {}\n", sheet.title)?;
        if let Some(note) = &sheet.table.note {
            writeln!(out, "{note}\n")?;
        }
        if sheet.table.layout == Layout::Line {
            print(&line(sheet, entries), out)?;
            writeln!(out)?;
            continue;
        }
        let mut next = entries.iter();
        for block in &sheet.table.blocks {
            if let Some(caption) = &block.caption {
                writeln!(out, "{caption}\n")?;
            }
            print(&table(sheet, block, &mut next), out)?;
            writeln!(out)?;
        }
    }
    for annex in file.all_annexes() {
        writeln!(out, "## {}\n", escape_markdown(&annex.title))?;
        print(&annex.table, out)?;
        writeln!(out)?;
    }
    for note in &file.notes {
        writeln!(out, "- {}", escape_markdown(note))?;
    }
    Ok(())
}

/// Rows side by side as they stand on paper: one line of figures, over each of them all its headings.
fn line(sheet: &Sheet<'_>, entries: &[Entry]) -> Table {
    let mut headings = vec![String::new(); sheet.columns];
    let mut figures = vec![Value::Null; sheet.columns];
    for placed in &sheet.boxes {
        for column in placed.column..placed.column + placed.columns {
            match &placed.content {
                Content::Heading(text) | Content::Label(text) => {
                    let heading = &mut headings[column];
                    *heading += if heading.is_empty() { "" } else { "\n" };
                    *heading += text;
                }
                Content::Cell(n) => figures[column] = Value::Text(entries[*n].text.clone()),
            }
        }
    }
    let columns = headings.into_iter().map(Column::new).collect();
    Table { columns, rows: vec![figures], total_rows: None }
}

/// A block as a table; takes its cells from the next ones.
fn table<'e>(
    sheet: &Sheet<'_>,
    block: &Block,
    next: &mut impl Iterator<Item = &'e Entry>,
) -> Table {
    let has_units = block.rows.iter().any(|row| row.unit.is_some());
    let mut columns = vec![Column::new(block.corner.as_deref().unwrap_or(""))];
    if has_units {
        columns.push(Column::new(block.unit_labels.first().map_or("", String::as_str)));
    }
    let of_form = sheet.table.block_columns(block);
    columns.extend(of_form.map(|c| Column { unit: Unit::Count, ..Column::new(c.label.as_str()) }));
    let mut labels = Labels::default();
    let mut rows = Vec::new();
    for row in &block.rows {
        let (headings, label) = labels.next(row);
        rows.extend(headings.into_iter().map(|heading| vec![Value::Text(heading)]));
        let mut values = vec![Value::Text(label)];
        if has_units {
            values.push(Value::Text(row.unit.clone().unwrap_or_default()));
        }
        let texts = next.take(block.columns.len());
        values.extend(texts.map(|entry| Value::Text(entry.text.clone())));
        rows.push(values);
    }
    Table { columns, rows, total_rows: None }
}
