//! The one shape of an answer: columns and rows, whatever asked and whatever prints.

use serde::{Deserialize, Serialize};

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value: SQL's NULL.
    Null,
    /// Whole number.
    Int(i64),
    /// Floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Bytes in a text, as SQL writes them: `x'…'`.
#[must_use]
pub fn blob_literal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("x'{digits}'")
}

/// How a column's values are meant, for those who print them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// As it is.
    #[default]
    Plain,
    /// A number of something; stands on the right even where no value tells that it is a number.
    Count,
    /// A fraction of one, shown as a percentage in tables.
    Rate,
    /// A difference of two fractions of one, shown in percentage points in tables.
    Points,
    /// How much something grew as a fraction of what it was, shown as a percentage in tables.
    Growth,
    /// A number by another, shown with two decimals in tables.
    Ratio,
    /// Money in fen, shown in yuan in tables.
    Fen,
    /// A year, a code or another number that is never grouped.
    Label,
    /// How bad something is: `error`, `warning` or `info`, in colour where there is colour.
    Severity,
}

impl Unit {
    /// Whether only numbers have it.
    #[must_use]
    pub fn is_of_numbers(self) -> bool {
        matches!(self, Unit::Count | Unit::Ratio) || self.is_scaled()
    }

    /// Whether people read another number than the value itself.
    #[must_use]
    pub fn is_scaled(self) -> bool {
        matches!(self, Unit::Rate | Unit::Points | Unit::Growth | Unit::Fen)
    }
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in data formats; never translated.
    pub name: String,
    /// Heading in tables for people.
    pub title: Option<String>,
    /// Heading above it that it shares with its neighbours.
    pub group: Option<String>,
    /// How its values are meant.
    pub unit: Unit,
    /// What people read in place of a key, row by row; empty, or none in a row, where they read
    /// the value itself.
    pub labels: Vec<Option<String>>,
}

impl Column {
    /// A plain column.
    pub fn new(name: impl Into<String>) -> Column {
        Column {
            name: name.into(),
            title: None,
            group: None,
            unit: Unit::Plain,
            labels: Vec::new(),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Rows, each as long as `columns`; in answers for people a row of one value is a heading of
    /// the rows below it.
    pub rows: Vec<Vec<Value>>,
    /// Rows there are in all, where `rows` was cut off.
    pub total_rows: Option<usize>,
}
