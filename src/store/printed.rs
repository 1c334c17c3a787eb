//! What is printed in the cells of a report: all of them, or those that somebody asks for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use rusqlite::Connection;
use rust_decimal::Decimal;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zstd::bulk::Decompressor;

use super::{StoreError, damaged};
use crate::report::{Cell, Place, State};
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

    /// All cells of a report.
    ///
    /// # Errors
    /// When there are none of that id, or what is stored cannot be unpacked.
    pub fn all(&self, report: i64) -> Result<Vec<Cell>, StoreError> {
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
        let mut reader = serde_json::Deserializer::from_slice(&json);
        reader.deserialize_seq(Named(names)).map_err(damaged)
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

/// Takes the cells of some names out of an array of cells.
struct Named<'n>(&'n BTreeSet<&'n str>);

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Vec<Cell>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an array of cells")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Cell>, A::Error> {
        let mut cells = Vec::with_capacity(self.0.len());
        let mut name = String::new();
        while let Some(cell) = seq.next_element_seed(One { names: self.0, name: &mut name })? {
            cells.extend(cell);
        }
        Ok(cells)
    }
}

/// One cell, if its name is asked for.
struct One<'n> {
    names: &'n BTreeSet<&'n str>,
    /// Reused from cell to cell.
    name: &'n mut String,
}

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Option<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<Cell>, D::Error> {
        from.deserialize_map(self)
    }
}

/// Keys of a cell that stand before the others.
const KEYS: [&str; 3] = ["table", "row", "column"];

impl<'de> Visitor<'de> for One<'_> {
    type Value = Option<Cell>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a cell")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Cell>, A::Error> {
        let mut edition = None;
        let mut keys: [Cow<'de, str>; 3] = Default::default();
        let mut known = 0;
        while known < KEYS.len() {
            match map.next_key::<&str>()? {
                Some("edition") => edition = map.next_value()?,
                Some(key) if key == KEYS[known] => {
                    keys[known] = map.next_value()?;
                    known += 1;
                }
                // the program writes them in this order
                _ => return Err(serde::de::Error::missing_field(KEYS[known])),
            }
        }
        self.name.clear();
        for (i, key) in keys.iter().enumerate() {
            self.name.push_str(if i == 0 { "" } else { "/" });
            self.name.push_str(key);
        }
        if !self.names.contains(self.name.as_str()) {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(None);
        }
        let rest = serde::de::value::MapAccessDeserializer::new(map);
        let Rest { value, unit, raw, state, at } = serde::Deserialize::deserialize(rest)?;
        let [table, row, column] = keys.map(Cow::into_owned);
        Ok(Some(Cell { edition, table, row, column, value, unit, raw, state, at }))
    }
}

/// What a cell holds.
#[derive(serde::Deserialize)]
struct Rest {
    #[serde(with = "rust_decimal::serde::arbitrary_precision_option")]
    value: Option<Decimal>,
    unit: Option<String>,
    raw: Option<String>,
    state: State,
    #[serde(default)]
    at: Option<Place>,
}
