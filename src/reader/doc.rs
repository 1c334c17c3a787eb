//! Word 97 to 2003 (MS-DOC): the pieces of the text in order, and the marks in it that end cells and
//! rows. What a row looks like stands with the properties of its last mark; where it is not to be
//! had, cells are told apart but not which of them span, and a finding says so.

mod characters;
mod pages;
mod paragraphs;
mod styles;

use encoding_rs::WINDOWS_1252;

use super::compound::{Streams, u16_at, u32_at};
use super::document::Document;
use super::flow::Flow;
use super::look::Look;
use super::rows::{end_cell, end_row, enter, number_columns};
use super::{Kind, Unreadable};
use crate::report::{Finding, Severity, said};
use characters::Characters;
use paragraphs::Paragraphs;

/// Reads a document.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let damaged = || Unreadable::Damaged(Kind::Doc);
    let mut streams = Streams::open(bytes, Kind::Doc)?;
    let main = streams.stream("WordDocument")?;
    let flags = u16_at(&main, fib::FLAGS).ok_or_else(damaged)?;
    if flags & fib::IS_ENCRYPTED != 0 {
        return Err(Unreadable::Locked);
    }
    let table = if flags & fib::IS_TABLE_1 != 0 { "1Table" } else { "0Table" };
    let table = streams.stream(table)?;
    let data = streams.stream("Data").unwrap_or_default();
    let pieces = pieces(&main, &table).ok_or_else(damaged)?;
    let length = u32_at(&main, fib::TEXT_LENGTH).ok_or_else(damaged)?;
    let paragraphs = Paragraphs::read(&main, &table, &data);
    let characters = Characters::read(&main, &table, &styles::read(&main, &table));
    let mut reader = Reader::new(&paragraphs, &characters);
    let mut left = length;
    for piece in &pieces {
        left = reader.piece(&main, piece, left).ok_or_else(damaged)?;
    }
    let mut doc = reader.finish()?;
    doc.meta.extend(streams.title());
    Ok(doc)
}

/// Where the head of the main stream has what.
mod fib {
    pub const FLAGS: usize = 0x0A;
    pub const IS_ENCRYPTED: u16 = 0x0100;
    pub const IS_TABLE_1: u16 = 0x0200;
    /// Characters of the body.
    pub const TEXT_LENGTH: usize = 0x4C;
    /// Place and length of the list of styles.
    pub const STYLES: usize = 0xA2;
    /// Place and length of the list of pages of character properties.
    pub const CHARACTERS: usize = 0xFA;
    /// Place and length of the list of pages of paragraph properties.
    pub const PARAGRAPHS: usize = 0x102;
    /// Place and length of the piece table.
    pub const PIECES: usize = 0x1A2;
}

/// A part of a stream, whose place and length stand at `at` in the head.
fn part<'t>(main: &[u8], table: &'t [u8], at: usize) -> Option<&'t [u8]> {
    let start = usize::try_from(u32_at(main, at)?).ok()?;
    let length = usize::try_from(u32_at(main, at + 4)?).ok()?;
    table.get(start..start.checked_add(length)?)
}

/// A run of text in the main stream.
struct Piece {
    characters: u32,
    start: usize,
    /// Whether its characters are UTF-16.
    wide: bool,
}

fn pieces(main: &[u8], table: &[u8]) -> Option<Vec<Piece>> {
    let mut clx = part(main, table, fib::PIECES)?;
    // properties that pieces share come first
    while clx.first() == Some(&1) {
        let length = usize::from(u16_at(clx, 1)?);
        clx = clx.get(3 + length..)?;
    }
    if clx.first() != Some(&2) {
        return None;
    }
    let length = usize::try_from(u32_at(clx, 1)?).ok()?;
    let plc = clx.get(5..5usize.checked_add(length)?)?;
    let count = plc.len().checked_sub(4)? / 12;
    let piece = |n: usize| {
        let (from, to) = (u32_at(plc, 4 * n)?, u32_at(plc, 4 * n + 4)?);
        let place = u32_at(plc, 4 * (count + 1) + 8 * n + 2)?;
        let wide = place & 0x4000_0000 == 0;
        let start = usize::try_from(place & 0x3FFF_FFFF).ok()?;
        let start = if wide { start } else { start / 2 };
        Some(Piece { characters: to.checked_sub(from)?, start, wide })
    };
    (0..count).map(piece).collect()
}

struct Reader<'p> {
    flow: Flow,
    paragraphs: &'p Paragraphs<'p>,
    characters: &'p Characters,
    /// Text being read that looks alike, in units of UTF-16.
    text: Vec<u16>,
    look: Look,
    /// Text of the paragraph before it, piece by piece.
    pieces: Vec<(String, Look)>,
    /// Whether the unit belongs to the instruction of a field, which is not shown.
    instructions: Vec<bool>,
    /// Whether the definition of a row was not to be had.
    rows_unknown: bool,
}

/// Units that are marks.
mod mark {
    pub const PICTURE: u16 = 0x01;
    pub const DRAWING: u16 = 0x08;
    pub const CELL: u16 = 0x07;
    pub const TAB: u16 = 0x09;
    pub const LINE: u16 = 0x0B;
    pub const PAGE: u16 = 0x0C;
    pub const PARAGRAPH: u16 = 0x0D;
    pub const FIELD_BEGIN: u16 = 0x13;
    pub const FIELD_RESULT: u16 = 0x14;
    pub const FIELD_END: u16 = 0x15;
    pub const HYPHEN: u16 = 0x1E;
}

impl<'p> Reader<'p> {
    fn new(paragraphs: &'p Paragraphs<'p>, characters: &'p Characters) -> Reader<'p> {
        Reader {
            flow: Flow::default(),
            paragraphs,
            characters,
            text: Vec::new(),
            look: Look::default(),
            pieces: Vec::new(),
            instructions: Vec::new(),
            rows_unknown: false,
        }
    }

    /// Reads a piece, of which `left` characters at most belong to the body; how many are left.
    fn piece(&mut self, main: &[u8], piece: &Piece, left: u32) -> Option<u32> {
        let count = piece.characters.min(left);
        let width = if piece.wide { 2 } else { 1 };
        let length = usize::try_from(count).ok()?.checked_mul(width)?;
        let bytes = main.get(piece.start..piece.start.checked_add(length)?)?;
        for (n, unit) in bytes.chunks_exact(width).enumerate() {
            let at = piece.start + n * width;
            match unit {
                [low, high] => self.unit(u16::from_le_bytes([*low, *high]), at),
                // what Word compresses is Western; Chinese stands in wide pieces
                [byte] if *byte >= 0x80 => {
                    let byte = [*byte];
                    let text = WINDOWS_1252.decode_without_bom_handling(&byte).0;
                    text.encode_utf16().for_each(|unit| self.unit(unit, at));
                }
                [byte] => self.unit(u16::from(*byte), at),
                _ => {}
            }
        }
        Some(left - count)
    }

    /// Reads a unit that stands at a place of the main stream.
    fn unit(&mut self, unit: u16, at: usize) {
        match unit {
            mark::FIELD_BEGIN => self.instructions.push(true),
            mark::FIELD_RESULT => {
                if let Some(is_instruction) = self.instructions.last_mut() {
                    *is_instruction = false;
                }
            }
            mark::FIELD_END => _ = self.instructions.pop(),
            mark::PICTURE | mark::DRAWING => self.flow.picture(),
            mark::CELL => self.end_cell(at),
            mark::PARAGRAPH | mark::PAGE => self.end_paragraph(at),
            _ if self.instructions.contains(&true) => {}
            mark::TAB => self.push(u16::from(b'\t'), at),
            mark::LINE => self.push(u16::from(b'\n'), at),
            mark::HYPHEN => self.push(u16::from(b'-'), at),
            0..0x20 => {}
            _ => self.push(unit, at),
        }
    }

    fn push(&mut self, unit: u16, at: usize) {
        let look = self.characters.at(at);
        if look != self.look {
            self.end_piece();
            self.look = look;
        }
        self.text.push(unit);
    }

    fn end_piece(&mut self) {
        if !self.text.is_empty() {
            let text = String::from_utf16_lossy(&std::mem::take(&mut self.text));
            self.pieces.push((text, self.look));
        }
    }

    /// Adds the text read so far to the paragraph, in as many tables as it stands in.
    fn flush(&mut self, level: usize) {
        self.end_piece();
        if !self.pieces.is_empty() {
            enter(&mut self.flow, level);
        }
        for (text, look) in std::mem::take(&mut self.pieces) {
            self.flow.styled(&text, look);
        }
    }

    fn end_paragraph(&mut self, at: usize) {
        let properties = self.paragraphs.at(at);
        let level = properties.level();
        // the marks of inner tables are ends of paragraphs
        if properties.inner_row {
            self.end_row(level.max(2), at);
        } else {
            self.flush(level);
            if properties.inner_cell {
                end_cell(&mut self.flow, level.max(2));
            } else {
                self.flow.end_paragraph();
            }
        }
    }

    fn end_cell(&mut self, at: usize) {
        let is_row = match self.paragraphs.are_known() {
            true => self.paragraphs.at(at).row,
            // an empty cell behind others ends a row, as far as can be told
            false => self.is_blank() && !self.flow.in_cell() && self.flow.depth() > 0,
        };
        if is_row {
            self.end_row(1, at);
        } else {
            self.flush(self.paragraphs.at(at).level().max(1));
            end_cell(&mut self.flow, 1);
        }
    }

    /// Whether the paragraph has no text.
    fn is_blank(&self) -> bool {
        self.text.is_empty() && self.pieces.is_empty()
    }

    fn end_row(&mut self, level: usize, at: usize) {
        self.text.clear();
        self.pieces.clear();
        let cells = &self.paragraphs.at(at).cells;
        let is_told = end_row(&mut self.flow, level, cells);
        self.rows_unknown |= !is_told;
    }

    fn finish(mut self) -> Result<Document, Unreadable> {
        self.flush(0);
        let mut doc = self.flow.finish(Kind::Doc.media_type())?;
        number_columns(&mut doc);
        if self.rows_unknown {
            doc.findings.push(Finding {
                rule: "merged-cells".to_owned(),
                severity: Severity::Warning,
                message: said!("finding.merged_cells"),
                cells: Vec::new(),
            });
        }
        Ok(doc)
    }
}

#[cfg(test)]
mod tests;
