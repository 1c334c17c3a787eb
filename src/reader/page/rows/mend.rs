//! Figures that a narrow column breaks over several lines, put together in the line of their label.
//!
//! Every row has a label, on the line of its figures or on lines around it. A line of figures that
//! has none holds the rest of figures of the row next to it, or their beginning.

use super::super::lines::{Line, is_numbered};
use super::span::{Span, overlap, union};
use super::{Cut, figures};

/// Where no label is broken, its lines would stand so far apart, in sizes of the font.
const LEADING: f32 = 1.45;
/// Lines of two rows stand no closer than this, likewise.
const CLOSE: f32 = 0.9;
/// Lines looked at on either side.
const NEAR: usize = 6;

/// Puts broken figures together; `leading`: the distance of the lines of one text.
pub(super) fn mend(region: Vec<Cut>, leading: Option<f32>) -> Vec<Cut> {
    let mut torn = Torn { owners: vec![None; region.len()], cuts: region, leading };
    torn.find_owners();
    torn.mended()
}

struct Torn {
    cuts: Vec<Cut>,
    /// The line that the figures of a line belong to.
    owners: Vec<Option<usize>>,
    leading: Option<f32>,
}

impl Torn {
    fn leading(&self, cut: &Cut) -> f32 {
        self.leading.unwrap_or(LEADING * cut.line.size)
    }

    fn find_owners(&mut self) {
        for i in 0..self.cuts.len() {
            if let Some((owner, sure)) = self.owner(i) {
                self.owners[i] = Some(owner);
                self.cuts[owner].unsure |= !sure;
            }
        }
        // halves around a label belong to it if there are both
        for i in 0..self.cuts.len() {
            let around: Vec<usize> = self.around(i);
            if let [above, below] = around[..]
                && self.cuts[above].line.y < self.cuts[i].line.y
                && self.cuts[i].line.y < self.cuts[below].line.y
                && same_columns(&self.cuts[above], &self.cuts[below])
            {
                self.owners[above] = Some(i);
                self.owners[below] = Some(i);
            }
        }
    }

    /// The lines next to one.
    fn next_to(&self, i: usize) -> impl Iterator<Item = usize> + Clone {
        (i.saturating_sub(NEAR)..(i + NEAR + 1).min(self.cuts.len())).filter(move |at| *at != i)
    }

    /// The row next to a line of figures that has no label, and whether it is no other for sure.
    fn owner(&self, i: usize) -> Option<(usize, bool)> {
        let cut = &self.cuts[i];
        if cut.figures == 0 {
            return None;
        }
        let distance = |at: usize| (self.cuts[at].line.y - cut.line.y).abs();
        let is_row = |at: &usize| {
            let row = &self.cuts[*at];
            let near = distance(*at) < 1.06 * self.leading(cut);
            // nearer than lines stand one under the other it is no row of its own
            let close = distance(*at) < CLOSE * cut.line.size;
            near && row.figures > 0 && is_rest(cut, row, close) && !self.has_label_near(i, *at)
        };
        let mut rows: Vec<usize> = self.next_to(i).filter(is_row).collect();
        rows.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        let labelled = |at: usize| self.cuts[at].parts.len() > self.cuts[at].figures;
        match rows[..] {
            [first, second, ..] if distance(second) < 1.04 * distance(first) => None,
            [first, second, ..] => {
                Some((first, labelled(first) && distance(second) > 1.2 * distance(first)))
            }
            [first] => Some((first, labelled(first))),
            [] => None,
        }
    }

    /// Whether a line without figures next to a line may be its label, if a row has its own where
    /// it is.
    fn has_label_near(&self, i: usize, row: usize) -> bool {
        let (cut, row) = (&self.cuts[i], &self.cuts[row]);
        let own = row.parts.len().checked_sub(row.figures + 1).map(|i| row.parts[i].x0);
        let near = |c: &Cut| (c.line.y - cut.line.y).abs() < 0.8 * self.leading(cut);
        let is_own = |c: &Cut| own.is_none_or(|x0| c.line.x1 > x0);
        let mut cuts = self.next_to(i).map(|at| &self.cuts[at]);
        cuts.any(|c| c.figures == 0 && c.is_label() && near(c) && is_own(c))
    }

    /// The lines of figures alone right above and below a label without figures.
    fn around(&self, i: usize) -> Vec<usize> {
        let label = &self.cuts[i];
        if !label.is_label() {
            return Vec::new();
        }
        let near = |c: &Cut| (c.line.y - label.line.y).abs() < 0.85 * self.leading(label);
        let is_half = |at: &usize| {
            let cut = &self.cuts[*at];
            cut.figures > 0 && is_rest(cut, label, true) && near(cut) && self.owners[*at].is_none()
        };
        self.next_to(i).filter(is_half).collect()
    }

    /// The row that a line belongs to in the end, where it is the rest of a rest; none where that is
    /// too far to be found from there.
    fn whole_of(&mut self, i: usize) -> Option<usize> {
        let first = self.owners[i]?;
        let mut owner = first;
        for _ in 0..NEAR {
            let Some(next) = self.owners[owner] else { break };
            owner = next;
        }
        let is_near = owner != i && self.next_to(owner).any(|at| at == i);
        if !is_near {
            self.cuts[first].unsure = true;
        }
        is_near.then_some(owner)
    }

    /// The lines with their figures whole.
    fn mended(mut self) -> Vec<Cut> {
        self.owners = (0..self.cuts.len()).map(|i| self.whole_of(i)).collect();
        let mut out = Vec::with_capacity(self.cuts.len());
        for i in 0..self.cuts.len() {
            let is_part = |at: &usize| self.owners[*at] == Some(i);
            let parts: Vec<usize> = self.next_to(i).filter(is_part).collect();
            let whole = self.whole(i, &parts);
            if let Some(figures) = whole {
                let cut = &mut self.cuts[i];
                cut.parts.truncate(cut.parts.len() - cut.figures);
                cut.figures = figures.len();
                cut.parts.extend(figures);
                cut.texts = cut.parts.iter().map(Line::text).collect();
                cut.line = Line::of_parts(&cut.parts).unwrap_or_else(|| cut.line.clone());
            } else if !parts.is_empty() {
                self.cuts[i].unsure = true;
                parts.iter().for_each(|at| self.owners[*at] = None);
            }
        }
        for (cut, owner) in self.cuts.into_iter().zip(self.owners) {
            match owner {
                None => out.push(cut),
                Some(_) => out.extend(cut.without_figures()),
            }
        }
        out
    }

    /// The figures of a row with those of the lines that belong to it, if each column has its own.
    fn whole(&self, row: usize, parts: &[usize]) -> Option<Vec<Line>> {
        let of = |at: usize| {
            let cut = &self.cuts[at];
            cut.parts[cut.parts.len() - cut.figures..].iter()
        };
        let mut pieces: Vec<&Line> = of(row).chain(parts.iter().flat_map(|at| of(*at))).collect();
        if parts.is_empty() {
            return None;
        }
        pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
        let columns = union(pieces.iter().map(|p| (p.x0, p.x1)).collect());
        let y = self.cuts[row].line.y;
        columns.into_iter().map(|column| together(&pieces, column, y)).collect()
    }
}

/// The pieces of one column as one figure.
fn together(pieces: &[&Line], column: Span, y: f32) -> Option<Line> {
    let here = pieces.iter().filter(|p| overlap((p.x0, p.x1), column));
    let mut here = here.copied();
    let mut whole = here.next()?.clone();
    let mut last = whole.y;
    for piece in here {
        let apart = piece.y - last > 0.8 * piece.size;
        if !apart || !figures::is_digits(&whole) || !figures::is_digits(piece) {
            return None;
        }
        last = piece.y;
        whole = figures::joined(whole, piece.clone(), y);
    }
    whole.y = y;
    whole.glyphs.iter_mut().for_each(|g| g.y = y);
    Some(whole)
}

/// Whether a line of figures may belong to a row: it has no label where the row has its own, at most
/// the rest of one that stands beside; or neither has any, and it has fewer figures. `close`: it is
/// no row of its own, whatever stands beside.
fn is_rest(cut: &Cut, row: &Cut, close: bool) -> bool {
    let label = |c: &'_ Cut| c.parts.len() - c.figures;
    let fewer = cut.figures < row.figures || row.figures == 0;
    match label(row).checked_sub(1).map(|i| &row.parts[i]) {
        None => label(cut) == 0 && fewer,
        Some(_) if label(cut) == 0 => true,
        Some(own) => {
            let mut beside = cut.parts[..label(cut)].iter().zip(&cut.texts);
            fewer && beside.all(|(part, text)| part.x1 < own.x0 && (close || !is_numbered(text)))
        }
    }
}

/// Whether the figures of two lines stand in the same columns.
fn same_columns(a: &Cut, b: &Cut) -> bool {
    let of = |c: &'_ Cut| -> Vec<Span> {
        c.parts[c.parts.len() - c.figures..].iter().map(|p| (p.x0, p.x1)).collect()
    };
    let (a, b) = (of(a), of(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| overlap(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::lines;
    use super::super::super::lines::tests::print;
    use super::super::table::with_edges;
    use super::*;

    fn mended(parts: &[(&str, f32, f32)]) -> Vec<String> {
        let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
        let cuts = lines(glyphs, 1).into_iter().map(|l| Cut::new(l, &[])).collect();
        let mended = mend(with_edges(cuts), Some(14.0));
        mended.iter().map(|c| c.texts.join(",") + if c.unsure { "?" } else { "" }).collect()
    }

    #[test]
    fn the_rest_of_figures_below_above_or_around_is_put_to_them() {
        let below =
            [("甲", 10.0, 10.0), ("28", 80.0, 10.0), ("7", 110.0, 10.0), ("05", 80.0, 24.0)];
        assert_eq!(mended(&below), ["甲,2805,7"]);
        let above =
            [("28", 80.0, 10.0), ("甲", 10.0, 24.0), ("05", 80.0, 24.0), ("7", 110.0, 24.0)];
        assert_eq!(mended(&above), ["甲,2805,7"]);
        let around =
            [("3", 80.0, 10.0), ("甲", 10.0, 17.0), ("7", 110.0, 17.0), ("51", 80.0, 24.0)];
        assert_eq!(mended(&around), ["甲,351,7"]);
        let label = [
            ("18", 80.0, 10.0),
            ("甲", 10.0, 17.0),
            ("085", 77.0, 24.0),
            ("乙", 10.0, 50.0),
            ("6", 80.0, 50.0),
        ];
        assert_eq!(mended(&label), ["甲,18085", "乙,6"]);
    }

    #[test]
    fn a_group_beside_the_rest_of_figures_stays() {
        let parts = [
            ("1.乙", 50.0, 10.0),
            ("96", 110.0, 10.0),
            ("7", 140.0, 10.0),
            ("组", 10.0, 24.0),
            ("8", 112.0, 24.0),
        ];
        assert_eq!(mended(&parts), ["1.乙,968,7", "组"]);
    }

    #[test]
    fn rows_stay_rows() {
        let rows = [("甲", 10.0, 10.0), ("28", 80.0, 10.0), ("乙", 10.0, 24.0), ("05", 80.0, 24.0)];
        assert_eq!(mended(&rows), ["甲,28", "乙,05"]);
        // a label on both sides of its figures
        let label = [
            ("甲", 10.0, 10.0),
            ("28", 80.0, 10.0),
            ("乙乙", 10.0, 27.0),
            ("05", 80.0, 34.0),
            ("乙", 10.0, 41.0),
        ];
        assert_eq!(mended(&label), ["甲,28", "乙乙", "05", "乙"]);
        let between = [
            ("甲", 10.0, 10.0),
            ("28", 80.0, 10.0),
            ("5", 80.0, 22.0),
            ("乙", 10.0, 34.0),
            ("6", 80.0, 34.0),
        ];
        assert_eq!(mended(&between).len(), 3, "as near to the one as to the other");
    }
}
