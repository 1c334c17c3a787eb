//! Page numbers and running heads: they stand between the parts of a table or a paragraph that a
//! page end cuts, and belong to neither.

use std::collections::{HashMap, HashSet};

use super::lines::{Line, lines};
use super::{Glyph, Page};

/// Share of a page at either end that they stand in.
const MARGIN: f32 = 0.13;
/// Lines looked at at either end of a page.
const LINES: usize = 3;

/// Takes page numbers away, and running heads from all pages but the first that has them.
pub fn take_away(mut pages: Vec<Page>) -> Vec<Page> {
    let ends: Vec<[Vec<Line>; 2]> = pages.iter().map(at_ends).collect();
    let mut pages_with: HashMap<(String, i32), usize> = HashMap::new();
    for line in ends.iter().flatten().flatten() {
        *pages_with.entry(key(line)).or_default() += 1;
    }
    let of = pages.len();
    let mut seen: HashSet<(String, i32)> = HashSet::new();
    for (page, ends) in pages.iter_mut().zip(&ends) {
        for end in ends {
            let mut outermost = true;
            for line in end {
                let text = line.text();
                // a bare figure behind what belongs to the page is one of a table
                let plain = outermost || !text.bytes().all(|b| b.is_ascii_digit());
                let number = plain && is_page_number(&text) && line.parts().len() == 1;
                let often = pages_with.get(&key(line)).is_some_and(|n| *n > 1 && n * 3 >= of);
                let runs = plain && often;
                let again = runs && !seen.insert(key(line));
                if number || again {
                    page.glyphs.retain(|g| !is_of(g, line));
                }
                outermost &= number || runs;
            }
        }
    }
    pages
}

/// Whether a glyph is one of a line.
fn is_of(glyph: &Glyph, line: &Line) -> bool {
    (line.x0 - 0.1..=line.x1 + 0.1).contains(&glyph.x())
        && (glyph.middle() - line.y + 0.35 * line.size).abs() < 0.45 * line.size
}

/// The lines at the upper and the lower end of a page that stand in no table, the outermost first.
fn at_ends(page: &Page) -> [Vec<Line>; 2] {
    let margin = MARGIN * page.height;
    let outside = |g: &&Glyph| g.y < margin || g.y > page.height - margin;
    let all = lines(page.glyphs.iter().filter(outside).copied().collect(), page.number);
    let free = |l: &&Line| {
        let middle = l.y - 0.35 * l.size;
        !page.down.iter().any(|r| r.from < middle && middle < r.to)
    };
    let head = all.iter().take_while(|l| l.y < margin).take(LINES).filter(free);
    let foot = all.iter().rev().take_while(|l| l.y > margin).take(LINES).filter(free);
    [head.cloned().collect(), foot.cloned().collect()]
}

/// What a running head has in common with those on other pages: its words and its height.
fn key(line: &Line) -> (String, i32) {
    let words = line.text().chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect();
    (words, (line.y / 4.0).round() as i32)
}

/// Whether a line is nothing but the number of its page, as `- 3 -`, `3/12` or `第3页 共12页`.
fn is_page_number(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let marked = |c: char| "-—–－―·.".contains(c);
    let inner = bare.trim_matches(marked);
    let digits = |t: &str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    if let Some((page, of)) = inner.split_once('/') {
        return digits(page) && digits(of);
    }
    let plain = inner.strip_prefix('第').and_then(|t| t.strip_suffix('页')).unwrap_or(inner);
    let page = plain.split('页').next().unwrap_or_default();
    digits(page)
        || page.chars().all(|c| c.is_ascii_digit()) && !page.is_empty() && inner.ends_with('页')
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::print;
    use super::*;

    #[test]
    fn page_numbers_are_told() {
        for text in ["- 3 -", "3", "3/12", "第 3 页 共 12 页", "— 10 —", "第3页"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["2023年", "第三", "3件", "12.5%", "页"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn a_bare_figure_behind_a_label_is_no_page_number() {
        let left = |parts: &[(&str, f32)]| {
            let glyphs = parts.iter().flat_map(|(t, y)| print(t, 90.0, *y)).collect();
            let page = Page { number: 1, width: 200.0, height: 300.0, glyphs, ..Page::default() };
            lines(take_away(vec![page]).remove(0).glyphs, 1).len()
        };
        assert_eq!(left(&[("3", 10.0), ("甲", 150.0), ("3", 290.0)]), 1);
        assert_eq!(left(&[("甲", 10.0), ("3", 30.0), ("3", 270.0), ("乙", 290.0)]), 4);
        assert_eq!(left(&[("甲", 10.0), ("- 3 -", 30.0)]), 1);
    }

    #[test]
    fn a_running_head_stays_once() {
        let page = |number| Page {
            number,
            width: 200.0,
            height: 300.0,
            glyphs: [
                print("年度报告", 10.0, 20.0),
                print("正文在此", 10.0, 150.0),
                print("- 3 -", 90.0, 290.0),
            ]
            .concat(),
            ..Page::default()
        };
        let pages = take_away(vec![page(1), page(2), page(3)]);
        let lengths: Vec<usize> =
            pages.iter().map(|p| p.glyphs.iter().filter(|g| g.c != ' ').count()).collect();
        assert_eq!(lengths, [8, 4, 4]);
    }
}
