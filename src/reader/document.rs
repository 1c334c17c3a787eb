//! What a reader gives: paragraphs and grids in reading order, each with its place in the source.
//! Nothing here knows of the form.

use crate::report::{Finding, Place};

/// A document as read.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Content in reading order.
    pub blocks: Vec<Block>,
    /// Named facts beside the content: HTML's `<title>` (as `title`) and `<meta>` tags.
    pub meta: Vec<(String, String)>,
    /// Whether the text breaks off: its last line has no end, its last cell no border.
    pub breaks_off: bool,
    /// Pictures in it, where the format tells: what they show is not read.
    pub pictures: usize,
    /// What the reader could not tell for certain.
    pub findings: Vec<Finding>,
    /// Places of the cells whose digits or whose column the reader could not tell for certain.
    pub unsure: Vec<Place>,
    /// Media type found by content.
    pub media_type: &'static str,
    /// Encoding found by content.
    pub encoding: Option<&'static str>,
}

impl Document {
    /// Whether it holds pictures and says no more than a title does: those of scanned pages.
    pub(super) fn is_pictures(&self) -> bool {
        /// More characters than this are more than a title.
        const FEW: usize = 80;
        let length = |block: &Block| match block {
            Block::Paragraph(p) => p.text.chars().count(),
            // a table is never just a title
            Block::Grid(_) => FEW,
        };
        self.pictures > 0 && self.blocks.iter().map(length).sum::<usize>() < FEW
    }
}

/// One piece of content.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph or a line of text.
    Paragraph(Paragraph),
    /// A table, or a run of lines that are separated into cells.
    Grid(Grid),
}

/// A paragraph of text.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Text, blanks at its ends removed.
    pub text: String,
    /// Where it begins.
    pub place: Place,
}

/// Rows of cells.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Rows from top to bottom.
    pub rows: Vec<Vec<GridCell>>,
}

/// One cell as printed; a cell that spans several rows or columns stands once, where it begins.
#[derive(Debug, Clone)]
pub struct GridCell {
    /// Text, blanks at its ends removed; empty for a blank cell.
    pub text: String,
    /// Where it begins.
    pub place: Place,
    /// Column of the grid it begins in once spans are laid out, where the format has spans.
    pub x: Option<u16>,
    /// How sure its least sure character is, of 100, where they were recognized in a picture.
    pub confidence: Option<u8>,
}
