//! `csv`: RFC 4180, with a byte order mark where Excel will open it.

use std::io::{self, Write};

use csv::WriterBuilder;

use super::markup::real;
use crate::table::{Table, Value, blob_literal};

pub(super) fn write(table: &Table, out: &mut dyn Write, bom: bool) -> io::Result<()> {
    if bom {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let mut writer = WriterBuilder::new().from_writer(out);
    if !table.columns.is_empty() {
        writer.write_record(table.columns.iter().map(|column| column.name.as_str()))?;
    }
    for row in &table.rows {
        writer.write_record(row.iter().map(field))?;
    }
    writer.flush()
}

/// A value as data; nothing where there is none.
pub(super) fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => real(*x),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => blob_literal(bytes),
    }
}
