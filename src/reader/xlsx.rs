//! Excel's packages, of XML and of records. Cells are read one by one, so that a single one in the
//! last corner of a sheet takes no more room than another.

mod shared;

use std::io::Cursor;

use calamine::{BorderStyle, Data, DataRef, Dimensions, Reader as _, SheetType, SheetVisible};
use calamine::{Style, Xlsb, Xlsx};

use super::document::Document;
use super::look::struck_out;
use super::package::Package;
use super::sheet::{Content, Sheet, Sheets, date, number};
use super::{Kind, Unreadable};
use shared::Shared;

/// Reads a workbook.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes, Kind::Xlsx)?;
    let names = package.names();
    // all that the workbook is made of, so that none of it unpacks to too much
    let is_part = |name: &&String| [".xml", ".rels", ".bin"].iter().any(|end| name.ends_with(end));
    let mut texts = None;
    for name in names.iter().filter(is_part) {
        let part = package.find(name)?;
        if name == "xl/sharedStrings.xml" {
            texts = part;
        }
    }
    let mut struck = false;
    let sheets = if names.iter().any(|name| name == "xl/workbook.bin") {
        of_records(bytes)?
    } else {
        of_xml(bytes, &Shared::read(&texts.unwrap_or_default())?, &mut struck)?
    };
    let mut doc = sheets.finish(Kind::Xlsx.media_type());
    doc.findings.extend(struck.then(struck_out));
    doc.meta.extend(package.title("docProps/core.xml")?);
    Ok(doc)
}

fn damaged<E>(_: E) -> Unreadable {
    Unreadable::Damaged(Kind::Xlsx)
}

/// Names of the sheets that are shown.
fn shown(sheets: &[calamine::Sheet]) -> Vec<String> {
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    };
    sheets.iter().filter(is_shown).map(|sheet| sheet.name.clone()).collect()
}

/// Whether a text is struck out is told in `struck`.
fn of_xml(bytes: &[u8], shared: &Shared, struck: &mut bool) -> Result<Sheets, Unreadable> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Sheets::default();
    for name in shown(book.sheets_metadata()) {
        let mut sheet = Sheet::new(&name);
        for Dimensions { start, end } in book.merge_cells_by_sheet_name(&name).map_err(damaged)? {
            sheet.merge(start, end);
        }
        let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
        let bordered: Vec<bool> = cells.styles().iter().map(has_border).collect();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
            let bordered = bordered.get(style).copied().unwrap_or(false);
            let mut text = text(cell.get_value());
            let is_shared = matches!(cell.get_value(), DataRef::SharedString(_));
            if let Some(shown) = shared.look(&text).filter(|_| is_shared) {
                *struck |= shown.struck;
                text.clone_from(&shown.text);
            }
            sheet.put(cell.get_position(), Content { text, bordered })?;
        }
        sheets.add(sheet)?;
    }
    Ok(sheets)
}

fn has_border(style: &Style) -> bool {
    style.borders.as_ref().is_some_and(|borders| {
        let sides = [&borders.left, &borders.right, &borders.top, &borders.bottom];
        sides.iter().any(|side| side.style != BorderStyle::None)
    })
}

/// Neither merged ranges nor borders are known of this kind.
fn of_records(bytes: &[u8]) -> Result<Sheets, Unreadable> {
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Sheets::default();
    for name in shown(book.sheets_metadata()) {
        let mut sheet = Sheet::new(&name);
        let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let content = Content { text: text(cell.get_value()), bordered: false };
            sheet.put(cell.get_position(), content)?;
        }
        sheets.add(sheet)?;
    }
    Ok(sheets)
}

/// A cell as it is shown.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Float(value) => number(*value),
        DataRef::DateTime(value) => {
            let day = value.is_datetime().then(|| date(value)).flatten();
            day.unwrap_or_else(|| number(value.as_f64()))
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Empty => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}
