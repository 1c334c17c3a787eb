//! What is printed in the cells of a report: all of them, or those that somebody asks for.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::Deserialize;
use zstd::bulk::Decompressor;

use super::corrections::lay_over;
use super::{StoreError, damaged};
use crate::report::Cell;
use crate::validate::{Outcome, Verdict};

/// Most bytes that the cells of one report unpack to: a form has a few hundred.
const MOST: usize = 64 << 20;

/// Reads the cells of reports as they were parsed.
pub struct CellReader<'c> {
    conn: &'c Connection,
    /// One for all: making it costs more than unpacking a report.
    unpacker: RefCell<Decompressor<'static>>,
}

impl<'c> CellReader<'c> {
    /// A reader of a database.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new(conn: &'c Connection) -> Result<CellReader<'c>, StoreError> {
        let unpacker = RefCell::new(Decompressor::new().map_err(damaged)?);
        Ok(CellReader { conn, unpacker })
    }

    /// All cells of a report, those corrected by hand as corrected.
    ///
    /// # Errors
    /// When there are none of that id, or what is stored cannot be unpacked.
    pub fn all(&self, report: i64) -> Result<Vec<Cell>, StoreError> {
        let mut cells = self.originals(report)?;
        lay_over(self.conn, report, &mut cells)?;
        Ok(cells)
    }

    /// All cells of a report as they were parsed.
    ///
    /// # Errors
    /// Likewise.
    pub fn originals(&self, report: i64) -> Result<Vec<Cell>, StoreError> {
        serde_json::from_slice(&self.json(report)?).map_err(damaged)
    }

    /// The cells of these names, `table/row/column`. What nobody asks for is passed over, which
    /// takes a fraction of the time.
    ///
    /// # Errors
    /// Likewise.
    pub fn named(&self, report: i64, names: &BTreeSet<&str>) -> Result<Vec<Cell>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let json = self.json(report)?;
        let json = std::str::from_utf8(&json).map_err(damaged)?;
        let mut cells = named(json, names).map_err(damaged)?;
        lay_over(self.conn, report, &mut cells)?;
        Ok(cells)
    }

    /// The cells that failures of a report are about.
    ///
    /// # Errors
    /// Likewise.
    pub fn about<'o>(
        &self,
        report: i64,
        outcomes: impl IntoIterator<Item = &'o Outcome>,
    ) -> Result<Vec<Cell>, StoreError> {
        let fails = outcomes.into_iter().filter(|o| o.verdict == Verdict::Fail);
        self.named(report, &fails.flat_map(|o| &o.cells).map(String::as_str).collect())
    }

    fn json(&self, report: i64) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT cells FROM report_cell_json WHERE report_id = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([report])?;
        let Some(row) = rows.next()? else {
            return Err(rusqlite::Error::QueryReturnedNoRows.into());
        };
        let packed = row.get_ref(0)?.as_blob().map_err(damaged)?;
        let size = Decompressor::upper_bound(packed).unwrap_or(MOST).min(MOST);
        self.unpacker.borrow_mut().decompress(packed, size).map_err(damaged)
    }
}

/// The cells of some names in an array of cells, as the program writes it: without blanks, each with
/// its edition, if it gives one, then table, row and column. Only these are read.
fn named(json: &str, names: &BTreeSet<&str>) -> serde_json::Result<Vec<Cell>> {
    let mut starts: Vec<String> = names.iter().filter_map(|name| start(name)).collect();
    starts.sort_unstable();
    let mut cells = Vec::with_capacity(starts.len());
    // a brace within a text is followed by none of the keys: their quotes would be escaped
    for (at, _) in json.match_indices('{') {
        let Some(cell) = keys(&json[at..]) else { continue };
        // the names in front of it in order; the last of them, if any, begins it
        let before = starts.partition_point(|start| start.as_str() <= cell);
        if before > 0 && cell.starts_with(starts[before - 1].as_str()) {
            let mut reader = serde_json::Deserializer::from_str(&json[at..]);
            cells.push(Cell::deserialize(&mut reader)?);
        }
    }
    Ok(cells)
}

/// How the keys of a cell begin in JSON.
const TABLE: &str = r#""table":""#;

/// The JSON of the keys of a cell, to the quote that ends them; none for the name of a whole row.
fn start(name: &str) -> Option<String> {
    let mut keys = name.split('/');
    let (table, row, column) = (keys.next()?, keys.next()?, keys.next()?);
    Some(format!(r#"{TABLE}{table}","row":"{row}","column":"{column}""#))
}

/// The JSON of a cell from its keys on; none of what is no cell.
fn keys(object: &str) -> Option<&str> {
    let inner = &object[1..];
    if inner.starts_with(TABLE) {
        return Some(inner);
    }
    let edition = inner.strip_prefix(r#""edition":""#)?;
    let (_, keys) = edition.split_once(r#"","#)?;
    keys.starts_with(TABLE).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::store::fixture;

    #[test]
    fn cells_are_found_by_name_whatever_is_printed_in_others() {
        let printed = [
            ("applications/received.new/total", r#"{"table":"applications","row":"granted""#),
            ("applications/granted/total", "}{,\"\\ 12"),
            ("applications/granted/business", "3"),
            ("applications/carried_out/total", "{"),
        ];
        let given: Vec<_> = printed.map(|(n, raw)| (n.to_owned(), raw.to_owned())).into();
        let of = ("2021", "a", (2023, "321300", Scope::Own));
        let mut cells = fixture::report(of.0, of.1, of.2, &given).cells;
        cells[2].edition = Some("2019".to_owned());
        let json = serde_json::to_string(&cells).unwrap();
        let read = |names: &[&str]| named(&json, &names.iter().copied().collect()).unwrap();
        for cell in &cells {
            let known = cells.iter().filter(|c| c.name() == cell.name());
            assert_eq!(read(&[&cell.name()]), known.cloned().collect::<Vec<_>>());
        }
        let names: Vec<String> = cells.iter().map(Cell::name).collect();
        assert_eq!(read(&names.iter().map(String::as_str).collect::<Vec<_>>()), cells);
        assert_eq!(read(&["applications/granted", "applications/granted/tot", "applications"]), []);
    }
}
