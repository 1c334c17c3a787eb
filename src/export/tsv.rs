//! `tsv`: one line a row, one tab a column, no quotes. Tabs, line breaks and backslashes inside
//! a text are written `\t`, `\n`, `\r` and `\\`, as the IANA type and PostgreSQL have it.

use std::io::{self, Write};

use super::csv::field;
use crate::table::Table;

pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    if !table.columns.is_empty() {
        line(out, table.columns.iter().map(|column| column.name.clone()))?;
    }
    table.rows.iter().try_for_each(|row| line(out, row.iter().map(field)))
}

fn line(out: &mut dyn Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    for (index, field) in fields.enumerate() {
        let tab = if index == 0 { "" } else { "\t" };
        write!(out, "{tab}{}", escape(&field))?;
    }
    writeln!(out)
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}
