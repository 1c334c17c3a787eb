//! The texts that the cells of a workbook share, with the fonts of their parts.

use super::super::look::Look;

/// A text and where in it which font begins.
pub struct Text {
    units: Vec<u16>,
    /// The unit and the number of the font, in order.
    runs: Vec<(usize, usize)>,
}

impl Text {
    /// Its parts and how they look; what stands before the first is in the font of the cell.
    fn parts(&self, fonts: &[Look]) -> impl Iterator<Item = (&[u16], Look)> {
        let first = self.runs.first().map_or(self.units.len(), |run| run.0);
        let head = (0, first, Look::default());
        let ends = self.runs.iter().skip(1).map(|run| run.0).chain([self.units.len()]);
        // there is no font with the number 4
        let look = |font: usize| fonts.get(if font > 4 { font - 1 } else { font });
        let runs = self.runs.iter().zip(ends);
        let runs =
            runs.map(move |(run, end)| (run.0, end, look(run.1).copied().unwrap_or_default()));
        let runs: Vec<(usize, usize, Look)> = std::iter::once(head).chain(runs).collect();
        runs.into_iter().filter_map(move |(from, to, look)| {
            Some((self.units.get(from..to.min(self.units.len()))?, look))
        })
    }

    /// What it says, without what is struck out.
    pub fn shown(&self, fonts: &[Look]) -> String {
        let shown = self.parts(fonts).filter(|(_, look)| look.struck != Some(true));
        shown.fold(String::new(), |text, (units, look)| {
            let part = String::from_utf16_lossy(units);
            text + &look.script.unwrap_or_default().of(&part)
        })
    }

    /// Whether some of it is struck out.
    pub fn is_struck(&self, fonts: &[Look]) -> bool {
        self.parts(fonts).any(|(units, look)| !units.is_empty() && look.struck == Some(true))
    }
}

/// The texts that cells refer to, over all the records that they go on in.
pub struct Strings<'p> {
    pieces: &'p [&'p [u8]],
    piece: usize,
    at: usize,
}

impl<'p> Strings<'p> {
    /// Those of the records of one table.
    pub fn new(pieces: &'p [&'p [u8]]) -> Strings<'p> {
        // how many there are comes first
        Strings { pieces, piece: 0, at: 8 }
    }

    /// Bytes left in the record.
    fn left(&self) -> usize {
        self.pieces.get(self.piece).map_or(0, |piece| piece.len().saturating_sub(self.at))
    }

    fn byte(&mut self) -> Option<u8> {
        while self.left() == 0 {
            self.piece += 1;
            self.at = 0;
            if self.piece >= self.pieces.len() {
                return None;
            }
        }
        let byte = self.pieces.get(self.piece)?.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    /// Leaves bytes out.
    fn skip(&mut self, mut bytes: u64) {
        while bytes > 0 {
            let step = bytes.min(self.left() as u64);
            self.at += step as usize;
            bytes -= step;
            if bytes > 0 {
                self.piece += 1;
                self.at = 0;
                if self.piece >= self.pieces.len() {
                    return;
                }
            }
        }
    }

    fn characters(&mut self, mut count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units: Vec<u16> = Vec::new();
        while count > 0 {
            if self.left() == 0 {
                // a text that goes on says again how wide its characters are
                wide = self.byte()? & 1 == 1;
            }
            let unit = if wide { self.u16()? } else { u16::from(self.byte()?) };
            units.push(unit);
            count -= 1;
        }
        Some(units)
    }
}

impl Iterator for Strings<'_> {
    type Item = Text;

    fn next(&mut self) -> Option<Text> {
        let count = self.u16()?;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let extra = if flags & 4 != 0 { u64::from(self.u32()?) } else { 0 };
        let units = self.characters(usize::from(count), flags & 1 == 1)?;
        let run = |_| Some((usize::from(self.u16()?), usize::from(self.u16()?)));
        let runs = (0..runs).map_while(run).collect();
        self.skip(extra);
        Some(Text { units, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::look::Script;
    use super::*;

    #[test]
    fn parts_of_a_text_have_fonts() {
        let units = "9109注1".encode_utf16().collect();
        let text = Text { units, runs: vec![(0, 5), (1, 0), (5, 6), (9, 0)] };
        let struck = Look { struck: Some(true), ..Look::default() };
        let raised = Look { script: Some(Script::Raised), ..Look::default() };
        let plain = Look::default();
        let fonts = [plain, plain, plain, plain, struck, raised];
        assert_eq!(text.shown(&fonts), "109注¹");
        assert!(text.is_struck(&fonts) && !text.is_struck(&[]));
        assert_eq!(text.shown(&[]), "9109注1");
        let torn = Text { units: text.units.clone(), runs: vec![(4, 6), (2, 0), (9, 1)] };
        assert!(torn.shown(&fonts).starts_with("9109"));
    }
}
