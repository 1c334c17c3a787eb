//! `parquet`: typed columns under their keys, values as they are. A column has one type: whole
//! numbers, floating-point numbers, bytes or text.

use std::io::{self, Write};

use polars::prelude::{
    Column as Series, DataFrame, NamedFrom, ParquetWriter, PolarsError, Series as Values,
};
use rust_i18n::t;

use super::csv::field;
use crate::table::{Table, Unit, Value};

pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let columns = (0..table.columns.len()).map(|index| column(table, index)).collect();
    let mut frame = DataFrame::new(table.rows.len(), columns).map_err(failed)?;
    ParquetWriter::new(out).finish(&mut frame).map_err(failed)?;
    Ok(())
}

fn failed(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        error => io::Error::other(t!("export.parquet_failed", said = error).into_owned()),
    }
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Real,
    Bytes,
    Text,
}

impl Kind {
    /// What holds all values of a column as they are; where there are none, what its unit says.
    fn of<'v>(values: impl Iterator<Item = &'v Value> + Clone, unit: Unit) -> Kind {
        let kind = |value: &Value| match value {
            Value::Null => None,
            Value::Int(_) => Some(Kind::Int),
            Value::Real(_) => Some(Kind::Real),
            Value::Text(_) => Some(Kind::Text),
            Value::Blob(_) => Some(Kind::Bytes),
        };
        let exact = |value: &Value| match value {
            Value::Int(n) => n.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS,
            _ => true,
        };
        let one = |a: Kind, b: Kind| match (a, b) {
            (a, b) if a == b => a,
            (Kind::Int, Kind::Real) | (Kind::Real, Kind::Int) => Kind::Real,
            _ => Kind::Text,
        };
        let of_unit = match unit {
            Unit::Rate | Unit::Points | Unit::Growth | Unit::Ratio => Kind::Real,
            Unit::Count | Unit::Fen => Kind::Int,
            Unit::Plain | Unit::Label | Unit::Severity => Kind::Text,
        };
        let found = values.clone().filter_map(kind).reduce(one).unwrap_or(of_unit);
        match found {
            // a rate of 0 or 1 is one among fractions
            Kind::Int if of_unit == Kind::Real => Kind::Real,
            Kind::Real if !values.clone().all(exact) => Kind::Text,
            found => found,
        }
    }
}

fn column(table: &Table, index: usize) -> Series {
    let column = &table.columns[index];
    // a heading of rows has none of the other columns
    let values = || table.rows.iter().map(|row| row.get(index).unwrap_or(&Value::Null));
    let name = column.name.as_str().into();
    let series = match Kind::of(values(), column.unit) {
        Kind::Int => {
            let int = |value: &Value| if let Value::Int(n) = value { Some(*n) } else { None };
            Values::new(name, values().map(int).collect::<Vec<_>>())
        }
        Kind::Real => {
            let real = |value: &Value| match value {
                Value::Int(n) => Some(*n as f64),
                Value::Real(x) => Some(*x),
                _ => None,
            };
            Values::new(name, values().map(real).collect::<Vec<_>>())
        }
        Kind::Bytes => {
            let bytes = |value: &'_ Value| match value {
                Value::Blob(bytes) => Some(bytes.clone()),
                _ => None,
            };
            Values::new(name, values().map(bytes).collect::<Vec<Option<Vec<u8>>>>())
        }
        Kind::Text => {
            let text = |value: &Value| (*value != Value::Null).then(|| field(value));
            Values::new(name, values().map(text).collect::<Vec<_>>())
        }
    };
    series.into()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{DataType, ParquetReader, SerReader as _};

    use super::*;
    use crate::table::Column as Named;

    #[test]
    fn a_column_has_the_type_that_holds_all_its_values() {
        let big = (1 << 53) + 1;
        for (values, unit, expected) in [
            (vec![Value::Int(1), Value::Null], Unit::Plain, Kind::Int),
            (vec![Value::Int(1), Value::Real(0.5)], Unit::Plain, Kind::Real),
            (vec![Value::Int(big), Value::Real(0.5)], Unit::Plain, Kind::Text),
            (vec![Value::Int(big), Value::Null], Unit::Plain, Kind::Int),
            (vec![Value::Int(1), Value::Int(0)], Unit::Rate, Kind::Real),
            (vec![Value::Int(1), Value::Text("032".to_owned())], Unit::Label, Kind::Text),
            (vec![Value::Blob(vec![1]), Value::Null], Unit::Plain, Kind::Bytes),
            (vec![Value::Blob(vec![1]), Value::Int(1)], Unit::Plain, Kind::Text),
            (vec![Value::Null], Unit::Rate, Kind::Real),
            (vec![], Unit::Count, Kind::Int),
            (vec![], Unit::Plain, Kind::Text),
        ] {
            assert_eq!(Kind::of(values.iter(), unit), expected, "{values:?} {unit:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_it_was() {
        let text = |text: &str| Value::Text(text.to_owned());
        let column = |name: &str, unit| Named { unit, ..Named::new(name) };
        let table = Table {
            columns: vec![
                column("organ", Unit::Plain),
                column("code", Unit::Label),
                column("n", Unit::Count),
                column("rate", Unit::Rate),
            ],
            rows: vec![
                vec![text("甲\n\"乙\""), text("032100"), Value::Int(i64::MAX), Value::Int(1)],
                vec![text(""), Value::Null, Value::Null, Value::Real(0.1)],
                vec![Value::Null, text("0"), Value::Int(-1), Value::Null],
            ],
            total_rows: None,
        };
        let mut bytes = Vec::new();
        write(&table, &mut bytes).expect("a vector takes all");
        let frame = ParquetReader::new(Cursor::new(bytes)).finish().expect("it is parquet");
        let types: Vec<DataType> = frame.dtypes();
        let expected = [DataType::String, DataType::String, DataType::Int64, DataType::Float64];
        assert_eq!(types, expected);
        let read = crate::query::polars::rows(&frame).expect("it has rows");
        let names: Vec<&str> = read.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["organ", "code", "n", "rate"]);
        let mut rows = table.rows;
        rows[0][3] = Value::Real(1.0);
        assert_eq!(read.rows, rows);
    }
}
