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
    /// A check's sum and its unprinted terms after changes.
    fn after(&self, check: usize, changes: &[(usize, i64)]) -> (i64, usize) {
        let Check { terms, known, open, .. } = &self.checks[check];
        let (mut sum, mut open) = (*known, *open);
        for (spot, factor) in terms {
            let Some((_, to)) = changes.iter().find(|(changed, _)| changed == spot) else {
                continue;
            };
            let before = self.spots[*spot].seen.value;
            open -= usize::from(before.is_none());
            sum += factor * (to - before.unwrap_or(0));
        }
        (sum, open)
    }

    /// What a cell must hold for a check that has it, after other cells changed.
    pub fn solve(&self, check: usize, changes: &[(usize, i64)], spot: usize) -> Option<i64> {
        let mut changes: Vec<_> = changes.iter().filter(|c| c.0 != spot).copied().collect();
        changes.push((spot, 0));
        let (without, open) = self.after(check, &changes);
        let factor: i64 = self.of[spot].iter().filter(|(c, _)| *c == check).map(|(_, f)| f).sum();
        (open == 0 && factor.abs() == 1).then(|| (self.checks[check].want - without) * factor)
    }

    /// What changes do; none where they break what held, or is to hold.
    pub fn effect(&self, changes: &[(usize, i64)]) -> Option<Effect> {
        let mut effect = Effect::default();
        let mut touched: Vec<usize> =
            changes.iter().flat_map(|(spot, _)| &self.of[*spot]).map(|(check, _)| *check).collect();
        touched.sort_unstable();
        touched.dedup();
        for number in touched {
            let check = &self.checks[number];
            let (sum, open) = self.after(number, changes);
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
