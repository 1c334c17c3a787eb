//! The formats of the files: Parquet, CSV and NDJSON. A file is begun, takes batches and is ended;
//! what comes of each step is bytes to be added to it.

use std::io::{self, Write};

use super::batch::{Batch, Values};
use super::parquet::Writer;
use super::relation::Field;

/// The format of all files of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Shape {
    /// Parquet: typed columns, compressed
    #[default]
    Parquet,
    /// CSV in UTF-8 without a byte order mark
    Csv,
    /// NDJSON: an object a line
    Ndjson,
}

impl Shape {
    /// The extension of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Shape::Parquet => "parquet",
            Shape::Csv => "csv",
            Shape::Ndjson => "ndjson",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Shape::Parquet => "application/vnd.apache.parquet",
            Shape::Csv => "text/csv",
            Shape::Ndjson => "application/x-ndjson",
        }
    }
}

/// A file being made.
pub enum Encoder {
    /// Parquet.
    Parquet(Box<Writer>),
    /// CSV; whether the header stands.
    Csv(bool),
    /// NDJSON.
    Ndjson,
}

impl Encoder {
    /// Begins a file of these columns.
    ///
    /// # Errors
    /// Where the format has no such columns.
    pub fn new(shape: Shape, fields: &[Field]) -> io::Result<Encoder> {
        Ok(match shape {
            Shape::Parquet => Encoder::Parquet(Box::new(Writer::new(fields)?)),
            Shape::Csv => Encoder::Csv(false),
            Shape::Ndjson => Encoder::Ndjson,
        })
    }

    /// The bytes that rows become.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn add(&mut self, batch: &Batch, fields: &[Field]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Encoder::Parquet(writer) => return writer.add(batch),
            Encoder::Csv(has_header) => {
                if !std::mem::replace(has_header, true) {
                    let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
                    writeln!(out, "{}", names.join(","))?;
                }
                csv(batch, &mut out)?;
            }
            Encoder::Ndjson => ndjson(batch, fields, &mut out)?,
        }
        Ok(out)
    }

    /// The bytes that end the file.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn end(self) -> io::Result<Vec<u8>> {
        match self {
            Encoder::Parquet(writer) => writer.end(),
            Encoder::Csv(_) | Encoder::Ndjson => Ok(Vec::new()),
        }
    }
}

/// A value of a row.
enum Cell<'b> {
    None,
    Int(i64),
    Text(&'b str),
}

/// Calls `take` with row, column and value of each cell, row by row.
fn each_cell(
    batch: &Batch,
    mut take: impl FnMut(usize, Cell<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut cells: Vec<Box<dyn Iterator<Item = Cell<'_>> + '_>> = Vec::new();
    for values in &batch.columns {
        cells.push(match values {
            Values::Int(values, known) => Box::new(
                values
                    .iter()
                    .zip(known)
                    .map(|(n, known)| if *known { Cell::Int(*n) } else { Cell::None }),
            ),
            Values::Text(texts) => Box::new(texts.iter().map(|t| t.map_or(Cell::None, Cell::Text))),
        });
    }
    for _ in 0..batch.rows {
        for (column, cells) in cells.iter_mut().enumerate() {
            take(column, cells.next().unwrap_or(Cell::None))?;
        }
    }
    Ok(())
}

/// RFC 4180 with lines that end in LF. An empty text is `""`, and what is not there is nothing.
fn csv(batch: &Batch, out: &mut Vec<u8>) -> io::Result<()> {
    let last = batch.columns.len() - 1;
    each_cell(batch, |column, cell| {
        match cell {
            Cell::None => {}
            Cell::Int(n) => write!(out, "{n}")?,
            Cell::Text(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
                write!(out, "\"{}\"", text.replace('"', "\"\""))?;
            }
            Cell::Text(text) => out.extend_from_slice(text.as_bytes()),
        }
        out.push(if column == last { b'\n' } else { b',' });
        Ok(())
    })
}

fn ndjson(batch: &Batch, fields: &[Field], out: &mut Vec<u8>) -> io::Result<()> {
    let last = fields.len() - 1;
    each_cell(batch, |column, cell| {
        out.push(if column == 0 { b'{' } else { b',' });
        serde_json::to_writer(&mut *out, &fields[column].name)?;
        out.push(b':');
        match cell {
            Cell::None => out.extend_from_slice(b"null"),
            Cell::Int(n) => write!(out, "{n}")?,
            Cell::Text(text) => serde_json::to_writer(&mut *out, text)?,
        }
        if column == last {
            out.extend_from_slice(b"}\n");
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataType, ParquetReader, SerReader as _};

    use super::super::relation::Kind;
    use super::*;
    use crate::table::Value;

    fn sample() -> (Vec<Field>, Vec<Batch>) {
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            kind,
            title: None,
            unit: None,
            note: None,
        };
        let fields = vec![field("n", Kind::Int), field("code", Kind::Text)];
        let text = |text: &str| Value::Text(text.to_owned());
        let mut batches = vec![Batch::new(&fields), Batch::new(&fields)];
        batches[0].push(&[Value::Int(i64::MAX), text("032100")]);
        batches[0].push(&[Value::Null, text("a,\"b\"\nc")]);
        batches[1].push(&[Value::Int(0), text("")]);
        batches[1].push(&[Value::Int(-1), Value::Null]);
        (fields, batches)
    }

    fn made(shape: Shape) -> Vec<u8> {
        let (fields, batches) = sample();
        let mut encoder = Encoder::new(shape, &fields).unwrap();
        let mut bytes = Vec::new();
        for batch in &batches {
            bytes.extend(encoder.add(batch, &fields).unwrap());
        }
        bytes.extend(encoder.end().unwrap());
        bytes
    }

    #[test]
    fn nothing_is_nothing_and_an_empty_text_is_one() {
        let csv = "n,code\n9223372036854775807,032100\n,\"a,\"\"b\"\"\nc\"\n0,\"\"\n-1,\n";
        assert_eq!(String::from_utf8(made(Shape::Csv)).unwrap(), csv);
        let lines = r#"{"n":9223372036854775807,"code":"032100"}
{"n":null,"code":"a,\"b\"\nc"}
{"n":0,"code":""}
{"n":-1,"code":null}
"#;
        assert_eq!(String::from_utf8(made(Shape::Ndjson)).unwrap(), lines);
    }

    #[test]
    fn parquet_is_one_file_of_typed_columns_however_many_batches() {
        let bytes = made(Shape::Parquet);
        let frame = ParquetReader::new(io::Cursor::new(bytes)).finish().unwrap();
        assert_eq!(frame.dtypes(), [DataType::Int64, DataType::String]);
        let read = crate::query::polars::rows(&frame).unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            read.rows,
            [
                vec![Value::Int(i64::MAX), text("032100")],
                vec![Value::Null, text("a,\"b\"\nc")],
                vec![Value::Int(0), text("")],
                vec![Value::Int(-1), Value::Null],
            ]
        );
    }
}
