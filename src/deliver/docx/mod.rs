//! Documents for Word: A4, the fonts of official papers by name, paragraphs and tables, and the same
//! bytes for the same content.
//!
//! Each paragraph and table becomes XML when it is added, so that a document of a thousand pages
//! never stands in memory as a tree. What the writer of the package has no word for is put in as
//! the package is written: rows of a table that are repeated on every page, and properties that
//! name no time.

mod table;
#[cfg(test)]
mod tests;
mod text;
mod widths;

use std::io::{self, Cursor, Read as _, Write};

use docx_rs::{
    BuildXML as _, Docx as Shell, Footer, LineSpacing, LineSpacingType, NumPages, PageMargin,
    PageNum, PageOrientationType, Pic, Run,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub use table::{Cell, Row, Table};
pub use text::{Align, Look, Paragraph, Text};

use text::{clean, fonts};

/// Twentieths of a point, in which Word measures, to a millimetre.
const TWIPS: f64 = 1440.0 / 25.4;
/// A sheet of A4, upright.
const A4: [u32; 2] = [11_906, 16_838];
/// Twips between a table and what follows.
const GAP: i32 = 120;
/// How the writer says a height that no row has, which stands for a row that is repeated.
const REPEATED: &str = r#"<w:trHeight w:val="1" w:hRule="auto" />"#;

/// Stands in the body for a picture, which the writer of the package must see to.
const PICTURE: &str = "<!--picture-->";

/// How large a sheet of paper is, and what it has at its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// The longer side across.
    pub landscape: bool,
    /// Margins in millimetres: top, right, bottom, left.
    pub margins: [u16; 4],
    /// Number of the page and of all pages at the foot.
    pub numbered: bool,
}

impl Default for Paper {
    fn default() -> Paper {
        Paper { landscape: false, margins: [25, 24, 22, 24], numbered: false }
    }
}

impl Paper {
    /// Width and height in twips.
    fn size(self) -> [u32; 2] {
        let [narrow, long] = A4;
        if self.landscape { [long, narrow] } else { [narrow, long] }
    }

    /// What the margins leave for a line, in twips.
    fn room(self) -> u32 {
        let [_, right, _, left] = self.margins;
        self.size()[0].saturating_sub(twips(right) + twips(left))
    }
}

fn twips(millimetres: u16) -> u32 {
    (f64::from(millimetres) * TWIPS).round() as u32
}

/// A document under way.
pub struct Docx {
    title: String,
    paper: Paper,
    shell: Shell,
    body: Vec<u8>,
    breaks: bool,
    kept: bool,
    /// After a table: whether that one is kept with what follows.
    after_table: Option<bool>,
}

impl Docx {
    /// An empty one.
    #[must_use]
    pub fn new(title: &str, paper: Paper) -> Docx {
        let [top, right, bottom, left] = paper.margins.map(|m| twips(m) as i32);
        let (header, footer) = (top / 2, bottom / 2);
        let margin = PageMargin { top, left, bottom, right, header, footer, gutter: 0 };
        let [width, height] = paper.size();
        let mut shell = Shell::new()
            .page_size(width, height)
            .page_margin(margin)
            .default_fonts(fonts("宋体"))
            .default_size(Look::Text.size());
        if paper.landscape {
            shell = shell.page_orient(PageOrientationType::Landscape);
        }
        for look in Look::ALL {
            shell = shell.add_style(look.definition());
        }
        if paper.numbered {
            let number = Paragraph::new(Look::Small, "").aligned(Align::Center).word();
            let number = number.add_page_num(PageNum::new());
            let number = number.add_run(Run::new().add_text(" / ")).add_num_pages(NumPages::new());
            shell = shell.footer(Footer::new().add_paragraph(number));
        }
        Docx {
            title: title.to_owned(),
            paper,
            shell,
            body: Vec::new(),
            breaks: false,
            kept: false,
            after_table: None,
        }
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, paragraph: &Paragraph) {
        self.gap();
        let broken = std::mem::take(&mut self.breaks);
        let made = paragraph.word();
        let made = if broken { made.page_break_before(true) } else { made };
        let made = if self.kept { made.keep_next(true) } else { made };
        self.body.extend(made.build());
    }

    /// Adds a table. A line keeps it apart from the one before, if that is not kept with it:
    /// LibreOffice keeps no table with a line.
    pub fn table(&mut self, table: &Table) {
        if self.breaks {
            self.paragraph(&Paragraph::new(Look::Small, ""));
        }
        if self.after_table == Some(false) {
            self.gap();
        }
        self.body.extend(table.word(self.paper.room(), self.kept).build());
        self.after_table = Some(self.kept);
    }

    /// A line behind a table.
    fn gap(&mut self) {
        let Some(kept) = self.after_table.take() else { return };
        let gap = docx_rs::Paragraph::new().style(Look::Small.style().0);
        let gap = gap.line_spacing(LineSpacing::new().line(GAP).line_rule(LineSpacingType::Exact));
        let gap = if kept { gap.keep_next(true) } else { gap };
        self.body.extend(gap.build());
    }

    /// Adds a picture, a PNG, so many millimetres wide.
    pub fn picture(&mut self, png: Vec<u8>, width: u32) {
        /// English Metric Units, in which Word measures pictures, to a millimetre.
        const EMU: u32 = 36_000;
        self.gap();
        // width and height stand behind the signature and the head of the first chunk
        let side = |at: usize| {
            let bytes = png.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            u32::from_be_bytes(bytes.unwrap_or_default()).max(1)
        };
        let (across, down) = (side(16), side(20));
        let height =
            (u64::from(width * EMU) * u64::from(down) / u64::from(across)).min(u32::MAX.into());
        let picture = Pic::new_with_dimensions(png, across, down).size(width * EMU, height as u32);
        let paragraph = docx_rs::Paragraph::new().add_run(Run::new().add_image(picture));
        let shell = std::mem::take(&mut self.shell);
        self.shell = shell.add_paragraph(paragraph);
        self.body.extend(PICTURE.as_bytes());
        self.breaks = false;
    }

    /// Whether what is added from now on stands on the page of what follows it.
    pub fn keep(&mut self, kept: bool) {
        self.kept = kept;
    }

    /// What comes next stands on a new page.
    pub fn page_break(&mut self) {
        self.breaks = !self.body.is_empty();
    }

    /// Writes the package.
    ///
    /// # Errors
    /// Whatever the writer fails with.
    pub fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.gap();
        let mut shell = Cursor::new(Vec::new());
        std::mem::take(&mut self.shell).pack(&mut shell)?;
        let mut shell = ZipArchive::new(shell)?;
        // in memory: a package that ends half way would tell of it in words of its own
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        // the time of the entries is that of no clock
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        for at in 0..shell.len() {
            let mut entry = shell.by_index(at)?;
            if entry.is_dir() {
                continue;
            }
            let name = entry.name()?.into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            package.start_file(&name, options)?;
            match &*name {
                "word/document.xml" => {
                    self.write_body(&String::from_utf8_lossy(&bytes), &mut package)?;
                }
                "docProps/core.xml" => package.write_all(core(&self.title).as_bytes())?,
                _ => package.write_all(&bytes)?,
            }
        }
        out.write_all(&package.finish()?.into_inner())
    }
}

impl Docx {
    /// Writes what the shell has around the body, and the body with its pictures.
    fn write_body(&self, shell: &str, out: &mut dyn Write) -> io::Result<()> {
        // the shell has the pictures and nothing else
        let end = shell.find("<w:sectPr").unwrap_or(shell.len());
        let begin = shell.find("<w:p ").unwrap_or(end).min(end);
        let mut pictures = shell[begin..end].split_inclusive("</w:p>");
        out.write_all(&shell.as_bytes()[..begin])?;
        // nothing that somebody typed has a `<` in it by now
        let body = String::from_utf8_lossy(&self.body);
        for (number, part) in body.split(PICTURE).enumerate() {
            let picture = if number > 0 { pictures.next() } else { None };
            out.write_all(picture.unwrap_or_default().as_bytes())?;
            for (number, part) in part.split(REPEATED).enumerate() {
                out.write_all(if number > 0 { b"<w:tblHeader/>" } else { b"" })?;
                out.write_all(part.as_bytes())?;
            }
        }
        out.write_all(&shell.as_bytes()[end..])
    }
}

/// The properties of a document: its name and what made it, and no time.
fn core(title: &str) -> String {
    let title = quick_xml::escape::escape(clean(title)).into_owned();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>nianbao</dc:creator></cp:coreProperties>"#
    )
}
