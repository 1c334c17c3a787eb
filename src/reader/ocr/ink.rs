//! What of a picture is ink: noise taken away, dots told dark or light by what is around them, and
//! the pieces of ink that hang together.

use super::raster::{Area, Gray};

/// A dot that differs from all around it by more than this is noise.
const NOISE: u8 = 60;
/// A dot is of a faint line if it is darker than this share of what is above and below, in percent.
const FAINT: u32 = 92;
/// A dot is ink if it is darker than this share of what is around it, in percent.
const DARK: u64 = 78;

/// Which dots are ink.
#[derive(Debug, Clone, PartialEq)]
pub struct Ink {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The dots row by row.
    pub dots: Vec<bool>,
}

impl Ink {
    /// Tells ink from paper by the mean of a square around each dot, so that a shadow over a part
    /// of the page does no harm.
    pub fn of(gray: &Gray, reach: usize) -> Ink {
        let (width, height) = (gray.width, gray.height);
        // sums[y][x]: all dots above and to the left; only differences count, so it may wrap
        let stride = width + 1;
        let mut sums = vec![0u32; stride * (height + 1)];
        for y in 0..height {
            let mut row = 0u32;
            for (x, dot) in gray.row(y).iter().enumerate() {
                row = row.wrapping_add(u32::from(*dot));
                let at = (y + 1) * stride + x + 1;
                sums[at] = sums[at - stride].wrapping_add(row);
            }
        }
        let mut dots = vec![false; width * height];
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            for (x, dot) in gray.row(y).iter().enumerate() {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let sum = sums[bottom * stride + right]
                    .wrapping_sub(sums[top * stride + right])
                    .wrapping_sub(sums[bottom * stride + left])
                    .wrapping_add(sums[top * stride + left]);
                let count = ((bottom - top) * (right - left)) as u64;
                dots[y * width + x] = u64::from(*dot) * count * 100 < u64::from(sum) * DARK;
            }
        }
        Ink { width, height, dots }
    }

    /// With what is no ink but darker than the paper `apart` dots above and below: lines along the
    /// rows that are thinner than a dot. What is around a dot on its row, `along` to both sides,
    /// evens out its noise.
    pub fn with_faint_lines(mut self, gray: &Gray, apart: usize, along: usize) -> Ink {
        let smooth = gray.smoothed(along);
        for y in apart..self.height.saturating_sub(apart) {
            let (above, row, below) = (smooth.row(y - apart), smooth.row(y), smooth.row(y + apart));
            let dots = &mut self.dots[y * self.width..(y + 1) * self.width];
            for (((dot, here), above), below) in dots.iter_mut().zip(row).zip(above).zip(below) {
                *dot |= u32::from(*here) * 100 < u32::from(*above.min(below)) * FAINT;
            }
        }
        self
    }

    /// Columns as rows.
    pub fn transposed(&self) -> Ink {
        let mut dots = vec![false; self.dots.len()];
        for (y, row) in self.dots.chunks_exact(self.width.max(1)).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, dot)| **dot) {
                dots[x * self.height + y] = true;
            }
        }
        Ink { width: self.height, height: self.width, dots }
    }

    /// Runs of ink along the rows that are at least so long, breaks of up to `gap` dots in them.
    pub fn runs(&self, least: usize, gap: usize) -> Vec<Run> {
        let mut out = Vec::new();
        for (y, row) in self.dots.chunks_exact(self.width.max(1)).enumerate() {
            let mut open: Option<Run> = None;
            let mut x = 0;
            while let Some(start) = row[x..].iter().position(|d| *d).map(|n| n + x) {
                x = row[start..].iter().position(|d| !*d).map_or(row.len(), |n| n + start);
                match &mut open {
                    Some(run) if start - run.x1 <= gap => run.x1 = x,
                    _ => {
                        out.extend(open.take().filter(|r| r.x1 - r.x0 >= least));
                        open = Some(Run { y, x0: start, x1: x });
                    }
                }
            }
            out.extend(open.filter(|r| r.x1 - r.x0 >= least));
        }
        out
    }

    /// Takes a part of it away.
    pub fn clear(&mut self, area: Area) {
        for y in area.y0..area.y1.min(self.height) {
            let row = y * self.width;
            self.dots[row + area.x0..row + area.x1.min(self.width)].fill(false);
        }
    }
}

/// Ink without a break along one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its row.
    pub y: usize,
    /// Its first dot.
    pub x0: usize,
    /// The dot behind its last.
    pub x1: usize,
}

/// Ink that hangs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The box around it.
    pub area: Area,
    /// Its dots.
    pub dots: usize,
}

/// Puts runs that touch, corners too, together. Runs come row by row.
pub fn pieces(runs: &[Run]) -> Vec<Piece> {
    let mut set: Vec<usize> = (0..runs.len()).collect();
    fn find(set: &mut [usize], mut i: usize) -> usize {
        while set[i] != i {
            set[i] = set[set[i]];
            i = set[i];
        }
        i
    }
    let mut above = 0;
    for (i, run) in runs.iter().enumerate() {
        while runs[above].y + 1 < run.y || runs[above].y + 1 == run.y && runs[above].x1 < run.x0 {
            above += 1;
        }
        let touching = runs[above..i].iter().take_while(|o| o.y < run.y && o.x0 <= run.x1);
        for j in above..above + touching.count() {
            let (a, b) = (find(&mut set, i), find(&mut set, j));
            set[a.max(b)] = a.min(b);
        }
    }
    let mut out: Vec<Piece> = Vec::new();
    let mut number: Vec<usize> = vec![usize::MAX; runs.len()];
    for (i, run) in runs.iter().enumerate() {
        let root = find(&mut set, i);
        let area = Area { x0: run.x0, y0: run.y, x1: run.x1, y1: run.y + 1 };
        let dots = run.x1 - run.x0;
        if root == i {
            number[i] = out.len();
            out.push(Piece { area, dots });
        } else {
            let piece = &mut out[number[root]];
            piece.area = piece.area.around(area);
            piece.dots += dots;
        }
    }
    out
}

/// Takes away dots that differ from all around them, as a bad scan is strewn with.
pub fn without_specks(gray: &Gray) -> Gray {
    let mut out = gray.clone();
    let width = gray.width;
    for y in 1..gray.height.saturating_sub(1) {
        let (above, row, below) = (gray.row(y - 1), gray.row(y), gray.row(y + 1));
        for x in 1..width.saturating_sub(1) {
            let dot = row[x];
            let (left, right) = (row[x - 1], row[x + 1]);
            let beside = (left.min(right), left.max(right));
            // most dots are like their neighbours
            if beside.0.abs_diff(dot) <= NOISE && beside.1.abs_diff(dot) <= NOISE {
                continue;
            }
            let around = above[x - 1..=x + 1].iter().chain(&below[x - 1..=x + 1]);
            let (low, high) = around.fold(beside, |(l, h), v| (l.min(*v), h.max(*v)));
            if dot.saturating_add(NOISE) < low {
                out.dots[y * width + x] = low;
            } else if dot > high.saturating_add(NOISE) {
                out.dots[y * width + x] = high;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_told_in_shadow_as_in_light() {
        let mut gray = Gray::blank(100, 20);
        for y in 0..20 {
            for x in 0..100 {
                let paper = 250 - x as u8;
                gray.dots[y * 100 + x] = if y == 10 { paper / 2 } else { paper };
            }
        }
        let ink = Ink::of(&gray, 8);
        let dark = |y: usize| ink.dots[y * 100..(y + 1) * 100].iter().filter(|d| **d).count();
        assert_eq!((dark(10), dark(5), dark(15)), (100, 0, 0));
    }

    #[test]
    fn a_faint_line_is_seen_and_the_edge_of_a_field_is_not() {
        let mut gray = Gray::blank(40, 30);
        for x in 0..40 {
            gray.dots[10 * 40 + x] = 225;
            gray.dots[11 * 40 + x] = 228;
            (20..30).for_each(|y| gray.dots[y * 40 + x] = 225);
        }
        let ink = Ink::of(&gray, 8);
        assert!(ink.dots.iter().all(|d| !*d));
        let faint = ink.with_faint_lines(&gray, 4, 2);
        let rows: Vec<usize> = (0..30).filter(|y| faint.dots[y * 40 + 20]).collect();
        assert_eq!(rows, [10, 11]);
    }

    fn ink(rows: &[&str]) -> Ink {
        let dots = rows.iter().flat_map(|r| r.bytes().map(|b| b == b'#')).collect();
        Ink { width: rows[0].len(), height: rows.len(), dots }
    }

    #[test]
    fn runs_bridge_small_breaks() {
        let ink = ink(&["##.###...#", ".........."]);
        assert_eq!(ink.runs(4, 1), [Run { y: 0, x0: 0, x1: 6 }]);
        assert_eq!(ink.runs(1, 0).len(), 3);
        assert_eq!(ink.transposed().runs(1, 0).len(), 6);
    }

    #[test]
    fn ink_that_touches_is_one_piece() {
        let ink = ink(&["##...#", "..#..#", "#...#.", "....##"]);
        let mut found: Vec<(usize, usize)> =
            pieces(&ink.runs(1, 0)).iter().map(|p| (p.area.x0, p.dots)).collect();
        found.sort_unstable();
        assert_eq!(found, [(0, 1), (0, 3), (4, 5)]);
    }

    #[test]
    fn specks_go_and_strokes_stay() {
        let mut gray = Gray::blank(20, 20);
        gray.dots[5 * 20 + 5] = 0;
        for x in 3..12 {
            gray.dots[10 * 20 + x] = 20;
        }
        gray.dots[10 * 20 + 7] = 255;
        let clean = without_specks(&gray);
        assert_eq!(clean.dots[5 * 20 + 5], 255);
        assert_eq!(clean.dots[10 * 20 + 5], 20);
        assert_eq!(clean.dots[10 * 20 + 3], 20);
    }
}
