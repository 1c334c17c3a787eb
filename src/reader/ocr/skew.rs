//! How far a picture is turned: ruled lines and lines of text run level when their dots gather in
//! few rows.

use super::ink::Ink;

/// A page that is turned more than this, in dots a dot to the right, was not laid straight.
const MOST: f32 = 0.09;
/// Lower ends of ink that are looked at.
const MOST_DOTS: usize = 150_000;
/// Less than this can be told of nothing.
const FEW: usize = 200;

/// The slope of what should run level, in dots a dot to the right, downwards.
pub fn slope(ink: &Ink) -> f32 {
    let ends = lower_ends(ink);
    if ends.len() < FEW {
        return 0.0;
    }
    let mut best = 0.0;
    let mut reach = MOST;
    // each round looks ten times closer
    for step in [0.002, 0.0002] {
        let steps = (reach / step).round() as i32;
        let slopes = (-steps..=steps).map(|i| best + i as f32 * step);
        let gathered = slopes.map(|s| (gathered(&ends, ink.height, s), s));
        // of slopes as good as each other the least
        let better = |a: (u64, f32), b: (u64, f32)| match a.0.cmp(&b.0) {
            std::cmp::Ordering::Less => b,
            std::cmp::Ordering::Equal if b.1.abs() < a.1.abs() => b,
            _ => a,
        };
        best = gathered.fold((0, 0.0), better).1;
        reach = step;
    }
    best
}

/// Dots of ink with paper below them.
fn lower_ends(ink: &Ink) -> Vec<(f32, f32)> {
    let mut ends = Vec::new();
    for y in 0..ink.height.saturating_sub(1) {
        let row = &ink.dots[y * ink.width..(y + 1) * ink.width];
        let below = &ink.dots[(y + 1) * ink.width..(y + 2) * ink.width];
        for (x, (dot, under)) in row.iter().zip(below).enumerate() {
            if *dot && !*under {
                ends.push((x as f32, y as f32));
            }
        }
    }
    let every = ends.len() / MOST_DOTS + 1;
    ends.into_iter().step_by(every).collect()
}

/// How much dots gather in few rows along a slope.
fn gathered(ends: &[(f32, f32)], height: usize, slope: f32) -> u64 {
    let mut rows = vec![0u32; 3 * height];
    for (x, y) in ends {
        let row = (y - x * slope) as i64 + height as i64;
        if let Some(count) = usize::try_from(row).ok().and_then(|r| rows.get_mut(r)) {
            *count += 1;
        }
    }
    rows.iter().map(|n| u64::from(*n) * u64::from(*n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines across a page that fall by a slope.
    fn page(slope: f32) -> Ink {
        let (width, height) = (600, 400);
        let mut ink = Ink { width, height, dots: vec![false; width * height] };
        for line in 1..8 {
            for x in 20..580 {
                let y = (line as f32 * 45.0 + x as f32 * slope).round() as usize;
                // a break here and there
                if x % 37 != 0 {
                    ink.dots[y * width + x] = true;
                }
            }
        }
        ink
    }

    #[test]
    fn the_slope_of_lines_is_found() {
        for wanted in [0.0, 0.0087, -0.0175, 0.035, -0.07] {
            let found = slope(&page(wanted));
            assert!((found - wanted).abs() < 0.002, "{found} for {wanted}");
        }
    }

    #[test]
    fn nothing_on_a_page_leaves_it_as_it_is() {
        let ink = Ink { width: 50, height: 50, dots: vec![false; 2500] };
        assert_eq!(slope(&ink), 0.0);
    }
}
