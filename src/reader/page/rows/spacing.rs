//! How far lines of a table without lines stand from one another: those of one text, and rows.

use super::super::lines::{Line, is_numbered};
use super::Cut;

/// Lines looked at above or below one.
const NEAR: usize = 24;
/// What is moved from the page before stands so far from the line below, as nothing printed does.
pub(super) const CARRIED: f32 = 1.1234;
/// The lines of a label stand no farther apart, in sizes of the font.
const FAR: f32 = 1.55;

/// Distances of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    /// The least distance of two rows: the lines of one label stand nearer to each other.
    pub(super) pitch: f32,
    /// The distance of the lines of one label, where there is one of several lines: in a table
    /// without room between its rows that is more than between rows.
    pub(super) leading: Option<f32>,
}

impl Spacing {
    pub(super) fn of(region: &[Cut]) -> Spacing {
        let ys: Vec<f32> = region.iter().filter(|c| c.is_row()).map(|c| c.line.y).collect();
        let gaps = ys.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap > 4.0);
        Spacing { pitch: 0.97 * gaps.fold(f32::INFINITY, f32::min), leading: leading(region) }
    }

    /// Whether lines are so far apart as those of one text.
    pub(super) fn of_one_text(&self, gap: f32, size: f32) -> bool {
        if is_carried(gap, size) {
            return true;
        }
        match self.leading {
            // or a text beside it has one line more on the page before
            Some(leading) => {
                let beside = CARRIED * size + leading;
                [leading, beside].iter().any(|wanted| (gap - wanted).abs() < 0.06 * leading)
            }
            None => gap < self.pitch.min(2.0 * size),
        }
    }
}

fn is_carried(gap: f32, size: f32) -> bool {
    (gap - CARRIED * size).abs() < 0.004 * size
}

/// The distance of the lines of one text, where there is one of several lines.
pub(super) fn leading(region: &[Cut]) -> Option<f32> {
    let gaps = [side_by_side(region), of_labels(region)].concat();
    let like = |gap: f32| gaps.iter().filter(|g| (**g - gap).abs() < 0.03 * gap).count();
    gaps.iter().copied().max_by(|a, b| like(*a).cmp(&like(*b)).then(b.total_cmp(a)))
}

/// That of a header over columns side by side: a heading lies over two columns or more, so what
/// stands over one of them and over the next is part of what they say.
fn side_by_side(region: &[Cut]) -> Vec<f32> {
    let heads = region.iter().enumerate().filter(|(_, c)| c.figures == 0 && c.parts.len() > 1);
    let gaps = heads.flat_map(|(i, cut)| {
        let below = |part: &Line| {
            let lower = region[i + 1..].iter().take(NEAR).enumerate();
            let lower = lower.take_while(|(_, c)| c.figures == 0);
            let mut parts =
                lower.flat_map(|(n, c)| c.parts.iter().enumerate().map(move |(k, p)| (n, k, p)));
            let is_under = |p: &Line| {
                p.x0 < part.x1 && part.x0 < p.x1 && p.x1 - p.x0 < part.x1 - part.x0 + 0.5 * p.size
            };
            let (line, number, under) = parts.find(|(.., p)| is_under(p))?;
            let gap = under.y - part.y;
            let near = gap < 2.0 * part.size && !is_carried(gap, part.size);
            near.then_some((line, number, gap))
        };
        let below: Vec<Option<(usize, usize, f32)>> = cut.parts.iter().map(below).collect();
        let next_to = |pair: &[Option<(usize, usize, f32)>]| {
            let (a, b) = (pair[0]?, pair[1]?);
            (a.0 == b.0 && a.1 + 1 == b.1).then_some(a.2)
        };
        below.windows(2).filter_map(next_to).collect::<Vec<f32>>()
    });
    gaps.collect()
}

/// That of labels: how far most lines that are the rest of one stand from the line over them, which
/// is no shorter.
fn of_labels(region: &[Cut]) -> Vec<f32> {
    let first = region.iter().position(Cut::is_row).unwrap_or(region.len());
    let is_header =
        |cut: &Cut| cut.figures == 0 && cut.parts.iter().any(|p| cut.is_over_figures(p));
    let is_rest = |(i, cut): &(usize, &Cut)| {
        // what stands over a header is its caption
        let caption = region.get(i + 1).is_some_and(is_header);
        let plain = cut.texts.iter().all(|t| !is_numbered(t));
        cut.figures == 0 && !is_header(cut) && !caption && plain
    };
    let rests = region.iter().enumerate().skip(first).filter(is_rest);
    let mut gaps: Vec<f32> = Vec::new();
    for (i, part) in rests.flat_map(|(i, cut)| cut.parts.iter().map(move |p| (i, p))) {
        let is_over = |above: &&Line| {
            let wide = above.x1 - above.x0 > part.x1 - part.x0 - 0.5 * part.size;
            wide && above.x0 < part.x1 && part.x0 < above.x1 && part.y - above.y > 0.8 * part.size
        };
        let labels = |c: &Cut| c.parts.len() - c.figures;
        let mut above =
            region[..i].iter().rev().take(NEAR).flat_map(|c| &c.parts[..labels(c)]).filter(is_over);
        let gap = above.next().map(|above| part.y - above.y);
        gaps.extend(gap.filter(|gap| *gap < FAR * part.size));
    }
    gaps
}
