//! `ndjson`: one object a line.

use std::io::{self, Write};

use super::json::object;
use crate::table::Table;

pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    for row in &table.rows {
        object(out, &table.columns, row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
