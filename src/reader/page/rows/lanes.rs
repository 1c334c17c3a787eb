//! The columns of figures of a table without lines, and what of a header stands over which.
//!
//! Headers and figures may be aligned to the left, to the right or in the middle, each as they like:
//! what is certain is only that both lie within their column and that columns do not overlap. A part
//! of a header over the figures of one column belongs to it, one over those of several is a heading
//! of them all. One that stands between the figures of two columns belongs to the one that lacks a
//! header, all of them to the same side.

use super::super::lines::Line;
use super::Cut;
use super::span::{LEAST, Span, overlap, union};

/// Gaps within a line of a header that part columns, from wide to narrow, in sizes of the font.
const GAPS: [f32; 3] = [1.0, 0.45, 0.2];
/// What the figures of each column take of the width, from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes(pub(super) Vec<Span>);

impl Lanes {
    /// Those of rows of figures, and whether they are certain.
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r [Span]> + Clone) -> (Lanes, bool) {
        let most = rows.clone().map(<[Span]>::len).max().unwrap_or(0);
        let lanes = union(rows.clone().flatten().copied().collect());
        if lanes.len() >= most {
            return (Lanes(lanes), true);
        }
        // figures of two columns lie one over the other: only full rows tell
        let mut spans: Vec<Span> = vec![(f32::INFINITY, f32::NEG_INFINITY); most];
        for row in rows.filter(|row| row.len() == most) {
            for (span, figure) in spans.iter_mut().zip(row) {
                *span = (span.0.min(figure.0), span.1.max(figure.1));
            }
        }
        (Lanes(spans), false)
    }

    /// Number of columns.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The columns that each of a row's figures stands in, and whether that is sure.
    pub(super) fn columns(&self, figures: &[Span]) -> (Vec<usize>, bool) {
        let in_order = || (0..figures.len()).collect();
        if figures.len() == self.len() {
            return (in_order(), true);
        }
        let at: Vec<usize> = figures.iter().map(|f| self.nearest((f.0 + f.1) / 2.0)).collect();
        match at.windows(2).any(|w| w[0] >= w[1]) {
            true => (in_order(), false),
            false => (at, true),
        }
    }

    /// The column whose figures are nearest to a place.
    fn nearest(&self, x: f32) -> usize {
        let far = |(a, b): &Span| (a - x).max(x - b).max(0.0) * 1e3 + ((a + b) / 2.0 - x).abs();
        let by_distance = |a: &usize, b: &usize| far(&self.0[*a]).total_cmp(&far(&self.0[*b]));
        (0..self.len()).min_by(by_distance).unwrap_or(0)
    }

    /// The columns that a span lies over.
    fn under(&self, span: Span) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(move |i| overlap(self.0[*i], span))
    }

    /// How many columns lie to the left of a place.
    fn before(&self, x: f32) -> usize {
        self.0.iter().filter(|lane| lane.1 <= x + LEAST).count()
    }
}

/// Where a part of a header belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The labels.
    Labels,
    /// One column.
    Column(usize),
    /// Several, from this one on.
    Group(usize),
}

/// A part of a header.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) line: Line,
    pub(super) over: Over,
}

/// The parts of a header with their columns.
pub(super) struct Placed {
    pub(super) parts: Vec<Part>,
    /// Columns, those without figures among them.
    pub(super) lanes: Lanes,
    /// Whether each part is where it belongs without doubt.
    pub(super) sure: bool,
}

/// Places the parts of a header over columns; `labels`: where the labels of the rows end.
pub(super) fn place(header: &[Cut], lanes: &Lanes, labels: f32) -> Placed {
    let mut best: Option<(usize, Placed)> = None;
    for gap in GAPS {
        let parts = header.iter().flat_map(|cut| split(&cut.line, gap, lanes)).collect();
        let placing = Placing { parts, lanes: lanes.clone(), labels, sure: true };
        let (bare, placed) = placing.place();
        if best.as_ref().is_none_or(|(least, _)| bare < *least) {
            best = Some((bare, placed));
        }
        if bare == 0 {
            break;
        }
    }
    let none = || Placed { parts: Vec::new(), lanes: lanes.clone(), sure: true };
    best.map_or_else(none, |(_, placed)| placed)
}

/// The parts of a line of a header: what lies over several columns is parted at narrow gaps, too.
fn split(line: &Line, gap: f32, lanes: &Lanes) -> Vec<Line> {
    let parts = line.parts_at(gap);
    let narrower = GAPS.iter().copied().find(|g| *g < gap);
    let split_on = |part: Line| match narrower {
        Some(gap) if lanes.under((part.x0, part.x1)).nth(1).is_some() => split(&part, gap, lanes),
        _ => vec![part],
    };
    parts.into_iter().flat_map(split_on).collect()
}

/// To which side of the figures the headers stand that are not over them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

struct Placing {
    parts: Vec<Line>,
    lanes: Lanes,
    labels: f32,
    sure: bool,
}

/// Lines one over the other, between the columns.
struct Stack {
    span: Span,
    /// Baseline of its lowest line.
    bottom: f32,
    parts: Vec<usize>,
    /// Columns to its left.
    gap: usize,
}

impl Placing {
    /// Places all, and tells how many columns have no header.
    fn place(mut self) -> (usize, Placed) {
        let mut over = self.headings();
        let figures = self.lanes.clone();
        self.stand_over(&figures, &mut over);
        // the rest of a label may stand under or over it only
        let columns = self.with_headers(&over);
        self.stand_over(&columns, &mut over);
        let bare = self.bare(&over);
        let columns = self.with_headers(&over);
        let stacks = self.stacks(&over, &columns);
        match bare.is_empty() {
            true => self.without_figures(&stacks, &mut over),
            false => self.beside(&stacks, &bare, &mut over),
        }
        let bare = self.bare(&over).len();
        let columns = self.with_headers(&over);
        let part = |(line, over): (&Line, Option<Over>)| {
            let mut under = columns.under((line.x0, line.x1));
            let before = columns.before(line.x0);
            let over = match over {
                Some(Over::Column(i)) => Over::Column(i),
                None if before == 0 => Over::Labels,
                _ => Over::Group(under.next().unwrap_or(before.min(columns.len().max(1) - 1))),
            };
            Part { line: line.clone(), over }
        };
        let mut parts: Vec<Part> = self.parts.iter().zip(over).map(part).collect();
        parts.sort_by(|a, b| a.line.y.total_cmp(&b.line.y));
        (bare, Placed { parts, lanes: self.lanes, sure: self.sure })
    }

    /// The parts that lie over several others that are apart, headings of these.
    fn headings(&self) -> Vec<Option<Over>> {
        let mut over: Vec<Option<Over>> = vec![None; self.parts.len()];
        let mut upwards: Vec<usize> = (0..self.parts.len()).collect();
        upwards.sort_by(|a, b| self.parts[*b].y.total_cmp(&self.parts[*a].y));
        let span = |line: &Line| (line.x0, line.x1);
        for i in upwards {
            let of = &self.parts[i];
            let is_below = |(line, over): &(&Line, &Option<Over>)| {
                over.is_none() && line.y > of.y + 0.5 * of.size && overlap(span(line), span(of))
            };
            let below = self.parts.iter().zip(&over).filter(is_below);
            if union(below.map(|(line, _)| span(line)).collect()).len() > 1 {
                over[i] = Some(Over::Group(0));
            }
        }
        over
    }

    /// Parts that lie over columns.
    fn stand_over(&self, columns: &Lanes, over: &mut [Option<Over>]) {
        for (line, over) in self.parts.iter().zip(over).filter(|(_, over)| over.is_none()) {
            let mut under = columns.under((line.x0, line.x1));
            *over = match (under.next(), under.next()) {
                (Some(first), Some(_)) => Some(Over::Group(first)),
                (Some(only), None) => Some(Over::Column(only)),
                (None, _) => None,
            };
        }
    }

    /// The columns with their headers.
    fn with_headers(&self, over: &[Option<Over>]) -> Lanes {
        let mut lanes = self.lanes.clone();
        for (line, over) in self.parts.iter().zip(over) {
            if let Some(Over::Column(i)) = over {
                lanes.0[*i] = (lanes.0[*i].0.min(line.x0), lanes.0[*i].1.max(line.x1));
            }
        }
        lanes
    }

    /// The columns that lack a header.
    fn bare(&self, over: &[Option<Over>]) -> Vec<usize> {
        (0..self.lanes.len()).filter(|i| !over.contains(&Some(Over::Column(*i)))).collect()
    }

    /// What stands over no figures, from left to right.
    fn stacks(&self, over: &[Option<Over>], columns: &Lanes) -> Vec<Stack> {
        let free: Vec<usize> = (0..over.len()).filter(|i| over[*i].is_none()).collect();
        let span = |i: &usize| (self.parts[*i].x0, self.parts[*i].x1);
        let stack = |whole: Span| {
            let parts: Vec<usize> =
                free.iter().copied().filter(|i| overlap(span(i), whole)).collect();
            let bottom = parts.iter().map(|i| self.parts[*i].y).fold(f32::MIN, f32::max);
            Stack { span: whole, bottom, parts, gap: columns.before(whole.0) }
        };
        union(free.iter().map(span).collect()).into_iter().map(stack).collect()
    }

    /// Every column has its header: what else stands as low is that of a column without figures.
    fn without_figures(&mut self, stacks: &[Stack], over: &mut [Option<Over>]) {
        let is_column = |over: &Option<Over>| matches!(over, Some(Over::Column(_)));
        let columns = self.parts.iter().zip(over.iter()).filter(|(_, over)| is_column(over));
        let lowest = columns.map(|(line, _)| line.y).fold(f32::MIN, f32::max);
        let is_low = |s: &&Stack| {
            let size = s.parts.first().map_or(0.0, |i| self.parts[*i].size);
            s.bottom > lowest - 0.5 * size && (s.gap > 0 || s.span.0 > self.labels)
        };
        for (added, stack) in stacks.iter().filter(is_low).enumerate() {
            let at = stack.gap + added;
            for over in over.iter_mut().flatten() {
                match over {
                    Over::Column(i) | Over::Group(i) if *i >= at => *i += 1,
                    _ => {}
                }
            }
            self.lanes.0.insert(at, stack.span);
            stack.parts.iter().for_each(|i| over[*i] = Some(Over::Column(at)));
        }
    }

    /// What stands beside the figures of columns that lack a header is theirs, all to one side.
    fn beside(&mut self, stacks: &[Stack], bare: &[usize], over: &mut [Option<Over>]) {
        let of = |side| self.by_side(stacks, bare, side);
        let (left, right) = (of(Side::Left), of(Side::Right));
        let leaning = self.leaning(over);
        let chosen = match left.len().cmp(&right.len()) {
            std::cmp::Ordering::Greater => left,
            std::cmp::Ordering::Less => right,
            std::cmp::Ordering::Equal => {
                self.sure &= left.is_empty() || leaning != 0.0;
                if leaning >= 0.0 { left } else { right }
            }
        };
        for (stack, column) in chosen {
            stacks[stack].parts.iter().for_each(|i| over[*i] = Some(Over::Column(column)));
        }
    }

    /// The stacks that would be headers of bare columns if all stood to one side of the figures.
    fn by_side(&self, stacks: &[Stack], bare: &[usize], side: Side) -> Vec<(usize, usize)> {
        let mut out: Vec<(usize, usize)> = Vec::new();
        for (n, stack) in stacks.iter().enumerate() {
            let column = match side {
                Side::Left => Some(stack.gap),
                Side::Right => stack.gap.checked_sub(1),
            };
            let Some(column) = column.filter(|c| bare.contains(c)) else { continue };
            // labels have a header, too
            let after_labels = stack.span.0 > self.labels || n > 0 && stacks[n - 1].gap == 0;
            if stack.gap == 0 && !after_labels {
                continue;
            }
            match out.last_mut() {
                // of two the lower is the header, the other a heading
                Some((before, same)) if *same == column => {
                    if stack.gap == 0 || stacks[*before].bottom < stack.bottom {
                        *before = n;
                    }
                }
                _ => out.push((n, column)),
            }
        }
        out
    }

    /// Whether headers reach beyond their figures to the left (more than nothing) or to the right.
    fn leaning(&self, over: &[Option<Over>]) -> f32 {
        let lean = |(line, over): (&Line, &Option<Over>)| match over {
            Some(Over::Column(i)) => {
                let lane = self.lanes.0[*i];
                (lane.0 - line.x0) - (line.x1 - lane.1)
            }
            _ => 0.0,
        };
        self.parts.iter().zip(over).map(lean).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::lines;
    use super::super::super::lines::tests::print;
    use super::*;

    type Printed = (&'static str, f32, f32);

    /// Where each part of a header stands: `L`, a column or, with an `+`, a heading from one on.
    fn placed(header: &[Printed], figures: &[Span], labels: f32) -> (String, usize, bool) {
        let glyphs = header.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
        let cuts: Vec<Cut> = lines(glyphs, 1).into_iter().map(|l| Cut::new(l, &[])).collect();
        let Placed { parts, lanes, sure } = place(&cuts, &Lanes(figures.to_vec()), labels);
        let said = parts.iter().map(|part| match part.over {
            Over::Labels => format!("{}:L", part.line.text()),
            Over::Column(i) => format!("{}:{i}", part.line.text()),
            Over::Group(i) => format!("{}:{i}+", part.line.text()),
        });
        (said.collect::<Vec<_>>().join(" "), lanes.len(), sure)
    }

    /// Columns from 100, 200 and 300 on, 90 wide.
    const LEFT: [Printed; 4] =
        [("信息", 10.0, 10.0), ("甲", 100.0, 10.0), ("乙", 200.0, 10.0), ("丙", 300.0, 10.0)];
    const RIGHT: [Printed; 4] =
        [("信息", 10.0, 10.0), ("甲", 180.0, 10.0), ("乙", 280.0, 10.0), ("丙", 380.0, 10.0)];

    #[test]
    fn headers_beside_their_figures_keep_the_order_of_columns() {
        let right = [(175.0, 190.0), (280.0, 290.0), (385.0, 390.0)];
        let left = [(100.0, 115.0), (200.0, 210.0), (300.0, 305.0)];
        let middle = [(140.0, 150.0), (243.0, 247.0), (340.0, 350.0)];
        let all = ("信息:L 甲:0 乙:1 丙:2".to_owned(), 3, true);
        for figures in [left, right, middle] {
            assert_eq!(placed(&LEFT, &figures, 60.0), all, "{figures:?}");
            assert_eq!(placed(&RIGHT, &figures, 60.0), all, "{figures:?}");
        }
    }

    #[test]
    fn a_heading_over_columns_is_none_of_them() {
        let figures = [(140.0, 150.0), (243.0, 247.0), (340.0, 350.0)];
        let header =
            [("一组", 234.0, 10.0), ("甲", 140.0, 24.0), ("乙", 240.0, 24.0), ("丙", 340.0, 24.0)];
        let narrow = placed(&header, &figures, 60.0).0;
        assert_eq!(narrow, "一组:1 甲:0 乙:1 丙:2", "told by its distance only");
        let header = [("其中的一组都在这里的几个", 230.0, 10.0), header[1], header[2], header[3]];
        assert_eq!(placed(&header, &figures, 60.0).0, "其中的一组都在这里的几个:1+ 甲:0 乙:1 丙:2");
    }

    #[test]
    fn a_column_without_figures_keeps_its_place() {
        let figures = [(100.0, 115.0), (300.0, 305.0)];
        let read = placed(&LEFT, &figures, 60.0);
        assert_eq!(read, ("信息:L 甲:0 乙:1 丙:2".to_owned(), 3, true));
    }
}
