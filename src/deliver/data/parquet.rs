//! Parquet, written as it comes: each batch is a row group, and only what the footer says of them
//! is kept until the end.
//!
//! Columns are 64-bit numbers and texts, each with one page per row group: levels that tell what is
//! there, then the values as they are, packed by zstd. Whoever reads Parquet reads these. The
//! writer of Polars would do, but holds and computes many times as much for the same file.

use std::io;

use zstd::bulk::Compressor;

use super::batch::{Batch, Values};
use super::relation::{Field, Kind};
use super::thrift::{Struct, structure, varint};

const MAGIC: &[u8] = b"PAR1";
// numbers of the format's lists
const INT64: i32 = 2;
const BYTE_ARRAY: i32 = 6;
const OPTIONAL: i32 = 1;
const UTF8: i32 = 0;
const PLAIN: i32 = 0;
const RLE: i32 = 3;
const ZSTD: i32 = 6;
const DATA_PAGE: i32 = 0;

/// Packs pages; one for all files, since making it costs more than a page.
pub struct Packer(Compressor<'static>);

impl Packer {
    /// A fast one.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new() -> io::Result<Packer> {
        Ok(Packer(Compressor::new(1)?))
    }
}

/// A column of a row group, as the footer tells it.
struct Chunk {
    kind: Kind,
    offset: i64,
    unpacked: i64,
    packed: i64,
    values: i64,
    nulls: i64,
    /// Least and greatest of numbers.
    range: Option<(i64, i64)>,
}

/// A file being written.
#[derive(Default)]
pub struct Writer {
    written: usize,
    rows: usize,
    groups: Vec<(usize, Vec<Chunk>)>,
}

impl Writer {
    /// The bytes of a row group.
    ///
    /// # Errors
    /// When zstd fails.
    pub fn add(&mut self, batch: &Batch, packer: &mut Packer) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        if self.written == 0 {
            out.extend_from_slice(MAGIC);
        }
        let mut chunks = Vec::with_capacity(batch.columns.len());
        for column in &batch.columns {
            chunks.push(self.column(column, batch.rows, packer, &mut out)?);
        }
        self.groups.push((batch.rows, chunks));
        self.rows += batch.rows;
        self.written += out.len();
        Ok(out)
    }

    fn column(
        &self,
        column: &Values,
        rows: usize,
        packer: &mut Packer,
        out: &mut Vec<u8>,
    ) -> io::Result<Chunk> {
        let offset = self.written + out.len();
        let page = Page::of(column);
        let packed = packer.0.compress(&page.bytes)?;
        let mut header = Vec::new();
        structure(&mut header, |s| {
            s.i32(1, DATA_PAGE).i32(2, page.bytes.len() as i32).i32(3, packed.len() as i32);
            s.within(5, |s| {
                s.i32(1, rows as i32).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
            });
        });
        out.extend_from_slice(&header);
        out.extend_from_slice(&packed);
        Ok(Chunk {
            kind: page.kind,
            offset: offset as i64,
            unpacked: (header.len() + page.bytes.len()) as i64,
            packed: (header.len() + packed.len()) as i64,
            values: rows as i64,
            nulls: page.nulls as i64,
            range: page.range,
        })
    }

    /// The bytes that end the file.
    #[must_use]
    pub fn end(&self, fields: &[Field]) -> Vec<u8> {
        let mut out = Vec::new();
        if self.written == 0 {
            out.extend_from_slice(MAGIC);
        }
        let start = out.len();
        structure(&mut out, |s| {
            s.i32(1, 1);
            let root = std::iter::once(None);
            let elements: Vec<Option<&Field>> = root.chain(fields.iter().map(Some)).collect();
            s.structs(2, elements.into_iter(), |field, s| element(field, fields.len(), s));
            s.i64(3, self.rows as i64);
            s.structs(4, self.groups.iter(), |(rows, chunks), s| group(*rows, chunks, fields, s));
            s.bytes(6, concat!("nianbao ", env!("CARGO_PKG_VERSION")).as_bytes());
        });
        let length = (out.len() - start) as u32;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(MAGIC);
        out
    }
}

/// An element of the schema: a column, or what holds them.
fn element(field: Option<&Field>, columns: usize, s: &mut Struct<'_>) {
    match field {
        None => {
            s.bytes(4, b"root").i32(5, columns as i32);
        }
        Some(field) => {
            s.i32(1, physical(field.kind)).i32(3, OPTIONAL).bytes(4, field.name.as_bytes());
            if field.kind == Kind::Text {
                // the older and the newer word for text
                s.i32(6, UTF8).within(10, |s| {
                    s.within(1, |_| {});
                });
            }
        }
    }
}

fn physical(kind: Kind) -> i32 {
    match kind {
        Kind::Int => INT64,
        Kind::Text => BYTE_ARRAY,
    }
}

fn group(rows: usize, chunks: &[Chunk], fields: &[Field], s: &mut Struct<'_>) {
    let named = chunks.iter().zip(fields);
    s.structs(1, named, |(chunk, field), s| {
        s.i64(2, chunk.offset).within(3, |s| {
            s.i32(1, physical(chunk.kind)).i32s(2, &[PLAIN, RLE]);
            s.texts(3, &[field.name.as_str()]).i32(4, ZSTD).i64(5, chunk.values);
            s.i64(6, chunk.unpacked).i64(7, chunk.packed).i64(9, chunk.offset);
            s.within(12, |s| {
                s.i64(3, chunk.nulls);
                if let Some((least, greatest)) = chunk.range {
                    s.bytes(5, &greatest.to_le_bytes()).bytes(6, &least.to_le_bytes());
                }
            });
        });
    });
    let unpacked = chunks.iter().map(|chunk| chunk.unpacked).sum();
    s.i64(2, unpacked).i64(3, rows as i64);
}

/// What a page holds before it is packed.
struct Page {
    kind: Kind,
    bytes: Vec<u8>,
    nulls: usize,
    range: Option<(i64, i64)>,
}

impl Page {
    fn of(column: &Values) -> Page {
        match column {
            Values::Int(values, known) => {
                let (mut bytes, nulls) = levels(known.iter().copied());
                let there = || values.iter().zip(known).filter(|(_, known)| **known).map(|v| *v.0);
                bytes.reserve(8 * (values.len() - nulls));
                there().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
                let range = there().min().zip(there().max());
                Page { kind: Kind::Int, bytes, nulls, range }
            }
            Values::Text(texts) => {
                let (mut bytes, nulls) = levels(texts.iter().map(|text| text.is_some()));
                for text in texts.iter().flatten() {
                    bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
                Page { kind: Kind::Text, bytes, nulls, range: None }
            }
        }
    }
}

/// What is there and what is not, in runs behind their length in bytes; and how many are not.
fn levels(known: impl Iterator<Item = bool>) -> (Vec<u8>, usize) {
    let mut out = vec![0; 4];
    let mut nulls = 0;
    let mut run = (true, 0u64);
    let mut put = |(value, length): (bool, u64)| {
        if length > 0 {
            varint(&mut out, length << 1);
            out.push(value.into());
        }
    };
    for is_there in known {
        nulls += usize::from(!is_there);
        if is_there == run.0 {
            run.1 += 1;
        } else {
            put(std::mem::replace(&mut run, (is_there, 1)));
        }
    }
    put(run);
    let length = (out.len() - 4) as u32;
    out[..4].copy_from_slice(&length.to_le_bytes());
    (out, nulls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_told_in_runs() {
        let known = [true, true, true, false, true];
        let (bytes, nulls) = levels(known.into_iter());
        assert_eq!((bytes, nulls), (vec![6, 0, 0, 0, 6, 1, 2, 0, 2, 1], 1));
        let (bytes, nulls) = levels(std::iter::repeat_n(false, 200));
        assert_eq!((bytes, nulls), (vec![3, 0, 0, 0, 0x90, 3, 0], 200));
    }
}
