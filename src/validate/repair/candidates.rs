//! What may have happened to a report: taken from its failing checks, and kept where it settles
//! some of them and breaks none.

use std::collections::{BTreeSet, HashSet};

use super::Kind;
use super::board::{Board, Sort};
use super::kind::digits;
use super::trial::Effect;

/// A row that is off by one column differs in more cells than two that were swapped.
const LEAST_SHIFTED: usize = 3;

/// Something that may have happened.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Cells, ascending, with what should stand in them.
    pub changes: Vec<(usize, i64)>,
    pub kind: Kind,
    pub effect: Effect,
    /// Whether it only writes the sum of the parts into a failing total.
    pub own: bool,
    /// Cells between two that were swapped.
    pub apart: usize,
}

/// Everything that settles something.
pub(super) fn all(board: &Board<'_>) -> Vec<Candidate> {
    let mut search = Search { board, seen: HashSet::new(), found: Vec::new() };
    search.singles();
    search.swaps();
    search.shifts();
    search.found
}

struct Search<'b, 'a> {
    board: &'b Board<'a>,
    seen: HashSet<Vec<(usize, i64)>>,
    found: Vec<Candidate>,
}

impl Search<'_, '_> {
    /// One cell: from each failing sum the value that settles it.
    fn singles(&mut self) {
        let board = self.board;
        for (number, check) in board.checks.iter().enumerate().filter(|(_, c)| c.fails) {
            match check.sort {
                Sort::Sum => {
                    for (spot, _) in &check.terms {
                        self.single(*spot, board.solve(number, &[], *spot));
                    }
                }
                Sort::Count | Sort::Filled => {
                    let spot = check.terms[0].0;
                    let sums = board.of[spot].iter().map(|(check, _)| *check);
                    for sum in sums.filter(|c| board.checks[*c].sort == Sort::Sum) {
                        self.single(spot, board.solve(sum, &[], spot));
                    }
                    // a dash taken for a sign
                    self.single(spot, board.spots[spot].seen.value.and_then(i64::checked_neg));
                }
                Sort::Share | Sort::Tie | Sort::Text => {}
            }
        }
    }

    fn single(&mut self, spot: usize, to: Option<i64>) {
        let (Some(to), before) = (to, self.board.spots[spot].seen.value) else { return };
        if before == Some(to) {
            return;
        }
        let Some(effect) = self.effect(&[(spot, to)]) else { return };
        let board = self.board;
        let own = |check: &usize| board.checks[*check].total == Some(spot);
        let own: Option<usize> = effect.settled.iter().copied().find(own);
        let kind = self.kind(spot, to, own);
        self.keep(vec![(spot, to)], kind, effect, own.is_some(), 0);
    }

    /// What happened to a single cell, which is the total of the failing check `own`.
    fn kind(&self, spot: usize, to: i64, own: Option<usize>) -> Kind {
        let here = &self.board.spots[spot];
        let printed = match (here.seen.value, here.odd) {
            (Some(value), _) => value.to_string(),
            (None, Some(raw)) => digits(raw),
            (None, None) if to == 0 => return Kind::BlankForZero,
            (None, None) => return Kind::OtherValue,
        };
        Kind::of_digits(&printed, to).unwrap_or(match own {
            Some(sum) if self.parts_hold(sum, spot) => Kind::SumMistyped,
            _ => Kind::OtherValue,
        })
    }

    /// Whether the other sums hold in which the parts of a sum stand.
    fn parts_hold(&self, sum: usize, total: usize) -> bool {
        let parts = self.board.checks[sum].terms.iter().map(|(spot, _)| *spot);
        let mut others = parts.filter(|p| *p != total).flat_map(|p| &self.board.of[p]);
        others.all(|(check, _)| {
            let check = &self.board.checks[*check];
            !check.fails || check.sort != Sort::Sum || check.terms.iter().any(|t| t.0 == total)
        })
    }

    /// Two cells of a row or a column that changed places, both in failing checks.
    fn swaps(&mut self) {
        let doubted: Vec<usize> = in_doubt(self.board).collect();
        for (at, a) in doubted.iter().enumerate() {
            let here = &self.board.spots[*a];
            for b in &doubted[at + 1..] {
                let other = &self.board.spots[*b];
                let crosses = (here.row == other.row) != (here.column == other.column);
                // the sums across that have one of the two must fail
                let down = here.row == other.row;
                let held = || self.stands_in_held(*a, down) || self.stands_in_held(*b, down);
                if other.table == here.table && crosses && !held() {
                    self.swap(*a, *b);
                }
            }
        }
    }

    /// Whether a sum down its column, or along its row, holds.
    fn stands_in_held(&self, spot: usize, down: bool) -> bool {
        self.board.of[spot].iter().any(|(check, _)| {
            let check = &self.board.checks[*check];
            check.sort == Sort::Sum && check.down == down && !check.fails && check.open == 0
        })
    }

    fn swap(&mut self, a: usize, b: usize) {
        let spot = |n: usize| &self.board.spots[n];
        let (Some(first), Some(second)) = (spot(a).seen.value, spot(b).seen.value) else { return };
        let changes = vec![(a, second), (b, first)];
        if first == second {
            return;
        }
        let Some(effect) = self.effect(&changes) else { return };
        let apart = spot(a).row.abs_diff(spot(b).row) + spot(a).column.abs_diff(spot(b).column);
        let settles = |n: usize| {
            effect.settled.iter().any(|c| self.board.checks[*c].terms.iter().any(|t| t.0 == n))
        };
        // many a figure fits by chance: both must be missed where they belong, or stand side by side
        if settles(a) && settles(b) && (effect.hard > 1 || apart == 1) {
            self.keep(changes, Kind::CellsSwapped, effect, false, apart);
        }
    }

    /// Rows with a cell in a failing check whose figures stand one column off, with or without
    /// their total.
    fn shifts(&mut self) {
        let board = self.board;
        let doubted: BTreeSet<usize> = in_doubt(board).collect();
        let mut first = 0;
        for row in board.spots.chunk_by(|a, b| (a.table, a.row) == (b.table, b.row)) {
            let all: Vec<usize> = (first..first + row.len()).collect();
            first += row.len();
            if !all.iter().any(|n| doubted.contains(n)) {
                continue;
            }
            let parts = all.iter().copied().filter(|n| !board.spots[*n].heads_row).collect();
            let mut runs: Vec<Vec<usize>> = vec![all, parts];
            runs.dedup();
            for mut run in runs {
                self.shift(&run);
                run.reverse();
                self.shift(&run);
            }
        }
    }

    /// Each cell of the run gets what stands in the next; what stands in the first is given up, and
    /// the last gets what the sums want.
    fn shift(&mut self, run: &[usize]) {
        let value = |n: usize| self.board.spots[n].seen.value;
        let (Some((first, moved)), Some(last)) = (run.split_first(), run.last()) else { return };
        let Some(moved) = moved.iter().map(|n| value(*n)).collect::<Option<Vec<i64>>>() else {
            return;
        };
        let differs = |(spot, to): &(usize, i64)| value(*spot) != Some(*to);
        let changes: Vec<_> = run.iter().copied().zip(moved).filter(differs).collect();
        if changes.iter().any(|(spot, _)| self.stands_in_held(*spot, true)) {
            return;
        }
        let given_up = value(*first);
        let sums = self.board.of[*last].iter().map(|(check, _)| *check);
        let sums = sums.filter(|c| self.board.checks[*c].sort == Sort::Sum);
        let wanted = sums.filter_map(|c| self.board.solve(c, &changes, *last));
        for filler in wanted.chain([0]).chain(given_up).collect::<BTreeSet<i64>>() {
            let mut changes = changes.clone();
            changes.extend(Some((*last, filler)).filter(differs));
            changes.sort_unstable();
            let loses = given_up.is_some_and(|v| v != 0 && v != filler);
            if loses || changes.len() < LEAST_SHIFTED {
                continue;
            }
            let effect = self.effect(&changes).filter(|e| e.hard > 1);
            if let Some(effect) = effect {
                self.keep(changes, Kind::RowShifted, effect, false, 0);
            }
        }
    }

    /// What changes do, where they may be and settle something of the report's own arithmetic.
    fn effect(&self, changes: &[(usize, i64)]) -> Option<Effect> {
        let admitted = changes.iter().all(|(spot, to)| self.board.spots[*spot].admits(*to));
        admitted.then(|| self.board.effect(changes)).flatten().filter(|e| e.hard > 0)
    }

    fn keep(
        &mut self,
        changes: Vec<(usize, i64)>,
        kind: Kind,
        effect: Effect,
        own: bool,
        apart: usize,
    ) {
        if self.seen.insert(changes.clone()) {
            self.found.push(Candidate { changes, kind, effect, own, apart });
        }
    }
}

/// The cells of failing sums and shares, ascending.
fn in_doubt(board: &Board<'_>) -> impl Iterator<Item = usize> {
    let failing = board.checks.iter().filter(|c| c.fails);
    let failing = failing.filter(|c| matches!(c.sort, Sort::Sum | Sort::Share));
    let cells: BTreeSet<usize> = failing.flat_map(|c| &c.terms).map(|(spot, _)| *spot).collect();
    cells.into_iter()
}
