//! `markdown`: a pipe table as GitHub and Pandoc read it.

use std::io::{self, Write};

use super::Options;
use super::markup::{cells, is_numeric, notice, whole_heading};
use crate::table::Table;

pub(super) fn write(table: &Table, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    if !table.columns.is_empty() {
        line(out, table.columns.iter().map(whole_heading))?;
        let side = |index| if is_numeric(table, index) { "---:" } else { "---" };
        line(out, (0..table.columns.len()).map(|index| side(index).to_owned()))?;
    }
    for row in 0..table.rows.len() {
        // a heading of rows fills its row with nothing
        let empty = table.columns.len().saturating_sub(table.rows[row].len());
        line(out, cells(table, row).chain(std::iter::repeat_n(String::new(), empty)))?;
    }
    match notice(table, options.lang) {
        Some(notice) => writeln!(out, "\n*{notice}*"),
        None => Ok(()),
    }
}

fn line(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {} ", escape(&cell))?;
    }
    writeln!(out, "|")
}

/// Takes from a text what would end its cell or start markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '[' | ']' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}
