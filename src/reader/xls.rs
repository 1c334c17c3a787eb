//! Excel 97 to 2003, by its records (MS-XLS); what Excel 95 wrote is close enough to be read as
//! well. No table of a sheet's whole extent is made: a damaged record may name any row and column.

mod strings;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use encoding_rs::{Encoding, GB18030};

use super::compound::{Streams, u16_at, u32_at};
use super::document::Document;
use super::encoding::of_code_page;
use super::look::{Look as TextLook, Script, struck_out};
use super::sheet::{At, Content, Sheet, Sheets, date, number};
use super::{Kind, Unreadable};
use strings::Strings;

/// Reads a workbook.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut streams = Streams::open(bytes, Kind::Xls)?;
    let book = streams.stream("Workbook").or_else(|_| streams.stream("Book"))?;
    let book = Book::read(&book)?;
    let mut sheets = Sheets::default();
    for (name, start) in &book.sheets {
        sheets.add(book.sheet(name, *start)?)?;
    }
    let mut doc = sheets.finish(Kind::Xls.media_type());
    doc.findings.extend(book.struck.then(struck_out));
    doc.meta.extend(streams.title());
    Ok(doc)
}

/// Numbers of the records that are looked at.
mod record {
    pub const FORMULA: u16 = 0x0006;
    pub const END: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FONT: u16 = 0x0031;
    pub const PASSWORD: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const SHEET: u16 = 0x0085;
    pub const RK_ROW: u16 = 0x00BD;
    pub const BLANK_ROW: u16 = 0x00BE;
    pub const RICH_LABEL: u16 = 0x00D6;
    pub const XF: u16 = 0x00E0;
    pub const MERGED: u16 = 0x00E5;
    pub const STRINGS: u16 = 0x00FC;
    pub const SHARED_LABEL: u16 = 0x00FD;
    pub const BLANK: u16 = 0x0201;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOLEAN: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027E;
    pub const FORMAT: u16 = 0x041E;
    pub const BEGIN: u16 = 0x0809;
}

/// Records from a place on: number and data.
fn records(bytes: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = start;
    std::iter::from_fn(move || {
        let (number, length) = (u16_at(bytes, at)?, u16_at(bytes, at.checked_add(2)?)?);
        let data = at + 4;
        let end = data + usize::from(length);
        at = end;
        Some((number, bytes.get(data..end)?))
    })
}

/// Look of cells.
struct Look {
    format: u16,
    bordered: bool,
}

/// What all sheets share.
struct Book<'b> {
    bytes: &'b [u8],
    /// Whether texts are UTF-16, as from Excel 97 on.
    wide: bool,
    encoding: &'static Encoding,
    from_1904: bool,
    /// Names of the sheets that are shown, and where they begin.
    sheets: Vec<(String, usize)>,
    looks: Vec<Look>,
    /// Numbers of formats that show dates.
    dates: Vec<u16>,
    fonts: Vec<TextLook>,
    strings: Vec<String>,
    /// Whether a text of those is struck out in part.
    struck: bool,
}

impl<'b> Book<'b> {
    fn read(bytes: &'b [u8]) -> Result<Book<'b>, Unreadable> {
        let mut book = Book {
            bytes,
            wide: true,
            encoding: GB18030,
            from_1904: false,
            sheets: Vec::new(),
            looks: Vec::new(),
            dates: Vec::new(),
            fonts: Vec::new(),
            strings: Vec::new(),
            struck: false,
        };
        let mut whole = false;
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut before = 0;
        for (number, data) in records(bytes, 0) {
            match number {
                record::BEGIN => book.wide = u16_at(data, 0).is_none_or(|v| v >= 0x0600),
                record::PASSWORD => return Err(Unreadable::Locked),
                record::STRINGS => pieces.push(data),
                record::CONTINUE if before == record::STRINGS => pieces.push(data),
                record::END => {
                    whole = true;
                    break;
                }
                _ => book.global(number, data),
            }
            if number != record::CONTINUE {
                before = number;
            }
        }
        if !whole {
            return Err(Unreadable::Damaged(Kind::Xls));
        }
        let texts: Vec<strings::Text> = Strings::new(&pieces).collect();
        book.struck = texts.iter().any(|text| text.is_struck(&book.fonts));
        book.strings = texts.iter().map(|text| text.shown(&book.fonts)).collect();
        Ok(book)
    }

    fn global(&mut self, number: u16, data: &[u8]) {
        match number {
            record::CODE_PAGE => {
                let page = u16_at(data, 0).and_then(|page| of_code_page(page.into()));
                self.encoding = page.unwrap_or(GB18030);
            }
            record::DATE_MODE => self.from_1904 = u16_at(data, 0) == Some(1),
            record::SHEET => {
                let start = u32_at(data, 0).and_then(|at| usize::try_from(at).ok());
                let is_shown = data.get(4).is_some_and(|state| state & 3 == 0)
                    && data.get(5).is_some_and(|kind| *kind == 0);
                if let (Some(start), true) = (start, is_shown) {
                    let name = data.get(6..).map(|d| self.short_text(d)).unwrap_or_default();
                    self.sheets.push((name, start));
                }
            }
            record::FONT => self.fonts.push(font(data)),
            record::FORMAT => {
                let format = data.get(2..).map(|d| self.text(d)).unwrap_or_default();
                if let (Some(number), true) = (u16_at(data, 0), shows_date(&format)) {
                    self.dates.push(number);
                }
            }
            record::XF => self.looks.push(Look {
                format: u16_at(data, 2).unwrap_or_default(),
                // what Excel 95 draws is not looked at: what it writes as blank counts
                bordered: !self.wide || u16_at(data, 10).is_some_and(|lines| lines != 0),
            }),
            _ => {}
        }
    }

    /// Text with a count of one byte.
    fn short_text(&self, data: &[u8]) -> String {
        let Some((count, rest)) = data.split_first() else { return String::new() };
        self.characters(rest, usize::from(*count))
    }

    /// Text with a count of two bytes.
    fn text(&self, data: &[u8]) -> String {
        let Some(count) = u16_at(data, 0) else { return String::new() };
        self.characters(&data[2..], usize::from(count))
    }

    fn characters(&self, data: &[u8], count: usize) -> String {
        if !self.wide {
            let bytes = &data[..count.min(data.len())];
            return self.encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
        let Some((flags, rest)) = data.split_first() else { return String::new() };
        decode(rest, count, flags & 1 == 1)
    }

    fn sheet(&self, name: &str, start: usize) -> Result<Sheet, Unreadable> {
        let mut sheet = Sheet::new(name);
        // charts in a sheet begin and end within it
        let mut depth = 0u32;
        let mut formula = None;
        for (number, data) in records(self.bytes, start) {
            match number {
                record::BEGIN => depth = depth.saturating_add(1),
                record::END if depth <= 1 => return Ok(sheet),
                record::END => depth -= 1,
                _ if depth > 1 => {}
                record::STRING => {
                    if let Some((at, look)) = formula.take() {
                        self.put(&mut sheet, at, look, self.text(data))?;
                    }
                }
                record::MERGED => merged(&mut sheet, data),
                _ => formula = self.cell(&mut sheet, number, data)?.or(formula),
            }
        }
        Err(Unreadable::Damaged(Kind::Xls))
    }

    fn put(&self, sheet: &mut Sheet, at: At, look: u16, text: String) -> Result<(), Unreadable> {
        let bordered = self.looks.get(usize::from(look)).is_some_and(|look| look.bordered);
        sheet.put(at, Content { text, bordered })
    }

    /// Reads a cell; place and look of a formula whose text is told by the next record.
    fn cell(
        &self,
        sheet: &mut Sheet,
        number: u16,
        data: &[u8],
    ) -> Result<Option<(At, u16)>, Unreadable> {
        let (Some(row), Some(column), Some(look)) =
            (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4))
        else {
            return Ok(None);
        };
        let at = (u32::from(row), u32::from(column));
        let value = data.get(6..).unwrap_or_default();
        let text = match number {
            record::BLANK => String::new(),
            record::NUMBER => f64_at(value).map(|v| self.number(v, look)).unwrap_or_default(),
            record::RK => u32_at(value, 0).map(|v| self.number(rk(v), look)).unwrap_or_default(),
            record::SHARED_LABEL => {
                let index = u32_at(value, 0).and_then(|i| usize::try_from(i).ok());
                index.and_then(|i| self.strings.get(i)).cloned().unwrap_or_default()
            }
            record::LABEL | record::RICH_LABEL => self.text(value),
            record::BOOLEAN if value.get(1) == Some(&0) => {
                if value.first() == Some(&1) { "TRUE" } else { "FALSE" }.to_owned()
            }
            record::FORMULA if value.get(6..8) == Some(&[0xFF, 0xFF]) => {
                // a text follows; anything else is no figure
                return Ok((value.first() == Some(&0)).then_some((at, look)));
            }
            record::FORMULA => f64_at(value).map(|v| self.number(v, look)).unwrap_or_default(),
            record::RK_ROW | record::BLANK_ROW => {
                self.row(sheet, number, at, data)?;
                return Ok(None);
            }
            _ => return Ok(None),
        };
        self.put(sheet, at, look, text)?;
        Ok(None)
    }

    /// Cells of one row in one record: looks, with numbers or without.
    fn row(
        &self,
        sheet: &mut Sheet,
        number: u16,
        first: At,
        data: &[u8],
    ) -> Result<(), Unreadable> {
        let size = if number == record::RK_ROW { 6 } else { 2 };
        let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
        for (n, cell) in (0u32..).zip(cells.chunks_exact(size)) {
            let look = u16_at(cell, 0).unwrap_or_default();
            let text = u32_at(cell, 2).map(|v| self.number(rk(v), look)).unwrap_or_default();
            self.put(sheet, (first.0, first.1.saturating_add(n)), look, text)?;
        }
        Ok(())
    }

    fn number(&self, value: f64, look: u16) -> String {
        let format = self.looks.get(usize::from(look)).map_or(0, |look| look.format);
        let is_date = matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
            || self.dates.contains(&format);
        let day = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, self.from_1904);
        is_date.then(|| date(&day)).flatten().unwrap_or_else(|| number(value))
    }
}

/// How text in a font looks.
fn font(data: &[u8]) -> TextLook {
    const STRUCK: u16 = 8;
    let script = match u16_at(data, 8) {
        Some(1) => Some(Script::Raised),
        Some(2) => Some(Script::Lowered),
        _ => None,
    };
    let struck = u16_at(data, 2).map(|flags| flags & STRUCK != 0);
    TextLook { script, struck, hidden: None }
}

/// Whether a format shows a day: it has a year outside of quotes.
fn shows_date(format: &str) -> bool {
    let bare = format.split('"').step_by(2);
    bare.flat_map(str::chars).any(|c| matches!(c, 'y' | 'Y' | '年'))
}

fn merged(sheet: &mut Sheet, data: &[u8]) {
    for range in data.get(2..).unwrap_or_default().chunks_exact(8) {
        let at = |n| u16_at(range, n).map(u32::from).unwrap_or_default();
        sheet.merge((at(0), at(4)), (at(2), at(6)));
    }
}

fn f64_at(bytes: &[u8]) -> Option<f64> {
    Some(f64::from_le_bytes(*bytes.first_chunk()?))
}

/// A number in four bytes: a whole one or the upper half of a fraction, hundredths perhaps.
fn rk(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}

/// Characters of one byte or of two.
fn decode(bytes: &[u8], count: usize, wide: bool) -> String {
    if wide {
        let units: Vec<u16> =
            bytes.chunks_exact(2).take(count).filter_map(|pair| u16_at(pair, 0)).collect();
        String::from_utf16_lossy(&units)
    } else {
        bytes.iter().take(count).map(|b| char::from(*b)).collect()
    }
}

#[cfg(test)]
mod tests;
