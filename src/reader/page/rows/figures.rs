//! Figures that a narrow column breaks over two lines, on both sides of the line of their label.

use super::super::lines::Line;

/// Places of one column differ by no more than this, in points.
const SAME: f32 = 1.5;
/// Fewer digits never take a column's whole width: what stands above is a figure of another row.
const FULL: usize = 3;

/// Lines with broken figures put together in the line between.
pub(super) fn whole(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let together = match &out[..] {
            [.., above, middle] => {
                put_together(above, middle, &line).or_else(|| around_label(above, middle, &line))
            }
            _ => None,
        };
        match together {
            Some(row) => {
                out.truncate(out.len() - 2);
                out.push(row);
            }
            None => out.push(line),
        }
    }
    out
}

/// One line of three, where figures that fill their column stand above a label and no longer ones
/// right below them, closer than rows do, and beside the label stand figures of other columns and
/// none in their place.
fn put_together(above: &Line, middle: &Line, below: &Line) -> Option<Line> {
    let near = below.page == above.page && below.y - above.y < 2.0 * middle.size;
    if !near || !is_digits(above) || !is_digits(below) || is_digits(middle) {
        return None;
    }
    let (above, below) = (above.fine_parts(&[]), below.fine_parts(&[]));
    let mut parts = middle.fine_parts(&[]);
    let is_full = |part: &Line| part.glyphs.iter().filter(|g| g.c.is_ascii_digit()).count() >= FULL;
    if !parts.iter().any(is_digits) || !above.iter().all(is_full) {
        return None;
    }
    let is_rest = |(first, rest): (&Line, &Line)| {
        let free = parts.iter().all(|p| p.x1 < first.x0 || first.x1 < p.x0);
        (first.x0 - rest.x0).abs() < SAME && rest.x1 < first.x1 + SAME && free
    };
    if above.len() != below.len() || !above.iter().zip(&below).all(is_rest) {
        return None;
    }
    parts.extend(above.into_iter().zip(below).map(|(first, rest)| joined(first, rest, middle.y)));
    Line::of_parts(&parts)
}

/// One line of three, where one figure stands above a label and the rest of it below, both nearer
/// to it than the lines of one text.
fn around_label(above: &Line, label: &Line, below: &Line) -> Option<Line> {
    let near = below.page == above.page && below.y - above.y < 1.8 * label.size;
    let plain = is_digits(above) && is_digits(below) && label.parts().len() == 1;
    let bare = label.glyphs.iter().all(|g| !g.c.is_ascii_digit());
    let beside = label.x1 < above.x0.min(below.x0) && above.x0 < below.x1 && below.x0 < above.x1;
    let one = |line: &Line| line.fine_parts(&[]).len() == 1;
    (near && plain && bare && beside && one(above) && one(below))
        .then(|| Line::of_parts(&[label.clone(), joined(above.clone(), below.clone(), label.y)]))?
}

/// Two pieces of a figure as one on a baseline: all of it stands where the first did, clear of the
/// next column.
pub(super) fn joined(mut first: Line, rest: Line, y: f32) -> Line {
    first.glyphs.extend(rest.glyphs);
    first.glyphs.retain(|g| !g.c.is_whitespace());
    let step = (first.x1 - first.x0) / first.glyphs.len() as f32;
    let mut x = first.x0;
    for glyph in &mut first.glyphs {
        (glyph.x0, glyph.x1, glyph.y) = (x, x + step, y);
        x += step;
    }
    first
}

/// Whether a line holds digits of figures only.
pub(super) fn is_digits(line: &Line) -> bool {
    line.glyphs.iter().all(|g| g.c.is_ascii_digit() || g.c == '.' || g.c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::lines;
    use super::super::super::lines::tests::print;
    use super::*;

    fn texts(parts: &[(&str, f32, f32)]) -> Vec<String> {
        let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
        whole(lines(glyphs, 1)).iter().map(Line::text).collect()
    }

    #[test]
    fn a_figure_above_and_below_the_line_of_its_label_is_one() {
        let row = [
            ("4821", 80.0, 13.0),
            ("甲", 10.0, 20.0),
            ("7", 110.0, 20.0),
            ("05", 80.0, 27.0),
            ("乙", 10.0, 50.0),
            ("3", 80.0, 50.0),
        ];
        assert_eq!(texts(&row), ["甲 482105 7", "乙 3"]);
    }

    #[test]
    fn figures_of_two_rows_stay_two() {
        let of = |first: &'static str, beside: &'static str, second, x: f32, y: f32| {
            let row = [(first, 80.0, 13.0), ("甲", 10.0, 20.0), (beside, 130.0, 20.0)];
            texts(&[&row[..], &[(second, x, y)]].concat()).len()
        };
        let rows = |x: f32, y: f32, second: &'static str| of("4821", "7", second, x, y);
        assert_eq!(rows(80.0, 27.0, "05"), 1);
        assert_eq!(rows(90.0, 27.0, "05"), 3, "elsewhere");
        assert_eq!(rows(80.0, 27.0, "482130"), 3, "the second is longer");
        assert_eq!(rows(80.0, 40.0, "05"), 3, "as far as rows");
        assert_eq!(of("1", "7", "0", 80.0, 27.0), 3, "too short to be broken");
        assert_eq!(of("4821", "乙", "05", 80.0, 27.0), 3, "no figure on the line of the label");
        let beside =
            [("48", 80.0, 13.0), ("甲", 10.0, 20.0), ("7", 80.0, 20.0), ("05", 80.0, 27.0)];
        assert_eq!(texts(&beside).len(), 3, "there is one beside the label");
    }
}
