//! A page as it is being drawn: it takes characters, paths and pictures at any angle and gives a
//! page that stands upright.

use super::{Glyph, MAX_RULES, Page, Rule};

/// A point of the page, from its upper left corner.
pub type Point = (f32, f32);

/// A filled box thinner than this is a line.
const THIN: f32 = 2.6;
/// A line shorter than this is a dot.
const SHORT: f32 = 1.0;

/// A character with the direction it runs in.
#[derive(Debug, Clone, Copy)]
struct Placed {
    c: char,
    from: Point,
    to: Point,
    size: f32,
    /// Drawn with no ink: the text of a scan that was recognized, behind its picture.
    hidden: bool,
}

/// A page being drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    width: f32,
    height: f32,
    glyphs: Vec<Placed>,
    /// Both ends of each line.
    rules: Vec<(Point, Point)>,
    pictured: f32,
    drawn: usize,
}

impl Sheet {
    /// An empty page.
    pub fn new(width: f32, height: f32) -> Sheet {
        Sheet { width, height, ..Sheet::default() }
    }

    /// Characters so far.
    pub fn count(&self) -> usize {
        self.glyphs.len()
    }

    /// A character from the beginning of its baseline to its end.
    pub fn glyph(&mut self, c: char, from: Point, to: Point, size: f32, hidden: bool) {
        let finite = [from.0, from.1, to.0, to.1, size].iter().all(|v| v.is_finite());
        let on_page = (-1.0..=self.width + 1.0).contains(&from.0)
            && (-1.0..=self.height + size + 1.0).contains(&from.1);
        if finite && on_page && size > 0.0 && !c.is_control() {
            self.glyphs.push(Placed { c, from, to, size, hidden });
        }
    }

    /// The corners of a picture, one after another.
    pub fn picture(&mut self, corners: &[Point]) {
        let Some((low, high)) = bounds(corners) else { return };
        let (w, h) = (high.0 - low.0, high.1 - low.1);
        if w < THIN || h < THIN {
            // a line drawn as a picture one dot thick
            return self.thin(low, high);
        }
        let inside = |from: f32, to: f32, end: f32| (to.min(end) - from.max(0.0)).max(0.0);
        let area = inside(low.0, high.0, self.width) * inside(low.1, high.1, self.height);
        self.pictured += area / (self.width * self.height).max(1.0);
    }

    /// A filled path: its thin parts are lines, and so is a frame between two boxes.
    pub fn filled(&mut self, parts: &[Vec<Point>]) {
        let boxes: Vec<(Point, Point)> =
            parts.iter().filter(|p| is_rectilinear(p)).filter_map(|p| bounds(p)).collect();
        let is_thin = |(low, high): &(Point, Point)| high.0 - low.0 < THIN || high.1 - low.1 < THIN;
        boxes.iter().filter(|b| is_thin(b)).for_each(|(low, high)| self.thin(*low, *high));
        self.drawn += usize::from(boxes.is_empty() && !parts.is_empty());
        if let [outer, inner] = boxes[..]
            && !is_thin(&outer)
            && !is_thin(&inner)
            && frames(outer, inner)
        {
            let (low, high) = outer;
            self.stroked(&[vec![low, (high.0, low.1), high, (low.0, high.1), low]], 0.0);
        }
    }

    /// A path drawn with a pen of some width.
    pub fn stroked(&mut self, parts: &[Vec<Point>], width: f32) {
        for pair in parts.iter().flat_map(|p| p.windows(2)) {
            let (from, to) = (pair[0], pair[1]);
            let (w, h) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
            if w.max(h) < THIN && width > 2.0 * THIN {
                // a short stroke of a broad pen is a line the other way
                let (x, y) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
                let reach = width / 2.0;
                match w < h {
                    true => self.rule((x - reach, y), (x + reach, y)),
                    false => self.rule((x, y - reach), (x, y + reach)),
                }
            } else if width < 2.0 * THIN && w.min(h) < 0.5 && w.max(h) >= SHORT {
                self.rule(from, to);
            }
        }
    }

    /// A box so thin that it is a line.
    fn thin(&mut self, low: Point, high: Point) {
        let (w, h) = (high.0 - low.0, high.1 - low.1);
        let (x, y) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        if w.max(h) < SHORT.max(1.5 * w.min(h)) {
            return;
        }
        match w > h {
            true => self.rule((low.0, y), (high.0, y)),
            false => self.rule((x, low.1), (x, high.1)),
        }
    }

    fn rule(&mut self, from: Point, to: Point) {
        let finite = [from.0, from.1, to.0, to.1].iter().all(|v| v.is_finite());
        if finite && self.rules.len() < MAX_RULES {
            self.rules.push((from, to));
        }
    }

    /// The page, turned so that most of its text runs from left to right. Text at other than right
    /// angles is a watermark and left out. Hidden text counts only where there is no other.
    pub fn finish(self, number: u32) -> Page {
        let shown = self.glyphs.iter().any(|g| !g.hidden && !g.c.is_whitespace());
        let mut by_turn = [0usize; 4];
        let mut placed = Vec::with_capacity(self.glyphs.len());
        for glyph in self.glyphs.into_iter().filter(|g| !(shown && g.hidden)) {
            if let Some(turn) = turn(glyph.from, glyph.to) {
                by_turn[turn] += 1;
                placed.push(glyph);
            }
        }
        let most = (0..4).rev().max_by_key(|t| by_turn[*t]).unwrap_or(0);
        let (w, h) = (self.width, self.height);
        let upright = |(x, y): Point| match most {
            0 => (x, y),
            1 => (y, w - x),
            2 => (w - x, h - y),
            _ => (h - y, x),
        };
        let (width, height) = if most % 2 == 0 { (w, h) } else { (h, w) };
        let mut page = Page {
            number,
            width,
            height,
            pictured: self.pictured,
            drawn: self.drawn,
            ..Page::default()
        };
        page.is_layer = !shown && !placed.is_empty() && most == 0;
        page.glyphs = placed.into_iter().map(|g| stand(g, upright)).collect();
        for (from, to) in self.rules {
            let (from, to) = (upright(from), upright(to));
            let (w, h) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
            let rule = |at, a: f32, b: f32, end: f32| Rule {
                at,
                from: a.min(b).clamp(0.0, end),
                to: a.max(b).clamp(0.0, end),
            };
            match w > h {
                true => page.across.push(rule((from.1 + to.1) / 2.0, from.0, to.0, width)),
                false => page.down.push(rule((from.0 + to.0) / 2.0, from.1, to.1, height)),
            }
        }
        page
    }
}

/// A character on the page turned upright.
fn stand(g: Placed, upright: impl Fn(Point) -> Point) -> Glyph {
    let (from, to) = (upright(g.from), upright(g.to));
    // one that runs down or up takes its place with its width across the line
    let (x0, x1) = match (to.0 - from.0).abs() >= (to.1 - from.1).abs() {
        true => (from.0.min(to.0), from.0.max(to.0)),
        false => (from.0 - g.size / 2.0, from.0 + g.size / 2.0),
    };
    Glyph { c: g.c, x0, x1, y: from.1, size: g.size, confidence: None }
}

/// Quarters of a turn that a baseline runs in, clockwise from left to right; none at an angle.
fn turn(from: Point, to: Point) -> Option<usize> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let straight = dx.abs().min(dy.abs()) <= 0.05 * dx.abs().max(dy.abs());
    straight.then_some(match dx.abs() >= dy.abs() {
        true if dx >= 0.0 => 0,
        true => 2,
        false if dy > 0.0 => 1,
        false => 3,
    })
}

fn bounds(points: &[Point]) -> Option<(Point, Point)> {
    let first = *points.first()?;
    let grow = |(low, high): (Point, Point), p: &Point| {
        ((low.0.min(p.0), low.1.min(p.1)), (high.0.max(p.0), high.1.max(p.1)))
    };
    Some(points.iter().fold((first, first), grow))
}

/// Whether a path runs across and down only.
fn is_rectilinear(points: &[Point]) -> bool {
    let straight = |w: &[Point]| (w[0].0 - w[1].0).abs().min((w[0].1 - w[1].1).abs()) < 0.3;
    points.len() > 1 && points.windows(2).all(straight)
}

/// Whether one box lies in the other with no more than a line between them.
fn frames(outer: (Point, Point), inner: (Point, Point)) -> bool {
    let sides = [
        inner.0.0 - outer.0.0,
        inner.0.1 - outer.0.1,
        outer.1.0 - inner.1.0,
        outer.1.1 - inner.1.1,
    ];
    sides.iter().all(|s| (-0.1..THIN).contains(s)) && sides.iter().any(|s| *s > 0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_boxes_frames_and_strokes_are_lines() {
        let mut sheet = Sheet::new(100.0, 100.0);
        sheet.filled(&[vec![(10.0, 10.0), (90.0, 10.0), (90.0, 11.0), (10.0, 11.0), (10.0, 10.0)]]);
        sheet.filled(&[
            vec![(10.0, 20.0), (90.0, 20.0), (90.0, 60.0), (10.0, 60.0), (10.0, 20.0)],
            vec![(11.0, 21.0), (89.0, 21.0), (89.0, 59.0), (11.0, 59.0), (11.0, 21.0)],
        ]);
        sheet.filled(&[vec![(10.0, 70.0), (90.0, 70.0), (90.0, 90.0), (10.0, 90.0)]]);
        sheet.stroked(&[vec![(50.0, 70.0), (50.0, 90.0)]], 0.5);
        sheet.stroked(&[vec![(50.0, 95.0), (50.4, 95.0)]], 20.0);
        let page = sheet.finish(1);
        assert_eq!(page.across.len(), 3);
        assert_eq!(page.across[0], Rule { at: 10.5, from: 10.0, to: 90.0 });
        assert_eq!(page.down.len(), 4);
    }

    #[test]
    fn text_without_ink_is_a_layer_where_there_is_no_other() {
        let is_layer = |hidden: [bool; 2]| {
            let mut sheet = Sheet::new(200.0, 300.0);
            sheet.glyph('一', (50.0, 50.0), (60.0, 50.0), 10.0, hidden[0]);
            sheet.glyph('二', (60.0, 50.0), (70.0, 50.0), 10.0, hidden[1]);
            let page = sheet.finish(1);
            (page.is_layer, page.glyphs.len())
        };
        assert_eq!(is_layer([true, true]), (true, 2));
        assert_eq!(is_layer([true, false]), (false, 1));
    }

    #[test]
    fn a_page_on_its_side_is_turned_and_a_watermark_left_out() {
        let mut sheet = Sheet::new(200.0, 300.0);
        // from bottom to top, as a landscape table on a portrait page is printed
        sheet.glyph('一', (50.0, 280.0), (50.0, 270.0), 10.0, false);
        sheet.glyph('二', (50.0, 270.0), (50.0, 260.0), 10.0, false);
        sheet.glyph('密', (50.0, 100.0), (57.0, 107.0), 10.0, false);
        sheet.glyph('隐', (50.0, 100.0), (50.0, 90.0), 10.0, true);
        let page = sheet.finish(1);
        assert_eq!((page.width, page.height), (300.0, 200.0));
        let at: Vec<_> = page.glyphs.iter().map(|g| (g.c, g.x0, g.y)).collect();
        assert_eq!(at, [('一', 20.0, 50.0), ('二', 30.0, 50.0)]);
    }
}
