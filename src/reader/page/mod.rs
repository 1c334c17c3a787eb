//! Pages of fixed layout: glyphs and ruled lines with their positions, in points from the upper
//! left corner, whatever the format; and the paragraphs and grids that they show.
//!
//! A page is read in steps: [`sheet`] turns it upright, [`furniture`] takes page numbers and running
//! heads away, [`grid`] finds the tables by their lines, [`lines`] the lines of text outside of them,
//! [`rows`] the tables among these that have no lines, [`spread`] puts tables over several pages
//! together, [`halves`] the rows that a page end cuts, and [`join`] the pages.

mod furniture;
mod grid;
mod halves;
mod join;
mod lines;
mod rows;
mod sheet;
mod spread;

pub use sheet::{Point, Sheet};

use super::Unreadable;
use super::document::Document;
use crate::report::{Finding, Severity, said};

/// Pages beyond this many are no report; the longest has some fifty.
pub const MAX_PAGES: usize = 2_000;
/// Glyphs of a document beyond this many are no report; fifty full pages have 60,000.
pub const MAX_GLYPHS: usize = 2_000_000;
/// Ruled lines of a page beyond this many are a drawing.
const MAX_RULES: usize = 100_000;
/// A page with fewer characters than this and a picture is a scan with a stamp or a page number.
const FEW: usize = 20;
/// Shapes of a page whose text was turned into outlines.
const MANY: usize = 100;

/// A character on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// What it is; U+FFFD where the file does not tell.
    pub c: char,
    /// Left end.
    pub x0: f32,
    /// Right end.
    pub x1: f32,
    /// Baseline.
    pub y: f32,
    /// Size of the font.
    pub size: f32,
    /// How sure it is what it is, of 100, where it was recognized in a picture.
    pub confidence: Option<u8>,
}

impl Glyph {
    /// Middle from left to right.
    fn x(&self) -> f32 {
        (self.x0 + self.x1) / 2.0
    }

    /// Middle from top to bottom.
    fn middle(&self) -> f32 {
        self.y - 0.35 * self.size
    }
}

/// A ruled line, across or down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Where it stands: from the top if it runs across, from the left if down.
    pub at: f32,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// A page upright.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Characters in the order of the file.
    pub glyphs: Vec<Glyph>,
    /// Lines from left to right.
    pub across: Vec<Rule>,
    /// Lines from top to bottom.
    pub down: Vec<Rule>,
    /// Share of the page that pictures cover.
    pub pictured: f32,
    /// Shapes that are no lines: where there are many and no characters, text was made outlines.
    pub drawn: usize,
    /// Whether its text is drawn with no ink: somebody recognized it and laid it behind a scan.
    pub is_layer: bool,
}

impl Page {
    /// Whether what it says stands in a picture, or in characters that nobody can tell.
    pub(super) fn is_picture(&self) -> bool {
        let known = self.glyphs.iter().filter(|g| g.c != '\u{FFFD}').count();
        let unknown = self.glyphs.len() - known;
        known < FEW && (self.pictured > 0.3 || self.drawn > MANY)
            || unknown > FEW && unknown > known
    }
}

/// The document that pages show.
///
/// # Errors
/// When every page is a picture. Where only some are, a finding names them.
pub fn document(pages: Vec<Page>, media_type: &'static str) -> Result<Document, Unreadable> {
    let pictures: Vec<u32> = pages.iter().filter(|p| p.is_picture()).map(|p| p.number).collect();
    let says = |p: &Page| !p.is_picture() && p.glyphs.iter().any(|g| !g.c.is_whitespace());
    if !pages.iter().any(says) {
        return Err(match pictures.is_empty() {
            true => Unreadable::Empty,
            false => Unreadable::NoText(pictures),
        });
    }
    let mut doc = Document { media_type, ..Document::default() };
    if !pictures.is_empty() {
        doc.findings.push(without_text(&pictures));
    }
    let pages = pages.into_iter().filter(|p| !p.is_picture()).collect();
    let joined = join::join(furniture::take_away(pages));
    if !joined.guessed.is_empty() {
        doc.findings.push(guessed(&joined.guessed));
    }
    doc.unsure = joined.unsure;
    doc.blocks = joined.blocks;
    Ok(doc)
}

/// Says which pages were not read.
fn without_text(pages: &[u32]) -> Finding {
    Finding {
        rule: "pages-without-text".to_owned(),
        severity: Severity::Error,
        message: said!("finding.pages_without_text", pages = numbers(pages)),
        cells: Vec::new(),
    }
}

/// Says on which pages rows and columns were told by the gaps alone.
fn guessed(pages: &[u32]) -> Finding {
    Finding {
        rule: "unruled-table".to_owned(),
        severity: Severity::Warning,
        message: said!("finding.unruled_table", pages = numbers(pages)),
        cells: Vec::new(),
    }
}

/// The cells of the tables that a page's lines make: left, upper, right and lower end of each.
pub(super) fn cells(page: &Page) -> Vec<[f32; 4]> {
    let bounds = |t: grid::Ruled| {
        let cell =
            |c: &grid::Cell| [t.xs[c.column], t.ys[c.row], t.xs[c.column_end], t.ys[c.row_end]];
        t.cells.iter().map(cell).collect::<Vec<_>>()
    };
    grid::tables(page).0.into_iter().flat_map(bounds).collect()
}

/// Numbers of pages, as `1, 2, 5`.
pub(super) fn numbers(pages: &[u32]) -> String {
    pages.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
