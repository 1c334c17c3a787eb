//! Parquet, written as it comes: each batch is a row group, and only what the footer says of them
//! is kept until the end.
//!
//! Columns are 64-bit numbers and texts. They are taken from a [`Batch`] as they lie there; the
//! writer of Polars would first make a frame of them, and takes many times the memory.

use std::io;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use super::batch::{Batch, Values};
use super::relation::{Field, Kind};

/// Values that are encoded at once.
const BATCH: usize = 8192;
/// Levels of a value that is there, and of none.
const THERE: i16 = 1;
const NULL: i16 = 0;

/// A file being written.
pub struct Writer(SerializedFileWriter<Vec<u8>>);

impl Writer {
    /// Begins a file of these columns.
    ///
    /// # Errors
    /// When the columns are none of Parquet's.
    pub fn new(fields: &[Field]) -> io::Result<Writer> {
        let columns = fields.iter().map(column).collect::<Result<_, _>>().map_err(failed)?;
        let schema = Type::group_type_builder("schema").with_fields(columns).build();
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("nianbao ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            // interning every text costs a fifth more time for a fifth less room
            .set_dictionary_enabled(false)
            .set_write_batch_size(BATCH)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true);
        // nobody looks for a range of texts
        for field in fields.iter().filter(|field| field.kind == Kind::Text) {
            let column = ColumnPath::from(field.name.as_str());
            properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
        }
        let properties = properties.build();
        let schema = Arc::new(schema.map_err(failed)?);
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))
            .map(Writer)
            .map_err(failed)
    }

    /// The bytes of a row group.
    ///
    /// # Errors
    /// When a value cannot be encoded.
    pub fn add(&mut self, batch: &Batch) -> io::Result<Vec<u8>> {
        let mut group = self.0.next_row_group().map_err(failed)?;
        for values in &batch.columns {
            if let Some(mut column) = group.next_column().map_err(failed)? {
                put(values, &mut column).map_err(failed)?;
                column.close().map_err(failed)?;
            }
        }
        group.close().map_err(failed)?;
        self.0.flush()?;
        Ok(std::mem::take(self.0.inner_mut()))
    }

    /// The bytes that end the file.
    ///
    /// # Errors
    /// When the footer cannot be encoded.
    pub fn end(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(failed)
    }
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// A column as the schema names it.
fn column(field: &Field) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match field.kind {
        Kind::Int => (Physical::INT64, None),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    Type::primitive_type_builder(&field.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

/// Writes the values that are there, and which are.
fn put(values: &Values, column: &mut SerializedColumnWriter<'_>) -> Result<usize, ParquetError> {
    match values {
        Values::Int(values, known) => {
            let there = values.iter().zip(known).filter(|(_, known)| **known).map(|(n, _)| *n);
            let there: Vec<i64> = there.collect();
            let levels = levels(known.iter().copied());
            column.typed::<Int64Type>().write_batch(&there, Some(&levels), None)
        }
        Values::Text(texts) => {
            // one buffer, of which each text is a slice: no allocation for each
            let all = ByteArray::from(texts.bytes().to_vec());
            let there = texts.places().flatten().map(|place| all.slice(place.start, place.len()));
            let there: Vec<ByteArray> = there.collect();
            let levels = levels(texts.places().map(|place| place.is_some()));
            column.typed::<ByteArrayType>().write_batch(&there, Some(&levels), None)
        }
    }
}

fn levels(known: impl Iterator<Item = bool>) -> Vec<i16> {
    known.map(|known| if known { THERE } else { NULL }).collect()
}
