//! The ruled lines of a picture: long thin ink, breaks and a slight slope allowed for.

use super::ink::{Ink, Piece, pieces};
use super::raster::{Area, Gray};

/// A line across this long is one by itself, in points: strokes of characters side by side, as in
/// 安全一, may look like a shorter one.
const LONG: f32 = 72.0;
/// A line down this long is one by itself.
const TALL: f32 = 24.0;
/// A line at least this long is one where it runs from line to line.
const SHORT: f32 = 7.0;
/// Thicker than this is no line.
const THICK: f32 = 3.0;
/// A break in a line.
const BREAK: f32 = 0.6;
/// A faint line is darker than what is so far beside it, in points.
const APART: f32 = 1.3;
/// How far along a faint line its noise is evened out.
const ALONG: f32 = 0.5;
/// Lines beyond this many are a drawing.
const MOST: usize = 2_000;
/// Ends of lines meet where no more than this lies between.
const MEET: f32 = 1.0;

/// The lines of a picture as boxes of dots.
#[derive(Debug, Default)]
pub struct Ruling {
    /// From left to right.
    pub across: Vec<Area>,
    /// From top to bottom.
    pub down: Vec<Area>,
}

/// Finds the lines of a picture whose ink is known; `scale` is dots a point.
pub fn of_picture(gray: &Gray, ink: &Ink, scale: f32) -> Ruling {
    let apart = ((APART * scale).round() as usize).max(2);
    let along = (ALONG * scale).round() as usize;
    let across = ink.clone().with_faint_lines(gray, apart, along);
    let down = ink.transposed().with_faint_lines(&gray.transposed(), apart, along);
    ruling(&across, &down, scale)
}

/// Finds the lines in ink, and in ink whose columns are rows.
fn ruling(across: &Ink, down: &Ink, scale: f32) -> Ruling {
    let (mut across, short_across) = along(across, scale, LONG);
    // as if they ran across, until both are told
    let (mut down, short_down) = along(down, scale, TALL);
    if across.len().max(down.len()) > MOST {
        return Ruling::default();
    }
    let reach = (MEET * scale).ceil() as usize;
    let others: Vec<Area> = across.iter().copied().map(turned).collect();
    down.extend(short_down.into_iter().filter(|s| joins(*s, &others, reach)));
    let down: Vec<Area> = down.into_iter().map(turned).collect();
    across.extend(short_across.into_iter().filter(|s| joins(*s, &down, reach)));
    Ruling { across, down }
}

/// Whether a line that runs across begins and ends at lines that run down.
fn joins(line: Area, down: &[Area], reach: usize) -> bool {
    let y = (line.y0 + line.y1) / 2;
    let near = |low: usize, high: usize, at: usize| low <= at + reach && at <= high + reach;
    let at = |x: usize| down.iter().any(|o| near(o.x0, o.x1, x) && near(o.y0, o.y1, y));
    at(line.x0) && at(line.x1)
}

fn turned(area: Area) -> Area {
    Area { x0: area.y0, y0: area.x0, x1: area.y1, y1: area.x1 }
}

/// Lines along the rows: those that are long enough by themselves, and shorter ones.
fn along(ink: &Ink, scale: f32, long: f32) -> (Vec<Area>, Vec<Area>) {
    let dots = |points: f32| points * scale;
    let runs = ink.runs(dots(SHORT) as usize, dots(BREAK).round() as usize);
    let is_line = |p: &Piece| {
        let length = p.area.width() as f32;
        let thickness = p.dots as f32 / length;
        // a line may fall a little, and several dots thick at its ends
        let tall = p.area.height() as f32;
        thickness <= dots(THICK) && length >= 5.0 * thickness && tall <= dots(THICK) + 0.02 * length
    };
    let lines = pieces(&runs).into_iter().filter(is_line).map(|p| p.area);
    lines.partition(|a| a.width() as f32 >= dots(long))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of two rows and three columns with breaks in its lines, and a stroke of a letter.
    fn page() -> Ink {
        let (width, height) = (200, 120);
        let mut ink = Ink { width, height, dots: vec![false; width * height] };
        let mut dot = |x: usize, y: usize| ink.dots[y * width + x] = true;
        for (line, y) in [20, 50, 80].into_iter().enumerate() {
            for x in (20..180).filter(|x| (x + 13 * line) % 41 != 0) {
                dot(x, y + x / 100);
                dot(x, y + x / 100 + 1);
            }
        }
        for x in [20, 35, 100, 179] {
            for y in (20..81).filter(|y| y % 29 != 0) {
                dot(x, y);
            }
        }
        for x in 60..72 {
            dot(x, 35);
        }
        ink
    }

    #[test]
    fn lines_are_found_and_strokes_of_letters_are_not() {
        let found = ruling(&page(), &page().transposed(), 1.0);
        assert_eq!((found.across.len(), found.down.len()), (3, 4));
        assert_eq!(found.across[0], Area { x0: 20, y0: 20, x1: 180, y1: 23 });
    }

    #[test]
    fn a_short_line_counts_where_it_runs_from_line_to_line() {
        let mut ink = page();
        for x in 20..36 {
            ink.dots[65 * 200 + x] = true;
        }
        assert_eq!(ruling(&ink, &ink.transposed(), 1.0).across.len(), 4);
    }

    #[test]
    fn strokes_side_by_side_are_no_line_across() {
        let mut ink = page();
        for x in 110..150 {
            ink.dots[65 * 200 + x] = true;
        }
        assert_eq!(ruling(&ink, &ink.transposed(), 1.0).across.len(), 3);
    }

    #[test]
    fn a_dark_field_is_no_line() {
        let mut ink = page();
        for y in 90..110 {
            ink.dots[y * 200 + 20..y * 200 + 180].fill(true);
        }
        assert_eq!(ruling(&ink, &ink.transposed(), 1.0).across.len(), 3);
    }
}
