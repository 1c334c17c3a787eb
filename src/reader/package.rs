//! Office documents as packages: parts in a zip file, with a bound on what they unpack to.

use std::cell::Cell;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::flow::squeeze;
use super::xml::{Event, Xml, decode};
use super::{Kind, MAX_UNPACKED, Unreadable, of_unpacking};

/// An open package.
pub struct Package<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    kind: Kind,
    /// What may still be unpacked.
    left: Cell<u64>,
}

impl<'b> Package<'b> {
    /// Opens a file of a kind.
    ///
    /// # Errors
    /// When it is torn.
    pub fn open(bytes: &'b [u8], kind: Kind) -> Result<Package<'b>, Unreadable> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged(kind))?;
        Ok(Package { zip, kind, left: Cell::new(MAX_UNPACKED) })
    }

    /// Names of its parts.
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().map(String::from).collect()
    }

    /// The title that is noted in a part about the document, as a page's title is.
    ///
    /// # Errors
    /// As [`Package::find`].
    pub fn title(&mut self, part: &str) -> Result<Option<(String, String)>, Unreadable> {
        let Some(bytes) = self.find(part)? else { return Ok(None) };
        let text = decode(&bytes);
        let mut xml = Xml::new(&text, self.kind);
        // what only says something about the document may be torn
        while let Ok(event) = xml.next() {
            match event {
                Event::Open(tag) if tag.name() == "title" => {
                    let title = xml.text().map(|text| squeeze(&text)).unwrap_or_default();
                    return Ok((!title.is_empty()).then(|| ("title".to_owned(), title)));
                }
                Event::End => break,
                _ => {}
            }
        }
        Ok(None)
    }

    /// A part that must be there.
    ///
    /// # Errors
    /// When it is not, is damaged, locked, or unpacks to too much, or to more than there is memory.
    pub fn part(&mut self, name: &str) -> Result<Vec<u8>, Unreadable> {
        self.find(name)?.ok_or(Unreadable::Damaged(self.kind))
    }

    /// A part that may be there.
    ///
    /// # Errors
    /// When it is damaged, locked, or unpacks to too much.
    pub fn find(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let damaged = || Unreadable::Damaged(self.kind);
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(Unreadable::Locked);
            }
            Err(_) => return Err(damaged()),
        };
        let mut bytes = Vec::new();
        let left = self.left.get();
        let unpacked = file.take(left.saturating_add(1)).read_to_end(&mut bytes);
        unpacked.map_err(|e| of_unpacking(&e, self.kind))?;
        let read = bytes.len() as u64;
        if read > left {
            return Err(Unreadable::TooLarge);
        }
        self.left.set(left - read);
        Ok(Some(bytes))
    }
}
