//! `table`: drawn with lines, as wide as its reader has room.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Width};

use super::Options;
use super::markup::{cells, heading, is_numeric, notice};
use crate::table::{Table, Unit, Value};

/// Blank columns that comfy-table puts around a cell.
const PADDING: u16 = 2;

/// Begins the line under the headings.
const HEADINGS_END: char = '╞';
/// The lines between cells.
const BETWEEN: [char; 2] = ['│', '┆'];

const HEADING: Style = Style::new().bold();

/// The colours of severities: a column, and what its cells show.
struct Tones(Vec<(usize, String, Style)>);

fn tones(table: &Table) -> Tones {
    let mut tones = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        for row in 0..if column.unit == Unit::Severity { table.rows.len() } else { 0 } {
            let style = match &table.rows[row][index] {
                Value::Text(key) if key == "error" => AnsiColor::Red.on_default().bold(),
                Value::Text(key) if key == "warning" => AnsiColor::Yellow.on_default(),
                _ => continue,
            };
            let tone = (index, cells(table, row).nth(index).unwrap_or_default(), style);
            if !tones.contains(&tone) {
                tones.push(tone);
            }
        }
    }
    Tones(tones)
}

impl Tones {
    fn of(&self, index: usize, text: &str) -> Option<Style> {
        let mut tones = self.0.iter();
        tones.find(|(at, shown, _)| *at == index && shown == text).map(|(_, _, style)| *style)
    }
}

/// A drawn line with its cells in their styles; the drawing is finished, so that no style takes
/// part in its widths.
fn paint(line: &str, style: impl Fn(usize, &str) -> Option<Style>) -> String {
    let mut painted = String::new();
    for (index, part) in line.split_inclusive(BETWEEN).enumerate() {
        let text = part.trim_end_matches(BETWEEN).trim();
        match index.checked_sub(1).filter(|_| !text.is_empty()).and_then(|i| style(i, text)) {
            Some(style) => {
                painted.push_str(&part.replacen(text, &format!("{style}{text}{style:#}"), 1));
            }
            None => painted.push_str(part),
        }
    }
    painted
}

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
        let tones = tones(table);
        let mut above = true; // the headings, which end with a double line
        for line in drawn.lines() {
            above &= !line.starts_with(HEADINGS_END);
            match (options.color, above) {
                (true, true) => writeln!(out, "{}", paint(&line, |_, _| Some(HEADING)))?,
                (true, false) => writeln!(out, "{}", paint(&line, |i, text| tones.of(i, text)))?,
                (false, _) => writeln!(out, "{line}")?,
            }
        }
    }
    match notice(table, options.lang) {
        Some(notice) => writeln!(out, "{notice}"),
        None => Ok(()),
    }
}
