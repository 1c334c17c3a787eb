//! What becomes of a report's checks when cells change.

use super::board::{Board, Check, Sort};

/// What changes do to the checks.
#[derive(Debug, Default, Clone)]
pub(super) struct Effect {
    /// Failing checks that hold then.
    pub settled: Vec<usize>,
    /// How many of these belong to the report's own arithmetic.
    pub hard: usize,
    /// Sums that hold then and failed before, or could not be worked out.
    pub sums: usize,
    /// Failing checks on a changed cell that go on failing.
    pub still: usize,
    /// Words and relations to last year that it settles, without those that it breaks.
    pub support: i64,
    /// Words and relations to last year that it breaks.
    pub refuted: usize,
}

impl Board<'_> {
    /// What a cell must hold for a check that has it, after other cells changed.
    pub fn solve(&self, check: usize, changes: &[(usize, i64)], spot: usize) -> Option<i64> {
        let mut changes: Vec<_> = changes.iter().filter(|c| c.0 != spot).copied().collect();
        changes.push((spot, 0));
        let (_, added, filled) = self.touched(&changes).into_iter().find(|t| t.0 == check)?;
        let factor: i64 = self.of[spot].iter().filter(|(c, _)| *c == check).map(|(_, f)| f).sum();
        let check = &self.checks[check];
        let lacking = check.want - check.known - added;
        (check.open == filled && factor.abs() == 1).then_some(lacking * factor)
    }

    /// The checks on changed cells: what is added to their sums, and how many of their terms are
    /// printed then that were not.
    fn touched(&self, changes: &[(usize, i64)]) -> Vec<(usize, i64, usize)> {
        let mut out: Vec<(usize, i64, usize)> = Vec::with_capacity(3 * changes.len());
        for (spot, to) in changes {
            let before = self.spots[*spot].seen.value;
            let (added, filled) = (to - before.unwrap_or(0), usize::from(before.is_none()));
            for (check, factor) in &self.of[*spot] {
                match out.iter_mut().find(|(known, ..)| known == check) {
                    Some(known) => *known = (*check, known.1 + factor * added, known.2 + filled),
                    None => out.push((*check, factor * added, filled)),
                }
            }
        }
        out
    }

    /// What changes do; none where they break what held, or is to hold.
    pub fn effect(&self, changes: &[(usize, i64)]) -> Option<Effect> {
        let mut effect = Effect::default();
        for (number, added, filled) in self.touched(changes) {
            let check = &self.checks[number];
            let (sum, open) = (check.known + added, check.open - filled);
            let (holds, hard) = (open == 0 && check.holds(sum), check.sort.is_hard());
            match (check.fails, holds) {
                (true, true) => {
                    effect.settled.push(number);
                    effect.hard += usize::from(hard);
                    effect.sums += usize::from(check.sort == Sort::Sum);
                    effect.support += i64::from(!hard);
                }
                (true, false) => effect.still += usize::from(hard),
                (false, true) if check.open > 0 => {
                    effect.sums += usize::from(check.sort == Sort::Sum);
                }
                (false, false) if open == 0 && hard => return None,
                (false, false) if open == 0 => {
                    effect.support -= 1;
                    effect.refuted += 1;
                }
                (false, _) => {}
            }
        }
        Some(effect)
    }

    /// Failing checks of the report's own arithmetic that are left; a blank is none of them.
    pub fn remaining(&self, effect: &Effect) -> usize {
        let counts = |c: &Check<'_>| c.fails && c.sort.is_hard() && c.sort != Sort::Filled;
        let all = self.checks.iter().filter(|c| counts(c)).count();
        all - effect.settled.iter().filter(|c| counts(&self.checks[**c])).count()
    }
}
