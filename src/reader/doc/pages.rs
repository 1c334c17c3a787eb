//! Pages of properties: which run of the text has which changes to its style.

use super::super::compound::{u16_at, u32_at};
use super::part;

/// Size of a page of properties.
const PAGE: usize = 512;

/// A run of text in the main stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    from: u32,
    to: u32,
    /// Where its properties stand; none where nothing differs from the style.
    pub properties: Option<usize>,
}

/// The runs that the pages tell of whose list stands at `list` in the head, by their places; none
/// where the list is damaged. `size` is what a page holds of each run beside its place.
pub fn runs(main: &[u8], table: &[u8], list: usize, size: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    let list = part(main, table, list).unwrap_or_default();
    let count = list.len().saturating_sub(4) / 8;
    for n in 0..count {
        let page = u32_at(list, 4 * (count + 1) + 4 * n).unwrap_or_default() & 0x3F_FFFF;
        let start = usize::try_from(page).ok().and_then(|page| page.checked_mul(PAGE));
        if let Some(start) = start {
            page_runs(main, start, size, &mut runs);
        }
    }
    runs.sort_unstable();
    runs
}

/// The run that a place stands in, of runs by their places with what is known of them.
pub fn run_at<R: Copy>(runs: &[R], place: usize, run: impl Fn(&R) -> Run) -> Option<R> {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let before = runs.partition_point(|known| run(known).from <= place);
    let found = before.checked_sub(1).and_then(|i| runs.get(i));
    found.filter(|known| place < run(known).to).copied()
}

fn page_runs(main: &[u8], start: usize, size: usize, runs: &mut Vec<Run>) {
    let Some(page) = start.checked_add(PAGE).and_then(|end| main.get(start..end)) else { return };
    let count = usize::from(page[PAGE - 1]);
    for n in 0..count {
        let (Some(from), Some(to)) = (u32_at(page, 4 * n), u32_at(page, 4 * n + 4)) else { return };
        let word = page.get(4 * (count + 1) + size * n).copied().unwrap_or_default();
        // half of the offset is kept; none means that nothing differs from the style
        let properties = (word != 0).then(|| start + 2 * usize::from(word));
        runs.push(Run { from, to, properties });
    }
}

/// The first of a list of changes: its code, its value, and what follows.
pub fn change(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let code = u16_at(bytes, 0)?;
    let rest = bytes.get(2..)?;
    let (before, length) = match code >> 13 {
        0 | 1 => (0, 1),
        2 | 4 | 5 => (0, 2),
        3 => (0, 4),
        7 => (0, 3),
        // the definition of a table counts in two bytes, and one too many
        _ if code == 0xD608 => (2, usize::from(u16_at(rest, 0)?).saturating_sub(1)),
        _ => (1, usize::from(*rest.first()?)),
    };
    let end = before + length;
    Some((code, rest.get(before..end)?, rest.get(end..)?))
}
