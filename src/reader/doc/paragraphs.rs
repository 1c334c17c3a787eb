//! Properties of paragraphs: whether they end cells and rows, and the definition of a row.

use super::super::compound::{u16_at, u32_at};
use super::super::rows::Ruled;
use super::fib;
use super::pages::{Run, change, run_at, runs};

/// Size of what a page tells of a paragraph beside where it stands.
const PARAGRAPH: usize = 13;

/// What of a paragraph's properties tells of tables.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Properties {
    in_table: bool,
    depth: u32,
    /// Whether its mark ends a row.
    pub row: bool,
    /// Whether its mark ends a cell of an inner table.
    pub inner_cell: bool,
    /// Whether its mark ends a row of an inner table.
    pub inner_row: bool,
    /// The cells of the row.
    pub cells: Vec<Ruled>,
}

impl Properties {
    /// How many tables it stands in.
    pub fn level(&self) -> usize {
        let depth = usize::try_from(self.depth).unwrap_or(usize::MAX);
        if self.in_table { depth.max(1) } else { depth }
    }
}

/// The properties of a document's paragraphs, by their places in the main stream.
pub struct Paragraphs<'m> {
    main: &'m [u8],
    data: &'m [u8],
    runs: Vec<Run>,
}

impl<'m> Paragraphs<'m> {
    /// Finds them; none where the list is damaged.
    pub fn read(main: &'m [u8], table: &[u8], data: &'m [u8]) -> Paragraphs<'m> {
        let runs = runs(main, table, fib::PARAGRAPHS, PARAGRAPH);
        Paragraphs { main, data, runs }
    }

    /// Whether there are any.
    pub fn are_known(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Those of the paragraph whose mark stands at a place.
    pub fn at(&self, place: usize) -> Properties {
        let Some(at) = run_at(&self.runs, place, |run| *run).and_then(|run| run.properties) else {
            return Properties::default();
        };
        let mut properties = Properties::default();
        if let Some(changes) = self.changes(at) {
            self.apply(changes, &mut properties, true);
        }
        properties
    }

    /// The changes to the style that stand at a place of a page.
    fn changes(&self, at: usize) -> Option<&'m [u8]> {
        let short = usize::from(*self.main.get(at)?);
        let (start, length) = match short {
            0 => (at + 2, 2 * usize::from(*self.main.get(at + 1)?)),
            _ => (at + 1, 2 * short - 1),
        };
        // the number of the style comes first
        self.main.get(start.checked_add(2)?..start.checked_add(length)?)
    }

    fn apply(&self, mut changes: &[u8], to: &mut Properties, may_refer: bool) {
        while let Some((code, value, rest)) = change(changes) {
            let is_set = || value.first().is_some_and(|b| *b != 0);
            match code {
                0x2416 => to.in_table = is_set(),
                0x2417 => to.row = is_set(),
                0x244B => to.inner_cell = is_set(),
                0x244C => to.inner_row = is_set(),
                0x6649 => to.depth = u32_at(value, 0).unwrap_or_default(),
                0xD608 => to.cells = cells(value).unwrap_or_default(),
                // what finds no room on the page stands in another stream
                0x6646 if may_refer => {
                    let at = u32_at(value, 0).and_then(|at| usize::try_from(at).ok());
                    if let Some(more) = at.and_then(|at| huge(self.data, at)) {
                        self.apply(more, to, false);
                    }
                }
                _ => {}
            }
            changes = rest;
        }
    }
}

fn huge(data: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16_at(data, at)?);
    let start = at.checked_add(2)?;
    data.get(start..start.checked_add(length)?)
}

/// The cells that the definition of a row tells of.
fn cells(definition: &[u8]) -> Option<Vec<Ruled>> {
    let count = usize::from(*definition.first()?);
    let looks = 1 + 2 * (count + 1);
    let mut out = Vec::with_capacity(count);
    // which bit says "first" and which "merged" is told in two ways: the first of a set is first
    let mut first_of_set = 0;
    for n in 0..count {
        let left = u16_at(definition, 1 + 2 * n)?.cast_signed();
        // the looks of the last cells may be left out
        let look = u16_at(definition, looks + 20 * n).unwrap_or_default();
        let across = look & 3;
        let goes_on = across != 0 && first_of_set != 0 && across != first_of_set;
        if !goes_on {
            first_of_set = across;
        }
        let down = (look >> 5) & 3;
        out.push(Ruled { left: i32::from(left), covered: goes_on || down == 1 });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_by_their_sizes() {
        let bytes = [0x16, 0x24, 1, 0x49, 0x66, 2, 0, 0, 0, 0x0E, 0xC6, 1, 9, 0x17, 0x24, 1];
        let paragraphs = Paragraphs { main: &[], data: &[], runs: Vec::new() };
        let mut properties = Properties::default();
        paragraphs.apply(&bytes, &mut properties, true);
        assert!(properties.in_table && properties.row);
        assert_eq!(properties.level(), 2);
        (0..bytes.len()).for_each(|n| paragraphs.apply(&bytes[..n], &mut properties, true));
    }

    #[test]
    fn a_definition_tells_edges_and_merges() {
        let look = |bits: u16| [bits.to_le_bytes().as_slice(), &[0; 18]].concat();
        let edges = [-100i16, 500, 900, 1500].map(i16::to_le_bytes).concat();
        let looks = [look(0x60), look(0x20), look(0)].concat();
        let definition = [&[3], edges.as_slice(), &looks].concat();
        let left: Vec<(i32, bool)> =
            cells(&definition).unwrap().iter().map(|c| (c.left, c.covered)).collect();
        assert_eq!(left, [(-100, false), (500, true), (900, false)]);
        assert_eq!(cells(&definition[..20]).unwrap().len(), 3);
        assert_eq!(cells(&definition[..4]), None);
        let across = [look(1), look(2), look(0)].concat();
        let definition = [&[3], edges.as_slice(), &across].concat();
        assert_eq!(cells(&definition).unwrap().iter().filter(|c| c.covered).count(), 1);
    }
}
