//! What holds in a group, and what a row definition says.

use super::super::look::{Look, Script};
use super::super::rows::Ruled;

/// Half points by which a note's mark is raised at least.
const LEAST_RAISED: i32 = 5;
/// Most cells of a row.
const MAX_CELLS: usize = 1_000;

/// What holds in a group and ends with it.
#[derive(Clone)]
pub struct Group {
    /// Whether it is no part of the text.
    pub left_out: bool,
    /// Whether it is the title of the document, which stands beside the text.
    pub title: bool,
    /// Whether it lists the fonts.
    pub fonts: bool,
    /// Whether it defines a row of an inner table.
    pub inner: bool,
    /// Whether it is the number of an item of a list.
    pub number: bool,
    /// Number of the font.
    pub font: Option<i32>,
    /// Bytes that stand behind a character for programs that do not know it.
    pub skip: i32,
    /// How the text looks.
    pub look: Look,
    /// Whether the text was deleted, the deletion kept on record.
    pub deleted: bool,
    /// How many tables the text stands in.
    pub level: usize,
}

impl Default for Group {
    fn default() -> Group {
        Group {
            left_out: false,
            title: false,
            fonts: false,
            inner: false,
            number: false,
            font: None,
            skip: 1,
            look: Look::default(),
            deleted: false,
            level: 0,
        }
    }
}

impl Group {
    /// Whether its text is not shown.
    pub fn is_left_out(&self) -> bool {
        let hidden = self.look.hidden == Some(true);
        self.left_out || self.fonts || hidden || self.deleted
    }

    /// Takes a word about the look of the text; whether it is one.
    pub fn looks(&mut self, name: &str, number: Option<i32>) -> bool {
        let is_on = number != Some(0);
        // raised by less it stands on its line: so text of several sizes is brought into line
        let moved = number.unwrap_or(LEAST_RAISED) >= LEAST_RAISED;
        match name {
            "plain" => (self.look, self.deleted) = (Look::default(), false),
            "v" => self.look.hidden = Some(is_on),
            "strike" | "striked" => self.look.struck = Some(is_on),
            "super" if is_on => self.look.script = Some(Script::Raised),
            "sub" if is_on => self.look.script = Some(Script::Lowered),
            "up" if moved => self.look.script = Some(Script::Raised),
            "dn" if moved => self.look.script = Some(Script::Lowered),
            "super" | "sub" | "nosupersub" | "up" | "dn" => self.look.script = None,
            _ => return false,
        }
        true
    }
}

/// Text that is not yet decoded.
#[derive(Default)]
pub struct Text {
    /// Bytes in the encoding of the font.
    pub bytes: Vec<u8>,
    /// Characters still to be left out behind one that was given by its number.
    pub skip: i32,
    /// The first half of a character beyond the sixteen bits of a unit.
    high: Option<u16>,
}

impl Text {
    /// Takes a unit of UTF-16; the character, once it is whole.
    pub fn unit(&mut self, unit: u16) -> Option<String> {
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
            return None;
        }
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        Some(String::from_utf16_lossy(&units))
    }
}

/// The definition of a row.
#[derive(Default)]
pub struct Row {
    cells: Vec<Ruled>,
    covered: bool,
    left: i32,
}

impl Row {
    /// Its cells from left to right.
    pub fn cells(&self) -> &[Ruled] {
        &self.cells
    }

    /// Takes a word of the definition.
    pub fn word(&mut self, name: &str, number: Option<i32>) {
        match name {
            "trowd" => *self = Row::default(),
            "trleft" if self.cells.is_empty() => self.left = number.unwrap_or_default(),
            "clmrg" | "clvmrg" => self.covered = true,
            "cellx" if self.cells.len() < MAX_CELLS => {
                let covered = std::mem::take(&mut self.covered);
                self.cells.push(Ruled { left: self.left, covered });
                self.left = number.unwrap_or(self.left);
            }
            _ => {}
        }
    }
}

/// Groups that are no part of the text: lists of fonts, colours and styles, pictures, heads and
/// feet of pages, notes, instructions of fields, and what stands there for older programs.
pub fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "colortbl"
            | "stylesheet"
            | "info"
            | "pict"
            | "header"
            | "headerl"
            | "headerr"
            | "headerf"
            | "footer"
            | "footerl"
            | "footerr"
            | "footerf"
            | "footnote"
            | "annotation"
            | "fldinst"
            | "nonesttables"
            | "shprslt"
            | "sn"
            | "sv"
            | "objdata"
            | "xe"
            | "tc"
            | "filetbl"
            | "listtable"
            | "revtbl"
    )
}

/// Groups marked as optional that hold text or tables all the same.
pub fn is_read_all_the_same(name: &str) -> bool {
    matches!(name, "nesttableprops" | "shpinst" | "shptxt")
}

/// A character that has a word of its own.
pub fn character(name: &str) -> Option<&'static str> {
    Some(match name {
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => return None,
    })
}
