//! Word's package of XML (ECMA-376): the body's paragraphs and tables. Columns come from the spans
//! of the cells, a cell that goes on from the row above is left out.

use super::document::Document;
use super::flow::Flow;
use super::look::{Look, Script, Styles};
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
    let styles = package.find("word/styles.xml")?.unwrap_or_default();
    let text = decode(&body);
    let mut xml = Xml::new(&text, Kind::Docx);
    let mut reader = Reader { styles: styles_of(&decode(&styles)), ..Reader::default() };
    loop {
        match xml.next()? {
            Event::Open(tag) if is_left_out(tag.name()) => xml.skip()?,
            Event::Open(tag) if tag.name() == "pPr" => reader.paragraph = reader.look(&mut xml)?,
            Event::Open(tag) if tag.name() == "rPr" => reader.run = reader.look(&mut xml)?,
            Event::Open(tag) => reader.open(&tag),
            Event::Close(name) => reader.close(&name),
            Event::Text(text) if reader.in_text => reader.say(&text),
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
    matches!(name, "del" | "moveFrom" | "Fallback" | "rt" | "tblPr" | "sectPr")
        || name.ends_with("PrChange")
}

/// The looks that styles have; what is torn behind is left out.
fn styles_of(part: &str) -> Styles {
    let mut styles = Styles::default();
    let mut xml = Xml::new(part, Kind::Docx);
    let (mut name, mut parent, mut look) = (String::new(), None, Look::default());
    while let Ok(event) = xml.next() {
        match event {
            Event::Open(tag) if tag.name().ends_with("PrChange") => {
                if xml.skip().is_err() {
                    break;
                }
            }
            Event::Open(tag) => match tag.name() {
                "style" => {
                    (name, parent) = (tag.attr("styleId").unwrap_or_default(), None);
                    look = Look::default();
                }
                "basedOn" => parent = tag.attr("val"),
                _ => look = look_of(&tag).over(look),
            },
            Event::Close(end) if end == "style" => {
                styles.define(std::mem::take(&mut name), look, parent.take());
            }
            Event::End => break,
            Event::Close(_) | Event::Text(_) => {}
        }
    }
    styles
}

/// What a property of a run says of its look.
fn look_of(tag: &Tag<'_>) -> Look {
    let is_on = || Some(tag.attr("val").is_none_or(|v| !matches!(&*v, "0" | "false" | "off")));
    match tag.name() {
        "vertAlign" => {
            let script = match tag.attr("val").as_deref() {
                Some("superscript") => Script::Raised,
                Some("subscript") => Script::Lowered,
                _ => Script::Level,
            };
            Look { script: Some(script), ..Look::default() }
        }
        "vanish" => Look { hidden: is_on(), ..Look::default() },
        "strike" | "dstrike" => Look { struck: is_on(), ..Look::default() },
        _ => Look::default(),
    }
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    styles: Styles,
    /// Look of the paragraph's style, and of the run.
    paragraph: Look,
    run: Look,
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
    /// The look that properties tell of, by the style that they name and by themselves. What a
    /// paragraph's properties say of runs holds for nothing but its mark.
    fn look(&self, xml: &mut Xml<'_>) -> Result<Look, Unreadable> {
        let (mut look, mut style) = (Look::default(), Look::default());
        loop {
            match xml.next()? {
                Event::Open(tag) => match tag.name() {
                    "rPr" | "sectPr" => xml.skip()?,
                    name if name.ends_with("PrChange") => xml.skip()?,
                    "pStyle" | "rStyle" => {
                        style = self.styles.look(&tag.attr("val").unwrap_or_default());
                    }
                    _ => look = look_of(&tag).over(look),
                },
                Event::Close(name) if name == "pPr" || name == "rPr" => return Ok(look.over(style)),
                Event::End => return Ok(look),
                Event::Close(_) | Event::Text(_) => {}
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.flow.styled(text, self.run.over(self.paragraph));
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "p" => {
                (self.paragraph, self.run) = (Look::default(), Look::default());
                self.flow.begin_paragraph();
            }
            "r" => self.run = Look::default(),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.flow.text("\t"),
            "br" | "cr" => self.flow.text("\n"),
            "noBreakHyphen" => self.say("-"),
            "blip" | "imagedata" => self.flow.picture(),
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
