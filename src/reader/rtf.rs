//! Rich text: the text of the body, with the tables that its marks and row definitions make.

mod lexer;
mod state;

use std::collections::HashMap;

use encoding_rs::{BIG5, Encoding, GB18030};

use super::document::Document;
use super::encoding::of_code_page;
use super::flow::{Flow, squeeze};
use super::rows::{Ruled, end_cell, end_row, enter, number_columns};
use super::{Kind, Unreadable};
use lexer::{Lexer, Token};
use state::{Group, Row, Text};

/// Groups nested deeper than this are not read.
const MAX_DEPTH: usize = 1_000;

/// Reads a document.
///
/// # Errors
/// When it breaks off, nests too deep or is too large.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut reader = Reader::default();
    for token in Lexer::new(bytes) {
        match token {
            Token::Open => reader.open()?,
            Token::Close => {
                if reader.close() {
                    return reader.finish();
                }
            }
            Token::Word(name, number) => reader.word(name, number),
            Token::Symbol(symbol) => reader.symbol(symbol),
            Token::Byte(byte, is_escaped) => reader.byte(byte, is_escaped),
        }
    }
    Err(Unreadable::Damaged(Kind::Rtf))
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    groups: Vec<Group>,
    group: Group,
    text: Text,
    title: String,
    /// Encodings of fonts, by their numbers.
    fonts: HashMap<i32, &'static Encoding>,
    default: Option<&'static Encoding>,
    /// Whether the next word tells whether its group can be left out.
    optional: bool,
    row: Row,
    /// Definition of a row of an inner table.
    inner: Row,
}

impl Reader {
    fn open(&mut self) -> Result<(), Unreadable> {
        self.flush();
        self.text.skip = 0;
        if self.groups.len() >= MAX_DEPTH {
            return Err(Unreadable::TooDeep);
        }
        self.groups.push(self.group.clone());
        Ok(())
    }

    /// Ends a group; whether it was the outermost.
    fn close(&mut self) -> bool {
        self.flush();
        self.text.skip = 0;
        self.optional = false;
        self.group = self.groups.pop().unwrap_or_default();
        self.groups.is_empty()
    }

    fn finish(mut self) -> Result<Document, Unreadable> {
        self.end_paragraph();
        let mut doc = self.flow.finish(Kind::Rtf.media_type())?;
        number_columns(&mut doc);
        let title = squeeze(&self.title);
        if !title.is_empty() {
            doc.meta.push(("title".to_owned(), title));
        }
        Ok(doc)
    }

    fn encoding(&self) -> &'static Encoding {
        let of_font = self.group.font.and_then(|font| self.fonts.get(&font)).copied();
        of_font.or(self.default).unwrap_or(GB18030)
    }

    fn byte(&mut self, byte: u8, is_escaped: bool) {
        self.optional = false;
        if self.text.skip > 0 {
            self.text.skip -= 1;
        } else if (self.group.title || !self.group.is_left_out())
            && (is_escaped || !matches!(byte, b'\r' | b'\n'))
        {
            self.text.bytes.push(byte);
        }
    }

    /// Adds the bytes gathered so far as text.
    fn flush(&mut self) {
        if self.text.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.text.bytes);
        let (text, _) = self.encoding().decode_without_bom_handling(&bytes);
        self.say(&text);
    }

    fn say(&mut self, text: &str) {
        if self.group.title {
            self.title.push_str(text);
        } else if !self.group.is_left_out() {
            enter(&mut self.flow, self.group.level);
            self.flow.styled(text, self.group.look);
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        self.flow.end_paragraph();
    }

    fn symbol(&mut self, symbol: u8) {
        if self.text.skip > 0 {
            self.text.skip -= 1;
            return;
        }
        match symbol {
            b'*' => self.optional = true,
            b'~' => self.byte(b' ', true),
            b'_' => self.byte(b'-', true),
            b'\r' | b'\n' => self.word("par", None),
            b'{' | b'}' | b'\\' => self.byte(symbol, true),
            _ => {}
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        if self.text.skip > 0 {
            self.text.skip -= 1;
            return;
        }
        self.flush();
        let is_optional = std::mem::take(&mut self.optional);
        let is_shown_elsewhere = self.group.left_out;
        if state::is_left_out(name) || is_optional && !state::is_read_all_the_same(name) {
            self.group.left_out = true;
        }
        match name {
            // what older programs are shown in its place is the same again
            "pict" if !is_shown_elsewhere => self.flow.picture(),
            "fonttbl" => self.group.fonts = true,
            "title" => self.group.title = true,
            "nesttableprops" => self.group.inner = true,
            "f" => self.group.font = number,
            "fcharset" if self.group.fonts => {
                let encoding = number.and_then(of_charset);
                if let (Some(font), Some(encoding)) = (self.group.font, encoding) {
                    self.fonts.insert(font, encoding);
                }
            }
            "ansicpg" => self.default = number.and_then(of_code_page),
            "uc" => self.group.skip = number.unwrap_or(1).clamp(0, 100),
            "u" => self.unicode(number.unwrap_or_default()),
            _ if self.group.left_out || self.group.fonts => {}
            _ if self.group.looks(name, number) => {}
            "deleted" => self.group.deleted = number != Some(0),
            "pard" => self.group.level = 0,
            "intbl" => self.group.level = self.group.level.max(1),
            "itap" => self.group.level = number.and_then(|n| n.try_into().ok()).unwrap_or(0),
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" | "column" => self.say("\n"),
            // behind the number of an item it is nothing but room
            "tab" => self.say(if self.group.number { " " } else { "\t" }),
            "listtext" | "pntext" => self.group.number = true,
            "cell" => end_cell(&mut self.flow, 1),
            "nestcell" => end_cell(&mut self.flow, self.group.level.max(2)),
            "row" => self.end_row(1),
            "nestrow" => self.end_row(self.flow.depth().max(2)),
            _ => match state::character(name) {
                Some(c) => self.say(c),
                None => {
                    let row = if self.group.inner { &mut self.inner } else { &mut self.row };
                    row.word(name, number);
                }
            },
        }
    }

    fn end_row(&mut self, level: usize) {
        self.flow.end_paragraph();
        let row = if self.group.inner { &self.inner } else { &self.row };
        let cells: &[Ruled] = row.cells();
        // without its definition its columns are not known, which the matcher can do without
        let _ = end_row(&mut self.flow, level, cells);
    }

    /// A UTF-16 unit, behind which its like in the encoding stands.
    fn unicode(&mut self, number: i32) {
        self.text.skip = self.group.skip;
        // numbers above 32,767 are written as negative ones
        let unit = (number & 0xFFFF) as u16;
        let text = self.text.unit(unit);
        if let Some(text) = text {
            self.say(&text);
        }
    }
}

/// The encoding of a font's character set.
fn of_charset(charset: i32) -> Option<&'static Encoding> {
    match charset {
        134 => Some(GB18030),
        136 => Some(BIG5),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
