//! Streams of compound files, in which office programs up to 2003 keep documents.

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;
use encoding_rs::{GB18030, UTF_16LE};

use super::encoding::of_code_page;
use super::flow::squeeze;
use super::{Kind, MAX_UNPACKED, Unreadable, of_unpacking};

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
        let read = stream.take(MAX_UNPACKED + 1).read_to_end(&mut bytes);
        read.map_err(|e| of_unpacking(&e, self.1))?;
        if bytes.len() as u64 > MAX_UNPACKED { Err(Unreadable::TooLarge) } else { Ok(bytes) }
    }

    /// The title that is noted beside the text, as a page's title is.
    pub fn title(&mut self) -> Option<(String, String)> {
        let set = self.stream("\u{5}SummaryInformation").ok()?;
        Some(("title".to_owned(), title(&set)?))
    }
}

/// Numbers of the properties of a document, and of the types of their values (MS-OLEPS).
const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
const NARROW: u32 = 0x1E;
const WIDE: u32 = 0x1F;

/// The title among the properties of a document.
fn title(set: &[u8]) -> Option<String> {
    let start = usize::try_from(u32_at(set, 44)?).ok()?;
    let section = set.get(start..)?;
    let count = u32_at(section, 4)?.min(1_000);
    let value = |number: u32| {
        let entries = (0..count as usize).map(|n| 8 + 8 * n);
        let entry = entries.into_iter().find(|at| u32_at(section, *at) == Some(number))?;
        section.get(usize::try_from(u32_at(section, entry + 4)?).ok()?..)
    };
    let page = value(CODE_PAGE).and_then(|v| u16_at(v, 4)).and_then(|v| of_code_page(v.into()));
    let title = value(TITLE)?;
    let size = usize::try_from(u32_at(title, 4)?).ok()?;
    let (encoding, size) = match u32_at(title, 0)? {
        NARROW => (page.unwrap_or(GB18030), size),
        WIDE => (UTF_16LE, size.checked_mul(2)?),
        _ => return None,
    };
    let bytes = title.get(8..8usize.checked_add(size)?)?;
    let text = encoding.decode_without_bom_handling(bytes).0;
    Some(squeeze(text.trim_matches('\0'))).filter(|title| !title.is_empty())
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
