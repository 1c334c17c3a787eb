//! How wide the columns of a drawn table are, and where their texts break into lines. All widths
//! are in cells of a terminal, of which a Chinese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Longer pieces (paths, hashes) break like text; no number, date or code is longer.
const LONGEST_PIECE: usize = 24;
/// Text in a column narrower than this cannot be read.
const LEAST_TEXT: usize = 8;
/// Lines that the heading of a narrow column of numbers may take, and what it needs at least.
const HEADING_LINES: usize = 3;
const LEAST_HEADING: usize = 4;
/// Words of such headings are broken, too, before columns are given up.
const LEAST_WORD: usize = 6;

/// Closing marks do not begin a line, opening marks do not end one.
const CLOSING: &str = "，。、；：？！）》」』】〉”’…—～％,.;:?!)]}%";
const OPENING: &str = "（《「『【〈“‘([{";

/// The width of a text in one line.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Whether a line may end between two characters that follow each other.
fn breaks(before: char, after: char) -> bool {
    if after == ' ' || OPENING.contains(before) || CLOSING.contains(after) {
        return false;
    }
    match (char_width(before) > 1, char_width(after) > 1) {
        // a number keeps its unit
        (false, true) => !before.is_ascii_digit(),
        (true, _) => true,
        (false, false) => {
            before == ' '
                || CLOSING.contains(before) && !before.is_ascii()
                || matches!(before, '_' | '/' | '\\') && after.is_alphabetic()
        }
    }
}

/// The parts of a line that should not be broken.
pub(crate) fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut before = rest.chars().next()?;
        let mut end = rest.len();
        for (at, after) in rest.char_indices().skip(1) {
            if breaks(before, after) {
                end = at;
                break;
            }
            before = after;
        }
        let piece = &rest[..end];
        rest = &rest[end..];
        Some(piece)
    })
}

/// A text in lines of at most `room`. The blanks that a line begins with begin all its parts.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        if width(line) <= room {
            lines.push(line.to_owned());
            continue;
        }
        let body = line.trim_start_matches(INDENT);
        let indent = &line[..line.len() - body.len()];
        let start = if width(indent) + LEAST_TEXT <= room { indent } else { "" };
        let mut current = start.to_owned();
        for piece in pieces(body) {
            if width(&current) + width(piece.trim_end()) > room && current != start {
                lines.push(current.trim_end().to_owned());
                current = start.to_owned();
            }
            for c in piece.chars() {
                // only what is longer than a whole line is broken within
                if c != ' ' && width(&current) + char_width(c) > room && current != start {
                    lines.push(std::mem::replace(&mut current, start.to_owned()));
                }
                current.push(c);
            }
        }
        lines.push(current.trim_end().to_owned());
    }
    lines
}

/// What sets off a part from its whole, as printed forms have it.
pub(super) const INDENT: char = '\u{3000}';

/// What a column needs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Need {
    /// Below this its cells cannot be read.
    cells: usize,
    /// Below this its heading cannot be read well.
    heading: usize,
    /// Above this nothing is gained.
    most: usize,
    numbers: bool,
}

impl Need {
    /// Of a column with that heading and those cells.
    pub(super) fn of<'t>(
        heading: &str,
        cells: impl Iterator<Item = &'t str>,
        numbers: bool,
    ) -> Need {
        let whole = |text: &str| text.split('\n').map(width).max().unwrap_or(0);
        let piece = |text: &str| {
            let longest = text.split('\n').flat_map(pieces).map(|p| width(p.trim_end())).max();
            longest.unwrap_or(0).min(LONGEST_PIECE)
        };
        let mut need = Need { cells: 0, heading: piece(heading), most: whole(heading), numbers };
        if numbers {
            let third = need.most.div_ceil(HEADING_LINES).next_multiple_of(2);
            need.heading = need.heading.max(third.max(LEAST_HEADING).min(need.most));
        }
        for cell in cells {
            need.cells = need.cells.max(piece(cell));
            need.most = need.most.max(whole(cell));
        }
        if !numbers {
            need.cells = need.cells.max(need.most.min(LEAST_TEXT));
        }
        need
    }

    /// What it takes; with words of the headings over numbers broken where `tight`.
    fn least(&self, tight: bool) -> usize {
        let cap = if tight && self.numbers { LEAST_WORD } else { usize::MAX };
        self.cells.max(self.heading.min(cap))
    }

    /// All that it would like.
    pub(super) fn most(&self) -> usize {
        self.most
    }
}

/// The widths of columns on a screen, and the blanks on either side of each cell; none where they
/// cannot be read side by side. Where they are tight there are no blanks.
pub(super) fn fit(needs: &[Need], screen: usize) -> Option<(Vec<usize>, usize)> {
    [1, 0].into_iter().find_map(|blanks| {
        // a line before each cell and one at the end
        let room = screen.checked_sub(needs.len() * (1 + 2 * blanks) + 1)?;
        Some((share(needs, room, blanks == 0)?, blanks))
    })
}

/// The widths of columns that together have `room`; none where it is too little. Text gets room
/// before the headings of numbers, which may take more lines.
fn share(needs: &[Need], room: usize, tight: bool) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = needs.iter().map(|need| need.least(tight)).collect();
    room.checked_sub(widths.iter().sum())?;
    let mut left = room - widths.iter().sum::<usize>();
    for numbers in [false, true] {
        // one cell at a time to the narrowest that is still short of room
        while left > 0 {
            let short = (0..needs.len())
                .filter(|i| needs[*i].numbers == numbers && widths[*i] < needs[*i].most)
                .min_by_key(|i| widths[*i]);
            let Some(narrowest) = short else { break };
            widths[narrowest] += 1;
            left -= 1;
        }
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_as_chinese_is_printed_and_numbers_do_not() {
        let label = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）";
        assert_eq!(
            wrap(label, 16),
            ["（二）部分公开", "（区分处理的，只", "计这一情形，不计", "其他情形）"]
        );
        assert_eq!(wrap("　　其他法律行政法规", 14), ["　　其他法律行", "　　政法规"]);
        assert_eq!(wrap("于2023-01-15发布", 8), ["于", "2023-01-", "15发布"], "the last resort");
        assert_eq!(wrap("于2023-01-15发布", 12), ["于", "2023-01-15发", "布"]);
        assert_eq!(wrap("correction rate", 10), ["correction", "rate"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
        for room in 6..60 {
            for line in wrap(label, room) {
                assert!(width(&line) <= room, "{room}: {line}");
                assert!(!line.starts_with(['，', '）']) && !line.ends_with('（'), "{line}");
            }
        }
    }

    #[test]
    fn columns_that_cannot_be_read_side_by_side_get_no_widths() {
        let number = Need::of("总计", ["123456"].into_iter(), true);
        let text = Need::of("机关", ["宿迁市人民政府办公室"].into_iter(), false);
        let wide = |needs: &[Need], room| share(needs, room, false);
        assert_eq!(wide(&[text, number], 40), Some(vec![20, 6]));
        assert_eq!(wide(&[text, number], 18), Some(vec![12, 6]));
        assert_eq!(wide(&[text, number], 13), None);
        // a long heading over short numbers leaves the room to the text
        let heading = Need::of("社会公益组织", ["5"].into_iter(), true);
        assert_eq!(wide(&[text, heading], 24), Some(vec![20, 4]));
        assert_eq!(wide(&[text, heading], 29), Some(vec![20, 9]));
        // before the columns are given up, the blanks go and words of headings are broken
        let words = Need::of("welfare organization", ["5"].into_iter(), true);
        assert_eq!(fit(&[text, words], 30), Some((vec![11, 12], 1)));
        assert_eq!(fit(&[text, words], 26), Some((vec![17, 6], 0)));
        assert_eq!(fit(&[text, words], 16), None);
    }
}
