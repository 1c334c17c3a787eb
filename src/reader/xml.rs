//! The XML of office packages: elements by their local names, entities resolved, the depth bounded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event as Raw};

use super::encoding;
use super::{Kind, Unreadable};

/// Elements nested deeper than this are not read: the deepest real ones have some fifty.
const MAX_DEPTH: usize = 1_000;

/// The text of a part; packages are UTF-8 or UTF-16.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    encoding::decode(bytes).0
}

/// A pass over one part.
pub struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
    /// Whether there was an element.
    is_markup: bool,
    kind: Kind,
}

/// What comes next.
pub enum Event<'x> {
    /// An element begins; every one that begins also ends.
    Open(Tag<'x>),
    /// An element ends.
    Close(String),
    /// Text, or a piece of it.
    Text(Cow<'x, str>),
    /// The part ends.
    End,
}

/// An element's name and attributes.
pub struct Tag<'x>(BytesStart<'x>);

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl Tag<'_> {
    /// Its name without the prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// An attribute by its name without the prefix.
    pub fn attr(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let attributes = attributes.with_checks(false);
        let found = attributes.flatten().find(|a| local(a.key.into_inner()) == name)?;
        Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// An attribute that counts columns, rows or characters, from 1 to `most`; 1 where it is not
    /// there.
    pub fn count(&self, name: &str, most: u16) -> u16 {
        let given = self.attr(name).and_then(|v| v.trim().parse::<u64>().ok()).unwrap_or(1);
        u16::try_from(given).unwrap_or(u16::MAX).clamp(1, most)
    }
}

impl<'x> Xml<'x> {
    /// Begins with a part of a file of `kind`, which is named where the part is torn.
    pub fn new(text: &'x str, kind: Kind) -> Xml<'x> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Xml { reader, depth: 0, is_markup: false, kind }
    }

    /// The next event.
    ///
    /// # Errors
    /// When the XML is none, breaks off or nests too deep.
    pub fn next(&mut self) -> Result<Event<'x>, Unreadable> {
        loop {
            let damaged = Unreadable::Damaged(self.kind);
            let Ok(event) = self.reader.read_event() else { return Err(damaged) };
            return Ok(match event {
                Raw::Start(tag) => {
                    self.depth += 1;
                    self.is_markup = true;
                    if self.depth > MAX_DEPTH {
                        return Err(Unreadable::TooDeep);
                    }
                    Event::Open(Tag(tag))
                }
                Raw::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    Event::Close(tag.local_name().into_inner().to_owned())
                }
                Raw::Text(text) => Event::Text(text.into_inner()),
                Raw::CData(text) => Event::Text(text.into_inner()),
                Raw::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => Event::Text(Cow::Owned(c.to_string())),
                    Ok(None) => Event::Text(Cow::Borrowed(
                        resolve_predefined_entity(&name).unwrap_or_default(),
                    )),
                    Err(_) => continue,
                },
                Raw::Eof if self.depth > 0 || !self.is_markup => return Err(damaged),
                Raw::Eof => Event::End,
                _ => continue,
            });
        }
    }

    /// Leaves out the rest of the element that has just begun.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub fn skip(&mut self) -> Result<(), Unreadable> {
        self.inner(|_| ())
    }

    /// The text in the element that has just begun.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub fn text(&mut self) -> Result<String, Unreadable> {
        let mut out = String::new();
        self.inner(|text| out.push_str(text))?;
        Ok(out)
    }

    fn inner(&mut self, mut text: impl FnMut(&str)) -> Result<(), Unreadable> {
        let end = self.depth.saturating_sub(1);
        while self.depth > end {
            match self.next()? {
                Event::Text(piece) => text(&piece),
                Event::End => break,
                Event::Open(_) | Event::Close(_) => {}
            }
        }
        Ok(())
    }
}
