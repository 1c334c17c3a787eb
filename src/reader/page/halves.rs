//! The row that a page end cuts: whether the first row of a page is the rest of the last before it.

use super::lines::is_numbered;
use super::spread::Cell;

/// How sure it is that two halves are one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// Nothing else can be meant.
    Certain,
    /// By what the second half lacks.
    Likely,
}

/// The cells at the head of a page, each with the one over it at the end of the page before.
pub(super) struct Halves<'c>(pub(super) Vec<(&'c Cell, Option<&'c Cell>)>);

impl<'c> Halves<'c> {
    /// The cells that stand one under the other.
    fn pairs(&self) -> impl Iterator<Item = (&'c Cell, &'c Cell)> {
        self.0.iter().filter_map(|(below, above)| Some((*below, (*above)?)))
    }

    /// Those of them that stand in one row on each page.
    fn own(&self) -> impl Iterator<Item = (&'c Cell, &'c Cell)> {
        self.pairs().filter(|(below, above)| below.rows == 1 && above.rows == 1)
    }

    /// Whether they are one row, if they are; `cut`: no line runs between them.
    pub(super) fn joint(&self, cut: bool) -> Option<Joint> {
        let says = self.pairs().any(|(below, _)| !below.text.is_empty());
        let paired = self.0.iter().all(|(below, above)| above.is_some() || below.text.is_empty());
        if !says || !paired || self.own().next().is_none() || self.differ() {
            return None;
        }
        let above = self.pairs().any(|(_, above)| above.rows == 1 && above.has_figure());
        let below = self.pairs().any(|(below, _)| below.rows == 1 && below.has_figure());
        let texts = self.pairs().any(|(below, above)| may_go_on(below, above, cut));
        match above && below {
            false => texts.then_some(Joint::Certain),
            true => self.joint_of_figures(cut),
        }
    }

    /// Whether a figure stands under words, as in a row under its header.
    fn differ(&self) -> bool {
        let both =
            |(below, above): &(&Cell, &Cell)| !below.text.is_empty() && !above.text.is_empty();
        self.pairs().filter(both).any(|(below, above)| is_rest(below) != above.has_figure())
    }

    /// Whether rows with figures in both halves are one: a row of its own has a label, or figures
    /// in all its columns.
    fn joint_of_figures(&self, cut: bool) -> Option<Joint> {
        let figures = self.pairs().filter(|(below, _)| is_rest(below));
        if figures.into_iter().any(|(_, above)| above.text.is_empty()) {
            return None;
        }
        let is_label = |cell: &Cell| !cell.text.is_empty() && !cell.has_figure();
        let labels = || self.own().filter(|(below, above)| is_label(above) || is_label(below));
        let lacks = self.own().any(|(below, above)| above.has_figure() && below.text.is_empty());
        let none_below = labels().all(|(below, _)| below.text.is_empty());
        let none_above = labels().all(|(_, above)| above.text.is_empty());
        let go_on =
            labels().all(|(below, above)| below.text.is_empty() || may_go_on(below, above, cut));
        match labels().next() {
            Some(_) if none_below => Some(Joint::Certain),
            Some(_) if none_above || go_on && (lacks || cut) => Some(Joint::Likely),
            None if lacks || cut => Some(Joint::Likely),
            _ => None,
        }
    }
}

/// Whether what a cell says goes on in the one under it.
fn may_go_on(below: &Cell, above: &Cell, cut: bool) -> bool {
    !below.text.is_empty()
        && !above.text.is_empty()
        && !is_numbered(&below.text)
        && (cut || above.full)
}

/// Whether a cell holds a figure or digits of one.
fn is_rest(cell: &Cell) -> bool {
    cell.has_figure() || cell.text.starts_with(['.', ',']) && cell.text.len() > 1
}
