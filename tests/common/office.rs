//! A page's text and tables, written as office documents of every kind that is read.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use regex::Regex;

/// A piece of a document.
#[derive(Debug, Clone)]
pub enum Part {
    Text(String),
    Table(Vec<Vec<Cell>>),
}

/// A cell and what it spans.
#[derive(Debug, Clone)]
pub struct Cell {
    pub text: String,
    pub columns: u16,
    pub rows: u16,
}

/// A cell of a row from left to right, or where one from above goes on.
pub struct Slot<'c> {
    pub x: u16,
    pub columns: u16,
    pub cell: Option<&'c Cell>,
}

/// A document.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub parts: Vec<Part>,
    /// Whether its tables are ruled.
    pub ruled: bool,
}

impl Sheet {
    /// Takes a page apart.
    pub fn of_page(html: &str) -> Sheet {
        let table = Regex::new(r"(?s)<table.*?</table>").unwrap();
        let body = &html[html.find("<body").unwrap()..];
        let (mut parts, mut end) = (Vec::new(), 0);
        for found in table.find_iter(body) {
            texts(&body[end..found.start()], &mut parts);
            parts.push(Part::Table(rows(found.as_str())));
            end = found.end();
        }
        texts(&body[end..], &mut parts);
        Sheet { parts, ruled: true }
    }

    fn write(
        &self,
        text: impl Fn(&mut String, &str),
        table: impl Fn(&mut String, &[Vec<Cell>]),
    ) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(line) => text(&mut out, &escaped(line)),
                Part::Table(rows) => table(&mut out, rows),
            }
        }
        out
    }

    /// As Word writes it; all of it in a cell of a table if `nested`.
    pub fn docx(&self, nested: bool) -> Vec<u8> {
        let paragraph = |out: &mut String, line: &str| {
            write!(out, "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>").unwrap();
            // runs end anywhere
            let half = line.char_indices().nth(2).map_or(line.len(), |(i, _)| i);
            let half = if line[..half].contains('&') { line.len() } else { half };
            let (a, b) = line.split_at(half);
            write!(
                out,
                "<w:r><w:t>{a}</w:t></w:r><w:r><w:t xml:space=\"preserve\">{b}</w:t></w:r></w:p>"
            )
            .unwrap();
        };
        let body = self.write(paragraph, |out, rows| {
            out.push_str("<w:tbl><w:tblPr/>");
            for row in slots(rows) {
                out.push_str("<w:tr>");
                for slot in row {
                    write!(out, "<w:tc><w:tcPr><w:gridSpan w:val=\"{}\"/>", slot.columns).unwrap();
                    match slot.cell {
                        None => out.push_str("<w:vMerge/></w:tcPr><w:p/></w:tc>"),
                        Some(cell) => {
                            if cell.rows > 1 {
                                out.push_str("<w:vMerge w:val=\"restart\"/>");
                            }
                            out.push_str("</w:tcPr>");
                            paragraph(out, &escaped(&cell.text));
                            out.push_str("</w:tc>");
                        }
                    }
                }
                out.push_str("</w:tr>");
            }
            out.push_str("</w:tbl>");
        });
        let body = match nested {
            true => format!("<w:tbl><w:tr><w:tc>{body}<w:p/></w:tc></w:tr></w:tbl>"),
            false => body,
        };
        let document = format!(
            "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"
        );
        package(&[("word/document.xml", &document)])
    }

    fn open_document(&self, nested: bool) -> String {
        let text = |out: &mut String, line: &str| write!(out, "<text:p>{line}</text:p>").unwrap();
        let body = self.write(text, |out, rows| {
            out.push_str("<table:table>");
            for row in slots(rows) {
                out.push_str("<table:table-row>");
                for slot in row {
                    if let Some(cell) = slot.cell {
                        let (columns, rows) = (cell.columns, cell.rows);
                        let text = escaped(&cell.text);
                        write!(out, "<table:table-cell table:number-columns-spanned=\"{columns}\" table:number-rows-spanned=\"{rows}\"><text:p>{text}</text:p></table:table-cell>").unwrap();
                    }
                    let covered = slot.columns - u16::from(slot.cell.is_some());
                    if covered > 0 {
                        write!(out, "<table:covered-table-cell table:number-columns-repeated=\"{covered}\"/>").unwrap();
                    }
                }
                out.push_str("</table:table-row>");
            }
            out.push_str("</table:table>");
        });
        match nested {
            true => format!(
                "<table:table><table:table-row><table:table-cell>{body}</table:table-cell></table:table-row></table:table>"
            ),
            false => body,
        }
    }

    /// As an OpenDocument text.
    pub fn odt(&self, nested: bool) -> Vec<u8> {
        let body = self.open_document(nested);
        let content = format!(
            "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"a\"><office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        let media_type = "application/vnd.oasis.opendocument.text";
        package(&[("mimetype", media_type), ("content.xml", &content)])
    }

    /// As rich text, by edges of cells.
    pub fn rtf(&self) -> Vec<u8> {
        let coded = |line: &str| -> String {
            let unit = |u: u16| format!("\\u{}?", u.cast_signed());
            line.encode_utf16().map(unit).collect()
        };
        let mut out = "{\\rtf1\\ansi\\ansicpg936\n".to_owned();
        for part in &self.parts {
            let rows = match part {
                Part::Text(line) => {
                    writeln!(out, "\\pard {}\\par", coded(line)).unwrap();
                    continue;
                }
                Part::Table(rows) => rows,
            };
            for (y, row) in slots(rows).iter().enumerate() {
                out.push_str("\\trowd");
                for slot in row {
                    match slot.cell {
                        None => out.push_str("\\clvmrg"),
                        Some(cell) if cell.rows > 1 => out.push_str("\\clvmgf"),
                        Some(_) => {}
                    }
                    // no two rows are ruled alike to the hair
                    write!(out, "\\cellx{}", (slot.x + slot.columns) * 600 + y as u16 % 3).unwrap();
                }
                for slot in row {
                    let text = slot.cell.map_or(String::new(), |cell| coded(&cell.text));
                    write!(out, "\\pard\\intbl {text}\\cell").unwrap();
                }
                out.push_str("\\row\n");
            }
        }
        (out + "}").into_bytes()
    }

    /// As a workbook; what is a number is stored as one.
    pub fn xlsx(&self) -> Vec<u8> {
        use rust_xlsxwriter::{Format, FormatBorder, Workbook};
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let plain = Format::new();
        let look = if self.ruled { plain.clone().set_border(FormatBorder::Thin) } else { plain };
        let mut y = 0u32;
        for part in &self.parts {
            let rows = match part {
                Part::Text(line) => {
                    sheet.write_string(y, 0, line).unwrap();
                    y += 1;
                    continue;
                }
                Part::Table(rows) => rows,
            };
            for row in slots(rows) {
                for slot in row {
                    let Some(cell) = slot.cell else { continue };
                    let last = (y + u32::from(cell.rows) - 1, slot.x + cell.columns - 1);
                    if last != (y, slot.x) {
                        sheet.merge_range(y, slot.x, last.0, last.1, &cell.text, &look).unwrap();
                    }
                    match cell.text.parse::<f64>() {
                        Ok(n) => sheet.write_number_with_format(y, slot.x, n, &look).unwrap(),
                        Err(_) if last != (y, slot.x) => continue,
                        Err(_) => {
                            sheet.write_string_with_format(y, slot.x, &cell.text, &look).unwrap()
                        }
                    };
                }
                y += 1;
            }
        }
        book.save_to_buffer().unwrap()
    }
}

fn texts(html: &str, parts: &mut Vec<Part>) {
    for line in html.split("</p>").flat_map(|p| p.split("</h1>")).flat_map(|p| p.split("</div>")) {
        let text = plain(line);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
    }
}

/// Text without tags.
fn plain(html: &str) -> String {
    let text = Regex::new(r"(?s)<[^>]*>").unwrap().replace_all(html, "");
    text.replace("&nbsp;", " ").replace("&gt;", ">").replace("&lt;", "<").trim().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;")
}

fn rows(table: &str) -> Vec<Vec<Cell>> {
    let cell = Regex::new(r"(?s)<td([^>]*)>(.*?)(?:</td>|$)").unwrap();
    let span = |tag: &str, name: &str| {
        let found = Regex::new(&format!("{name}=\"?([0-9]+)")).unwrap();
        found.captures(tag).map_or(1, |m| m[1].parse().unwrap())
    };
    let row = |row: &str| {
        let cells = cell.captures_iter(row).map(|m| Cell {
            text: plain(&m[2]),
            columns: span(&m[1], "colspan"),
            rows: span(&m[1], "rowspan"),
        });
        cells.collect()
    };
    table.split("<tr").skip(1).map(row).collect()
}

/// Rows with what cells above leave in them.
pub fn slots(rows: &[Vec<Cell>]) -> Vec<Vec<Slot<'_>>> {
    // column, width and rows left of the cells that span down
    let mut above: Vec<(u16, u16, u16)> = Vec::new();
    let mut out = Vec::new();
    for row in rows {
        let (mut x, mut slots) = (0, Vec::new());
        let mut cells = row.iter().peekable();
        loop {
            if let Some((_, columns, left)) = above.iter_mut().find(|a| a.0 == x && a.2 > 0) {
                *left -= 1;
                slots.push(Slot { x, columns: *columns, cell: None });
                x += *columns;
            } else if let Some(cell) = cells.next() {
                slots.push(Slot { x, columns: cell.columns, cell: Some(cell) });
                x += cell.columns;
            } else {
                break;
            }
        }
        for slot in &slots {
            if let Some(cell) = slot.cell.filter(|c| c.rows > 1) {
                above.retain(|a| a.0 != slot.x);
                above.push((slot.x, cell.columns, cell.rows - 1));
            }
        }
        out.push(slots);
    }
    out
}

/// A zip file of these parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Lines as a Word file that lacks the definitions of its rows: `|` ends cells.
pub fn bare_doc(text: &str) -> Vec<u8> {
    let mut body = String::new();
    for line in text.lines().filter(|line| !line.contains("---")) {
        match line.trim().strip_prefix('|') {
            Some(row) => body.push_str(&(row.replace('|', "\u{7}") + "\u{7}")),
            None => body.push_str(&(line.to_owned() + "\r")),
        }
    }
    let units: Vec<u16> = body.encode_utf16().collect();
    let length = u32::try_from(units.len()).unwrap();
    let mut main = vec![0; 0x400];
    // which table stream; characters; length of the piece table
    for (at, value) in [(0x0A, 0x0200), (0x4C, length), (0x1A6, 21)] {
        main[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut pieces = vec![2];
    [16, 0, length].iter().for_each(|n| pieces.extend(n.to_le_bytes()));
    pieces.extend([0, 0, 0, 4, 0, 0, 0, 0]);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in [("WordDocument", &main), ("1Table", &pieces)] {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}
