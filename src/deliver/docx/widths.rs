//! How wide the columns of a table on paper are. No number, code or word is broken where there is
//! room for it, whatever font stands in for the one that is named: Chinese characters are as wide as
//! they are high, letters and digits are taken at the widths of a wide font.

use unicode_width::UnicodeWidthChar as _;

use super::text::Look;
use crate::export::pieces;

/// Hundredths of an em that the signs of ASCII take from the blank on: in the wider of DejaVu Serif
/// and Noto Serif CJK, plain and bold.
#[rustfmt::skip]
const PLAIN: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 90, 28, 40, 40, 50, 84, 33, 35, 33, 36,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54,
    100, 73, 74, 77, 81, 73, 70, 80, 88, 41, 41, 75, 67, 103, 88, 82,
    68, 82, 76, 69, 67, 85, 73, 106, 72, 69, 70, 40, 36, 40, 84, 57,
    50, 60, 65, 57, 65, 60, 39, 65, 67, 34, 32, 61, 34, 98, 67, 61,
    65, 65, 48, 52, 41, 66, 57, 86, 57, 57, 53, 64, 34, 64, 84,
];
#[rustfmt::skip]
const BOLD: [u8; 95] = [
    35, 44, 53, 84, 70, 97, 91, 31, 48, 48, 53, 84, 35, 42, 35, 40,
    70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 37, 37, 84, 84, 84, 59,
    100, 78, 85, 80, 87, 77, 71, 86, 95, 47, 48, 87, 71, 111, 92, 88,
    76, 88, 84, 73, 75, 88, 78, 113, 78, 72, 73, 48, 40, 48, 84, 60,
    50, 65, 70, 61, 70, 64, 44, 70, 73, 38, 37, 70, 38, 106, 73, 67,
    70, 70, 53, 57, 47, 73, 59, 88, 60, 59, 57, 65, 37, 65, 84,
];

/// Longer pieces are broken like text: no number, code or word is as long.
const LONGEST: u32 = 1800;
/// Text in a narrower column is hard to read.
const LEAST_TEXT: u32 = 400;
/// Cells and headings that are no longer stand in one line before long texts get more.
const SHORT: u32 = 1000;
const SHORT_HEADING: u32 = 400;
/// Lines are no longer for those who share out room.
const LONGEST_LINE: u32 = 1_000_000;
/// Lines that the heading of a narrow column may take, and what it needs at least.
const HEADING_LINES: u32 = 3;
const LEAST_HEADING: u32 = 200;
/// Twips that a line of text is never filled to.
const SLACK: u32 = 20;
/// Twips by which room is given away.
const STEP: u32 = 10;

/// The width of a character in hundredths of an em.
fn em(c: char, bold: bool) -> u32 {
    let known = if bold { &BOLD } else { &PLAIN };
    match (u32::from(c) as usize).checked_sub(32).and_then(|at| known.get(at)) {
        Some(width) => (*width).into(),
        None if c.width().unwrap_or(0) == 0 => 0,
        None => 100,
    }
}

fn line(text: &str, bold: bool) -> u32 {
    text.chars().map(|c| em(c, bold)).sum()
}

/// What texts need, in hundredths of an em.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Room {
    /// The widest piece that is not to be broken.
    piece: u32,
    /// The longest line.
    line: u32,
}

/// What a column needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Need {
    cells: Room,
    headings: Room,
}

/// How a table looks: its cells, and its headings, which may be a size smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Looks {
    /// Cells.
    pub(super) cells: Look,
    /// Headings.
    pub(super) headings: Look,
}

impl Looks {
    /// From the first on, smaller and smaller.
    fn from(first: Look) -> impl Iterator<Item = Looks> {
        let looks = first.smaller().iter().copied();
        let next = looks.clone().skip(1).map(Some).chain([None]);
        looks.zip(next).flat_map(|(cells, next)| {
            let less = next.map(|headings| Looks { cells, headings });
            [Looks { cells, headings: cells }].into_iter().chain(less)
        })
    }
}

impl Need {
    /// Takes in a cell, of which parts may be bold.
    pub(super) fn take<'t>(
        &mut self,
        parts: impl Iterator<Item = (&'t str, bool)>,
        is_heading: bool,
    ) {
        let mut whole = 0;
        let room = if is_heading { &mut self.headings } else { &mut self.cells };
        for (text, bold) in parts {
            for (number, said) in text.split('\n').enumerate() {
                whole = if number == 0 { whole } else { 0 } + line(said, bold);
                room.line = whole.max(room.line).min(LONGEST_LINE);
                let pieces = pieces(said).map(|piece| line(piece.trim_end(), bold));
                room.piece = pieces.fold(room.piece, u32::max).min(LONGEST);
            }
        }
    }

    /// The twips that it must have; with `easy` enough to be read with ease.
    fn floor(&self, looks: Looks, easy: bool) -> u32 {
        let (mut cells, mut headings) = (self.cells.piece, self.headings.piece);
        if easy {
            let whole = self.headings.line;
            cells = cells.max(self.cells.line.min(LEAST_TEXT));
            headings = headings.max((whole / HEADING_LINES).max(LEAST_HEADING).min(whole));
        }
        twips(cells, looks.cells).max(twips(headings, looks.headings)) + 2 * looks.cells.beside()
    }
}

/// How the text of a table looks, and the widths of its columns in twips, together `room`: as they are
/// `asked` for against each other, or as their content needs. No column is narrower than what must
/// not be broken; where they have no room, the text is smaller.
pub(super) fn fit(needs: &[Need], asked: &[u32], first: Look, room: u32) -> (Looks, Vec<usize>) {
    let easy = asked.is_empty();
    let mut least = (Looks { cells: first, headings: first }, Vec::new());
    for looks in Looks::from(first) {
        let floors: Vec<u32> = needs.iter().map(|need| need.floor(looks, easy)).collect();
        if floors.iter().sum::<u32>() > room {
            least = (looks, floors);
            continue;
        }
        let widths = match easy {
            true => by_content(needs, floors, looks, room),
            false => by_share(asked, &floors, room),
        };
        return (looks, edges(&widths, room));
    }
    // there is no way to keep all whole: what is long gives way
    let (looks, floors) = least;
    (looks, edges(&floors, room))
}

/// So many hundredths of an em, with some to spare.
fn twips(ems: u32, look: Look) -> u32 {
    // sizes are in half points, of ten twips
    (ems * look.size() as u32).div_ceil(10) + SLACK
}

/// Widths as content needs: what the floors leave goes where it spares most lines, first to what is
/// short, then to long cells and long headings.
fn by_content(needs: &[Need], mut widths: Vec<u32>, looks: Looks, room: u32) -> Vec<u32> {
    let mut left = room - widths.iter().sum::<u32>();
    let most = [[SHORT, SHORT_HEADING], [LONGEST_LINE, SHORT_HEADING], [LONGEST_LINE; 2]];
    for [most_of_cells, most_of_headings] in most {
        let wish = |need: &Need| {
            let cells = twips(need.cells.line.min(most_of_cells), looks.cells);
            let headings = twips(need.headings.line.min(most_of_headings), looks.headings);
            cells.max(headings) + 2 * looks.cells.beside()
        };
        let most: Vec<u32> = needs.iter().map(wish).collect();
        while left >= STEP {
            let spared = |at: &usize| {
                let width = u64::from(widths[*at]).max(1);
                u64::from(most[*at]) * 1_000_000 / (width * width)
            };
            let short = (0..needs.len()).filter(|at| widths[*at] < most[*at]);
            let Some(at) = short.max_by_key(spared) else { break };
            widths[at] += STEP;
            left -= STEP;
        }
    }
    widths
}

/// Widths as they are asked for; a column that would be too narrow has what it needs, and the others
/// share what is left.
fn by_share(asked: &[u32], floors: &[u32], room: u32) -> Vec<u32> {
    let mut fixed: Vec<Option<u32>> = vec![None; floors.len()];
    loop {
        let left = u64::from(room - fixed.iter().flatten().sum::<u32>());
        let free = || (0..floors.len()).filter(|at| fixed[*at].is_none());
        let all = free().map(|at| u64::from(asked[at])).sum::<u64>().max(1);
        let share = |at: usize| (u64::from(asked[at]) * left / all) as u32;
        let narrow: Vec<usize> = free().filter(|at| share(*at) < floors[*at]).collect();
        if narrow.is_empty() {
            return (0..floors.len()).map(|at| fixed[at].unwrap_or_else(|| share(at))).collect();
        }
        narrow.into_iter().for_each(|at| fixed[at] = Some(floors[at]));
    }
}

/// The same widths against each other, together `room`.
fn edges(widths: &[u32], room: u32) -> Vec<usize> {
    let all = widths.iter().map(|width| u64::from(*width)).sum::<u64>().max(1);
    let (mut edge, mut before) = (0u64, 0u64);
    let share = |width: &u32| {
        edge += u64::from(*width);
        let end = edge * u64::from(room) / all;
        let share = end - before;
        before = end;
        usize::try_from(share).unwrap_or_default()
    };
    widths.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: u32 = 9000;

    fn need(heading: &str, cells: &[&str]) -> Need {
        let mut need = Need::default();
        need.take([(heading, true)].into_iter(), true);
        cells.iter().for_each(|cell| need.take([(*cell, false)].into_iter(), false));
        need
    }

    #[test]
    fn what_is_not_to_be_broken_is_found() {
        let piece = |text: &str| need("", &[text]).cells.piece;
        assert_eq!(piece("1808595"), 7 * 64);
        assert_eq!(piece("宿迁市人民政府"), 100);
        assert_eq!(piece("含50.00%的"), line("50.00%", false), "a mark does not begin a line");
        assert_eq!(piece("共2023年度"), line("2023年", false), "a number has its unit");
        assert_eq!(piece("not assessable"), line("assessable", false));
        assert_eq!(piece(&"a0".repeat(60)), LONGEST, "a digest is broken somewhere");
        assert!(need("received", &[]).headings.piece > piece("received"), "bold is wider");
        assert_eq!(need("", &["一二\n三四五"]).cells.line, 300);
    }

    #[test]
    fn a_narrow_column_has_what_its_numbers_need() {
        let needs = [need("机关", &["宿迁市"]), need("数", &["1808595"])];
        let (looks, widths) = fit(&needs, &[50, 1], Look::Small, ROOM);
        assert_eq!((looks.cells, widths.iter().sum::<usize>()), (Look::Small, ROOM as usize));
        assert!(widths[1] as u32 + 1 >= twips(7 * 64, Look::Small) + 140, "{widths:?}");
        // what has room is as asked for
        assert_eq!(fit(&needs, &[2, 1], Look::Small, ROOM).1, [6000, 3000]);
    }

    #[test]
    fn text_is_smaller_before_a_word_is_broken() {
        let column = need("correction", &["1808595"]);
        let of = |count: usize| fit(&vec![column; count], &[], Look::Small, ROOM);
        let all: Vec<Looks> = (1..16).map(|count| of(count).0).collect();
        for look in [Look::Small, Look::Smaller, Look::Smallest, Look::Least] {
            assert!(all.iter().any(|looks| looks.cells == look), "{all:?}");
        }
        assert!(all.iter().any(|looks| looks.cells != looks.headings), "{all:?}");
        for count in 1..40 {
            let (looks, widths) = of(count);
            assert_eq!(widths.iter().sum::<usize>(), ROOM as usize, "{count}");
            let whole = widths.iter().all(|w| *w as u32 + 1 >= column.floor(looks, false));
            assert!(whole || looks.cells == Look::Least, "{count}: {widths:?}");
        }
        assert_eq!(fit(&[], &[], Look::Small, ROOM).1, Vec::<usize>::new());
    }

    #[test]
    fn long_texts_share_what_short_ones_leave() {
        let long = "政府信息公开工作年度报告".repeat(9);
        let needs = [need("名称", &["公开率"]), need("定义", &[&long]), need("注意", &[&long])];
        let (_, widths) = fit(&needs, &[], Look::Small, ROOM);
        assert!(widths[0] * 4 < widths[1] && widths[1].abs_diff(widths[2]) < 20, "{widths:?}");
    }
}
