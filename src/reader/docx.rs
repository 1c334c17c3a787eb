//! Word's package of XML (ECMA-376): the body's paragraphs and tables. Columns come from the spans
//! of the cells, a cell that goes on from the row above is left out.

use super::document::Document;
use super::flow::Flow;
use super::package::Package;
use super::xml::{Event, Tag, Xml, decode};
use super::{Kind, MAX_SPAN, Unreadable};

/// Reads a document.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes, Kind::Docx)?;
    let body = package.part("word/document.xml")?;
    let title = package.title("docProps/core.xml")?;
    let text = decode(&body);
    let mut xml = Xml::new(&text, Kind::Docx);
    let mut reader = Reader::default();
    loop {
        match xml.next()? {
            Event::Open(tag) if is_left_out(tag.name()) => xml.skip()?,
            Event::Open(tag) => reader.open(&tag),
            Event::Close(name) => reader.close(&name),
            Event::Text(text) if reader.in_text => reader.flow.text(&text),
            Event::Text(_) => {}
            Event::End => break,
        }
    }
    let mut doc = reader.flow.finish(Kind::Docx.media_type())?;
    doc.meta.extend(title);
    Ok(doc)
}

/// Elements whose content is not shown: what was deleted, how it looked before, what is there for
/// programs that do not know the other, how a character is pronounced.
fn is_left_out(name: &str) -> bool {
    matches!(name, "del" | "moveFrom" | "Fallback" | "rt" | "pPr" | "rPr" | "tblPr" | "sectPr")
        || name.ends_with("PrChange")
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    in_text: bool,
    /// Shape of the open cells, the innermost last.
    shapes: Vec<Shape>,
}

#[derive(Default)]
struct Shape {
    columns: u16,
    covered: bool,
}

impl Reader {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "p" => self.flow.begin_paragraph(),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.flow.text("\t"),
            "br" | "cr" => self.flow.text("\n"),
            "noBreakHyphen" => self.flow.text("-"),
            "tbl" => self.flow.open_table(),
            "gridBefore" => self.flow.skip_columns(tag.count("val", MAX_SPAN)),
            "tc" => {
                self.flow.open_cell();
                self.shapes.push(Shape { columns: 1, covered: false });
            }
            "gridSpan" => {
                if let Some(shape) = self.shapes.last_mut() {
                    shape.columns = tag.count("val", MAX_SPAN);
                }
            }
            "vMerge" | "hMerge" => {
                if let Some(shape) = self.shapes.last_mut() {
                    shape.covered |= tag.attr("val").is_none_or(|v| v != "restart");
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => self.flow.end_paragraph(),
            "t" => self.in_text = false,
            "tbl" => self.flow.close_table(),
            "tr" => self.flow.close_row(),
            "tc" => {
                let shape = self.shapes.pop().unwrap_or_default();
                self.flow.close_cell(shape.columns, shape.covered);
            }
            _ => {}
        }
    }
}
