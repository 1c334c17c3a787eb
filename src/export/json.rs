//! `json`: an array of objects, one a line, keys in column order.

use std::io::{self, Write};

use super::markup::real;
use crate::table::{Column, Table, Value, blob_literal};

pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    for (index, row) in table.rows.iter().enumerate() {
        out.write_all(if index == 0 { b"[\n  " } else { b",\n  " })?;
        object(out, &table.columns, row)?;
    }
    out.write_all(if table.rows.is_empty() { b"[]\n" } else { b"\n]\n" })
}

/// One row as an object. Written by hand: a map would cost an allocation a cell.
pub(super) fn object(out: &mut dyn Write, columns: &[Column], row: &[Value]) -> io::Result<()> {
    for (index, (column, value)) in columns.iter().zip(row).enumerate() {
        out.write_all(if index == 0 { b"{" } else { b"," })?;
        serde_json::to_writer(&mut *out, &column.name)?;
        out.write_all(b":")?;
        match value {
            Value::Int(n) => write!(out, "{n}")?,
            Value::Real(x) if !x.is_nan() => out.write_all(real(*x).as_bytes())?,
            Value::Null | Value::Real(_) => out.write_all(b"null")?,
            Value::Text(text) => serde_json::to_writer(&mut *out, text)?,
            Value::Blob(bytes) => serde_json::to_writer(&mut *out, &blob_literal(bytes))?,
        }
    }
    out.write_all(if columns.is_empty() { b"{}" } else { b"}" })
}
