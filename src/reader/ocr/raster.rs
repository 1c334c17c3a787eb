//! A picture in shades of gray, and what is done to it before it is read.

/// A box of dots: from its first column and row to those behind its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// First column.
    pub x0: usize,
    /// First row.
    pub y0: usize,
    /// Column behind its last.
    pub x1: usize,
    /// Row behind its last.
    pub y1: usize,
}

impl Area {
    /// Columns.
    pub fn width(&self) -> usize {
        self.x1 - self.x0
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.y1 - self.y0
    }

    /// The least box around two.
    pub fn around(self, other: Area) -> Area {
        Area {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

/// What paper looks like.
const WHITE: u8 = 255;

/// Dots row by row, 0 black to 255 white.
#[derive(Debug, Clone, PartialEq)]
pub struct Gray {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The dots.
    pub dots: Vec<u8>,
}

impl Gray {
    /// White paper.
    pub fn blank(width: usize, height: usize) -> Gray {
        Gray { width, height, dots: vec![WHITE; width * height] }
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.dots[y * self.width..(y + 1) * self.width]
    }

    /// A part of it with a white margin.
    pub fn crop(&self, area: Area, margin: usize) -> Gray {
        let mut out = Gray::blank(area.width() + 2 * margin, area.height() + 2 * margin);
        for y in area.y0..area.y1 {
            let from = (y - area.y0 + margin) * out.width + margin;
            let row = &self.row(y)[area.x0..area.x1];
            out.dots[from..from + row.len()].copy_from_slice(row);
        }
        out
    }

    /// Makes a part of it white.
    pub fn whiten(&mut self, area: Area) {
        for y in area.y0..area.y1.min(self.height) {
            let row = y * self.width;
            self.dots[row + area.x0..row + area.x1.min(self.width)].fill(WHITE);
        }
    }

    /// Columns as rows.
    pub fn transposed(&self) -> Gray {
        let mut out = Gray::blank(self.height, self.width);
        for (y, row) in self.dots.chunks_exact(self.width.max(1)).enumerate() {
            row.iter().enumerate().for_each(|(x, dot)| out.dots[x * self.height + y] = *dot);
        }
        out
    }

    /// Each dot the mean of those on its row up to `reach` from it.
    pub fn smoothed(&self, reach: usize) -> Gray {
        let mut out = self.clone();
        for (to, row) in (out.dots.chunks_exact_mut(self.width.max(1)))
            .zip(self.dots.chunks_exact(self.width.max(1)))
        {
            let mut sum: u32 = row.iter().take(reach).map(|v| u32::from(*v)).sum();
            let mut count = reach.min(row.len()) as u32;
            for (x, dot) in to.iter_mut().enumerate() {
                if let Some(next) = row.get(x + reach) {
                    (sum, count) = (sum + u32::from(*next), count + 1);
                }
                if let Some(gone) = x.checked_sub(reach + 1) {
                    (sum, count) = (sum - u32::from(row[gone]), count - 1);
                }
                *dot = (sum / count.max(1)) as u8;
            }
        }
        out
    }

    /// Larger or smaller: each dot the mean of those that it covers, or between those around it.
    pub fn scaled(&self, scale: f32) -> Gray {
        let side = |n: usize| ((n as f32 * scale).round() as usize).max(1);
        let (width, height) = (side(self.width), side(self.height));
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let columns = shares(self.width, width);
        let mut rows = vec![0f32; width * self.height];
        for y in 0..self.height {
            let row = self.row(y);
            for (out, (first, parts)) in rows[y * width..].iter_mut().zip(&columns) {
                *out = row[*first..].iter().zip(parts).map(|(v, part)| f32::from(*v) * part).sum();
            }
        }
        let mut out = Gray::blank(width, height);
        let mut sums = vec![0f32; width];
        for (y, (first, parts)) in shares(self.height, height).iter().enumerate() {
            sums.fill(0.0);
            for (row, part) in rows[first * width..].chunks_exact(width).zip(parts) {
                sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v * part);
            }
            let row = &mut out.dots[y * width..(y + 1) * width];
            row.iter_mut().zip(&sums).for_each(|(dot, sum)| *dot = sum.round() as u8);
        }
        out
    }

    /// Turned about its middle, so that what falls by `slope` dots a dot to the right runs level.
    pub fn levelled(&self, slope: f32) -> Gray {
        let (sin, cos) = slope.atan().sin_cos();
        let (cx, cy) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut out = Gray::blank(self.width, self.height);
        for y in 0..self.height {
            let dy = y as f32 - cy;
            for x in 0..self.width {
                let dx = x as f32 - cx;
                let at = (cx + cos * dx - sin * dy, cy + sin * dx + cos * dy);
                out.dots[y * self.width + x] = self.between(at.0, at.1);
            }
        }
        out
    }

    /// What stands at a place between dots; white outside.
    fn between(&self, x: f32, y: f32) -> u8 {
        let (left, top) = (x.floor(), y.floor());
        if left < 0.0 || top < 0.0 {
            return WHITE;
        }
        let (column, row) = (left as usize, top as usize);
        if column + 1 >= self.width || row + 1 >= self.height {
            return WHITE;
        }
        let (right, down) = (x - left, y - top);
        let at = row * self.width + column;
        let mix = |i: usize| {
            f32::from(self.dots[i]) * (1.0 - right) + f32::from(self.dots[i + 1]) * right
        };
        (mix(at) * (1.0 - down) + mix(at + self.width) * down).round() as u8
    }

    /// As a file that every picture program reads.
    pub fn pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.dots);
        out
    }
}

/// For each of `to` places the first of `from` dots that it is made of, and the share of each.
fn shares(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f32 / to as f32;
    let reach = ratio.max(1.0);
    let share = |i: usize| {
        let middle = (i as f32 + 0.5) * ratio;
        let first = ((middle - reach).floor().max(0.0) as usize).min(from - 1);
        let last = ((middle + reach).ceil() as usize).clamp(first + 1, from);
        let weight = |j: usize| (1.0 - (j as f32 + 0.5 - middle).abs() / reach).max(0.0);
        let mut parts: Vec<f32> = (first..last).map(weight).collect();
        let sum: f32 = parts.iter().sum();
        match sum > 0.0 {
            true => parts.iter_mut().for_each(|p| *p /= sum),
            false => parts[0] = 1.0,
        }
        (first, parts)
    };
    (0..to).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_keeps_what_is_even_and_mixes_what_is_not() {
        let mut gray = Gray::blank(8, 4);
        gray.whiten(Area { x0: 0, y0: 0, x1: 8, y1: 4 });
        assert_eq!(gray.scaled(0.5), Gray::blank(4, 2));
        assert_eq!(gray.scaled(3.0), Gray::blank(24, 12));
        gray.dots.iter_mut().step_by(2).for_each(|d| *d = 0);
        let half = gray.scaled(0.5);
        assert!(half.dots[1..3].iter().all(|d| (100..156).contains(d)), "{:?}", half.dots);
    }

    #[test]
    fn smoothing_is_the_mean_along_the_row() {
        let gray = Gray { width: 5, height: 1, dots: vec![0, 30, 60, 90, 120] };
        assert_eq!(gray.smoothed(1).dots, [15, 30, 60, 90, 105]);
        assert_eq!(gray.transposed().dots, gray.dots);
    }

    #[test]
    fn a_falling_line_runs_level() {
        let mut gray = Gray::blank(200, 60);
        for x in 0..200 {
            let y = 30.0 + (x as f32 - 100.0) * 0.05;
            gray.dots[y.round() as usize * 200 + x] = 0;
        }
        let level = gray.levelled(0.05);
        let dark = |y: usize| level.row(y)[20..180].iter().filter(|d| **d < 200).count();
        assert!(dark(29) + dark(30) + dark(31) >= 155);
        assert_eq!(dark(25) + dark(35), 0);
    }

    #[test]
    fn a_crop_has_a_margin() {
        let mut gray = Gray::blank(4, 4);
        gray.dots[5] = 7;
        let crop = gray.crop(Area { x0: 1, y0: 1, x1: 2, y1: 2 }, 1);
        assert_eq!((crop.width, crop.height, crop.dots[4]), (3, 3, 7));
    }
}
