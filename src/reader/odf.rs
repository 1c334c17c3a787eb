//! OpenDocument (ISO/IEC 26300), texts and spreadsheets: both keep everything in one part. Cells
//! that a spanning cell covers are written out, so columns are counted.

use super::document::Document;
use super::flow::Flow;
use super::look::{Look, Script, Styles, struck_out};
use super::package::Package;
use super::sheet::{Content, Sheet, Sheets, number};
use super::xml::{Event, Tag, Xml, decode};
use super::{Kind, MAX_SPAN, Unreadable};

/// A title as [`Document::meta`] has it.
type Title = Option<(String, String)>;

/// Most blanks that one element stands for.
const MAX_BLANKS: u16 = 100;

/// What of a package is read.
struct Parts {
    content: Vec<u8>,
    /// The styles that are not the content's own.
    styles: Vec<u8>,
    title: Title,
}

/// The content of a package, its styles and its title, unless it is locked.
fn content(bytes: &[u8], kind: Kind) -> Result<Parts, Unreadable> {
    let mut package = Package::open(bytes, kind)?;
    let manifest = package.find("META-INF/manifest.xml")?.unwrap_or_default();
    let is_locked = memchr::memmem::find(&manifest, b"encryption-data").is_some();
    if is_locked {
        return Err(Unreadable::Locked);
    }
    let content = package.part("content.xml")?;
    let styles = package.find("styles.xml")?.unwrap_or_default();
    Ok(Parts { content, styles, title: package.title("meta.xml")? })
}

/// Notes the looks of text that the styles of a part have; what is torn behind is left out.
fn define(part: &str, kind: Kind, to: &mut Styles) {
    let mut xml = Xml::new(part, kind);
    let (mut name, mut parent) = (None, None);
    while let Ok(event) = xml.next() {
        match event {
            Event::Open(tag) if tag.name() == "style" => {
                (name, parent) = (tag.attr("name"), tag.attr("parent-style-name"));
                if let Some(name) = &name {
                    to.define(name.clone(), Look::default(), parent.clone());
                }
            }
            Event::Open(tag) if tag.name() == "text-properties" => {
                if let Some(name) = name.take() {
                    to.define(name, look_of(&tag), parent.take());
                }
            }
            Event::Open(tag) if tag.name() == "body" => break,
            Event::End => break,
            _ => {}
        }
    }
}

/// What properties of text say of its look.
fn look_of(tag: &Tag<'_>) -> Look {
    let script = tag.attr("text-position").map(|position| {
        let position = position.split_whitespace().next().unwrap_or_default().to_owned();
        let share = position.trim_end_matches('%').parse::<f32>().unwrap_or_default();
        match &*position {
            "super" => Script::Raised,
            "sub" => Script::Lowered,
            _ if share > 0.0 => Script::Raised,
            _ if share < 0.0 => Script::Lowered,
            _ => Script::Level,
        }
    });
    let line = |name| tag.attr(name).map(|line| line != "none");
    let hidden = tag.attr("display").map(|display| display == "none");
    let struck = line("text-line-through-style").or_else(|| line("text-line-through-type"));
    Look { script, hidden, struck }
}

/// The looks of the paragraphs and spans that are open, the innermost last.
#[derive(Default)]
struct Looks {
    styles: Styles,
    open: Vec<Look>,
}

impl Looks {
    fn new(content: &str, styles: &[u8], kind: Kind) -> Looks {
        let mut looks = Looks::default();
        define(&decode(styles), kind, &mut looks.styles);
        define(content, kind, &mut looks.styles);
        looks
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        let own = self.styles.look(&tag.attr("style-name").unwrap_or_default());
        self.open.push(own.over(self.now()));
    }

    fn end(&mut self) {
        self.open.pop();
    }

    fn now(&self) -> Look {
        self.open.last().copied().unwrap_or_default()
    }
}

/// Elements whose content is not shown in the text: notes of editors, what was deleted, how a
/// character is pronounced, styles.
fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "annotation"
            | "tracked-changes"
            | "ruby-text"
            | "automatic-styles"
            | "font-face-decls"
            | "scripts"
            | "forms"
            | "title"
            | "desc"
            | "note"
    )
}

/// What an element stands for within a paragraph.
fn blanks(tag: &Tag<'_>) -> Option<String> {
    match tag.name() {
        "s" => Some(" ".repeat(tag.count("c", MAX_BLANKS).into())),
        "tab" => Some("\t".to_owned()),
        "line-break" => Some("\n".to_owned()),
        _ => None,
    }
}

/// Reads a text.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read_text(bytes: &[u8]) -> Result<Document, Unreadable> {
    let Parts { content, styles, title } = content(bytes, Kind::Odt)?;
    let text = decode(&content);
    let mut looks = Looks::new(&text, &styles, Kind::Odt);
    let mut xml = Xml::new(&text, Kind::Odt);
    let mut flow = Flow::default();
    // how often each open cell stands there
    let mut repeated = Vec::new();
    let mut paragraphs = 0u32;
    loop {
        match xml.next()? {
            Event::Open(tag) if is_left_out(tag.name()) => xml.skip()?,
            Event::Open(tag) => match tag.name() {
                "p" | "h" => {
                    paragraphs += 1;
                    flow.begin_paragraph();
                    looks.begin(&tag);
                }
                "span" => looks.begin(&tag),
                "image" => flow.picture(),
                "table" => flow.open_table(),
                "table-cell" | "covered-table-cell" => {
                    flow.open_cell();
                    repeated.push(tag.count("number-columns-repeated", MAX_SPAN));
                }
                _ => blanks(&tag).iter().for_each(|blanks| flow.text(blanks)),
            },
            Event::Close(name) => match name.as_str() {
                "p" | "h" => {
                    paragraphs = paragraphs.saturating_sub(1);
                    flow.end_paragraph();
                    looks.end();
                }
                "span" => looks.end(),
                "table" => flow.close_table(),
                "table-row" => flow.close_row(),
                "table-cell" | "covered-table-cell" => {
                    flow.close_cell(1, name.starts_with("covered"));
                    flow.repeat_cell(repeated.pop().unwrap_or(1) - 1);
                }
                _ => {}
            },
            Event::Text(text) if paragraphs > 0 => flow.styled(&text, looks.now()),
            Event::Text(_) => {}
            Event::End => break,
        }
    }
    let mut doc = flow.finish(Kind::Odt.media_type())?;
    doc.meta.extend(title);
    Ok(doc)
}

/// Reads a spreadsheet.
///
/// # Errors
/// When it is damaged, locked or too large.
pub fn read_sheets(bytes: &[u8]) -> Result<Document, Unreadable> {
    let Parts { content, styles, title } = content(bytes, Kind::Ods)?;
    let text = decode(&content);
    let mut xml = Xml::new(&text, Kind::Ods);
    let looks = Looks::new(&text, &styles, Kind::Ods);
    let mut reader = SheetReader { looks, ..SheetReader::default() };
    loop {
        match xml.next()? {
            Event::Open(tag) if tag.name() == "automatic-styles" => reader.styles(&mut xml)?,
            Event::Open(tag) if is_left_out(tag.name()) || tag.name() == "shapes" => xml.skip()?,
            Event::Open(tag) => reader.open(&tag),
            Event::Close(name) => reader.close(&name)?,
            Event::Text(text) if reader.paragraphs > 0 => reader.say(&text),
            Event::Text(_) => {}
            Event::End => break,
        }
    }
    let mut doc = reader.sheets.finish(Kind::Ods.media_type());
    doc.findings.extend(reader.struck.then(struck_out));
    doc.meta.extend(title);
    Ok(doc)
}

#[derive(Default)]
struct SheetReader {
    sheets: Sheets,
    sheet: Option<Sheet>,
    /// Styles of cells that have a border, and of tables that are hidden.
    bordered: std::collections::HashSet<String>,
    hidden: std::collections::HashSet<String>,
    row: u32,
    rows: u32,
    column: u32,
    cell: Option<OdsCell>,
    text: String,
    paragraphs: u32,
    looks: Looks,
    /// Whether text was left out because it is struck out.
    struck: bool,
}

/// The attributes of the open cell.
struct OdsCell {
    repeated: u32,
    span: (u32, u32),
    value: Option<String>,
    bordered: bool,
}

impl SheetReader {
    /// Notes which styles have borders, and which hide a sheet.
    fn styles(&mut self, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        let mut name = String::new();
        loop {
            match xml.next()? {
                Event::Open(tag) if tag.name() == "style" => {
                    name = tag.attr("name").unwrap_or_default();
                }
                Event::Open(tag) if tag.name() == "table-cell-properties" => {
                    let sides =
                        ["border", "border-left", "border-right", "border-top", "border-bottom"];
                    let has = |side| tag.attr(side).is_some_and(|border| border != "none");
                    if sides.into_iter().any(has) {
                        self.bordered.insert(name.clone());
                    }
                }
                Event::Open(tag)
                    if tag.name() == "table-properties"
                        && tag.attr("display").is_some_and(|display| display == "false") =>
                {
                    self.hidden.insert(name.clone());
                }
                Event::Close(end) if end == "automatic-styles" => return Ok(()),
                Event::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let far = |name: &str| {
            let given = tag.attr(name).and_then(|v| v.trim().parse::<u32>().ok());
            given.unwrap_or(1).max(1)
        };
        match tag.name() {
            "table" => {
                let style = tag.attr("style-name").unwrap_or_default();
                let name = tag.attr("name").unwrap_or_default();
                self.sheet = (!self.hidden.contains(&style)).then(|| Sheet::new(&name));
                (self.row, self.column) = (0, 0);
            }
            "table-row" => {
                self.rows = far("number-rows-repeated");
                self.column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                let style = tag.attr("style-name").unwrap_or_default();
                let is_number =
                    tag.attr("value-type").is_some_and(|t| t == "float" || t == "currency");
                self.cell = Some(OdsCell {
                    repeated: far("number-columns-repeated"),
                    span: (far("number-rows-spanned"), far("number-columns-spanned")),
                    value: tag.attr("value").filter(|_| is_number),
                    bordered: self.bordered.contains(&style),
                });
                self.text.clear();
            }
            "p" | "h" => {
                self.paragraphs += 1;
                self.text.push('\n');
                self.looks.begin(tag);
            }
            "span" => self.looks.begin(tag),
            _ => blanks(tag).iter().for_each(|blanks| self.text.push_str(blanks)),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "table" => {
                if let Some(sheet) = self.sheet.take() {
                    self.sheets.add(sheet)?;
                }
            }
            "table-row" => {
                // the same row again: only what shows, and not for ever
                let again = self.rows.min(u32::from(MAX_SPAN)) - 1;
                if let Some(sheet) = &mut self.sheet {
                    (1..=again).try_for_each(|n| sheet.copy_row(self.row, self.row + n))?;
                }
                self.row = self.row.saturating_add(self.rows);
            }
            "table-cell" | "covered-table-cell" => self.close_cell(name == "table-cell")?,
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.looks.end();
            }
            "span" => self.looks.end(),
            _ => {}
        }
        Ok(())
    }

    fn say(&mut self, text: &str) {
        let look = self.looks.now();
        if look.hidden == Some(true) {
            return;
        }
        if look.struck == Some(true) {
            self.struck |= !text.trim().is_empty();
            return;
        }
        self.text.push_str(&look.script.unwrap_or_default().of(text));
    }

    fn close_cell(&mut self, shown: bool) -> Result<(), Unreadable> {
        let (Some(cell), Some(sheet)) = (self.cell.take(), &mut self.sheet) else { return Ok(()) };
        let stored = cell.value.as_deref().and_then(|v| v.parse::<f64>().ok()).map(number);
        let text = stored.unwrap_or_else(|| std::mem::take(&mut self.text));
        if shown {
            let often = cell.repeated.min(u32::from(MAX_SPAN));
            for n in 0..often {
                let at = (self.row, self.column.saturating_add(n));
                sheet.put(at, Content { text: text.clone(), bordered: cell.bordered })?;
            }
            let last = (cell.span.0 - 1, cell.span.1 - 1);
            if last != (0, 0) {
                let at = (self.row, self.column);
                sheet.merge(at, (at.0.saturating_add(last.0), at.1.saturating_add(last.1)));
            }
        }
        self.column = self.column.saturating_add(cell.repeated);
        Ok(())
    }
}
