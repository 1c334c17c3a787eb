//! Streams of compound files, in which office programs up to 2003 keep documents.

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;

use super::{Kind, MAX_UNPACKED, Unreadable};

/// An open compound file.
pub struct Streams<'b>(CompoundFile<Cursor<&'b [u8]>>, Kind);

impl<'b> Streams<'b> {
    /// Opens a file of a kind.
    ///
    /// # Errors
    /// When it is torn.
    pub fn open(bytes: &'b [u8], kind: Kind) -> Result<Streams<'b>, Unreadable> {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged(kind))?;
        Ok(Streams(file, kind))
    }

    /// A stream by its name.
    ///
    /// # Errors
    /// When it is not there, is damaged or too large.
    pub fn stream(&mut self, name: &str) -> Result<Vec<u8>, Unreadable> {
        let damaged = Unreadable::Damaged(self.1);
        let Ok(stream) = self.0.open_stream(name) else { return Err(damaged) };
        let mut bytes = Vec::new();
        if stream.take(MAX_UNPACKED + 1).read_to_end(&mut bytes).is_err() {
            return Err(damaged);
        }
        if bytes.len() as u64 > MAX_UNPACKED { Err(Unreadable::TooLarge) } else { Ok(bytes) }
    }
}

/// Two bytes at a place, the low one first.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

/// Four bytes at a place, the low ones first.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
